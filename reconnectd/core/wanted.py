"""What the calendar is wanted to say: routine × what is known of it → the intent of its one series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from reconnectd.core.edited import as_edited
from reconnectd.core.ics import Intent
from reconnectd.core.identity import household_key, uid
from reconnectd.core.model import CountedFrom, Fixed, FixedRule, Routine
from reconnectd.core.occurrence import Fact, Standing, State
from reconnectd.core.period import period_of
from reconnectd.core.recurrence import instant, nominal_dates
from reconnectd.core.reminding import alarm_lead
from reconnectd.core.rest import Rest
from reconnectd.core.rule import series
from reconnectd.core.series_pin import SeriesPin
from reconnectd.core.settings import Settings
from reconnectd.core.shape import CUE_IN_CALENDAR, Shape, in_calendar, shape_of

_DAY = dt.timedelta(days=1)


def household(settings: Settings) -> str:
    """The word that both people's machines share; without one, user and calendar as configured."""
    return settings.people.household or household_key(
        settings.calendar.username or settings.people.me, settings.calendar.calendar
    )


def object_uid(settings: Settings, slug: str, generation: int, period: str | None = None) -> str:
    """The UID of a routine's series, or of its event in one period."""
    return uid(household(settings), slug, generation, period)


def intent(
    routine: Routine, standing: Standing, facts: Iterable[Fact], settings: Settings, *,
    zone: ZoneInfo, today: dt.date, not_before: dt.date, stamp: dt.datetime, rests: Iterable[Rest] = (),
    idea: str = "",
) -> Intent | None:  # fmt: skip
    """The series of a fixed routine; None when it isn't written: not for the calendar, ended by a person, without
    a date to come, or with dates that no single rule can say. What people changed in it (pins) is part of it, and only
    exceptions of dates that it has.

    `rests` are those for which its events were taken out. `zone` is the person's, `not_before` where the series may
    begin, `stamp` when the config last changed, `idea` what stands below the notes.
    """
    shape = shape_of(routine, standing, zone)
    if shape is None or not in_calendar(routine, settings, today) or not isinstance(shape.schedule, Fixed | FixedRule):
        return None
    start, rule = _series(shape, shape.schedule, standing, settings, not_before)
    if start is None:
        return None
    known = [fact for fact in facts if fact.id.nominal >= start.date() and instant_on(fact.id.nominal, shape, settings)]
    cleared = [rest for rest in rests if rest.cleared and rest.is_of(routine.slug)]
    exceptions = [(at, fact) for fact in known if (at := nominal_instant(fact, shape)) is not None]
    plain = replace(
        _plain(shape, standing, settings, start, stamp, idea),
        rrule=rule,
        rests_from=min((rest.since for rest in cleared if rest.until is None), default=None),
        skipped=frozenset(nominal for nominal, fact in exceptions if leaves(fact, settings))
        | frozenset(_rested(shape, shape.schedule, known, cleared, settings.time.week_start)),
        moved={
            nominal: _times(fact)
            for nominal, fact in exceptions
            if fact.start and not leaves(fact, settings) and not any(rest.covers(fact.start) for rest in cleared)
        },
    )
    return as_edited(plain, standing.pins, neutral=routine.private)


def period_event(
    routine: Routine, standing: Standing, fact: Fact, settings: Settings, *,
    zone: ZoneInfo, today: dt.date, stamp: dt.datetime, idea: str = "",
) -> Intent | None:  # fmt: skip
    """The one event of a routine that counts, for the date that `fact` names; None when it isn't written."""
    shape = shape_of(routine, standing, zone)
    if shape is None or not in_calendar(routine, settings, today) or not isinstance(shape.schedule, CountedFrom):
        return None
    period = period_of(shape.schedule, fact.id.nominal)
    start = dt.datetime.combine(fact.id.nominal, shape.schedule.at)
    nominal = nominal_instant(fact, shape)
    return replace(
        _plain(shape, standing, settings, start, stamp, idea),
        uid=object_uid(settings, routine.slug, standing.generation, period),
        period=period,
        moved={nominal: _times(fact)} if fact.start and nominal else {},
    )


def arranged_event(
    routine: Routine, fact: Fact, settings: Settings, *, uid: str, zone: ZoneInfo, stamp: dt.datetime
) -> Intent:
    """The one event of a date that was arranged by hand: it stands where the fact says, under the title that somebody
    gave it in the calendar. Nothing else of the fact is in it."""
    assert fact.start is not None
    assert routine.length is not None
    end = fact.end if fact.end and fact.end > fact.start else fact.start + routine.length
    start = fact.start.astimezone(zone).replace(tzinfo=None)
    return Intent(
        uid=uid, slug=routine.slug, generation=1, period=fact.id.nominal.isoformat(), zone=zone.key,
        summary=fact.title or routine.title, description=routine.notes, start=start,
        duration=end - fact.start, alarm=None if settings.calendar.ring == "computer" else alarm_lead(routine.remind),
        stamp=stamp,
    )  # fmt: skip


def _plain(
    shape: Shape, standing: Standing, settings: Settings, start: dt.datetime, stamp: dt.datetime, idea: str = ""
) -> Intent:
    """What is common to all; `start` is the wall clock of the first one."""
    routine = shape.routine
    return Intent(
        uid=object_uid(settings, routine.slug, standing.generation),
        slug=routine.slug,
        generation=standing.generation,
        period=None,
        zone=shape.zone.key,
        summary=settings.privacy.neutral_title if routine.private else routine.title,
        description="" if routine.private else below_notes(routine.notes, idea),
        location="" if routine.private else routine.location,
        start=start,
        duration=shape.length or CUE_IN_CALENDAR,
        transparent=routine.show_as == "free",
        private=routine.private,
        alarm=None if settings.calendar.ring == "computer" else alarm_lead(routine.remind),
        stamp=stamp,
    )


def below_notes(notes: str, idea: str) -> str:
    """What an event says: the notes of the config, and an idea below them."""
    return "\n\n".join(text for text in (notes, idea) if text)


def _times(fact: Fact) -> tuple[dt.datetime, dt.datetime]:
    assert fact.start is not None
    return fact.start, fact.end or fact.start + CUE_IN_CALENDAR


def _rested(
    shape: Shape, schedule: Fixed | FixedRule, facts: Iterable[Fact], rests: Iterable[Rest], week_start: int
) -> Iterator[dt.datetime]:
    """The nominal instants of what stands in a rest: by the schedule, or moved there; not what was moved away."""
    moved = {fact.id.nominal: fact for fact in facts if fact.start is not None}
    for rest in rests:
        yield from (at for fact in moved.values() if _stands_in(fact, rest) and (at := nominal_instant(fact, shape)))
        if rest.until is None:
            continue
        first, last = (edge.astimezone(shape.zone).date() for edge in (rest.since, rest.until))
        days = nominal_dates(
            schedule, first, last + dt.timedelta(days=1), week_start=week_start,
            short_month=shape.routine.short_month, zone=shape.zone,
        )  # fmt: skip
        for day in days:
            at = instant(day, schedule.at, shape.zone)
            if at is not None and rest.covers(at) and day not in moved:
                yield at


def _stands_in(fact: Fact, rest: Rest) -> bool:
    return fact.start is not None and rest.covers(fact.start)


def _series(
    shape: Shape, schedule: Fixed | FixedRule, standing: Standing, settings: Settings, not_before: dt.date
) -> tuple[dt.datetime | None, str | None]:
    if "schedule" in standing.pins and shape.pinned:
        pin = SeriesPin.from_json(standing.pins["schedule"])
        return pin.start, pin.rrule
    found = series(
        schedule, shape.zone, not_before=not_before, week_start=settings.time.week_start,
        short_month=shape.routine.short_month,
    )  # fmt: skip
    if found is None:
        return None, None
    return dt.datetime.combine(found.first, schedule.at), found.rrule


def nominal_instant(fact: Fact, shape: Shape) -> dt.datetime | None:
    """The instant at which an occurrence would stand had nobody moved it, UTC."""
    assert isinstance(shape.schedule, Fixed | FixedRule | CountedFrom)
    return instant(fact.id.nominal, shape.schedule.at, shape.zone)


def instant_on(date: dt.date, shape: Shape, settings: Settings) -> dt.datetime | None:
    """The instant of the series on that local date, UTC; None when it has none then."""
    assert isinstance(shape.schedule, Fixed | FixedRule)
    days = nominal_dates(
        shape.schedule, date, date + _DAY, week_start=settings.time.week_start,
        short_month=shape.routine.short_month, zone=shape.zone,
    )  # fmt: skip
    if date not in days or (shape.until is not None and date > shape.until):
        return None
    return instant(date, shape.schedule.at, shape.zone)


def leaves(fact: Fact, settings: Settings) -> bool:
    """Does a skip leave the calendar? One that both see only when that was said."""
    return fact.state is State.SKIPPED and (fact.for_both or not settings.seen_by_both)
