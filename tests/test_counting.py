"""What counts from the last time: which date is next, whatever was done, let go of or went by."""

# ruff: noqa: E501 (a table is read a row a line)

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from household import BERLIN, HOUR, MINUTE, berlin
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from reconnectd.core.counting import Count, Past, turn_in, turns
from reconnectd.core.model import CountedFrom, Period, Span
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.period import period_of, periods_around
from reconnectd.core.recurrence import instant, shift

ZONE = ZoneInfo(BERLIN.zone)
FIRST_SEEN = berlin("2026-11-01 12:00")
WALK = Count(
    slug="walk", schedule=CountedFrom(Span(3, "week"), dt.time(14), Span(4, "week"), dt.date(2026, 11, 9)), zone=ZONE,
    length=2 * HOUR, mine=ZONE, day_start=dt.time(4), grace=30 * MINUTE, assumed=False, insists=False,
)  # fmt: skip
CUE = replace(WALK, length=None, assumed=True, insists=True)


def counting(every: str, start: str | None = None, latest: str | None = None, at: str = "14:00") -> Count:
    """Such as "3 weeks"."""
    begin = dt.date.fromisoformat(start) if start else None
    schedule = CountedFrom(span(every), dt.time.fromisoformat(at), span(latest) if latest else None, begin)
    return replace(WALK, schedule=schedule)


def span(text: str) -> Span:
    number, unit = text.split()
    named: dict[str, Period] = {"day": "day", "week": "week", "month": "month", "year": "year"}
    return Span(int(number), named[unit.removesuffix("s")])


def name(text: str) -> OccurrenceId:
    return OccurrenceId.parse(f"walk@{text}")


def done(nominal: str, at: str) -> Fact:
    return Fact(name(nominal), State.DONE, at=berlin(at))


def skipped(nominal: str) -> Fact:
    return Fact(name(nominal), State.SKIPPED, at=FIRST_SEEN)


def moved(nominal: str, start: str, state: State | None = None) -> Fact:
    return Fact(name(nominal), state, start=berlin(start), end=berlin(start) + 2 * HOUR, at=berlin(start))


def past(now: str, *facts: Fact, heard: tuple[str, ...] = ()) -> Past:
    return Past(berlin(now), FIRST_SEEN, {fact.id: fact for fact in facts}, frozenset(map(name, heard)))


def dates(count: Count, known: Past) -> list[str]:
    found = turns(count, known, known.now.date() - dt.timedelta(days=14))
    return [str(turn.name).removeprefix("walk@") for turn in found]


def following(count: Count, known: Past) -> str:
    turn = turns(count, known, known.now.date())[-1]
    return f"{str(turn.name).removeprefix('walk@')} {turn.ground}"


EARLY, LATE = done("2026-11-30", "2026-11-20 18:00"), done("2026-11-09", "2026-11-12 18:00")
AT_NIGHT = done("2026-11-09", "2026-11-10 03:00")
NEXT = [
    ("never done yet", WALK, past("2026-11-02 09:00"), "2026-11-09 first"),
    ("on its day, until a new day begins", WALK, past("2026-11-10 03:59"), "2026-11-09 first"),
    ("went by", WALK, past("2026-11-10 04:00"), "2026-11-30 again"),
    ("done ahead of its day", WALK, past("2026-11-21 09:00", EARLY), "2026-12-11 done"),
    ("done late", WALK, past("2026-11-13 09:00", LATE), "2026-12-03 done"),
    ("the night belongs to the day before", WALK, past("2026-11-13 09:00", AT_NIGHT), "2026-11-30 done"),
    ("done, then it went by", WALK, past("2026-12-04 09:00", LATE), "2026-12-10 limit"),
    ("the last day went by too", WALK, past("2026-12-11 09:00", LATE), "2026-12-31 again"),
    ("let go of", WALK, past("2026-11-13 09:00", LATE, skipped("2026-12-03")), "2026-12-24 again"),
    ("let go of before it was ever done", WALK, past("2026-11-02 09:00", skipped("2026-11-09")), "2026-11-30 again"),
    ("moved", WALK, past("2026-11-10 09:00", moved("2026-11-09", "2026-11-14 10:00")), "2026-11-09 first"),
    ("moved and went by", WALK, past("2026-11-15 09:00", moved("2026-11-09", "2026-11-14 10:00")), "2026-12-05 again"),
    ("moved by hand, and an earlier one was done", WALK, past("2026-12-02 09:00", done("2026-11-09", "2026-12-01 10:00"), moved("2026-11-30", "2026-12-06 10:00")), "2026-11-30 done"),
    ("done long ago, and said now", WALK, past("2026-11-23 09:00", done("2026-10-02", "2026-10-02 18:00")), "2026-11-30 again"),
    ("a date that has passed is never next", counting("10 days"), past("2026-11-23 09:00", done("2026-10-02", "2026-10-02 18:00")), "2026-12-01 again"),
    ("twice on a day", WALK, past("2026-11-21 09:00", EARLY, done("2026-12-11", "2026-11-20 19:00")), "2026-12-11.2 done"),
    ("a month after the 31st", counting("1 month", "2026-01-01"), past("2026-11-02 09:00", done("2026-10-31", "2026-10-31 15:00")), "2026-11-30 done"),
    ("and the 31st comes back", counting("1 month", "2026-01-01"), past("2026-12-15 09:00", done("2026-10-31", "2026-10-31 15:00")), "2026-12-31 again"),
    ("no later, in days of another unit", counting("1 month", "2026-01-01", "30 days"), past("2026-12-02 09:00", done("2026-12-01", "2026-12-01 15:00")), "2026-12-31 limit"),
    ("without starting", counting("3 weeks"), past("2026-11-23 09:00"), "2026-12-07 again"),
    ("every year", counting("1 year"), past("2026-11-23 09:00"), "2027-01-01 first"),
    ("starting is the first day there is", counting("1 week", "2027-02-01"), past("2026-11-23 09:00", done("2026-11-22", "2026-11-22 15:00")), "2027-02-01 first"),
    ("a moment before day_start that has begun isn't next", replace(counting("1 day", at="01:00"), length=None), past("2026-11-21 01:30", done("2026-11-21", "2026-11-21 01:10")), "2026-11-22 done"),
    ("a cue that was heard is taken for done", CUE, past("2026-11-09 14:01", heard=("2026-11-09",)), "2026-11-30 done"),
    ("one that may still be heard", CUE, past("2026-11-09 14:29"), "2026-11-09 first"),
    ("one that nobody heard", CUE, past("2026-11-09 14:30"), "2026-11-10 unheard"),
    ("one that nobody heard for long", CUE, past("2026-11-23 09:00"), "2026-11-23 unheard"),
    ("one that nobody heard today either", CUE, past("2026-11-23 15:00"), "2026-11-24 unheard"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "known", "expected"), [row[1:] for row in NEXT], ids=[row[0] for row in NEXT])
def test_the_next_one(count: Count, known: Past, expected: str) -> None:
    assert following(count, known) == expected


def test_a_put_off_cue_was_done_when_it_was_said_again() -> None:
    put_off = replace(Fact(name("2026-11-09")), snoozed_until=berlin("2026-11-11 10:00"))
    assert following(CUE, past("2026-11-10 09:00", put_off, heard=("2026-11-09",))) == "2026-11-09 first"
    assert following(CUE, past("2026-11-11 10:01", put_off, heard=("2026-11-09",))) == "2026-12-02 done"
    settled = replace(put_off, state=State.DONE, at=berlin("2026-11-09 14:00"), assumed=True)
    assert following(CUE, past("2026-11-12 10:00", settled, heard=("2026-11-09",))) == "2026-12-02 done"


def test_what_was_stays_in_view_and_what_another_date_replaced_goes() -> None:
    late = done("2026-11-09", "2026-12-02 18:00")
    assert dates(WALK, past("2026-12-02 19:00", late)) == ["2026-11-09", "2026-11-30", "2026-12-23"]
    assert dates(WALK, past("2026-11-21 19:00", EARLY)) == ["2026-11-09", "2026-11-30", "2026-12-11"]


def test_a_day_that_the_zone_never_had_is_passed_over() -> None:
    """Apia, 2011-12-30."""
    apia = ZoneInfo("Pacific/Apia")
    count = replace(counting("1 week", "2011-12-02"), zone=apia, mine=apia)
    known = Past(dt.datetime(2011, 12, 26, tzinfo=apia), dt.datetime(2011, 11, 1, tzinfo=apia), {}, frozenset())
    assert [turn.nominal.day for turn in turns(count, known, dt.date(2011, 12, 20))][-2:] == [30, 6]


def test_after_the_year_9999_there_is_none() -> None:
    assert turns(counting("999 years"), past("2026-11-23 09:00"), dt.date(2026, 11, 1))[-1].nominal.year == 3023
    late = Past(dt.datetime(9995, 1, 2, tzinfo=dt.UTC), FIRST_SEEN, {}, frozenset())
    assert all(turn.nominal.year < 9999 for turn in turns(counting("999 years"), late, dt.date(9995, 1, 1)))


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2026-11-09", "2026-11-09"), ("2026-11-30", "2026-11-30"), ("2027-01-11", "2027-01-11"), ("2026-10-19", None)],
)
def test_the_date_that_a_period_has(period: str, expected: str | None) -> None:
    turn = turn_in(WALK, past("2026-11-23 09:00"), period)
    assert (turn and turn.nominal.isoformat()) == expected


SPANS = st.builds(Span, st.integers(1, 14), st.sampled_from(["day", "week", "month", "year"]))
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
STARTS = st.none() | DAYS


@given(SPANS, STARTS, DAYS)
def test_every_leads_from_any_day_of_a_period_into_the_next(
    every: Span, starting: dt.date | None, day: dt.date
) -> None:
    """That is what makes one event of it on two devices."""
    schedule = CountedFrom(every, dt.time(14), starting=starting)
    here, before, after = periods_around(schedule, day)
    assert before < here < after
    assert period_of(schedule, shift(day, every)) == after
    assert dt.date.fromisoformat(here) <= day < dt.date.fromisoformat(after)


MOMENTS = st.builds(
    lambda day, hours: dt.datetime.combine(day, dt.time(), dt.UTC) + hours * HOUR,
    st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), st.integers(0, 23),
)  # fmt: skip
ANSWERS = st.lists(st.tuples(st.sampled_from(["done", "skip", "move", "wait"]), st.integers(0, 60 * 24)), max_size=8)
ZONES = st.sampled_from(["Europe/Berlin", "America/Nuuk", "Australia/Lord_Howe", "Pacific/Auckland"]).map(ZoneInfo)


@given(SPANS, st.none() | SPANS, STARTS, MOMENTS, ANSWERS, ZONES, st.times(), st.booleans())
@trials(max_examples=80, deadline=None)
def test_whatever_is_answered_there_is_one_open_date_and_it_is_ahead(
    every: Span, latest: Span | None, starting: dt.date | None, begin: dt.datetime,
    answers: list[tuple[str, int]], zone: ZoneInfo, at: dt.time, cue: bool,
) -> None:  # fmt: skip
    """Answers come hours or weeks apart, across changes of the clock; the same is known, so the same is next."""
    schedule = CountedFrom(every, at.replace(microsecond=0), latest, starting)
    count = replace(CUE if cue else WALK, schedule=schedule, zone=zone, mine=zone)
    now, facts = begin, dict[OccurrenceId, Fact]()
    for verb, hours in [*answers, ("wait", 0)]:
        found = turns(count, Past(now, begin, facts, frozenset()), dt.date.min)
        names = [turn.name for turn in found]
        assert len(set(names)) == len(names)
        assert stands(count, Past(now, begin, facts, frozenset()), names[-1])
        answer(facts, names[-1], verb, now, hours * HOUR)
        now += hours * HOUR / 4


def stands(count: Count, known: Past, found: OccurrenceId) -> bool:
    """It is open, and neither its time nor the day on which it was has gone by."""
    fact = known.facts.get(found)
    start = fact.start if fact and fact.start else instant(found.nominal, count.schedule.at, count.zone)
    assert start is not None
    is_open = fact is None or fact.state is None
    return is_open and start + (count.length or count.grace) > known.now - dt.timedelta(days=1, hours=2)


def answer(facts: dict[OccurrenceId, Fact], found: OccurrenceId, verb: str, now: dt.datetime, by: dt.timedelta) -> None:
    fact = facts.get(found) or Fact(found)
    if verb == "done":
        facts[found] = replace(fact, state=State.DONE, at=now)
    elif verb == "skip":
        facts[found] = replace(fact, state=State.SKIPPED, at=now)
    elif verb == "move":
        facts[found] = replace(fact, start=now + by, end=now + by + 2 * HOUR, at=now)
