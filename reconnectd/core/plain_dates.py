"""A time that stands in a sentence: "interview thursday 10:00, nervous" → Thursday at ten, and the words around it.

Unlike `when`, which reads a WHEN and nothing else, this looks for a day and a time of day among other words, and what
it finds is always ahead. A bare hour is read as one would mean it ("at 3" is in the afternoon, "at 9" in the morning)
and the other reading is told, so that it can be said back. Civil times are the person's; one in a gap or a fold of the
clock is read as RFC 5545 §3.3.5 says. "today", "tomorrow" and "tonight" count from `day_start`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from reconnectd.core import plain_days, plain_times
from reconnectd.core.plain_days import ONE_DAY, Calendar, Days
from reconnectd.core.plain_patterns import MASK
from reconnectd.core.plain_times import Clock
from reconnectd.core.recurrence import instant, local_date
from reconnectd.errors import WrongUsage

AHEAD_FIX = "name a time ahead, such as `tomorrow at 10:00`"

NINE = dt.time(9)
_PARTS = {
    "morning": (dt.time(9), dt.time(12)), "lunch": (dt.time(12), dt.time(14)), "lunchtime": (dt.time(12), dt.time(14)),
    "afternoon": (dt.time(15), dt.time(18)), "evening": (dt.time(19), dt.time(23, 59)),
    "night": (dt.time(20), dt.time(23, 59)), "": (NINE, dt.time(23, 59)),
}  # fmt: skip
"""The time that each part of a day stands for where no other is named, and when it is over."""

_YESTERDAY = re.compile(rf"\byesterday,?\s+(?:at\s+)?{MASK}|{MASK},?\s+yesterday\b", re.IGNORECASE)
_LAST_WEEK = re.compile(rf"\blast\s+{MASK}+(?!{MASK}|\s+of\b)", re.IGNORECASE)
"""Days that are behind, beside a time or as a day of the week that was found: no time ahead is meant."""

_TIME_OF_DAY = re.compile(r"(?<![\d:.,-])(\d{1,2}):(\d\d)(?![\d:])")
_DATE = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])")
_SOON = dt.timedelta(minutes=30)
_FIVE = dt.timedelta(minutes=5)
_NIGHT_ENDS = 6
_LAST = dt.datetime(2199, 12, 30, tzinfo=dt.UTC)


class Passed(WrongUsage):
    """A time was named that is behind."""

    def __init__(self) -> None:
        super().__init__("that time has passed", AHEAD_FIX)


@dataclass(frozen=True, slots=True)
class Present:
    """What a sentence is read against."""

    now: dt.datetime
    zone: ZoneInfo
    week_start: int = 0
    day_start: dt.time = dt.time(0)

    @property
    def calendar(self) -> Calendar:
        """The same in dates."""
        civil = self.now.astimezone(self.zone).date()
        return Calendar(civil, local_date(self.now, self.zone, self.day_start), self.week_start)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `at` is UTC; `timed` says that a time of day was named; `other` is another instant that the same
    words could mean, None where there is none; `rest` is the sentence without them."""

    at: dt.datetime
    timed: bool
    other: dt.datetime | None
    rest: str


def find(text: str, present: Present) -> Found | None:
    """The time in a sentence; None when there is none in it. Passed when it is behind; WrongUsage when it is too far
    away, or none at all (25:00)."""
    present = replace(present, now=present.now.astimezone(dt.UTC))
    _refuse_what_is_none(text)
    try:
        sentence = text.replace(MASK, " ")
        found = _distance(sentence, present) or _day_and_time(sentence, present)
    except OverflowError:
        found = None
    if found is not None and found.at > _LAST:
        raise WrongUsage("that is too far away", AHEAD_FIX)
    return found


def _refuse_what_is_none(text: str) -> None:
    """A time or a date that looks like one and can't be would else be passed over, and the word come at another."""
    for time in _TIME_OF_DAY.finditer(text):
        if time[0] != "24:00" and (int(time[1]) > 23 or int(time[2]) > 59):
            raise WrongUsage(f"{time[0]} is no time of day", "name one such as 18:30")
    for date in _DATE.finditer(text):
        try:
            dt.date.fromisoformat(date[0])
        except ValueError:
            raise WrongUsage(f"there is no {date[0]}", "name a date such as 2026-11-27") from None


def _distance(text: str, present: Present) -> Found | None:
    said = plain_times.distance(text)
    if said is None or not said[2]:
        return None
    at = (present.now + said[2]).replace(microsecond=0)
    at += dt.timedelta(seconds=1) if at < present.now + said[2] else dt.timedelta(0)
    return Found(at, timed=True, other=None, rest=_tidy(_masked(text, *said[:2])))


def _day_and_time(text: str, present: Present) -> Found | None:
    calendar = present.calendar
    left, day = text, plain_days.days(text, calendar)
    if day is not None:
        left = _masked(left, day[0], day[1])
        if _LAST_WEEK.search(left):
            raise Passed
    time = plain_times.clock(left)
    if time is not None:
        left = _masked(left, time[0], time[1])
    part = plain_times.part(left)
    if part is not None:
        left = _masked(left, part[0], part[1])
    if day is None and time is None and part is None:
        return None
    if day is None and _YESTERDAY.search(left):
        raise Passed
    reading = _Reading(present, day and day[2], time and time[2], part[2] if part else (day[2].part if day else ""))
    at, other = reading.meant()
    another_day = day is not None and plain_days.days(left, calendar) is not None
    return Found(at, time is not None, other, text.strip() if another_day else _tidy(left))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The phrases of one sentence: which day, which time of day, which part of the day."""

    present: Present
    day: Days | None
    clock: Clock | None
    part: str

    def meant(self) -> tuple[dt.datetime, dt.datetime | None]:
        """(the instant, another that the same words could mean or None)."""
        near, far = self._clocks()
        days = self.day or Days(self._every_day())
        readings = [self._first(days.dates, near), self._first(days.dates, far) if far else None]
        if self.day is None and far is not None and far.hour >= _NIGHT_ENDS:
            readings.sort(key=lambda at: (at is None, at))
        if self.clock is None and readings[0] is None:
            readings[0] = self._soon(days)
        found = [at for at in readings if at is not None]
        if not found:
            raise Passed
        other = self._first(days.others, near) if days.others else next(iter(found[1:]), None)
        return found[0], None if other == found[0] else other

    def _every_day(self) -> tuple[dt.date, ...]:
        civil = self.present.calendar.civil
        return tuple(civil + n * ONE_DAY for n in range(3))

    def _clocks(self) -> tuple[Clock, Clock | None]:
        """The time as it is meant, and twelve hours apart where that could be meant, too."""
        said = self.clock
        if said is None:
            default = _PARTS[self.part][0]
            return Clock(default.hour, default.minute), None
        if self.part == "night" and (said.hour < _NIGHT_ENDS or (said.hour == 12 and not said.certain)):
            return Clock(said.hour % 12, said.minute, plus=max(said.plus, 1)), None
        if self.part in {"afternoon", "evening", "night"} and 1 <= said.hour < 12:
            return Clock(said.hour + 12, said.minute), None
        later = Clock((said.hour + 12) % 24, said.minute)
        if self.part or said.certain or not 1 <= said.hour < 12:
            return said, None
        return (later, said) if said.hour <= 7 else (said, later)

    def _first(self, dates: tuple[dt.date, ...], clock: Clock) -> dt.datetime | None:
        """The first of the days at which the time is ahead; a day that the zone never had is none."""
        time = dt.time(clock.hour, clock.minute)
        instants = (instant(date + clock.plus * ONE_DAY, time, self.present.zone) for date in dates)
        return next((at for at in instants if at is not None and at > self.present.now), None)

    def _soon(self, days: Days) -> dt.datetime | None:
        """Where no time is named and the usual one is behind: in half an hour, while that part of the day lasts."""
        begin, end = (instant(days.dates[0], time, self.present.zone) for time in _PARTS[self.part])
        soon = self.present.now + _SOON
        soon = soon.replace(second=0, microsecond=0) + (_FIVE - dt.timedelta(minutes=soon.minute % 5)) % _FIVE
        return soon if begin and end and begin <= soon <= end else None


def _masked(text: str, begin: int, end: int) -> str:
    return text[:begin] + MASK * (end - begin) + text[end:]


def _tidy(text: str) -> str:
    """What is left of a sentence without its time, with no gap and no comma too many."""
    text = re.sub(rf"\b(?:on|at|by|for|from)\s+{MASK}+", MASK, text, flags=re.IGNORECASE)
    text = re.sub(rf"\s+(?:is|are|will be)\s+{MASK}[{MASK}\s]*(?=$|[,.;:!])", "", text, flags=re.IGNORECASE)
    text = re.sub(rf"\s*{MASK}[{MASK}\s]*", " ", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    return text.strip(" ,;:-\u2013")
