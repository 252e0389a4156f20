"""A stand-in for logind on a private bus."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from dbus_fast.aio.message_bus import MessageBus
from dbus_fast.constants import MessageType
from dbus_fast.message import Message
from dbus_fast.signature import Variant

from reconnectd.adapters.presence import LOGIND, MY_SESSION, PROPERTIES, SESSION


@dataclass
class Logind:
    """Answers for LockedHint; `silent` answers with an error, as for a user without a session."""

    bus: MessageBus
    locked: bool = False
    silent: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        self.bus.add_message_handler(self._answer)
        await self.bus.request_name(LOGIND)

    def lock(self, *, locked: bool) -> None:
        self.asked.clear()
        self.locked = locked
        body = [SESSION, {"LockedHint": Variant("b", locked)}, []]
        path = "/org/freedesktop/login1/session/_32"
        signal = Message(
            None, path, PROPERTIES, "PropertiesChanged", MessageType.SIGNAL, signature="sa{sv}as", body=body
        )
        self.bus.send(signal)

    def _answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != PROPERTIES:
            return None
        assert (message.path, message.body) == (MY_SESSION, [SESSION, "LockedHint"])
        self.asked.set()
        if self.silent:
            return Message.new_error(message, "org.freedesktop.login1.NoSuchSession", "no session")
        return Message.new_method_return(message, "v", [Variant("b", self.locked)])
