"""Phrases for a day or a time of day, as they stand in a sentence: "on the 5th", "half past nine", "tonight".

Each is a pattern and what it says. A word that is also something else ("sat", "sun", "may", a bare number) counts only
where its neighbours make it a time. `MASK` stands in place of what was read already.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reconnectd.core.day_names import MONTH_OF, WEEKDAY_OF

MASK = "\x01"
ONE_DAY = dt.timedelta(days=1)

_COUNTS = "one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {name: number for number, name in enumerate(_COUNTS.split(), 1)} | {"a": 1, "an": 1, "a couple of": 2}
_WEEKDAYS = WEEKDAY_OF | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTHS = MONTH_OF | {"sept": 9}
_ALSO_WORDS = {"wed", "sat", "sun"}
_FRACTIONS = {(1, 2), (1, 3), (1, 4), (2, 3), (3, 4), (24, 7)}


def _any(names: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


N = rf"(?:\d{{1,4}}|{_any(NUMBERS)})"
_MONTH = _any(_MONTHS)
_SURE_WEEKDAY = _any(name for name in _WEEKDAYS if name not in _ALSO_WORDS)
_TH = "(?:st|nd|rd|th)"
_PART = "(?:morning|lunchtime|lunch|afternoon|evening|night)"
_HOUR = rf"(?:\d{{1,2}}|{_any(_COUNTS.split())})"
_ENDS = rf"(?=\s*(?:$|[,.;:!?){MASK}-]|(?:on|in|with|for|to|sharp|this|o)\b))"
_NEAR_A_TIME = (
    rf"(?=\s*(?:$|[,.;!?)]|\d{{1,2}}(?:[:.]\d\d|\s?h\b|\s?[ap]\.?m\b)|at\s+{_HOUR}\b|at\s+(?:half|noon)|noon|{_PART}))"
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What days are counted from: the date on the wall, "today" (from `day_start` on), and the week's first day."""

    civil: dt.date
    today: dt.date
    week_start: int

    def monday(self, weeks: int) -> dt.date:
        """The first day of the week that is so many weeks ahead."""
        return self.civil - ((self.civil.weekday() - self.week_start) % 7 - 7 * weeks) * ONE_DAY


@dataclass(frozen=True, slots=True)
class Days:
    """The dates that a phrase may mean: the first of them whose time is ahead is meant. `others` are those of another
    way to read it. `part` is the part of the day that the phrase names, too ("tonight")."""

    dates: tuple[dt.date, ...]
    others: tuple[dt.date, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock. `certain`: it can't be twelve hours later. `plus`: days after the one that is named."""

    hour: int
    minute: int = 0
    certain: bool = True
    plus: int = 0


def number(text: str) -> int:
    """A count in digits or in words."""
    return int(text) if text.isdigit() else NUMBERS[text.lower()]


# Days.


def weekday(name: str, calendar: Calendar, weeks: int | None = None) -> tuple[dt.date, ...]:
    """The nearest ones; in the week that is so many ahead, if it is said."""
    wanted = _WEEKDAYS[name.lower()]
    if weeks is None:
        first = calendar.civil + (wanted - calendar.civil.weekday()) % 7 * ONE_DAY
        return tuple(first + 7 * n * ONE_DAY for n in range(3))
    start = calendar.monday(weeks)
    return (start + (wanted - start.weekday()) % 7 * ONE_DAY,)


def _of_year(month: int, day: int, calendar: Calendar, year: str | None = None) -> tuple[dt.date, ...]:
    years = range(calendar.civil.year, calendar.civil.year + 9)
    if year:
        years = range(int(year) + (2000 if len(year) == 2 else 0), int(year) + (2001 if len(year) == 2 else 1))
    return tuple(date for one in years if (date := _date(one, month, day)) is not None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _of_month(day: int, calendar: Calendar) -> tuple[dt.date, ...]:
    months = (divmod(calendar.civil.year * 12 + calendar.civil.month - 1 + n, 12) for n in range(14))
    return tuple(date for year, month in months if (date := _date(year, month + 1, day)) is not None)


def _ahead(count: str, unit: str, calendar: Calendar) -> tuple[dt.date, ...]:
    if not unit.lower().startswith("month"):
        days = {"d": 1, "w": 7, "f": 14}[unit[0].lower()]
        return (calendar.civil + number(count) * days * ONE_DAY,)
    year, month = divmod(calendar.civil.year * 12 + calendar.civil.month - 1 + number(count), 12)
    found = (_date(year, month + 1, calendar.civil.day - less) for less in range(4))
    return (next(date for date in found if date is not None),)


Found = re.Match[str]


def _iso(match: Found, _: Calendar) -> Days:
    found = _date(int(match[1]), int(match[2]), int(match[3]))
    return Days((found,) if found else ())


def _day_month(match: Found, calendar: Calendar) -> Days:
    return Days(_of_year(_MONTHS[match["month"].lower()], int(match["day"]), calendar, match["year"]))


def _dotted(match: Found, calendar: Calendar) -> Days:
    return Days(_of_year(int(match[2]), int(match[1]), calendar, match[3]))


def _slashed(match: Found, calendar: Calendar) -> Days:
    """The day first, as in most of the world; the other way round where only that is a date."""
    pair = int(match[1]), int(match[2])
    if not match[3] and pair in _FRACTIONS:
        return Days(())
    day_first = _of_year(pair[1], pair[0], calendar, match[3])
    month_first = _of_year(pair[0], pair[1], calendar, match[3])
    return Days(day_first, () if pair[0] == pair[1] else month_first) if day_first else Days(month_first)


def _weekday(match: Found, calendar: Calendar) -> Days:
    near = weekday(match["day"], calendar)
    if (match["which"] or "").lower() != "next":
        return Days(near)
    return Days(weekday(match["day"], calendar, 1), near)


def _weekday_in(match: Found, calendar: Calendar) -> Days:
    return Days(weekday(match["day"], calendar, number(match["n"]) if match["n"] else 1))


def _from_today(days: int) -> Callable[[Found, Calendar], Days]:
    return lambda _, calendar: Days((calendar.today + days * ONE_DAY,))


def _today(match: Found, calendar: Calendar) -> Days:
    """Before the day starts "tonight" may be the one that is to come."""
    part = (match["part"] or match["this"] or "").lower()
    return Days(tuple(dict.fromkeys((calendar.today, calendar.civil))), part=part)


def _weekend(match: Found, calendar: Calendar) -> Days:
    return Days(weekday("sat", calendar, 1) if match[1].lower() == "next" else weekday("sat", calendar))


_YEAR = r"(?:,?\s+(?P<year>20\d\d|21\d\d)(?!\d|[:.]\d))?"
_ON = r"(?:\b(?:on|by|until|till)\s+)?"
_DAYS: tuple[tuple[re.Pattern[str], Callable[[Found, Calendar], Days]], ...] = tuple(
    (_compiled(pattern), reading)
    for pattern, reading in (
        (rf"{_ON}(?<![\d-])(\d{{4}})-(\d{{2}})-(\d{{2}})(?!\d)(?:T(?=\d))?", _iso),
        (rf"{_ON}\b(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?\.?\s*(?:of\s+)?(?P<month>{_MONTH})\b\.?{_YEAR}", _day_month),
        (
            rf"{_ON}\b(?P<month>{_MONTH})\b\.?\s+(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?(?![\d:]|\.\d|\s?[ap]\.?m\b){_YEAR}",
            _day_month,
        ),
        (rf"{_ON}(?<![\d.])(\d{{1,2}})\.\s?(\d{{1,2}})\.(?:\s?(20\d\d|21\d\d|\d\d)(?!\d|[:.]\d))?(?!\d)", _dotted),
        (rf"{_ON}(?<![\d/])(\d{{1,2}})/(\d{{1,2}})(?:/(20\d\d|21\d\d|\d\d))?(?![\d/])", _slashed),
        (
            rf"\b(?:on\s+|by\s+)?the\s+(\d{{1,2}}){_TH}\b(?!\s+(?:floor|time|birthday|anniversary|day|year|of|and)\b)",
            lambda match, calendar: Days(_of_month(int(match[1]), calendar)),
        ),
        (
            rf"\b(?P<day>{_any(_WEEKDAYS)})\s+(?:next\s+week|in\s+(?P<n>{N})\s+weeks?(?:['\u2019]?\s+time)?)\b",
            _weekday_in,
        ),
        (
            rf"\b(?:next\s+week|in\s+(?P<n>{N})\s+weeks?(?:['\u2019]?\s+time)?),?\s+(?:on\s+)?(?P<day>{_any(_WEEKDAYS)})\b",
            _weekday_in,
        ),
        (rf"{_ON}\b(?:(?P<which>this|next|coming)\s+)?(?P<day>{_SURE_WEEKDAY})\b", _weekday),
        (rf"\b(?:on\s+|by\s+)?(?P<which>this|next|coming)\s+(?P<day>{_any(_ALSO_WORDS)})\b", _weekday),
        (rf"\b(?:on|by)\s+(?P<which>)(?P<day>{_any(_ALSO_WORDS)})\b", _weekday),
        (rf"\b(?P<which>)(?P<day>{_any(_ALSO_WORDS)})\b{_NEAR_A_TIME}", _weekday),
        (rf"{_ON}\b(?:the\s+)?day\s+after\s+tomorrow\b", _from_today(2)),
        (rf"{_ON}\btomorrow\b", _from_today(1)),
        (rf"{_ON}\btoday\b(?P<part>)(?P<this>)", _today),
        (rf"\b(?:to(?P<part>night)|this\s+(?P<this>{_PART}))\b", _today),
        (
            rf"\bin\s+({N})\s+(days?|weeks?|fortnight|months?)(?:['\u2019]?\s+time)?\b",
            lambda match, calendar: Days(_ahead(match[1], match[2], calendar)),
        ),
        (
            rf"\b({N})\s+(days?|weeks?|months?)\s+from\s+(?:now|today)\b",
            lambda match, calendar: Days(_ahead(match[1], match[2], calendar)),
        ),
        (r"\bnext\s+week\b", lambda _, calendar: Days((calendar.monday(1),))),
        (r"\b(?:on\s+|at\s+)?(this|next|the)\s+weekend\b", _weekend),
    )
)


def days(text: str, calendar: Calendar) -> tuple[int, int, Days] | None:
    """The first phrase for a day in a text, and of two that begin there the longer: (from, to, its days)."""
    found = ((*match.span(), said) for match, said in _days(text, calendar) if said.dates)
    return min(found, key=lambda one: (one[0], -one[1]), default=None)


def _days(text: str, calendar: Calendar) -> Iterator[tuple[Found, Days]]:
    for pattern, reading in _DAYS:
        for match in pattern.finditer(text):
            yield match, reading(match, calendar)


# Times of day.


def _exact(match: Found) -> Clock | None:
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    in_the_night = not half and match["hour"] in {"1", "2", "3", "4", "5"} and match["minute"] is not None
    return Clock(hour, int(match["minute"] or 0), certain=not in_the_night)


def _bare(match: Found) -> Clock:
    hour = number(match["hour"])
    return Clock(hour, certain=hour > 12 or hour == 0)


def _past(match: Found) -> Clock:
    words = match["minutes"].lower().removesuffix("minutes").strip()
    minutes = {"half": 30, "quarter": 15, "a quarter": 15, "twenty-five": 25, "twenty": 20}.get(words)
    minutes = number(words) if minutes is None else minutes
    hour = number(match["hour"])
    if match["way"].lower() == "to":
        return Clock((hour - 2) % 12 + 1 if hour <= 12 else hour - 1, 60 - minutes, certain=hour > 12)
    return Clock(hour, minutes, certain=hour > 12)


_AT = r"(?:(?:\bat|\baround|@)\s*)"
_MINUTES = rf"(?:twenty-five|twenty|{_HOUR})(?:\s+minutes)?"
_RANGE = r"(?:\s*[-\u2013]\s*\d{1,2}:\d\d)?"
_TIMES: tuple[tuple[re.Pattern[str], Callable[[Found], Clock | None]], ...] = tuple(
    (_compiled(pattern), reading)
    for pattern, reading in (
        (
            rf"{_AT}?(?<![\d:.])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap]\.m\.|[ap]m\b)", _exact,
        ),
        (
            rf"{_AT}?(?<![\d:.])(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::\d\d)?(?P<half>)(?![\d:]){_RANGE}(?:\s?h\b)?",
            _exact,
        ),
        (rf"{_AT}(?P<hour>\d{{1,2}})\.(?P<minute>\d\d)(?P<half>)(?!\d|\s?[ap]\.?m\b)", _exact),
        (rf"(?:{_AT}|(?<={MASK})\s*,?\s*)(?P<hour>\d{{1,2}})\s?h(?P<minute>\d\d)?(?P<half>)\b", _exact),
        (rf"{_AT}(?P<hour>{_HOUR}){_ENDS}", _bare),
        (rf"(?:^|(?<={MASK})\s*,?\s*){_AT}(?P<hour>{_HOUR})\b(?![:.%-]\d)(?:\s+o['\u2019]?clock\b)?", _bare),
        (rf"{_AT}?\b(?P<hour>{_HOUR})\s+o['\u2019]?clock\b", _bare),
        (rf"{_AT}?\b(?P<hour>{_HOUR})(?=\s+in\s+the\s+(?:morning|afternoon|evening)\b)", _bare),
        (
            rf"{_AT}?\b(?P<minutes>half|a\s+quarter|quarter|{_MINUTES})\s+(?P<way>past|to)\s+(?P<hour>{_HOUR})\b",
            _past,
        ),
        (
            rf"{_AT}\b(?P<minutes>half)\s+(?P<way>)(?P<hour>{_any(_COUNTS.split())})\b", _past,
        ),
        (rf"{_AT}?\b(?:noon|midday)\b", lambda _: Clock(12)),
        (rf"{_AT}?\bmidnight\b", lambda _: Clock(0, plus=1)),
    )
)  # fmt: skip


def clock(text: str) -> tuple[int, int, Clock] | None:
    """The first phrase for a time of day, and of two that begin there the longer: (from, to, the time)."""
    found = (
        (*match.span(), said)
        for pattern, reading in _TIMES
        for match in pattern.finditer(text)
        if (said := reading(match)) is not None and said.hour < 24 and said.minute < 60
    )
    return min(found, key=lambda one: (one[0], -one[1]), default=None)


_PARTS = tuple(
    _compiled(pattern)
    for pattern in (
        rf"\bin\s+the\s+({_PART})\b",
        r"\bat\s+(night|lunchtime|lunch)\b",
        rf"(?<={MASK})\s*(morning|afternoon|evening|night)\b",
    )
)


def part(text: str) -> tuple[int, int, str] | None:
    """The first part of the day that a text names, so that it is meant as a time: (from, to, its name)."""
    found = ((*match.span(), match[1].lower()) for pattern in _PARTS for match in pattern.finditer(text))
    return min(found, key=lambda one: one[0], default=None)


# Distances from now, to the second.

_UNITS = {"s": 1, "m": 60, "h": 3600}
_UNIT = r"(?:seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h)"
_SPAN = _compiled(rf"({N})\s*({_UNIT})\b")
_IN = _compiled(rf"\bin\s+(?:half\s+an\s+hour\b|{N}\s*{_UNIT}\b(?:\s+(?:and\s+)?{N}\s*{_UNIT}\b)*)")


def distance(text: str) -> tuple[int, int, dt.timedelta] | None:
    """The first "in 90 min" of a text: (from, to, how far)."""
    match = _IN.search(text)
    if match is None:
        return None
    spans = [(number(one[1]), _UNITS[one[2][0].lower()]) for one in _SPAN.finditer(match[0])]
    seconds = 1800 if "half" in match[0].lower() else sum(count * unit for count, unit in spans)
    return (*match.span(), dt.timedelta(seconds=seconds))
