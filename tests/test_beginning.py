"""A word as it begins, for time together and for listening: phones away, once, and never in quiet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from desk import MakeDesk, desk
from household import BERLIN, DATE_NIGHT, HOUR, MINUTE, MONDAY_MORNING, SUNDAY_TALK, berlin, fixed, settings

from reconnectd import config
from reconnectd.config.first import Wishes, starter
from reconnectd.config.starting_sets import SETS, StarterSet
from reconnectd.core.forecast import spoken_per_week
from reconnectd.core.model import Daily, Lasting, Practice, Routine, Times
from reconnectd.core.occurrence import BEGINS, Occurrence, OccurrenceId
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.practice.beginning import APART, LISTENING, TOGETHER
from reconnectd.core.rest import Rest, RestKind
from reconnectd.core.settings import CalendarAccount, Settings, Together

__all__ = ["desk"]

FRIDAY = OccurrenceId.parse("date-night@2026-11-27")
HOMECOMING = fixed(
    "homecoming", Daily(), "18:00", practice=Practice.LISTENING, lasting=Lasting(20 * MINUTE, 20 * MINUTE),
    remind=(0 * HOUR,), done="ask",
)  # fmt: skip


def leads(config: Settings, now: dt.datetime = MONDAY_MORNING, *rests: Rest, name: OccurrenceId = FRIDAY) -> list[str]:
    made = plan(config, Outlook(now, BERLIN.zone, rests=rests))
    return [word.lead for word in made.reminders if word.occurrence == name]


def row(config: Settings, name: OccurrenceId = FRIDAY, *rests: Rest) -> Occurrence:
    made = plan(config, Outlook(MONDAY_MORNING, BERLIN.zone, rests=rests))
    return next(item for item in made.occurrences if item.id == name)


async def test_as_it_begins_the_bubble_says_phones_away(desk: MakeDesk) -> None:
    one = desk(replace(DATE_NIGHT, notes="The lamp by the window"))
    await one.at(berlin("2026-11-27 19:29"))
    assert await one.at(berlin("2026-11-27 19:30")) == ["Date night"]
    said = one.desktop.shown[-1]
    line = one.row(str(FRIDAY)).opening
    assert line in TOGETHER
    assert said.body.splitlines()[:3] == ["today at 19:30, until 21:30", line, "The lamp by the window"]
    assert [label for _, label in said.actions] == ["OK", "Another time", "Not this time"]
    assert [line in bubble.body for bubble in one.desktop.shown] == [False, False, True]


async def test_where_others_could_look_it_says_nothing_of_it(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.presence.unlocked = False
    await one.at(berlin("2026-11-27 19:30"))
    assert (one.desktop.shown[-1].title, one.desktop.shown[-1].body) == ("A reminder", "")


async def test_a_homecoming_has_it_in_the_one_word_it_asks_for(desk: MakeDesk) -> None:
    one = desk(HOMECOMING)
    assert await one.at(berlin("2026-11-23 18:00")) == ["Homecoming"]
    assert one.desktop.shown[0].body.splitlines()[1] in LISTENING
    assert one.words("homecoming@2026-11-23") == {"0": "shown", "after": "pending"}


@pytest.mark.parametrize(
    ("routine", "one_more"),
    [
        (DATE_NIGHT, True),
        (replace(DATE_NIGHT, practice=Practice.LISTENING), True),
        (replace(DATE_NIGHT, remind=(30 * MINUTE,)), True),
        (replace(DATE_NIGHT, remind=(15 * MINUTE,)), False),
        (replace(DATE_NIGHT, remind=(HOUR, 0 * HOUR)), False),
        (replace(DATE_NIGHT, remind=()), False),
        (replace(DATE_NIGHT, practice=Practice.CHECK_IN), False),
        (replace(DATE_NIGHT, practice=None), False),
        (replace(DATE_NIGHT, lasting=None), False),
    ],
    ids=[
        "an hour ahead", "listening", "half an hour ahead", "just before", "asked for anyhow", "no word at all",
        "a talk", "no practice", "a moment",
    ],
)  # fmt: skip
def test_it_is_one_more_unless_a_word_comes_just_before(routine: Routine, *, one_more: bool) -> None:
    assert (BEGINS in leads(settings(routine))) is one_more


@pytest.mark.parametrize(
    ("quiet", "one_more"),
    [((dt.time(22), dt.time(7)), True), ((dt.time(19), dt.time(20)), False), ((dt.time(19), dt.time(19, 30)), True)],
)
def test_it_never_comes_in_quiet(quiet: tuple[dt.time, dt.time], *, one_more: bool) -> None:
    assert (BEGINS in leads(settings(DATE_NIGHT, quiet=(quiet,)))) is one_more


@pytest.mark.parametrize(
    ("kind", "since", "left"),
    [
        ("pause", "2026-11-23 00:00", []),
        ("not-today", "2026-11-27 04:00", []),
        ("stop", "2026-11-23 00:00", []),
        ("lighter", "2026-11-23 00:00", ["86400", "3600"]),
    ],
)
def test_it_rests_when_the_others_do(kind: RestKind, since: str, left: list[str]) -> None:
    rest = Rest("*", berlin(since), berlin("2026-11-28 04:00"), kind)
    assert leads(settings(DATE_NIGHT), MONDAY_MORNING, rest) == left


def test_where_the_phone_rings_this_computer_is_silent_as_it_begins_too() -> None:
    account = CalendarAccount(url="https://cloud.example.org/", seen_by="me", ring="phone")
    assert leads(settings(DATE_NIGHT, calendar=account)) == ["after"]


def test_it_gives_way_to_the_question_and_takes_no_word_from_the_reason() -> None:
    config = settings(DATE_NIGHT, at_most=Times(2, "day"))
    assert leads(config, berlin("2026-11-27 09:00")) == ["86400", "3600", "after"]
    assert row(config).reason == "every Friday at 19:30"


def test_apart_it_speaks_of_other_things_than_the_phone_that_connects_them() -> None:
    away = Rest("*", berlin("2026-11-26 00:00"), berlin("2026-11-28 00:00"), "apart")
    assert row(settings(DATE_NIGHT), FRIDAY, away).opening in APART
    assert row(settings(DATE_NIGHT, together=Together(place="apart"))).opening in APART
    assert row(settings(SUNDAY_TALK), OccurrenceId.parse("sunday-talk@2026-11-29")).opening == ""


@pytest.mark.parametrize(("routine", "lines"), [(DATE_NIGHT, TOGETHER), (HOMECOMING, LISTENING)])
def test_its_line_is_another_one_each_time(routine: Routine, lines: tuple[str, ...]) -> None:
    made = plan(settings(routine), Outlook(MONDAY_MORNING, BERLIN.zone))
    said = [item.opening for item in made.occurrences if item.begins > MONDAY_MORNING]
    assert set(said[: len(lines)]) == set(lines)


@pytest.mark.parametrize("one", SETS, ids=[one.name for one in SETS])
def test_each_starter_set_has_it_and_says_no_more_words_than_it_promises(one: StarterSet) -> None:
    read = config.parse(starter(Wishes(household="k3v9-rt2p", routines=one.name)), Path("config.toml"))
    assert spoken_per_week(read, BERLIN.zone, MONDAY_MORNING) <= one.at_most
    made = plan(read, Outlook(MONDAY_MORNING, BERLIN.zone))
    ours = {item.id: item.begins for item in made.occurrences if item.opening and item.begins > MONDAY_MORNING}
    assert ours
    assert all(
        (name, begins) in {(word.occurrence, word.due) for word in made.reminders} for name, begins in ours.items()
    )
