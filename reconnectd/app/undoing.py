"""Taking the newest answer back: what it changed becomes as it was before, whatever it was about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.journal import Before, Note
from reconnectd.app.outbox import removed_object
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.errors import WrongUsage


@dataclass(frozen=True, slots=True)
class Undone:
    """An answer that was taken back. `name` is its occurrence (None: it was about rests), `calendar` whether an
    event may stand elsewhere now."""

    verb: str
    subject: str
    name: OccurrenceId | None
    calendar: bool


def undo(store: Store, now: dt.datetime) -> Undone:
    """Take back the newest answer that still stands; WrongUsage when there is none."""
    with store.database.transaction():
        note = store.journal.last()
        if note is None:
            raise WrongUsage("there is nothing to take back", "`reconnect week` shows what stands")
        calendar = _take_back(store, note, now)
        store.journal.mark_undone(note.seq)
        store.plan.forget_key()
    name = OccurrenceId.stored(note.subject) if note.before.rests is None else None
    return Undone(note.verb, note.subject, name, calendar)


def _take_back(store: Store, note: Note, now: dt.datetime) -> bool:
    before = note.before
    there = _is_seen(store, before)
    for name, fact in before.facts.items():
        _restore(store, note.verb, name, fact, now)
    if before.rests is not None:
        store.rests.replace(before.rests)
    if before.series:
        _withdraw(store, before.series, now)
    return there


def _is_seen(store: Store, before: Before) -> bool:
    """Does it differ from what stands now in a way that a calendar shows?"""
    changed = any(seen(store.facts.get(name)) != seen(fact) for name, fact in before.facts.items())
    if before.rests is None:
        return changed
    cleared = [{rest for rest in rests if rest.cleared} for rests in (before.rests, store.rests.all())]
    return changed or cleared[0] != cleared[1] or bool(before.series)


def seen(fact: Fact | None) -> tuple[object, ...]:
    """What a calendar could show of what was said about an occurrence."""
    return (fact.start, fact.end, fact.state is State.SKIPPED, fact.for_both) if fact else (None, None, False, False)


def _restore(store: Store, verb: str, name: OccurrenceId, before: Fact | None, now: dt.datetime) -> None:
    if before is None:
        store.facts.remove(name)
    else:
        store.facts.put(replace(before, at=before.at or now))
    if verb == "move":
        store.reminders.reset(name)
    if verb == "remember":
        store.reminders.close_all(name)
    store.reminders.forget_unsaid(name)


def _withdraw(store: Store, slug: str, now: dt.datetime) -> None:
    """The series that began anew leaves the calendar again, and stays away as before."""
    generation = store.facts.standings()[slug].generation
    for item in list(store.objects.waiting()):
        if (item.slug, item.generation) == (slug, generation):
            store.objects.dequeue(item.uid)
    for row in store.objects.all():
        if (row.slug, row.generation) == (slug, generation):
            store.objects.queue(removed_object(row))
    store.facts.stop_series(slug, generation, now)
