"""One's own half of the talk: what to bring, for the person alone; and what never reaches the card."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from cli_here import PROGRAMS, Here, here
from cli_runner import CONFIG, Person, person
from household import DATE_NIGHT, MONDAY_MORNING, SMALL_TOUCH, SUNDAY_TALK
from hypothesis import given
from hypothesis import strategies as st
from needs import needs
from terminal import Terminal
from test_pulse import PULSES, pulses
from test_talk import TALK, two_people

from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.practice import talk
from reconnectd.core.practice.mine import NO_PULSE, NO_TREND, TRENDS, Weeks, came_about, good_things, mine, trends
from reconnectd.core.practice.pulse import Pulse, Root

__all__ = ["here", "person"]

NOW = MONDAY_MORNING
A_DAY = dt.timedelta(days=1)
SCREENS = Path(__file__).parent / "corpus" / "screens"
FORBIDDEN = {"due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target", "should", "percent"}


@given(PULSES, st.integers(4, 90), st.integers(0, 3), st.lists(st.sampled_from("ab")))
def test_each_note_has_a_turn_in_a_talk_of_any_length(
    found: list[Pulse], minutes: int, topics: int, titles: list[str]
) -> None:
    turns = talk.turns(minutes, NOW.date())
    whole = talk.turns(45, NOW.date())
    weeks = Weeks(found, "the tea", titles, titles, topics)
    kept, all_ = mine(weeks, turns, NOW), mine(weeks, whole, NOW)
    assert set(kept) == {turn.name for turn in turns}
    assert sorted(text for texts in kept.values() for text in texts) == sorted(
        t for texts in all_.values() for t in texts
    )
    said = " ".join(text for texts in kept.values() for text in texts).lower()
    assert not FORBIDDEN & set(said.replace(".", " ").replace(",", " ").split())


@pytest.mark.parametrize(
    ("close", "said"), [([3, 4, 5, 6, 7], 0), ([7, 6, 5, 4, 3], 1), ([5, 5, 9, 5, 5], 2)], ids=["up", "down", "same"]
)
def test_a_trend_is_said_in_words_without_a_number(close: list[int], said: int) -> None:
    found = trends(pulses(*((28 - 7 * week, value, None) for week, value in enumerate(close))), NOW)
    assert found == [TRENDS["close"][said]]
    assert not any(letter.isdigit() for letter in found[0])


def test_without_four_weeks_there_is_no_trend() -> None:
    assert trends(pulses((3, 1, 1), (2, 9, 9)), NOW) == [NO_TREND]
    assert trends(pulses((90, 1, 1)), NOW) == [NO_PULSE]
    assert trends([], NOW) == [NO_PULSE]


def test_the_newest_good_things_of_three_weeks() -> None:
    found = [Pulse(NOW - days * A_DAY, good=f"{days} days ago") for days in (30, 20, 2, 9, 4)] + [Pulse(NOW, 5)]
    assert good_things(found, NOW - 21 * A_DAY, NOW) == ["2 days ago", "4 days ago", "9 days ago"]


def test_what_one_named_lately_stands_beside_the_load() -> None:
    found = [Pulse(NOW - 3 * A_DAY, roots=(Root.MONEY, Root.WORK)), Pulse(NOW - 30 * A_DAY, roots=(Root.HURT,))]
    assert mine(Weeks(found), talk.turns(45, NOW.date()), NOW)["load"] == ["Lately you named: work, money."]


def told(states: str, slug: str = "date-night") -> list[Fact]:
    """A letter for each week, the newest last: (d)one, (m) did not happen, (s)kipped."""
    words = {"d": State.DONE, "m": State.MISSED, "s": State.SKIPPED}
    first = NOW.date() - 7 * len(states) * A_DAY
    return [Fact(OccurrenceId(slug, first + 7 * n * A_DAY), words[one]) for n, one in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ("mmd", (["Date night"], [])),
        ("dmm", (["Date night"], [])),
        ("dmmm", ([], ["Date night"])),
        ("msm", ([], [])),
        ("m", ([], [])),
        ("", ([], [])),
    ],
)
def test_what_came_about_and_what_did_not_is_no_reckoning(states: str, found: tuple[list[str], list[str]]) -> None:
    since = NOW.date() - 21 * A_DAY
    facts = {"date-night": told(states), "small-touch": told("mmm", "small-touch")}
    assert came_about((DATE_NIGHT, SMALL_TOUCH, SUNDAY_TALK), facts, since) == found


def some_weeks(person: Person) -> None:
    """Five check-ins, two topics, a thanks, an evening that came about."""
    two_people(person)
    for week, (close, good) in enumerate([(3, "the walk"), (4, ""), (6, "soup"), (6, ""), (8, "the kettle")]):
        person.at(f"{dt.date(2026, 11, 23) + 7 * week * A_DAY} 09:00")
        lines = f"close: {close}\nload: 5\ngood: {good}\nroots: work, phones\n"
        assert person.run("check-in", "-", typed=lines).code == 0
    person.run("thanks", "-", typed="that you drove me to the train")
    for text in ("the spare room", "my mother's visit"):
        assert person.run("topic", "add", "-", typed=text).code == 0
    assert person.run("done", "date-night@2026-12-18").code == 0


def test_ones_own_half_reads_as_it_always_did(person: Person) -> None:
    some_weeks(person)
    said = person.run("talk").out
    assert max(map(len, said.splitlines())) <= 79
    assert said == (SCREENS / "talk.txt").read_text()


def test_the_card_is_the_same_whatever_one_wrote(person: Person) -> None:
    two_people(person)
    person.at("2026-12-21 09:00")
    before = [person.run("--json", "talk", "--card").out, person.run("talk", "--card").out]
    some_weeks(person)
    assert [person.run("--json", "talk", "--card").out, person.run("talk", "--card").out] == before


def test_as_json_the_half_is_beside_each_turn_and_no_number_of_the_pulse(person: Person) -> None:
    some_weeks(person)
    found: Any = person.json("talk")
    assert (found["minutes"], len(found["turns"]), found["offer"]["root"], found["look_back"]) == (45, 6, "work", False)
    assert found["turns"][1]["mine"] == ["One to give: that you drove me to the train"]
    assert "spare room" not in repr(found)


def test_a_card_needs_no_key_to_what_one_wrote(person: Person) -> None:
    person.run("check-in", "-", typed="close: 3\n")
    with sqlite3.connect(person.home.database) as database:
        database.execute("UPDATE word SET sealed = 1")
    assert person.run("talk").code == 77
    assert person.run("talk", "--card").code == 0


def test_the_first_talk_has_nothing_of_ones_own(person: Person) -> None:
    some_weeks(person)
    assert "·" not in person.run("talk", "--first").out


@needs("tmux")
def test_on_a_terminal_it_is_the_same_text(here: Here) -> None:
    here.write(CONFIG + TALK)
    with Terminal([PROGRAMS / "reconnect", "talk"], here.environ) as terminal:
        assert terminal.ended() == 0
        screen = terminal.screen().partition("\n\n[it ended")[0]
    assert screen == here.run("talk").stdout.rstrip("\n")
    assert NO_PULSE in " ".join(screen.split())
