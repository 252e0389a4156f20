"""The look back every six weeks: when it is welcome, one note, four questions."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cli_here import PROGRAMS, Here, here
from cli_runner import CONFIG, Person, person
from household import BERLIN, MONDAY_MORNING, SUNDAY_TALK, settings, store_in
from hypothesis import given
from hypothesis import strategies as st
from needs import needs
from terminal import Terminal

from reconnectd.adapters.store import Store
from reconnectd.app.practice import look_back
from reconnectd.app.renewal import renew
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.practice.look_back import NOTE_TITLE, next_look
from reconnectd.core.rest import EVERYTHING, Rest

__all__ = ["here", "person"]

ZONE = ZoneInfo("Europe/Berlin")
A_DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1))
NIGHT = ((dt.time(19, 30), dt.time(8)),)
LINES = "well: the walks\nkeep: sunday\nlighter: fewer cues\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


@given(DAYS | st.none(), DAYS | st.none())
def test_it_is_six_weeks_after_the_last_or_else_after_the_first(last: dt.date | None, began: dt.date | None) -> None:
    found = next_look(last, began)
    assert (found is None) == (last is None and began is None)
    assert found is None or (found - (last or began)).days == 42  # type: ignore[operator]


def notes(store: Store, days: float, **changes: object) -> list[str]:
    """The notes in the plan that is made so many days after a Monday morning, and when each is said."""
    made = renew(store, settings(SUNDAY_TALK, **changes), BERLIN, MONDAY_MORNING + days * A_DAY)
    found = [one for one in made.occurrences if one.title == NOTE_TITLE]
    return [f"{one.start.astimezone(ZONE):%d %b %H:%M}" for one in found]


def pulse(store: Store, days: float) -> None:
    store.words.add("pulse", {}, MONDAY_MORNING + days * A_DAY)


def test_six_weeks_after_the_first_check_in_one_note_comes_in_the_evening(store: Store) -> None:
    pulse(store, 0)
    assert notes(store, 41) == []
    assert notes(store, 42) == ["04 Jan 20:00"]
    assert notes(store, 42.3) == ["04 Jan 20:00"]
    assert notes(store, 80) == []


def test_it_comes_before_a_quiet_evening(store: Store) -> None:
    pulse(store, 0)
    assert notes(store, 42, quiet=NIGHT) == ["04 Jan 19:00"]


def test_who_never_checked_in_nor_talked_hears_nothing(store: Store) -> None:
    assert notes(store, 0) == []
    assert notes(store, 90) == []


def test_a_talk_that_came_about_is_a_beginning_too_and_one_taken_for_done_is_none(store: Store) -> None:
    talk = OccurrenceId("sunday-talk", MONDAY_MORNING.date() + 6 * A_DAY)
    at = MONDAY_MORNING + 6.4 * A_DAY
    store.facts.put(Fact(talk, State.DONE, at=at, assumed=True))
    assert look_back.welcome_from(store, settings(SUNDAY_TALK), ZONE) is None
    store.facts.put(Fact(talk, State.DONE, at=at))
    assert look_back.welcome_from(store, settings(SUNDAY_TALK), ZONE) == MONDAY_MORNING.date() + 48 * A_DAY


def test_the_beginning_is_remembered_when_the_words_are_forgotten(store: Store) -> None:
    pulse(store, 0)
    renew(store, settings(), BERLIN, MONDAY_MORNING)
    store.words.forget(MONDAY_MORNING.date() + 30 * A_DAY, MONDAY_MORNING + 30 * A_DAY)
    pulse(store, 40)
    assert notes(store, 42) == ["05 Jan 20:00"], "the day after the welcome back"


def test_after_a_look_back_six_weeks_begin_anew_and_a_note_on_its_way_is_let_go_of(store: Store) -> None:
    pulse(store, 0)
    assert len(notes(store, 42)) == 1
    look_back.keep(store, {"well": "x"}, MONDAY_MORNING + 42.2 * A_DAY)
    assert notes(store, 42.3) == []
    assert notes(store, 83) == []
    assert notes(store, 84) == ["15 Feb 20:00"]


def test_while_everything_rests_no_note_comes_and_afterwards_it_does(store: Store) -> None:
    pulse(store, 0)
    assert len(notes(store, 42)) == 1
    begin = MONDAY_MORNING + 42.1 * A_DAY
    store.rests.replace([Rest(EVERYTHING, begin, begin + 5 * A_DAY)])
    assert notes(store, 42.2) == []
    assert notes(store, 48) == ["10 Jan 20:00"]


def test_the_answers_are_kept_for_oneself_and_lighter_is_offered(person: Person) -> None:
    said = person.run("talk", "--look-back", typed=LINES)
    assert said.code == 0
    assert "Kept, for you alone." in said.out
    assert "reconnect lighter" in said.out
    with sqlite3.connect(person.home.database) as database:
        found = database.execute("SELECT kind, body FROM word").fetchall()
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        holding = [one for one in tables if "the walks" in repr(database.execute(f"SELECT * FROM {one}").fetchall())]
    assert [kind for kind, _ in found] == ["look-back"]
    assert holding == ["word"]
    assert person.json("talk", "--look-back", typed="well: soup\n")["look_back"] == {
        "at": "2026-11-23T09:00:00+01:00", "well": "soup", "keep": "", "lighter": "", "change": "",
    }  # fmt: skip


def test_nothing_said_is_nothing_kept(person: Person) -> None:
    assert person.run("talk", "--look-back", typed="").out == "Nothing was kept.\n"
    assert person.json("talk", "--look-back", typed="\n")["look_back"] is None
    assert person.run("talk", "--look-back", "--card", typed=LINES).code == 2


def test_talk_offers_it_when_six_weeks_have_passed(person: Person) -> None:
    person.run("check-in", typed="close: 5\n")
    assert "--look-back" not in person.run("talk").out
    person.at("2027-01-04 09:00")
    assert "Six weeks have passed: `reconnect talk --look-back`" in person.run("talk").out
    person.run("talk", "--look-back", typed=LINES)
    assert "--look-back" not in person.run("talk").out


@needs("tmux")
def test_at_a_terminal_four_questions_are_asked(here: Here) -> None:
    here.write(CONFIG)
    with Terminal([PROGRAMS / "reconnect", "talk", "--look-back"], here.environ) as terminal:
        terminal.answers(("What went", "the walks"), ("What do you", ""), ("What may", ""), ("What would", "phones"))
        assert terminal.ended() == 0
        assert "Kept, for you alone." in terminal.screen()
        assert "reconnect lighter" not in terminal.screen()
