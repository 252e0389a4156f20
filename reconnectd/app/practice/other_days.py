"""Which two days are offered after "Another day"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.core.model import Arranged, CountedFrom, Fixed, FixedRule, Routine
from reconnectd.core.occurrence import Occurrence
from reconnectd.core.practice.another_day import REACH, SOONEST, Beside, UsualTime, two_days
from reconnectd.core.quiet import Quiet
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings
from reconnectd.core.shape import shape_of
from reconnectd.ports import Slots


class OtherDays:
    """Reads what stands; `zone` is the person's."""

    def __init__(self, store: Store, settings: Callable[[], Settings], zone: Callable[[], ZoneInfo]) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone

    def __call__(self, item: Occurrence, now: dt.datetime) -> tuple[dt.datetime, ...]:
        """Two beginnings at the most, in the person's zone. None for a moment, and none for what two people arranged:
        they agree on another day themselves."""
        routine = self._settings().routine(item.id.slug)
        if item.end is None or routine is None or isinstance(routine.schedule, Arranged):
            return ()
        slots = self._slots(item, routine)
        starts = slots.starts(now + SOONEST, now + REACH, item.over - item.begins)
        return two_days(item, starts, self._beside(item, now))

    def _slots(self, item: Occurrence, routine: Routine) -> Slots:
        """Nobody knows yet when the two are free: the usual time of every day."""
        shape = shape_of(routine, self._store.facts.standings().get(routine.slug), self._zone())
        if shape is not None and isinstance(shape.schedule, Fixed | FixedRule | CountedFrom):
            return UsualTime(shape.schedule.at, shape.zone)
        return UsualTime(item.begins.astimezone(self._zone()).time(), self._zone())

    def _beside(self, item: Occurrence, now: dt.datetime) -> Beside:
        settings, zone = self._settings(), self._zone()
        coming = self._store.plan.between(now, now + REACH * 2)
        rests = Rests(settings, self._store.rests.all(), zone).of(item.id.slug)
        return Beside(
            zone=zone,
            others=[one for one in coming if one.end and one.state.is_open and one.id != item.id],
            quiet=Quiet(settings.reminders.quiet),
            guards=settings.guards,
            rests=lambda at: any(rest.covers(at) for rest in rests),
        )
