"""Words for a time: what people type, read at Saturday 21 November 2026, 12:00:00.25 in Berlin."""

from __future__ import annotations

import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.when import names_only_a_day, parse_when
from reconnectd.errors import WrongUsage

BERLIN = ZoneInfo("Europe/Berlin")
FOUR = dt.time(4)
NOON = "2026-11-21T12:00:00.250000"


def read(text: str, now: str = NOON, zone: ZoneInfo = BERLIN, *, behind: bool = False, week_start: int = 0) -> str:
    """What `text` means, as a local time without offset."""
    present = dt.datetime.fromisoformat(now).replace(tzinfo=zone)
    found = parse_when(text, present, zone, week_start, day_start=FOUR, behind=behind)
    assert found.tzinfo is dt.UTC
    return found.astimezone(zone).replace(tzinfo=None).isoformat(" ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-21 12:00:00.250000"),
        # a date and time
        ("2026-11-27", "2026-11-27 09:00:00"),
        ("2026-11-27T18:00", "2026-11-27 18:00:00"),
        ("2026-11-27t18:00:30", "2026-11-27 18:00:30"),
        ("2026-11-27 18:00", "2026-11-27 18:00:00"),
        ("2026-11-27T18:00Z", "2026-11-27 19:00:00"),
        ("2026-11-27T18:00+00:00", "2026-11-27 19:00:00"),
        ("2026-11-27T18:00-05:00", "2026-11-28 00:00:00"),
        ("2026-11-27 18:00+00:00", "2026-11-27 19:00:00"),
        ("20261127T1800", "2026-11-27 18:00:00"),
        ("2026-07-01T18:00", "2026-07-01 18:00:00"),
        ("2026-11-27 6pm", "2026-11-27 18:00:00"),
        # a day named from today
        ("today 18:00", "2026-11-21 18:00:00"),
        ("today 08:00", "2026-11-21 08:00:00"),
        ("tomorrow", "2026-11-22 09:00:00"),
        ("tomorrow 18:00", "2026-11-22 18:00:00"),
        ("Tomorrow at 18:00", "2026-11-22 18:00:00"),
        ("18:00 tomorrow", "2026-11-22 18:00:00"),
        ("yesterday 21:00", "2026-11-20 21:00:00"),
        ("yesterday", "2026-11-20 09:00:00"),
        # a weekday: the next one ahead
        ("sun", "2026-11-22 09:00:00"),
        ("sat", "2026-11-28 09:00:00"),
        ("sat 18:00", "2026-11-21 18:00:00"),
        ("sat 11:59", "2026-11-28 11:59:00"),
        ("saturday, 18:00", "2026-11-21 18:00:00"),
        ("Fri 19:30", "2026-11-27 19:30:00"),
        ("on friday at 19:30", "2026-11-27 19:30:00"),
        ("thurs 7:05", "2026-11-26 07:05:00"),
        ("next week", "2026-11-23 09:00:00"),
        ("next week 18:00", "2026-11-23 18:00:00"),
        # a time: the next one ahead
        ("18:00", "2026-11-21 18:00:00"),
        ("12:00", "2026-11-22 12:00:00"),
        ("12:00:01", "2026-11-21 12:00:01"),
        ("11:00", "2026-11-22 11:00:00"),
        ("at 6pm", "2026-11-21 18:00:00"),
        ("6:30 pm", "2026-11-21 18:30:00"),
        ("12am", "2026-11-22 00:00:00"),
        ("12pm tomorrow", "2026-11-22 12:00:00"),
        # a day of the year
        ("14 jun", "2027-06-14 09:00:00"),
        ("14 June 18:00", "2027-06-14 18:00:00"),
        ("dec 24th", "2026-12-24 09:00:00"),
        ("29 feb", "2028-02-29 09:00:00"),
        # a distance: whole seconds, never early
        ("in 3 s", "2026-11-21 12:00:04"),
        ("in 90 min", "2026-11-21 13:30:01"),
        ("in 90min", "2026-11-21 13:30:01"),
        ("90 min", "2026-11-21 13:30:01"),
        ("2h", "2026-11-21 14:00:01"),
        ("in 1 h 30 min", "2026-11-21 13:30:01"),
        ("1h30min", "2026-11-21 13:30:01"),
        ("in an hour", "2026-11-21 13:00:01"),
        ("in a minute", "2026-11-21 12:01:01"),
        ("in 2 h", "2026-11-21 14:00:01"),
        ("in 2 days", "2026-11-23 12:00:01"),
        ("in 2 weeks", "2026-12-05 12:00:01"),
        ("2h ago", "2026-11-21 10:00:01"),
        ("a day ago", "2026-11-20 12:00:01"),
        ("  IN   90   MIN ", "2026-11-21 13:30:01"),
    ],
)  # fmt: skip
def test_a_person_is_understood(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sat 18:00", "2026-11-14 18:00:00"),
        ("sat 11:00", "2026-11-21 11:00:00"),
        ("fri 21:00", "2026-11-20 21:00:00"),
        ("21:00", "2026-11-20 21:00:00"),
        ("14 jun", "2026-06-14 09:00:00"),
        ("yesterday 21:00", "2026-11-20 21:00:00"),
    ],
)
def test_of_what_has_been_the_last_one_behind_is_meant(text: str, expected: str) -> None:
    assert read(text, behind=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "soon", "sta", "25:00", "18:60", "13pm", "0am", "18", "1800", "in", "in 5", "in 5 parsecs",
        "in -5 min", "5", "ago", "tomorrow tomorrow", "tomorrow 18:00 19:00", "sat sun", "31 feb", "0 jun", "32 dec",
        "2026-13-01",
        "2026-02-30", "2026-11-27T25:00", "2026-11-27T18:00+99:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00",
        "in 9999999 weeks", "in 9999999 days", "1969-01-01", "2200-01-01", "next", "next fri", "in 90 min 18:00",
        "date-night", "\x1b[31mred", "9" * 99, "in " + "9" * 5000 + " s", "٣ min", "٣:٢٢",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_wrong_usage_and_says_how_it_is_said(text: str) -> None:
    with pytest.raises(WrongUsage) as error:
        read(text)
    assert "tomorrow 18:00" in error.value.fix
    assert "\x1b" not in str(error.value)
    assert len(str(error.value)) < 100


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    with contextlib.suppress(WrongUsage):
        assert read(text)


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        # 2026-03-29: 02:00 → 03:00; 2026-10-25: 03:00 → 02:00
        ("2026-03-29 02:30", NOON, "2026-03-29 03:30:00"),
        ("tomorrow 02:30", "2026-03-28T12:00:00", "2026-03-29 03:30:00"),
        ("in 24 h", "2026-03-28T12:00:00", "2026-03-29 13:00:00"),
        ("in 1 day", "2026-03-28T12:00:00", "2026-03-29 12:00:00"),
        ("in 1 day", "2026-03-28T02:30:00", "2026-03-29 03:30:00"),
        ("in 24 h", "2026-10-24T12:00:00", "2026-10-25 11:00:00"),
        ("in 1 day", "2026-10-24T12:00:00", "2026-10-25 12:00:00"),
    ],
)
def test_the_clock_of_the_person_changes(text: str, now: str, expected: str) -> None:
    assert read(text, now) == expected


def test_of_a_repeated_time_the_first_is_meant() -> None:
    now = dt.datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    assert parse_when("tomorrow 02:30", now, BERLIN) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_a_day_that_the_zone_never_had_is_refused() -> None:
    with pytest.raises(WrongUsage, match="never had"):
        read("2011-12-30", zone=ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today 18:00", "2026-11-20 18:00:00"),
        ("tomorrow 18:00", "2026-11-21 18:00:00"),
        ("yesterday 21:00", "2026-11-19 21:00:00"),
        ("sat 18:00", "2026-11-21 18:00:00"),
        ("18:00", "2026-11-21 18:00:00"),
    ],
)
def test_before_the_day_begins_it_is_still_yesterday_but_saturday_is_saturday(text: str, expected: str) -> None:
    assert read(text, "2026-11-21T01:00:00") == expected


@pytest.mark.parametrize(("week_start", "expected"), [(0, "2026-11-23"), (6, "2026-11-22"), (5, "2026-11-28")])
def test_next_week_begins_where_the_week_does(week_start: int, expected: str) -> None:
    assert read("next week", week_start=week_start).startswith(expected)


def test_a_day_alone_takes_the_time_that_fits_the_question() -> None:
    now = dt.datetime(2026, 11, 21, 12, tzinfo=BERLIN)
    found = parse_when("sat", now, BERLIN, at=dt.time(19, 30))
    assert found.astimezone(BERLIN) == dt.datetime(2026, 11, 21, 19, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("tomorrow", True), ("sat", True), ("2026-11-27", True), ("14 jun", True), ("next week", True),
        ("tomorrow 18:00", False), ("2026-11-27T18:00", False), ("in 2 days", False), ("now", False), ("2h", False),
        ("2h ago", False), ("18:00", False),
    ],
)  # fmt: skip
def test_it_is_known_whether_a_time_of_day_was_named(text: str, alone: bool) -> None:
    assert names_only_a_day(text) is alone
