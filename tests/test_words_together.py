"""Quiet hours, lateness, a limit and several lead times at once, in weeks in which the clocks change.

The rules are checked from outside: on whole plans, by somebody with a watch, without the functions that apply them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from household import HOUR, MINUTE, fixed, settings
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from reconnectd.core.model import ONE_OFF, Daily, Lasting, Routine, Times
from reconnectd.core.occurrence import AFTERWARDS, SNOOZE, Fact, OccurrenceId, Plan, Reminder, Standing, State
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.quiet import Quiet
from reconnectd.core.reminding import bubbles
from reconnectd.core.settings import Settings

LATE = 30 * MINUTE
CHANGES = st.sampled_from([
    ("Europe/Berlin", dt.date(2026, 3, 28)), ("Europe/Berlin", dt.date(2026, 10, 24)),
    ("Australia/Lord_Howe", dt.date(2026, 4, 4)), ("Australia/Lord_Howe", dt.date(2026, 10, 3)),
    ("America/Nuuk", dt.date(2026, 3, 28)), ("America/Santiago", dt.date(2026, 9, 5)),
])  # fmt: skip
TIMES = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
NIGHTS = st.lists(st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] != pair[1]), max_size=2).map(tuple)
LEADS = st.lists(st.integers(0, 72), min_size=1, max_size=4, unique=True).map(
    lambda hours: tuple(hour * HOUR for hour in sorted(hours, reverse=True))
)
HOURS = st.integers(0, 96)


@st.composite
def events(draw: st.DrawFn, slug: str = "event") -> Routine:
    at, remind = draw(TIMES).isoformat("minutes"), draw(LEADS)
    done = draw(st.sampled_from(["ask", "assume"]))
    return fixed(slug, Daily(), at, lasting=Lasting(HOUR, HOUR), remind=remind, done=done)


@st.composite
def cues(draw: st.DrawFn, slug: str = "cue") -> Routine:
    late = draw(st.sampled_from([None, 0 * HOUR, 2 * HOUR]))
    return fixed(slug, Daily(), draw(TIMES).isoformat("minutes"), remind=draw(LEADS), late=late)


ROUTINES = st.tuples(events(), cues(), events("other"))
WORLDS = st.tuples(CHANGES, ROUTINES, NIGHTS, HOURS)
World = tuple[tuple[str, dt.date], tuple[Routine, ...], tuple[tuple[dt.time, dt.time], ...], int]


def imagined(world: World, **changes: object) -> tuple[Settings, Outlook]:
    (zone, day), routines, quiet, hours = world
    now = dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC) + hours * HOUR
    known = {one.slug: Standing(one.slug, 1, None, now - dt.timedelta(days=90)) for one in routines}
    limit = changes.pop("at_most", None)
    seen = Outlook(now=now, zone=zone, standings=known, ahead=4)
    return settings(*routines, quiet=quiet, at_most=limit), replace(seen, **changes)  # type: ignore[arg-type]


def begins(made: Plan) -> dict[OccurrenceId, dt.datetime]:
    return {item.id: item.begins for item in made.occurrences}


def leads(made: Plan) -> list[tuple[Reminder, dt.datetime, dt.timedelta]]:
    """(word, its start, how long before), the question afterwards left out."""
    starts = begins(made)
    return [
        (word, starts[word.occurrence], dt.timedelta(seconds=int(word.lead)))
        for word in made.reminders
        if word.lead not in {AFTERWARDS, SNOOZE}
    ]


def is_quiet(config: Settings, instant: dt.datetime, zone: str) -> bool:
    """What a watch shows; a repeated hour counts as it is the first time and the last."""
    now = instant.astimezone(ZoneInfo(zone)).time()
    return any(a <= now < b if a < b else now >= a or now < b for a, b in config.reminders.quiet)


@given(WORLDS)
@trials(max_examples=50, deadline=None)
def test_nothing_is_said_in_quiet_but_what_was_put_there(world: World) -> None:
    config, seen = imagined(world)
    quiet, zone = Quiet(config.reminders.quiet), ZoneInfo(seen.zone)
    for word in plan(config, seen).reminders:
        held = None if quiet.always else quiet.holding(word.due, zone)
        assert held is None or word.lead == "0" or (word.due == held[0] and word.lead != AFTERWARDS), word


@given(WORLDS)
@trials(max_examples=50, deadline=None)
def test_a_lead_comes_at_its_time_or_after_quiet_or_before_it(world: World) -> None:
    config, seen = imagined(world)
    quiet, zone = Quiet(config.reminders.quiet), ZoneInfo(seen.zone)
    for word, start, lead in leads(plan(config, seen)):
        held = quiet.holding(start - lead, zone) if lead else None
        if held is None:
            assert word.due == start - lead
        else:
            assert word.due == (held[1] if held[1] < start else held[0])
            assert word.due == held[1] or is_quiet(config, word.due, seen.zone) or quiet.always
        assert word.due <= start


@given(WORLDS)
@trials(max_examples=50, deadline=None)
def test_a_lead_stays_until_the_start_and_late_is_for_cues(world: World) -> None:
    config, seen = imagined(world)
    for word, start, lead in leads(plan(config, seen)):
        routine = config.routine(word.occurrence.slug)
        assert routine is not None
        late = LATE if routine.late is None else routine.late
        latest = start + min(late, routine.length or late)
        assert word.expires == (start if lead else latest)


@given(WORLDS, st.integers(0, 24 * 4))
@trials(max_examples=50, deadline=None)
def test_what_was_not_said_is_still_there_until_its_time_has_gone(world: World, quarters: int) -> None:
    """A machine that wakes up at any moment says the nearest word of each that may still come, and no other twice."""
    config, seen = imagined(world)
    later = replace(seen, now=seen.now + quarters * 15 * MINUTE)
    before, after = plan(config, seen), plan(config, later)
    waiting = {word.occurrence for word in before.reminders if word.expires and word.expires > later.now}
    still = {word.occurrence for word in after.reminders}
    assert waiting <= still
    come = [word.occurrence for word, _, _ in leads(after) if word.due <= later.now]
    assert len(come) == len(set(come))


@given(WORLDS)
@trials(max_examples=50, deadline=None)
def test_leads_that_fall_on_one_instant_speak_once(world: World) -> None:
    config, seen = imagined(world)
    words = leads(plan(config, seen))
    instants = [(word.occurrence, word.due) for word, _, _ in words]
    assert len(instants) == len(set(instants))
    for occurrence in {word.occurrence for word, _, _ in words}:
        mine = sorted((word.due, -lead) for word, _, lead in words if word.occurrence == occurrence)
        assert [lead for _, lead in mine] == sorted(lead for _, lead in mine), "the nearer comes later"


@given(WORLDS, st.sampled_from([State.DONE, State.SKIPPED]), st.integers(0, 30))
@trials(max_examples=50, deadline=None)
def test_answering_one_ends_its_other_words_and_nobody_elses(world: World, state: State, number: int) -> None:
    config, seen = imagined(world)
    before = plan(config, seen)
    named = sorted({word.occurrence for word in before.reminders})
    chosen = named[number % len(named)]
    after = plan(config, replace(seen, facts={chosen: Fact(chosen, state, at=seen.now)}))
    assert not [word for word in after.reminders if word.occurrence == chosen]
    rest = {(word.occurrence, word.lead) for word in before.reminders if word.occurrence != chosen}
    assert rest == {(word.occurrence, word.lead) for word in after.reminders}


@given(WORLDS, st.integers(1, 4), st.sampled_from(["day", "week"]), st.lists(st.integers(1, 60), max_size=4))
@trials(max_examples=50, deadline=None)
def test_at_most_so_many_bubbles_and_no_word_is_invented(world: World, count: int, period: str, ago: list[int]) -> None:
    at_most = Times(count, "week" if period == "week" else "day")
    free, seen = imagined(world)
    said = [seen.now - hours * HOUR for hours in ago]
    once = OccurrenceId(ONE_OFF, seen.now.astimezone(ZoneInfo(seen.zone)).date())
    facts = {once: Fact(once, start=seen.now + 20 * HOUR, title="buy flowers", at=seen.now)}
    seen = replace(seen, facts=facts, said=tuple(said))
    everything = set(plan(free, seen).reminders)
    config, _ = imagined(world, at_most=at_most)
    kept = plan(config, seen).reminders
    assert set(kept) <= everything
    assert [word for word in kept if word.occurrence == once]
    # The bubble of the one-off comes in any case, and may hold the words of its instant.
    spoken = [group[0].due for group in bubbles(list(kept)) if once not in {word.occurrence for word in group}]
    for name in {_period(moment, seen.zone, period) for moment in spoken}:
        used = sum(_period(moment, seen.zone, period) == name for moment in [*spoken, *said])
        before = sum(_period(moment, seen.zone, period) == name for moment in said)
        assert used <= max(count, before), name


def _period(moment: dt.datetime, zone: str, period: str) -> dt.date:
    """Days begin at 04:00 by the clock, weeks on Monday."""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - 4 * HOUR
    return local.date() - dt.timedelta(days=local.weekday() if period == "week" else 0)


@given(WORLDS)
@trials(max_examples=40, deadline=None)
def test_a_word_put_off_comes_when_it_was_asked_to_wherever_quiet_is(world: World) -> None:
    config, seen = imagined(world)
    before = plan(config, seen)
    chosen = min(word.occurrence for word in before.reminders)
    until = seen.now + 3 * HOUR
    after = plan(config, replace(seen, facts={chosen: Fact(chosen, snoozed_until=until, at=seen.now)}))
    assert [word.due for word in after.reminders if (word.occurrence, word.lead) == (chosen, SNOOZE)] == [until]


@pytest.mark.parametrize("hours", [0, 1, 2, 3])
def test_two_leads_before_a_night_that_is_an_hour_short_are_one_word(hours: int) -> None:
    """Berlin, 29 March 2026: at 03:30, after the change, with a lead of up to four hours and one of an hour."""
    event = fixed("event", Daily(), "03:30", lasting=Lasting(HOUR, HOUR), remind=((hours + 1) * HOUR, HOUR))
    night = ((dt.time(22), dt.time(7)),)
    config, seen = imagined((("Europe/Berlin", dt.date(2026, 3, 28)), (event,), night, 12))
    made = plan(config, seen)
    start = next(item for item in made.occurrences if str(item.id) == "event@2026-03-29")
    words = [word for word in made.reminders if word.occurrence == start.id and word.lead != AFTERWARDS]
    assert [word.due.astimezone(ZoneInfo("Europe/Berlin")).strftime("%d %H:%M") for word in words] == ["28 22:00"]
    assert [word.lead for word in words] == ["3600"]
