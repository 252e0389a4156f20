"""Phrases for a day, as they stand in a sentence: "on the 5th", "next thursday", "in two weeks"; a pattern for each,
and what it says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reconnectd.core.day_names import MONTH_OF, WEEKDAY_OF
from reconnectd.core.plain_patterns import HOUR, PART, N, any_of, compiled, number

ONE_DAY = dt.timedelta(days=1)

_WEEKDAYS = WEEKDAY_OF | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTHS = MONTH_OF | {"sept": 9}
_ALSO_WORDS = {"wed", "sat", "sun"}
_FRACTIONS = {(1, 2), (1, 3), (1, 4), (2, 3), (3, 4), (24, 7)}
_ORDINAL_WORDS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth
twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
"""
_ORDINALS = {name: day for day, name in enumerate(_ORDINAL_WORDS.split(), 1)}

_WEEKDAY = any_of(_WEEKDAYS)
_SURE_WEEKDAY = any_of(name for name in _WEEKDAYS if name not in _ALSO_WORDS)
_ALSO_WORD = any_of(_ALSO_WORDS)
_MONTH = any_of(_MONTHS)
_TH = "(?:st|nd|rd|th)"
_DAY = rf"(?P<day>\d{{1,2}}{_TH}?)"
_ORDINAL = rf"(?P<day>{any_of(_ORDINALS)})"
_NEAR_A_TIME = (
    rf"(?=\s*(?:$|[,.;!?)]|\d{{1,2}}(?:[:.]\d\d|\s?h\b|\s?[ap]\.?m\b)|at\s+{HOUR}\b|at\s+(?:half|noon)|noon|{PART}))"
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
    said = match["day"].lower()
    day = _ORDINALS.get(said) or int(said.rstrip("stndrh"))
    return Days(_of_year(_MONTHS[match["month"].lower()], day, calendar, match["year"]))


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


def _weeks_after(match: Found, calendar: Calendar) -> Days:
    """Of "a week on friday", "friday week", "two weeks from friday"."""
    weeks = number(match["n"]) if "n" in match.groupdict() else 1
    return Days((weekday(match["day"], calendar)[0] + 7 * weeks * ONE_DAY,))


def _weekday_in(match: Found, calendar: Calendar) -> Days:
    return Days(weekday(match["day"], calendar, number(match["n"]) if match["n"] else 1))


def _of_this_month(match: Found, calendar: Calendar) -> Days:
    return Days(_of_month(int(match["day"]), calendar))


def _in(match: Found, calendar: Calendar) -> Days:
    """So far from now, or from tomorrow."""
    dates = _ahead(match["n"], match["unit"], calendar)
    return Days(tuple(date + ONE_DAY for date in dates) if match["from"].lower() == "tomorrow" else dates)


def _from_today(days: int) -> Callable[[Found, Calendar], Days]:
    return lambda _, calendar: Days((calendar.today + days * ONE_DAY,))


def _today(match: Found, calendar: Calendar) -> Days:
    """Before the day starts "tonight" may be the one that is to come."""
    part = (match["part"] or match["this"] or "").lower()
    return Days(tuple(dict.fromkeys((calendar.today, calendar.civil))), part=part)


def _weekend(match: Found, calendar: Calendar) -> Days:
    return Days(weekday("sat", calendar, 1) if match[1].lower() == "next" else weekday("sat", calendar))


_YEAR = r"(?:,?\s+(?P<year>20\d\d|21\d\d)(?!\d|[:.]\d))?"
_ON = r"(?:\b(?:on|by|until|till|every|each)\s+)?"
_ON_DATE = rf"{_ON}(?:\b{_WEEKDAY}\b,?\s+)?"
_WEEKS = r"weeks?(?:['\u2019]s?)?(?:\s+time)?"
_NO_DATE = r"(?!\s+(?:floor|time|birthday|anniversary|day|year|of|and)\b)"
_DAYS: tuple[tuple[re.Pattern[str], Callable[[Found, Calendar], Days]], ...] = tuple(
    (compiled(pattern), reading)
    for pattern, reading in (
        (rf"{_ON_DATE}(?<![\d/-])(\d{{4}})[/-](\d{{2}})[/-](\d{{2}})(?!\d)(?:T(?=\d))?", _iso),
        (rf"{_ON_DATE}\b(?:the\s+)?{_DAY}\b[.-]?\s*(?:of\s+)?(?P<month>{_MONTH})\b\.?{_YEAR}", _day_month),
        (rf"{_ON_DATE}\b(?:the\s+)?{_ORDINAL}\s+of\s+(?P<month>{_MONTH})\b{_YEAR}", _day_month),
        (rf"{_ON_DATE}\b(?!mar|may)(?P<month>{_MONTH})\s+(?:the\s+)?{_ORDINAL}\b{_YEAR}", _day_month),
        (
            rf"{_ON_DATE}\b(?P<month>{_MONTH})\b\.?\s+(?:the\s+)?{_DAY}\b(?![:]|\.\d|\s?[ap]\.?m\b){_YEAR}",
            _day_month,
        ),
        (rf"{_ON_DATE}(?<![\d.])(\d{{1,2}})\.\s?(\d{{1,2}})\.(?:\s?(20\d\d|21\d\d|\d\d)(?!\d|[:.]\d))?(?!\d)", _dotted),
        (rf"{_ON_DATE}(?<![\d/])(\d{{1,2}})/(\d{{1,2}})(?:/(20\d\d|21\d\d|\d\d))?(?![\d/])", _slashed),
        (rf"{_ON_DATE}(?<![\d-])(\d{{1,2}})-(\d{{1,2}})-(20\d\d|21\d\d)(?![\d-])", _slashed),
        (rf"\b(?:on\s+|by\s+)?the\s+(?P<day>\d{{1,2}}){_TH}\b{_NO_DATE}", _of_this_month),
        (rf"{_ON}\b{_WEEKDAY},?\s+(?:the\s+)?(?P<day>\d{{1,2}}){_TH}\b{_NO_DATE}", _of_this_month),
        (rf"{_ON}\b(?P<day>{_WEEKDAY})\s+(?:next\s+week|in\s+(?P<n>{N})\s+{_WEEKS})\b", _weekday_in),
        (rf"\b(?:next\s+week|in\s+(?P<n>{N})\s+{_WEEKS}),?\s+(?:on\s+)?(?P<day>{_WEEKDAY})\b", _weekday_in),
        (rf"\b(?P<n>{N})\s+weeks?\s+(?:on|from)\s+(?P<day>{_WEEKDAY})\b", _weeks_after),
        (rf"{_ON}\b(?P<day>{_WEEKDAY})\s+week\b", _weeks_after),
        (rf"{_ON}\b(?:(?P<which>this|next|coming)\s+)?(?P<day>{_SURE_WEEKDAY})\b", _weekday),
        (rf"\b(?:on\s+|by\s+)?(?P<which>this|next|coming)\s+(?P<day>{_ALSO_WORD})\b", _weekday),
        (rf"\b(?:on|by|every|each)\s+(?P<which>)(?P<day>{_ALSO_WORD})\b", _weekday),
        (rf"\b(?P<which>)(?P<day>{_ALSO_WORD})\b{_NEAR_A_TIME}", _weekday),
        (rf"{_ON}\b(?:the\s+)?day\s+after\s+tomorrow\b", _from_today(2)),
        (rf"{_ON}\b(?:tomorrow|tmrw)\b", _from_today(1)),
        (rf"{_ON}\btoday\b(?P<part>)(?P<this>)", _today),
        (rf"\b(?:to(?P<part>night)|this\s+(?P<this>{PART}))\b", _today),
        (rf"\bin\s+(?P<n>{N})\s+(?P<unit>days?|weeks?|fortnight|months?)(?:['\u2019]s?)?(?:\s+time)?\b(?P<from>)", _in),
        (rf"\b(?P<n>{N})\s+(?P<unit>days?|weeks?|months?)\s+from\s+(?P<from>now|today|tomorrow)\b", _in),
        (r"\bthe\s+week\s+after\s+next\b", lambda _, calendar: Days((calendar.monday(2),))),
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
