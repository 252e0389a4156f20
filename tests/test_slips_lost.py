"""Slips are kept exactly once, whatever happens between keeping one and removing it."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from devices import Device, MakeDevice
from home import Home, home
from household import HOUR
from jotted import INTERVIEW, TWO_WORDS, device, jot, kept, near, slip, titles

from reconnectd.adapters.clock import SystemClock
from reconnectd.app.practice import thanks
from reconnectd.app.undoing import undo
from reconnectd.core.occurrence import Fact
from reconnectd.errors import Waiting
from reconnectd.ports import Calendar, Collection, ItemRefused

__all__ = ["device", "near"]


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
