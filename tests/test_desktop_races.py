"""A server that is replaced at the worst moment: with a bus that does exactly what a test says, when it says it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from notification_server import NAME
from private_bus import private_bus
from told import Told

from reconnectd.adapters.bus import DRIVER, Bus
from reconnectd.adapters.desktop import Desktop
from reconnectd.ports import Bubble

WORD = Bubble("t0ken", "Date night", "In an hour", (("done", "Done"),))
REPLIES: dict[str, Sequence[Any]] = {
    "GetCapabilities": [["body", "actions"]],
    "GetServerInformation": ["scripted", "", "1", "1.2"],
    "Notify": [1],
}


class ScriptedBus:
    """Answers each call at once; `before` lets a test do something while a call to that method is under way."""

    guid = "9f"

    def __init__(self) -> None:
        self.owner: Callable[[str], None] = lambda _: None
        self.before: dict[str, Callable[[], Awaitable[None]]] = {}

    async def subscribe(self, sender: str, interface: str, path: str | None, handler: object) -> None:
        pass

    async def watch_name(self, name: str, changed: Callable[[str], None]) -> None:  # noqa: ARG002
        self.owner = changed

    async def call(self, destination: str, path: str, member: str, *_: Any, **__: Any) -> Sequence[Any] | None:  # noqa: ARG002
        method = member.rpartition(".")[2]
        if before := self.before.get(method):
            await before()
        return REPLIES.get(method, [])

    def variant(self, signature: str, value: Any) -> Any:  # noqa: ARG002
        return value


async def begun() -> tuple[ScriptedBus, Desktop]:
    bus = ScriptedBus()
    desktop = Desktop(bus, Told())
    await desktop.start()
    return bus, desktop


async def test_a_bubble_of_a_server_that_went_while_it_answered_is_not_counted_as_shown() -> None:
    bus, desktop = await begun()
    bus.owner(":1.1")

    async def replaced() -> None:
        bus.owner(":1.2")

    bus.before["Notify"] = replaced
    assert await desktop.show(WORD) is None
    bus.before.clear()
    shown = await desktop.show(WORD)
    assert shown is not None
    assert shown.server == ":1.2@9f"


async def test_a_server_that_went_while_it_described_itself_is_not_believed_to_be_there() -> None:
    bus, desktop = await begun()
    answer = asyncio.Event()

    async def slowly() -> None:
        await answer.wait()

    bus.before["GetCapabilities"] = slowly
    bus.owner(":1.1")
    await asyncio.sleep(0)
    bus.owner("")
    answer.set()
    await asyncio.sleep(0.01)
    assert not desktop.state().ready
    assert desktop.state().server is None


async def test_a_change_that_overtakes_the_first_answer_is_the_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with private_bus() as daemon:
        bus = Bus(lambda: daemon.address)
        await bus.start()

        async def overtaken(member: str, *_: Any) -> Sequence[Any]:
            if member == "GetNameOwner":
                bus._owner_changed(NAME, "", ":1.2")
            return [":1.1"]

        owners: list[str] = []
        with monkeypatch.context() as patch:
            patch.setattr(bus, "_ask", overtaken)
            await bus.watch_name(NAME, owners.append)
        assert owners == [":1.2"]
        assert await bus.call(DRIVER, "/org/freedesktop/DBus", f"{DRIVER}.GetId") is not None
        await bus.stop()
