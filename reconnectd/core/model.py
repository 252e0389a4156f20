"""Routines and their schedules: frozen values that check themselves when they are made.

Conventions used everywhere in the core: a weekday is 0 (Monday) to 6 (Sunday) as in `date.weekday()`; every
range is half-open; a local date and a wall-clock time become an instant only together with a zone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
ONE_OFF = "remember"
"""The slug of what `reconnect remember` makes; no routine of the config may have it."""
TALKS = "topic"
"""The slug of the talks that `reconnect topic plan` puts into the plan; no routine of the config may have it."""

Period = Literal["day", "week", "month", "year"]


class Practice(StrEnum):
    """The seven practices; the eighth, patience, is how all of them are done."""

    CHECK_IN = "check-in"
    QUALITY_TIME = "quality-time"
    LISTENING = "listening"
    EMPATHY = "empathy"
    OPENNESS = "openness"
    AFFECTION = "affection"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day, or every nth with `Fixed.every`."""


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week; `days` is sorted and without repeats."""

    days: tuple[int, ...]

    def __post_init__(self) -> None:
        _require(bool(self.days) and all(0 <= d <= 6 for d in self.days), "weekdays are 0 to 6")


@dataclass(frozen=True, slots=True)
class NthWeekdays:
    """(n, weekday) pairs within a month: n is 1 to 5, or -1 for the last."""

    pairs: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        ok = all(n in (-1, 1, 2, 3, 4, 5) and 0 <= day <= 6 for n, day in self.pairs)
        _require(bool(self.pairs) and ok, "nth weekdays are 1 to 5 or -1")


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of the month, 1 to 31."""

    days: tuple[int, ...]

    def __post_init__(self) -> None:
        _require(bool(self.days) and all(1 <= d <= 31 for d in self.days), "days of the month are 1 to 31")


@dataclass(frozen=True, slots=True)
class YearDates:
    """(month, day) pairs of every year; 29 February is one."""

    dates: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        _require(bool(self.dates), "at least one date")
        for month, day in self.dates:
            dt.date(2024, month, day)


On = Daily | Weekdays | NthWeekdays | MonthDays | YearDates


@dataclass(frozen=True, slots=True)
class Fixed:
    """Civil dates and a wall-clock time.

    `every` counts periods of the kind of `on`: days, weeks, months or years. It counts from the period that
    holds `starting`, else from the one that holds Monday 2024-01-01, never from today. `until` is inclusive.
    """

    on: On
    at: dt.time
    every: int = 1
    starting: dt.date | None = None
    until: dt.date | None = None

    def __post_init__(self) -> None:
        _require(1 <= self.every <= 999, "every is 1 to 999")


@dataclass(frozen=True, slots=True)
class FixedRule:
    """An RFC 5545 recurrence rule (value only, without "RRULE:") and a wall-clock time."""

    rrule: str
    at: dt.time
    starting: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of certain weekdays. With `end <= start` it runs past midnight and belongs to its first day."""

    days: frozenset[int]
    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        _require(bool(self.days), "a window has at least one weekday")


@dataclass(frozen=True, slots=True)
class Times:
    """How often: `count` times in each `period`."""

    count: int
    period: Period

    def __post_init__(self) -> None:
        _require(1 <= self.count <= 99, "times is 1 to 99")


@dataclass(frozen=True, slots=True)
class Placed:
    """So many times a period, in free time inside the windows; `ideal` is (weekday or None, time)."""

    times: Times
    within: tuple[Window, ...]
    ideal: tuple[int | None, dt.time] | None = None


@dataclass(frozen=True, slots=True)
class Surprise:
    """A cue at a time inside the windows that nobody can guess."""

    times: Times
    within: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar length: 1 month is not 30 days."""

    count: int
    unit: Period

    def __post_init__(self) -> None:
        _require(self.count >= 1, "a span is at least 1")


@dataclass(frozen=True, slots=True)
class CountedFrom:
    """`every` after it was last done, at `at`.

    `starting` is the first day there is; until it was done once, `every` counts from there, else from Monday
    2024-01-01. What did not happen comes again, at the latest `no_later_than` after it was last done.
    """

    every: Span
    at: dt.time
    no_later_than: Span | None = None
    starting: dt.date | None = None


@dataclass(frozen=True, slots=True)
class After:
    """An if-then cue: `event` is "unlock" (with `window`) or "event" (with the `calendar` whose events end)."""

    event: Literal["unlock", "event"]
    window: tuple[dt.time, dt.time] | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Arranged:
    """No days of its own: each stands where two people agreed on it, once."""


Schedule = Fixed | FixedRule | Placed | Surprise | CountedFrom | After | Arranged


@dataclass(frozen=True, slots=True)
class Lasting:
    """A length, or a range of lengths; fixed events take the longest."""

    shortest: dt.timedelta
    longest: dt.timedelta

    def __post_init__(self) -> None:
        _require(dt.timedelta(0) < self.shortest <= self.longest, "a length is more than nothing")


@dataclass(frozen=True, slots=True)
class Routine:
    """One routine of the config, every default already filled in.

    `remind` are leads before the start, each 0 or more. `late` is None where `[reminders] late` holds.
    `paused` is True, or the local date (exclusive) until which it rests. `timezone` is an IANA name or None.
    """

    slug: str
    title: str
    schedule: Schedule
    practice: Practice | None = None
    lasting: Lasting | None = None
    calendar: bool = False
    private: bool = False
    show_as: Literal["busy", "free"] = "busy"
    remind: tuple[dt.timedelta, ...] = (dt.timedelta(0),)
    done: Literal["ask", "assume"] = "assume"
    late: dt.timedelta | None = None
    short_month: Literal["skip", "last day"] = "skip"
    deck: str | None = None
    location: str = ""
    notes: str = ""
    invite: bool = False
    paused: bool | dt.date = False
    timezone: str | None = None
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        _require(bool(SLUG.match(self.slug)) and self.slug != ONE_OFF, "a slug is a-z 0-9 -")
        _require(all(lead >= dt.timedelta(0) for lead in self.remind), "a lead is before the start")

    @property
    def length(self) -> dt.timedelta | None:
        """How long a fixed event takes; None for a cue."""
        return self.lasting.longest if self.lasting else None

    @property
    def counts(self) -> bool:
        """Is it one date at a time, counted from the last, and no series? An answer makes another date the next."""
        return isinstance(self.schedule, CountedFrom)


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise ValueError(rule)
