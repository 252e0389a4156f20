"""docs/tour.md shows what the real programs show today."""

from __future__ import annotations

import re
import shlex

import pytest
from needs import needs
from screens import MARK
from test_readme import test_every_command_is_one_that_reconnect_understands as is_understood
from tour import TOUR

TEXT = TOUR.page.read_text()
PROSE = MARK.sub("", TEXT)
SPANS = [shlex.split(span) for span in re.findall(r"`([^`]+)`", PROSE)]
TYPED = [shlex.split(line) for line in re.findall(r"(?m)^\$ (.+)$", TEXT)]


@pytest.mark.timeout(240)
@needs("tmux", "faketime", "dbus-daemon")
def test_the_screens_are_what_the_programs_show() -> None:
    assert TOUR.fresh() == TEXT, "`make tour` makes it anew"


def test_every_screen_has_its_place() -> None:
    assert [found[1] for found in MARK.finditer(TEXT)] == [step.name for step in TOUR.steps]


@pytest.mark.parametrize("words", [words[1:] for words in [*TYPED, *SPANS] if words[0] == "reconnect"], ids=" ".join)
def test_every_command_is_there(words: list[str]) -> None:
    is_understood(words)


def test_nothing_of_the_machine_is_in_it() -> None:
    assert "/tmp/" not in TEXT
    assert "Traceback" not in TEXT


def test_every_linked_file_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert [link for link in links if not (TOUR.page.parent / link).is_file()] == []


@pytest.mark.parametrize("word", ["due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target"])
def test_the_words_are_kind(word: str) -> None:
    assert not re.search(rf"\b{word}\b", TEXT, re.IGNORECASE)
