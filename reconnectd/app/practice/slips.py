"""Slips: what a person jots down on a phone, as an event in a calendar that only they see, is taken up and removed.

They are the only objects removed that reconnectd didn't make: their title asks for it ("remember: …", "thanks: …").
What a slip says is kept in the transaction that also queues its removal and tells its key (a hash of UID and ETag), so
that a crash in between neither loses it nor keeps it twice. The removal is conditional, with the slip's own ETag:

- it was edited meanwhile: what was kept is dropped, and the next run takes up what it says now;
- it is gone when the same run comes to remove it: another device has taken it up, or somebody thought better of it;
  what was kept is dropped;
- it is gone in a later run: the removal before may have come through without our hearing of it. It stays kept; that
  two devices say the same is the lesser harm;
- the server won't remove it: what was kept stays kept, and the slip stays where it is.

What is dropped may be taken up again. What stood in the calendar when it was first read is left alone for good: it was
written for somebody else's eyes. So is what comes back after it was taken up: somebody wants it there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import Queued
from reconnectd.app.actions import Actions
from reconnectd.app.practice import notes, thanks
from reconnectd.app.tally import Tally
from reconnectd.core.ics import Reading, Unreadable, read
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.practice.slip import Slip, may_be_one, slip_of
from reconnectd.core.settings import Settings
from reconnectd.crash import crashpoint
from reconnectd.errors import ReconnectdError
from reconnectd.ports import Calendar, CalendarGone, ItemRefused, ObjectGone, PreconditionFailed, Remote

log = logging.getLogger(__name__)

NOTE, THANKS = "remember", "thanks"


@dataclass(frozen=True, slots=True)
class _Found:
    remote: Remote
    theirs: Reading
    slip: Slip
    etag: str


def are_taken_up(settings: Settings) -> bool:
    """Is the calendar one that only this person sees? One on this machine is, unless the config says else."""
    calendar = settings.calendar
    return calendar.seen_by == "me" or (calendar.embedded and calendar.seen_by is None)


def is_slip(item: Queued) -> bool:
    """Is a write that waits the removal of a slip? No routine has that name."""
    return item.slug == ONE_OFF


class Slips:
    """Those of one run."""

    def __init__(self, store: Store, settings: Settings, zone: ZoneInfo, tally: Tally) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone
        self._tally = tally
        self._found: list[_Found] = []
        self._fresh: set[str] = set()

    def look(self, changed: Sequence[Remote], now: dt.datetime) -> bool:
        """Look for them in what was pulled. False when some can't be kept now, because words are sealed and their key
        isn't there: then the calendar is to be asked for the same again. Outside a transaction: a keyring may take
        its time."""
        if not are_taken_up(self._settings):
            return True
        self._found = [one for remote in changed if (one := self._slip(remote, now)) is not None]
        if self._can_keep_words():
            return True
        self._found = [one for one in self._found if one.slip.kind == NOTE]
        return False

    def _slip(self, remote: Remote, now: dt.datetime) -> _Found | None:
        if remote.data is None or remote.etag is None or not may_be_one(remote.data):
            return None
        try:
            theirs = read(remote.data, local=self._zone.key)
        except Unreadable:
            return None
        slip = slip_of(theirs, now)
        return _Found(remote, theirs, slip, remote.etag) if slip else None

    def _can_keep_words(self) -> bool:
        seal = self._store.words.seal
        if seal is None or not any(one.slip.kind == THANKS for one in self._found):
            return True
        try:
            seal.close(b"")
        except ReconnectdError:
            log.info("a note from the calendar waits until the key of your words can be read")
            return False
        return True

    def take(self, now: dt.datetime, *, first: bool) -> None:
        """Keep what they say and queue their removal, in the caller's transaction. `first`: the calendar was never read
        before, so they are left alone."""
        for one in self._found:
            left = f"slip left:{_hash(one.theirs.uid)}"
            if first:
                self._store.told.tell(left, now)
            elif self._store.told.when(left) is None and self._store.objects.by_uid(one.theirs.uid) is None:
                self._take(one, now)

    def _take(self, one: _Found, now: dt.datetime) -> None:
        earlier = self._store.objects.waits(one.theirs.uid)
        if not self._store.told.tell(_key(one.theirs.uid, one.etag), now):
            return
        if earlier is not None:
            self._drop(earlier)
        kept = self._keep(one, now)
        self._fresh.add(one.theirs.uid)
        self._tally.adopted += 1
        removal = Queued(
            uid=one.theirs.uid, op="delete", href=one.remote.href, body=b"", body_hash="", if_match=one.etag,
            slug=ONE_OFF, generation=0, period="", intent={"kind": one.slip.kind, **kept},
        )  # fmt: skip
        self._store.objects.queue(removal)

    def _keep(self, one: _Found, now: dt.datetime) -> dict[str, str]:
        """What to drop when it turns out that it isn't ours to keep."""
        if one.slip.kind == THANKS:
            word = thanks.keep(self._store, one.slip.text, now)
            return {"word": str(word.number)} if word else {}
        from reconnectd.core.plain_dates import Present
        from reconnectd.core.practice.slip_time import understood
        from reconnectd.core.quiet import Quiet

        time = self._settings.time
        present = Present(now, self._zone, time.week_start, time.day_start)
        said = understood(one.slip, one.theirs, present, Quiet(self._settings.reminders.quiet))
        outcomes = Actions(self._store).remember_all(said.sayings, self._zone, now)
        answer = self._store.journal.last()
        assert answer is not None
        return {"facts": " ".join(str(one.occurrence.id) for one in outcomes), "answer": str(answer.seq)}

    # Removing them.

    def remove(self, item: Queued, calendar: Calendar) -> None:
        """Take one out of the calendar; it stays where both see it by now."""
        if not are_taken_up(self._settings):
            self._store.objects.dequeue(item.uid)
            return
        crashpoint("queued")
        try:
            calendar.delete(item.href, item.if_match or "")
        except CalendarGone:
            self._store.objects.collection_is_gone()
            raise
        except PreconditionFailed:
            self._drop(item)
        except ObjectGone:
            if item.uid in self._fresh:
                self._drop(item)
        except ItemRefused as refusal:
            log.info("a note from the calendar is kept, but the server won't remove it (%s)", refusal.status)
        else:
            crashpoint("written")
            self._tally.deleted += 1
        self._store.objects.dequeue(item.uid)

    def _drop(self, item: Queued) -> None:
        """Let go of what was kept, as far as nobody answered it."""
        with self._store.database.transaction():
            self._store.told.take_back(_key(item.uid, item.if_match or ""))
            for name in item.intent.get("facts", "").split():
                notes.take_back(self._store, OccurrenceId.stored(name))
            if "answer" in item.intent:
                self._store.journal.mark_undone(int(item.intent["answer"]))
            if "word" in item.intent:
                thanks.remove(self._store, int(item.intent["word"]))
            self._store.objects.dequeue(item.uid)
            self._store.plan.forget_key()


def _key(uid: str, etag: str) -> str:
    return f"slip:{_hash(uid, etag)}"


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
