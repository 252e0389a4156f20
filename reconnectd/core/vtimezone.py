"""The VTIMEZONE of an IANA zone (RFC 5545 §3.6.5), as short yearly rules where the zone has them.

The rules are read off the zone itself: its changes over 28 years (every weekday falls on every date in them)
either form a yearly pattern, which then holds for as long as the zone's own rule does, or they don't (Casablanca,
whose changes follow the moon; a zone whose law changed lately), and the changes are listed one by one.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

_CYCLE_YEARS = 28
_LISTED_YEARS = 5
_STEP = dt.timedelta(days=7)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of the offset: when the clock before it showed `local`, `before` became `after`."""

    local: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str


def vtimezone(zone_name: str, around: dt.date) -> str:
    """The component, lines ended by CRLF, right from the beginning of the year before `around`. For a zone
    without yearly rules it is right until five years after it. zoneinfo's errors for a name that is no zone."""
    return _component(zone_name, min(max(around.year, 1972), 2100))


@lru_cache(maxsize=64)
def _component(zone_name: str, year: int) -> str:
    zone = ZoneInfo(zone_name)
    blocks = _yearly(zone, year - 1)
    if blocks is None:
        blocks = _listed(zone, year - _LISTED_YEARS, year + _LISTED_YEARS)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone_name}", *blocks, "END:VTIMEZONE"]
    return "".join(f"{line}\r\n" for line in lines)


def _yearly(zone: ZoneInfo, first_year: int) -> list[str] | None:
    """Rules that say all changes from `first_year` on; None when there are no such rules."""
    changes = list(_changes(zone, first_year, first_year + _CYCLE_YEARS))
    if not changes:
        return _steady(zone, first_year)
    groups: dict[tuple[dt.timedelta, dt.timedelta, dt.time, str], list[_Change]] = defaultdict(list)
    for change in changes:
        groups[change.before, change.after, change.local.time(), change.name].append(change)
    if any(len(group) != _CYCLE_YEARS for group in groups.values()):
        return None
    blocks: list[str] = []
    for group in groups.values():
        rules = _rules(group)
        if rules is None:
            return None
        for first, rule in rules:
            blocks += _observance(first, rule)
    return blocks


def _rules(group: Sequence[_Change]) -> list[tuple[_Change, str]] | None:
    """(first change, rule) pairs, one for each month it falls in; None when the dates have no pattern.

    A rule such as "the day after the last Thursday of October" can fall in November, so two pairs are possible.
    """
    weekdays = {change.local.weekday() for change in group}
    if len(weekdays) != 1 or {change.local.year for change in group} != _years_of(group):
        return None
    months: dict[int, list[_Change]] = defaultdict(list)
    for change in group:
        months[change.local.month].append(change)
    if sum(len({change.local.day for change in found}) for found in months.values()) != 7:
        return None
    weekday = weekdays.pop()
    return [(found[0], _month_rule(month, weekday, found)) for month, found in months.items()]


def _years_of(group: Sequence[_Change]) -> set[int]:
    first = group[0].local.year
    return set(range(first, first + _CYCLE_YEARS))


def _month_rule(month: int, weekday: int, found: Iterable[_Change]) -> str:
    days = sorted({change.local.day for change in found})
    day_name = _WEEKDAYS[weekday]
    last = 28 if month == 2 else calendar.monthrange(2023, month)[1]
    if days == list(range(last - 6, last + 1)):
        return f"FREQ=YEARLY;BYMONTH={month};BYDAY=-1{day_name}"
    if len(days) == 7 and days[0] % 7 == 1:
        return f"FREQ=YEARLY;BYMONTH={month};BYDAY={days[0] // 7 + 1}{day_name}"
    listed = ",".join(str(day) for day in days)
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={listed};BYDAY={day_name}"


def _listed(zone: ZoneInfo, first_year: int, last_year: int) -> list[str]:
    blocks = _steady(zone, first_year)
    for change in _changes(zone, first_year, last_year + 1):
        blocks += _observance(change)
    return blocks


def _steady(zone: ZoneInfo, year: int) -> list[str]:
    """The offset at the beginning of `year`, as STANDARD: some apps refuse a zone without one."""
    start = dt.datetime(year, 1, 1, tzinfo=zone)
    offset = _offset(start)
    change = _Change(start.replace(tzinfo=None), offset, offset, start.tzname() or zone.key)
    return _observance(change)


def _observance(change: _Change, rule: str = "") -> list[str]:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{change.local:%Y%m%dT%H%M%S}",
        *([f"RRULE:{rule}"] if rule else []),
        f"TZOFFSETFROM:{_utc_offset(change.before)}",
        f"TZOFFSETTO:{_utc_offset(change.after)}",
        f"TZNAME:{change.name}",
        f"END:{kind}",
    ]


def _utc_offset(offset: dt.timedelta) -> str:
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}{f'{left:02}' if left else ''}"


def _changes(zone: ZoneInfo, first_year: int, end_year: int) -> Iterator[_Change]:
    """Every change of offset from the beginning of `first_year` to that of `end_year`, in UTC years."""
    low = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(end_year, 1, 1, tzinfo=dt.UTC)
    while low < end:
        high = min(low + _STEP, end)
        before, after = _offset(low.astimezone(zone)), _offset(high.astimezone(zone))
        if before != after:
            yield _change(zone, low, high)
        low = high


def _change(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> _Change:
    """The one change in (low, high], found to the second by halving."""
    before = _offset(low.astimezone(zone))
    while high - low > dt.timedelta(seconds=1):
        middle = low + dt.timedelta(seconds=(high - low) // dt.timedelta(seconds=2))
        if _offset(middle.astimezone(zone)) == before:
            low = middle
        else:
            high = middle
    now = high.astimezone(zone)
    return _Change((high + before).replace(tzinfo=None), before, _offset(now), now.tzname() or zone.key)


def _offset(when: dt.datetime) -> dt.timedelta:
    return when.utcoffset() or dt.timedelta(0)
