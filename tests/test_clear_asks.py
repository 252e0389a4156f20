"""Before events leave the calendar a person sees which, in a real terminal, and is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from home import PROGRAMS, Home, home
from needs import needs
from terminal import Terminal

pytestmark = needs("tmux")

CONFIG = (
    '[people]\nme = "Alex"\n\n[routine.date-night]\ntitle = "Date night"\non = "fri"\nat = "19:30"\nlasting = "2h"\n'
)


@pytest.fixture
def somebody() -> Iterator[Home]:
    with home() as where:
        where.write(CONFIG)
        yield where


def answered(where: Home, words: str, question: str, answer: str) -> str:
    """What is on the screen in the end."""
    with Terminal([Path(PROGRAMS, "reconnect"), *words.split()], where.environ) as terminal:
        terminal.asks(question)
        terminal.says(answer)
        terminal.ended()
        return terminal.screen()


@pytest.mark.parametrize(("answer", "rests", "code"), [("y", 1, 0), ("n", 0, 1), ("", 0, 1)])
def test_a_yes_clears_and_anything_else_changes_nothing(somebody: Home, answer: str, rests: int, code: int) -> None:
    screen = answered(somebody, "pause --clear", "Take them out?", answer)
    assert "These would leave the calendar:\n  Date night, " in screen
    assert "and all that would follow" in screen
    assert f"[it ended with {code}]" in screen
    assert [rest["cleared"] for rest in somebody.json("status")["rests"]] == [True] * rests


@pytest.mark.parametrize(("answer", "cleared"), [("y", True), ("n", False)])
def test_stop_asks_what_becomes_of_the_events(somebody: Home, answer: str, *, cleared: bool) -> None:
    screen = answered(somebody, "stop", "Take them out, too?", answer)
    assert "These are still to come in the calendar:" in screen
    assert "[it ended with 0]" in screen
    assert [(rest["kind"], rest["cleared"]) for rest in somebody.json("status")["rests"]] == [("stop", cleared)]
