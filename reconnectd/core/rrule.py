"""Which RFC 5545 recurrence rules a routine may have: read and checked here, expanded in `core.recurrence`.

A rule says days, never hours. The resident process reads the config, so that nothing here needs dateutil.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from reconnectd.core.expected import Expected

ANCHOR = dt.date(2024, 1, 1)
"""A Monday; where a rule counts from when it has no `starting`."""

LONGEST = 512
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RANGE = {
    "INTERVAL": (1, 999),
    "COUNT": (1, 9999),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYSETPOS": (1, 366),
}
_SIGNED = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_LISTS = {"BYMONTH", *_SIGNED}
_NAMES = ("FREQ", "UNTIL", "BYDAY", "WKST", *_RANGE)
_BYDAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,6}\Z", re.ASCII)
_UNTIL = re.compile(r"(\d{8})(?:T([01]\d|2[0-3])[0-5]\d[0-5]\dZ?)?\Z", re.ASCII)
_WHAT = 'a rule such as "FREQ=MONTHLY;BYDAY=1SA"'
_YEARS_AHEAD = 40

Numbers = Mapping[str, tuple[int, ...]]


def rule(value: object) -> str:
    """The rule in capitals and without "RRULE:"; Expected says which part of it can't be."""
    if not isinstance(value, str):
        raise Expected(_WHAT, value)
    if len(value) > LONGEST:
        raise Expected(f"{_WHAT} of at most {LONGEST} characters", value)
    text = value.strip().upper().removeprefix("RRULE:")
    parts = _parts(text, value)
    _check_frequency(parts, value)
    numbers = {name: _numbers(name, parts[name], value) for name in _RANGE if name in parts}
    _check_days(parts, value)
    _check_together(parts, numbers, value)
    return text


def needs_starting(text: str) -> bool:
    """Would the rule mean something else on another day, without a first date to count from?"""
    parts = dict(part.split("=", 1) for part in text.split(";"))
    return "COUNT" in parts or int(parts.get("INTERVAL", 1)) > 1


def until(text: str) -> dt.date | None:
    """The date of UNTIL as it is written, None without it."""
    match = re.search(r"(?:^|;)UNTIL=(\d{8})", text)
    return dt.date.fromisoformat(match[1]) if match else None


def ever_matches(text: str, starting: dt.date | None) -> bool:
    """Is there a day that the rule names, UNTIL and COUNT aside? (30 February never comes.)"""
    days = _RuleDays(text, starting or ANCHOR)
    return any(days.matches(period) for period in days.periods())


def _parts(text: str, value: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, content = part.partition("=")
        if not equals or not content:
            raise Expected(_WHAT, value)
        if name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            raise Expected(f"a rule without {name} (the time of day is at)", value)
        if name not in _NAMES:
            raise Expected(_WHAT, value, word=name.lower(), names={known.lower(): known for known in _NAMES})
        if name in parts:
            raise Expected(f"{name} only once in a rule", value)
        parts[name] = content
    return parts


def _check_frequency(parts: Mapping[str, str], value: str) -> None:
    if parts.get("FREQ") not in FREQUENCIES:
        raise Expected("a rule with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY", value)
    if "WKST" in parts and parts["WKST"] not in _DAYS:
        raise Expected("a rule with WKST=MO, or another day", value)
    if "UNTIL" in parts:
        match = _UNTIL.match(parts["UNTIL"])
        try:
            dt.date.fromisoformat(match[1] if match else "")
        except ValueError:
            raise Expected("a rule with UNTIL=20271231, or another date", value) from None


def _numbers(name: str, content: str, value: str) -> tuple[int, ...]:
    least, most = _RANGE[name]
    pieces = content.split(",") if name in _LISTS else [content]
    numbers = tuple(int(piece) for piece in pieces if _NUMBER.match(piece))
    sizes = [abs(number) if name in _SIGNED else number for number in numbers]
    if len(numbers) != len(pieces) or not all(least <= size <= most for size in sizes):
        raise Expected(f"a rule with {name} from {least} to {most}", value)
    return numbers


def _check_days(parts: Mapping[str, str], value: str) -> None:
    if "BYDAY" not in parts:
        return
    matches = [_BYDAY.match(piece) for piece in parts["BYDAY"].split(",")]
    if not all(matches):
        raise Expected("a rule with BYDAY such as FR or 1SA", value)
    numbered = [int(match[1]) for match in matches if match and match[1]]
    most = 5 if parts["FREQ"] == "MONTHLY" else 53
    if any(abs(number) > most for number in numbered):
        raise Expected(f"a rule with BYDAY from the 1st to the {most}{'th' if most == 5 else 'rd'}", value)
    if numbered and (parts["FREQ"] in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts):
        raise Expected("a numbered BYDAY such as 1SA only with FREQ=MONTHLY or YEARLY", value)


def _check_together(parts: Mapping[str, str], numbers: Numbers, value: str) -> None:
    """What RFC 5545 §3.3.10 forbids side by side."""
    frequency = parts["FREQ"]
    if "COUNT" in numbers and "UNTIL" in parts:
        raise Expected("COUNT or UNTIL in a rule, not both", value)
    if "BYWEEKNO" in numbers and frequency != "YEARLY":
        raise Expected("BYWEEKNO only with FREQ=YEARLY", value)
    if "BYYEARDAY" in numbers and frequency != "YEARLY":
        raise Expected("BYYEARDAY only with FREQ=YEARLY", value)
    if "BYMONTHDAY" in numbers and frequency == "WEEKLY":
        raise Expected("BYMONTHDAY not with FREQ=WEEKLY", value)
    if "BYSETPOS" in numbers and not any(name.startswith("BY") for name in parts if name != "BYSETPOS"):
        raise Expected("BYSETPOS only next to another BY part", value)


class _RuleDays:
    """The days that a rule names, period by period: enough to know whether there is one."""

    def __init__(self, text: str, start: dt.date) -> None:
        parts = dict(part.split("=", 1) for part in text.split(";"))
        self.start = start
        self.frequency = parts["FREQ"]
        self.interval = int(parts.get("INTERVAL", 1))
        self.week_start = _DAYS.index(parts.get("WKST", "MO"))
        self.numbers = {n: frozenset(map(int, parts[n].split(","))) for n in _LISTS if n in parts}
        self.weekdays = _weekdays(parts.get("BYDAY", ""))
        self._fill_from_start()

    def _fill_from_start(self) -> None:
        """What RFC 5545 takes from DTSTART when no part says it."""
        if self.weekdays or self.numbers.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}:
            return
        if self.frequency == "WEEKLY":
            self.weekdays = frozenset({(0, self.start.weekday())})
        if self.frequency in ("MONTHLY", "YEARLY"):
            self.numbers["BYMONTHDAY"] = frozenset({self.start.day})
        if self.frequency == "YEARLY":
            self.numbers.setdefault("BYMONTH", frozenset({self.start.month}))

    def periods(self) -> Iterator[list[dt.date]]:
        """The days of each period, from the one of `start`, as many years ahead as the interval asks for."""
        first, last = self._bounds(self.start)
        end = min(self.start.year + _YEARS_AHEAD * self.interval, 8900)
        while first.year < end:
            yield [day for day in _days(first, last) if day >= self.start]
            first, last = self._next(first)

    def _bounds(self, day: dt.date) -> tuple[dt.date, dt.date]:
        """The half-open period that holds `day`."""
        match self.frequency:
            case "YEARLY":
                return dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
            case "MONTHLY":
                return day.replace(day=1), _months_on(day.replace(day=1), 1)
            case "WEEKLY":
                first = day - dt.timedelta(days=(day.weekday() - self.week_start) % 7)
                return first, first + dt.timedelta(days=7)
            case _:
                return day, day + dt.timedelta(days=1)

    def _next(self, first: dt.date) -> tuple[dt.date, dt.date]:
        if self.frequency in ("YEARLY", "MONTHLY"):
            months = 12 if self.frequency == "YEARLY" else 1
            return self._bounds(_months_on(first, months * self.interval))
        days = 7 if self.frequency == "WEEKLY" else 1
        return self._bounds(first + dt.timedelta(days=days * self.interval))

    def matches(self, period: list[dt.date]) -> bool:
        """Does the rule name a day of this period?"""
        named = sum(1 for day in period if self._names(day))
        positions = self.numbers.get("BYSETPOS")
        if positions is None:
            return named > 0
        return any(abs(position) <= named for position in positions)

    def _names(self, day: dt.date) -> bool:
        if "BYMONTH" in self.numbers and day.month not in self.numbers["BYMONTH"]:
            return False
        month, year = _place_in_month(day), _place_in_year(day)
        for name, place in (("BYMONTHDAY", month), ("BYYEARDAY", year)):
            if name in self.numbers and not self.numbers[name] & set(place):
                return False
        if "BYWEEKNO" in self.numbers and not self.numbers["BYWEEKNO"] & set(_place_of_week(day)):
            return False
        in_month = self.frequency == "MONTHLY" or "BYMONTH" in self.numbers
        return not self.weekdays or bool(self.weekdays & _weekday_names(day, month if in_month else year))


def _weekdays(content: str) -> frozenset[tuple[int, int]]:
    matches = [_BYDAY.match(piece) for piece in content.split(",")]
    return frozenset((int(match[1] or 0), _DAYS.index(match[2])) for match in matches if match)


def _weekday_names(day: dt.date, place: tuple[int, int]) -> set[tuple[int, int]]:
    """The names of a day in a BYDAY list: FR, 2FR, -3FR."""
    first, last = place
    return {(0, day.weekday()), ((first + 6) // 7, day.weekday()), (-((-last + 6) // 7), day.weekday())}


def _place_in_month(day: dt.date) -> tuple[int, int]:
    """Which day of its month it is, from the front (1…) and from the back (-1…)."""
    length = (_months_on(day.replace(day=1), 1) - day.replace(day=1)).days
    return day.day, day.day - length - 1


def _place_in_year(day: dt.date) -> tuple[int, int]:
    first = dt.date(day.year, 1, 1)
    length = (dt.date(day.year + 1, 1, 1) - first).days
    number = (day - first).days + 1
    return number, number - length - 1


def _place_of_week(day: dt.date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    weeks = dt.date(year, 12, 28).isocalendar().week
    return week, week - weeks - 1


def _months_on(first: dt.date, months: int) -> dt.date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days))
