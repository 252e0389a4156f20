"""One line to remember time together by: asked for once, never in a bubble, kept for oneself."""

from __future__ import annotations

import datetime as dt

import pytest
from cli_here import PROGRAMS
from cli_runner import CONFIG, Person, person
from desk import MakeDesk, desk
from household import DATE_NIGHT, berlin
from needs import needs
from terminal import Terminal

from reconnectd.app.practice import memories

__all__ = ["desk", "person"]

FRIDAY = "date-night@2026-11-27"


@pytest.fixture
def after(person: Person) -> Person:
    """On Saturday morning, after an evening that came about."""
    person.run("next")
    person.now = berlin("2026-11-28 10:00")
    assert person.run("done", FRIDAY).code == 0
    return person


def test_a_line_of_the_last_time_together_is_kept_listed_and_let_go_of(after: Person) -> None:
    said = after.run("memory", "-", typed="the rain on the tent\nand us\n")
    assert said.out == "Kept: the rain on the tent and us\n`reconnect memory --remove 1` lets go of it.\n"
    assert after.run("memory", "--list").out == "1  Fri 27 Nov, Date night: the rain on the tent and us\n"
    assert after.run("memory", "--remove", "1").code == 0
    assert after.run("memory", "--list").out == "None is kept.\n"


def test_as_json_it_says_what_it_is_about(after: Person) -> None:
    kept = after.json("memory", typed="the tent")
    assert kept["memory"] == {
        "number": 1, "at": "2026-11-28T10:00:00+01:00", "occurrence": FRIDAY, "title": "Date night", "text": "the tent",
    }  # fmt: skip
    assert after.json("memory", "--list")["memories"] == [kept["memory"]]


def test_where_nothing_happened_there_is_nothing_to_remember(person: Person) -> None:
    said = person.run("memory", typed="the tent")
    assert said.code == 2
    assert "reconnect done" in said.err
    assert person.json("memory", "--list") == {"memories": []}


def test_nothing_private_comes_as_an_argument_and_nothing_empty_is_kept(after: Person) -> None:
    assert after.run("memory", "the", "tent").code == 2
    assert after.run("memory", typed=" \n").code == 2
    assert after.json("memory", "--list") == {"memories": []}


def test_by_a_pipe_and_as_json_done_asks_nothing(person: Person) -> None:
    assert "remember" not in person.run("done", FRIDAY, typed="the tent\n").out
    assert person.json("memory", "--list") == {"memories": []}


async def test_after_it_happened_no_bubble_more_comes_and_the_hint_comes_once(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await one.at(berlin("2026-11-27 22:00"))
    await one.press("done")
    one.plan()
    assert await one.speaker.speak() == 0
    found = memories.hint(one.store, one.clock.now())
    assert found is not None
    assert str(found.id) == FRIDAY
    assert memories.hint(one.store, one.clock.now()) is None


@pytest.mark.parametrize(
    ("days", "answer"), [(4, "done"), (1, "skip"), (1, "")], ids=["long ago", "it did not happen", "nobody said"]
)
async def test_there_is_no_hint_otherwise(desk: MakeDesk, days: int, answer: str) -> None:
    one = desk(DATE_NIGHT)
    await one.at(berlin("2026-11-27 22:00"))
    if answer:
        await one.press(answer)
    one.clock.time += dt.timedelta(days=days)
    one.plan()
    assert memories.hint(one.store, one.clock.now()) is None


async def test_what_was_kept_is_not_hinted_at(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await one.at(berlin("2026-11-27 22:00"))
    (item,) = await one.press("done")
    kept = memories.keep(one.store, item, "\x1b[2Jthe tent\n", one.clock.now())
    assert kept is not None
    assert kept.text == "the tent"
    assert memories.hint(one.store, one.clock.now()) is None
    assert memories.keep(one.store, item, "\x1b[2J", one.clock.now()) is None


@needs("tmux")
def test_in_a_terminal_done_asks_for_one_line_and_enter_skips(person: Person) -> None:
    for line, kept in (("the tent", ["the tent"]), ("", ["the tent"])):
        with Terminal([PROGRAMS / "reconnect", "done", "date-night"], person.home.environ) as terminal:
            terminal.answers(("One line to remember it by (Enter skips):", line))
            assert terminal.ended() == 0
            assert "done." in terminal.screen()
        assert [one["text"] for one in person.home.json("memory", "--list")["memories"]] == kept


@needs("tmux")
def test_a_look_at_the_week_says_once_that_a_line_could_be_kept_unless_one_was_asked(person: Person) -> None:
    hint = "came about: `reconnect memory` keeps one line of it"
    person.home.write(CONFIG.replace('on = "fri"', 'on = "daily"'))
    assert person.home.run("done", "date-night").returncode == 0
    assert hint not in person.home.run("week").stdout
    for expected in (True, False):
        with Terminal([PROGRAMS / "reconnect", "week"], person.home.environ) as terminal:
            assert terminal.ended() == 0
            assert (hint in " ".join(terminal.screen().split())) is expected
    with Terminal([PROGRAMS / "reconnect", "done", "date-night"], person.home.environ) as terminal:
        terminal.answers(("One line to remember it by (Enter skips):", ""))
        assert terminal.ended() == 0
    with Terminal([PROGRAMS / "reconnect", "week"], person.home.environ) as terminal:
        assert terminal.ended() == 0
        assert "came about" not in terminal.screen()
