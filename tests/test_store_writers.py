"""Several who write: somebody who holds the state for longer than SQLite waits, and rows from a later time."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from desk import Desk, MakeDesk, desk
from home import home, wait_until
from household import MORNING_WORD, berlin

from reconnectd.adapters.store import opening as opening_module
from reconnectd.core.occurrence import State

__all__ = ["desk"]

WORD = "morning-word@2026-11-23"


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program writes, and doesn't end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def hurried(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """SQLite waits for a twentieth of a second, an answer for a tenth."""
    monkeypatch.setattr(opening_module, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("reconnectd.app.speaking.A_PAUSE", 0.1)
    return desk(MORNING_WORD)


async def test_a_word_is_said_also_while_somebody_else_writes_and_only_once(hurried: Desk) -> None:
    hurried.clock.time = berlin("2026-11-23 09:05")
    with held(hurried.store.database.path):
        assert [await hurried.speaker.speak() for _ in range(2)] == [1, 0]
        assert "another program" in str(hurried.speaker.trouble)
    assert await hurried.speaker.speak() == 0
    hurried.restart()
    hurried.store.catch_up(hurried.clock.now())
    assert await hurried.speaker.speak() == 0
    assert hurried.desktop.titles() == ["A kind word"]


async def test_an_answer_waits_until_it_can_be_kept(hurried: Desk) -> None:
    await hurried.at(berlin("2026-11-23 09:05"))
    with held(hurried.store.database.path):
        pressed = asyncio.create_task(hurried.press("done"))
        await asyncio.sleep(0.3)
        assert not pressed.done()
    (answered,) = await pressed
    assert (str(answered.id), answered.state) == (WORD, State.DONE)


async def test_a_word_whose_delivery_cannot_be_noted_is_not_repeated(hurried: Desk) -> None:
    """The lock is taken while the desktop is asked."""
    other = sqlite3.connect(hurried.store.database.path, isolation_level=None)

    def take_it() -> None:
        other.execute("BEGIN IMMEDIATE")

    hurried.desktop.while_asked = take_it
    hurried.clock.time = berlin("2026-11-23 09:05")
    assert await hurried.speaker.speak() == 1
    other.close()
    assert await hurried.speaker.speak() == 0
    assert hurried.desktop.titles() == ["A kind word"]


def test_a_command_waits_five_seconds_and_says_to_try_again() -> None:
    with home() as person:
        person.write('[people]\nme = "Alex"\n[routine.tea]\non = "daily"\nat = "15:00"\n')
        person.run("next")
        with person.daemon() as daemon:
            wait_until(lambda: person.json("status")["calendar"]["last_sync"], "a sync")
            with held(person.database):
                ran = person.run("done", "tea")
            assert (ran.returncode, "try again in a moment" in ran.stderr) == (75, True)
            assert person.run("done", "tea").returncode == 0
            assert daemon.poll() is None


async def test_a_clock_that_steps_back_over_rows_repeats_nothing_and_loses_nothing(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    await one.press("done")
    await one.at(berlin("2026-11-25 09:05"))
    one.clock.time = berlin("2026-11-23 08:00") - dt.timedelta(days=1)
    one.plan()
    one.restart()
    assert one.store.catch_up(one.clock.now()) is False
    one.clock.time = berlin("2026-11-23 09:06")
    one.plan()
    assert await one.speaker.speak() == 0
    assert one.row(WORD).state is State.DONE
    assert await one.at(berlin("2026-11-26 09:05")) == ["A kind word"]
