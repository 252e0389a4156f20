"""A fixed schedule as a calendar writes it: a first date and an RRULE value (RFC 5545 §3.3.10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import product
from zoneinfo import ZoneInfo

from reconnectd.core.model import (
    Daily,
    Fixed,
    FixedRule,
    MonthDays,
    NthWeekdays,
    On,
    Weekdays,
    YearDates,
)
from reconnectd.core.recur import WEEKDAYS, Recur
from reconnectd.core.recurrence import ShortMonth, instant, next_date, nominal_dates

_DAY = dt.timedelta(days=1)
_LEAP_DAY = (2, 29)
_FAR = 146_097


@dataclass(frozen=True, slots=True)
class Series:
    """`first` is DTSTART's date and an instance of `rrule`; UNTIL, when there is one, is the last instant in UTC."""

    first: dt.date
    rrule: str


def series(
    schedule: Fixed | FixedRule,
    zone: ZoneInfo,
    *,
    not_before: dt.date,
    week_start: int = 0,
    short_month: ShortMonth = "skip",
) -> Series | None:
    """One series with exactly the nominal dates from `not_before` on; COUNT has become UNTIL.

    None when there is no date from `not_before` on (`next_date` says so too), or when no single RRULE has these
    dates: dates of the year with 29 February among others that aren't whole months' repetitions of one another
    (`["29 feb", "14 jun"]`, skipping), and a weekly rule with both BYSETPOS and another part than BYDAY.
    """
    endless = _rule(schedule, week_start, short_month)
    first = next_date(
        schedule,
        not_before,
        week_start=week_start,
        short_month=short_month,
        within_days=_FAR,
        zone=zone,
    )
    if endless is None or first is None:
        return None
    until = _last_instant(schedule, zone, first, week_start, short_month)
    return Series(first, f"{endless};UNTIL={until:%Y%m%dT%H%M%SZ}" if until else endless)


def _rule(schedule: Fixed | FixedRule, week_start: int, short_month: ShortMonth) -> str | None:
    if isinstance(schedule, FixedRule):
        return _without_weekly_setpos(Recur.of(schedule))
    by = _by(schedule.on, short_month)
    if by is None:
        return None
    parts = [f"FREQ={_freq(schedule.on)}"]
    if schedule.every > 1:
        parts.append(f"INTERVAL={schedule.every}")
        if isinstance(schedule.on, Weekdays):
            parts.append(f"WKST={WEEKDAYS[week_start]}")
    return ";".join([*parts, *by])


def _freq(on: On) -> str:
    match on:
        case Daily():
            return "DAILY"
        case Weekdays():
            return "WEEKLY"
        case YearDates():
            return "YEARLY"
        case _:
            return "MONTHLY"


def _by(on: On, short_month: ShortMonth) -> list[str] | None:
    clamp = short_month == "last day"
    match on:
        case Daily():
            return []
        case Weekdays(days):
            return [_list("BYDAY", [WEEKDAYS[day] for day in sorted(set(days))])]
        case NthWeekdays(pairs):
            wanted = sorted({(-1 if clamp and n == 5 else n, day) for n, day in pairs})
            return [_list("BYDAY", [f"{n}{WEEKDAYS[day]}" for n, day in wanted])]
        case MonthDays(days):
            return _clamped_days(set(days)) if clamp else [_list("BYMONTHDAY", sorted(set(days)))]
        case YearDates(dates):
            return _year_dates(set(dates), clamp=clamp)


def _clamped_days(days: set[int]) -> list[str]:
    """Days of the month of which the 29th, 30th and 31st stand for the last day where they don't exist.

    With the 31st the last day is always there, and stands for the others too. Else the days from the 28th up to
    the greatest are candidates; the last candidate is chosen, and those that were asked for by their position.
    """
    if max(days) <= 28:
        return [_list("BYMONTHDAY", sorted(days))]
    if 31 in days:
        return [_list("BYMONTHDAY", [*sorted(days - {31}), -1])]
    candidates = sorted(days | set(range(28, max(days) + 1)))
    by = [_list("BYMONTHDAY", candidates)]
    if days == set(candidates):
        return by
    places = [place for place, day in enumerate(candidates, 1) if day in days and day != candidates[-1]]
    return [*by, _list("BYSETPOS", [*places, -1])]


def _year_dates(dates: set[tuple[int, int]], *, clamp: bool) -> list[str] | None:
    if clamp and _LEAP_DAY in dates:
        dates = dates - {_LEAP_DAY} | {(2, -1)}
    months, days = sorted({month for month, _ in dates}), sorted({day for _, day in dates})
    if {pair for pair in product(months, days) if _exists(*pair)} == dates:
        return [_list("BYMONTH", months), _list("BYMONTHDAY", days)]
    if _LEAP_DAY in dates:
        return None
    return [_list("BYYEARDAY", sorted(_year_day(*date) for date in dates))]


def _exists(month: int, day: int) -> bool:
    return day <= 29 or day <= (31 if month in (1, 3, 5, 7, 8, 10, 12) else 29 if month == 2 else 30)


def _year_day(month: int, day: int) -> int:
    """The day's number in every year: up to 28 February counted from its beginning, later from its end."""
    if day == -1:
        month, day = 3, 0
    ordinal = dt.date(2023, month, 1).timetuple().tm_yday + day - 1
    return ordinal if (month, day) <= (2, 28) else ordinal - 366


def _without_weekly_setpos(rule: Recur) -> str | None:
    """A week that DTSTART cuts short has other positions, so positions become the weekdays they stand for."""
    by = dict(rule.by)
    if rule.freq != "WEEKLY" or "BYSETPOS" not in by:
        return rule.text
    if set(by) != {"BYSETPOS", "BYDAY"}:
        return None
    days = sorted({WEEKDAYS.index(day) for day in by["BYDAY"].split(",")}, key=lambda d: (d - rule.wkst) % 7)
    places = {int(place) for place in by["BYSETPOS"].split(",")}
    chosen = [WEEKDAYS[d] for n, d in enumerate(days) if n + 1 in places or n - len(days) in places]
    head = rule.text.split(";BY")[0]
    return f"{head};{_list('BYDAY', chosen)}" if chosen else None


def _last_instant(
    schedule: Fixed | FixedRule, zone: ZoneInfo, first: dt.date, week_start: int, short_month: ShortMonth
) -> dt.datetime | None:
    """When the schedule's last occurrence begins; None when it has no end. Looked for backwards from the end."""
    rule = Recur.of(schedule) if isinstance(schedule, FixedRule) else schedule
    until = rule.last_date(schedule.at, zone) if isinstance(rule, Recur) else rule.until
    if until is None:
        return None
    end, days = min(until, dt.date.max - _DAY) + _DAY, 8
    while True:
        begin = dt.date.fromordinal(max(first.toordinal(), end.toordinal() - days))
        found = nominal_dates(schedule, begin, end, week_start=week_start, short_month=short_month, zone=zone)
        moments = [moment for day in found if (moment := instant(day, schedule.at, zone))]
        if moments or begin == first:
            return moments[-1] if moments else None
        days *= 8


def _list(name: str, values: list[int] | list[str]) -> str:
    return f"{name}={','.join(map(str, values))}"
