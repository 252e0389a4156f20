"""Two devices whose configs differ for a while: an old one undoes nothing, and nobody writes against the other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from devices import Device, Phone
from household import DATE_NIGHT, HOUR, FakeClock, berlin
from servers import Server

from reconnectd.core.model import Fixed, Routine, Weekdays

WEEK = dt.timedelta(days=7)
RENAMED = replace(DATE_NIGHT, title="Evening out")
LATER = replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 15)))
EARLIER = replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(18, 0)))

Pair = tuple[Device, Device]


@pytest.fixture
def pair(tmp_path: Path, dav_server: Server) -> Pair:
    account, clock = dav_server.account(), FakeClock()

    def make(name: str) -> Device:
        (tmp_path / name).mkdir()
        return Device(tmp_path / name, dav_server, account, (DATE_NIGHT,), clock)

    desk, laptop = make("desk"), make("laptop")
    desk.sync()
    laptop.sync()
    clock.forward(WEEK)
    return desk, laptop


def written(device: Device, routine: Routine) -> int:
    """How much one sync an hour later writes with this config."""
    device.clock.forward(HOUR)
    device.routines = (routine,)
    report = device.sync()
    return report.pushed + report.deleted


def texts(pair: Pair) -> list[str]:
    return list(Phone(pair[0].server, pair[0].account).texts().values())


def is_quiet(pair: Pair) -> bool:
    return [written(one, one.routines[0]) for one in (*pair, *pair, *pair)] == [0] * 6


@pytest.mark.parametrize("change", [RENAMED, LATER, replace(DATE_NIGHT, location="Harbour")])
def test_the_same_change_made_later_elsewhere_writes_nothing(pair: Pair, change: Routine) -> None:
    desk, laptop = pair
    assert written(desk, change) > 0
    assert written(laptop, DATE_NIGHT) == 0
    assert written(laptop, change) == 0
    assert is_quiet(pair)
    assert written(laptop, replace(change, notes="Phones away")) == 1
    assert any("DESCRIPTION:Phones away" in text for text in texts(pair))
    assert is_quiet(pair)


def test_each_writes_the_field_that_it_changed(pair: Pair) -> None:
    desk, laptop = pair
    written(desk, RENAMED)
    assert written(laptop, replace(DATE_NIGHT, location="Harbour")) == 1
    (text,) = texts(pair)
    assert "SUMMARY:Evening out" in text
    assert "LOCATION:Harbour" in text
    assert is_quiet(pair)


@pytest.mark.parametrize("syncs_between", [False, True])
def test_of_two_schedules_the_later_one_stands(pair: Pair, *, syncs_between: bool) -> None:
    desk, laptop = pair
    written(desk, LATER)
    if syncs_between:
        assert written(laptop, DATE_NIGHT) == 0
    written(laptop, EARLIER)
    assert is_quiet(pair)
    for one in pair:
        assert one.row("date-night@2026-12-11").begins == berlin("2026-12-11 18:00")
    assert sum("UNTIL=" not in text for text in texts(pair)) == 1


def test_one_stays_a_series_that_both_change_alike_at_once(pair: Pair) -> None:
    desk, laptop = pair
    laptop.routines = (LATER,)
    laptop.sync(offline=True)
    written(desk, LATER)
    assert written(laptop, LATER) == 0
    assert is_quiet(pair)
    assert sorted("UNTIL=" in text for text in texts(pair)) == [False, True]


def test_neither_device_brings_a_deleted_series_back_but_a_new_one_comes_to_both(pair: Pair) -> None:
    desk, laptop = pair
    phone = Phone(desk.server, desk.account)
    phone.delete(phone.only()[0])
    assert is_quiet(pair)
    assert written(laptop, LATER) == 0, "a new schedule is no wish for it"
    assert is_quiet(pair)
    assert texts(pair) == []
    desk.store.facts.new_generation("date-night")
    assert written(desk, LATER) == 1
    assert is_quiet(pair)
    assert laptop.row("date-night@2026-12-11").begins == berlin("2026-12-11 20:15")
