"""Routines that count from the last time, in a real calendar: one event, which `done` moves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from devices import MakeDevice, devices_of, phone_of
from household import berlin
from long_walk import AT_THE_LATEST, FIRST, WALK, done, next_one, starts
from servers import Server

from reconnectd.app.undoing import undo
from reconnectd.core.identity import uid
from reconnectd.core.occurrence import OccurrenceId, State


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, WALK)


def test_it_is_one_plain_event_with_the_uid_of_its_period(device: MakeDevice) -> None:
    desk = device()
    report = desk.sync()
    assert (report.pushed, report.error) == (1, {})
    href, text = phone_of(desk).only()
    name = uid("k3v9-rt2p", "long-walk", 1, "2026-11-30")
    assert href.endswith(f"/{name}.ics")
    for line in (
        f"UID:{name}",
        "DTSTART;TZID=Europe/Berlin:20261130T140000",
        "DTEND;TZID=Europe/Berlin:20261130T160000",
        "SUMMARY:Long walk",
    ):
        assert line in text
    assert "X-RECONNECTD-ID:long-walk;1;2026-11-30" in text.replace("\\;", ";")
    assert "RRULE" not in text.partition("BEGIN:VEVENT")[2]
    assert desk.row(FIRST).kind == "placed"
    assert desk.row(FIRST).in_calendar


def test_a_second_run_writes_nothing(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.sync()
    report = desk.sync()
    assert (report.requests, report.pushed, report.pulled, report.unchanged) == (1, 0, 0, 1)


def test_done_ahead_of_its_day_moves_the_event(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    done(desk, FIRST, "2026-11-22 15:00")
    report = desk.sync()
    assert (report.pushed, report.deleted) == (1, 0)
    assert starts(desk) == ["20261213T1400"]
    assert next_one(desk) == "long-walk@2026-12-13 Sun 13 Dec 14:00"
    assert desk.sync().pushed == 0


def test_undo_puts_the_event_back(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    done(desk, FIRST, "2026-11-22 15:00")
    desk.sync()
    undo(desk.store, desk.clock.now())
    desk.sync()
    assert starts(desk) == ["20261130T1400"]
    assert next_one(desk) == f"{FIRST} Mon 30 Nov 14:00"


def test_done_ahead_in_the_period_of_the_event_takes_it_out_and_undo_brings_it_back(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    done(desk, FIRST, "2026-11-22 15:00")
    desk.sync()
    desk.clock.forward(dt.timedelta(days=10))
    desk.plan()
    done(desk, "long-walk@2026-12-13")
    desk.sync()
    assert starts(desk) == ["20261224T1400"]
    undo(desk.store, desk.clock.now())
    desk.sync()
    assert starts(desk) == ["20261213T1400"]


def test_done_on_its_day_leaves_it_and_makes_the_next(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.clock.time = berlin("2026-11-30 16:10")
    desk.plan()
    done(desk, FIRST)
    desk.sync()
    assert starts(desk) == ["20261130T1400", "20261221T1400"]


def test_what_did_not_happen_comes_again_in_its_next_period(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.clock.time = berlin("2026-12-01 09:00")
    desk.sync()
    assert starts(desk) == ["20261130T1400", "20261221T1400"]
    assert desk.row("long-walk@2026-12-21").reason == "3 weeks after the one before"


def test_what_did_not_happen_moves_to_the_last_day_on_which_it_may_be(device: MakeDevice) -> None:
    desk = device(replace(WALK, schedule=AT_THE_LATEST))
    desk.sync()
    done(desk, FIRST, "2026-11-20 15:00")
    desk.sync()
    assert starts(desk) == ["20261211T1400"]
    desk.clock.time = berlin("2026-12-12 09:00")
    desk.sync()
    assert starts(desk) == ["20261218T1400"]
    assert desk.row("long-walk@2026-12-18").reason == "no later than 4 weeks after you last did it, on 20 November"
    desk.clock.time = berlin("2026-12-19 09:00")
    desk.sync()
    assert starts(desk) == ["20261218T1400", "20270108T1400"]


def test_a_skip_takes_it_out_and_goes_on_from_there(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip(FIRST)
    desk.sync()
    assert starts(desk) == ["20261221T1400"]


def test_moved_in_an_app_it_is_pinned_and_stays(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone_of(desk).edit("20261130T1", "20261202T1")
    report = desk.sync()
    assert (report.pulled, report.pushed) == (1, 0)
    assert desk.row(FIRST).pinned
    assert next_one(desk) == f"{FIRST} Wed 02 Dec 14:00"
    desk.clock.time = berlin("2026-12-01 09:00")
    desk.sync()
    assert starts(desk) == ["20261202T1400"]
    desk.clock.time = berlin("2026-12-02 16:30")
    desk.plan()
    done(desk, FIRST)
    desk.sync()
    assert starts(desk) == ["20261202T1400", "20261223T1400"]


def test_deleted_in_an_app_it_is_let_go_of_and_never_made_again(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    phone.delete(phone.only()[0])
    desk.sync()
    assert desk.row(FIRST).state is State.SKIPPED
    assert starts(desk) == ["20261221T1400"]
    assert not desk.store.facts.standings()["long-walk"].stopped


def test_a_tick_is_done_and_goes_with_what_was_done(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone_of(desk).edit("SUMMARY:Long walk", "SUMMARY:✓ Long walk")
    desk.sync()
    assert desk.row(FIRST).state is State.DONE
    assert starts(desk) == ["20261214T1400"]
    assert "SUMMARY:Long walk" in phone_of(desk).only()[1]


def test_words_edited_in_an_app_stay_and_are_of_this_one_only(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone_of(desk).edit("SUMMARY:Long walk", "SUMMARY:Round the lake")
    assert desk.sync().pushed == 0
    assert desk.row(FIRST).title == "Round the lake"
    desk.routines = (replace(WALK, title="A walk", location="Outside"),)
    desk.sync()
    text = phone_of(desk).only()[1]
    assert "SUMMARY:Round the lake" in text
    assert "LOCATION:Outside" in text
    desk.clock.time = berlin("2026-12-01 09:00")
    desk.sync()
    assert desk.row("long-walk@2026-12-21").title == "A walk"


def test_a_move_here_moves_it_there(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.move(FIRST, berlin("2026-12-03 18:00"))
    desk.sync()
    assert starts(desk) == ["20261203T1800"]


def test_answered_without_a_network_it_is_written_once_there_is_one(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    done(desk, FIRST, "2026-11-22 15:00")
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 1
    undo(desk.store, desk.clock.now())
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 0
    done(desk, FIRST, "2026-11-22 15:00")
    desk.sync(offline=True)
    desk.sync()
    assert starts(desk) == ["20261213T1400"]


def test_done_twice_on_a_day_the_next_has_a_name_of_its_own(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    done(desk, FIRST)
    desk.sync()
    done(desk, "long-walk@2026-12-14")
    desk.sync()
    assert next_one(desk) == "long-walk@2026-12-14.2 Mon 14 Dec 14:00"
    assert starts(desk) == ["20261214T1400"]
    assert OccurrenceId.parse("long-walk@2026-12-14.2").n == 2
