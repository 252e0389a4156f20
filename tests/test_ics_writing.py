from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject  # type: ignore[import-untyped]
from calendar_objects import DATE_NIGHT, FULL, WALK, at, corpus, hours
from hypothesis import given, settings
from hypothesis import strategies as st
from radicale.item import check_and_sanitize_items, read_components

from reconnectd.core.ics import Intent, canonical, compose, intent_fields, read

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Nuuk", "Africa/Casablanca", "UTC")
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=90).map(str.strip)
RULES = ("FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=14", "FREQ=DAILY")
MINUTES = st.integers(1, 60 * 23).map(lambda n: dt.timedelta(minutes=n))


@st.composite
def intents(draw: st.DrawFn) -> Intent:
    start = draw(st.datetimes(at("2026-01-01"), at("2030-01-01"))).replace(second=0, microsecond=0)
    zone = draw(st.sampled_from(ZONES))
    first = start.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    series = draw(st.booleans())
    days = draw(st.sets(st.integers(0, 90), max_size=5)) if series else set()
    nominals = [first + dt.timedelta(days=day) for day in sorted(days)]
    return replace(
        DATE_NIGHT,
        zone=zone,
        start=start,
        summary=draw(WORDS),
        description=draw(WORDS),
        location=draw(WORDS),
        duration=draw(MINUTES),
        rrule=draw(st.sampled_from(RULES)) if series else None,
        transparent=draw(st.booleans()),
        private=draw(st.booleans()),
        alarm=draw(st.none() | MINUTES),
        skipped=frozenset(nominals[::2]),
        moved={nominal: (nominal + hours(3), nominal + hours(3.5)) for nominal in nominals[1::2]},
    )


@pytest.mark.parametrize(("name", "intent"), [("series", DATE_NIGHT), ("series-full", FULL), ("single", WALK)])
def test_an_object_is_written_as_it_always_was(name: str, intent: Intent) -> None:
    assert compose(intent) == corpus(name)


@settings(max_examples=60, deadline=None)
@given(intents())
def test_what_is_written_is_read_back(intent: Intent) -> None:
    found = read(compose(intent), local="Asia/Tokyo")
    assert (found.uid, found.slug, found.generation, found.period) == (intent.uid, "date-night", 1, None)
    said = {name: text.strip() for name, text in intent_fields(intent).items()}
    assert found.fields == {name: said[name] for name in found.fields}
    assert (found.start, found.local_start, found.zone) == (intent.nominal, intent.start, intent.zone)
    assert (found.duration, found.rrule is None) == (intent.duration, intent.rrule is None)
    assert found.exdates == intent.skipped
    assert {at: (each.start, each.end) for at, each in found.overrides.items()} == intent.moved
    assert not found.problems


@settings(max_examples=60, deadline=None)
@given(intents())
def test_lines_are_folded_at_75_octets_and_end_in_crlf(intent: Intent) -> None:
    data = compose(intent)
    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert all(line.decode() for line in lines)


@settings(max_examples=60, deadline=None)
@given(intents())
def test_no_client_finds_a_form_that_it_mistakes(intent: Intent) -> None:
    text = compose(intent).decode()
    events = re.findall("BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL)
    assert "RECURRENCE-ID" not in events[0]
    assert all("\r\nDTEND" in event and "\r\nDURATION" not in event for event in events)
    assert not re.search("STATUS:|RANGE=", re.sub("(?m)^(SUMMARY|DESCRIPTION|LOCATION).*(\r\n .*)*", "", text))
    excluded = re.findall(r"\r\nEXDATE[^\r]*", text)
    assert len(excluded) == len(set(excluded))
    assert ("\r\nCLASS:PRIVATE" in text) == intent.private


def _by_radicale(data: bytes) -> bytes:
    written: str = vobject.readOne(data.decode()).serialize()
    return written.encode()


def _by_icalendar(data: bytes) -> bytes:
    written: bytes = icalendar.Calendar.from_ical(data).to_ical()
    return written


SERVERS = pytest.mark.parametrize("written_by", [_by_radicale, _by_icalendar])


@SERVERS
@settings(max_examples=40, deadline=None)
@given(intent=intents())
def test_our_write_is_recognised_after_a_server_wrote_it_anew(
    written_by: Callable[[bytes], bytes], intent: Intent
) -> None:
    data = compose(intent)
    there = written_by(data)
    assert canonical(there) == canonical(data)
    assert read(there) == read(data)


@settings(max_examples=40, deadline=None)
@given(intents())
def test_radicale_takes_every_object_as_it_is(intent: Intent) -> None:
    items = read_components(compose(intent).decode())
    known = inspect.signature(check_and_sanitize_items).parameters
    limit: dict[str, Any] = {"max_vevent_rrule_occurrence": 10_000} if "max_vevent_rrule_occurrence" in known else {}
    check_and_sanitize_items(items, tag="VCALENDAR", **limit)
    assert read(items[0].serialize().encode()) == read(compose(intent))


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "Another night"},
        {"location": "Home"},
        {"private": False},
        {"alarm": None},
        {"start": at("2026-11-06T19:31")},
        {"duration": hours(3)},
        {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"},
        {"skipped": frozenset()},
        {"moved": {}},
        {"zone": "Europe/Lisbon"},
        {"generation": 2},
    ],
)
def test_another_meaning_is_another_hash(change: dict[str, Any]) -> None:
    assert canonical(compose(replace(FULL, **change))) != canonical(compose(FULL))


def test_a_hash_is_made_of_anything() -> None:
    assert canonical(b"\x00\xff nonsense") != canonical(b"")


def test_the_day_on_which_the_clock_jumps_over_the_time_is_excluded_as_the_rule_makes_it() -> None:
    gap = at("2027-03-28T01:30Z")
    early = replace(DATE_NIGHT, start=at("2026-11-01T02:30"), rrule="FREQ=DAILY", skipped=frozenset({gap}))
    assert b"\r\nEXDATE;TZID=Europe/Berlin:20270328T023000\r\n" in compose(early)
    assert read(compose(early)).exdates == {gap}


def test_an_end_in_the_second_pass_of_a_repeated_hour_is_exact() -> None:
    night = replace(DATE_NIGHT, start=at("2026-10-25T01:30"), duration=hours(2))
    assert b"\r\nDTEND:20261025T013000Z\r\n" in compose(night)
    assert read(compose(night)).duration == hours(2)


def test_a_single_event_stands_where_our_user_moved_it() -> None:
    later = (WALK.nominal + hours(2), WALK.nominal + hours(3))
    found = read(compose(replace(WALK, moved={WALK.nominal: later})))
    assert (found.start, found.end) == later
    assert not found.overrides


@pytest.mark.parametrize("wrong", [{"start": at("2026-11-06T19:30Z")}, {"duration": hours(0)}])
def test_an_impossible_intent_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"start|longer"):
        replace(DATE_NIGHT, **wrong)


def test_the_groups_of_an_intent_are_text_that_two_devices_compare() -> None:
    assert intent_fields(FULL) == {
        "summary": "Date night, just us",
        "description": "Phones away; candles out.\nNo plans needed, really.",
        "location": "The small Italian place on the corner, behind the old cinema, Zürich",
        "transp": "TRANSPARENT",
        "class": "PRIVATE",
        "alarm": "5400",
        "schedule": "Europe/Berlin 20261106T193000 7200 FREQ=WEEKLY;BYDAY=FR",
        "skip:20261113T183000Z": "EXDATE",
        "skip:20270402T173000Z": "EXDATE",
        "move:20261127T183000Z": "20261128T190000Z/20261128T210000Z",
    }
