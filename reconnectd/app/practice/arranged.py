"""Talks that were arranged by hand: one plain event for each date, in a calendar that both may see.

The fact about a date says when it stands. An event stands where somebody put it, so there is no other place that it
had "really": what the calendar says is the time of the fact, whoever moved it. Two devices and two people make the same
event for a date; whose came first is there, and the other one takes it up.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow, Queued
from reconnectd.app.outbox import new_object, removed_object, rewrite
from reconnectd.app.tally import Tally
from reconnectd.core import merging
from reconnectd.core.arranged_talk import LENGTH, TALK
from reconnectd.core.decision import RECOGNISED, decided
from reconnectd.core.ics import Intent, Reading, intent_fields, read, without_guests
from reconnectd.core.ics.intent import SCHEDULE, SUMMARY
from reconnectd.core.ics.values import iana_name
from reconnectd.core.identity import UID_PREFIX
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings
from reconnectd.core.shape import in_calendar
from reconnectd.core.wanted import arranged_event, leaves, object_uid
from reconnectd.ports import Remote

log = logging.getLogger(__name__)

GENERATION = 1
DAY = dt.timedelta(days=1)
MOVED_AT_MOST = 60
"""Days from where it was arranged within which a talk is known by its UID alone."""


def is_talk(item: ObjectRow | Queued) -> bool:
    """Is an object such an event? A routine of that name, from before it was taken, had a series."""
    return item.slug == TALK.slug and bool(item.period)


class Arranged:
    """Both ways; every method runs in the caller's transaction."""

    def __init__(self, store: Store, settings: Settings, zone: ZoneInfo, tally: Tally) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone
        self._tally = tally

    # What is to be written.

    def queue(self, now: dt.datetime) -> None:
        """Put what is wanted into the outbox, and take out what isn't any more."""
        if not in_calendar(TALK, self._settings, now.date()):
            return
        facts = self._store.facts.of(TALK.slug)
        rows = {row.period: row for row in self._store.objects.periods(TALK.slug, GENERATION)}
        wanted = {name.nominal.isoformat(): fact for name, fact in facts.items() if self._is_wanted(fact)}
        for item in list(self._store.objects.waiting()):
            if is_talk(item) and item.period not in rows and item.period not in wanted:
                self._store.objects.dequeue(item.uid)
        for period, row in rows.items():
            fact = facts.get(_name(period))
            if period not in wanted and not self._stays(fact):
                self._take_out(row, now)
        for period, fact in wanted.items():
            if period in rows:
                self._change(rows[period], fact, now)
            elif _over(fact) > now and not self._rests(fact, cleared=False):
                self._store.objects.queue(new_object(self._intent(fact, self._zone, now)))

    def _is_wanted(self, fact: Fact) -> bool:
        return fact.start is not None and fact.state is None and not self._rests(fact, cleared=True)

    def _stays(self, fact: Fact | None) -> bool:
        """What was talked about stays where it was; what was let go of here only, too."""
        if fact is None or fact.start is None or fact.state is None:
            return False
        return fact.state is not State.SKIPPED or not leaves(fact, self._settings)

    def _rests(self, fact: Fact, *, cleared: bool) -> bool:
        rests = Rests(self._settings, self._store.rests.all(), self._zone).of(TALK.slug)
        return any(rest.covers(_begin(fact)) and (rest.cleared or not cleared) for rest in rests)

    def _take_out(self, row: ObjectRow, now: dt.datetime) -> None:
        there = read(row.base, local=self._zone.key)
        if there.start > now and not there.has_attendees:
            self._store.objects.queue(removed_object(row))

    def _change(self, row: ObjectRow, fact: Fact, now: dt.datetime) -> None:
        """Only when it is to stand elsewhere, and in the zone in which it was first written. A day or a floating time
        is read where it was when we took it up: who travels since has moved nothing."""
        there = read(row.base, local=_read_in(row) or self._zone.key)
        if (
            (there.start, _end(there.start, there.end)) == (_begin(fact), _over(fact))
            or there.has_attendees
            or there.rrule
        ):
            self._store.objects.dequeue(row.uid)
            self._tally.unchanged += 1
            return
        rewrite(
            self._store, self._tally, row, self._intent(fact, _zone(there, self._zone), now), frozenset({SCHEDULE}), now
        )

    def _intent(self, fact: Fact, zone: ZoneInfo, now: dt.datetime) -> Intent:
        uid = object_uid(self._settings, TALK.slug, GENERATION, fact.id.nominal.isoformat())
        stamp = fact.at or now
        return arranged_event(TALK, fact, self._settings, uid=uid, zone=zone, stamp=stamp.replace(microsecond=0))

    # What somebody did there.

    def is_one(self, row: ObjectRow | None, theirs: Reading) -> bool:
        """Is an object the event of a talk, by what is known of it, by its UID, or by what it carries?"""
        return is_talk(row) if row is not None else self._period(theirs) is not None

    def _period(self, theirs: Reading) -> str | None:
        """The date for which it was arranged: what it carries, else one near where it stands now (somebody may have
        moved it with an app that drops what it doesn't know)."""
        if theirs.uid.startswith(UID_PREFIX):
            for period in (*([theirs.period] if theirs.period else []), *_near(theirs.local_start.date())):
                if theirs.uid == object_uid(self._settings, TALK.slug, GENERATION, period):
                    return period
        carries = (theirs.slug, theirs.generation) == (TALK.slug, GENERATION) and _is_date(theirs.period)
        free = carries and self._store.objects.of(TALK.slug, GENERATION, theirs.period or "") is None
        return theirs.period if free else None

    def take(self, remote: Remote, row: ObjectRow | None, theirs: Reading, now: dt.datetime) -> bool:
        """Take over what it says; False when it is none that is ahead."""
        period = row.period if row is not None else self._period(theirs)
        if period is None or (row is None and theirs.end <= now):
            return row is not None
        name, zone = _name(period), self._zone
        if row is None:
            self._first_seen(name, theirs, now)
        else:
            actions = merging.merge(read(row.base, local=self._zone.key), theirs)
            for action in actions:
                self._apply(action, name, theirs, now)
            if not any(isinstance(action, merging.Moved | merging.SeriesMoved) for action in actions):
                zone = ZoneInfo(_read_in(row) or zone.key)
        fact = self._store.facts.get(name) or Fact(name, start=theirs.start, end=theirs.end)
        uid = row.uid if row is not None else theirs.uid
        self._store.objects.dequeue(uid)
        intent = intent_fields(self._intent(fact, _zone(theirs, zone), now)) if fact.start else {}
        kept = without_guests(remote.data or b"")
        fresh = ObjectRow(uid, remote.href, remote.etag, TALK.slug, GENERATION, period, kept, intent)
        self._store.objects.put(fresh, now)
        self._tally.pulled += 1 if row is not None else 0
        self._tally.adopted += 0 if row is not None else 1
        return True

    def _first_seen(self, name: OccurrenceId, theirs: Reading, now: dt.datetime) -> None:
        """It stands there: so it is planned, even where one of that date was called off before."""
        state = State.SKIPPED if theirs.cancelled else State.DONE if merging.is_done(theirs.summary) else None
        title = merging.without_tick(theirs.summary)
        fact = Fact(
            name, state=state, start=theirs.start, end=theirs.end, title=None if title in {"", TALK.title} else title,
            for_both=state is State.SKIPPED, at=now,
        )  # fmt: skip
        self._store.facts.put(fact)
        self._store.reminders.reset(name)
        self._store.history.decide(now, name, RECOGNISED)

    def _apply(self, action: merging.Action, name: OccurrenceId, theirs: Reading, now: dt.datetime) -> None:
        fact = self._store.facts.get(name) or Fact(name, start=theirs.start, end=theirs.end)
        changed = _answer(action, fact, theirs)
        if changed is None:
            return
        self._store.facts.put(replace(changed, at=now))
        if changed.state is not fact.state:
            self._store.reminders.close_all(name)
        if changed.start != fact.start or changed.state is None:
            self._store.reminders.reset(name)
        self._store.history.decide(now, name, decided(action, self._zone))

    def lost(self, row: ObjectRow, now: dt.datetime) -> None:
        """Somebody took it out of the calendar: there is no talk then, and nobody is asked why."""
        self._tally.pulled += 1
        self._store.objects.remove(row.uid)
        name, there = _name(row.period), read(row.base, local=self._zone.key)
        fact = self._store.facts.get(name)
        if fact is None or fact.state is not None or there.end <= now:
            return
        skipped = merging.Skipped(there.start)
        self._apply(skipped, name, there, now)


def _answer(action: merging.Action, fact: Fact, theirs: Reading) -> Fact | None:
    """The fact after an action; None when the action says nothing about it."""
    said_done = fact.state is State.DONE and not fact.assumed
    match action:
        case merging.Moved() | merging.SeriesMoved():
            return replace(fact, start=theirs.start, end=theirs.end)
        case merging.Skipped() if not said_done:
            return replace(fact, state=State.SKIPPED, for_both=True, assumed=False)
        case merging.Done():
            return replace(fact, state=State.DONE, assumed=False)
        case merging.Restored(unticked=unticked):
            back = fact.state is State.SKIPPED or (unticked and fact.state is State.DONE)
            state = None if back else fact.state
            return replace(fact, state=state, for_both=False, start=theirs.start, end=theirs.end)
        case merging.FieldEdited(field, value) if field == SUMMARY:
            return replace(fact, title=value)
    return None


def _name(period: str) -> OccurrenceId:
    return OccurrenceId(TALK.slug, dt.date.fromisoformat(period))


def _near(day: dt.date) -> Iterator[str]:
    for days in range(MOVED_AT_MOST + 1):
        for near in {day - days * DAY, day + days * DAY}:
            yield near.isoformat()


def _is_date(text: str | None) -> bool:
    try:
        return text is not None and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _begin(fact: Fact) -> dt.datetime:
    assert fact.start is not None
    return fact.start


def _over(fact: Fact) -> dt.datetime:
    return _end(_begin(fact), fact.end)


def _end(start: dt.datetime, end: dt.datetime | None) -> dt.datetime:
    """An event without an end, or without a length, is as long as a talk is."""
    return end if end is not None and end > start else start + LENGTH


def _read_in(row: ObjectRow) -> str | None:
    """The zone of our last intent about it."""
    return iana_name(row.intent.get(SCHEDULE, "").partition(" ")[0])


def _zone(theirs: Reading, zone: ZoneInfo) -> ZoneInfo:
    """The zone in which it stands there, if it is one that is known here."""
    name = iana_name(theirs.zone)
    return ZoneInfo(name) if name else zone
