"""The one sanitiser for text from anywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.plain import plain

HARMLESS = [
    ("Date night", "Date night"),
    ("  Käse, 日本 & <b> — “yes”  ", "Käse, 日本 & <b> — “yes”"),
    ("👩‍❤️‍👩 🏳️‍🌈 שלום", "👩‍❤️‍👩 🏳️‍🌈 שלום"),
    ("[31m is not a colour", "[31m is not a colour"),
]

HARMFUL = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x9b1;31mred", "red"),
    ("\x1b]0;a new window title\x07hello", "hello"),
    ("\x1b]52;c;c3RvbGVu\x1b\\hello", "hello"),
    ("\x9d0;title\x9chello", "hello"),
    ("\x1b]8;;http://evil.example\x1b\\a link\x1b]8;;\x1b\\", "a link"),
    ("\x1b]0;never ended", ""),
    ("\x1b]0;never ended\nnext line", "next line"),
    ("\x1bPq#0;2;0\x1b\\hello", "hello"),
    ("\x1b_payload\x1b\\\x1b^payload\x1b\\\x1bXpayload\x1b\\hello", "hello"),
    ("\x1b(Bhello\x1bc", "hello"),
    ("\x1b\x1b[31mhello", "hello"),
    ("\x1b[3\x001mhello", "1mhello"),
    ("hello\x1b", "hello"),
    ("he\x00l\x08l\x7fo\x85", "hello"),
    ("abc\u202etxt.exe\u2066\u2069\u200f", "abctxt.exe"),
    ("one\ttwo\r\nthree\rfour\u2028five", "one two three four five"),
    ("lone \ud83d surrogate", "lone  surrogate"),
]


@pytest.mark.parametrize(("text", "expected"), HARMLESS + HARMFUL)
def test_what_steers_is_gone_and_what_is_written_stays(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_newlines_stay_where_they_are_wanted() -> None:
    assert plain("one\r\ntwo\u2029\n\n\n\nthree\n", newlines=True) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("abcd efg", 6, "abcd…"), ("ab", 1, "…"), ("", 1, "")],
)
def test_long_text_is_cut_visibly(text: str, limit: int, expected: str) -> None:
    assert plain(text, limit=limit) == expected


def test_an_emoji_is_not_left_with_a_loose_joiner() -> None:
    assert plain("ab👩‍❤️‍👩", limit=5) == "ab👩…"


@given(st.text(st.characters(codec=None) | st.sampled_from("\x1b[]\x07\\m0\n\x9b\u202e")), st.integers(1, 40))
def test_nothing_that_steers_survives(text: str, limit: int) -> None:
    clean = plain(text, limit=limit, newlines=True)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", clean)
    assert len(clean) <= limit
    clean.encode()


@given(st.text(st.characters(codec=None) | st.sampled_from("\x1b[]\x07\\m0\n\x9b\u202e")))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    once = plain(text, limit=20, newlines=True)
    assert plain(once, limit=20, newlines=True) == once
