"""The runs of the worker: one at a time, at the usual pace, and sooner when something changed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from reconnectd.adapters.store import Store
from reconnectd.app.pace import Pace
from reconnectd.ports import Alarm, Clock, SyncReport, Worker

log = logging.getLogger(__name__)

SETTLE = dt.timedelta(milliseconds=200)
"""How long changes are collected before a sync begins."""


class Runs:
    """`every` is how often a sync is usual, `rows_changed` is awaited after each run."""

    def __init__(
        self, store: Store, clock: Clock, alarm: Alarm, worker: Worker, pace: Pace, *,
        every: Callable[[], dt.timedelta], rows_changed: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._alarm = alarm
        self._worker = worker
        self._pace = pace
        self._every = every
        self._rows_changed = rows_changed
        self._going = asyncio.Lock()
        self._wanted = False

    @property
    def waits(self) -> bool:
        """Is something waited for that passes, such as a keyring that is locked?"""
        return self._pace.waits

    def soon(self) -> None:
        """Run the worker in a moment; several wishes are one run, and one that comes during a run is another."""
        if self._going.locked():
            self._wanted = True
            return
        self._alarm.at("sync", self._clock.now() + SETTLE, self.run_or_wait)

    async def run_or_wait(self) -> None:
        """An instant for one has come; during another it is wished for instead."""
        if self._going.locked():
            self._wanted = True
            return
        await self.now()

    async def now(self, *, accept: bool = False) -> SyncReport | None:
        """One sync, after one that is under way; None when it had to be ended. `accept` as in the worker."""
        async with self._going:
            report = await self._run_worker(accept=accept)
        self._after(report)
        await self._after_run()
        return report

    async def _after_run(self) -> None:
        await self._rows_changed()
        if self._wanted:
            self._wanted = False
            self.soon()

    async def look(self) -> None:
        """A word about the calendar is near. A sync under way tells as much, and where logins were refused a look
        would be one more. The next sync comes as if nothing had been, sooner where something waits for it."""
        if self._going.locked() or self._pace.gives_up:
            return
        async with self._going:
            report = await self._run_worker(look=True)
        self._pace.looked(report)
        if self._pace.gives_up:
            self._alarm.cancel("sync")
        elif report is not None and not report.error and (self._pace.failures or self._store.objects.pending()):
            self._wanted = True
        await self._after_run()

    async def _run_worker(self, *, look: bool = False, accept: bool = False) -> SyncReport | None:
        try:
            return await self._worker.run(look=look, accept=accept)
        except OSError as error:  # no process can be made now
            log.warning("the sync could not be begun: %s", error.strerror)
            return None

    def _after(self, report: SyncReport | None) -> None:
        self._pace.synced(report)
        if self._pace.gives_up:
            self._alarm.cancel("sync")
            return
        wait = self._pace.next(self._every())
        self._alarm.at("sync", self._clock.now() + wait, self.run_or_wait)
