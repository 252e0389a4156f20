"""Wipe: nothing that was stored can be found any more, in no file and, if asked, in no calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from cli_here import Here, daemon, here
from devices import MakeDevice, devices_of, phone_of
from household import DATE_NIGHT, MONDAY_MORNING, SUNDAY_TALK, store_in
from on_disk import objects_below
from servers import Server

from reconnectd.adapters.store.backups import back_up, folder_of
from reconnectd.adapters.store.wiping import wipe
from reconnectd.core.model import Fixed, Weekdays

__all__ = ["here"]
CANARY = b"canary-of-the-wiping"
CONFIG = '[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"\n'


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT)


def files_with(mark: bytes, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and mark in path.read_bytes()]


def test_the_state_and_every_copy_go_and_their_bytes_with_them(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        database = store.database.path
        store.words.add("topic", {"text": CANARY.decode()}, MONDAY_MORNING)
        back_up(database, MONDAY_MORNING.date())
    database.with_name(f"{database.name}.before-restore").write_bytes(CANARY)
    kept_open = [path.open("rb") for path in files_with(CANARY, tmp_path)]
    assert len(kept_open) == 3
    assert wipe(database) >= 3
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"] == []
    assert not folder_of(database).exists()
    assert not [file for file in kept_open if CANARY in file.read()]
    assert wipe(database) == 0
    for file in kept_open:
        file.close()


def test_a_state_that_can_not_be_opened_any_more_goes_too(tmp_path: Path) -> None:
    database = tmp_path / "reconnectd.db"
    database.write_bytes(b"no database, " + CANARY)
    assert wipe(database) == 1
    assert files_with(CANARY, tmp_path) == []


FOREIGN = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//somebody else//EN\r
BEGIN:VEVENT\r
UID:theirs\r
DTSTAMP:20261101T000000Z\r
DTSTART:20261201T100000Z\r
SUMMARY:Dentist\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_with_calendar_everything_of_ours_leaves_it_and_nothing_else(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT, SUNDAY_TALK)
    desk.sync()
    phone = phone_of(desk)
    href, text = next(iter(phone.texts().items()))
    phone.write(href, text.replace("SUMMARY:", "SUMMARY:Our "))
    phone.dav.put(phone.dav.href("theirs.ics"), FOREIGN.encode(), None)
    report = desk.remove_all()
    assert (report.deleted, report.conflicts) == (2, ())
    assert [name.rpartition("/")[2] for name in phone.texts()] == ["theirs.ics"]
    assert desk.store.objects.all() == []


def test_with_calendar_what_has_guests_by_now_stays_and_what_was_made_before_one_joined_goes(
    device: MakeDevice,
) -> None:
    desk, laptop = device(DATE_NIGHT, SUNDAY_TALK), device(DATE_NIGHT, SUNDAY_TALK, name="laptop")
    desk.sync()
    desk.clock.forward(dt.timedelta(days=8))
    laptop.clock = desk.clock
    desk.routines = laptop.routines = (replace(DATE_NIGHT, schedule=Fixed(Weekdays((5,)), dt.time(19))), SUNDAY_TALK)
    desk.sync()
    laptop.sync()
    phone = phone_of(desk)
    assert (len(phone.texts()), len(laptop.store.objects.all())) == (3, 2)
    (href, text), *_ = [each for each in phone.texts().items() if "Sunday talk" in each[1]]
    guests = "ORGANIZER:mailto:a@example.org\r\nATTENDEE:mailto:b@example.org\r\nSUMMARY:"
    phone.write(href, text.replace("SUMMARY:", guests).replace("\r\n", "\n"))
    phone.dav.put(phone.dav.href("theirs.ics"), FOREIGN.encode(), None)
    report = laptop.remove_all()
    assert (report.deleted, report.conflicts) == (2, ("sunday-talk: it has guests, who would get mail",))
    assert {name.rpartition("/")[2] for name in phone.texts()} == {"theirs.ics", href.rpartition("/")[2]}


def test_at_a_prompt_it_asks_and_then_nothing_is_left_but_the_config(here: Here) -> None:
    here.write(CONFIG)
    here.run("sync")
    here.run("remember", "--at", "tomorrow 18:00", CANARY.decode())
    here.run("backup")
    (here.state / "draft-left").mkdir()
    (here.state / "draft-left" / "draft.txt~").write_bytes(CANARY)
    assert files_with(CANARY, here.home)
    refused = here.run("wipe")
    assert (refused.returncode, "nothing was changed" in refused.stderr) == (2, True)
    told = here.said("wipe", "--calendar", "--yes")
    assert (told["wiped"], told["calendar"]) == (True, {"deleted": 1, "left": []})
    assert files_with(CANARY, here.home) == []
    assert objects_below(here.home / ".local/share/reconnectd/calendar/collections") == []
    assert here.config.read_text() == CONFIG
    assert here.said("wipe", "--yes")["wiped"] is False


def test_a_running_daemon_is_named_and_nothing_is_deleted(here: Here) -> None:
    here.write(CONFIG)
    with daemon(here):
        ran = here.run("wipe", "--yes")
        assert (ran.returncode, "is running (pid" in ran.stderr) == (75, True)
        assert here.said("plan", "--days", "14")["occurrences"]
