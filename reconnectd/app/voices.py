"""Who speaks: the notification server of the session bus; plyer where there is no bus; else nobody."""

from __future__ import annotations

from typing import Protocol

from reconnectd.ports import Bubble, Notifier, NotifierState, Shown


class BusState(Protocol):
    """What is asked of the session bus."""

    @property
    def available(self) -> bool:
        """Is there a connection at this moment?"""
        ...


class Voices:
    """A `Notifier` made of several: the first one that is ready speaks.

    Where the session bus is there but nobody listens on it, a word is held for whoever will: it isn't said
    elsewhere.
    """

    def __init__(self, desktop: Notifier, bus: BusState, *others: Notifier) -> None:
        self._desktop = desktop
        self._bus = bus
        self._others = others

    def _current(self) -> Notifier:
        if self._bus.available:
            return self._desktop
        return next((one for one in self._others if one.state().ready), self._others[-1])

    async def show(self, bubble: Bubble) -> Shown | None:
        """Show it by whoever speaks now."""
        return await self._current().show(bubble)

    async def close(self, shown: Shown) -> None:
        """Take it away again."""
        await self._current().close(shown)

    def state(self) -> NotifierState:
        """Of whoever speaks now."""
        return self._current().state()
