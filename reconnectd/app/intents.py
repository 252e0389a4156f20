"""What the calendar is wanted to say about a routine, from all that is known at present."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.core.ics import Intent
from reconnectd.core.model import Fixed, FixedRule, Routine
from reconnectd.core.occurrence import Standing
from reconnectd.core.settings import Settings
from reconnectd.core.shape import shape_of
from reconnectd.core.wanted import instant_on, intent


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

    def on(self, routine: Routine, standing: Standing, date: dt.date) -> dt.datetime | None:
        """The instant of the series on that local date, UTC; None when it has none then."""
        shape = shape_of(routine, standing, self._zone)
        if shape is None or not isinstance(shape.schedule, Fixed | FixedRule):
            return None
        return instant_on(date, shape, self._settings)
