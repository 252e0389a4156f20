"""A cadence: how many days lie between two occurrences of a routine, as its schedule says it."""

from __future__ import annotations

from reconnectd.core.model import (
    After,
    Arranged,
    CountedFrom,
    Daily,
    Fixed,
    FixedRule,
    MonthDays,
    NthWeekdays,
    On,
    Period,
    Schedule,
    Weekdays,
    YearDates,
)
from reconnectd.core.recur import EPOCH
from reconnectd.core.recurrence import nominal_dates

DAYS: dict[Period, float] = {"day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}
TWO_YEARS = 731


def interval(schedule: Schedule) -> float:
    """The mean number of days from one to the next. What follows something else (`after`) is
    taken for daily, what is agreed on each time for weekly."""
    match schedule:
        case Fixed(on=on, every=every):
            return DAYS[_unit(on)] * every / _each(on)
        case FixedRule():
            return _of_rule(schedule)
        case CountedFrom(every=span):
            return DAYS[span.unit] * span.count
        case After():
            return DAYS["day"]
        case Arranged():
            return DAYS["week"]
        case _:
            return DAYS[schedule.times.period] / schedule.times.count


def _unit(on: On) -> Period:
    if isinstance(on, Daily):
        return "day"
    if isinstance(on, Weekdays):
        return "week"
    return "year" if isinstance(on, YearDates) else "month"


def _each(on: On) -> int:
    """How many there are in a period of its own."""
    match on:
        case Daily():
            return 1
        case NthWeekdays(pairs):
            return len(pairs)
        case YearDates(dates):
            return len(dates)
        case Weekdays(days) | MonthDays(days):
            return len(days)


def _of_rule(schedule: FixedRule) -> float:
    """Over its first two years, so that it doesn't depend on when it is asked."""
    first = schedule.starting or EPOCH
    last = first.fromordinal(min(first.toordinal() + TWO_YEARS, first.max.toordinal()))
    return TWO_YEARS / max(sum(1 for _ in nominal_dates(schedule, first, last)), 1)
