"""One connection to a D-Bus message bus, kept: the only importer of dbus-fast.

Low-level messages, no introspection and no proxies. Nothing here polls while it is connected, and nothing it
asks can start a program: every call carries NO_AUTOSTART and has a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dbus_fast.aio.message_bus import MessageBus
from dbus_fast.constants import MessageFlag, MessageType
from dbus_fast.errors import AuthError, DBusError
from dbus_fast.message import Message
from dbus_fast.signature import Variant

log = logging.getLogger(__name__)

DRIVER = "org.freedesktop.DBus"
DRIVER_PATH = "/org/freedesktop/DBus"
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
STEADY = 60.0
"""A connection that lasted this many seconds was a good one: the pauses start from the first again."""

NO_BUS = (OSError, EOFError, ValueError, TypeError, AuthError, DBusError)

Handler = Callable[[str, str, str, Sequence[Any]], None]
"""Gets a signal as (unique name of the sender, member, signature, body)."""


def session_address(environ: Mapping[str, str] = os.environ) -> str | None:
    """Where the session bus listens, without asking X11 and without starting one; None when there is none."""
    if address := environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    path = Path(environ.get("XDG_RUNTIME_DIR") or "/nonexistent", "bus")
    return f"unix:path={quote(str(path))}" if path.is_socket() else None


def system_address(environ: Mapping[str, str] = os.environ) -> str:
    """Where the system bus listens."""
    return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/run/dbus/system_bus_socket"


@dataclass(frozen=True, slots=True)
class _Subscription:
    rule: str
    interface: str
    path: str | None
    handler: Handler


@dataclass(slots=True)
class _Watch:
    """A name whose owner is of interest; `owner` is "" when nobody has it, `turns` counts its changes."""

    name: str
    changed: Callable[[str], None]
    owner: str = ""
    turns: int = 0

    def turn(self, owner: str) -> None:
        self.turns += 1
        if owner != self.owner:
            self.owner = owner
            self.changed(owner)


class Bus:
    """A connection that comes back: after a loss it waits 1, 2, 4 … 60 s between tries, and where `address`
    says that there is no bus it looks once a minute. Subscriptions and watched names survive."""

    def __init__(
        self,
        address: Callable[[], str | None] = session_address,
        *,
        pauses: Sequence[float] = PAUSES,
        deadline: float = 5.0,
    ) -> None:
        self._address = address
        self._pauses = tuple(pauses)
        self._deadline = deadline
        self._connection: MessageBus | None = None
        self._ended: asyncio.Task[None] | None = None
        self._guid = ""
        self._calls: dict[int, asyncio.Future[Message | None]] = {}
        self._subscriptions: list[_Subscription] = []
        self._watches: list[_Watch] = []
        self._keeper: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._told = False

    @property
    def available(self) -> bool:
        """Is there a connection at this moment?"""
        return self._connection is not None and self._connection.connected

    @property
    def guid(self) -> str:
        """The id of the bus of the present or the last connection, another one after each of its restarts."""
        return self._guid

    async def start(self) -> None:
        """Return when connected, or when the first try has shown that there is no bus now (at the latest after
        the deadline); keep trying in the background until `stop`."""
        self._keeper = asyncio.create_task(self._keep())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), self._deadline)

    async def stop(self) -> None:
        """Give the connection back; watched names are not told."""
        self._watches.clear()
        self._subscriptions.clear()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
            self._keeper = None

    async def subscribe(self, sender: str, interface: str, path: str | None, handler: Handler) -> None:
        """Hear the signals of `interface` at `path` (None: anywhere). The bus is asked for those of `sender`
        only, but anybody can address a signal to us: the handler checks whose it is."""
        where = f",path='{path}'" if path else ""
        rule = f"type='signal',sender='{sender}',interface='{interface}'{where}"
        self._subscriptions.append(_Subscription(rule, interface, path, handler))
        if self.available:
            await self._ask("AddMatch", "s", [rule])

    async def watch_name(self, name: str, changed: Callable[[str], None]) -> None:
        """Call `changed` with the unique name of the owner of `name`, now if it has one and at every change;
        with "" when it has none any more or the bus is lost."""
        watch = _Watch(name, changed)
        self._watches.append(watch)
        if self.available:
            await self._begin(watch)

    async def call(
        self,
        destination: str,
        path: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
        *,
        deadline: float | None = None,
        late: Callable[[Sequence[Any]], None] | None = None,
    ) -> Sequence[Any] | None:
        """The body of the reply to `member` ("interface.Method"), None when there is no bus, no such
        destination, an error or no reply within `deadline` seconds. A reply that comes after that goes to
        `late`. Variants in `body` are made by `variant`."""
        serial = self._send(destination, path, member, signature, body)
        if serial is None:
            return None
        reply = self._calls[serial]
        try:
            await asyncio.wait({reply}, timeout=self._deadline if deadline is None else deadline)
        finally:
            if not reply.done():
                self._give_up(serial, reply, late)
        if not reply.done():
            log.info("%s: no reply in time", member)
            return None
        return _body(member, reply.result())

    @staticmethod
    def variant(signature: str, value: Any) -> Any:
        """A D-Bus variant, for the body of a call."""
        return Variant(signature, value)

    def _send(self, destination: str, path: str, member: str, signature: str, body: Sequence[Any]) -> int | None:
        connection = self._connection
        if connection is None or not connection.connected:
            return None
        interface, _, method = member.rpartition(".")
        serial = connection.next_serial()
        message = Message(
            destination=destination,
            path=path,
            interface=interface,
            member=method,
            signature=signature,
            body=list(body),
            flags=MessageFlag.NO_AUTOSTART,
            serial=serial,
        )
        self._calls[serial] = asyncio.get_running_loop().create_future()
        try:
            sent = connection.send(message)
        except OSError:
            # The write failed so badly that dbus-fast already ended the connection.
            del self._calls[serial]
            return None
        # A write that fails later ends the connection, and that answers every open call.
        sent.add_done_callback(lambda done: done.cancelled() or done.exception())
        return serial

    def _give_up(
        self, serial: int, reply: asyncio.Future[Message | None], late: Callable[[Sequence[Any]], None] | None
    ) -> None:
        if late is None:
            self._calls.pop(serial, None)
            return

        def pass_on(done: asyncio.Future[Message | None]) -> None:
            message = None if done.cancelled() else done.result()
            if message is not None and message.message_type is MessageType.METHOD_RETURN:
                late(message.body)

        reply.add_done_callback(pass_on)

    async def _ask(self, member: str, signature: str = "", body: Sequence[Any] = ()) -> Sequence[Any] | None:
        return await self.call(DRIVER, DRIVER_PATH, f"{DRIVER}.{member}", signature, body)

    async def _keep(self) -> None:
        tries = 0
        try:
            while True:
                began = asyncio.get_running_loop().time()
                there = self._address()
                if there and await self._connect(there):
                    await self._until_lost()
                self._tried.set()
                if asyncio.get_running_loop().time() - began > STEADY:
                    tries = 0
                await asyncio.sleep(self._pauses[min(tries, len(self._pauses) - 1) if there else -1])
                tries += 1
        finally:
            await self._hang_up()

    async def _connect(self, address: str) -> bool:
        try:
            async with asyncio.timeout(self._deadline):
                self._connection = await MessageBus(bus_address=address).connect()
        except (TimeoutError, *NO_BUS) as error:
            if not self._told:
                log.debug("there is no bus at this address (%s); it is looked for now and then", type(error).__name__)
            self._told = True
            return False
        self._told = False
        self._ended = asyncio.create_task(_end(self._connection))
        self._connection.add_message_handler(self._receive)
        if not await self._settle():
            await self._hang_up()
            return False
        return True

    async def _settle(self) -> bool:
        """Tell a new connection what we want to hear; False when the bus doesn't answer."""
        guid = await self._ask("GetId")
        if not guid:
            return False
        self._guid = str(guid[0])
        for subscription in self._subscriptions:
            if await self._ask("AddMatch", "s", [subscription.rule]) is None:
                return False
        for watch in self._watches:
            await self._begin(watch)
        return True

    async def _begin(self, watch: _Watch) -> None:
        turns = watch.turns
        rule = f"type='signal',sender='{DRIVER}',interface='{DRIVER}',member='NameOwnerChanged',arg0='{watch.name}'"
        await self._ask("AddMatch", "s", [rule])
        reply = await self._ask("GetNameOwner", "s", [watch.name])
        # A change that was told meanwhile is newer than this reply.
        if reply and turns == watch.turns:
            watch.turn(str(reply[0]))

    async def _until_lost(self) -> None:
        self._tried.set()
        if self._ended is not None:
            await asyncio.wait({self._ended})
        log.info("the bus is gone")
        self._forget()

    async def _hang_up(self) -> None:
        connection, ended = self._connection, self._ended
        self._forget()
        if connection is not None and ended is not None:
            connection.disconnect()
            await asyncio.wait({ended}, timeout=1)

    def _forget(self) -> None:
        self._connection = self._ended = None
        calls, self._calls = self._calls, {}
        for reply in calls.values():
            if not reply.done():
                reply.set_result(None)
        for watch in self._watches:
            watch.turn("")

    def _receive(self, message: Message) -> bool:
        kind = message.message_type
        if kind is MessageType.SIGNAL:
            self._signal(message)
            return False
        reply = self._calls.pop(message.reply_serial or 0, None)
        if kind is MessageType.METHOD_CALL or reply is None:
            return False
        if not reply.done():
            reply.set_result(message)
        return True

    def _signal(self, message: Message) -> None:
        sender, member, body = message.sender or "", message.member or "", message.body
        if message.interface == DRIVER:
            if sender == DRIVER and member == "NameOwnerChanged":
                self._owner_changed(*body)
            return
        for subscription in self._subscriptions:
            if message.interface == subscription.interface and subscription.path in (None, message.path):
                subscription.handler(sender, member, message.signature, body)

    def _owner_changed(self, name: str, _old: str, new: str) -> None:
        for watch in self._watches:
            if watch.name == name:
                watch.turn(new)


async def _end(connection: MessageBus) -> None:
    """Returns when the connection has ended; how it ended doesn't matter."""
    ended = asyncio.ensure_future(connection.wait_for_disconnect())  # type: ignore[no-untyped-call]
    await asyncio.wait({ended})
    ended.exception()


def _body(member: str, reply: Message | None) -> Sequence[Any] | None:
    if reply is None:
        return None
    if reply.message_type is MessageType.ERROR:
        log.info("%s: %s", member, reply.error_name)
        return None
    body: Sequence[Any] = reply.body
    return body
