"""A series in the calendar has exactly the dates of its schedule, as dateutil reads it there."""

from __future__ import annotations

import datetime as dt
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconnectd.core.model import Daily, Fixed, FixedRule, MonthDays, NthWeekdays, On, Weekdays, YearDates
from reconnectd.core.recurrence import next_date, nominal_dates
from reconnectd.core.rule import Series, series

AT = dt.time(19, 30)
BERLIN = ZoneInfo("Europe/Berlin")
FROM = dt.date(2026, 11, 1)
MON, TUE, _, THU, FRI, SAT, SUN = range(7)
ShortMonth = Literal["skip", "last day"]


def written(on: On, every: int = 1, short_month: ShortMonth = "skip", week_start: int = 0) -> str | None:
    made = series(Fixed(on, AT, every), BERLIN, not_before=FROM, week_start=week_start, short_month=short_month)
    return made.rrule if made else None


SKIPPING = [
    (Daily(), 1, "FREQ=DAILY"),
    (Daily(), 3, "FREQ=DAILY;INTERVAL=3"),
    (Weekdays((FRI,)), 1, "FREQ=WEEKLY;BYDAY=FR"),
    (Weekdays((TUE, THU)), 2, "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU,TH"),
    (NthWeekdays(((1, SAT), (-1, SUN))), 1, "FREQ=MONTHLY;BYDAY=-1SU,1SA"),
    (MonthDays((15, 31)), 1, "FREQ=MONTHLY;BYMONTHDAY=15,31"),
    (YearDates(((6, 14),)), 2, "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYMONTHDAY=14"),
    (YearDates(((2, 29),)), 1, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
    (YearDates(((6, 14), (12, 14))), 1, "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=14"),
    (YearDates(((2, 14), (6, 14), (12, 24))), 1, "FREQ=YEARLY;BYYEARDAY=-201,-8,45"),
    (YearDates(((2, 29), (6, 14))), 1, None),
]
LAST_DAY = [
    (MonthDays((31,)), "FREQ=MONTHLY;BYMONTHDAY=-1"),
    (MonthDays((15, 31)), "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
    (MonthDays((30, 31)), "FREQ=MONTHLY;BYMONTHDAY=30,-1"),
    (MonthDays((30,)), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
    (MonthDays((1, 29)), "FREQ=MONTHLY;BYMONTHDAY=1,28,29;BYSETPOS=1,-1"),
    (MonthDays((29, 30)), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=2,-1"),
    (MonthDays((28, 29, 30)), "FREQ=MONTHLY;BYMONTHDAY=28,29,30"),
    (NthWeekdays(((5, FRI),)), "FREQ=MONTHLY;BYDAY=-1FR"),
    (YearDates(((2, 29),)), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
    (YearDates(((2, 29), (6, 14))), "FREQ=YEARLY;BYYEARDAY=-307,-201"),
]


@pytest.mark.parametrize(("on", "every", "expected"), SKIPPING)
def test_the_rule_that_is_written(on: On, every: int, expected: str | None) -> None:
    assert written(on, every) == expected


@pytest.mark.parametrize(("on", "expected"), LAST_DAY)
def test_the_rule_that_stands_for_last_days(on: On, expected: str) -> None:
    assert written(on, short_month="last day") == expected


def test_dtstart_is_an_instance_in_a_week_that_counts() -> None:
    every_other = Fixed(Weekdays((MON, FRI)), AT, 2, dt.date(2026, 11, 4))
    assert series(every_other, BERLIN, not_before=FROM) == Series(
        dt.date(2026, 11, 6), "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,FR"
    )


@pytest.mark.parametrize(
    ("schedule", "rrule"),
    [
        (Fixed(Weekdays((FRI,)), AT, until=dt.date(2026, 12, 31)), "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261225T183000Z"),
        (FixedRule("FREQ=DAILY;COUNT=4", AT, dt.date(2026, 10, 30)), "FREQ=DAILY;UNTIL=20261102T183000Z"),
        (FixedRule("FREQ=DAILY;UNTIL=20261104", AT), "FREQ=DAILY;UNTIL=20261104T183000Z"),
        (FixedRule("FREQ=DAILY;UNTIL=20261104T183000Z", AT), "FREQ=DAILY;UNTIL=20261104T183000Z"),
        (FixedRule("FREQ=DAILY;UNTIL=20261104T182959Z", AT), "FREQ=DAILY;UNTIL=20261103T183000Z"),
    ],
)
def test_until_is_the_last_instant_in_utc(schedule: Fixed | FixedRule, rrule: str) -> None:
    made = series(schedule, BERLIN, not_before=FROM)
    assert made is not None
    assert made.rrule == rrule


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY;WKST=MO;BYDAY=WE"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=4"),
        ("freq=weekly;byday=mo,we,fr;bysetpos=2", "FREQ=WEEKLY;WKST=MO;BYDAY=WE"),
        ("FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1;WKST=SU", "FREQ=WEEKLY;WKST=SU;BYDAY=SU"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYMONTH=11;BYSETPOS=2", None),
        ("FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;WKST=MO;BYWEEKNO=20;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
    ],
)
def test_a_rules_text_says_what_its_start_implied(rule: str, written: str | None) -> None:
    made = series(FixedRule(rule, AT, dt.date(2026, 11, 4)), BERLIN, not_before=FROM)
    assert (made.rrule if made else None) == written


def test_what_has_ended_has_no_series() -> None:
    ended = Fixed(Weekdays((FRI,)), AT, until=dt.date(2026, 10, 31))
    assert series(ended, BERLIN, not_before=FROM) is None
    assert next_date(ended, FROM) is None


def test_what_ends_at_the_end_of_time_still_has_a_series() -> None:
    for until in (dt.date.max, dt.date(9999, 1, 1)):
        made = series(Fixed(YearDates(((2, 29),)), AT, until=until), BERLIN, not_before=FROM)
        assert made is not None
        assert made.rrule.endswith("UNTIL=99960229T183000Z")


a_day = st.dates(dt.date(2022, 1, 1), dt.date(2030, 12, 31))
fixed_schedules = st.builds(
    Fixed,
    st.one_of(
        st.just(Daily()),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: Weekdays(tuple(sorted(days)))),
        st.sets(st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(0, 6)), min_size=1, max_size=4).map(
            lambda pairs: NthWeekdays(tuple(pairs))
        ),
        st.sets(st.sampled_from([1, 15, 27, 28, 29, 30, 31]), min_size=1, max_size=5).map(
            lambda days: MonthDays(tuple(days))
        ),
        st.sets(
            st.tuples(st.sampled_from([1, 2, 3, 4, 12]), st.sampled_from([1, 14, 28, 29])), min_size=1, max_size=4
        ).map(lambda dates: YearDates(tuple(dates))),
    ),
    st.sampled_from([dt.time(0), dt.time(2, 30), dt.time(12), dt.time(23, 30)]),
    every=st.integers(1, 4),
    starting=st.none() | a_day,
    until=st.none() | st.dates(dt.date(2028, 1, 1), dt.date(2034, 12, 31)),
)
rules = st.builds(
    FixedRule,
    st.sampled_from(
        [
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=DAILY;BYDAY=SA,SU;COUNT=30",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=9",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1,-1",
            "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1,13",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,11;BYDAY=-1SU",
            "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO",
            "FREQ=YEARLY;BYDAY=20MO;UNTIL=20310601T120000Z",
            "FREQ=YEARLY;BYYEARDAY=1,-1",
        ]
    ),
    st.sampled_from([dt.time(0), dt.time(2, 30), dt.time(23, 30)]),
    starting=a_day,
)
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tokyo"]
).map(ZoneInfo)


@given(fixed_schedules | rules, zones, a_day, st.integers(0, 6), st.sampled_from(["skip", "last day"]))
@example(Fixed(MonthDays((28, 30)), AT), BERLIN, dt.date(2028, 2, 28), 0, "last day")
@example(Fixed(YearDates(((2, 28), (2, 29))), AT), BERLIN, dt.date(2027, 1, 1), 0, "last day")
@settings(max_examples=250, deadline=None)
def test_a_calendar_reads_back_exactly_the_nominal_dates(
    schedule: Fixed | FixedRule, zone: ZoneInfo, not_before: dt.date, week_start: int, short_month: ShortMonth
) -> None:
    horizon = dt.date(2037, 1, 1)
    ours = list(nominal_dates(schedule, not_before, horizon, week_start=week_start, short_month=short_month, zone=zone))
    made = series(schedule, zone, not_before=not_before, week_start=week_start, short_month=short_month)
    if made is None:
        assert not ours or mixes_a_leap_day(schedule, short_month)
        return
    assert made.first == next(iter(ours), made.first)
    start = dt.datetime.combine(made.first, schedule.at, zone)
    theirs = (stamp.date() for stamp in rrulestr(made.rrule, dtstart=start))
    assert list(takewhile(lambda day: day < horizon, theirs)) == ours


def mixes_a_leap_day(schedule: Fixed | FixedRule, short_month: ShortMonth) -> bool:
    on = schedule.on if isinstance(schedule, Fixed) else None
    return isinstance(on, YearDates) and short_month == "skip" and (2, 29) in on.dates and len(on.dates) > 1
