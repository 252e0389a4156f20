"""A look into the calendar shortly before a word about something that stands there.

An event that was dragged or deleted on a phone since the last sync is known in time, and no wrong word comes. A look
is one request when nothing changed. It never holds a word back: when the server doesn't answer, the word comes as it
stood.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from reconnectd.adapters.store import Store
from reconnectd.ports import Alarm, Clock

BEFORE = dt.timedelta(minutes=2)
"""How long before the word; several words near each other share a look."""

FAR = dt.timedelta(hours=36)
NAME = "look"


class Look:
    """Sets the alarm for the next look; `look` takes it."""

    def __init__(self, store: Store, clock: Clock, alarm: Alarm, look: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._clock = clock
        self._alarm = alarm
        self._look = look
        self._tried: dt.datetime | None = None

    def arm(self) -> None:
        """For the first word that is farther away than a look is; asked anew whenever rows changed."""
        now = self._clock.now()
        words = self._store.reminders.instants(now + BEFORE, now + FAR, in_calendar=True)
        if words:
            self._alarm.at(NAME, words[0] - BEFORE, self._ring)
        else:
            self._alarm.cancel(NAME)

    async def _ring(self) -> None:
        if not self._is_known():
            self._tried = self._clock.now()
            await self._look()
        self.arm()

    def _is_known(self) -> bool:
        """Was the calendar in step a moment ago, or was a look taken for a word near this one?"""
        now = self._clock.now()
        seen = [self._store.objects.last_success(), self._tried]
        return any(dt.timedelta(0) <= now - at < BEFORE for at in seen if at is not None)
