from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.identity import XId, household_key, href_name, parse_x_id, uid, x_id

slugs = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
periods = st.none() | st.sampled_from(["2026-W48", "2026-11", "2026-11-27", "2026"])


def test_a_uid_stays_what_it_was_in_the_first_release() -> None:
    assert uid("k3v9-rt2p", "date-night", 1) == "rcd-9aedd6d150fa5960a4b45dba80155c4d"


def test_two_people_who_type_the_word_differently_make_one_event() -> None:
    assert uid(" K3V9-rt2p", "date-night", 1) == uid("k3v9-rt2p", "date-night", 1)


def test_another_generation_period_slug_or_household_is_another_event() -> None:
    made = {
        uid("k3v9", "walk", 1),
        uid("k3v9", "walk", 2),
        uid("k3v9", "walk", 1, "2026-W48"),
        uid("k3v9", "walk", 1, "2026-W49"),
        uid("k3v9", "walk-1", 1),
        uid("other", "walk", 1),
        uid(household_key("alex", "Us"), "walk", 1),
        uid(household_key("alex", "Work"), "walk", 1),
        uid(household_key("sam", "Us"), "walk", 1),
    }
    assert len(made) == 9


@given(st.text(max_size=30), slugs, st.integers(1, 999), periods)
def test_a_uid_is_safe_in_every_address(household: str, slug: str, generation: int, period: str | None) -> None:
    made = uid(household, slug, generation, period)
    assert re.fullmatch(r"rcd-[0-9a-f]{32}", made)
    assert href_name(made) == f"{made}.ics"


@given(slugs, st.integers(1, 999), periods)
def test_what_is_carried_is_read_back(slug: str, generation: int, period: str | None) -> None:
    assert parse_x_id(x_id(slug, generation, period)) == (slug, generation, period)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"date-night\;1", ("date-night", 1, None)),
        (r" walk\;2\;2026-W48 ", ("walk", 2, "2026-W48")),
        ('"walk;2;2026-W48"', ("walk", 2, "2026-W48")),
        ("walk;2;", ("walk", 2, None)),
        ("walk", None),
        ("walk;two", None),
        ("Walk On;2", None),
        (";1", None),
        ("walk;9999999999999999999999", None),
        ("", None),
    ],
)
def test_a_mangled_id_is_read_and_a_foreign_one_is_not(text: str, expected: XId | None) -> None:
    assert parse_x_id(text) == expected
