"""Making the stored plan anew: read what is known, plan, write the rows."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.asking import ask_again
from reconnectd.app.practice import look_back
from reconnectd.app.practice.event_ideas import EventIdeas
from reconnectd.app.practice.following import follow_up
from reconnectd.app.practice.notes import give_way
from reconnectd.app.practice.patience import be_patient
from reconnectd.app.practice.reappraising import invite
from reconnectd.app.practice.thanks import is_one_kept
from reconnectd.app.practice.topics import calm_since, forget_the_calm
from reconnectd.config.decks import shelf
from reconnectd.core.model import Span
from reconnectd.core.occurrence import AFTERWARDS, Fact, Phase, Plan, State
from reconnectd.core.outlook import AHEAD, BACK, Outlook
from reconnectd.core.plan_key import plan_key
from reconnectd.core.planning import plan
from reconnectd.core.practice.ideas import carries_idea, has_ideas
from reconnectd.core.practice.strength import Answer
from reconnectd.core.practice.told import answers, has_strength
from reconnectd.core.recurrence import day_bounds, local_date
from reconnectd.core.settings import Settings

LEAP = dt.timedelta(days=3 * 366)
BELIEVED_AFTER = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person is: the IANA name of the zone, and a text that changes when the zone's rules do."""

    zone: str
    rules: str


def key_of(settings: Settings, place: Place, now: dt.datetime) -> str:
    """The key under which a plan made now is stored."""
    zone = ZoneInfo(place.zone)
    day = local_date(now, zone, settings.time.day_start)
    since, until = (edge.timestamp() for edge in day_bounds(day, zone, settings.time.day_start))
    return plan_key(settings.fingerprint, settings.time.timezone, place.zone, place.rules, since, until)


def outlook(store: Store, settings: Settings, place: Place, now: dt.datetime, ahead: int = AHEAD) -> Outlook:
    """What is known, as the planner wants it."""
    today = local_date(now, ZoneInfo(place.zone), settings.time.day_start)
    said = store.reminders.said(now - dt.timedelta(days=32))
    facts = store.facts.since(today - dt.timedelta(days=BACK))
    for routine in settings.routines:
        if routine.counts:
            facts |= store.facts.of(routine.slug)
    return Outlook(
        now=now,
        zone=place.zone,
        facts=facts,
        standings=store.facts.standings(),
        rests=store.rests.since(now - dt.timedelta(days=BACK + 2)),
        announced=frozenset(store.reminders.announced()),
        spoken=frozenset(store.reminders.spoken()),
        said=tuple(instant for instant, _ in said),
        told=told(store, settings),
        thanks=is_one_kept(store),
        calm_since=calm_since(store),
        ahead=ahead,
        decks=shelf(settings.path).decks if any(map(has_ideas, settings.routines)) else (),
        ideas=store.ideas.all(),
        begun=store.objects.begun(),
    )


def told(store: Store, settings: Settings) -> dict[str, tuple[Answer, ...]]:
    """What was told about each routine that has a strength, whether it happened."""
    rests = store.rests.all()
    facts = store.facts.told(routine.slug for routine in settings.routines if has_strength(routine))
    return {slug: answers(found, rests) for slug, found in facts.items()}


def observe(store: Store, settings: Settings, place: Place, now: dt.datetime) -> None:
    """Take note of new routines, and of what the config has said anew."""
    zones = {routine.slug: place.zone if routine.lasting else None for routine in settings.routines}
    store.facts.observe(zones, now)
    store.facts.release_pins(settings.routines)


def forget(store: Store, settings: Settings, now: dt.datetime) -> None:
    """Let go of what `[privacy]` says is old: what was done, what was written, and bubbles long gone."""
    today = now.date()
    counts, words = (today - _at_most(span) for span in (settings.privacy.keep_counts, settings.privacy.keep_words))
    store.facts.forget(counts, words)
    store.rests.forget(counts)
    store.words.forget(words, now)
    store.told.forget(counts)
    store.topics.forget(counts)
    forget_the_calm(store, now)
    store.ideas.forget(counts)
    store.reminders.forget(now - dt.timedelta(days=60))


def _clock_is_believed(store: Store, now: dt.datetime) -> bool:
    """A clock that leapt by years is believed after a week: one that says 2036 for an hour mustn't cost a history."""
    last, leap = _last_made(store), (store.meta("clock") or "").partition(" ")[2]
    leapt = dt.datetime.fromisoformat(leap) if leap else None
    if last and now - last > LEAP:
        leapt = now
    store.set_meta("clock", f"{now.isoformat()} {leapt.isoformat() if leapt else ''}")
    return leapt is None or now - leapt > BELIEVED_AFTER


def _last_made(store: Store) -> dt.datetime | None:
    last = (store.meta("clock") or "").partition(" ")[0]
    return dt.datetime.fromisoformat(last) if last else None


def _at_most(span: Span) -> dt.timedelta:
    """A calendar length in days, rounded up."""
    return span.count * dt.timedelta(days={"day": 1, "week": 7, "month": 31, "year": 366}[span.unit])


def settle_ideas(store: Store, settings: Settings, place: Place, now: dt.datetime) -> None:
    """Find the next ideas of events that say theirs to both, where none is settled, so that they are written with
    them."""
    events = EventIdeas(store, settings, ZoneInfo(place.zone))
    wanted = [routine for routine in settings.routines if routine.calendar and carries_idea(routine)]
    changed = bool(wanted) and store.plan.key() != key_of(settings, place, now)
    if changed or any(events.lacks(routine, now) for routine in wanted):
        store.ideas.replace(plan(settings, outlook(store, settings, place, now)).ideas, now)


def renew(store: Store, settings: Settings, place: Place, now: dt.datetime) -> Plan:
    """Plan and store it, in one transaction; what became settled by itself becomes a fact."""
    zone = ZoneInfo(place.zone)
    with store.database.transaction():
        observe(store, settings, place, now)
        store.facts.unsettle(now)
        last = _last_made(store)
        if _clock_is_believed(store, now):
            forget(store, settings, now)
            be_patient(store, settings, zone, now, last)
        ask_again(store, settings, zone, now)
        follow_up(store, settings, zone, now)
        invite(store, settings, zone, now)
        look_back.invite(store, settings, zone, now)
        give_way(store, settings, zone, now)
        known = outlook(store, settings, place, now)
        with uninterrupted():
            fresh = _unsaid(plan(settings, known), store.said_until())
        _settle(store, fresh, known)
        store.ideas.replace(fresh.ideas, now)
        store.plan.replace(fresh, key_of(settings, place, now))
    return fresh


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Without the cycle collector: a plan is many small lasting objects and no cycle, and it would look through all
    of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unsaid(fresh: Plan, until: dt.datetime | None) -> Plan:
    """Without the words up to `until`: they were said, by rows that are gone."""
    if until is None:
        return fresh
    coming = tuple(word for word in fresh.reminders if word.due > until or word.phase is Phase.AFTERWARDS)
    return replace(fresh, reminders=coming)


def _settle(store: Store, fresh: Plan, known: Outlook) -> None:
    for item in fresh.occurrences:
        fact = known.facts.get(item.id)
        state = None if item.state.is_open else item.state
        if (fact.state if fact else None) != state:
            at = item.over if state else None
            asked = state is State.MISSED and (item.id, AFTERWARDS) in known.spoken
            settled = replace(fact or Fact(item.id), state=state, at=at, assumed=state is not None, asked=asked)
            store.facts.put(settled)
