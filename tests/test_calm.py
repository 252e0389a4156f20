"""A calm half hour: the guards hold in every zone, on every day, also when the clocks change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from household import HOUR, MINUTE, UTC, berlin
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core.arranged_talk import LENGTH
from reconnectd.core.model import Period, Practice, Times
from reconnectd.core.practice.calm import AHEAD, LOOK, Against, Around, Taken, WindowSlots, against, calm_slot
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import Guards

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo",
        "America/St_Johns", "Pacific/Kiritimati", "UTC",
    )
]  # fmt: skip
NOW = berlin("2026-11-23 09:00")
AROUND = Around((BERLIN,))
FIRST, LAST = dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1)  # noqa: DTZ001 - hypothesis gives them a zone
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
zones = st.sampled_from(ZONES)


def slot(now: dt.datetime, around: Around) -> dt.datetime | None:
    return calm_slot(WindowSlots(around.zones[0]).starts(now + AHEAD, now + LOOK, LENGTH), now, around)


def said(start: str, **changes: object) -> tuple[Against, ...]:
    return against(berlin(start), NOW, replace(AROUND, **changes))  # type: ignore[arg-type]


def event(start: str, hours: float, practice: Practice | None) -> Taken:
    return Taken(berlin(start), berlin(start) + hours * HOUR, practice)


@given(moments, zones, st.sampled_from([dt.time(20), dt.time(20, 30), dt.time(21)]))
def test_it_is_over_in_time_in_the_evening_or_on_a_free_day_a_day_ahead(
    now: dt.datetime, zone: ZoneInfo, limit: dt.time
) -> None:
    found = slot(now, Around((zone,), guards=Guards(talk_not_after=limit)))
    assert found is not None
    begins, ends = (at.astimezone(zone) for at in (found, found + LENGTH))
    assert found - now >= dt.timedelta(days=1)
    assert begins.date() == ends.date()
    assert ends.time() <= limit
    assert begins.time() >= dt.time(10 if begins.weekday() > 4 else 18)


@given(moments, zones, zones)
def test_it_suits_both_wherever_each_of_them_is_or_there_is_none(
    now: dt.datetime, mine: ZoneInfo, theirs: ZoneInfo
) -> None:
    found = slot(now, Around((mine, theirs)))
    for zone in (mine, theirs) if found else ():
        assert found is not None
        assert found.astimezone(zone).time() >= dt.time(8)
        assert (found + LENGTH).astimezone(zone).time() <= dt.time(21)


@settings(max_examples=50)
@given(moments, zones, st.times(), st.times())
def test_no_minute_of_it_is_quiet(now: dt.datetime, zone: ZoneInfo, begin: dt.time, end: dt.time) -> None:
    quiet = Quiet(((begin, end),))
    found = slot(now, Around((zone,), quiet))
    for minute in range(30) if found else ():
        assert found is not None
        assert quiet.holding(found + minute * MINUTE, zone) is None


@given(moments, zones, st.lists(st.tuples(st.integers(0, 600), st.sampled_from([*Practice, None])), max_size=20))
def test_it_stands_clear_of_check_ins_of_time_together_and_of_everything_else(
    now: dt.datetime, zone: ZoneInfo, events: list[tuple[int, Practice | None]]
) -> None:
    taken = [Taken(now + n * HOUR, now + (n + 2) * HOUR, practice) for n, practice in events]
    found = slot(now, Around((zone,), taken=taken))
    for one in taken if found else ():
        assert found is not None
        assert found >= one.over or found + LENGTH <= one.begins
        if one.practice is Practice.QUALITY_TIME:
            assert found - one.over >= 3 * HOUR or one.begins - (found + LENGTH) >= 3 * HOUR
        if one.practice is Practice.CHECK_IN:
            assert found.astimezone(zone).date() != one.begins.astimezone(zone).date()


@given(moments, zones, st.integers(0, 6), st.sampled_from(["week", "month"]))
def test_a_second_one_waits_for_the_next_period(
    now: dt.datetime, zone: ZoneInfo, week_start: int, period: Period
) -> None:
    around = Around((zone,), guards=Guards(repair_at_most=Times(1, period)), week_start=week_start)
    first = slot(now, around)
    assert first is not None
    second = slot(now, replace(around, talks=[first]))
    if second is None:
        assert period == "month"
        return
    days = [each.astimezone(zone).date() for each in (first, second)]
    if period == "month":
        assert days[0].month != days[1].month
    else:
        weeks = [(day - dt.timedelta(days=week_start)).isocalendar()[:2] for day in days]
        assert weeks[0] != weeks[1]


@given(moments, zones)
def test_after_a_hard_one_a_whole_week_goes_by(now: dt.datetime, zone: ZoneInfo) -> None:
    found = slot(now, Around((zone,), hard=now))
    assert found is not None
    weeks = [at.astimezone(zone).date() - dt.timedelta(days=at.astimezone(zone).weekday()) for at in (now, found)]
    assert (weeks[1] - weeks[0]).days >= 14


@pytest.mark.parametrize(
    ("start", "changes", "expected"),
    [
        ("2026-11-24 18:00", {}, ()),
        ("2026-11-23 18:00", {}, (Against.SOON,)),
        ("2026-11-24 20:30", {}, ()),
        ("2026-11-24 20:31", {}, (Against.LATE,)),
        ("2026-11-24 23:45", {"guards": Guards(talk_not_after=dt.time(0, 30))}, ()),
        ("2026-11-25 00:10", {"guards": Guards(talk_not_after=dt.time(0, 30))}, (Against.LATE,)),
        ("2026-11-25 01:00", {}, (Against.LATE,)),
        ("2026-11-25 06:00", {}, (Against.EARLY,)),
        ("2026-11-24 20:00", {"zones": (BERLIN, ZoneInfo("Europe/Athens"))}, (Against.LATE,)),
        ("2026-11-24 09:30", {"zones": (BERLIN, ZoneInfo("America/New_York"))}, (Against.LATE,)),
        ("2026-11-24 18:00", {"quiet": Quiet(((dt.time(18, 20), dt.time(19)),))}, (Against.QUIET,)),
        ("2026-11-24 18:00", {"taken": [event("2026-11-24 08:00", 1, Practice.CHECK_IN)]}, (Against.CHECK_IN,)),
        ("2026-11-24 18:00", {"taken": [event("2026-11-24 21:00", 2, Practice.QUALITY_TIME)]}, (Against.TOGETHER,)),
        ("2026-11-24 18:00", {"taken": [event("2026-11-24 21:30", 2, Practice.QUALITY_TIME)]}, ()),
        ("2026-11-24 18:00", {"taken": [event("2026-11-24 18:15", 1, None)]}, (Against.TAKEN,)),
        ("2026-11-24 18:00", {"talks": [berlin("2026-11-29 18:00")]}, (Against.OFTEN,)),
        ("2026-11-24 18:00", {"talks": [berlin("2026-11-30 18:00")]}, ()),
        ("2026-12-06 18:00", {"hard": berlin("2026-11-23 08:00")}, (Against.AFTER_A_HARD_ONE,)),
        ("2026-12-07 18:00", {"hard": berlin("2026-11-23 08:00")}, ()),
        ("2026-11-24 18:00", {"rests": lambda _: True}, (Against.RESTING,)),
    ],
)
def test_what_a_time_of_ones_own_is_against_is_named(
    start: str, changes: dict[str, object], expected: tuple[Against, ...]
) -> None:
    assert said(start, **changes) == expected


def test_the_windows_are_in_half_hours_from_their_beginning_also_on_the_day_that_the_clocks_change() -> None:
    first, last = berlin("2026-10-24 20:00"), berlin("2026-10-26 19:00")
    found = [at.astimezone(BERLIN) for at in WindowSlots(BERLIN).starts(first, last, LENGTH)]
    assert [f"{at:%d %H:%M}" for at in found if at.day != 25] == [
        *("24 20:00", "24 20:30", "24 21:00", "24 21:30", "24 22:00", "24 22:30", "26 18:00", "26 18:30"),
    ]
    sunday = [at for at in found if at.day == 25]
    assert (f"{sunday[0]:%H:%M}", f"{sunday[-1]:%H:%M}", len(sunday)) == ("10:00", "22:30", 26)
