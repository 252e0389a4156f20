"""A notification server of the tests' own: it records, and misbehaves on request."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

from dbus_fast.aio.message_bus import MessageBus
from dbus_fast.constants import MessageFlag, MessageType
from dbus_fast.message import Message

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
CAPABILITIES = ("body", "body-markup", "actions")


@dataclass(frozen=True)
class Notified:
    """One Notify call as it came over the bus; hints without their types (those are in `hint_types`)."""

    id: int
    sender: str
    flags: MessageFlag
    app: str
    replaces: int
    icon: str
    title: str
    body: str
    actions: list[str]
    hints: dict[str, Any]
    hint_types: dict[str, str]
    expire: int

    def key(self, verb: str) -> str:
        """The action key of a verb ("done" → "done/3f9c…")."""
        return next(key for key in self.actions[::2] if key.split("/")[0] == verb)


@dataclass
class NotificationServer:
    """Owns org.freedesktop.Notifications on the bus at `address` between `start` and `stop`.

    `capabilities` and `information` may lie. A method named in `hangs` gets no answer until `release`.
    One in `refuses` gets an error. With `always_new` no bubble is ever replaced.
    `unicast` sends signals to the program that made the bubble only (dunst, GNOME); else to everybody
    (xfce4-notifyd, notification-daemon). `eager` presses that verb before it answers Notify.
    """

    address: str
    capabilities: tuple[str, ...] = CAPABILITIES
    information: tuple[Any, ...] = ("test server", "tests", "1.0", "1.2")
    unicast: bool = False
    eager: str = ""
    hangs: set[str] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)
    always_new: bool = False
    calls: list[Message] = field(default_factory=list)
    notified: list[Notified] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    _held: list[Message] = field(default_factory=list)
    _bus: MessageBus | None = None
    _next: int = 1
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Connect, count ids from 1 again, and take the name."""
        self._next = 1
        self._bus = await connect(self.address)
        self._bus.add_message_handler(self._serve)
        await self._bus.request_name(NAME)

    async def stop(self) -> None:
        """Drop off the bus, as a crash would."""
        if self._bus is not None:
            await hang_up(self._bus)
            self._bus = None
            self._held.clear()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def leave_name(self) -> None:
        """Stay connected but give the name away."""
        assert self._bus is not None
        await self._bus.release_name(NAME)

    async def bubbles(self, count: int) -> list[Notified]:
        """All bubbles so far, when there are at least `count`."""
        await self._until(lambda: len(self.notified) >= count)
        return self.notified

    async def took_down(self, number: int) -> None:
        """Returns when CloseNotification(number) was called."""
        await self._until(lambda: number in self.closed)

    async def called(self, method: str) -> None:
        """Returns when the method was called, answered or not."""
        await self._until(lambda: any(call.member == method for call in self.calls))

    def press(self, number: int, key: str) -> None:
        """ActionInvoked, to whom it may concern."""
        self._signal("ActionInvoked", "us", [number, key], self._addressee(number))

    def close(self, number: int, reason: int = 2) -> None:
        self._signal("NotificationClosed", "uu", [number, reason], self._addressee(number))

    def activation_token(self, number: int) -> None:
        self._signal("ActivationToken", "us", [number, "a-token"], self._addressee(number))

    def shout(self, member: str, signature: str, body: list[Any]) -> None:
        """Any signal at all, right or wrong, to everybody."""
        self._signal(member, signature, body, None)

    async def flood(self, count: int) -> None:
        """NotificationClosed to everybody for so many bubbles that aren't ours, as fast as the bus takes them."""
        for number in range(count):
            self.close(1_000_000 + number)
            if number % 100 == 99:
                await self._ping()

    async def _ping(self) -> None:
        assert self._bus is not None
        await self._bus.call(
            Message("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.Peer", "Ping")
        )

    def release(self) -> None:
        """Answer what hung, in order, and hang no more."""
        self.hangs.clear()
        held, self._held[:] = list(self._held), []
        for message in held:
            self._answer(message)

    async def _until(self, condition: Any) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def _addressee(self, number: int) -> str | None:
        senders = [bubble.sender for bubble in self.notified if bubble.id == number]
        return senders[-1] if self.unicast and senders else None

    def _signal(self, member: str, signature: str, body: list[Any], to: str | None) -> None:
        send_signal(self._bus, member, signature, body, to)

    def _serve(self, message: Message) -> bool:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != NAME:
            return False
        self.calls.append(message)
        if message.member in self.hangs:
            self._held.append(message)
        else:
            self._answer(message)
        self._news.set()
        return True

    def _answer(self, message: Message) -> None:
        if self._bus is None or not self._bus.connected:
            return
        if message.member in self.refuses:
            self._bus.send(Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "no"))
            return
        signature, body = getattr(self, f"_do_{message.member}")(message)
        self._bus.send(Message.new_method_return(message, signature, body))
        self._news.set()

    def _do_GetCapabilities(self, _message: Message) -> tuple[str, list[Any]]:  # noqa: N802
        return "as", [list(self.capabilities)]

    def _do_GetServerInformation(self, _message: Message) -> tuple[str, list[Any]]:  # noqa: N802
        return "s" * len(self.information), list(self.information)

    def _do_CloseNotification(self, message: Message) -> tuple[str, list[Any]]:  # noqa: N802
        self.closed.append(message.body[0])
        self.close(message.body[0], 3)
        return "", []

    def _do_Notify(self, message: Message) -> tuple[str, list[Any]]:  # noqa: N802
        app, replaces, icon, title, body, actions, hints, expire = message.body
        number = (not self.always_new and replaces) or self._next
        self._next = max(self._next, number + 1)
        bubble = Notified(
            number,
            message.sender or "",
            MessageFlag(message.flags),
            app,
            replaces,
            icon,
            title,
            body,
            actions,
            {name: value.value for name, value in hints.items()},
            {name: value.signature for name, value in hints.items()},
            expire,
        )
        self.notified.append(bubble)
        if self.eager:
            self.press(number, bubble.key(self.eager))
        return "u", [number]


async def connect(address: str) -> MessageBus:
    """Another program on the bus."""
    return await MessageBus(bus_address=address).connect()


async def hang_up(bus: MessageBus) -> None:
    bus.disconnect()
    with contextlib.suppress(OSError, EOFError):  # it was gone already
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


def send_signal(bus: MessageBus | None, member: str, signature: str, body: list[Any], to: str | None) -> None:
    """A signal of the notifications interface from any program, to one (`to`) or to everybody."""
    assert bus is not None
    message = Message(
        message_type=MessageType.SIGNAL,
        destination=to,
        path=PATH,
        interface=NAME,
        member=member,
        signature=signature,
        body=body,
    )
    bus.send(message)


async def notify_as(bus: MessageBus, title: str, actions: list[str]) -> int:
    """Another program shows something; its id."""
    body = ["other", 0, "", title, "", actions, {}, -1]
    reply = await bus.call(Message(NAME, PATH, NAME, "Notify", signature="susssasa{sv}i", body=body))
    assert reply is not None
    number: int = reply.body[0]
    return number
