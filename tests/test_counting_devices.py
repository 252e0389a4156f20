"""Routines that count from the last time, on two devices that share one calendar: one event, never moved back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from devices import MakeDevice, devices_of
from household import berlin
from long_walk import AT_THE_LATEST, FIRST, WALK, done, next_one, starts
from servers import Server


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, WALK)


def test_two_devices_make_one_event_and_are_quiet_in_two_runs(device: MakeDevice) -> None:
    desk, laptop = device(), device(name="laptop")
    desk.sync()
    laptop.sync()
    assert starts(desk) == ["20261130T1400"]
    for each in (desk, laptop):
        each.sync()
    assert [each.sync().pushed for each in (desk, laptop)] == [0, 0]
    assert not laptop.row(FIRST).pinned


@pytest.mark.parametrize(
    ("when", "at", "stands"),
    [
        ("2026-11-23 09:00", "2026-11-22 15:00", ["20261213T1400"]),
        ("2026-11-30 16:10", None, ["20261130T1400", "20261221T1400"]),
        ("2026-12-02 18:00", None, ["20261130T1400", "20261223T1400"]),
    ],
    ids=["ahead of its day", "on its day", "two days late"],
)
def test_done_on_one_device_is_no_matter_for_the_other(
    device: MakeDevice, when: str, at: str | None, stands: list[str]
) -> None:
    """It learns only where the event stands now, and never moves it back, not even when it would have it elsewhere."""
    desk, laptop = device(), device(name="laptop")
    desk.sync()
    laptop.sync()
    desk.clock.time = laptop.clock.time = berlin(when)
    laptop.sync()
    desk.sync()
    done(desk, FIRST, at)
    for each in (desk, laptop, desk, laptop):
        each.sync()
    assert starts(desk) == stands
    assert next_one(laptop).partition(" ")[2] == next_one(desk).partition(" ")[2]
    laptop.clock.time = desk.clock.time = berlin("2026-12-08 09:00")
    assert [each.sync().pushed for each in (laptop, desk)] == [0, 0]
    assert starts(desk) == stands


def test_another_device_that_begins_later_takes_the_event_as_it_stands(device: MakeDevice) -> None:
    """By its own reckoning the next would be on 30 November, in the period after this one."""
    desk = device()
    desk.sync()
    done(desk, FIRST, "2026-11-07 15:00")
    desk.sync()
    assert starts(desk) == ["20261128T1400"]
    laptop = device(name="laptop")
    laptop.sync()
    laptop.sync()
    assert starts(desk) == ["20261128T1400"]
    assert next_one(laptop) == "long-walk@2026-11-09 Sat 28 Nov 14:00"


def test_done_ahead_on_one_device_while_the_other_let_the_day_go_by(device: MakeDevice) -> None:
    """With a last day: the one that thinks it did not happen must not drag the event along."""
    routine = replace(WALK, schedule=AT_THE_LATEST)
    desk, laptop = device(routine), device(routine, name="laptop")
    for each in (desk, laptop):
        each.sync()
        done(each, FIRST, "2026-11-20 15:00")
        each.sync()
    desk.clock.time = laptop.clock.time = berlin("2026-12-11 16:10")
    desk.plan()
    done(desk, "long-walk@2026-12-11")
    desk.sync()
    laptop.sync()
    laptop.clock.time = berlin("2026-12-13 09:00")
    laptop.sync()
    desk.sync()
    assert starts(desk) == ["20261211T1400", "20270101T1400"]
