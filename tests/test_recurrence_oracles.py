"""Fixed schedules against engines that share no code with ours: dateutil walking from the start, Remind, and the
zones read from the other side (which instants show this wall clock?)."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, rrulestr, weekdays
from hypothesis import example, given, settings
from hypothesis import strategies as st
from needs import needs

from reconnectd.core.model import Daily, Fixed, FixedRule, MonthDays, NthWeekdays, On, Weekdays, YearDates
from reconnectd.core.recurrence import instant, next_date, nominal_dates

AT = dt.time(19, 30)
EPOCH = dt.date(2024, 1, 1)
NOON = dt.time(12)
DAY = dt.timedelta(days=1)
ShortMonth = Literal["skip", "last day"]

a_day = st.dates(dt.date(2016, 1, 1), dt.date(2036, 12, 31))
a_weekday = st.integers(0, 6)
ons: st.SearchStrategy[On] = st.one_of(
    st.just(Daily()),
    st.sets(a_weekday, min_size=1).map(lambda days: Weekdays(tuple(sorted(days)))),
    st.sets(st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), a_weekday), min_size=1, max_size=4).map(
        lambda pairs: NthWeekdays(tuple(pairs))
    ),
    st.sets(st.integers(1, 31), min_size=1, max_size=5).map(lambda days: MonthDays(tuple(days))),
    st.sets(st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), min_size=1, max_size=3).map(
        lambda dates: YearDates(tuple((date.month, date.day) for date in dates))
    ),
)
schedules = st.builds(
    Fixed,
    ons,
    st.just(AT),
    every=st.integers(1, 6),
    starting=st.none() | a_day,
    until=st.none() | a_day,
)


def walked(fixed: Fixed, last: dt.date, week_start: int, short_month: ShortMonth) -> list[dt.date]:
    """Every nominal date before `last`, as dateutil walks them from long before, with nothing left out on the way."""
    found = set(_walk(fixed, week_start, clamp=short_month == "last day"))
    starting, until = fixed.starting or dt.date.min, fixed.until or dt.date.max
    return sorted(day for day in found if starting <= day <= until and day < last)


def _walk(fixed: Fixed, week_start: int, *, clamp: bool) -> Iterator[dt.date]:
    anchor = dt.datetime.combine(fixed.starting or EPOCH, NOON)
    back = 30 * fixed.every
    match fixed.on:
        case Daily():
            yield from _stamps(DAILY, anchor - back * 365 * DAY, fixed.every)
        case Weekdays(days):
            monday = anchor + relativedelta(weekday=weekdays[week_start](-1)) - back * 53 * 7 * DAY
            yield from _stamps(WEEKLY, monday, fixed.every, byweekday=days, wkst=week_start)
        case NthWeekdays(pairs):
            for month in _stamps(MONTHLY, anchor + relativedelta(day=1, months=-12 * back), fixed.every):
                nths = (_nth(month, n, which, clamp=clamp) for n, which in pairs)
                yield from (nth for nth in nths if nth)
        case MonthDays(days):
            for month in _stamps(MONTHLY, anchor + relativedelta(day=1, months=-12 * back), fixed.every):
                yield from (month + relativedelta(day=day) for day in days if clamp or _has(month, day))
        case YearDates(dates):
            for year in _stamps(YEARLY, anchor + relativedelta(day=1, month=1, years=-back), fixed.every):
                firsts = [(year.replace(month=month), day) for month, day in dates]
                yield from (month + relativedelta(day=day) for month, day in firsts if clamp or _has(month, day))


def _stamps(freq: int, start: dt.datetime, interval: int, **by: object) -> list[dt.date]:
    stamps = rrule(freq, dtstart=start, interval=interval, until=dt.datetime.combine(dt.date(2041, 1, 1), NOON), **by)  # type: ignore[arg-type]
    return [stamp.date() for stamp in stamps if stamp.year >= 2010]


def _has(month: dt.date, day: int) -> bool:
    return (month + relativedelta(day=day)).day == day


def _nth(month: dt.date, n: int, which: int, *, clamp: bool) -> dt.date | None:
    latest: dt.date = month + relativedelta(day=31, weekday=weekdays[which](-1))
    wanted: dt.date = latest if n == -1 else month + relativedelta(day=1, weekday=weekdays[which](n))
    if wanted.month == month.month:
        return wanted
    return latest if clamp else None


@given(schedules, a_day, st.integers(0, 1500), a_weekday, st.sampled_from(["skip", "last day"]))
@settings(max_examples=150, deadline=None)
def test_fixed_dates_are_those_of_dateutil_walking_from_the_start(
    fixed: Fixed, first: dt.date, days: int, week_start: int, short_month: ShortMonth
) -> None:
    last = first + days * DAY
    ours = nominal_dates(fixed, first, last, week_start=week_start, short_month=short_month)
    expected = [day for day in walked(fixed, last, week_start, short_month) if day >= first]
    assert list(ours) == expected
    found = next_date(fixed, first, week_start=week_start, short_month=short_month, within_days=days)
    assert found == next(iter(expected), None)


numbers = {"DAILY": [1, 2, 3, 10], "WEEKLY": [1, 2, 3], "MONTHLY": [1, 5, 7], "YEARLY": [1, 2, 3]}
"""Intervals under which no rule below can be one that never comes true: dateutil would walk it to the year 9999."""


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(sorted(numbers)))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.sampled_from(numbers[freq]))}"]
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    if draw(st.booleans()):
        months = draw(st.sets(st.integers(1, 12), min_size=1, max_size=6))
        parts.append("BYMONTH=" + ",".join(map(str, sorted(months))))
    kind = draw(st.sampled_from(["nothing", "weekdays", "nth", "month days", "year days", "weeks"]))
    if kind == "weekdays" or (kind == "nth" and freq in ("DAILY", "WEEKLY")):
        parts.append("BYDAY=" + ",".join(draw(st.sets(st.sampled_from(names), min_size=1))))
    elif kind == "nth":
        parts.append(f"BYDAY={draw(st.sampled_from([1, 2, 4, -1]))}{draw(st.sampled_from(names))}")
    elif kind == "month days" and freq != "WEEKLY":
        parts.append(f"BYMONTHDAY={draw(st.sampled_from([1, 15, 28, -1, -28]))}")
    elif kind == "year days" and freq == "YEARLY":
        parts = [part for part in parts if "BYMONTH" not in part] + ["BYYEARDAY=1,100,-1"]
    elif kind == "weeks" and freq == "YEARLY":
        parts = [part for part in parts if "BYMONTH" not in part] + ["BYWEEKNO=1,20,52"]
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(names))}")
    if freq in ("MONTHLY", "YEARLY") and kind == "weekdays" and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2', '1,-1']))}")
    bound = draw(st.sampled_from(["", "COUNT=7", "COUNT=1", "UNTIL=20290601"]))
    return ";".join([*parts, bound] if bound else parts)


@given(rules(), st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 28)), a_day, st.integers(0, 1500))
@example("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", dt.date(2026, 1, 15), dt.date(2026, 1, 1), 400)
@example("FREQ=YEARLY", dt.date(2024, 2, 29), dt.date(2024, 1, 1), 3000)
@settings(max_examples=150, deadline=None)
def test_rule_dates_are_those_of_dateutil_walking_from_starting(
    text: str, starting: dt.date, first: dt.date, days: int
) -> None:
    if starting.day > 28 and "YEARLY" not in text:
        starting = starting.replace(day=28)
    last = first + days * DAY
    expected = []
    for stamp in rrulestr(text, dtstart=dt.datetime.combine(starting, dt.time())):
        if stamp.date() >= last:
            break
        expected.append(stamp.date())
    ours = list(nominal_dates(FixedRule(text, AT, starting), first, last))
    assert ours == [day for day in expected if day >= first]


ZONES = {
    "Europe/Berlin": 2024,
    "America/New_York": 2024,
    "Australia/Lord_Howe": 2024,
    "America/Nuuk": 2019,
    "Africa/Casablanca": 2016,
    "Pacific/Apia": 2006,
    "America/Sao_Paulo": 2011,
    "Asia/Tehran": 2014,
}
"""Ten years each, chosen so that the zone's oddest ones are among them."""
TIMES = [dt.time(0, 0), dt.time(0, 30), dt.time(1, 30), dt.time(2, 30), dt.time(12, 0), dt.time(23, 30)]


Piece = tuple[dt.datetime, dt.datetime, dt.timedelta]


def pieces_of(zone: ZoneInfo, first: dt.date, last: dt.date) -> list[Piece]:
    """What the zone does between two days, seen from UTC: [begin, end) and the offset that holds in it."""
    start, step = dt.datetime.combine(first, dt.time(), dt.UTC) - 3 * DAY, dt.timedelta(minutes=15)
    days = [start + number * DAY for number in range((last - first).days + 7)]
    edges = [
        at + step
        for day, following in pairwise(days)
        if _offset(day, zone) != _offset(following, zone)
        for at in (day + number * step for number in range(96))
        if _offset(at, zone) != _offset(at + step, zone)
    ]
    return [(begin, end, _offset(begin, zone)) for begin, end in pairwise([start, *edges, days[-1]])]


def _offset(at: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


@pytest.mark.parametrize(("name", "year"), ZONES.items())
def test_each_nominal_date_of_ten_years_once_and_at_the_right_instant(name: str, year: int) -> None:
    zone, first, last = ZoneInfo(name), dt.date(year, 1, 1), dt.date(year + 10, 1, 1)
    days = list(nominal_dates(Fixed(Daily(), AT), first, last))
    assert days == [first + number * DAY for number in range((last - first).days)]
    pieces = pieces_of(zone, first, last)
    assert len(pieces) > 2
    for at in TIMES:
        expected = right_instants(days, at, pieces)
        assert [instant(day, at, zone) for day in days] == expected


def right_instants(days: list[dt.date], at: dt.time, pieces: list[Piece]) -> list[dt.datetime | None]:
    """RFC 5545 §3.3.5 by its words, in one sweep: the first instant that shows this wall clock; where none does,
    what the piece before the gap would have made of it; nothing for a day that no piece touches."""
    walls = [(b.replace(tzinfo=None) + offset, e.replace(tzinfo=None) + offset, offset) for b, e, offset in pieces]
    found: list[dt.datetime | None] = []
    position = 0
    for day in days:
        wall, midnight = dt.datetime.combine(day, at), dt.datetime.combine(day, dt.time())
        while walls[position][1] <= wall and walls[position + 1][0] <= wall:
            position += 1
        near, offset = walls[position : position + 2], walls[position][2]
        lived = any(begin < midnight + DAY and midnight < end for begin, end, _ in near)
        found.append((wall - offset).replace(tzinfo=dt.UTC) if lived else None)
    return found


def test_the_oracle_of_the_zones_knows_apias_lost_day_and_every_change_of_casablanca() -> None:
    apia = pieces_of(ZoneInfo("Pacific/Apia"), dt.date(2006, 1, 1), dt.date(2016, 1, 1))
    jumps = [later[2] - earlier[2] for earlier, later in pairwise(apia)]
    assert jumps.count(DAY) == 1
    casablanca = pieces_of(ZoneInfo("Africa/Casablanca"), dt.date(2019, 1, 1), dt.date(2024, 1, 1))
    assert len(casablanca) == 11


REMIND = [
    ("REM Fri MSG x", Fixed(Weekdays((4,)), AT)),
    ("REM Tue Thu MSG x", Fixed(Weekdays((1, 3)), AT)),
    ("REM Sat 1 MSG x", Fixed(NthWeekdays(((1, 5),)), AT)),
    ("REM Wed 15 MSG x", Fixed(NthWeekdays(((3, 2),)), AT)),
    ("REM Sun 1 --7 MSG x", Fixed(NthWeekdays(((-1, 6),)), AT)),
    ("REM Fri SATISFY [day($T) >= 29] MSG x", Fixed(NthWeekdays(((5, 4),)), AT)),
    ("REM 15 MSG x", Fixed(MonthDays((15,)), AT)),
    ("REM 31 MSG x", Fixed(MonthDays((31,)), AT)),
    ("REM 14 Jun MSG x", Fixed(YearDates(((6, 14),)), AT)),
    ("REM 29 Feb MSG x", Fixed(YearDates(((2, 29),)), AT)),
    ("REM MSG x", Fixed(Daily(), AT)),
    ("REM 2024-01-01 *3 MSG x", Fixed(Daily(), AT, every=3)),
    ("REM 2024-01-05 *14 MSG x", Fixed(Weekdays((4,)), AT, every=2)),
    ("REM Fri FROM 2026-11-06 UNTIL 2027-01-15 MSG x",
     Fixed(Weekdays((4,)), AT, starting=dt.date(2026, 11, 6), until=dt.date(2027, 1, 15))),
]  # fmt: skip


@needs("remind")
@pytest.mark.parametrize(("line", "fixed"), REMIND, ids=[row[0] for row in REMIND])
def test_remind_prints_the_same_ten_years(line: str, fixed: Fixed, tmp_path: Path) -> None:
    script = tmp_path / "one.rem"
    script.write_text(line + "\n")
    printed = subprocess.run(
        ["remind", "-s120", str(script), "2024-01-01"], capture_output=True, text=True, check=True, timeout=20
    ).stdout
    theirs = [dt.date.fromisoformat(row.split()[0].replace("/", "-")) for row in printed.splitlines()]
    ours = list(nominal_dates(fixed, dt.date(2024, 1, 1), dt.date(2034, 1, 1)))
    assert ours == theirs
    assert ours
