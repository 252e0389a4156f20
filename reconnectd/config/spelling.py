"""Values of the model as the config writes them: the inverse of `core.grammar`."""

from __future__ import annotations

import datetime as dt

from reconnectd.core.day_names import MONTHS, ORDINALS, WEEKDAYS
from reconnectd.core.grammar import spell_duration
from reconnectd.core.model import (
    After,
    Daily,
    Lasting,
    MonthDays,
    NthWeekdays,
    On,
    Span,
    Times,
    Weekdays,
    Window,
    YearDates,
)

_NTH = {n: name for name, n in ORDINALS.items()}


def time(value: dt.time) -> str:
    """19:00, with seconds only when there are some."""
    return value.isoformat("seconds" if value.second else "minutes")


def hours(value: tuple[dt.time, dt.time]) -> str:
    """22:30-07:30; midnight as an end is 24:00."""
    start, end = value
    return f"{time(start)}-{'24:00' if end == dt.time(0) else time(end)}"


def weekday(value: int) -> str:
    """The short name: fri."""
    return WEEKDAYS[value]


def days(value: frozenset[int] | tuple[int, ...]) -> str:
    """A range, fri-sun, for neighbours, else mon, wed."""
    found = sorted(value)
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{WEEKDAYS[found[0]]}-{WEEKDAYS[found[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in found)


def window(value: Window) -> str:
    """fri-sun 17:30-23:00; without days when it is all of them."""
    when = hours((value.start, value.end))
    return when if len(value.days) == len(WEEKDAYS) else f"{days(value.days)} {when}"


def lasting(value: Lasting) -> str:
    """45 min, or 90 min - 3h."""
    if value.shortest == value.longest:
        return spell_duration(value.longest)
    return f"{spell_duration(value.shortest)} - {spell_duration(value.longest)}"


def span(value: Span) -> str:
    """2 weeks"""
    return f"{value.count} {value.unit}{'s' if value.count > 1 else ''}"


def every(value: Span | int) -> str | int:
    """2 weeks, or a number as it is."""
    return value if isinstance(value, int) else span(value)


def times(value: Times) -> str:
    """2 per week"""
    return f"{value.count} per {value.period}"


def at_most(value: Times | None) -> str:
    """3 per day, or no limit."""
    return times(value) if value else "no limit"


def ideal(value: tuple[int | None, dt.time]) -> str:
    """A day and a time, fri 19:30, or a time."""
    day, start = value
    return time(start) if day is None else f"{WEEKDAYS[day]} {time(start)}"


def after(value: After) -> str:
    """What a cue follows: unlock 17:30-21:00, or event Work."""
    return f"unlock {hours(value.window)}" if value.window else f"event {value.calendar}"


def on(value: On) -> str | list[str]:
    """The days of a fixed routine, a list when there are several."""
    match value:
        case Daily():
            return "daily"
        case Weekdays(weekdays):
            found = [days(weekdays)] if "-" in days(weekdays) else [WEEKDAYS[day] for day in weekdays]
        case NthWeekdays(pairs):
            found = [f"{_NTH[n]} {WEEKDAYS[day]}" for n, day in pairs]
        case MonthDays(monthdays):
            found = [str(day) for day in monthdays]
        case YearDates(dates):
            found = [f"{day} {MONTHS[month - 1]}" for month, day in dates]
    return found[0] if len(found) == 1 else found
