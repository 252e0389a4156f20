"""Pulling: what changed on the server, and what people meant by it.

What a person does in a calendar app is the answer. It becomes facts (an occurrence) or pins (a series), the object
is adopted as it now stands, and nothing is written back over it.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.renewal import Place
from reconnectd.app.tally import Tally
from reconnectd.core import merging
from reconnectd.core.ics import Intent, Reading, Unreadable, intent_fields, read
from reconnectd.core.model import Fixed, FixedRule, Routine
from reconnectd.core.occurrence import Fact, OccurrenceId, Standing, State
from reconnectd.core.planning import shape_of
from reconnectd.core.series_pin import SeriesPin
from reconnectd.core.settings import Settings
from reconnectd.core.wanted import intent, nominal_instant, object_uid
from reconnectd.errors import ReconnectdError
from reconnectd.ports import Calendar, Remote, TokenExpired

log = logging.getLogger(__name__)

SUSPICIOUS = 3
SHARE = 0.3
"""More than max(3, 30 %) of our objects gone at once is an accident, not an answer."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was fetched: objects with data, addresses that are gone, and the token that covers both."""

    token: str | None
    changed: tuple[Remote, ...]
    gone: tuple[str, ...]


class Puller:
    """Fetches and merges; one instance a run."""

    def __init__(self, store: Store, settings: Settings, place: Place, tally: Tally) -> None:
        self._store = store
        self._settings = settings
        self._zone = ZoneInfo(place.zone)
        self._tally = tally

    # Network.

    def fetch(self, calendar: Calendar, token: str | None) -> Pulled:
        """Everything of ours that changed since `token`, with its text. One request when nothing did."""
        try:
            changes = calendar.changes(token)
        except TokenExpired:
            changes = calendar.changes(None)
        rows = {row.href: row for row in self._store.objects.all()}
        news = [
            one
            for one in changes.changed
            if one.href not in rows or one.etag is None or one.etag != rows[one.href].etag
        ]
        bare = [one.href for one in news if one.data is None]
        filled = [one for one in news if one.data is not None]
        unread = False
        if bare:
            filled.extend(calendar.fetch(bare))
        unread = any(one.data is None for one in filled)
        named = {one.href for one in changes.changed} | set(changes.gone)
        silent = [href for href, row in rows.items() if href not in named and (row.echo or changes.complete)]
        gone = [href for href in changes.gone if href in rows] + self._missing(calendar, silent)
        self._guard(len(gone), len(rows), empty=changes.complete and not changes.changed)
        readable = tuple(one for one in filled if one.data is not None)
        return Pulled(token if unread else changes.token, readable, tuple(gone))

    def _missing(self, calendar: Calendar, silent: list[str]) -> list[str]:
        """What should have been named and wasn't is asked for by its address before it counts as gone."""
        still = {one.href for one in calendar.fetch(silent)} if silent else set()
        return [href for href in silent if href not in still]

    def _guard(self, gone: int, known: int, *, empty: bool) -> None:
        if gone > max(SUSPICIOUS, SHARE * known) or (empty and known > 1 and gone == known):
            raise ReconnectdError(
                f"{gone} of {known} routines are gone from the calendar at once; that looks like an accident, so"
                " nothing was changed here or there",
                "restore them on the server; if you meant it, `reconnect pause --clear` takes them out properly",
            )

    # Merge.

    def merge(self, fetched: Pulled, now: dt.datetime) -> None:
        """Apply what people did. Runs inside the caller's transaction."""
        self._store.objects.heard()
        for remote in fetched.changed:
            self.take(remote, now)
        for href in fetched.gone:
            row = self._store.objects.by_href(href)
            if row is not None:
                self.lost(row, now)

    def take(self, remote: Remote, now: dt.datetime) -> bool:
        """Look at one object; True when it is ours."""
        assert remote.data is not None
        try:
            theirs = read(remote.data, local=self._zone.key)
        except Unreadable as reason:
            log.info("an object in the calendar can't be read (%s), it is left alone", reason)
            return self._store.objects.by_href(remote.href) is not None
        row = self._store.objects.by_href(remote.href) or self._row_of(theirs)
        slug = row.slug if row else self._slug_of(theirs)
        routine = self._settings.routine(slug) if slug else None
        standing = self._store.facts.standings().get(slug) if slug else None
        if slug is None or routine is None or standing is None or not theirs.uid:
            return row is not None
        self._adopt(remote, row, theirs, routine, standing, now)
        return True

    def _row_of(self, theirs: Reading) -> ObjectRow | None:
        """Ours at another address: the server moved or renamed it."""
        return self._store.objects.by_uid(theirs.uid) if theirs.uid else None

    def _slug_of(self, theirs: Reading) -> str | None:
        """Ours by its UID, made by another device; or by what it carries, under another UID."""
        if theirs.uid in self._uids:
            return self._uids[theirs.uid]
        carries = theirs.slug if theirs.period is None else None
        known = self._store.facts.standings().get(carries) if carries else None
        taken = carries is not None and any(row.slug == carries for row in self._store.objects.all())
        return carries if known and not known.stopped and not taken and known.generation == theirs.generation else None

    @cached_property
    def _uids(self) -> dict[str, str]:
        standings = self._store.facts.standings()
        return {
            object_uid(self._settings, routine.slug, standings[routine.slug].generation): routine.slug
            for routine in self._settings.routines
            if routine.slug in standings
        }

    def _adopt(
        self, remote: Remote, row: ObjectRow | None, theirs: Reading, routine: Routine, standing: Standing,
        now: dt.datetime,
    ) -> None:  # fmt: skip
        if row is None:
            standing = self._first_zone(routine, standing, theirs)
        begins = theirs.local_start.date()
        ours = self.intent(routine, standing, now, begins)
        base = read(row.base, local=self._zone.key) if row else None
        for action in merging.merge(base, theirs, ours=ours):
            self._apply(action, theirs, routine, now)
        then = self.intent(routine, self._store.facts.standings()[routine.slug], now, begins)
        before, after = intent_fields(ours) if ours else {}, intent_fields(then) if then else {}
        adopted = self._adopted_fields(row, before, after, routine.slug, now)
        self._tally.pulled += 1 if row else 0
        self._tally.adopted += 0 if row else 1
        assert remote.data is not None
        uid, generation = (row.uid, row.generation) if row else (theirs.uid, standing.generation)
        self._store.objects.dequeue(uid)
        fresh = ObjectRow(uid, remote.href, remote.etag, routine.slug, generation, "", remote.data, adopted)
        self._store.objects.put(fresh, now)

    def _first_zone(self, routine: Routine, standing: Standing, theirs: Reading) -> Standing:
        """The zone in which the first device wrote it is the zone it lives in."""
        if routine.timezone or not routine.lasting or not theirs.zone:
            return standing
        self._store.facts.set_zone(routine.slug, theirs.zone)
        return replace(standing, zone=theirs.zone)

    def _adopted_fields(
        self, row: ObjectRow | None, before: dict[str, str], after: dict[str, str], slug: str, now: dt.datetime
    ) -> dict[str, str]:
        """What we want it to say from now on, as far as it is settled: theirs where they changed it, and what
        waits to be written stays to be written."""
        if row is None:
            return after
        kept = dict(row.intent)
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                self._note_conflict(key, before, kept, slug, now)
                _set(kept, key, after.get(key))
        return kept

    def _note_conflict(
        self, key: str, before: dict[str, str], kept: dict[str, str], slug: str, now: dt.datetime
    ) -> None:
        """Both had changed the same thing: the calendar's word stands, and that is written down."""
        if before.get(key) != kept.get(key):
            name, _, _ = key.partition(":")
            what = f"{name}: changed here and in the calendar; the calendar's stands"
            self._tally.conflicts.append(f"{slug} {what}")
            self._store.objects.conflict(now, slug, what)

    def lost(self, row: ObjectRow, now: dt.datetime) -> None:
        """A person deleted the object: the series stops, and comes back only when asked for."""
        self._tally.pulled += 1
        self._store.objects.remove(row.uid)
        self._store.facts.stop_series(row.slug, row.generation, now)

    def intent(self, routine: Routine, standing: Standing, now: dt.datetime, not_before: dt.date) -> Intent | None:
        """What the calendar is wanted to say about one routine."""
        facts = self._store.facts.exceptions(routine.slug)
        stamp = self._store.config_since(self._settings.fingerprint, now)
        return intent(routine, standing, facts, self._settings, zone=self._zone, not_before=not_before, stamp=stamp)

    def today(self, now: dt.datetime) -> dt.date:
        """Where a new series may begin."""
        return now.astimezone(self._zone).date()

    # One answer.

    def _apply(self, action: merging.Action, theirs: Reading, routine: Routine, now: dt.datetime) -> None:
        standing = self._store.facts.standings()[routine.slug]
        match action:
            case merging.Moved(nominal, start, end):
                self._fact(routine, standing, nominal, now, start=start, end=end if routine.lasting else None)
            case merging.Skipped(nominal):
                self._fact(routine, standing, nominal, now, state=State.SKIPPED, for_both=True)
            case merging.Done(nominal):
                self._fact(routine, standing, nominal, now, state=State.DONE)
            case merging.Retitled(nominal, title):
                self._fact(routine, standing, nominal, now, title=title)
            case merging.Restored(nominal):
                self._restored(routine, standing, nominal, now)
            case merging.FieldEdited(name, value):
                self._store.facts.pin(routine, standing.generation, name, value, now)
            case merging.SeriesDeleted():
                self._store.facts.stop_series(routine.slug, standing.generation, now)
            case merging.SeriesMoved() | merging.SeriesEnded():
                self._pin_series(action, theirs, routine, standing, now)

    def _pin_series(
        self, action: merging.SeriesMoved | merging.SeriesEnded, theirs: Reading, routine: Routine, standing: Standing,
        now: dt.datetime,
    ) -> None:  # fmt: skip
        """From now on the series is the one in the calendar."""
        pin = SeriesPin(theirs.local_start, theirs.rrule, theirs.duration, theirs.zone)
        if isinstance(action, merging.SeriesMoved) and action.since is not None:
            pin = SeriesPin(action.start, action.rrule, action.duration, action.zone)
        self._store.facts.pin(routine, standing.generation, "schedule", pin.to_json(), now)
        self._store.reminders.reset_coming(routine.slug, self.today(now))

    def _name(self, routine: Routine, standing: Standing, nominal: dt.datetime) -> OccurrenceId | None:
        """The occurrence whose nominal instant this is; None when it is none of the series (an exception at a wrong
        time, which takes nothing away)."""
        shape = shape_of(routine, standing, self._zone)
        if shape is None or not isinstance(shape.schedule, Fixed | FixedRule):
            return None
        name = OccurrenceId(routine.slug, nominal.astimezone(shape.zone).date())
        return name if nominal_instant(Fact(name), shape) == nominal else None

    def _fact(
        self, routine: Routine, standing: Standing, nominal: dt.datetime, now: dt.datetime, **changes: object
    ) -> None:
        name = self._name(routine, standing, nominal)
        if name is None:
            return
        fact = self._store.facts.get(name) or Fact(name)
        if fact.state is State.DONE and changes.get("state") is State.SKIPPED:
            return
        fact = replace(fact, **{"at": now, **changes})  # type: ignore[arg-type]
        self._store.facts.put(fact)
        if "start" in changes:
            self._store.reminders.reset(name)
        if "state" in changes:
            self._store.reminders.close_all(name)

    def _restored(self, routine: Routine, standing: Standing, nominal: dt.datetime, now: dt.datetime) -> None:
        name = self._name(routine, standing, nominal)
        fact = self._store.facts.get(name) if name else None
        if name is None or fact is None:
            return
        state = None if fact.state is State.SKIPPED else fact.state
        self._store.facts.put(replace(fact, start=None, end=None, state=state, for_both=False, at=now))
        self._store.reminders.reset(name)


def _set(fields: dict[str, str], key: str, value: str | None) -> None:
    if value is None:
        fields.pop(key, None)
    else:
        fields[key] = value
