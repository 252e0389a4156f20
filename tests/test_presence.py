"""What is known about the lock, from a stand-in for logind on a private bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from logind import Logind
from notification_server import connect, hang_up
from private_bus import private_bus

from reconnectd.adapters.bus import Bus
from reconnectd.adapters.presence import LOGIND, Presence


@pytest.fixture
async def places() -> AsyncIterator[tuple[Logind, Bus]]:
    with private_bus() as daemon:
        logind, bus = Logind(await connect(daemon.address)), Bus(lambda: daemon.address)
        await logind.start()
        await bus.start()
        yield logind, bus
        await bus.stop()
        await hang_up(logind.bus)


async def until(presence: Presence, *, details: bool) -> None:
    async with asyncio.timeout(5):
        while presence.may_show_details() is not details:  # noqa: ASYNC110 — only an unlock is told
            await asyncio.sleep(0.01)


def test_unknown_counts_as_yes() -> None:
    assert Presence().may_show_details()


async def test_a_locked_screen_hides_details_until_it_is_unlocked(places: tuple[Logind, Bus]) -> None:
    logind, bus = places
    told: list[str] = []
    presence = Presence(bus, lambda: told.append("unlocked"), lambda: told.append("locked"))
    await presence.start()
    logind.lock(locked=True)
    await until(presence, details=False)
    logind.lock(locked=False)
    await until(presence, details=True)
    assert told == ["locked", "unlocked"]
    await presence.stop()


async def test_a_screen_that_was_locked_before_is_known(places: tuple[Logind, Bus]) -> None:
    logind, bus = places
    logind.locked = True
    presence = Presence(bus)
    await presence.start()
    assert not presence.may_show_details()
    await presence.stop()


async def test_a_logind_that_knows_no_session_counts_as_unlocked(places: tuple[Logind, Bus]) -> None:
    logind, bus = places
    logind.silent = True
    presence = Presence(bus)
    await presence.start()
    await logind.asked.wait()
    await bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetId")
    assert presence.may_show_details()
    await presence.stop()


async def test_a_logind_that_goes_away_counts_as_unlocked(places: tuple[Logind, Bus]) -> None:
    logind, bus = places
    logind.locked = True
    presence = Presence(bus)
    await presence.start()
    await until(presence, details=False)
    await logind.bus.release_name(LOGIND)
    await until(presence, details=True)
    await presence.stop()
