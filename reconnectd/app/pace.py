"""How soon the calendar is asked again, from how it went so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from reconnectd.errors import Busy, Refused
from reconnectd.ports import SyncReport

REFUSALS = 3
"""After so many refused logins it isn't tried again by itself, until something changes: accounts get locked."""

BACKOFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30, 60))
WAIT = dt.timedelta(minutes=2)
"""While something is waited for that passes (a keyring to be unlocked, another sync): it costs nobody anything."""


class Pace:
    """What went wrong in a row. `jitter` gives 0 to 1, so that many machines don't ask at once."""

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._refusals = 0
        self.failures = 0
        self.waits = False

    @property
    def gives_up(self) -> bool:
        """Were logins refused so often that one more could lock the account?"""
        return self._refusals >= REFUSALS

    def looked(self, report: SyncReport | None) -> None:
        """A look ended; only a refused login counts."""
        code = report.error.get("code") if report is not None else None
        self._refusals = self._refusals + 1 if code == Refused.exit_code else 0
        self.waits = code == Busy.exit_code

    def synced(self, report: SyncReport | None) -> None:
        """A sync ended, with this report or without one."""
        self.looked(report)
        failed = report is None or (bool(report.error) and not self.waits)
        self.failures = self.failures + 1 if failed else 0

    def next(self, every: dt.timedelta) -> dt.timedelta:
        """How long to wait, when `every` is usual."""
        if self.waits:
            every = min(every, WAIT)
        elif self.failures:
            every = max(every, BACKOFF[min(self.failures, len(BACKOFF)) - 1])
        return every * (0.8 + 0.4 * self._jitter())
