"""A word of reconnectd's own, once: it stands among the things to remember and is said like them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import Fact, OccurrenceId


@dataclass(frozen=True, slots=True)
class Note:
    """What a bubble will say; nothing that a person wrote for themselves."""

    title: str
    body: str = ""


def say_once(
    store: Store, key: str, note: Note, at: dt.datetime, zone: ZoneInfo, now: dt.datetime
) -> OccurrenceId | None:
    """Put it among the things to remember, to be said at `at`; None when it was said or planned under this key before.
    The plan is to be made anew afterwards, or this to be called just before it is."""
    with store.database.transaction():
        if not store.told.tell(key, now):
            return None
        return say(store, note, at, zone, now)


def say(store: Store, note: Note, at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> OccurrenceId:
    """The same without a key. No answer of a person, so not in the journal; `undo` doesn't see it."""
    day = at.astimezone(zone).date()
    with store.database.transaction():
        name = OccurrenceId(ONE_OFF, day, store.facts.taken(ONE_OFF, day) + 1)
        store.facts.put(Fact(name, start=at, title=note.title, body=note.body, at=now))
        return name


def take_back(store: Store, name: OccurrenceId) -> None:
    """Let go of one that nobody answered yet."""
    fact = store.facts.get(name)
    if fact is not None and fact.state is None:
        store.facts.remove(name)
        store.reminders.close_all(name)
