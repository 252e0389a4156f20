"""`log` and `conflicts`: what happened, and what a calendar decided; never who."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runner import Person, person
from devices import Device, Phone
from household import DATE_NIGHT
from servers import Server

from reconnectd.adapters.store import Store

__all__ = ["person"]

FRIDAY = "date-night@2026-11-27"


def test_the_log_tells_what_was_answered_and_said_in_its_order(person: Person) -> None:
    person.run("move", "date-night", "sat", "20:00")
    person.at("2026-11-23 15:00")
    person.announce("tea@2026-11-23")
    person.at("2026-11-23 15:05")
    person.run("done")
    person.run("lighter", "--until", "sat")
    person.run("undo")
    assert person.run("log").out.splitlines() == [
        "Mon 23 Nov  09:00  Date night (date-night@2026-11-27): moved to Sat 28 Nov 20:00",
        "Mon 23 Nov  15:00  Tea (tea@2026-11-23): said",
        "Mon 23 Nov  15:05  Tea (tea@2026-11-23): done",
        "Mon 23 Nov  15:05  Everything: lighter until Sat 28 Nov 04:00 (taken back)",
    ]


def test_the_log_as_json_has_every_field(person: Person) -> None:
    person.run("done", "tea", "--at", "yesterday 21:00")
    person.run("skip", FRIDAY)
    first, last = person.json("log")["entries"]
    assert first["moment"] == "2026-11-22T21:00:00+01:00"
    assert last == {
        "at": "2026-11-23T09:00:00+01:00", "kind": "answer", "what": "skip", "occurrence": FRIDAY,
        "routine": "date-night", "title": "Date night", "moment": None, "undone": False, "words": "not this time",
    }  # fmt: skip


def test_so_many_and_until_then(person: Person) -> None:
    for day in (24, 25, 26):
        person.at(f"2026-11-{day} 09:00")
        person.run("skip", f"tea@2026-11-{day}")
    assert [one["occurrence"] for one in person.json("log", "-n", "2")["entries"]] == [
        "tea@2026-11-25",
        "tea@2026-11-26",
    ]
    assert [one["occurrence"] for one in person.json("log", "--at", "yesterday 12:00")["entries"]] == [
        "tea@2026-11-24", "tea@2026-11-25",
    ]  # fmt: skip
    assert person.run("log", "-n", "0").code == 2


@pytest.mark.parametrize(("command", "key"), [("log", "entries"), ("conflicts", "conflicts")])
def test_with_nothing_to_tell_it_says_so(person: Person, command: str, key: str) -> None:
    assert person.json(command) == {key: []}
    said = person.run(command)
    assert (said.code, len(said.out.splitlines())) == (0, 1)


def test_what_a_calendar_says_is_harmless_on_a_terminal(person: Person) -> None:
    with contextlib.closing(Store(person.home.database)) as store:
        store.history.decide(person.now, "date-night", "odd \x1b[31m\u202e words")
    said = person.run("conflicts").out
    assert "Date night: odd" in said
    assert "\x1b" not in said + person.run("log").out
    assert "\u202e" not in said


def test_words_older_than_privacy_allows_are_in_no_log(person: Person) -> None:
    person.run("skip", "tea")
    with contextlib.closing(Store(person.home.database)) as store:
        store.history.decide(person.now, FRIDAY, "deleted in the calendar: not this time")
    person.at("2027-03-01 09:00")
    person.run("next")
    assert person.json("log") == {"entries": []}
    assert person.json("conflicts") == {"conflicts": []}


@pytest.fixture
def desk(tmp_path: Path, dav_server: Server) -> Device:
    (tmp_path / "desk").mkdir()
    found = Device(tmp_path / "desk", dav_server, dav_server.account(), (DATE_NIGHT,))
    found.sync()
    return found


def moved(phone: Phone) -> None:
    uid = next(line for line in phone.only()[1].splitlines() if line.startswith("UID:"))
    phone.add_component(
        f"BEGIN:VEVENT\n{uid}\nDTSTAMP:20261123T080000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20261127T193000\n"
        "DTSTART;TZID=Europe/Berlin:20261128T200000\nDTEND;TZID=Europe/Berlin:20261128T220000\nSUMMARY:Date night\n"
        "END:VEVENT"
    )


EXDATE = "EXDATE;TZID=Europe/Berlin:20261127T193000\nSUMMARY"
EDITS: list[tuple[Callable[[Phone], None], str, str]] = [
    (moved, FRIDAY, "moved in the calendar to Sat 28 November at 20:00; it stays there"),
    (lambda phone: phone.edit("SUMMARY", EXDATE), FRIDAY, "deleted in the calendar: not this time"),
    (
        lambda phone: phone.edit("SUMMARY:Date night", "SUMMARY:Our evening"), "date-night",
        "the title was changed in the calendar, and stays so",
    ),
    (
        lambda phone: phone.edit("20261127T193000", "20261127T200000"), "date-night",
        "the series was moved in the calendar; that is its schedule now",
    ),
    (
        lambda phone: phone.delete(phone.only()[0]), "date-night",
        "the series was deleted in the calendar, and stays away until `reconnect resume … --yes`",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "subject", "what"), EDITS, ids=["moved", "deleted", "renamed", "series", "gone"])
def test_what_a_calendar_decided_is_written_down_once(
    desk: Device, edit: Callable[[Phone], None], subject: str, what: str
) -> None:
    edit(Phone(desk.server, desk.account))
    desk.sync()
    desk.sync()
    found = [(one.subject, one.what) for one in desk.store.history.decisions(10, desk.clock.now())]
    assert found == [(subject, what)]


def test_what_another_device_made_is_recognised_and_our_own_writes_are_no_decision(
    desk: Device, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Device(tmp_path / "other", desk.server, desk.account, (DATE_NIGHT,))
    other.sync()
    desk.skip(FRIDAY)
    desk.sync()
    desk.sync()
    now = desk.clock.now()
    assert [one.what for one in other.store.history.decisions(10, now)] == [
        "stood in the calendar already, and was recognised"
    ]
    assert desk.store.history.decisions(10, now) == []
