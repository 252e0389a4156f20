"""Pushing: what the calendar is wanted to say and doesn't say yet.

A field is written only when our own intent for it changed since we last wrote or adopted it, so that an old config on
another device undoes nothing. Each write waits in the outbox first, with a precondition: nobody's edit is lost.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow, Queued
from reconnectd.app.adopting import Adopter
from reconnectd.app.ending import Ender
from reconnectd.app.intents import Intents
from reconnectd.app.outbox import new_object, removed_object, rewrite
from reconnectd.app.periods import Periods
from reconnectd.app.practice.arranged import Arranged, is_talk
from reconnectd.app.practice.slips import Slips, is_slip
from reconnectd.app.splitting import Splitter, must_split
from reconnectd.app.tally import Tally
from reconnectd.core.ics import Intent, canonical, has_somebody, intent_fields, read
from reconnectd.core.ics.intent import REST, SCHEDULE, nominal_of, started
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Standing
from reconnectd.core.settings import Settings
from reconnectd.core.shape import is_hidden
from reconnectd.crash import crashpoint
from reconnectd.errors import ReconnectdError
from reconnectd.ports import (
    Calendar,
    CalendarGone,
    Clock,
    ItemRefused,
    ObjectGone,
    PreconditionFailed,
    UidConflict,
)

log = logging.getLogger(__name__)

ROUNDS = 3
"""How often one object is fetched, merged and tried again before it waits for the next run."""


class Pusher:
    """Fills the outbox and empties it; one instance a run."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        zone: ZoneInfo,
        intents: Intents,
        adopter: Adopter,
        slips: Slips,
        tally: Tally,
    ) -> None:
        self._store = store
        self._settings = settings
        self._intents = intents
        self._adopter = adopter
        self._slips = slips
        self._tally = tally
        self._ender = Ender(store, settings, zone)
        self._splitter = Splitter(store, intents, zone, tally)
        self._periods = Periods(store, settings, intents, tally)
        self._arranged = Arranged(store, settings, zone, tally)

    # What is to be written.

    def queue(self, now: dt.datetime, *, accept: bool = False) -> ReconnectdError | None:
        """Put every wanted write into the outbox, and take unwanted ones out. Runs in the caller's transaction.

        Nothing is written when too many routines are gone from the config at once: that is given back, to be asked;
        `accept` is the answer.
        """
        accident = self._ender.accident()
        if accident is not None and not accept:
            return accident
        for routine in self._settings.routines:
            self.queue_one(routine, now)
        self._arranged.queue(now)
        self._ender.queue(now, at_once=accident is not None)
        return None

    def queue_one(self, routine: Routine, now: dt.datetime) -> None:
        """The same for one routine."""
        if is_hidden(routine, self._settings):
            self._queue_removal(routine.slug)
            return
        if routine.counts:
            self._periods.queue(routine, now)
            return
        self._splitter.take_back(routine.slug)
        self._periods.clear(routine.slug)
        standing = self._store.facts.standings()[routine.slug]
        row = self._store.objects.of(routine.slug, standing.generation)
        wanted = self._wanted(routine, standing, row, now)
        if wanted is None:
            return
        if wanted.is_empty:
            self._queue_absence(wanted.uid, row)
            return
        if row is None:
            self._store.objects.queue(new_object(wanted))
            return
        fields = intent_fields(wanted)
        changed = changed_fields(row.intent, fields, standing.pins, now)
        if not changed:
            self._store.objects.dequeue(row.uid)
            self._tally.unchanged += 1
            return
        standing_text = read(row.base)
        if standing_text.has_attendees:
            log.info("an object of ours has guests now: it isn't changed, a change could send them mail")
        elif SCHEDULE in changed and must_split(standing_text, now):
            self._splitter.split(routine, row, standing_text, changed, now)
        else:
            rewrite(self._store, self._tally, row, wanted, changed, now, pinned=standing.pins)

    def _wanted(self, routine: Routine, standing: Standing, row: ObjectRow | None, now: dt.datetime) -> Intent | None:
        """The intent, its series beginning where it began: another beginning alone is no change."""
        begun = started(row.intent) if row else None
        if begun is not None and row is not None:
            same = self._intents.of(routine, standing, now, begun)
            if same is not None and intent_fields(same).get("schedule") == row.intent.get("schedule"):
                return same
        return self._intents.of(routine, standing, now)

    def _queue_removal(self, slug: str) -> None:
        """What became private, or stands in a calendar that both see by now, goes: its past, too."""
        for item in list(self._store.objects.waiting()):
            if item.slug == slug:
                self._store.objects.dequeue(item.uid)
        for row in self._store.objects.all():
            if row.slug == slug and not has_somebody(row.base):
                self._store.objects.queue(removed_object(row))

    def _queue_absence(self, uid: str, row: ObjectRow | None) -> None:
        """It rests from before its first instance: nothing of it stands there meanwhile."""
        if row is None:
            self._store.objects.dequeue(uid)
        elif not has_somebody(row.base):
            self._store.objects.queue(removed_object(row))

    def would(self) -> list[str]:
        """The outbox in words."""
        words = {(True, "put"): "change", (False, "put"): "add"}
        return [
            f"take up a note ({item.intent['kind']})" if is_slip(item)
            else f"{words.get((bool(item.if_match), item.op), 'remove')} {item.slug}"
            for item in self._store.objects.waiting()
        ]  # fmt: skip

    # Sending.

    def send(self, calendar: Calendar, clock: Clock) -> None:
        """Empty the outbox. A server that went away leaves the rest waiting and raises."""
        refused: ReconnectdError | None = None
        for item in list(self._store.objects.waiting()):
            try:
                if is_slip(item):
                    self._slips.remove(item, calendar)
                else:
                    self._send(item, calendar, clock)
            except ItemRefused as refusal:
                refused = self._refused(item, refusal, clock.now())
        if refused is not None:
            raise refused

    def _send(self, item: Queued, calendar: Calendar, clock: Clock) -> None:
        waiting: Queued | None = item
        for _ in range(ROUNDS):
            if waiting is None:
                return
            if has_somebody(waiting.body):
                log.info("an object of ours has guests now: it isn't changed")
                self._store.objects.dequeue(waiting.uid)
                return
            crashpoint("queued")
            try:
                etag = self._put_or_delete(waiting, calendar)
            except (PreconditionFailed, UidConflict) as clash:
                waiting = self._merge_again(waiting, _where(clash, waiting, calendar), calendar, clock.now())
            except ObjectGone:
                self._gone(waiting, clock.now())
                return
            except CalendarGone:
                self._store.objects.collection_is_gone()
                raise
            else:
                crashpoint("written")
                self._written(waiting, etag, calendar, clock.now())
                return
        log.info("an object changes faster than it can be merged; it waits for the next run")

    def _put_or_delete(self, item: Queued, calendar: Calendar) -> str | None:
        if item.op == "delete":
            calendar.delete(item.href, item.if_match or "")
            return None
        return calendar.put(item.href, item.body, item.if_match)

    def _written(self, item: Queued, etag: str | None, calendar: Calendar, now: dt.datetime) -> None:
        if item.op == "delete":
            self._store.objects.remove(item.uid)
            self._tally.deleted += 1
            return
        with self._store.database.transaction():
            row = ObjectRow(
                item.uid, calendar.href(item.href), etag, item.slug, item.generation, item.period, item.body,
                item.intent, echo=True,
            )  # fmt: skip
            self._store.objects.put(row, now)
            self._store.objects.dequeue(item.uid)
        self._tally.pushed += 1

    def _merge_again(self, item: Queued, href: str, calendar: Calendar, now: dt.datetime) -> Queued | None:
        """Somebody wrote first: look, take up what they did, and see what is left to write."""
        found = calendar.fetch([href])
        with self._store.database.transaction():
            if not found:
                self._gone(item, now)
                return None
            remote = found[0]
            if remote.data is not None and canonical(remote.data) == item.body_hash:
                row = ObjectRow(
                    item.uid, remote.href, remote.etag, item.slug, item.generation, item.period, remote.data,
                    item.intent,
                )  # fmt: skip
                self._store.objects.put(row, now)
                self._store.objects.dequeue(item.uid)
                return None
            self._store.objects.dequeue(item.uid)
            if not self._adopter.take(remote, now):
                return None
            self._queue_again(item, now)
            return self._store.objects.waits(item.uid)

    def _queue_again(self, item: Queued, now: dt.datetime) -> None:
        """What is left to write of it."""
        if is_talk(item):
            self._arranged.queue(now)
            return
        routine = self._settings.routine(item.slug)
        if routine is not None:
            self.queue_one(routine, now)
        known = self._store.objects.by_uid(item.uid)
        if known is not None:
            self._ender.queue_one(known, now)

    def _gone(self, item: Queued, now: dt.datetime) -> None:
        """It was there and was deleted meanwhile: that is the answer."""
        with self._store.database.transaction():
            self._store.objects.dequeue(item.uid)
            row = self._store.objects.by_uid(item.uid)
            if row is not None:
                self._adopter.lost(row, now)

    def _refused(self, item: Queued, refusal: ItemRefused, now: dt.datetime) -> ReconnectdError:
        self._store.history.decide(now, item.slug, f"the server refused to take it ({refusal.status}); it waits")
        log.warning("the server refused one object (%s); it waits", refusal.status)
        return ReconnectdError(
            f"the server refused to take {item.slug} ({refusal.status}); everything else is in step",
            "it is tried again at the next sync; `reconnect doctor` looks closer",
        )


def _where(clash: PreconditionFailed | UidConflict, item: Queued, calendar: Calendar) -> str:
    """The address of what stands in the way."""
    if isinstance(clash, UidConflict):
        return clash.href or calendar.find(item.uid) or item.href
    return item.href


def changed_fields(
    then: Mapping[str, str], now_wanted: Mapping[str, str], pins: Mapping[str, str], now: dt.datetime
) -> frozenset[str]:
    """Which groups our own intent changed. Pinned ones are a person's; exceptions of the past stay as they are."""
    keys = {key for key in then.keys() | now_wanted.keys() if then.get(key) != now_wanted.get(key)}
    past = now - dt.timedelta(days=1)
    if REST in keys:  # what lay in a rest that is over stays out
        past = min(past, _instant(then.get(REST) or now_wanted[REST]))
    return frozenset(key for key in keys if key not in pins and not _is_before(key, past))


def _is_before(key: str, past: dt.datetime) -> bool:
    nominal = nominal_of(key)
    return nominal is not None and nominal < past


def _instant(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
