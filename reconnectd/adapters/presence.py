"""Is somebody there, and only they? As much as logind says without being asked twice.

Only the lock is known (LockedHint, which GNOME and KDE set). Screen sharing isn't known here, and a desktop that
tells logind nothing counts as unlocked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

LOGIND = "org.freedesktop.login1"
MY_SESSION = "/org/freedesktop/login1/session/auto"
SESSION = "org.freedesktop.login1.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"
FIRST_ANSWER = 1.0


class SystemBus(Protocol):
    """What this needs of a connection to the system bus."""

    async def subscribe(
        self,
        sender: str,
        interface: str,
        path: str | None,
        handler: Callable[[str, str, str, Sequence[Any]], None],
    ) -> None:
        """Hear signals as (sender, member, signature, body)."""
        ...

    async def watch_name(self, name: str, changed: Callable[[str], None]) -> None:
        """Hear who owns `name`, "" for nobody."""
        ...

    async def call(
        self, destination: str, path: str, member: str, signature: str = "", body: Sequence[Any] = ()
    ) -> Sequence[Any] | None:
        """Call without starting anything; None when there is no good reply."""
        ...


class Presence:
    """The `Presence` port. Without a bus, and whenever logind says nothing, details may be shown. `known`: did logind
    say something of this session?"""

    def __init__(
        self,
        bus: SystemBus | None = None,
        unlocked: Callable[[], None] = lambda: None,
        locked: Callable[[], None] = lambda: None,
    ) -> None:
        self._bus = bus
        self._told = {False: unlocked, True: locked}
        self._owner = ""
        self._locked = False
        self.known = False
        self._asking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen to logind, and ask it once: it has a second, so that the first word already knows of a lock."""
        if self._bus is not None:
            await self._bus.subscribe(LOGIND, PROPERTIES, None, self._changed)
            await self._bus.watch_name(LOGIND, self._owner_changed)
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=FIRST_ANSWER)

    async def stop(self) -> None:
        """End what is under way."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def may_show_details(self) -> bool:
        """Not locked, as far as logind says."""
        return not self._locked

    def _owner_changed(self, owner: str) -> None:
        self._owner = owner
        if owner:
            self._ask()
        else:
            self._set(locked=False)

    def _changed(self, sender: str, member: str, signature: str, body: Sequence[Any]) -> None:
        """Of any session: the answer to whose it is, is ours to ask."""
        if sender != self._owner or (member, signature) != ("PropertiesChanged", "sa{sv}as"):
            return
        if body[0] == SESSION and ("LockedHint" in body[1] or "LockedHint" in body[2]):
            self._ask()

    def _ask(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking = asyncio.create_task(self._read())

    async def _read(self) -> None:
        if self._bus is None:
            return
        reply = await self._bus.call(LOGIND, MY_SESSION, f"{PROPERTIES}.Get", "ss", [SESSION, "LockedHint"])
        self.known = bool(reply)
        if reply:
            self._set(locked=getattr(reply[0], "value", None) is True)

    def _set(self, *, locked: bool) -> None:
        before, self._locked = self._locked, locked
        if before is not locked:
            self._told[locked]()
