from __future__ import annotations

import datetime as dt
import io
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from reconnectd.core.vtimezone import vtimezone

at = dt.datetime.fromisoformat

AROUND = dt.date(2026, 11, 27)
RULED = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Nuuk",
    "Africa/Cairo",
    "Europe/Dublin",
    "Asia/Jerusalem",
    "Pacific/Chatham",
    "America/Santiago",
)
STEADY = ("UTC", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "Asia/Tehran")
LISTED = ("Africa/Casablanca", "Asia/Gaza")


def _offset_by_dateutil(text: str, wall: dt.datetime) -> dt.timedelta | None:
    return wall.replace(tzinfo=tzical(io.StringIO(text)).get()).utcoffset()


def test_berlin_is_two_rules_and_nothing_else() -> None:
    assert vtimezone("Europe/Berlin", AROUND).split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:20250330T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251026T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize("zone", STEADY)
def test_a_zone_without_summer_time_is_one_standard(zone: str) -> None:
    text = vtimezone(zone, AROUND)
    assert (text.count("BEGIN:STANDARD"), text.count("BEGIN:DAYLIGHT"), text.count("RRULE")) == (1, 0, 0)


@pytest.mark.parametrize("zone", LISTED)
def test_a_zone_without_yearly_rules_is_listed(zone: str) -> None:
    text = vtimezone(zone, AROUND)
    assert "RRULE" not in text
    assert text.count("DTSTART") > 10


def _days_of_change(zone: ZoneInfo) -> list[dt.datetime]:
    """Midnights before a change of offset, 2026 to 2030."""
    days = [at("2026-01-02T00:00") + dt.timedelta(days=n) for n in range(365 * 5)]
    offsets = [day.replace(tzinfo=zone).utcoffset() for day in days]
    return [day for day, one, next_one in zip(days, offsets, offsets[1:], strict=False) if one != next_one]


@pytest.mark.parametrize("zone", RULED + LISTED)
def test_the_hours_around_a_change_read_as_zoneinfo_has_them(zone: str) -> None:
    read, truth = tzical(io.StringIO(vtimezone(zone, AROUND))).get(), ZoneInfo(zone)
    changes = _days_of_change(truth)
    assert len(changes) >= (10 if zone in RULED else 1)  # what is listed changes with the politics of a country
    for day in changes:
        near = [day + dt.timedelta(hours=hours, minutes=7) for hours in (-1, 0, 1, 5, 12, 24, 26, 30, 48)]
        for wall in (wall for wall in near if _exists_once(wall, truth)):
            assert wall.replace(tzinfo=read).utcoffset() == wall.replace(tzinfo=truth).utcoffset(), wall


def _exists_once(wall: dt.datetime, zone: ZoneInfo) -> bool:
    offsets = {wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    return len(offsets) == 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(available_timezones())), st.datetimes(at("2026-02-01"), at("2031-01-01")))
def test_any_zone_at_any_time_reads_as_zoneinfo_has_it(zone: str, wall: dt.datetime) -> None:
    if _exists_once(wall, ZoneInfo(zone)):
        text = vtimezone(zone, AROUND)
        assert _offset_by_dateutil(text, wall) == wall.replace(tzinfo=ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize("zone", RULED + STEADY + LISTED)
def test_icalendar_takes_it_without_an_error(zone: str) -> None:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    calendar = Calendar.from_ical(f"{head}{vtimezone(zone, AROUND)}END:VCALENDAR\r\n")
    parts = calendar.walk("VTIMEZONE")[0]
    assert not any(part.errors for part in parts.walk())
    assert parts.walk("STANDARD")


def test_a_law_that_changed_lately_is_listed_from_before_and_ruled_from_after() -> None:
    assert "RRULE" not in vtimezone("America/Asuncion", dt.date(2023, 5, 1))
    assert vtimezone("America/Asuncion", dt.date(2026, 5, 1)).count("DTSTART") == 1


def test_an_unknown_zone_is_zoneinfos_error() -> None:
    with pytest.raises(KeyError):
        vtimezone("Mars/Phobos", AROUND)
