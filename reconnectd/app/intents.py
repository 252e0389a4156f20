"""What the calendar is wanted to say about a routine, from all that is known at present."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.core.ics import Intent
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Standing
from reconnectd.core.settings import Settings
from reconnectd.core.wanted import intent


class Intents:
    """Asked anew each time, because facts and pins change during a run."""

    def __init__(self, store: Store, settings: Settings, zone: ZoneInfo) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone

    def of(
        self, routine: Routine, standing: Standing, now: dt.datetime, begins: dt.date | None = None
    ) -> Intent | None:
        """The series of one routine, beginning on `begins` or later (None: today); None when it isn't written."""
        return intent(
            routine,
            standing,
            self._store.facts.exceptions(routine.slug),
            self._settings,
            zone=self._zone,
            today=now.date(),
            not_before=begins or now.astimezone(self._zone).date(),
            rests=self._store.rests.all(),
            stamp=self._store.config_since(self._settings.fingerprint, now),
        )
