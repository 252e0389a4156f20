"""Routines that count from the last time, when the config changes: their event in a real calendar goes along."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from devices import MakeDevice, devices_of, phone_of
from household import DATE_NIGHT, HOUR, berlin, fixed
from long_walk import FIRST, TWO_HOURS, WALK, done, next_one, starts
from servers import Server

from reconnectd.core.model import CountedFrom, Practice, Span, Weekdays


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, WALK)


def test_a_private_one_says_neutral_words(device: MakeDevice) -> None:
    desk = device(replace(WALK, private=True, practice=Practice.AFFECTION, notes="by the lake"))
    desk.sync()
    text = phone_of(desk).only()[1]
    assert "SUMMARY:A reminder" in text
    assert "CLASS:PRIVATE" in text
    assert "lake" not in text


def test_nothing_new_while_it_rests(device: MakeDevice) -> None:
    desk = device(replace(WALK, paused=True))
    assert desk.sync().pushed == 0
    assert starts(desk) == []


def test_a_changed_rhythm_moves_the_event(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    done(desk, FIRST, "2026-11-22 15:00")
    desk.sync()
    desk.routines = (replace(WALK, schedule=CountedFrom(Span(2, "week"), dt.time(15))),)
    desk.sync()
    desk.sync()
    assert starts(desk) == ["20261206T1500"]


def test_from_fixed_days_to_counting_and_back(device: MakeDevice) -> None:
    weekly = fixed("long-walk", Weekdays((5,)), "14:00", lasting=TWO_HOURS, calendar=True, done="ask")
    desk = device(weekly)
    desk.sync()
    desk.routines = (WALK,)
    desk.sync()
    desk.sync()
    assert starts(desk) == ["20261130T1400"]
    assert "RRULE" not in phone_of(desk).only()[1].partition("BEGIN:VEVENT")[2]
    desk.routines = (weekly,)
    desk.sync()
    desk.sync()
    assert starts(desk) == ["20261128T1400"]
    assert "FREQ=WEEKLY" in phone_of(desk).only()[1]


def test_a_cue_that_counts_is_in_no_calendar_unless_it_is_asked_for(device: MakeDevice) -> None:
    cue = replace(WALK, lasting=None, calendar=False, remind=(0 * HOUR,), done="assume")
    desk = device(cue, DATE_NIGHT)
    desk.sync()
    assert starts(desk) == ["20261127T1930"]
    desk.routines = (replace(cue, calendar=True, show_as="free"), DATE_NIGHT)
    desk.sync()
    assert starts(desk) == ["20261127T1930", "20261130T1400"]
    text = next(text for text in phone_of(desk).texts().values() if "Long walk" in text)
    assert "DTEND;TZID=Europe/Berlin:20261130T141500" in text
    assert "TRANSP:TRANSPARENT" in text


def test_a_routine_that_left_the_config_leaves_what_was_and_takes_what_is_ahead_along(device: MakeDevice) -> None:
    desk = device(WALK, DATE_NIGHT)
    desk.sync()
    desk.clock.time = berlin("2026-12-01 09:00")
    desk.sync()
    assert starts(desk) == ["20261127T1930", "20261130T1400", "20261221T1400"]
    desk.routines = (DATE_NIGHT,)
    desk.sync()
    desk.clock.forward(dt.timedelta(minutes=11))
    for _ in range(2):
        desk.sync()
    assert starts(desk) == ["20261127T1930", "20261130T1400"]
    assert desk.sync().pushed == 0


def test_a_length_taken_away_takes_the_event_out(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.routines = (replace(WALK, lasting=None, calendar=False, remind=(0 * HOUR,), done="assume"),)
    desk.sync()
    assert starts(desk) == []
    assert next_one(desk) == f"{FIRST} Mon 30 Nov 14:00"
