"""A word of reconnectd's own, once: it stands among the things to remember and is said like them.

What somebody put there for themselves comes when they wanted it. Our own notes, which nobody asked for, give way: one
comes in a day at the most, none in quiet hours wherever one is by then, and none in the first days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import Fact, OccurrenceId
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant
from reconnectd.core.settings import Settings

OURS = "own notes"
"""The meta row that names the newest notes of our own, said ones among them."""

REMEMBERED = 16
A_DAY = dt.timedelta(days=1)


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
        return say_ours(store, note, at, zone, now)


def say_ours(store: Store, note: Note, at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> OccurrenceId:
    """The same without a key. `give_way` has the last word about when it comes."""
    name = say(store, note, at, zone, now)
    ours = (store.meta(OURS) or "").split()
    store.set_meta(OURS, " ".join([*(one for one in ours if one != str(name)), str(name)][-REMEMBERED:]))
    return name


def give_way(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime) -> None:
    """Put off those of our own that wait and would be in the way. Runs in the caller's transaction, before the plan is
    made."""
    facts = [store.facts.get(OccurrenceId.stored(name)) for name in (store.meta(OURS) or "").split()]
    known = [(fact.start, fact) for fact in facts if fact is not None and fact.start is not None]
    first = [rest for rest in store.rests.all() if rest.kind == "first-days"]
    quiet, taken = Quiet(settings.reminders.quiet), set[dt.date]()
    for start, fact in sorted(known, key=lambda one: one[0]):
        at = start
        if fact.state is None and start > now:
            at = max([at, *(rest.until for rest in first if rest.until and rest.covers(at))])
            at = _on_a_free_day(at, quiet, zone, taken)
            if at != start:
                store.facts.put(replace(fact, start=at))
        taken.add(at.astimezone(zone).date())


def _on_a_free_day(at: dt.datetime, quiet: Quiet, zone: ZoneInfo, taken: Collection[dt.date]) -> dt.datetime:
    local = quiet.free_from(at, zone).astimezone(zone)
    while local.date() in taken:
        tomorrow = instant(local.date() + A_DAY, local.time(), zone) or local + A_DAY
        local = quiet.free_from(tomorrow, zone).astimezone(zone)
    return local.astimezone(dt.UTC)


def say(store: Store, note: Note, at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> OccurrenceId:
    """Put it among the things to remember. No answer of a person, so not in the journal; `undo` doesn't see it."""
    day = at.astimezone(zone).date()
    with store.database.transaction():
        name = OccurrenceId(ONE_OFF, day, store.facts.taken(ONE_OFF, day) + 1)
        store.facts.put(Fact(name, start=at, title=note.title, body=note.body, at=now))
        store.reminders.reset(name)
        return name


def is_ahead(store: Store, name: str, now: dt.datetime) -> bool:
    """Is the one of this name ("": none) still to come?"""
    fact = store.facts.get(OccurrenceId.stored(name)) if name else None
    return fact is not None and fact.start is not None and fact.start > now


def take_back(store: Store, name: OccurrenceId) -> None:
    """Let go of one that nobody answered yet."""
    fact = store.facts.get(name)
    if fact is not None and fact.state is None:
        store.facts.remove(name)
        store.reminders.close_all(name)
