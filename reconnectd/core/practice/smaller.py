"""Smaller: what a routine could be when it is hard to keep up. Offered in words, never done by itself."""

from __future__ import annotations

import datetime as dt

from reconnectd.core.model import (
    CountedFrom,
    Daily,
    Fixed,
    NthWeekdays,
    On,
    Placed,
    Routine,
    Schedule,
    Span,
    Surprise,
    Times,
    Weekdays,
    YearDates,
)
from reconnectd.core.wording import spell

SHORT = dt.timedelta(minutes=10)
FIVE = dt.timedelta(minutes=5)
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
AN_HOUR = dt.timedelta(hours=1)


def ways(routine: Routine) -> list[str]:
    """Less often, then shorter, each where there is such a way: "every two weeks", "20 min instead of 45 min"."""
    found = (_less_often(routine.schedule), _shorter(routine.length))
    return [way for way in found if way]


def _less_often(schedule: Schedule) -> str | None:
    match schedule:
        case Fixed(on=on, every=every):
            return _fewer_days(on, every)
        case CountedFrom(every=span):
            return f"{spell(Span(span.count * 2, span.unit))} after the last time"
        case Placed(times=times) | Surprise(times=times):
            return _fewer(times)
    return None


def _fewer_days(on: On, every: int) -> str | None:
    if isinstance(on, Daily):
        return "every second day" if every == 1 else f"every {_periods(every + 1, 'day')}"
    if isinstance(on, YearDates):
        return None
    several = len(on.pairs if isinstance(on, NthWeekdays) else on.days) > 1
    unit = "week" if isinstance(on, Weekdays) else "month"
    return f"one day fewer in {_periods(every, unit)}" if several else f"every {_periods(every * 2, unit)}"


def _periods(count: int, unit: str) -> str:
    return f"{NUMBERS.get(count, count)} {unit}s" if count > 1 else f"a {unit}"


def _fewer(times: Times) -> str | None:
    if times.count > 2:
        return f"{times.count - 1} times a {times.period}"
    if times.count == 2:
        return f"once a {times.period}"
    return {"day": "a few times a week", "week": "twice a month", "month": "every two months"}.get(times.period)


def _shorter(length: dt.timedelta | None) -> str | None:
    if length is None or length <= SHORT:
        return None
    half = max(length // 2 // FIVE * FIVE, SHORT)
    return f"{_spelled(half)} instead of {_spelled(length)}"


def _spelled(length: dt.timedelta) -> str:
    hours, rest = divmod(length, AN_HOUR)
    minutes = rest // dt.timedelta(minutes=1)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
