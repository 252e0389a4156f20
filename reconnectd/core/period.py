"""Periods: stretches as long as `every`, counted from `starting`, else from Monday 2024-01-01.

From a date in one, `every` leads into the next one, whichever day of it: so an event that moves when something was done
is still the same on every device. Weeks and days are counted in days, months and years in whole months.
"""

from __future__ import annotations

import datetime as dt

from reconnectd.core.model import CountedFrom, Span
from reconnectd.core.recur import EPOCH
from reconnectd.core.recurrence import shift

_DAY = dt.timedelta(days=1)


def period_of(schedule: CountedFrom, day: dt.date) -> str:
    """The first day of the period that holds `day`, as ISO text."""
    base, every = schedule.starting or EPOCH, schedule.every
    days = _days(every)
    if days:
        return (day - dt.timedelta(days=(day - base).days % days)).isoformat()
    months = _months(every)
    passed = ((day.year - base.year) * 12 + day.month - base.month) % months
    year, month = divmod(day.year * 12 + day.month - 1 - passed, 12)
    return dt.date(max(year, 1), month + 1, 1).isoformat()


def periods_around(schedule: CountedFrom, day: dt.date) -> tuple[str, ...]:
    """The period that holds `day`, and its neighbours."""
    first = dt.date.fromisoformat(period_of(schedule, day))
    after = later(first, schedule.every) or first
    return tuple(period_of(schedule, each) for each in (first, first - _DAY, after))


def _days(span: Span) -> int:
    return span.count * {"day": 1, "week": 7}.get(span.unit, 0)


def _months(span: Span) -> int:
    return span.count * (12 if span.unit == "year" else 1)


def fits(base: dt.date, day: dt.date, every: Span) -> int:
    """How many times `every` fits between them, rounded down."""
    days = _days(every)
    if days:
        return (day - base).days // days
    return ((day.year - base.year) * 12 + day.month - base.month) // _months(every)


def later(day: dt.date, span: Span, times: int = 1) -> dt.date | None:
    """`times` spans later; None after the year 9999."""
    if not times:
        return day
    try:
        return shift(day, Span(span.count * times, span.unit))
    except OverflowError:
        return None
