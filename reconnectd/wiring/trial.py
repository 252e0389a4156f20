"""Who would show a word here, and one word to try it: for a command, without the daemon."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconnectd.adapters.bus import Bus, system_address
from reconnectd.adapters.desktop import NAME, PATH, Desktop
from reconnectd.adapters.ipc_client import ask, socket_path
from reconnectd.adapters.plyer_desktop import NoDesktop, Plyer
from reconnectd.adapters.presence import Presence
from reconnectd.app.voices import Voices
from reconnectd.core import wording
from reconnectd.errors import ReconnectdError
from reconnectd.ports import Answer, Bubble, Closed, NotifierState

if TYPE_CHECKING:
    from reconnectd.wiring.session import Session

DAEMON_SECONDS = 8.0
"""The daemon gives a notification server 5 s to answer."""

KEPT_OPEN = 5.0
"""GNOME takes every bubble of a program away with the program: somebody wants to see it first."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who would show a word. `connected`: is there a session bus? `screen`: could plyer help where there isn't?
    `lock_known`: does logind tell whether the screen is locked?"""

    state: NotifierState
    connected: bool
    screen: bool
    capabilities: tuple[str, ...] = ()
    lock_known: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Was the word taken, and by whom? `by_daemon`: it was the daemon that tried."""

    shown: bool
    backend: str
    server: str | None
    by_daemon: bool = False


class _Nobody:
    """A trial has no use for answers."""

    def answered(self, answer: Answer) -> None:
        pass

    def closed(self, closed: Closed) -> None:
        pass

    def server_changed(self) -> None:
        pass


def listen() -> Hearing:
    """Look, and say nothing. Takes 5 s where a bus or a server hangs."""
    return asyncio.run(_listen())


def show(session: Session) -> Said:
    """Show one word: by the daemon where it runs, else by this very process."""
    socket = socket_path(os.environ, session.places.state)
    answer = ask(socket, "test", timeout=DAEMON_SECONDS) if session.daemon_pid() is not None else None
    if answer is None:
        return asyncio.run(say(wording.TEST_TITLE, wording.TEST_BODY))
    if answer.get("error"):
        raise ReconnectdError(f"reconnectd could not try it: {answer['error']}", "`reconnect service logs` says why")
    known = (ask(socket, "status", timeout=DAEMON_SECONDS) or {}).get("notifications") or {}
    return Said(bool(answer.get("shown")), known.get("backend") or "none", known.get("server"), by_daemon=True)


async def _listen() -> Hearing:
    async with _voices() as (bus, voices, plyer):
        state = voices.state()
        listed = await bus.call(NAME, PATH, f"{NAME}.GetCapabilities") if state.ready and bus.available else None
        capabilities = tuple(word for word in listed[0] if isinstance(word, str)) if listed else ()
        return Hearing(state, bus.available, plyer.state().ready, capabilities, await _lock_is_known())


async def _lock_is_known() -> bool:
    bus = Bus(system_address)
    presence = Presence(bus)
    await bus.start()
    try:
        await presence.start()
        return presence.known
    finally:
        await presence.stop()
        await bus.stop()


async def say(title: str, body: str) -> Said:
    """Show one word by this very process."""
    async with _voices() as (_, voices, _plyer):
        bubble = Bubble(secrets.token_hex(8), title, body)
        shown = await voices.show(bubble)
        state = voices.state()
        if shown is not None and (state.server or "").startswith("gnome-shell"):
            await asyncio.sleep(KEPT_OPEN)
        return Said(shown is not None, state.backend, state.server)


@asynccontextmanager
async def _voices() -> AsyncIterator[tuple[Bus, Voices, Plyer]]:
    bus, plyer = Bus(), Plyer()
    desktop = Desktop(bus, _Nobody())
    await bus.start()
    await desktop.start()
    try:
        await desktop.settled()
        yield bus, Voices(desktop, bus, plyer, NoDesktop()), plyer
    finally:
        await desktop.stop()
        await bus.stop()
