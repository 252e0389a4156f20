"""Fixed schedules → nominal local dates → instants.

A nominal date is a civil date without a zone; together with a wall-clock time and a zone it becomes an instant.
The dates of a `Fixed` are closed form (finding the next one costs the same however far away it is); those of a
`FixedRule` come from `recur`.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal
from zoneinfo import ZoneInfo

from reconnectd.core.model import (
    Daily,
    Fixed,
    FixedRule,
    MonthDays,
    NthWeekdays,
    On,
    Span,
    Weekdays,
    YearDates,
)
from reconnectd.core.recur import EPOCH, Recur

ShortMonth = Literal["skip", "last day"]

_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)
_MIDNIGHT = dt.time()
_PROBES = (_MIDNIGHT, dt.time(12), dt.time(23, 59, 59))


def nominal_dates(
    schedule: Fixed | FixedRule,
    first: dt.date,
    last: dt.date,
    *,
    week_start: int = 0,
    short_month: ShortMonth = "skip",
    zone: ZoneInfo | None = None,
) -> Iterator[dt.date]:
    """The nominal dates in [first, last), ascending, each once.

    `every` counts from the period that holds `starting`, else from the one that holds Monday 2024-01-01; dates
    before `starting` don't exist, `until` is inclusive. `week_start` and `short_month` are for `Fixed`: a
    `FixedRule` says its own WKST (RFC 5545: Monday unless written) and skips dates that a month doesn't have.
    `zone` matters only to a rule whose UNTIL is an instant (…Z); without it that is read as UTC.
    """
    if isinstance(schedule, FixedRule):
        rule = Recur.of(schedule)
        until = rule.last_date(schedule.at, zone)
        lower, upper = _bounds(first, last, schedule.starting, until)
        return rule.dates(lower, upper)
    lower, upper = _bounds(first, last, schedule.starting, schedule.until)
    return _fixed_dates(schedule, lower, upper, week_start, short_month)


def next_date(
    schedule: Fixed | FixedRule,
    on_or_after: dt.date,
    *,
    week_start: int = 0,
    short_month: ShortMonth = "skip",
    within_days: int = 366 * 9,
    zone: ZoneInfo | None = None,
) -> dt.date | None:
    """The first nominal date from `on_or_after` on; None when there is none in `within_days` days."""
    last = dt.date.fromordinal(min(on_or_after.toordinal() + within_days, dt.date.max.toordinal()))
    dates = nominal_dates(schedule, on_or_after, last, week_start=week_start, short_month=short_month, zone=zone)
    return next(dates, None)


def instant(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    """When the clock shows `at` on `day`, in UTC; None when the zone never had that day (Apia, 2011-12-30).

    RFC 5545 §3.3.5: the first of two, and in a gap the offset before it, so that 02:30 rings at 03:30.
    """
    resolved = _resolve(day, at, zone)
    if resolved.astimezone(zone).date() == day or _exists(day, zone):
        return resolved
    return None


def stretch(day: dt.date, start: dt.time, end: dt.time, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The instants [begin, end), in UTC, of a window that starts on `day`; with `end <= start` it ends on the next.

    In a gap an edge is the moment of the change; of a repeated time the beginning is the first, the end the
    second. A window that lies wholly in a gap is empty (begin == end).
    """
    begin = _edge(day, start, zone, fold=0)
    closing = day + _DAY if end <= start else day
    return begin, max(begin, _edge(closing, end, zone, fold=1))


def local_date(instant: dt.datetime, zone: ZoneInfo, day_start: dt.time) -> dt.date:
    """The day to which an instant belongs when days begin at `day_start`: the one whose `day_bounds` hold it."""
    day = instant.astimezone(zone).date() + _DAY
    while _resolve(day, day_start, zone) > instant:
        day -= _DAY
    return day


def day_bounds(day: dt.date, zone: ZoneInfo, day_start: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """[begin, end) of a day in UTC; empty (begin == end) when the zone never had it."""
    return _resolve(day, day_start, zone), _resolve(day + _DAY, day_start, zone)


def shift(day: dt.date, span: Span) -> dt.date:
    """`day` and a calendar length later; 31 January and a month is the last of February. OverflowError after 9999."""
    if span.unit in ("day", "week"):
        return day + dt.timedelta(days=span.count * (7 if span.unit == "week" else 1))
    months = span.count * (12 if span.unit == "year" else 1) + day.year * 12 + day.month - 1
    year, month = divmod(months, 12)
    if year > dt.MAXYEAR:
        raise OverflowError(f"{span.count} {span.unit} after {day} is past the year {dt.MAXYEAR}")
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _bounds(first: dt.date, last: dt.date, starting: dt.date | None, until: dt.date | None) -> tuple[dt.date, dt.date]:
    lower = max(first, starting) if starting else first
    upper = min(last, until + _DAY) if until and until < last else last
    return lower, upper


def _fixed_dates(
    schedule: Fixed, lower: dt.date, upper: dt.date, week_start: int, short_month: ShortMonth
) -> Iterator[dt.date]:
    if lower >= upper:
        return
    on, every = schedule.on, schedule.every
    anchor = _index(on, schedule.starting or EPOCH, week_start)
    start = _index(on, lower, week_start)
    aligned = start + (anchor - start) % every
    begin, end = lower.toordinal(), upper.toordinal()
    for index in range(aligned, _index(on, upper - _DAY, week_start) + 1, every):
        ordinals = _ordinals(on, index, week_start, short_month)
        yield from (dt.date.fromordinal(n) for n in sorted(set(ordinals)) if begin <= n < end)


def _index(on: On, day: dt.date, week_start: int) -> int:
    """The number of the period (day, week, month or year) that holds `day`; ordinal 1 was a Monday."""
    match on:
        case Daily():
            return day.toordinal()
        case Weekdays():
            return (day.toordinal() - 1 - week_start) // 7
        case YearDates():
            return day.year
        case _:
            return day.year * 12 + day.month - 1


def _ordinals(on: On, index: int, week_start: int, short_month: ShortMonth) -> Iterable[int]:
    match on:
        case Daily():
            return (index,)
        case Weekdays(days):
            return (index * 7 + 1 + week_start + (day - week_start) % 7 for day in days)
        case YearDates(dates):
            return _month_ordinals(((index, month, day) for month, day in dates), short_month)
        case MonthDays(days):
            year, month = divmod(index, 12)
            return _month_ordinals(((year, month + 1, day) for day in days), short_month)
        case NthWeekdays(pairs):
            year, month = divmod(index, 12)
            return _nth_ordinals(year, month + 1, pairs, short_month)


def _month_ordinals(dates: Iterable[tuple[int, int, int]], short_month: ShortMonth) -> Iterator[int]:
    for year, month, day in dates:
        length = calendar.monthrange(year, month)[1]
        if day <= length or short_month == "last day":
            yield dt.date(year, month, min(day, length)).toordinal()


def _nth_ordinals(year: int, month: int, pairs: Iterable[tuple[int, int]], short_month: ShortMonth) -> Iterator[int]:
    weekday, length = calendar.monthrange(year, month)
    before = dt.date(year, month, 1).toordinal() - 1
    for n, day in pairs:
        earliest = 1 + (day - weekday) % 7
        latest = earliest + (length - earliest) // 7 * 7
        wanted = latest if n == -1 else earliest + (n - 1) * 7
        if wanted <= length or short_month == "last day":
            yield before + min(wanted, latest)


def _resolve(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, at.replace(fold=0), zone).astimezone(dt.UTC)


def _exists(day: dt.date, zone: ZoneInfo) -> bool:
    return any(_resolve(day, probe, zone).astimezone(zone).date() == day for probe in _PROBES)


def _edge(day: dt.date, at: dt.time, zone: ZoneInfo, *, fold: int) -> dt.datetime:
    wall = dt.datetime.combine(day, at.replace(fold=fold))
    resolved = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    if resolved.astimezone(zone).replace(tzinfo=None) == wall.replace(fold=0):
        return resolved
    return _change(wall, zone)


def _change(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment, to the second, at which the clock jumped over `wall`."""
    after, before = (wall.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + dt.timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
