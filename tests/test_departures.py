"""A routine that leaves the config: ten minutes to think again, then its series ends and its past stays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from devices import Device, MakeDevice, Phone, devices_of, phone_of
from household import DATE_NIGHT, HOUR, MINUTE, SUNDAY_TALK, fixed
from servers import Server

from reconnectd.core.departure import is_accident
from reconnectd.core.model import Daily, Lasting, Routine
from reconnectd.ports import SyncReport

WEEK = dt.timedelta(days=7)


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT, SUNDAY_TALK)


def texts(device: Device) -> list[str]:
    return list(phone_of(device).texts().values())


def later(device: Device, by: dt.timedelta, *routines: Routine) -> SyncReport:
    """One sync some time later, with these routines in the config."""
    device.clock.forward(by)
    device.routines = routines
    return device.sync()


def many(count: int) -> tuple[Routine, ...]:
    lasting = Lasting(HOUR, HOUR)
    return tuple(fixed(f"r{n:02}", Daily(), "18:00", lasting=lasting, calendar=True) for n in range(count))


def test_for_ten_minutes_nothing_happens(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    for minutes in (0, 5, 4):
        report = later(desk, minutes * MINUTE, SUNDAY_TALK)
        assert (report.pushed, report.deleted) == (0, 0)
    assert later(desk, MINUTE, SUNDAY_TALK).deleted == 1


def test_back_in_time_is_as_if_it_had_never_left(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    before = texts(desk)
    later(desk, MINUTE, SUNDAY_TALK)
    later(desk, 9 * MINUTE, DATE_NIGHT, SUNDAY_TALK)
    for minutes in (9, 60):
        report = later(desk, minutes * MINUTE, DATE_NIGHT, SUNDAY_TALK)
        assert (report.pushed, report.deleted) == (0, 0)
    assert texts(desk) == before


def test_what_was_done_in_the_calendar_meanwhile_is_an_answer(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT)
    desk.sync()
    later(desk, MINUTE, SUNDAY_TALK)
    phone = Phone(desk.server, desk.account)
    href = next(href for href, text in phone.texts().items() if "Date night" in text)
    phone.write(href, phone.texts()[href].replace("\r\n", "\n").replace("SUMMARY:Date night", "SUMMARY:Us two"))
    later(desk, MINUTE, SUNDAY_TALK)
    later(desk, MINUTE, DATE_NIGHT, SUNDAY_TALK)
    assert desk.row("date-night@2026-11-27").title == "Us two"


def test_with_a_past_it_ends_now_and_the_past_stays(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT)
    desk.sync()
    later(desk, WEEK, SUNDAY_TALK)
    later(desk, 10 * MINUTE, SUNDAY_TALK)
    (old,) = [text for text in texts(desk) if "Date night" in text]
    assert "UNTIL=20261130T081000Z" in old
    report = later(desk, HOUR, SUNDAY_TALK)
    assert (report.pushed, report.deleted, report.requests) == (0, 0, 1)


def test_back_later_it_is_a_new_generation(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT)
    desk.sync()
    later(desk, WEEK, SUNDAY_TALK)
    later(desk, 10 * MINUTE, SUNDAY_TALK)
    later(desk, HOUR, DATE_NIGHT, SUNDAY_TALK)
    found = [text for text in texts(desk) if "Date night" in text]
    assert sorted("UNTIL=" in text for text in found) == [False, True]
    assert len({line for text in texts(desk) for line in text.splitlines() if line.startswith("UID:")}) == 3
    assert later(desk, HOUR, DATE_NIGHT, SUNDAY_TALK).pushed == 0


def test_another_name_is_another_routine(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT)
    desk.sync()
    renamed = Routine("us-two", "Us two", DATE_NIGHT.schedule, lasting=DATE_NIGHT.lasting, calendar=True)
    assert later(desk, MINUTE, renamed).pushed == 1
    assert later(desk, 10 * MINUTE, renamed).deleted == 1
    assert ["SUMMARY:Us two" in text for text in texts(desk)] == [True]


def test_a_clock_that_was_put_back_begins_the_wait_anew(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    later(desk, MINUTE, SUNDAY_TALK)
    assert later(desk, -HOUR, SUNDAY_TALK).deleted == 0
    assert later(desk, 9 * MINUTE, SUNDAY_TALK).deleted == 0
    assert later(desk, MINUTE, SUNDAY_TALK).deleted == 1


def test_the_wait_goes_on_after_a_restart(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    later(desk, MINUTE, SUNDAY_TALK)
    desk.store.close()
    again = Device(desk.folder, desk.server, desk.account, (SUNDAY_TALK,), desk.clock)
    assert later(again, 10 * MINUTE, SUNDAY_TALK).deleted == 1


def test_another_device_that_still_has_it_undoes_nothing(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    for one, routines in ((desk, (SUNDAY_TALK,)), (laptop, (DATE_NIGHT, SUNDAY_TALK))):
        later(one, WEEK, *routines)
    later(desk, 10 * MINUTE, SUNDAY_TALK)
    for minutes in (10, 20, 30):
        assert later(laptop, minutes * MINUTE, DATE_NIGHT, SUNDAY_TALK).pushed == 0
        assert later(desk, minutes * MINUTE, SUNDAY_TALK).pushed == 0
    assert not [item for item in laptop.store.plan.between(laptop.clock.now(), None) if item.id.slug == "date-night"]
    for minutes in (1, 11, 12):  # and now it leaves there, too
        assert later(laptop, minutes * MINUTE, SUNDAY_TALK).pushed == 0
    for one in (desk, laptop):
        later(one, HOUR, DATE_NIGHT, SUNDAY_TALK)
    assert sorted("UNTIL=" in text for text in texts(desk) if "Date night" in text) == [False, True]
    assert [later(one, HOUR, DATE_NIGHT, SUNDAY_TALK).pushed for one in (desk, laptop, desk)] == [0, 0, 0]


def test_a_series_that_a_person_deleted_stays_away_when_its_routine_is_back(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT)
    desk.sync()
    phone = Phone(desk.server, desk.account)
    phone.delete(phone.only()[0])
    desk.sync()
    later(desk, MINUTE, SUNDAY_TALK)
    later(desk, 10 * MINUTE, SUNDAY_TALK)
    later(desk, HOUR, DATE_NIGHT, SUNDAY_TALK)
    assert not [text for text in texts(desk) if "Date night" in text]


# Many at once.


@pytest.mark.parametrize(
    ("gone", "known", "asked"),
    [(3, 3, False), (3, 9, False), (4, 4, True), (4, 13, True), (4, 14, False), (6, 20, False), (7, 20, True)],
)
def test_more_than_three_and_than_thirty_percent_is_an_accident(gone: int, known: int, *, asked: bool) -> None:
    assert is_accident(gone, known) is asked


def test_three_of_ten_may_go(device: MakeDevice) -> None:
    desk = device(*many(10))
    desk.sync()
    later(desk, MINUTE, *many(7))
    assert later(desk, 10 * MINUTE, *many(7)).deleted == 3


def test_when_four_of_ten_are_gone_nothing_is_written(device: MakeDevice) -> None:
    desk = device(*many(10))
    desk.sync()
    for by in (MINUTE, 10 * MINUTE, WEEK):
        report = later(desk, by, *many(6), DATE_NIGHT)
        assert "4 of 11 routines are gone from the config at once" in str(report.error["message"])
        assert "`reconnect sync --yes`" in str(report.error["fix"])
    assert len(texts(desk)) == 10
    assert desk.sync(dry_run=True).error
    report = desk.sync(accept=True)
    assert (report.error, report.pushed) == ({}, 5)
    assert desk.sync().error == {}


def test_when_they_are_back_nobody_asks(device: MakeDevice) -> None:
    desk = device(*many(10))
    desk.sync()
    later(desk, MINUTE, *many(2))
    report = later(desk, HOUR, *many(10))
    assert (report.error, report.pushed) == ({}, 0)


def test_a_config_without_any_routine_ends_nothing_by_itself(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    for by in (MINUTE, HOUR):
        assert "2 of 2 routines are gone" in str(later(desk, by).error["message"])
    assert len(texts(desk)) == 2


def test_offline_the_question_waits_too(device: MakeDevice) -> None:
    desk = device(*many(10))
    desk.sync()
    desk.clock.forward(MINUTE)
    desk.routines = many(6)
    desk.sync(offline=True)
    desk.clock.forward(HOUR)
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 0
