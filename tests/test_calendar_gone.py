"""A calendar that goes away, comes back, is emptied, or is left for another one: nothing is lost, nothing floods."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from devices import MakeDevice, Phone, devices_of, phone_of
from household import DATE_NIGHT, HOUR, SUNDAY_TALK, berlin
from servers import Server

from reconnectd.core.model import Fixed, Routine, Weekdays
from reconnectd.core.occurrence import State

WEEK = dt.timedelta(days=7)


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT)


def ask(phone: Phone, method: str) -> int:
    """A request about the collection itself."""
    return phone.dav._wire.send(method, phone.dav.collection.url).status


def test_made_again_it_has_all_that_is_coming_and_both_devices_agree(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    desk.skip("date-night@2026-12-11")
    desk.sync()
    ask(phone_of(desk), "DELETE")
    assert "`reconnect sync --yes`" in str(desk.sync().error["fix"])
    assert laptop.sync().error["code"] == 77
    assert desk.sync(accept=True).error == {}
    assert "EXDATE" in phone_of(desk).only()[1]
    assert laptop.sync().error == {}
    assert [one.sync().pushed for one in (laptop, desk, laptop)] == [0, 0, 0]
    assert laptop.row("date-night@2026-12-11").state is State.SKIPPED


def test_a_calendar_that_is_back_is_used_again(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    before = phone_of(desk).texts()
    desk.store.objects.collection_is_gone()
    assert (desk.sync().error, desk.sync().pushed) == ({}, 0)
    assert phone_of(desk).texts() == before


@pytest.mark.parametrize(("routines", "syncs"), [((DATE_NIGHT,), 2), ((DATE_NIGHT, SUNDAY_TALK), 1)])
def test_made_again_empty_by_somebody_it_is_no_answer(
    device: MakeDevice, routines: tuple[Routine, ...], syncs: int
) -> None:
    desk = device(*routines)
    for _ in range(syncs):
        desk.sync()
    phone = phone_of(desk)
    ask(phone, "DELETE")
    assert ask(phone, "MKCALENDAR") == 201
    for _ in range(2):
        report = desk.sync()
        assert "looks like an accident" in str(report.error["message"])
        assert (report.pushed, phone.texts()) == (0, {})
        assert desk.row("date-night@2026-12-04").state is State.PLANNED


def test_another_account_gets_what_is_coming_with_moves_and_skips_and_words(device: MakeDevice) -> None:
    desk = device()
    first = desk.account
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.move("date-night@2026-12-18", berlin("2026-12-19 18:00"))
    desk.sync()
    phone_of(desk).edit("SUMMARY:Date night", "SUMMARY:Us two")
    desk.sync()
    before = phone_of(desk).only()
    desk.account = replace(first, calendar=first.calendar + " too")
    report = desk.sync()
    assert (report.pushed, report.deleted) == (1, 0)
    href, text = phone_of(desk).only()
    assert href.rpartition("/")[2] == before[0].rpartition("/")[2]
    assert "EXDATE;TZID=Europe/Berlin:20261211T193000" in text
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261218T193000" in text
    assert "SUMMARY:Us two" in text
    assert Phone(desk.server, first).only() == before
    assert desk.sync().pushed == 0


def test_back_in_the_first_account_only_what_happened_since_is_written(device: MakeDevice) -> None:
    desk = device()
    first = desk.account
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.move("date-night@2026-12-18", berlin("2026-12-19 18:00"))
    desk.sync()
    desk.account = replace(first, calendar=first.calendar + " too")
    desk.sync()
    there = phone_of(desk)
    there.write(there.only()[0], without_exdate(there.only()[1]))
    desk.sync()
    assert desk.row("date-night@2026-12-11").state is State.PLANNED
    desk.account = first
    assert desk.sync().pushed == 1
    assert "EXDATE" not in phone_of(desk).only()[1]
    assert desk.row("date-night@2026-12-18").begins == berlin("2026-12-19 18:00")
    assert desk.row("date-night@2026-12-11").state is State.PLANNED
    assert [desk.sync().pushed, desk.sync().requests] == [0, 1]


def without_exdate(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("EXDATE"))


def test_a_schedule_that_changed_elsewhere_stands_once_in_the_first_account(device: MakeDevice) -> None:
    desk = device()
    first = desk.account
    desk.sync()
    desk.clock.forward(WEEK)
    desk.account = replace(first, calendar=first.calendar + " too")
    desk.sync()
    desk.routines = (replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 15))),)
    desk.clock.forward(WEEK)
    desk.sync()
    desk.account = first
    desk.sync()
    assert sorted("UNTIL=" in text for text in phone_of(desk).texts().values()) == [False, True]
    assert desk.sync().pushed == 0


def test_a_series_deleted_in_one_account_does_not_come_back_with_another(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone_of(desk).delete(phone_of(desk).only()[0])
    desk.sync()
    desk.account = replace(desk.account, calendar=desk.account.calendar + " too")
    assert desk.sync().pushed == 0
    assert phone_of(desk).texts() == {}


def test_the_same_calendar_by_another_address_is_the_same(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    url = phone_of(desk).dav.collection.url
    desk.clock.forward(HOUR)
    desk.account = replace(desk.account, url=url)
    report = desk.sync()
    assert (report.error, report.pushed, report.adopted) == ({}, 0, 0)
