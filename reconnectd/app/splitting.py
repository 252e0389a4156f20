"""What waits to be written: a new object, a changed one, and a series whose schedule changed.

A series that has exceptions or a past is never rewritten: several apps lose the exceptions then, and some servers
refuse. It is ended before the present instant instead, and a new generation goes on under another UID; what people
moved or skipped is kept by nominal date, so that it stands in the new one as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow, Queued
from reconnectd.app.intents import Intents
from reconnectd.core.edited import as_edited
from reconnectd.core.ics import Intent, Reading, canonical, compose, intent_fields, revise
from reconnectd.core.ics.intent import MOVE, SCHEDULE, SKIP, nominal_of
from reconnectd.core.ics.rules import without_end
from reconnectd.core.identity import href_name
from reconnectd.core.model import Routine


def must_split(standing: Reading, now: dt.datetime) -> bool:
    """Has the series exceptions, or a past?"""
    return standing.rrule is not None and (bool(standing.exdates or standing.overrides) or standing.start <= now)


def new_object(wanted: Intent, fields: Mapping[str, str]) -> Queued:
    """An object that isn't there yet."""
    body = compose(wanted)
    return Queued(
        uid=wanted.uid, op="put", href=href_name(wanted.uid), body=body, body_hash=canonical(body), if_match=None,
        slug=wanted.slug, generation=wanted.generation, period="", intent=fields,
    )  # fmt: skip


def changed_object(row: ObjectRow, body: bytes, fields: Mapping[str, str]) -> Queued:
    """Another text for an object that is there."""
    return Queued(
        uid=row.uid, op="put", href=row.href, body=body, body_hash=canonical(body), if_match=row.etag, slug=row.slug,
        generation=row.generation, period=row.period, intent=fields,
    )  # fmt: skip


def removed_object(row: ObjectRow) -> Queued:
    """An object that is to go."""
    return Queued(
        uid=row.uid, op="delete", href=row.href, body=b"", body_hash="", if_match=row.etag, slug=row.slug,
        generation=row.generation, period=row.period, intent={},
    )  # fmt: skip


class Splitter:
    """Ends a series and begins the next generation."""

    def __init__(self, store: Store, intents: Intents) -> None:
        self._store = store
        self._intents = intents

    def split(self, routine: Routine, row: ObjectRow, standing: Reading, now: dt.datetime) -> None:
        """Queue both writes. Runs in the caller's transaction."""
        if standing.start > now:
            self._store.objects.queue(removed_object(row))
        else:
            self._queue_end(row, standing, now)
        self._store.facts.new_generation(routine.slug)
        begun = self._store.facts.standings()[routine.slug]
        fresh = self._intents.of(routine, begun, now)
        if fresh is not None and not fresh.is_empty:
            fresh = as_edited(fresh, begun.pins, neutral=routine.private)
            self._store.objects.queue(new_object(fresh, intent_fields(fresh)))

    def _queue_end(self, row: ObjectRow, standing: Reading, now: dt.datetime) -> None:
        """UNTIL before the first instance that is still to come; exceptions beyond it go, they have no series."""
        until = f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        ended = Intent(
            uid=row.uid, slug=row.slug, generation=row.generation, period=None, zone=standing.zone or "UTC",
            summary=standing.summary, start=standing.local_start, duration=standing.duration, stamp=now,
            rrule=f"{without_end(standing.rrule or '')};UNTIL={until}",
        )  # fmt: skip
        beyond = [at for at in standing.exdates | standing.overrides.keys() if at > now]
        exceptions = {f"{kind}{at:%Y%m%dT%H%M%SZ}" for at in beyond for kind in (SKIP, MOVE)}
        body = revise(row.base, ended, {SCHEDULE, *exceptions})
        fields = {key: value for key, value in row.intent.items() if (at := nominal_of(key)) is None or at <= now}
        fields[SCHEDULE] = intent_fields(ended)[SCHEDULE]
        self._store.objects.queue(changed_object(row, body, fields))
