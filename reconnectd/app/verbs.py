"""The verbs of the socket: what a command asks of the resident process."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from reconnectd import __version__
from reconnectd.app.daemon import Daemon
from reconnectd.app.speaking import Speaker
from reconnectd.core import wording
from reconnectd.ports import Bubble, Clock, Notifier, Shown

Handlers = Mapping[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]]


class Verbs:
    """`since` is when the process began."""

    def __init__(
        self, daemon: Daemon, *, notifier: Notifier, speaker: Speaker, clock: Clock, since: dt.datetime
    ) -> None:
        self._daemon = daemon
        self._notifier = notifier
        self._speaker = speaker
        self._clock = clock
        self._since = since
        self._rung: Shown | None = None

    def handlers(self) -> Handlers:
        """The verbs of the socket."""
        return {
            "changed": self._on_changed,
            "sync": self._on_sync,
            "status": self._on_status,
            "test": self._on_test,
            "alive": self._on_alive,
            "ring": self._on_ring,
        }

    async def _on_changed(self, request: dict[str, Any]) -> dict[str, Any]:
        """A command wrote rows; `sync` says that the calendar is to know."""
        await self._daemon.rows_changed()
        if request.get("sync"):
            self._daemon.sync_soon()
        return {}

    async def _on_sync(self, request: dict[str, Any]) -> dict[str, Any]:
        """A command can't reach the password, which is given to the service alone."""
        report = await self._daemon.sync_now(accept=bool(request.get("accept")))
        return {"report": dataclasses.asdict(report) if report else None}

    async def _on_status(self, _: dict[str, Any]) -> dict[str, Any]:
        state, held = self._notifier.state(), self._speaker.held()
        problem = self._daemon.problem or self._speaker.trouble
        return {
            "version": __version__,
            "since": self._since.isoformat(),
            "notifications": {
                "backend": state.backend,
                "server": state.server,
                "actions": state.actions,
                "held": held,
            },
            "problem": {"what": str(problem), "fix": problem.fix} if problem else None,
        }

    async def _on_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"shown": await self._show(wording.TEST_TITLE, wording.TEST_BODY)}

    async def _on_alive(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"shown": await self._show(wording.ALIVE_TITLE, wording.ALIVE_BODY)}

    async def _on_ring(self, request: dict[str, Any]) -> dict[str, Any]:
        """A timer in a terminal moved on, or is `over`. The bubble of the last time makes room."""
        if self._rung is not None:
            await self._notifier.close(self._rung)
        self._rung = await self._bubble(*(wording.TIMER_IS_OVER if request.get("over") else wording.TIMER_MOVED_ON))
        return {"shown": self._rung is not None}

    async def _show(self, title: str, body: str) -> bool:
        return await self._bubble(title, body) is not None

    async def _bubble(self, title: str, body: str) -> Shown | None:
        token = f"hello{self._clock.now().timestamp():.0f}"
        return await self._notifier.show(Bubble(token, title, body, (("ok", wording.OK),)))
