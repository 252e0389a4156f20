"""Slips: "remember: …" and "thanks: …" from a phone are taken up and removed from a calendar that only I see."""

from __future__ import annotations

import datetime as dt
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from devices import Device, MakeDevice, Phone, devices_of, phone_of
from home import Home, home
from household import DATE_NIGHT, HOUR, MONDAY_MORNING, berlin, settings
from servers import Server

from reconnectd.adapters.clock import SystemClock
from reconnectd.app.practice import thanks
from reconnectd.app.practice.slips import are_taken_up
from reconnectd.app.undoing import undo
from reconnectd.core.ics import read
from reconnectd.core.occurrence import Fact
from reconnectd.core.plain_dates import Present
from reconnectd.core.practice.slip import Slip, may_be_one, slip_of
from reconnectd.core.practice.slip_time import understood
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import Waiting
from reconnectd.ports import Calendar, Collection, ItemRefused

INTERVIEW = "remember: interview, nervous"
THURSDAY = "DTSTART;TZID=Europe/Berlin:20261126T100000"


def slip(summary: str, *lines: str, uid: str = "a-phone-made-this", start: str = THURSDAY) -> bytes:
    words = re.sub(r"(?<!\\),", r"\\,", summary)
    text = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//A phone//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261123T080000Z
SUMMARY:{words}
{start}
""" + "".join(f"{line}\n" for line in lines)
    return (text + "END:VEVENT\nEND:VCALENDAR\n").replace("\n", "\r\n").encode()


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return private(dav_server, tmp_path)


@pytest.fixture
def near(tmp_path: Path, radicale: Server) -> MakeDevice:
    return private(radicale, tmp_path)


def private(server: Server, folder: Path) -> MakeDevice:
    """Devices of a calendar that only one person sees, in step with it."""
    make = devices_of(server, folder, DATE_NIGHT)

    def seen_by_me(*routines: Any, name: str = "desk", seen_by: Literal["me", "both"] | None = "me") -> Device:
        found = make(*routines, name=name)
        found.account = replace(found.account, seen_by=seen_by)
        found.sync()
        return found

    return seen_by_me


def jot(device: Device, data: bytes, name: str = "jotted.ics") -> Phone:
    phone = phone_of(device)
    phone.dav.put(phone.dav.href(name), data, None)
    return phone


def titles(phone: Phone) -> set[str]:
    return {line for text in phone.texts().values() for line in text.splitlines() if line.startswith("SUMMARY:")}


def kept(device: Device) -> list[tuple[str, str]]:
    """The one-offs: (local time, title)."""
    facts = device.store.facts.of("remember").values()
    return sorted((f"{(one.start or berlin('2000-01-01')):%a %H:%M}", str(one.title)) for one in facts)


TWO_WORDS = [("Thu 07:30", "interview, Thursday 10:00"), ("Thu 12:00", "interview: how was it?")]
"""Each in UTC."""
A_DAY = [("Fri 07:00", "exam, Friday"), ("Fri 18:00", "exam: how was it?")]


def test_a_note_from_a_phone_is_taken_up_and_removed(device: MakeDevice) -> None:
    desk = device()
    phone = jot(desk, slip(INTERVIEW))
    report = desk.sync()
    assert (report.error, report.adopted, report.deleted) == ({}, 1, 1)
    assert kept(desk) == TWO_WORDS
    assert titles(phone) == {"SUMMARY:Date night"}
    again = desk.sync()
    assert (again.requests, again.deleted, desk.store.objects.pending()) == (1, 0, 0)
    assert kept(desk) == TWO_WORDS


def test_thanks_are_kept_with_those_that_were_typed(near: MakeDevice) -> None:
    desk = near()
    phone = jot(desk, slip("THANKS :  the tea\\, this morning"))
    assert desk.sync().deleted == 1
    assert [one.text for one in thanks.waiting(desk.store)] == ["the tea, this morning"]
    assert titles(phone) == {"SUMMARY:Date night"}


@pytest.mark.parametrize(
    ("summary", "start", "words"),
    [
        ("Remember:buy flowers", THURSDAY, [("Thu 09:00", "buy flowers")]),
        ("remember: buy flowers", "DTSTART;VALUE=DATE:20261126", [("Thu 08:00", "buy flowers")]),
        ("remember: buy flowers saturday at noon", "DTSTART;VALUE=DATE:20261126", [("Sat 11:00", "buy flowers")]),
        ("remember: buy flowers", "DTSTART:20261123T073000Z", [("Mon 08:30", "buy flowers")]),  # it was just now
        ("remember: good news: got the job", "DTSTART;VALUE=DATE:20261123", [("Mon 18:00", "got the job")]),
        ("remember: exam", "DTSTART;VALUE=DATE:20261127", A_DAY),
    ],
)  # fmt: skip
def test_its_time_is_that_at_which_it_stands(summary: str, start: str, words: list[tuple[str, str]]) -> None:
    theirs = read(slip(summary, start=start), local="Europe/Berlin")
    found = slip_of(theirs, MONDAY_MORNING)
    assert found is not None
    said = understood(found, theirs, Present(MONDAY_MORNING, ZoneInfo("Europe/Berlin")), Quiet())
    assert [(f"{one.at:%a %H:%M}", one.title) for one in said.sayings] == words


MILK = slip("Milk", uid="b").partition(b"END:VTIMEZONE\r\n")[2].removesuffix(b"END:VCALENDAR\r\n")


@pytest.mark.parametrize(
    "data",
    [
        slip("remember"), slip("remember: "), slip("Please remember: milk"), slip("thanksgiving: dinner"),
        slip(INTERVIEW, "RRULE:FREQ=WEEKLY"), slip(INTERVIEW, "RDATE:20261201T100000Z"),
        slip(INTERVIEW, "ORGANIZER:mailto:sam@example.org", "ATTENDEE:mailto:alex@example.org"),
        slip(INTERVIEW, "STATUS:CANCELLED"), slip(INTERVIEW, "X-RECONNECTD-ID:tea;1"), slip(INTERVIEW, uid=""),
        slip(INTERVIEW, uid="rcd-0123456789abcdef0123456789abcdef"),
        slip(INTERVIEW, start="DTSTART:20261101T100000Z"),
        slip(INTERVIEW).replace(b"END:VCALENDAR", MILK + b"END:VCALENDAR"),
        slip(INTERVIEW, "DESCRIPTION:room 3"), slip(INTERVIEW, "LOCATION:town hall"),
        slip(INTERVIEW, "ATTACH:https://a.example/b.pdf"),
        slip("remember: " + "w" * 151), slip("thanks: " + "w" * 501),
    ],
    ids=["bare", "empty", "asked", "another word", "repeating", "more dates", "guests", "cancelled", "ours", "nameless",
         "our uid", "long ago", "two events", "more words", "a place", "a file", "a long note", "long thanks"],
)  # fmt: skip
def test_what_is_not_plainly_a_note_is_none(data: bytes) -> None:
    assert not (may_be_one(data) and slip_of(read(data), MONDAY_MORNING))
    assert may_be_one(slip(INTERVIEW, "BEGIN:VALARM", "ACTION:AUDIO", "ATTACH:Basso", "TRIGGER:-PT5M", "END:VALARM"))
    assert may_be_one(slip("remember\u202f: exam"))
    assert slip_of(read(slip(INTERVIEW)), MONDAY_MORNING) == Slip("remember", "interview, nervous")


@pytest.mark.parametrize(
    ("account", "taken"),
    [
        (CalendarAccount(), True), (CalendarAccount(seen_by="both"), False),
        (CalendarAccount(url="https://a.example", seen_by="me"), True),
        (CalendarAccount(url="https://a.example"), False),
    ],
)  # fmt: skip
def test_they_are_taken_up_only_where_nobody_else_looks(account: CalendarAccount, *, taken: bool) -> None:
    assert are_taken_up(settings(calendar=account)) is taken


@pytest.mark.parametrize("seen_by", ["both", None])
def test_in_a_calendar_that_both_may_see_it_is_left_alone(near: MakeDevice, seen_by: Literal["both"] | None) -> None:
    desk = near(seen_by=seen_by)
    phone = jot(desk, slip(INTERVIEW))
    assert desk.sync().deleted == 0
    assert len(phone.texts()) == 2
    assert kept(desk) == []


def test_what_stood_there_before_the_first_look_is_never_taken(device: MakeDevice) -> None:
    first = device(name="first")
    phone = jot(first, slip(INTERVIEW))
    desk = device(name="desk")
    assert kept(desk) == []
    desk.store.database.write("UPDATE collection SET token = NULL")
    assert desk.sync().deleted == 0, "also when the calendar is read as a whole again"
    assert len(phone.texts()) == 2


def test_a_dry_run_says_that_it_would_and_does_nothing(near: MakeDevice) -> None:
    desk = near()
    phone = jot(desk, slip(INTERVIEW))
    report = desk.sync(dry_run=True)
    assert report.would == ("take up a note (remember)",)
    assert kept(desk) == []
    assert len(phone.texts()) == 2


class Meddled:
    """A calendar in which something happens right before a removal."""

    def __init__(self, calendar: Calendar, happens: Callable[[], None]) -> None:
        self._calendar = calendar
        self._happens = happens

    def delete(self, href: str, etag: str) -> None:
        self._happens()
        self._calendar.delete(href, etag)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calendar, name)


def before_the_removal(desk: Device, happens: Callable[[], None]) -> None:
    """In the next run only."""
    plain = desk._open

    def meddled(known: Collection | None, create: bool) -> Any:
        desk.__dict__.pop("_open")
        return Meddled(plain(known, create), happens)

    desk.__dict__["_open"] = meddled


class PowerCut(BaseException):
    """Nothing after this is done."""


def cut() -> None:
    raise PowerCut


def test_ended_between_keeping_and_removing_it_is_kept_once_and_removed_by_the_next_run(device: MakeDevice) -> None:
    desk = device()
    phone = jot(desk, slip(INTERVIEW))
    before_the_removal(desk, cut)
    with pytest.raises(PowerCut):
        desk.sync()
    assert (kept(desk), desk.store.objects.pending(), len(phone.texts())) == (TWO_WORDS, 1, 2)
    desk.store.database.write("UPDATE collection SET token = NULL")  # even if it is read again
    assert desk.sync().deleted == 1
    assert (kept(desk), desk.store.objects.pending(), len(phone.texts())) == (TWO_WORDS, 0, 1)


def test_ended_after_the_removal_came_through_it_stays_kept(device: MakeDevice) -> None:
    desk = device()
    phone = jot(desk, slip(INTERVIEW))

    def removed_and_cut() -> None:
        phone.delete(next(href for href in phone.texts() if href.endswith("jotted.ics")))
        raise PowerCut

    before_the_removal(desk, removed_and_cut)
    with pytest.raises(PowerCut):
        desk.sync()
    assert desk.sync().error == {}
    assert (kept(desk), desk.store.objects.pending()) == (TWO_WORDS, 0)


def test_edited_meanwhile_it_is_taken_up_as_it_was_edited(device: MakeDevice) -> None:
    desk = device()
    phone = jot(desk, slip(INTERVIEW))
    href = next(href for href in phone.texts() if href.endswith("jotted.ics"))
    before_the_removal(desk, lambda: phone.write(href, slip("remember: exam, tense").decode().replace("\r\n", "\n")))
    assert desk.sync().error == {}
    assert (kept(desk), len(phone.texts())) == ([], 2)
    assert desk.sync().deleted == 1
    assert kept(desk) == [("Thu 07:30", "exam, Thursday 10:00"), ("Thu 12:00", "exam: how was it?")]
    assert len(phone.texts()) == 1


def test_what_was_let_go_of_is_kept_when_it_is_there_again(near: MakeDevice) -> None:
    desk = near()
    phone = jot(desk, slip("thanks: the tea"))
    (href,) = (href for href in phone.texts() if href.endswith("jotted.ics"))
    before_the_removal(desk, lambda: phone.write(href, slip("thanks: all").decode().replace("\r\n", "\n")))
    desk.sync()
    phone.write(href, slip("thanks: the tea").decode().replace("\r\n", "\n"))
    assert desk.sync().deleted == 1
    assert [one.text for one in thanks.every(desk.store)] == ["the tea"]


def test_put_back_after_it_was_taken_up_it_is_left_there(near: MakeDevice) -> None:
    desk = near()
    jot(desk, slip(INTERVIEW))
    desk.sync()
    phone = jot(desk, slip(INTERVIEW))
    assert (desk.sync().deleted, kept(desk), len(phone.texts())) == (0, TWO_WORDS, 2)


def test_where_the_server_will_not_remove_it_it_is_kept_and_left_alone(near: MakeDevice) -> None:
    desk = near()
    jot(desk, slip(INTERVIEW))

    def refused() -> None:
        raise ItemRefused(403)

    before_the_removal(desk, refused)
    for _ in range(2):
        report = desk.sync()
        assert (report.error, report.deleted, desk.store.objects.pending(), kept(desk)) == ({}, 0, 0, TWO_WORDS)
        desk.__dict__.pop("_open", None)


def test_of_two_devices_the_one_that_removes_it_keeps_it(device: MakeDevice) -> None:
    desk, laptop = device(), device(name="laptop")
    jot(desk, slip(INTERVIEW))
    jot(desk, slip("thanks: the tea", uid="another"), "another.ics")
    before_the_removal(desk, lambda: None if kept(laptop) else (laptop.sync(), None)[1])
    assert desk.sync().error == {}
    assert (kept(desk), thanks.every(desk.store)) == ([], [])
    assert (kept(laptop), [one.text for one in thanks.every(laptop.store)]) == (TWO_WORDS, ["the tea"])


def test_what_was_answered_meanwhile_stays(near: MakeDevice) -> None:
    desk = near()
    phone = jot(desk, slip("remember: buy flowers"))

    def answered_and_deleted() -> None:
        desk.skip("remember@2026-11-26")
        phone.delete(next(href for href in phone.texts() if href.endswith("jotted.ics")))

    before_the_removal(desk, answered_and_deleted)
    desk.sync()
    (fact,) = desk.store.facts.of("remember").values()
    assert isinstance(fact, Fact)
    assert str(fact.state) == "skipped"


class LockedSeal:
    """Closes nothing until it is unlocked."""

    locked = True

    def close(self, plain: bytes) -> bytes:
        if self.locked:
            raise Waiting("the keyring is locked")
        return b"sealed" + plain

    def open(self, sealed: bytes) -> bytes:
        return sealed.removeprefix(b"sealed")


def test_while_the_key_of_the_words_is_out_of_reach_thanks_wait_in_the_calendar(near: MakeDevice) -> None:
    desk = near()
    seal = desk.store.words.seal = LockedSeal()
    phone = jot(desk, slip("thanks: the tea"))
    jot(desk, slip(INTERVIEW, uid="another"), "another.ics")
    assert (desk.sync().error, kept(desk)) == ({}, TWO_WORDS)
    assert titles(phone) == {"SUMMARY:Date night", "SUMMARY:thanks: the tea"}
    seal.locked = False
    assert desk.sync().deleted == 1
    assert [one.text for one in thanks.every(desk.store)] == ["the tea"]


def test_nothing_of_it_is_in_what_is_logged_or_decided(near: MakeDevice, caplog: pytest.LogCaptureFixture) -> None:
    desk = near()
    jot(desk, slip("remember: canary thursday"))
    jot(desk, slip("thanks: canary", uid="another"), "another.ics")
    caplog.set_level("DEBUG")
    desk.sync()
    told = [
        str(row)
        for table in ("told", "conflict", "outbox")
        for row in desk.store.database.read(f"SELECT * FROM {table}")
    ]
    assert "canary" not in caplog.text + "".join(told)
    assert len(told) >= 2


def test_undo_takes_back_what_came_from_the_phone(near: MakeDevice) -> None:
    desk = near()
    jot(desk, slip(INTERVIEW))
    desk.sync()
    desk.clock.forward(HOUR)
    assert undo(desk.store, desk.clock.now()).verb == "remember"
    assert kept(desk) == []


def run(where: Home, **environ: str) -> int:
    """The worker, as the daemon would start it."""
    argv = [sys.executable, "-m", "reconnectd", "worker", "--config", str(where.config)]
    done = subprocess.run(argv, env={**where.environ, **environ}, capture_output=True, check=False, timeout=60)
    return done.returncode


def test_killed_right_after_the_removal_it_is_kept_exactly_once() -> None:
    with home() as where:
        where.write('[people]\nme = "Alex"\n[routine.tea]\non = "daily"\nat = "15:00"\nlasting = "1h"\n')
        assert run(where) == 0
        (event,) = (path for path in (where.folder / "data").rglob("rcd-*.ics") if ".Radicale" not in str(path))
        day = SystemClock().now() + dt.timedelta(days=3)
        event.with_name("jotted.ics").write_bytes(slip(INTERVIEW, start=f"DTSTART:{day:%Y%m%d}T100000Z"))
        assert run(where, RECONNECTD_CRASH_AT="written") == -signal.SIGKILL
        assert run(where) == 0
        assert [path.name for path in event.parent.glob("*.ics")] == [event.name]
        found = [
            row["title"] for row in where.json("plan", "--days", "9")["occurrences"] if row["routine"] == "remember"
        ]
        assert [title.split(":")[0].split(",")[0] for title in found] == ["interview", "interview"]
        assert where.json("status")["calendar"]["pending"] == 0
