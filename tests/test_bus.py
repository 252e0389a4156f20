"""The connection: that it comes back, that it never starts anything, that it always answers in time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from dbus_fast.constants import MessageType
from dbus_fast.message import Message
from notification_server import NAME, PATH, connect, hang_up
from private_bus import PrivateBus, private_bus, trap

from reconnectd.adapters.bus import DRIVER, DRIVER_PATH, Bus, session_address

GET_ID = (DRIVER, DRIVER_PATH, f"{DRIVER}.GetId")


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    with private_bus() as bus:
        yield bus


@pytest.fixture
async def bus(daemon: PrivateBus) -> AsyncIterator[Bus]:
    bus = Bus(lambda: daemon.address, pauses=(0.05,), deadline=1)
    await bus.start()
    yield bus
    await bus.stop()


async def until_available(bus: Bus, *, yes: bool = True) -> None:
    async with asyncio.timeout(10):
        while bus.available is not yes:  # noqa: ASYNC110 — the bus tells only those who watch a name
            await asyncio.sleep(0.01)


def test_the_session_bus_is_found_without_a_display(tmp_path: Path) -> None:
    named = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/there", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert session_address(named) == "unix:path=/there"
    assert session_address({"XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":0"}) is None
    assert session_address({}) is None
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        assert session_address({"XDG_RUNTIME_DIR": str(tmp_path)}) == f"unix:path={tmp_path}/bus"


async def test_a_socket_in_a_folder_with_a_space_is_reached() -> None:
    with private_bus() as daemon:
        odd = daemon.socket.parent / "run 1"
        odd.mkdir()
        (odd / "bus").symlink_to(daemon.socket)
        bus = Bus(lambda: session_address({"XDG_RUNTIME_DIR": str(odd)}))
        await bus.start()
        assert bus.available
        await bus.stop()


async def test_a_call_is_answered(bus: Bus) -> None:
    assert await bus.call(*GET_ID) == [bus.guid]


@pytest.mark.parametrize(
    "address", [None, "disabled:", "nonsense", "autolaunch:", "unix:path=/nonexistent/bus", "tcp:port=x"]
)
async def test_without_a_bus_everything_is_answered_with_none(address: str | None) -> None:
    bus = Bus(lambda: address)
    await bus.start()
    assert (bus.available, await bus.call(*GET_ID)) == (False, None)
    await bus.stop()


async def test_a_bus_that_appears_later_is_used() -> None:
    with private_bus(started=False) as daemon:
        bus = Bus(lambda: daemon.address if daemon.socket.exists() else None, pauses=(0.05,))
        await bus.start()
        owners: list[str] = []
        await bus.watch_name(NAME, owners.append)
        daemon.start()
        await until_available(bus)
        other = await connect(daemon.address)
        await other.request_name(NAME)
        await bus.call(*GET_ID)
        assert owners == [other.unique_name]
        await hang_up(other)
        await bus.stop()


async def test_after_a_loss_the_bus_is_asked_again_and_names_are_told(daemon: PrivateBus, bus: Bus) -> None:
    owners: list[str] = []
    await bus.watch_name(NAME, owners.append)
    other = await connect(daemon.address)
    await other.request_name(NAME)
    await bus.call(*GET_ID)
    guid = bus.guid
    daemon.stop()
    await until_available(bus, yes=False)
    assert await bus.call(*GET_ID) is None
    daemon.start()
    await until_available(bus)
    assert await bus.call(*GET_ID) is not None
    assert owners == [other.unique_name, ""]
    assert bus.guid != guid


async def test_the_pauses_grow_and_are_seldom_where_there_is_no_bus_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paused: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        paused.append(seconds)
        await sleep(0)

    monkeypatch.setattr("reconnectd.adapters.bus.asyncio.sleep", note)
    for address in ("unix:path=/nonexistent/bus", None):
        bus = Bus(lambda address=address: address)  # type: ignore[misc]
        await bus.start()
        while len(paused) < 9:
            await sleep(0)
        await bus.stop()
        assert paused[:9] == ([1, 2, 4, 8, 16, 32, 60, 60, 60] if address else [60] * 9)
        paused.clear()


async def test_a_frozen_bus_costs_no_more_than_the_deadline(daemon: PrivateBus, bus: Bus) -> None:
    daemon.freeze()
    late: list[object] = []
    assert await bus.call(*GET_ID, deadline=0.1, late=late.append) is None
    frozen = Bus(lambda: daemon.address, deadline=0.1)
    await frozen.start()
    assert not frozen.available
    await frozen.stop()
    daemon.thaw()
    assert await bus.call(*GET_ID) == [bus.guid]
    assert late == [[bus.guid]]


async def test_an_open_call_is_answered_when_the_bus_is_lost(daemon: PrivateBus, bus: Bus) -> None:
    silent = await connect(daemon.address)
    silent.add_message_handler(lambda _: True)
    assert silent.unique_name is not None
    call = asyncio.create_task(bus.call(silent.unique_name, PATH, f"{NAME}.Notify", deadline=60))
    await asyncio.sleep(0.05)
    daemon.stop()
    assert await asyncio.wait_for(call, 5) is None


async def test_calls_that_nobody_answers_are_not_kept(daemon: PrivateBus, bus: Bus) -> None:
    silent = await connect(daemon.address)
    silent.add_message_handler(lambda _: True)
    assert silent.unique_name is not None
    await bus.call(silent.unique_name, PATH, f"{NAME}.Notify", deadline=0.01)
    await bus.call("org.example.Nobody", PATH, f"{NAME}.Notify")
    assert bus._calls == {}
    await hang_up(silent)


async def test_nobody_else_can_say_who_owns_a_name(daemon: PrivateBus, bus: Bus) -> None:
    owners: list[str] = []
    await bus.watch_name(NAME, owners.append)
    liar = await connect(daemon.address)
    ours = await bus.call(DRIVER, DRIVER_PATH, f"{DRIVER}.ListNames")
    assert ours is not None
    for name in ours[0]:
        lie = Message(name, DRIVER_PATH, DRIVER, "NameOwnerChanged", MessageType.SIGNAL)
        lie.signature, lie.body = "sss", [NAME, "", liar.unique_name]
        await liar.send(lie)
    await hang_up(liar)
    await bus.call(*GET_ID)
    assert owners == []


async def test_a_server_that_could_be_started_is_not(tmp_path: Path) -> None:
    marker = trap(tmp_path, NAME)
    with private_bus(services=tmp_path) as daemon:
        bus = Bus(lambda: daemon.address)
        await bus.start()
        names = await bus.call(DRIVER, DRIVER_PATH, f"{DRIVER}.ListActivatableNames")
        assert names is not None
        assert NAME in names[0]
        assert await bus.call(NAME, PATH, f"{NAME}.GetCapabilities") is None
        assert not marker.exists()
        other = await connect(daemon.address)
        await other.call(Message(NAME, PATH, NAME, "GetCapabilities"))
        assert marker.exists(), "the trap itself does not work"
        await hang_up(other)
        await bus.stop()
