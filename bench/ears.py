"""A notification server that answers at once and prints when it was called: time, monotonic time, title."""

from __future__ import annotations

import asyncio
import sys
import time

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

NAME = "org.freedesktop.Notifications"
CAPABILITIES = ["actions", "body", "body-markup"]


class Ears:
    """Serves the four methods; `number` is the last id."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.number = 0

    def hear(self, message: Message) -> bool:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != NAME:
            return False
        if message.member == "Notify":
            at, monotonic = time.time(), time.monotonic()  # noqa: TID251 - the measuring instrument
            self.number += 1
            self.bus.send(Message.new_method_return(message, "u", [self.number]))
            print(f"{at:.6f}\t{monotonic:.6f}\t{message.body[3]}", flush=True)
        elif message.member == "GetCapabilities":
            self.bus.send(Message.new_method_return(message, "as", [CAPABILITIES]))
        elif message.member == "GetServerInformation":
            self.bus.send(Message.new_method_return(message, "ssss", ["ears", "bench", "1", "1.2"]))
        else:
            self.bus.send(Message.new_method_return(message))
        return True


async def main(address: str) -> None:
    bus = await MessageBus(bus_address=address).connect()
    bus.add_message_handler(Ears(bus).hear)
    await bus.request_name(NAME)
    await bus.wait_for_disconnect()


asyncio.run(main(sys.argv[1]))
