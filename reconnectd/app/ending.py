"""Ending: what stands in the calendar and isn't wanted there any more.

A routine that left the config, a series that a new generation took the place of, one that is only a cue now. Its past
stays: the series gets an UNTIL. What has no past is deleted. Each is done once; whoever takes an ended series up again
in a calendar app may.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow, Queued
from reconnectd.app.practice.arranged import is_talk
from reconnectd.core.departure import GONE_AFTER, is_accident
from reconnectd.core.ics import canonical, ended, read
from reconnectd.core.ics.intent import SCHEDULE
from reconnectd.core.merging import is_over
from reconnectd.core.occurrence import Standing
from reconnectd.core.settings import Settings
from reconnectd.core.shape import belongs_in_calendar
from reconnectd.errors import ReconnectdError

log = logging.getLogger(__name__)

ENDED = {SCHEDULE: "ended"}


class Ender:
    """Queues endings; every method runs inside the caller's transaction."""

    def __init__(self, store: Store, settings: Settings, zone: ZoneInfo) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone

    def accident(self) -> ReconnectdError | None:
        """What is to be asked before anything is written; None when nothing is."""
        gone, known = len(self._store.facts.gone()), self._store.facts.known()
        emptied = not self._settings.routines and gone > 1
        if not (is_accident(gone, known) or emptied):
            return None
        return ReconnectdError(
            f"{gone} of {known} routines are gone from the config at once; that looks like an accident, so nothing is"
            " written to the calendar",
            "put them back; if they were meant to go, `reconnect sync --yes`",
        )

    def queue(self, now: dt.datetime, *, at_once: bool = False) -> None:
        """Queue what is to end. `at_once`: a person said that what is gone was meant to go."""
        for slug, since in self._store.facts.gone().items():
            if at_once or now - since >= GONE_AFTER:
                self._let_go(slug)
        standings = self._store.facts.standings()
        for row in self._store.objects.all():
            if row.slug in standings and not is_talk(row):
                self._queue_row(row, standings[row.slug], now)

    def queue_one(self, row: ObjectRow, now: dt.datetime) -> None:
        """The same for one object."""
        self._queue_row(row, self._store.facts.standings()[row.slug], now)

    def _let_go(self, slug: str) -> None:
        """Whenever it is back, it is a new generation; a series that a person deleted stays away even then."""
        standing = self._store.facts.standings()[slug]
        stands = self._store.objects.of(slug, standing.generation) is not None
        if (stands or self._store.objects.periods(slug, standing.generation)) and not standing.stopped:
            self._store.facts.new_generation(slug)
        for item in list(self._store.objects.waiting()):
            if item.slug == slug:
                self._store.objects.dequeue(item.uid)
        self._store.facts.retire(slug)

    def _queue_row(self, row: ObjectRow, standing: Standing, now: dt.datetime) -> None:
        if row.intent == ENDED:
            return
        stopped = standing.stopped and not is_over(read(row.base, local=self._zone.key))
        if stopped or row.generation < standing.generation:
            self._end(row, standing, now)
        elif row.intent and self._left_the_calendar(row.slug):
            if self._store.facts.standings()[row.slug].generation == row.generation:
                self._store.facts.new_generation(row.slug)
            self._end(row, standing, now)

    def _left_the_calendar(self, slug: str) -> bool:
        """Does the config keep it out of the calendar, from now on?"""
        routine = self._settings.routine(slug)
        return routine is not None and not belongs_in_calendar(routine)

    def _end(self, row: ObjectRow, standing: Standing, now: dt.datetime) -> None:
        waiting = self._store.objects.waits(row.uid)
        if waiting is not None and waiting.if_match == row.etag and waiting.intent in ({}, ENDED):
            return
        reading = read(row.base, local=self._zone.key)
        if reading.has_attendees:
            log.info("an object of ours has guests now: it isn't ended, that could send them mail")
            return
        cut = self._cut(row, standing, now)
        body = None if reading.start > cut else ended(row.base, cut, local=self._zone.key)
        if body == row.base:
            self._store.objects.dequeue(row.uid)
            self._store.objects.put(replace(row, intent=ENDED), now)
        else:
            self._store.objects.queue(_ending(row, body))

    def _cut(self, row: ObjectRow, standing: Standing, now: dt.datetime) -> dt.datetime:
        """Now, or before the generation that took its place begins: written late, it must not overlap."""
        fresh = self._store.objects.of(row.slug, standing.generation)
        begins = read(fresh.base, local=self._zone.key).start if fresh is not None and fresh.uid != row.uid else now
        return min(now, begins - dt.timedelta(seconds=1)) if begins < now else now


def _ending(row: ObjectRow, body: bytes | None) -> Queued:
    return Queued(
        uid=row.uid, op="put" if body is not None else "delete", href=row.href, body=body or b"",
        body_hash=canonical(body) if body is not None else "", if_match=row.etag, slug=row.slug,
        generation=row.generation, period=row.period, intent=ENDED if body is not None else {},
    )  # fmt: skip
