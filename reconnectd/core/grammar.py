"""The words of the config: text (and TOML times, dates, integers) to the values of the model.

Every function takes what the file says, as tomllib read it, and returns a value or raises `Expected`, whose
sentence is "expected … such as …, got …". Case, blanks around and dashes of any width don't matter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

from reconnectd.core import nearly
from reconnectd.core.day_names import MONTH_OF, MONTHS, ORDINALS, WEEKDAY_OF, WEEKDAYS
from reconnectd.core.expected import Expected
from reconnectd.core.model import (
    After,
    Daily,
    Lasting,
    MonthDays,
    NthWeekdays,
    On,
    Period,
    Span,
    Times,
    Weekdays,
    Window,
    YearDates,
)

T = TypeVar("T")

_GROUPS = {"daily": range(7), "weekdays": range(5), "weekend": range(5, 7)}
_DAY_NAMES = {**{name: WEEKDAYS[n] for name, n in WEEKDAY_OF.items()}, **{name: name for name in _GROUPS}}
_MONTH_NAMES = {name: MONTHS[n - 1] for name, n in MONTH_OF.items()}

_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86400, "week": 604800}
_UNITS = (
    dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s")
    | dict.fromkeys(("min", "mins", "minute", "minutes"), "min")
    | dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h")
    | dict.fromkeys(("day", "days"), "day")
    | dict.fromkeys(("week", "weeks"), "week")
)
_PERIODS: dict[str, Period] = {
    "day": "day",
    "days": "day",
    "week": "week",
    "weeks": "week",
    "month": "month",
    "months": "month",
    "year": "year",
    "years": "year",
}
_LONGEST = dt.timedelta(days=3660)

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\Z", re.ASCII)
_PART = re.compile(r"\s*(\d{1,9})\s*([^\W\d_]+)\s*", re.ASCII)
_COUNTED = re.compile(r"(\d{1,9})\s*([^\W\d_]+)\Z", re.ASCII)
_TIMES = re.compile(r"(\d{1,9})\s+per\s+(\w+)\Z", re.ASCII)
_WINDOW = re.compile(r"(?:(?P<days>.*\S)\s+)?(?P<hours>\d\S*\s*-\s*\d\S*)\Z")
_NTH = re.compile(r"(1st|2nd|3rd|4th|5th|last)\s+(\S+)\Z")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\Z", re.ASCII)
_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([^\W\d_]+)\.?\Z", re.ASCII)
_LONG_TEXT = 200
_DASHES = {0x2013: "-", 0x2014: "-"}


def several(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    """A list of values, or a single one; what is wrong with one of them names its place."""
    if not isinstance(value, list):
        return (read(value),)
    found = []
    for index, item in enumerate(value):
        try:
            found.append(read(item))
        except Expected as error:
            error.index = index
            raise
    return tuple(found)


def time(value: object) -> dt.time:
    """A wall-clock time: "19:00", "19:00:30" or a TOML local time, to the second."""
    what = 'a time such as "19:00"'
    if isinstance(value, dt.time) and value.microsecond == 0:
        return value
    text = _plain(value, what)
    match = _TIME.match(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        raise Expected(what, value, word=text, names=_perhaps(text, nearly.time(text)))
    return dt.time(int(match[1]), int(match[2]), int(match[3] or 0))


def _perhaps(text: str, meant: str | None) -> dict[str, str]:
    """The names of an Expected that offer one thing for the whole text, or nothing."""
    return {text: meant} if text and meant and text != meant else {}


def date(value: object) -> dt.date:
    """A date, as TOML has it or as text, in the years 1900 to 2199."""
    what = "a date such as 2026-11-20"
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value.strip())
        except ValueError:
            raise Expected(what, value) from None
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime) or not 1900 <= value.year < 2200:
        raise Expected(what, value)
    return value


def duration(
    value: object,
    example: str = "1h",
    least: dt.timedelta = dt.timedelta(0),
    most: dt.timedelta = _LONGEST,
) -> dt.timedelta:
    """A length of exact seconds: "90 min", "1h 30 min", "14 days" of 24 hours each; `least` and `most` count."""
    what = f'a length such as "{example}"'
    text = _plain(value, what)
    seconds, at = 0, 0
    while match := _PART.match(text, at):
        unit = _UNITS.get(match[2])
        if unit is None:
            names = {} if match[2] in _PERIODS else {unit: unit for unit in _UNITS} | {"m": "min"}
            raise Expected(what, value, word=match[2], names=names)
        seconds, at = seconds + int(match[1]) * _SECONDS[unit], match.end()
    if at == 0 or at != len(text):
        raise Expected(what, value)
    if not least.total_seconds() <= seconds <= most.total_seconds():
        raise Expected(f"{what}, {spell_duration(least)} to {spell_duration(most)}", value)
    return dt.timedelta(seconds=seconds)


def spell_duration(length: dt.timedelta) -> str:
    """A length the way `duration` reads it."""
    seconds = int(length.total_seconds())
    if seconds and seconds % 86400 == 0:
        return f"{seconds // 86400} day{'s' if seconds > 86400 else ''}"
    if seconds and seconds % 3600 == 0:
        return f"{seconds // 3600}h"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def lasting(value: object) -> Lasting:
    """A length, or a range of lengths: "45 min", "90 min - 3h"; a minute to 31 days."""
    example = "45 min"
    what = f'a length such as "{example}" or "90 min - 3h"'
    parts = _plain(value, what).split("-")
    if len(parts) > 2:
        raise Expected(what, value)
    least, most = dt.timedelta(minutes=1), dt.timedelta(days=31)
    lengths = [duration(part.strip(), example, least, most) for part in parts]
    if lengths[0] > lengths[-1]:
        raise Expected(f"{what}, the shorter one first", value)
    return Lasting(lengths[0], lengths[-1])


def span(value: object, example: str = "2 weeks") -> Span:
    """A calendar length: "2 years", "1 month", "7 days"; at most 999 of them."""
    what = f'a number of days, weeks, months or years such as "{example}"'
    count, unit = _counted(_COUNTED, value, what)
    if not 1 <= count <= 999:
        raise Expected(f"{what}, 1 to 999", value)
    return Span(count, unit)


def times(value: object, example: str = "2 per week") -> Times:
    """How often: "1 per day", "2 per week", "1 per month"; at most 99 times."""
    what = f'how often, such as "{example}"'
    count, unit = _counted(_TIMES, value, what)
    if not 1 <= count <= 99:
        raise Expected(f"{what}, 1 to 99 times", value)
    return Times(count, unit)


def weekday(value: object) -> int:
    """A weekday, 0 (Monday) to 6: "fri", "Friday"."""
    what = 'a weekday such as "fri"'
    text = _plain(value, what)
    if text not in WEEKDAY_OF:
        raise Expected(what, value, word=text, names={name: WEEKDAYS[n] for name, n in WEEKDAY_OF.items()})
    return WEEKDAY_OF[text]


def hours(value: object) -> tuple[dt.time, dt.time]:
    """From one time to another, maybe past midnight: "22:30-07:30"; "24:00" is the midnight at the end."""
    what = 'hours such as "22:30-07:30"'
    text = _plain(value, what)
    parts = [part.strip() for part in text.split("-")]
    if len(parts) != 2:
        raise Expected(what, value)
    try:
        start, end = time(parts[0]), dt.time(0) if parts[1] == "24:00" else time(parts[1])
    except Expected:
        raise Expected(what, value, word=text, names=_perhaps(text, nearly.hours(parts))) from None
    if start == end and parts[1] != "24:00":
        raise Expected(f"{what} that begin and end at different times", value)
    return start, end


def quiet(value: object) -> tuple[dt.time, dt.time]:
    """Quiet hours: `hours`, but never the whole day."""
    start, end = hours(value)
    if start == end:
        raise Expected('hours such as "22:30-07:30", not the whole day', value)
    return start, end


def window(value: object) -> Window:
    """Hours of some weekdays, of all of them when none is named: "fri-sun 17:30-23:00"."""
    what = 'weekdays and hours such as "fri-sun 17:30-23:00"'
    match = _WINDOW.match(_plain(value, what))
    if match is None:
        raise Expected(what, value)
    try:
        start, end = hours(match["hours"])
        days = _days(match["days"] or "daily")
    except Expected as error:
        raise Expected(what, value, word=error.word, names=error.names) from None
    return Window(frozenset(days), start, end)


def ideal(value: object) -> tuple[int | None, dt.time]:
    """The wished-for start: "fri 19:30", or "19:30" of any day."""
    what = 'a time such as "fri 19:30" or "19:30"'
    if isinstance(value, dt.time):
        return None, time(value)
    parts = _plain(value, what).split()
    try:
        if len(parts) == 1:
            return None, time(parts[0])
        if len(parts) == 2:
            return weekday(parts[0]), time(parts[1])
    except Expected as error:
        raise Expected(what, value, word=error.word, names=error.names) from None
    raise Expected(what, value)


def after(value: object) -> After:
    """What a cue follows: "unlock 17:30-21:00", or "event Work" (the end of an event in that calendar)."""
    what = '"unlock 17:30-21:00" or "event Work"'
    words = value.split(maxsplit=1) if isinstance(value, str) else []
    if len(words) == 2 and words[0].lower() == "event":
        return After("event", calendar=words[1].strip())
    if len(words) != 2 or words[0].lower() != "unlock":
        raise Expected(what, value)
    try:
        return After("unlock", window=hours(words[1]))
    except Expected:
        raise Expected(what, value) from None


def on(value: object) -> On:
    """The days of a fixed routine, one kind of them: weekdays, nth weekdays, days of the month, dates."""
    items = value if isinstance(value, list) else [value]
    if isinstance(value, str):
        items = [part for part in value.split(",") if part.strip()]
    kinds = several(items, _on_item)
    if not kinds:
        raise Expected(_ON, value)
    if len({type(kind) for kind in kinds}) > 1:
        raise Expected("one kind of days in a list (weekdays, or days of the month, or dates)", value)
    return _together(kinds)


_ON = 'days such as "fri", "fri-sun", "daily", "1st sat", "15" or "14 jun"'


def _on_item(value: object) -> On:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _plain(value, _ON)
    if text == "daily":
        return Daily()
    if text == "last day":
        raise Expected(f'{_ON} (the last day of a month is on = 31 with short_month = "last day")', value)
    if match := _NTH.match(text):
        return NthWeekdays(((ORDINALS[match[1]], _known(match[2], WEEKDAY_OF, value, _ON)),))
    if match := _MONTH_DAY.match(text):
        if not 1 <= int(match[1]) <= 31:
            raise Expected("a day of the month, 1 to 31", value)
        return MonthDays((int(match[1]),))
    if (match := _DATE.match(text)) and match[2] not in WEEKDAY_OF:
        return _year_date(int(match[1]), _known(match[2], MONTH_OF, value, _ON), value)
    try:
        return Weekdays(tuple(sorted(_days(text))))
    except Expected as error:
        meant = nearly.days(text)
        if meant:
            raise Expected(_ON, value, word=text, names={text: meant}) from None
        raise Expected(_ON, value, word=error.word, names=error.names) from None


def _year_date(day: int, month: int, value: object) -> YearDates:
    try:
        return YearDates(((month, day),))
    except ValueError:
        raise Expected('a date that some year has, such as "14 jun"', value) from None


def _together(kinds: Sequence[On]) -> On:
    first = kinds[0]
    match first:
        case Weekdays():
            return Weekdays(_merged(kind.days for kind in cast("Sequence[Weekdays]", kinds)))
        case MonthDays():
            return MonthDays(_merged(kind.days for kind in cast("Sequence[MonthDays]", kinds)))
        case NthWeekdays():
            return NthWeekdays(_merged(kind.pairs for kind in cast("Sequence[NthWeekdays]", kinds)))
        case YearDates():
            return YearDates(_merged(kind.dates for kind in cast("Sequence[YearDates]", kinds)))
        case Daily():
            return first


def _merged(groups: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    found: set[T] = {item for group in groups for item in group}
    return tuple(sorted(found, key=lambda item: cast("tuple[int, int]", item)))


def _days(text: str) -> set[int]:
    """Weekdays of "fri", "fri-sun" (around the week's end too), "tue, thu", "weekend"."""
    found: set[int] = set()
    for part in re.split(r"\s*,\s*|\s+(?=\w)", re.sub(r"\s*-\s*", "-", text)):
        if part in _GROUPS:
            found.update(_GROUPS[part])
            continue
        first, dash, last = part.partition("-")
        start = _known(first, WEEKDAY_OF, text, _ON)
        end = _known(last, WEEKDAY_OF, text, _ON) if dash else start
        found.update((start + n) % 7 for n in range((end - start) % 7 + 1))
    return found


def _known(word: str, table: Mapping[str, int], value: object, what: str) -> int:
    if word not in table:
        names = _MONTH_NAMES if table is MONTH_OF else _DAY_NAMES
        raise Expected(what, value, word=word, names=names if word.isalpha() else {})
    return table[word]


def _counted(pattern: re.Pattern[str], value: object, what: str) -> tuple[int, Period]:
    match = pattern.match(_plain(value, what))
    if match is None:
        raise Expected(what, value)
    unit = _PERIODS.get(match[2])
    if unit is None:
        raise Expected(what, value, word=match[2], names={unit: unit for unit in _PERIODS})
    return int(match[1]), unit


def _plain(value: object, what: str) -> str:
    if not isinstance(value, str) or len(value) > _LONG_TEXT:
        raise Expected(what, value)
    return value.strip().lower().translate(_DASHES)
