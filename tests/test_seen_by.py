"""Who looks at the calendar decides what may stand in it, from the next sync on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from devices import Phone
from household import DATE_NIGHT, HOUR, berlin, fixed
from servers import Server
from two_people import Partner

from reconnectd.core.model import Daily, Lasting, Practice, Routine
from reconnectd.core.occurrence import State

CLOSE = Routine(
    "close", "An hour in bed", replace(DATE_NIGHT.schedule), practice=Practice.AFFECTION,
    lasting=Lasting(HOUR, HOUR), calendar=True, private=True, notes="slowly",
)  # fmt: skip
FRIDAY = "close@2026-11-27"

MakeDevice = Callable[..., Partner]


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    account = dav_server.account(seen_by="me")

    def make(*routines: Routine, name: str = "desk") -> Partner:
        (tmp_path / name).mkdir()
        return Partner(tmp_path / name, dav_server, account, routines or (DATE_NIGHT, CLOSE))

    return make


def seen_by(one: Partner, who: Literal["me", "both"]) -> None:
    """The config is saved with another word, and somewhat later it is synced."""
    one.account = replace(one.account, seen_by=who)
    one.clock.forward(HOUR)


def texts(one: Partner) -> dict[str, str]:
    """By title."""
    found = Phone(one.server, one.account).texts().values()
    return {next(line[8:] for line in text.splitlines() if line.startswith("SUMMARY:")): text for text in found}


def test_seen_by_me_it_is_neutral_and_private(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    assert set(texts(desk)) == {"Date night", "A reminder"}
    assert "CLASS:PRIVATE" in texts(desk)["A reminder"]
    assert "CLASS" not in texts(desk)["Date night"]
    for word in ("bed", "slowly", "affection"):
        assert word not in str(texts(desk))


def test_seen_by_both_what_is_private_goes_at_once_and_is_still_said_here(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    seen_by(desk, "both")
    report = desk.sync()
    assert (report.deleted, report.pushed, report.error) == (1, 0, {})
    assert set(texts(desk)) == {"Date night"}
    row = desk.row(FRIDAY)
    assert (row.state, row.in_calendar) == (State.PLANNED, False)
    assert (desk.sync().requests, desk.sync().deleted) == (1, 0)


def test_what_waits_is_taken_back_when_it_becomes_private(device: MakeDevice) -> None:
    desk = device()
    desk.routines = (DATE_NIGHT,)
    desk.sync()
    desk.routines = (DATE_NIGHT, CLOSE)
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 1
    seen_by(desk, "both")
    desk.sync()
    assert (set(texts(desk)), desk.store.objects.pending()) == ({"Date night"}, 0)


def test_without_the_agreement_nothing_is_taken_out_either(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.people = {"partner_agrees": None}
    seen_by(desk, "both")
    assert desk.sync().error["code"] == 77
    assert set(texts(desk)) == {"Date night", "A reminder"}


def test_seen_by_me_again_it_comes_back_neutral_with_what_was_said_of_it(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.move(FRIDAY, berlin("2026-11-28 20:00"))
    desk.sync()
    seen_by(desk, "both")
    desk.sync()
    seen_by(desk, "me")
    assert desk.sync().pushed == 1
    text = texts(desk)["A reminder"]
    assert "CLASS:PRIVATE" in text
    assert "DTSTART;TZID=Europe/Berlin:20261128T200000" in text
    assert (desk.sync().pushed, desk.sync().requests) == (0, 1)


def test_the_other_device_does_not_take_that_for_an_answer(device: MakeDevice) -> None:
    """Also when it is much at once."""
    many = tuple(fixed(f"r{n}", Daily(), "10:00", lasting=Lasting(HOUR, HOUR), calendar=True, private=True)
                 for n in range(6))  # fmt: skip
    desk, laptop = device(DATE_NIGHT, *many), device(DATE_NIGHT, *many, name="laptop")
    for one in (desk, laptop):
        one.sync()
    for one in (desk, laptop):
        seen_by(one, "both")
        assert one.sync().error == {}
    assert set(texts(desk)) == {"Date night"}
    for one in (desk, laptop):
        assert one.row("r3@2026-11-25").state is State.PLANNED
        seen_by(one, "me")
        assert one.sync().error == {}
    assert len(Phone(desk.server, desk.account).texts()) == 7
    assert [desk.sync().pushed, laptop.sync().pushed] == [0, 0]


def test_an_edit_that_arrives_just_before_does_not_keep_it(device: MakeDevice) -> None:
    desk = device(CLOSE)
    desk.sync()
    phone = Phone(desk.server, desk.account)
    phone.edit("SUMMARY:A reminder", "SUMMARY:Our hour")
    seen_by(desk, "both")
    assert desk.sync().deleted == 1
    assert phone.texts() == {}


@pytest.mark.parametrize("who", ["me", "both"])
def test_what_becomes_private_or_public_is_rewritten_at_once(device: MakeDevice, who: Literal["me", "both"]) -> None:
    desk = device(replace(CLOSE, private=False))
    seen_by(desk, who)
    desk.sync()
    assert "DESCRIPTION:slowly" in texts(desk)["An hour in bed"]
    desk.routines = (CLOSE,)
    desk.sync()
    assert set(texts(desk)) == ({"A reminder"} if who == "me" else set())
    assert "slowly" not in str(texts(desk))
    desk.routines = (replace(CLOSE, private=False),)
    desk.sync()
    assert "CLASS:PRIVATE" not in texts(desk)["An hour in bed"]
    assert (desk.sync().pushed, desk.sync().requests) == (0, 1)


def test_the_past_of_what_became_private_goes_too(device: MakeDevice) -> None:
    desk = device(replace(CLOSE, private=False))
    seen_by(desk, "both")
    desk.sync()
    desk.clock.forward(24 * 7 * HOUR)
    desk.routines = (replace(CLOSE, private=False, schedule=fixed("x", Daily(), "21:00").schedule),)
    desk.sync()
    assert len(Phone(desk.server, desk.account).texts()) == 2, "the old series ended, the new one began"
    desk.routines = (replace(desk.routines[0], private=True),)
    assert desk.sync().deleted == 2
    assert texts(desk) == {}
