"""A desktop as our notifier sees it: a bus of its own, and on it a notification server of the tests' own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from notification_server import NotificationServer
from private_bus import PrivateBus, private_bus
from told import Told

from reconnectd.adapters.bus import Bus
from reconnectd.adapters.desktop import Desktop
from reconnectd.ports import Answer, Bubble, Shown

DONE = Bubble("t0ken", "Date night", "In an hour", (("done", "Done"), ("later", "Later")))


@dataclass
class World:
    """A bus, a server on it, and our notifier."""

    daemon: PrivateBus
    server: NotificationServer
    told: Told
    bus: Bus
    desktop: Desktop

    async def show(self, bubble: Bubble = DONE) -> Shown:
        shown = await self.desktop.show(bubble)
        assert shown is not None
        return shown

    async def ready(self, *, yes: bool = True) -> None:
        await self.told.until(lambda: self.desktop.state().ready is yes)

    async def heard_everything(self) -> None:
        """Returns when our notifier has had every signal that the server sent before this."""
        marker = await self.show(Bubble("marker", "", "", (("ok", "OK"),)))
        self.server.press(marker.id, self.server.notified[-1].key("ok"))
        await self.told.until(lambda: Answer("marker", "ok") in self.told.events)
        self.told.events.remove(Answer("marker", "ok"))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    with private_bus() as daemon:
        server, told = NotificationServer(daemon.address), Told()
        bus = Bus(lambda: daemon.address, pauses=(0.05,), deadline=2)
        desktop = Desktop(bus, told, deadline=0.3)
        await server.start()
        await bus.start()
        await desktop.start()
        yield World(daemon, server, told, bus, desktop)
        await desktop.stop()
        await bus.stop()
        await server.stop()
