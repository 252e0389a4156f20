"""The turn of an occurrence: its place in the order of a deck, told from its date alone.

Where the dates of a schedule can be counted, turns go up by one, so that an order is gone through without gaps; those
of other schedules only go up.
"""

from __future__ import annotations

import datetime as dt

from reconnectd.core.model import (
    CountedFrom,
    Daily,
    Fixed,
    MonthDays,
    NthWeekdays,
    Schedule,
    Weekdays,
)
from reconnectd.core.occurrence import OccurrenceId

_MONDAY = dt.date(2024, 1, 1).toordinal()
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def turn(schedule: Schedule, name: OccurrenceId, week_start: int) -> int:
    """The turn of one occurrence. Surprise cues are counted by `cues.Counting`, which knows how they are drawn."""
    if isinstance(schedule, Fixed):
        return _fixed(schedule, name.nominal, week_start)
    if isinstance(schedule, CountedFrom):
        return name.nominal.toordinal() // (schedule.every.count * _DAYS[schedule.every.unit])
    return name.nominal.toordinal() + name.n - 1


def _fixed(schedule: Fixed, day: dt.date, week_start: int) -> int:
    on, every = schedule.on, schedule.every
    days = day.toordinal() - _MONDAY
    if isinstance(on, Daily):
        return days // every
    if isinstance(on, Weekdays):
        before = sum((other - week_start) % 7 < (day.weekday() - week_start) % 7 for other in on.days)
        return (days - week_start) // 7 // every * len(on.days) + before
    months = day.year * 12 + day.month
    if isinstance(on, NthWeekdays):
        return months // every * len(on.pairs) + min((day.day - 1) // 7, len(on.pairs) - 1)
    if isinstance(on, MonthDays):
        return months // every * len(on.days) + sum(other < day.day for other in on.days) % len(on.days)
    return day.year // every * len(on.dates) + sum(other < (day.month, day.day) for other in on.dates)
