"""Words for a time, as a person types them: "tomorrow 18:00", "sat", "in 90 min", "2026-11-27T19:30".

A day and a time of day, each named at most once and in either order, or a distance from now. Civil times are the
person's; a time in a gap or a fold of the clock is read as RFC 5545 §3.3.5 says (`recurrence.instant`). Days and weeks
keep the time on the clock, hours, minutes and seconds are exact. "today" begins at `day_start`; weekdays, days of the
year and bare times are civil, and mean the next one ahead, or the last one behind.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.recurrence import instant, local_date
from reconnectd.core.wording import DAYS, MONTHS
from reconnectd.errors import WrongUsage

EXAMPLES = "such as `tomorrow 18:00`, `sat`, `in 90 min` or `2026-11-27T19:30`"
NINE = dt.time(9)
MIDNIGHT = dt.time(0)

_ONE_DAY = dt.timedelta(days=1)
_ONE_SECOND = dt.timedelta(seconds=1)
_FIRST, _LAST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC), dt.datetime(2199, 12, 30, tzinfo=dt.UTC)
_LONGEST_TEXT = 100

_RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAY = {name.lower()[:length]: number for number, name in enumerate(DAYS) for length in (3, len(name))}
_WEEKDAY |= {"tues": 1, "thur": 3, "thurs": 3}
_MONTH = {name.lower()[:length]: number for number, name in enumerate(MONTHS, 1) for length in (3, len(name))}
_UNITS = {
    name: unit
    for unit, names in {
        "s": "s sec secs second seconds",
        "min": "min mins minute minutes",
        "h": "h hr hrs hour hours",
        "day": "d day days",
        "week": "w week weeks",
    }.items()
    for name in names.split()
}
_EXACT = {"s": 1, "min": 60, "h": 3600}
_FILLERS = {"at", "on", ","}

_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s?(am|pm)?\Z", re.ASCII)
_PART = re.compile(r"\s*(\d{1,7}|an?\b)\s*([a-z]+)\s*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[Tt]|\s\d{1,2}:\d{2}(?::[\d.]+)?\s?[-+Zz])", re.ASCII)
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\Z", re.ASCII)

Day = Callable[[dt.time], dt.date]


@dataclass(frozen=True, slots=True)
class _Present:
    """What words are read against."""

    now: dt.datetime
    zone: ZoneInfo
    week_start: int
    day_start: dt.time
    behind: bool

    @property
    def civil(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    @property
    def today(self) -> dt.date:
        return local_date(self.now, self.zone, self.day_start)

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        found = instant(day, time, self.zone)
        if found is None:
            raise WrongUsage(f"{day} is a day that {self.zone.key} never had", "give another day")
        return found

    def nearest(self, matches: Callable[[dt.date], bool]) -> Day:
        """The first matching day, counted from the civil date, at which the time is ahead (`behind`: is not)."""

        def day(time: dt.time) -> dt.date:
            candidate = self.civil
            while not matches(candidate) or (self.at(candidate, time) <= self.now) is not self.behind:
                candidate += (-1 if self.behind else 1) * _ONE_DAY
            return candidate

        return day


def parse_when(
    text: str, now: dt.datetime, zone: ZoneInfo, week_start: int = 0, *, day_start: dt.time = MIDNIGHT,
    at: dt.time = NINE, behind: bool = False,
) -> dt.datetime:  # fmt: skip
    """The instant, in UTC, that `text` means; `at` is the time where only a day is named, `behind` says that what
    has been is spoken of. WrongUsage when it can't be read. A distance from now ends on a whole second, never early."""
    present = _Present(now.astimezone(dt.UTC), zone, week_start, day_start, behind)
    words = _words(text)
    try:
        found = _distance(words, present) or _iso(text, zone) or _day_and_time(words, present, at)
    except (OverflowError, ValueError):
        found = None
    if found is None:
        raise WrongUsage(f'"{_short(text)}" is not a time that can be read', f"say it {EXAMPLES}")
    if not _FIRST <= found <= _LAST:
        raise WrongUsage(f'"{_short(text)}" is too far away', f"say it {EXAMPLES}")
    return found


def names_only_a_day(text: str) -> bool:
    """Does it leave the time of day open? Only of a text that `parse_when` reads."""
    words = _words(text)
    is_distance = words[:1] == ["in"] or words[-1:] in (["now"], ["ago"]) or _parts(" ".join(words)) is not None
    return not is_distance and not any(_time(word) for word in words) and _ISO.match(text.strip()) is None


def _words(text: str) -> list[str]:
    if len(text) > _LONGEST_TEXT:
        return []
    spaced = re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", text.strip().lower().replace(",", " , "))
    return [word for word in spaced.split() if word not in _FILLERS]


def _short(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text.strip())
    return shown if len(shown) <= 40 else shown[:39] + "…"


# A distance from now.


def _distance(words: list[str], present: _Present) -> dt.datetime | None:
    if words == ["now"]:
        return present.now
    sign = -1 if words[-1:] == ["ago"] else 1
    parts = _parts(" ".join(words))
    if parts is None:
        return None
    days = sum(count * {"day": 1, "week": 7}.get(unit, 0) for count, unit in parts)
    seconds = sum(count * _EXACT.get(unit, 0) for count, unit in parts)
    found = present.now
    if days:
        local = present.now.astimezone(present.zone)
        found = present.at(local.date() + sign * days * _ONE_DAY, local.time())
    return _whole(found + dt.timedelta(seconds=sign * seconds))


def _parts(text: str) -> list[tuple[int, str]] | None:
    """(count, unit) pairs of "in 1 h 30 min", "90 min", "2h ago"; None when it is no distance."""
    text = text.removesuffix(" ago") if text.endswith(" ago") else text.removeprefix("in ")
    parts, at = [], 0
    while match := _PART.match(text, at):
        unit = _UNITS.get(match[2])
        if unit is None:
            return None
        parts.append((1 if match[1].startswith("a") else int(match[1]), unit))
        at = match.end()
    return parts if parts and at == len(text) else None


def _whole(found: dt.datetime) -> dt.datetime:
    return found.replace(microsecond=0) + (_ONE_SECOND if found.microsecond else 0 * _ONE_SECOND)


# A date and time in ISO 8601.


def _iso(text: str, zone: ZoneInfo) -> dt.datetime | None:
    """One without an offset is the person's."""
    if _ISO.match(text.strip()) is None:
        return None
    found = dt.datetime.fromisoformat(text.strip().upper()).replace(microsecond=0)
    if found.tzinfo is None:
        return instant(found.date(), found.time(), zone)
    return found.astimezone(dt.UTC)


# A day, a time of day, or both.


def _day_and_time(words: list[str], present: _Present, at: dt.time) -> dt.datetime | None:
    times = [time for word in words if (time := _time(word)) is not None]
    rest = [word for word in words if _time(word) is None]
    if not words or len(times) > 1:
        return None
    day = _day(rest, present) if rest else present.nearest(lambda _: True)
    if day is None:
        return None
    time = times[0] if times else at
    return present.at(day(time), time)


def _time(word: str) -> dt.time | None:
    """A time such as "18:00", "6pm", "7:30:15"; None for anything else, also for a number without a colon."""
    match = _TIME.match(word)
    if match is None or (match[2] is None and match[4] is None):
        return None
    hour, minute, second = (int(match[number] or 0) for number in (1, 2, 3))
    if match[4]:
        hour = hour % 12 + (12 if match[4] == "pm" else 0) if 1 <= hour <= 12 else 24
    return dt.time(hour, minute, second)


def _day(words: list[str], present: _Present) -> Day | None:
    if words == ["next", "week"]:
        return lambda _: _next_week(present)
    if len(words) == 2:
        return _day_of_year(words, present)
    name = words[0] if len(words) == 1 else ""
    if name in _WEEKDAY:
        return present.nearest(lambda day: day.weekday() == _WEEKDAY[name])
    date = dt.date.fromisoformat(name) if _DATE.match(name) else None
    if name in _RELATIVE_DAYS:
        date = present.today + _RELATIVE_DAYS[name] * _ONE_DAY
    return None if date is None else lambda _: date


def _next_week(present: _Present) -> dt.date:
    into = (present.today.weekday() - present.week_start) % 7
    return present.today + (7 - into) * _ONE_DAY


def _day_of_year(words: list[str], present: _Present) -> Day | None:
    """A day such as "14 jun", "jun 14" or "June 14th"."""
    number, name = words if words[0][0].isdigit() else reversed(words)
    match, month = _DAY_OF_MONTH.match(number), _MONTH.get(name)
    if match is None or month is None:
        return None
    wanted = (month, dt.date(2024, month, int(match[1])).day)
    return present.nearest(lambda day: (day.month, day.day) == wanted)
