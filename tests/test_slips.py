"""Slips: "remember: …" and "thanks: …" from a phone are taken up and removed from a calendar that only I see."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from devices import MakeDevice
from household import MONDAY_MORNING, settings
from jotted import INTERVIEW, THURSDAY, TWO_WORDS, device, jot, kept, near, slip, titles

from reconnectd.app.practice import thanks
from reconnectd.app.practice.slips import are_taken_up
from reconnectd.core.ics import read
from reconnectd.core.plain_dates import Present
from reconnectd.core.practice.slip import Slip, may_be_one, slip_of
from reconnectd.core.practice.slip_time import understood
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import CalendarAccount

__all__ = ["device", "near"]

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
