"""Adopting: what people did in a calendar becomes facts and pins, and the object stands as it now is.

What a person does in a calendar app is the answer. It becomes facts (an occurrence) or pins (a series), and nothing is
written back over it. An object of an earlier generation is history: it is kept in view and decides nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.intents import Intents
from reconnectd.app.periods import dated
from reconnectd.app.practice.arranged import Arranged, is_talk
from reconnectd.app.replies import Replies
from reconnectd.app.tally import Tally
from reconnectd.core import merging
from reconnectd.core.decision import BACK, DELETED, RECOGNISED
from reconnectd.core.ics import Intent, Reading, Unreadable, canonical, intent_fields, read, without_guests
from reconnectd.core.ics.intent import DESCRIPTION, SUMMARY, nominal_of, started
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Fact, OccurrenceId, Standing, State
from reconnectd.core.practice.deck import Prompt
from reconnectd.core.settings import Settings
from reconnectd.core.shape import is_hidden
from reconnectd.core.wanted import object_uid
from reconnectd.ports import Remote

log = logging.getLogger(__name__)


class Adopter:
    """Merges what was pulled; every method runs inside the caller's transaction."""

    def __init__(
        self, store: Store, settings: Settings, zone: ZoneInfo, intents: Intents, tally: Tally,
        settle: Callable[[], None],
    ) -> None:  # fmt: skip
        """`settle` finds the ideas of what comes next anew."""
        self._store = store
        self._settings = settings
        self._zone = zone
        self._intents = intents
        self._settle = settle
        self._tally = tally
        self._replies = Replies(store, zone, intents)
        self._arranged = Arranged(store, settings, zone, tally)

    def merge(self, changed: Sequence[Remote], gone: Sequence[str], now: dt.datetime) -> None:
        """Apply everything that was pulled; newer generations first, so that older ones are known as such."""
        self._store.objects.heard()
        readings = [(remote, reading) for remote in changed if (reading := self._read(remote)) is not None]
        self._let_go_of_what_was_made_anew([theirs for _, theirs in readings], gone)
        for remote, theirs in sorted(readings, key=lambda pair: -(pair[1].generation or 0)):
            self._take(remote, theirs, now)
        for href in gone:
            row = self._store.objects.by_href(href)
            if row is not None:
                self.lost(row, now)

    def _let_go_of_what_was_made_anew(self, readings: Iterable[Reading], gone: Iterable[str]) -> None:
        """An object that went and came at once under another UID wasn't deleted: some servers and imports do that."""
        uids = {theirs.uid for theirs in readings}
        carried = {(theirs.slug, theirs.generation, theirs.period or "") for theirs in readings}
        for row in [row for href in gone if (row := self._store.objects.by_href(href)) is not None]:
            if row.uid not in uids and (row.slug, row.generation, row.period) in carried:
                self._store.objects.remove(row.uid)

    def take(self, remote: Remote, now: dt.datetime) -> bool:
        """Look at one object; True when it is ours."""
        theirs = self._read(remote)
        return theirs is not None and self._take(remote, theirs, now)

    def _read(self, remote: Remote) -> Reading | None:
        try:
            return read(remote.data or b"", local=self._zone.key)
        except Unreadable as reason:
            log.info("an object in the calendar can't be read (%s); it is left alone", reason)
            return None

    def _take(self, remote: Remote, theirs: Reading, now: dt.datetime) -> bool:
        row = self._store.objects.by_href(remote.href)
        if row is None and theirs.uid:
            row = self._store.objects.by_uid(theirs.uid)
        if row is None and self._is_our_own(remote, theirs, now):
            return True
        if self._arranged.is_one(row, theirs):
            return self._arranged.take(remote, row, theirs, now)
        slug = row.slug if row else self._slug_of(theirs)
        routine = self._settings.routine(slug) if slug else None
        standing = self._store.facts.standings().get(slug) if slug else None
        if slug is None or standing is None or not theirs.uid or (routine is None and row is None):
            return row is not None
        if row is None and routine and routine.counts and not self._name_of(None, theirs, routine, standing, now):
            return False
        if row is not None and (row.generation != standing.generation or slug in self._store.facts.retired()):
            self._look_at_history(remote, row, now)
        elif routine is not None:
            self._adopt(remote, row, theirs, routine, standing, now)
        return True

    def _is_our_own(self, remote: Remote, theirs: Reading, now: dt.datetime) -> bool:
        """Was it written by us in a run that ended before it could take note of that?"""
        item = self._store.objects.waits(theirs.uid)
        if item is None or item.op != "put" or canonical(remote.data or b"") != item.body_hash:
            return False
        kept = without_guests(remote.data or b"")
        row = ObjectRow(item.uid, remote.href, remote.etag, item.slug, item.generation, item.period, kept, item.intent)
        self._store.objects.put(row, now)
        self._store.objects.dequeue(item.uid)
        return True

    def _look_at_history(self, remote: Remote, row: ObjectRow, now: dt.datetime) -> None:
        base = without_guests(remote.data) if remote.data else row.base
        fresh = replace(row, href=remote.href, etag=remote.etag, base=base)
        self._store.objects.put(fresh, now)

    # Whose is it?

    def _slug_of(self, theirs: Reading) -> str | None:
        """Ours by its UID, made by another device, perhaps as a new generation; or by what it carries, under
        another UID."""
        standings = self._store.facts.standings()
        for routine in self._settings.routines:
            standing = standings.get(routine.slug)
            if standing and self._intents.period(theirs, routine, standing):
                return routine.slug
            if standing and theirs.uid == object_uid(self._settings, routine.slug, standing.generation):
                return routine.slug
        carries = standings.get(theirs.slug or "")
        if carries is None or theirs.generation is None:
            return None
        if theirs.generation > carries.generation:
            return self._newer(carries.slug, theirs)
        if theirs.period is not None:
            return None
        taken = any(row.slug == carries.slug for row in self._store.objects.all())
        wanted = carries.generation == theirs.generation and not taken and not carries.stopped
        return carries.slug if wanted else None

    def _newer(self, slug: str, theirs: Reading) -> str | None:
        """Another device began the series anew: so do we, if it is the one that we would make, too."""
        assert theirs.generation is not None
        routine = self._settings.routine(slug)
        fits = routine is not None and routine.counts == (theirs.period is not None)
        if not fits or theirs.uid != object_uid(self._settings, slug, theirs.generation, theirs.period):
            return None
        self._store.facts.set_generation(slug, theirs.generation)
        return slug

    # What does it say?

    def _adopt(
        self, remote: Remote, row: ObjectRow | None, theirs: Reading, routine: Routine, standing: Standing,
        now: dt.datetime,
    ) -> None:  # fmt: skip
        was_stopped = False
        if row is None:
            was_stopped = standing.stopped
            if was_stopped:  # the very object that was deleted is there again
                self._store.facts.begin_series(routine.slug)
            standing = self._first_zone(routine, self._standing(routine), theirs)
        base = read(row.base, local=self._zone.key) if row else None
        idea = None if routine.counts else self._idea_in(base, theirs, routine)
        about = self._about(row, theirs, routine, standing, now)
        ours = about(standing)
        plain = replace(ours, skipped=frozenset(), moved={}) if ours and row is None else ours
        own_word = row is None and not routine.counts and self._said_otherwise(routine, standing, now)
        actions = merging.merge(base, theirs, ours=plain)
        for action in _about_one(actions, ours, theirs) if ours and ours.period else actions:
            if idea and isinstance(action, merging.FieldEdited) and action.field == DESCRIPTION:
                continue
            if not (own_word and isinstance(action, merging.SeriesMoved | merging.SeriesEnded)):
                self._replies.apply(action, theirs, routine, now)
                self._replies.note(action, routine, now)
        self._take_up(idea, actions, routine, now)
        if row is None:
            self._store.history.decide(now, routine.slug, BACK if was_stopped else RECOGNISED)
        if row is None and routine.counts and ours:
            self._goes_on(routine, standing, ours, now)
        then = about(self._standing(routine))
        before, after = intent_fields(ours) if ours else {}, intent_fields(then) if then else {}
        settled = self._settled(row, before, after, theirs, now) if row else _as_it_stands(after, theirs)
        if own_word:
            self._note_conflict("schedule", routine.slug, now, stands="the one here")
            settled["schedule"] = "another device's"
        self._tally.pulled += 1 if row else 0
        self._tally.adopted += 0 if row else 1
        uid, period = row.uid if row else theirs.uid, (ours and ours.period) or ""
        kept = without_guests(remote.data or b"")
        fresh = ObjectRow(uid, remote.href, remote.etag, routine.slug, standing.generation, period, kept, settled)
        self._keep(fresh, now)

    def _keep(self, fresh: ObjectRow, now: dt.datetime) -> None:
        """As it stands there now; what waited to be written over it waits no more."""
        self._store.objects.dequeue(fresh.uid)
        self._store.objects.put(fresh, now)

    def _idea_in(self, base: Reading | None, theirs: Reading, routine: Routine) -> Prompt | None:
        """Did another device of ours, and no person, write the description? Then its idea is ours, too."""
        changed = base is None or base.description != theirs.description
        return self._intents.ideas.known_in(routine, theirs.description) if changed else None

    def _take_up(
        self, idea: Prompt | None, actions: Iterable[merging.Action], routine: Routine, now: dt.datetime
    ) -> None:
        if idea is None:
            return
        if not all(isinstance(action, merging.FieldEdited) for action in actions):
            self._settle()  # another time may be the next one by now
        self._intents.ideas.take_up(routine, idea, now)

    def _said_otherwise(self, routine: Routine, standing: Standing, now: dt.datetime) -> bool:
        """Has our own config, too, changed the schedule of the generation before, and not written that yet? Then
        another device began this one, and the later word is ours."""
        old = self._store.objects.of(routine.slug, standing.generation - 1)
        begun = started(old.intent) if old is not None else None
        if old is None or begun is None or self._store.facts.is_pinned(routine.slug, old.generation, "schedule"):
            return False
        wanted = self._intents.of(routine, standing, now, begun)
        return wanted is not None and intent_fields(wanted)["schedule"] != old.intent["schedule"]

    def _about(
        self, row: ObjectRow | None, theirs: Reading, routine: Routine, standing: Standing, now: dt.datetime
    ) -> Callable[[Standing], Intent | None]:
        """What we want an object to say, asked before and after."""
        if not routine.counts:
            begins = theirs.local_start.date()
            return lambda known: self._intents.of(routine, known, now, begins)
        name = self._name_of(row, theirs, routine, standing, now)
        return lambda known: self._intents.event(routine, known, name, now) if name else None

    def _name_of(
        self, row: ObjectRow | None, theirs: Reading, routine: Routine, standing: Standing, now: dt.datetime
    ) -> OccurrenceId | None:
        """The date for which an event stands."""
        if row is not None:
            return self._intents.dated(routine, standing, dated(row), now)
        period = self._intents.period(theirs, routine, standing)
        return self._intents.in_period(routine, standing, period, now) if period and theirs.end > now else None

    def _goes_on(self, routine: Routine, standing: Standing, ours: Intent, now: dt.datetime) -> None:
        """Another device went on to this date, perhaps because it was done there: that is known from now on."""
        name = self._replies.name(routine, standing, ours.nominal, now)
        if name is not None and self._store.facts.get(name) is None:
            self._store.facts.put(Fact(name, at=now))

    def _standing(self, routine: Routine) -> Standing:
        return self._store.facts.standings()[routine.slug]

    def _first_zone(self, routine: Routine, standing: Standing, theirs: Reading) -> Standing:
        """The zone in which the first device wrote it is the zone it lives in."""
        if routine.timezone or not routine.lasting or not theirs.zone:
            return standing
        self._store.facts.set_zone(routine.slug, theirs.zone)
        return replace(standing, zone=theirs.zone)

    def _settled(
        self, row: ObjectRow, before: Mapping[str, str], after: Mapping[str, str], theirs: Reading, now: dt.datetime
    ) -> dict[str, str]:
        """What we want it to say from now on: theirs where they changed it; what waits to be written still does, also
        an exception of ours that has another nominal instant since they moved the series."""
        kept = dict(row.intent)
        settled = _as_it_stands(after, theirs)
        waits = after.keys() - settled.keys() - before.keys()
        for key in before.keys() | settled.keys():
            if before.get(key) == after.get(key):
                continue
            if before.get(key) != kept.get(key) and not (waits and nominal_of(key) is not None):
                self._note_conflict(key, row.slug, now)
            if key in after:
                kept[key] = after[key]
            else:
                kept.pop(key, None)
        return kept

    def _note_conflict(self, key: str, slug: str, now: dt.datetime, stands: str = "the calendar's") -> None:
        """Both had changed the same thing: whose word stands is written down."""
        name, _, _ = key.partition(":")
        what = f"{name}: changed here and in the calendar; {stands} stands"
        self._tally.conflicts.append(f"{slug} {what}")
        self._store.history.decide(now, slug, what)

    def lost(self, row: ObjectRow, now: dt.datetime) -> None:
        """A person deleted the object: the series stops, and comes back only when asked for. What is hidden was taken
        out by another device, and goes on."""
        if is_talk(row):
            self._arranged.lost(row, now)
            return
        self._tally.pulled += 1
        self._store.objects.remove(row.uid)
        routine = self._settings.routine(row.slug)
        if routine is not None and is_hidden(routine, self._settings):
            return
        standing = self._store.facts.standings().get(row.slug)
        if standing is None or standing.generation != row.generation:
            return
        if row.period:
            self._lost_one(row, standing, now)
        else:
            self._store.facts.stop_series(row.slug, row.generation, now)
            self._store.history.decide(now, row.slug, DELETED)

    def _lost_one(self, row: ObjectRow, standing: Standing, now: dt.datetime) -> None:
        """The event of one period: let go of, when it was still ahead and stood for something."""
        routine = self._settings.routine(row.slug)
        there = read(row.base, local=self._zone.key)
        if routine is None or not routine.counts or there.end <= now:
            return
        name = self._intents.dated(routine, standing, dated(row), now)
        ours = self._intents.event(routine, standing, name, now)
        if ours is not None and self._intents.is_planned(routine, standing, name, now):
            self._replies.fact(routine, standing, ours.nominal, now, state=State.SKIPPED, for_both=True)
            self._replies.note(merging.Skipped(ours.nominal), routine, now)


def _as_it_stands(after: Mapping[str, str], theirs: Reading) -> dict[str, str]:
    """What is settled when an object is first seen: everything but our own exceptions that it doesn't have yet."""
    there = theirs.exdates | theirs.overrides.keys()
    alone = f"{theirs.start:%Y%m%dT%H%M%SZ}/{theirs.end:%Y%m%dT%H%M%SZ}" if theirs.rrule is None else ""
    return {
        key: value for key, value in after.items()
        if (at := nominal_of(key)) is None or at in there or value == alone
    }  # fmt: skip


def _about_one(actions: Iterable[merging.Action], ours: Intent, theirs: Reading) -> Iterator[merging.Action]:
    """The same where the object is one event and no series: its words are its own, and if an app makes it repeat, its
    first time is the one. What else is edited in it simply stays."""
    for action in actions:
        if isinstance(action, merging.SeriesMoved):
            yield merging.Moved(ours.nominal, theirs.start, theirs.end)
        elif not isinstance(action, merging.FieldEdited):
            yield action
        elif action.field == SUMMARY:
            yield merging.Retitled(ours.nominal, action.value)
