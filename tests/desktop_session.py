"""A desktop for the installed programs: a bus, a notification server on it, and a home that knows of the bus."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from home import Home, home
from notification_server import NotificationServer
from private_bus import PrivateBus, private_bus


@pytest.fixture
def bus() -> Iterator[PrivateBus]:
    with private_bus() as found:
        yield found


@pytest.fixture
async def server(bus: PrivateBus) -> AsyncIterator[NotificationServer]:
    found = NotificationServer(bus.address)
    await found.start()
    yield found
    await found.stop()


@pytest.fixture
def person(bus: PrivateBus) -> Iterator[Home]:
    with home(bus.address) as found:
        yield found
