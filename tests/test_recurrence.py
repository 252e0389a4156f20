"""A row for every rule of the grammar about fixed schedules, and what days and lengths mean."""

# ruff: noqa: E501 (a table is read a row a line)

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zoneinfo
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from reconnectd.core.model import (
    Daily,
    Fixed,
    FixedRule,
    MonthDays,
    NthWeekdays,
    On,
    Period,
    Span,
    Weekdays,
    YearDates,
)
from reconnectd.core.recurrence import (
    day_bounds,
    instant,
    local_date,
    next_date,
    nominal_dates,
    shift,
    stretch,
)

AT = dt.time(9)
BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")
MON, TUE, _, THU, FRI, SAT, SUN = range(7)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def fixed(on: On, every: int = 1, starting: str | None = None, until: str | None = None) -> Fixed:
    return Fixed(on, AT, every, day(starting) if starting else None, day(until) if until else None)


def rule(rrule: str, starting: str | None = None) -> FixedRule:
    return FixedRule(rrule, AT, day(starting) if starting else None)


def dates(schedule: Fixed | FixedRule, first: str, last: str, week_start: int = 0) -> list[str]:
    found = nominal_dates(schedule, day(first), day(last), week_start=week_start)
    return [date.isoformat()[2:] for date in found]


WEEKLY = Weekdays((FRI,))
GRAMMAR = [
    ("a weekday", fixed(WEEKLY), "26-11-01", "26-11-14", "26-11-06 26-11-13"),
    ("two weekdays", fixed(Weekdays((TUE, THU))), "26-11-01", "26-11-08", "26-11-03 26-11-05"),
    ("a range of weekdays", fixed(Weekdays((FRI, SAT, SUN))), "26-11-06", "26-11-09", "26-11-06 26-11-07 26-11-08"),
    ("the range is half-open", fixed(WEEKLY), "26-11-06", "26-11-13", "26-11-06"),
    ("an empty range", fixed(WEEKLY), "26-11-06", "26-11-06", ""),
    ("a range turned round", fixed(WEEKLY), "26-11-13", "26-11-06", ""),
    ("daily", fixed(Daily()), "28-02-28", "28-03-02", "28-02-28 28-02-29 28-03-01"),
    ("1st sat", fixed(NthWeekdays(((1, SAT),))), "26-10-01", "27-01-01", "26-10-03 26-11-07 26-12-05"),
    ("last sun", fixed(NthWeekdays(((-1, SUN),))), "26-10-01", "27-01-01", "26-10-25 26-11-29 26-12-27"),
    ("4th and last are once", fixed(NthWeekdays(((4, SUN), (-1, SUN)))), "26-10-01", "26-12-01", "26-10-25 26-11-22 26-11-29"),
    ("5th fri skips", fixed(NthWeekdays(((5, FRI),))), "26-07-01", "27-01-01", "26-07-31 26-10-30"),
    ("15", fixed(MonthDays((15,))), "26-11-01", "27-01-01", "26-11-15 26-12-15"),
    ("31 skips", fixed(MonthDays((31,))), "26-01-01", "26-07-01", "26-01-31 26-03-31 26-05-31"),
    ("14 jun", fixed(YearDates(((6, 14),))), "26-01-01", "28-01-01", "26-06-14 27-06-14"),
    ("29 feb skips", fixed(YearDates(((2, 29),))), "24-01-01", "33-01-01", "24-02-29 28-02-29 32-02-29"),
    ("two dates, whatever their order", fixed(YearDates(((12, 24), (6, 14)))), "26-01-01", "27-01-01", "26-06-14 26-12-24"),
    ("every 2 weeks: from 2024-01-01, never from today", fixed(WEEKLY, 2), "26-11-01", "26-12-01", "26-11-06 26-11-20"),
    ("… also before it", fixed(WEEKLY, 2), "23-12-01", "24-01-12", "23-12-08 23-12-22 24-01-05"),
    ("every 3 days from 2024-01-01", fixed(Daily(), 3), "24-01-01", "24-01-09", "24-01-01 24-01-04 24-01-07"),
    ("every 3 months from January 2024", fixed(MonthDays((1,)), 3), "24-01-01", "24-12-01", "24-01-01 24-04-01 24-07-01 24-10-01"),
    ("every 2 months, nth", fixed(NthWeekdays(((1, MON),)), 2), "24-01-01", "24-06-01", "24-01-01 24-03-04 24-05-06"),
    ("every 2 years from 2024", fixed(YearDates(((6, 14),)), 2), "24-01-01", "29-01-01", "24-06-14 26-06-14 28-06-14"),
    ("every counts the period that holds starting", fixed(Weekdays((MON, FRI)), 2, "2026-11-04"), "26-01-01", "26-12-01", "26-11-06 26-11-16 26-11-20 26-11-30"),
    ("… months too", fixed(MonthDays((1, 20)), 2, "2026-11-15"), "26-01-01", "27-03-01", "26-11-20 27-01-01 27-01-20"),
    ("dates before starting don't exist", fixed(WEEKLY, 1, "2026-11-07"), "26-11-01", "26-11-21", "26-11-13 26-11-20"),
    ("starting itself may be one", fixed(WEEKLY, 1, "2026-11-06"), "26-11-01", "26-11-12", "26-11-06"),
    ("until is inclusive", fixed(WEEKLY, until="2026-11-13"), "26-11-01", "26-12-31", "26-11-06 26-11-13"),
    ("until before starting is nothing", fixed(WEEKLY, 1, "2026-11-13", "2026-11-06"), "26-01-01", "27-01-01", ""),
    ("rrule", rule("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1"), "26-11-01", "27-01-01", "26-11-27 26-12-25"),
    ("rrule without a day means its start's", rule("FREQ=WEEKLY", "2026-11-04"), "26-11-01", "26-11-15", "26-11-04 26-11-11"),
    ("… without starting Monday", rule("FREQ=WEEKLY"), "26-11-01", "26-11-15", "26-11-02 26-11-09"),
    ("… or the 1st", rule("FREQ=MONTHLY"), "26-11-01", "27-01-01", "26-11-01 26-12-01"),
    ("… or New Year", rule("FREQ=YEARLY"), "20-01-02", "22-01-02", "21-01-01 22-01-01"),
    ("rrule INTERVAL counts from starting", rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-11-04"), "26-11-01", "26-11-30", "26-11-06 26-11-16 26-11-20"),
    ("rrule COUNT counts from starting", rule("FREQ=DAILY;COUNT=3", "2026-11-04"), "26-11-05", "27-01-01", "26-11-05 26-11-06"),
    ("rrule UNTIL, a date, is inclusive", rule("FREQ=DAILY;UNTIL=20261106"), "26-11-05", "27-01-01", "26-11-05 26-11-06"),
    ("rrule UNTIL, a time, ends before a later time", rule("FREQ=DAILY;UNTIL=20261106T080000"), "26-11-05", "27-01-01", "26-11-05"),
    ("rrule skips what a month doesn't have", rule("FREQ=MONTHLY", "2026-01-31"), "26-01-01", "26-06-01", "26-01-31 26-03-31 26-05-31"),
    ("rrule that never comes true ends", rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "26-01-01", "30-01-01", ""),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "first", "last", "expected"), [row[1:] for row in GRAMMAR], ids=[row[0] for row in GRAMMAR])  # fmt: skip
def test_the_rules_of_the_grammar(schedule: Fixed | FixedRule, first: str, last: str, expected: str) -> None:
    assert dates(schedule, f"20{first}", f"20{last}") == expected.split()


LAST_DAY = [
    ("31st", MonthDays((31,)), "26-01-01", "26-05-01", "26-01-31 26-02-28 26-03-31 26-04-30"),
    ("30th, in a leap year", MonthDays((30,)), "28-01-01", "28-04-01", "28-01-30 28-02-29 28-03-30"),
    ("30th and 31st meet: once", MonthDays((30, 31)), "26-01-01", "26-04-01", "26-01-30 26-01-31 26-02-28 26-03-30 26-03-31"),
    ("28th and 29th meet: once", MonthDays((28, 29)), "26-02-01", "26-03-29", "26-02-28 26-03-28"),
    ("5th fri is the last", NthWeekdays(((5, FRI),)), "26-07-01", "26-10-01", "26-07-31 26-08-28 26-09-25"),
    ("4th and 5th fri meet: once", NthWeekdays(((4, FRI), (5, FRI))), "26-07-01", "26-09-01", "26-07-24 26-07-31 26-08-28"),
    ("29 feb", YearDates(((2, 29),)), "26-01-01", "29-01-01", "26-02-28 27-02-28 28-02-29"),
    ("28 and 29 feb meet: once", YearDates(((2, 28), (2, 29))), "27-01-01", "29-01-01", "27-02-28 28-02-28 28-02-29"),
]  # fmt: skip


@pytest.mark.parametrize(("on", "first", "last", "expected"), [row[1:] for row in LAST_DAY], ids=[row[0] for row in LAST_DAY])  # fmt: skip
def test_short_month_last_day(on: On, first: str, last: str, expected: str) -> None:
    found = nominal_dates(fixed(on), day(f"20{first}"), day(f"20{last}"), short_month="last day")
    assert [date.isoformat()[2:] for date in found] == expected.split()


def test_weeks_that_count_begin_at_week_start() -> None:
    every_other = fixed(Weekdays((SAT, SUN)), 2, "2026-11-07")
    assert dates(every_other, "2026-11-01", "2026-11-24", MON) == ["26-11-07", "26-11-08", "26-11-21", "26-11-22"]
    assert dates(every_other, "2026-11-01", "2026-11-24", SUN) == ["26-11-07", "26-11-15", "26-11-21"]


def test_an_until_in_utc_is_compared_in_the_routines_zone() -> None:
    nights = FixedRule("FREQ=DAILY;UNTIL=20261105T233000Z", dt.time(0, 30), None)
    first, last = day("2026-11-04"), day("2026-12-01")
    *_, in_berlin = nominal_dates(nights, first, last, zone=BERLIN)
    *_, in_new_york = nominal_dates(nights, first, last, zone=ZoneInfo("America/New_York"))
    assert (in_berlin, in_new_york) == (day("2026-11-06"), day("2026-11-05"))


@pytest.mark.parametrize("until", ["99991231", "99991231T235959Z", "99991231T235959"])
def test_an_until_at_the_end_of_time_is_no_end(until: str) -> None:
    assert dates(rule(f"FREQ=DAILY;UNTIL={until}"), "2026-01-01", "2026-01-03") == ["26-01-01", "26-01-02"]


def test_next_date_includes_the_day_it_is_asked_on_and_gives_up_after_its_horizon() -> None:
    leap_day = fixed(YearDates(((2, 29),)))
    assert next_date(leap_day, day("2028-02-29")) == day("2028-02-29")
    assert next_date(leap_day, day("2096-03-01")) == day("2104-02-29")
    assert next_date(leap_day, day("2025-01-01"), within_days=700) is None
    assert next_date(fixed(WEEKLY, until="2026-01-01"), day("2026-01-03")) is None


def test_the_last_days_of_the_calendar_overflow_nothing() -> None:
    end = dt.date.max
    assert next_date(fixed(WEEKLY), day("9999-12-30")) in {None, day("9999-12-31")}
    assert list(nominal_dates(fixed(Weekdays((MON, SUN))), day("9999-12-26"), end)) == [day("9999-12-26"), day("9999-12-27")]  # fmt: skip
    assert list(nominal_dates(fixed(MonthDays((30,))), day("9999-12-01"), end)) == [day("9999-12-30")]
    assert list(nominal_dates(rule("FREQ=MONTHLY;BYMONTHDAY=30"), day("9999-12-01"), end)) == [day("9999-12-30")]


INSTANTS = [
    ("summer", "Europe/Berlin", "2026-06-01", "19:30", "2026-06-01T17:30"),
    ("winter", "Europe/Berlin", "2026-12-01", "19:30", "2026-12-01T18:30"),
    ("a gap: the offset before it", "Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30"),
    ("a fold: the first", "Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),
    ("a gap of half an hour", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"),
    ("a fold of half an hour", "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
    ("a gap at midnight", "America/Sao_Paulo", "2017-10-15", "00:00", "2017-10-15T03:00"),
    ("a gap over midnight: the name stays, the clock is past it", "America/Nuuk", "2024-03-30", "23:30", "2024-03-31T01:30"),
    ("a saturday at one is saturday", "Europe/Berlin", "2026-11-07", "01:00", "2026-11-07T00:00"),
    ("a day that never was", "Pacific/Apia", "2011-12-30", "12:00", None),
    ("the day after it", "Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00"),
    ("the same elsewhere", "Pacific/Fakaofo", "2011-12-30", "00:00", None),
    ("and earlier", "Pacific/Kwajalein", "1993-08-21", "23:30", None),
    ("and on New Year's Eve", "Pacific/Kiritimati", "1994-12-31", "00:30", None),
    ("and long ago", "Asia/Manila", "1844-12-31", "12:00", None),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "date", "at", "expected"), [row[1:] for row in INSTANTS], ids=[row[0] for row in INSTANTS])  # fmt: skip
def test_the_instant_of_a_nominal_date(zone: str, date: str, at: str, expected: str | None) -> None:
    found = instant(day(date), dt.time.fromisoformat(at), ZoneInfo(zone))
    assert found == (utc(expected) if expected else None)
    assert found is None or found.tzinfo is dt.UTC


def test_no_zone_says_that_an_ordinary_day_never_was() -> None:
    ordinary = [day("2024-02-29"), day("2026-03-29"), day("2026-10-25"), day("2011-12-29"), day("2011-12-31")]
    for name in sorted(zoneinfo.available_timezones()):
        assert all(instant(date, dt.time(), ZoneInfo(name)) for date in ordinary), name


STRETCHES = [
    ("an evening", "2026-06-01", "17:00", "21:30", "2026-06-01T15:00", "2026-06-01T19:30"),
    ("past midnight", "2026-06-01", "22:30", "07:30", "2026-06-01T20:30", "2026-06-02T05:30"),
    ("equal ends are a day", "2026-06-01", "22:00", "22:00", "2026-06-01T20:00", "2026-06-02T20:00"),
    ("a short night", "2026-03-28", "22:00", "07:00", "2026-03-28T21:00", "2026-03-29T05:00"),
    ("a long night", "2026-10-24", "22:00", "07:00", "2026-10-24T20:00", "2026-10-25T06:00"),
    ("an end in the gap", "2026-03-29", "01:00", "02:30", "2026-03-29T00:00", "2026-03-29T01:00"),
    ("a beginning in the gap", "2026-03-29", "02:30", "04:00", "2026-03-29T01:00", "2026-03-29T02:00"),
    ("all of it in the gap", "2026-03-29", "02:10", "02:50", "2026-03-29T01:00", "2026-03-29T01:00"),
    ("a repeated hour counts as a whole", "2026-10-25", "02:15", "02:45", "2026-10-25T00:15", "2026-10-25T01:45"),
]  # fmt: skip


@pytest.mark.parametrize(("date", "start", "end", "begins", "ends"), [row[1:] for row in STRETCHES], ids=[row[0] for row in STRETCHES])  # fmt: skip
def test_the_instants_of_a_window(date: str, start: str, end: str, begins: str, ends: str) -> None:
    window = stretch(day(date), dt.time.fromisoformat(start), dt.time.fromisoformat(end), BERLIN)
    assert window == (utc(begins), utc(ends))


def test_day_start_shifts_what_today_means() -> None:
    four = dt.time(4)
    assert local_date(utc("2026-11-07T01:30"), BERLIN, four) == day("2026-11-06")
    assert local_date(utc("2026-11-07T03:00"), BERLIN, four) == day("2026-11-07")
    assert local_date(utc("2026-11-07T01:30"), BERLIN, dt.time()) == day("2026-11-07")
    assert day_bounds(day("2026-11-06"), BERLIN, four) == (utc("2026-11-06T03:00"), utc("2026-11-07T03:00"))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "America/Nuuk"])
@pytest.mark.parametrize("day_start", ["00:00", "02:30", "04:00", "23:30"])
def test_every_instant_belongs_to_the_day_whose_bounds_hold_it(zone: str, day_start: str) -> None:
    where, start = ZoneInfo(zone), dt.time.fromisoformat(day_start)
    moment = {"Pacific/Apia": utc("2011-12-27"), "America/Sao_Paulo": utc("2018-02-14")}.get(zone)
    for around in [moment] if moment else [utc("2024-03-28"), utc("2024-10-25"), utc("2026-03-27")]:
        for number in range(6 * 48):
            at = around + number * dt.timedelta(minutes=30)
            begin, end = day_bounds(local_date(at, where, start), where, start)
            assert begin <= at < end


def test_a_day_that_never_was_has_no_length() -> None:
    begin, end = day_bounds(day("2011-12-30"), APIA, dt.time(4))
    assert begin == end


SHIFTS: list[tuple[str, int, Period, str]] = [
    ("2026-01-31", 1, "month", "2026-02-28"),
    ("2028-01-31", 1, "month", "2028-02-29"),
    ("2026-11-30", 3, "month", "2027-02-28"),
    ("2026-12-15", 1, "month", "2027-01-15"),
    ("2028-02-29", 1, "year", "2029-02-28"),
    ("2028-02-29", 4, "year", "2032-02-29"),
    ("2026-12-30", 1, "week", "2027-01-06"),
    ("2026-12-31", 1, "day", "2027-01-01"),
]


@pytest.mark.parametrize(("date", "count", "unit", "expected"), SHIFTS)
def test_shift_keeps_to_the_months_last_day(date: str, count: int, unit: Period, expected: str) -> None:
    assert shift(day(date), Span(count, unit)) == day(expected)


def test_shift_past_the_last_year_is_refused() -> None:
    for unit in ("day", "month", "year"):
        with pytest.raises(OverflowError):
            shift(day("2026-01-01"), Span(10_000_000, unit))


def calls(work: Callable[[], object]) -> int:
    """How many Python functions `work` calls: a measure of its cost that no other process disturbs."""
    count = 0

    def counting(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    work()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("on", [WEEKLY, Daily(), NthWeekdays(((1, SAT),)), MonthDays((15,)), YearDates(((6, 14),))])
def test_the_next_date_costs_the_same_a_century_later(on: On) -> None:
    near, far = (calls(lambda when=when: next_date(fixed(on), day(when))) for when in ("2026-11-01", "2126-11-01"))  # type: ignore[misc]  # fmt: skip
    assert far <= near + 12
    assert near < 60


def test_the_next_date_of_a_rule_costs_the_same_a_century_later() -> None:
    monthly = rule("FREQ=MONTHLY;INTERVAL=2;BYDAY=FR;BYSETPOS=-1", "2026-01-01")
    near, far = (calls(lambda when=when: next_date(monthly, day(when))) for when in ("2026-11-01", "2126-11-01"))  # type: ignore[misc]  # fmt: skip
    assert far <= near * 2
    assert near < 400


def test_the_resident_process_can_ask_about_quiet_hours_without_dateutil() -> None:
    look = "import sys, reconnectd.core.quiet, reconnectd.core.cues; print('dateutil' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=20)
    assert told.stdout.strip() == "False"
