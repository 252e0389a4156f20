"""Coming back to what was talked about: one neutral word a week at the most, at a calm time, until it is closed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice import notes
from reconnectd.app.practice.invitation import everything_rests
from reconnectd.app.practice.topics import Topics
from reconnectd.core.occurrence import Fact, OccurrenceId
from reconnectd.core.practice import topic_words
from reconnectd.core.practice.hour import hours_from
from reconnectd.core.practice.topic import WEEK, Stands, stands
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import Settings

WORD = "topic follow-up"
EVENING = dt.time(18)


def follow_up(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime) -> None:
    """Put the next word among the things to remember, or take it back when nothing waits any more, or everything
    rests. Runs in the caller's transaction, before the plan is made."""
    Topics(store).let_pauses_be_silent()
    wanted = None if everything_rests(store, now) else _wanted(store, now)
    name = store.meta(WORD)
    before = store.facts.get(OccurrenceId.stored(name)) if name else None
    said = before.start if before is not None and _is_over(before, now) else None
    stands_ahead = before is not None and said is None
    if before is not None and stands_ahead and wanted is None:
        notes.take_back(store, before.id)
        store.set_meta(WORD, "")
    if wanted is None or stands_ahead:
        return
    earliest = max([now, wanted, *([said + WEEK] if said else [])])
    evenings = hours_from(earliest, zone, (EVENING,), days=2)
    evening = next((each for each in evenings if each >= earliest), earliest)
    at = Quiet(settings.reminders.quiet).free_from(evening, zone)
    store.set_meta(WORD, str(notes.say_ours(store, notes.Note(topic_words.FOLLOW_UP), at, zone, now)))


def _is_over(before: Fact, now: dt.datetime) -> bool:
    """Was it said, or answered before it was?"""
    return before.state is not None or before.start is None or before.start <= now


def _wanted(store: Store, now: dt.datetime) -> dt.datetime | None:
    """When the first of those that were talked about wants a word; None while none does, or a talk is to come."""
    found = []
    for topic in store.topics.all():
        fact = store.facts.get(topic.talk) if topic.talk else None
        where = stands(topic, fact, now)
        if where is Stands.TALKED and fact is not None and fact.start is not None:
            found.append(fact.start + WEEK)
        elif where in {Stands.OPEN, Stands.RESTING} and topic.follow is not None:
            found.append(topic.follow)
    return min(found, default=None)
