"""Events that stand for one period each: what is to be written of a routine that counts from the last time.

Only the date that stands next is written. One that was done ahead of its day, or that another date took the place of,
leaves the calendar again or moves to the new date, if it is of the same period; what is past stays, and so does what a
person put where it is.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.intents import Intents
from reconnectd.app.outbox import new_object, removed_object, rewrite
from reconnectd.app.tally import Tally
from reconnectd.core.agreement import may_write
from reconnectd.core.ics import Intent, Reading, intent_fields, read
from reconnectd.core.ics.intent import SCHEDULE, SKIP, SUMMARY
from reconnectd.core.merging import is_done, without_tick
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Standing, State
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings
from reconnectd.core.wanted import leaves

log = logging.getLogger(__name__)


def dated(row: ObjectRow) -> dt.date:
    """The date for which an event stands, wherever it was moved."""
    return dt.datetime.strptime(row.intent[SCHEDULE].split(" ")[1], "%Y%m%dT%H%M%S").date()  # noqa: DTZ007


class Periods:
    """Fills the outbox for these routines; every method runs in the caller's transaction."""

    def __init__(self, store: Store, settings: Settings, intents: Intents, tally: Tally) -> None:
        self._store = store
        self._settings = settings
        self._intents = intents
        self._tally = tally

    def queue(self, routine: Routine, now: dt.datetime) -> None:
        """Put what is wanted into the outbox, and take out what isn't any more."""
        standing = self._without_series(routine.slug)
        if standing.stopped or not may_write(self._settings, now.date()):
            return
        wanted = self._wanted(routine, standing, now)
        if wanted is not None and self._rests(wanted, cleared=True):
            wanted = None
        rows = {row.period: row for row in self._store.objects.periods(routine.slug, standing.generation)}
        period = wanted.period if wanted else None
        self._forget_waiting(routine.slug, rows, period)
        for row in rows.values():
            if row.period != period:
                self._let_go(row, standing, routine, now)
        if wanted is None or wanted.period is None:
            return
        if wanted.period in rows:
            self._change(rows[wanted.period], wanted, now)
        elif self._may_begin(wanted, now):
            self._store.objects.queue(new_object(wanted))

    def clear(self, slug: str) -> None:
        """The routine has another kind of schedule now: what is ahead of these events ends."""
        if self._store.objects.periods(slug, self._store.facts.standings()[slug].generation):
            self._store.facts.new_generation(slug)

    def _wanted(self, routine: Routine, standing: Standing, now: dt.datetime) -> Intent | None:
        name = self._intents.next(routine, standing, now)
        return self._intents.event(routine, standing, name, now) if name else None

    def _without_series(self, slug: str) -> Standing:
        """The routine had fixed days before: that series ends."""
        standing = self._store.facts.standings()[slug]
        if self._store.objects.of(slug, standing.generation) is not None:
            self._store.facts.new_generation(slug)
        return self._store.facts.standings()[slug]

    def _may_begin(self, wanted: Intent, now: dt.datetime) -> bool:
        """Nothing new while it rests, and nothing that is over."""
        return _times(wanted)[1] > now and not self._rests(wanted, cleared=False)

    def _rests(self, wanted: Intent, *, cleared: bool) -> bool:
        """Does the routine rest then (`cleared`: so that its events were taken out)?"""
        begins, _ = _times(wanted)
        rests = Rests(self._settings, self._store.rests.all(), ZoneInfo(wanted.zone)).of(wanted.slug)
        return any(rest.covers(begins) and (rest.cleared or not cleared) for rest in rests)

    def _forget_waiting(self, slug: str, rows: Mapping[str, ObjectRow], period: str | None) -> None:
        """Events that were to be made and aren't wanted any more."""
        for item in list(self._store.objects.waiting()):
            if item.slug == slug and item.period and item.period != period and item.period not in rows:
                self._store.objects.dequeue(item.uid)

    def _let_go(self, row: ObjectRow, standing: Standing, routine: Routine, now: dt.datetime) -> None:
        """It isn't the one that stands next."""
        there = read(row.base)
        fact = self._store.facts.get(self._intents.dated(routine, standing, dated(row), now))
        open_by_hand = fact is not None and fact.state is None and fact.start is not None
        only_here = fact is not None and fact.state is State.SKIPPED and not leaves(fact, self._settings)
        if open_by_hand or only_here or not _can_go(there, now):
            self._store.objects.dequeue(row.uid)
        else:
            self._store.objects.queue(removed_object(row))

    def _change(self, row: ObjectRow, wanted: Intent, now: dt.datetime) -> None:
        there = read(row.base)
        changed = _changed(row, there, intent_fields(wanted))
        if changed and there.has_attendees:
            log.info("an event of ours has guests now: it isn't changed, a change could send them mail")
            return
        rewrite(self._store, self._tally, row, wanted, changed, now)


def _changed(row: ObjectRow, there: Reading, fields: Mapping[str, str]) -> frozenset[str]:
    """What our own intent changed; words that a person edited stay. One that goes on to another date sheds its tick
    and is called off no more."""
    keys = {key for key in row.intent.keys() | fields.keys() if row.intent.get(key) != fields.get(key)}
    said = {**there.fields, SUMMARY: without_tick(there.summary)}
    edited = {key for key, value in said.items() if value != row.intent.get(key, "").strip()}
    changed = keys - edited
    if SCHEDULE not in changed:
        return frozenset(changed)
    shed = {SUMMARY} if is_done(there.summary) else set()
    back = {f"{SKIP}{there.start:%Y%m%dT%H%M%SZ}"} if there.cancelled else set()
    return frozenset(changed | shed | back)


def _times(wanted: Intent) -> tuple[dt.datetime, dt.datetime]:
    """When it is to stand, moved or not."""
    return next(iter(wanted.moved.values()), (wanted.nominal, wanted.nominal + wanted.duration))


def _can_go(there: Reading, now: dt.datetime) -> bool:
    """Is it still ahead, and would nobody get mail?"""
    return there.start > now and not there.has_attendees
