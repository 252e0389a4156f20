"""The wall clock: the only place in the program that asks what time it is."""

from __future__ import annotations

import datetime as dt


class SystemClock:
    """The `Clock` port on the machine's own clock."""

    def now(self) -> dt.datetime:
        """The present instant, UTC-aware."""
        return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the clock that everybody else asks
