"""Quiet hours, over midnight and over changes of the clock."""

# ruff: noqa: E501 (a table is read a row a line)

from __future__ import annotations

import datetime as dt
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core.quiet import Quiet

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def quiet(*windows: str) -> Quiet:
    pairs = (window.split("-") for window in windows)
    return Quiet(tuple((dt.time.fromisoformat(start), dt.time.fromisoformat(end)) for start, end in pairs))


NIGHT = quiet("22:30-07:30")
HOLDING = [
    ("in the evening", NIGHT, "2026-06-01T21:00", "2026-06-01T20:30", "2026-06-02T05:30"),
    ("in the morning", NIGHT, "2026-06-02T05:29", "2026-06-01T20:30", "2026-06-02T05:30"),
    ("it begins with its first instant", NIGHT, "2026-06-01T20:30", "2026-06-01T20:30", "2026-06-02T05:30"),
    ("its end is free", NIGHT, "2026-06-02T05:30", None, None),
    ("noon is free", NIGHT, "2026-06-01T10:00", None, None),
    ("a short night", NIGHT, "2026-03-29T01:00", "2026-03-28T21:30", "2026-03-29T05:30"),
    ("a long night", NIGHT, "2026-10-25T01:00", "2026-10-24T20:30", "2026-10-25T06:30"),
    ("adjoining windows are one", quiet("20:00-22:30", "22:30-07:30"), "2026-06-01T19:00", "2026-06-01T18:00", "2026-06-02T05:30"),
    ("overlapping windows are one", quiet("20:00-23:00", "22:30-07:30", "07:00-08:00"), "2026-06-01T19:00", "2026-06-01T18:00", "2026-06-02T06:00"),
    ("to midnight and from midnight is one", quiet("23:00-00:00", "00:00-06:00"), "2026-06-01T23:00", "2026-06-01T21:00", "2026-06-02T04:00"),
    ("separate windows stay apart", quiet("13:00-15:00", "22:00-07:00"), "2026-06-01T12:00", "2026-06-01T11:00", "2026-06-01T13:00"),
    ("a pause that the change of the clock takes away", quiet("03:00-02:00"), "2026-03-29T00:30", "2026-03-28T02:00", "2026-03-30T00:00"),
    ("a pause that the change of the clock takes away, from its other end", quiet("03:00-02:00"), "2026-03-29T23:30", "2026-03-28T02:00", "2026-03-30T00:00"),
    ("no windows", Quiet(), "2026-06-01T23:00", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("hours", "at", "begins", "ends"), [row[1:] for row in HOLDING], ids=[row[0] for row in HOLDING])  # fmt: skip
def test_the_quiet_that_holds_an_instant(hours: Quiet, at: str, begins: str | None, ends: str | None) -> None:
    expected = (utc(begins), utc(ends)) if begins and ends else None
    assert hours.holding(utc(at), BERLIN) == expected
    assert hours.free_from(utc(at), BERLIN) == utc(ends or at)


@pytest.mark.parametrize("hours", [quiet("22:00-22:00"), quiet("00:00-12:00", "12:00-00:00"), quiet("21:00-09:00", "08:00-21:00")])  # fmt: skip
def test_quiet_all_day_holds_the_civil_day_and_lets_go_at_once(hours: Quiet) -> None:
    at = utc("2026-06-01T10:00")
    assert hours.always
    assert hours.holding(at, BERLIN) == (utc("2026-05-31T22:00"), utc("2026-06-01T22:00"))
    assert hours.free_from(at, BERLIN) == at
    assert hours.stretches(at, utc("2026-06-03T10:00"), BERLIN) == ((utc("2026-05-31T22:00"), utc("2026-06-03T22:00")),)


@pytest.mark.parametrize("hours", [Quiet(), NIGHT, quiet("00:00-23:59"), quiet("12:00-00:00", "00:00-11:59")])
def test_quiet_that_leaves_a_minute_is_not_always(hours: Quiet) -> None:
    assert not hours.always


def test_answers_are_in_utc_whatever_zone_asks() -> None:
    at = dt.datetime(2026, 6, 1, 12, tzinfo=BERLIN)
    assert NIGHT.free_from(at, BERLIN).tzinfo is dt.UTC


times = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
windows = st.lists(st.tuples(times, times), min_size=1, max_size=3).map(lambda pairs: Quiet(tuple(pairs)))
zones = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/Nuuk", "America/Sao_Paulo"]).map(ZoneInfo)
moments = st.builds(
    lambda day, quarters: dt.datetime.combine(day, dt.time(), dt.UTC) + quarters * dt.timedelta(minutes=15),
    st.sampled_from([dt.date(2017, 10, 14), dt.date(2024, 3, 30), dt.date(2024, 10, 26), dt.date(2026, 10, 24)]),
    st.integers(0, 300),
)


def clock_is_quiet(hours: Quiet, at: dt.datetime, zone: ZoneInfo) -> bool:
    """What a person with a watch would say."""
    now = at.astimezone(zone).time()
    return any(start <= now < end if start < end else now >= start or now < end for start, end in hours.windows)


@given(windows, moments, zones)
@settings(max_examples=200, deadline=None)
def test_quiet_agrees_with_the_watch_and_is_whole(hours: Quiet, at: dt.datetime, zone: ZoneInfo) -> None:
    held = hours.holding(at, zone)
    if clock_is_quiet(hours, at, zone):
        assert held is not None
    elif held is not None:
        assert shows_twice(at, zone), "only a repeated hour is quiet against the watch"
    if held is None or hours.always:
        return
    begin, end = held
    assert begin <= at < end
    assert hours.holding(end, zone) is None
    assert hours.holding(begin - dt.timedelta(seconds=1), zone) is None
    assert hours.free_from(at, zone) == end


def shows_twice(at: dt.datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    around = product((-1, 1), (30, 60))
    return any((at + dt.timedelta(minutes=sign * span)).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) for sign, span in around)  # fmt: skip
