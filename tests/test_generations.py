"""A routine whose schedule changes: rewritten while nothing hangs on it, else ended and begun anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from devices import Device, Phone
from household import DATE_NIGHT, HOUR, berlin
from servers import Server

from reconnectd.core.model import Fixed, Routine, Weekdays
from reconnectd.core.occurrence import State

WEEK = dt.timedelta(days=7)
LATER = replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 15)))
SATURDAY = replace(DATE_NIGHT, schedule=Fixed(Weekdays((5,)), dt.time(19, 30)))

MakeDevice = Callable[..., Device]


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    account = dav_server.account()

    def make(*routines: Routine, name: str = "desk") -> Device:
        (tmp_path / name).mkdir()
        return Device(tmp_path / name, dav_server, account, routines or (DATE_NIGHT,))

    return make


def phone_of(device: Device) -> Phone:
    return Phone(device.server, device.account)


def changed(device: Device, *routines: Routine, after: dt.timedelta = HOUR) -> None:
    device.routines = routines
    device.clock.forward(after)


def test_a_series_without_a_past_or_exceptions_is_rewritten_in_place(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    href, _ = phone_of(desk).only()
    changed(desk, SATURDAY)
    assert desk.sync().pushed == 1
    assert phone_of(desk).only()[0] == href
    assert "DTSTART;TZID=Europe/Berlin:20261128T193000" in phone_of(desk).only()[1]
    assert desk.sync().pushed == 0


def test_a_series_with_a_past_ends_and_a_new_one_begins(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    changed(desk, LATER, after=WEEK)
    assert desk.sync().pushed == 2
    texts = list(phone_of(desk).texts().values())
    (old,) = [text for text in texts if "T193000" in text]
    (new,) = [text for text in texts if "T201500" in text]
    assert "UNTIL=20261130T080000Z" in old
    assert "DTSTART;TZID=Europe/Berlin:20261204T201500" in new
    assert desk.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
    assert [desk.sync().pushed, desk.sync().requests] == [0, 1]


def test_exceptions_go_along_by_date(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.move("date-night@2026-12-18", berlin("2026-12-19 18:00"))
    desk.sync()
    changed(desk, LATER, after=WEEK)
    desk.sync()
    texts = list(phone_of(desk).texts().values())
    (new,) = [text for text in texts if "20261204T201500" in text]
    assert "EXDATE;TZID=Europe/Berlin:20261211T201500" in new
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261218T201500" in new
    (old,) = [text for text in texts if "UNTIL=" in text]
    assert "EXDATE" not in old
    assert "RECURRENCE-ID" not in old
    assert desk.row("date-night@2026-12-11").state is State.SKIPPED
    assert desk.row("date-night@2026-12-18").begins == berlin("2026-12-19 18:00")


def test_a_series_with_exceptions_only_ahead_is_replaced(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.sync()
    changed(desk, LATER)
    report = desk.sync()
    assert (report.pushed, report.deleted) == (1, 1)
    assert "EXDATE;TZID=Europe/Berlin:20261211T201500" in phone_of(desk).only()[1]
    assert desk.sync().pushed == 0


def test_another_device_with_the_old_config_follows_and_undoes_nothing(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    for one in (desk, laptop):
        one.clock.forward(WEEK)
    changed(desk, LATER)
    desk.sync()
    assert [laptop.sync().pushed, desk.sync().pushed, laptop.sync().pushed] == [0, 0, 0]
    assert laptop.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
    changed(laptop, LATER)
    assert [laptop.sync().pushed, desk.sync().pushed] == [0, 0]
    assert len(phone_of(desk).texts()) == 2


def test_a_deleted_series_comes_back_only_as_a_new_generation(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    phone_of(desk).delete(phone_of(desk).only()[0])
    desk.sync()
    laptop.sync()
    assert [desk.store.plan.of("date-night"), laptop.store.plan.of("date-night")] == [[], []]
    assert phone_of(desk).texts() == {}
    desk.store.facts.new_generation("date-night")
    assert desk.sync().pushed == 1
    laptop.sync()
    assert laptop.row("date-night@2026-11-27").title == "Date night"
    assert [laptop.sync().pushed, len(phone_of(desk).texts())] == [0, 1]


def test_what_was_skipped_here_before_the_first_sync_is_written_when_another_device_was_first(
    device: MakeDevice,
) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.plan()
    laptop.skip("date-night@2026-12-04")
    laptop.sync()
    assert "EXDATE;TZID=Europe/Berlin:20261204T193000" in phone_of(desk).only()[1]
    desk.sync()
    assert desk.row("date-night@2026-12-04").state is State.SKIPPED


def test_deleting_an_old_generation_ends_nothing(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    changed(desk, LATER, after=WEEK)
    desk.sync()
    phone = phone_of(desk)
    phone.delete(next(href for href, text in phone.texts().items() if "UNTIL=" in text))
    desk.sync()
    assert desk.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
