"""One sync against real servers: what is written, what is read back, what is left alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from devices import MakeDevice, Phone, devices_of, phone_of
from household import DATE_NIGHT, HOUR, SMALL_TOUCH, SUNDAY_TALK, berlin
from servers import Server

from reconnectd.core.occurrence import State

FRIDAY = "date-night@2026-11-27"


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT)


def exception(*lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", "UID:{uid}", "DTSTAMP:20261123T080000Z", *lines, "END:VEVENT"])


def uid_of(phone: Phone) -> str:
    return uid_of_text(phone.only()[1])


def uid_of_text(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("UID:")).removeprefix("UID:")


def test_a_routine_becomes_one_series(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT, SMALL_TOUCH)
    report = desk.sync()
    assert (report.pushed, report.error) == (1, {})
    _, text = phone_of(desk).only()
    for line in (
        "SUMMARY:Date night",
        "DTSTART;TZID=Europe/Berlin:20261127T193000",
        "DTEND;TZID=Europe/Berlin:20261127T213000",
        "X-RECONNECTD-ID:date-night",
    ):
        assert line in text.replace("\\;", ";").split("BEGIN:VEVENT")[1] or line in text
    assert "FREQ=WEEKLY" in text
    assert "BEGIN:VTIMEZONE" in text
    assert "VALARM" not in text
    assert "CLASS" not in text


def test_a_second_run_asks_once_and_writes_nothing(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.sync()
    report = desk.sync()
    assert (report.requests, report.pushed, report.pulled, report.unchanged) == (1, 0, 0, 1)


def test_one_local_change_costs_two_requests(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.sync()
    desk.move(FRIDAY, berlin("2026-11-27 20:00"))
    report = desk.sync()
    assert (report.requests, report.pushed) == (2, 1)


def test_a_move_here_is_an_override_there(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.move(FRIDAY, berlin("2026-11-28 20:00"))
    desk.sync()
    _, text = phone_of(desk).only()
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261127T193000" in text
    assert "DTSTART;TZID=Europe/Berlin:20261128T200000" in text
    assert desk.row(FRIDAY).begins == berlin("2026-11-28 20:00")
    assert desk.sync().pushed == 0


def test_a_skip_here_is_an_exdate_there_and_undo_takes_it_out(device: MakeDevice) -> None:
    from reconnectd.app.undoing import undo

    desk = device()
    desk.sync()
    desk.skip(FRIDAY)
    desk.sync()
    assert "EXDATE;TZID=Europe/Berlin:20261127T193000" in phone_of(desk).only()[1]
    undo(desk.store, desk.clock.now())
    desk.sync()
    assert "EXDATE" not in phone_of(desk).only()[1]
    assert desk.row(FRIDAY).state is State.PLANNED


@pytest.mark.parametrize(
    "recurrence_id",
    ["RECURRENCE-ID;TZID=Europe/Berlin:20261127T193000", "RECURRENCE-ID:20261127T183000Z"],
    ids=["thunderbird, apple, davx5", "gnome"],
)
def test_an_occurrence_moved_in_an_app_is_moved_and_pinned(device: MakeDevice, recurrence_id: str) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    moved = exception(
        recurrence_id,
        "DTSTART;TZID=Europe/Berlin:20261128T180000",
        "DTEND;TZID=Europe/Berlin:20261128T200000",
        "SUMMARY:Date night",
    )
    phone.add_component(moved.format(uid=uid_of(phone)))
    before = phone.only()
    report = desk.sync()
    assert (report.pulled, report.pushed) == (1, 0)
    row = desk.row(FRIDAY)
    assert (row.begins, row.pinned) == (berlin("2026-11-28 18:00"), True)
    leads = [word.due for word in desk.store.reminders.of(row.id)]
    assert berlin("2026-11-28 17:00") in leads
    assert desk.sync().pushed == 0
    assert phone.only() == before


@pytest.mark.parametrize(
    "exdate",
    ["EXDATE;TZID=Europe/Berlin:20261127T193000", "EXDATE:20261127T183000Z"],
    ids=["thunderbird, apple, davx5", "gnome"],
)
def test_an_occurrence_deleted_in_an_app_is_skipped(device: MakeDevice, exdate: str) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    href, text = phone.only()
    head, _, tail = text.rpartition("SUMMARY:Date night")
    phone.write(href, f"{head}{exdate}\nSUMMARY:Date night{tail}")
    before = phone.only()
    desk.sync()
    assert desk.row(FRIDAY).state is State.SKIPPED
    assert desk.sync().pushed == 0
    assert phone.only() == before


def test_a_series_moved_in_an_app_is_where_it_was_put(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    href, text = phone.only()
    for old, new in (("20261127T193000", "20261127T201500"), ("20261127T213000", "20261127T221500")):
        text = text.replace(old, new)
    phone.write(href, text)
    before = phone.only()
    assert desk.sync().pushed == 0
    assert desk.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
    assert desk.sync().pushed == 0
    assert phone.only() == before


def test_a_new_word_in_the_config_wins_over_an_older_move_in_an_app(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    href, text = phone.only()
    phone.write(href, text.replace("SUMMARY:Date night", "SUMMARY:Our evening"))
    desk.sync()
    assert desk.row(FRIDAY).title == "Our evening"
    from dataclasses import replace

    desk.routines = (replace(DATE_NIGHT, title="Friday for us"),)
    desk.clock.forward(HOUR)
    desk.sync()
    assert "SUMMARY:Friday for us" in phone.only()[1]
    assert desk.row(FRIDAY).title == "Friday for us"


def test_a_title_edited_in_an_app_stays(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    phone.edit("SUMMARY:Date night", "SUMMARY:Our evening")
    before = phone.only()
    assert desk.sync().pushed == 0
    assert desk.sync().pushed == 0
    assert phone.only() == before


@pytest.mark.parametrize("tick", ["✓ ", "x ", "[x] "])
def test_a_ticked_occurrence_is_done(device: MakeDevice, tick: str) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    ticked = exception(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261127T193000",
        "DTSTART;TZID=Europe/Berlin:20261127T193000",
        "DTEND;TZID=Europe/Berlin:20261127T213000",
        f"SUMMARY:{tick}Date night",
    )
    phone.add_component(ticked.format(uid=uid_of(phone)))
    desk.sync()
    assert desk.row(FRIDAY).state is State.DONE
    assert desk.sync().pushed == 0


def test_a_tick_or_a_title_that_is_taken_back_leaves_the_occurrence_as_the_routine_has_it(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    href, before = phone.only()
    at = "TZID=Europe/Berlin:20261127T"
    times = (f"RECURRENCE-ID;{at}193000", f"DTSTART;{at}193000", f"DTEND;{at}213000")
    for title, state, shown in (("x Date night", State.DONE, "Date night"), ("Cinema", State.PLANNED, "Cinema")):
        phone.add_component(exception(f"SUMMARY:{title}", *times).format(uid=uid_of(phone)))
        desk.sync()
        assert (desk.row(FRIDAY).state, desk.row(FRIDAY).title) == (state, shown)
        phone.write(href, before)
        desk.sync()
        assert (desk.row(FRIDAY).state, desk.row(FRIDAY).title) == (State.PLANNED, "Date night")


def test_a_series_that_went_and_came_under_another_uid_is_adopted_not_deleted(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip(FRIDAY)
    desk.sync()
    phone = phone_of(desk)
    href, text = phone.only()
    phone.delete(href)
    again = text.replace(uid_of_text(text), "made-anew")
    phone.dav.put(href.rpartition("/")[0] + "/made-anew.ics", again.replace("\n", "\r\n").encode(), None)
    report = desk.sync()
    assert (report.adopted, report.pushed, report.deleted) == (1, 0, 0)
    assert desk.row(FRIDAY).state is State.SKIPPED
    desk.move("date-night@2026-12-04", berlin("2026-12-05 20:00"))
    desk.sync()
    assert "RECURRENCE-ID" in phone.only()[1]
    assert uid_of(phone) == "made-anew"


def test_a_series_deleted_in_an_app_stays_away(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT, SUNDAY_TALK)
    desk.sync()
    phone = phone_of(desk)
    href = next(href for href, text in phone.texts().items() if "Date night" in text)
    phone.delete(href)
    desk.sync()
    assert [item.id.slug for item in desk.store.plan.between(berlin("2026-11-23 00:00"), None)][:1] == ["sunday-talk"]
    assert desk.store.plan.of("date-night") == []
    assert desk.sync().pushed == 0
    assert len(phone.texts()) == 1


def test_what_others_put_there_is_never_touched(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    foreign = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//dentist//EN\nBEGIN:VEVENT\nUID:dentist\nDTSTAMP:20261123T080000Z\n"
        "DTSTART:20261124T080000Z\nDTEND:20261124T083000Z\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    href = phone.dav.href("dentist.ics")
    phone.dav.put(href, foreign.replace("\n", "\r\n").encode(), None)
    before = phone.texts()[href]
    assert desk.sync().error == {}
    desk.skip(FRIDAY)
    desk.sync()
    assert phone.texts()[href] == before


def test_two_devices_make_one_event(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.clock.forward(dt.timedelta(days=3))
    report = laptop.sync()
    assert (report.pushed, report.adopted) == (0, 1)
    assert len(phone_of(desk).texts()) == 1
    assert [desk.sync().pushed, laptop.sync().pushed, desk.sync().pushed] == [0, 0, 0]


def test_two_devices_that_write_at_once_lose_nothing(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    desk.move(FRIDAY, berlin("2026-11-27 20:00"))
    laptop.skip("date-night@2026-12-04")
    laptop.sync()
    desk.sync()
    laptop.sync()
    for one in (desk, laptop):
        assert one.row(FRIDAY).begins == berlin("2026-11-27 20:00")
        assert one.row("date-night@2026-12-04").state is State.SKIPPED
    assert [desk.sync().pushed, laptop.sync().pushed] == [0, 0]


def test_an_edit_that_arrives_between_pull_and_push_is_merged(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    desk.skip("date-night@2026-12-04")
    desk.before_the_first_put = lambda: phone.edit("SUMMARY:Date night", "SUMMARY:Our evening")
    report = desk.sync()
    assert (report.pushed, report.error) == (1, {})
    _, text = phone.only()
    assert "SUMMARY:Our evening" in text
    assert "EXDATE;TZID=Europe/Berlin:20261204T193000" in text


def test_a_dry_run_says_what_it_would_do_and_does_nothing(device: MakeDevice) -> None:
    desk = device()
    report = desk.sync(dry_run=True)
    assert (report.would, report.pushed, report.dry_run) == (("add date-night",), 0, True)
    assert phone_of(desk).texts() == {}
    assert desk.store.objects.pending() == 0


def test_what_is_said_before_the_account_was_ever_reached_is_counted_and_written_once(device: MakeDevice) -> None:
    desk = device()
    account = desk.account
    desk.account = replace(account, url="http://127.0.0.1:9/", username="somebody-else")
    assert (desk.sync().error["code"], desk.store.objects.pending()) == (69, 1)
    desk.account = account
    desk.sync(offline=True)
    desk.skip(FRIDAY)
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 1
    assert (desk.sync().pushed, desk.store.objects.pending()) == (1, 0)
    assert "EXDATE;TZID=Europe/Berlin:20261127T193000" in phone_of(desk).only()[1]


def test_what_waits_for_an_account_never_reached_goes_with_its_routine(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT, SUNDAY_TALK)
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 2
    desk.routines = (DATE_NIGHT,)
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 1


def test_a_calendar_that_is_gone_is_not_made_again(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    phone.dav._wire.send("DELETE", phone.dav.collection.url)
    for _ in range(2):
        report = desk.sync()
        assert report.error["code"] == 77
        assert "gone" in str(report.error["message"])
    assert desk.row(FRIDAY).title == "Date night"


def test_most_of_it_gone_at_once_is_taken_for_an_accident(device: MakeDevice) -> None:
    from household import fixed

    from reconnectd.core.model import Daily, Lasting

    many = [fixed(f"r{n}", Daily(), "10:00", lasting=Lasting(HOUR, HOUR), calendar=True) for n in range(6)]
    desk = device(*many)
    desk.sync()
    phone = phone_of(desk)
    for href in list(phone.texts())[:5]:
        phone.delete(href)
    for _ in range(2):
        report = desk.sync()
        assert "accident" in str(report.error["message"])
        assert len({item.id.slug for item in desk.store.plan.between(desk.clock.now(), None)}) == 6
    assert desk.sync(accept=True).error == {}
    assert len({item.id.slug for item in desk.store.plan.between(desk.clock.now(), None)}) == 1
