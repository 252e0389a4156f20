"""A series whose schedule changed: a new generation goes on under another UID, and the old one ends.

A series that has exceptions or a past is never rewritten: several apps lose the exceptions then, and some servers
refuse. What people moved, skipped or wrote is kept by nominal date, so that it stands in the new one as well.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.ending import ENDED
from reconnectd.app.intents import Intents
from reconnectd.app.outbox import new_object
from reconnectd.app.tally import Tally
from reconnectd.core.ics import Reading, revise, successor
from reconnectd.core.ics.intent import SCHEDULE, nominal_of
from reconnectd.core.ics.rules import instances
from reconnectd.core.model import Routine

DAY = dt.timedelta(days=1)


def must_split(standing: Reading, now: dt.datetime) -> bool:
    """Has the series exceptions, or a past?"""
    return standing.rrule is not None and (bool(standing.exdates or standing.overrides) or standing.start <= now)


class Splitter:
    """Begins the next generation of a series; the old one is ended by `Ender`, like everything that isn't wanted."""

    def __init__(self, store: Store, intents: Intents, zone: ZoneInfo, tally: Tally) -> None:
        self._store = store
        self._intents = intents
        self._zone = zone
        self._tally = tally

    def split(
        self, routine: Routine, row: ObjectRow, standing: Reading, changed: frozenset[str], now: dt.datetime
    ) -> None:
        """Queue the next generation, which says what the old one says, and in `changed` what the config says."""
        self._store.facts.new_generation(routine.slug)
        known = self._store.facts.standings()[routine.slug]
        wanted = self._intents.of(routine, known, now, self._first_day(standing, now))
        if wanted is None or wanted.is_empty:
            return
        ahead = sorted(at for at in standing.exdates | standing.overrides.keys() if at > now)
        zone = _zone_of(standing)
        carried = {at: new for at in ahead if (new := self._intents.on(routine, known, at.astimezone(zone).date()))}
        body = successor(row.base, wanted, carried, local=self._zone.key)
        words = {name for name in changed if nominal_of(name) is None and name != SCHEDULE}
        self._store.objects.queue(new_object(wanted, revise(body, wanted, words)))
        begins = wanted.start.date()
        for at in ahead:
            if at not in carried or at.astimezone(zone).date() < begins:
                self._say_left_behind(routine.slug, at.astimezone(zone).date(), now)

    def take_back(self, slug: str) -> None:
        """Undo a split of which nothing was sent yet: the config may have changed again, or back, in the meantime."""
        objects = self._store.objects
        generation = self._store.facts.standings()[slug].generation
        old = objects.of(slug, generation - 1)
        fresh = [item for item in objects.waiting() if (item.slug, item.generation) == (slug, generation)]
        if old is None or old.intent == ENDED or objects.of(slug, generation) is not None or not fresh:
            return
        self._store.facts.set_generation(slug, old.generation)
        for uid in (old.uid, *(item.uid for item in fresh)):
            objects.dequeue(uid)

    def _first_day(self, standing: Reading, now: dt.datetime) -> dt.date:
        """Today, unless the old series has had its instance of today: no day has two."""
        zone = _zone_of(standing)
        today = now.astimezone(zone).date()
        begun = instances(standing.rrule or "", standing.local_start, zone) if standing.rrule else []
        return today + DAY if any(at <= now and at.astimezone(zone).date() == today for at in begun) else today

    def _say_left_behind(self, slug: str, date: dt.date, now: dt.datetime) -> None:
        what = f"{date.isoformat()}: was moved or let go of; the new schedule has no such day"
        self._tally.conflicts.append(f"{slug} {what}")
        self._store.history.decide(now, slug, what)


def _zone_of(standing: Reading) -> dt.tzinfo:
    """The zone of a series; one that only the object itself defines, as its offset at the start."""
    try:
        return ZoneInfo(standing.zone)
    except (ValueError, OSError, KeyError):
        return dt.timezone(standing.local_start - standing.start.replace(tzinfo=None))
