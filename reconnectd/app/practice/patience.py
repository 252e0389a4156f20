"""Patience, in words of its own: what to expect of the weeks, a welcome back, and an offer to make something smaller.

Each is said once, at a calm hour outside quiet; never while everything rests, never two within a day, and one that
waits is taken back when everything rests before it was said. Runs in the caller's transaction, before the plan is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.facts import SANE
from reconnectd.app.practice.notes import Note, say_once, take_back
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Fact, OccurrenceId
from reconnectd.core.practice import expectation
from reconnectd.core.practice.cadence import interval
from reconnectd.core.practice.hour import calm_hour
from reconnectd.core.practice.smaller import ways
from reconnectd.core.practice.strength import Course, course
from reconnectd.core.practice.tally import Line, line
from reconnectd.core.practice.told import answers, has_strength
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import local_date
from reconnectd.core.rest import EVERYTHING, Rest, Rests
from reconnectd.core.settings import Settings

A_GAP = dt.timedelta(days=14)
A_LEAP = dt.timedelta(days=3 * 366)
"""So long a silence is a clock that was wrong, not somebody who was away."""

JUST_NOW = dt.timedelta(days=2)
A_DAY = dt.timedelta(days=1)
EARLY = dt.timedelta(weeks=10)
NOT_AGAIN = {"welcome": A_GAP, "smaller": dt.timedelta(weeks=4)}
"""How long after one of a kind another may be said, about whatever."""

WAITING = "patience"
"""The meta row that names the note that waits, and its key."""


class Wish(NamedTuple):
    """Something to say; `key` begins with its kind, a space follows."""

    key: str
    note: Note


def be_patient(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime, last: dt.datetime | None) -> None:
    """Plan such a note when there is one. `last` is when a plan was made before; None when never."""
    if now < SANE:
        return
    rests = store.rests.all()
    at = calm_hour(now, zone, Quiet(settings.reminders.quiet))
    if _waits(store, settings, rests, zone, now) or _all_rests(settings, rests, zone, (now, at)):
        return
    told = store.told.all()
    wish = next((one for one in _wishes(store, settings, rests, zone, now, last) if _may_say(one, told, now)), None)
    if wish is not None and (name := say_once(store, wish.key, wish.note, at, zone, now)) is not None:
        store.set_meta(WAITING, f"{name} {wish.key}")


def _waits(store: Store, settings: Settings, rests: list[Rest], zone: ZoneInfo, now: dt.datetime) -> bool:
    """Is one still to be said? It is taken back, to be said later, when everything rests by then."""
    name, _, key = (store.meta(WAITING) or "").partition(" ")
    fact = store.facts.get(OccurrenceId.stored(name)) if name else None
    if fact is None or fact.state is not None or fact.start is None or fact.start <= now:
        return False
    if not _all_rests(settings, rests, zone, (fact.start,)):
        return True
    take_back(store, fact.id)
    store.told.take_back(key)
    store.set_meta(WAITING, "")
    return False


def _all_rests(settings: Settings, rests: list[Rest], zone: ZoneInfo, moments: tuple[dt.datetime, ...]) -> bool:
    """Is every routine silent at one of these moments? Where there is none, nothing is to be said either."""
    known = Rests(settings, [rest for rest in rests if rest.kind != "lighter"], zone)
    return any(all(_silent(known, routine.slug, at) for routine in settings.routines) for at in moments)


def _silent(rests: Rests, slug: str, at: dt.datetime) -> bool:
    return any(rest.covers(at) for rest in rests.of(slug))


def _may_say(wish: Wish, told: dict[str, dt.datetime], now: dt.datetime) -> bool:
    kind = wish.key.partition(" ")[0]
    ours = {key: at for key, at in told.items() if key.partition(" ")[0] in {"expectation", "welcome", "smaller"}}
    alike = [at for key, at in ours.items() if key.startswith(f"{kind} ")]
    recent = any(now - at < A_DAY for at in ours.values())
    return wish.key not in told and not recent and not any(now - at < NOT_AGAIN.get(kind, A_DAY) for at in alike)


def _wishes(
    store: Store, settings: Settings, rests: list[Rest], zone: ZoneInfo, now: dt.datetime, last: dt.datetime | None
) -> Iterator[Wish]:
    """By how much they want to be said; how routines have gone is looked at once a day."""
    today = local_date(now, zone, settings.time.day_start)
    if _was_away(now, last) or any(_has_just_ended(rest, now) for rest in rests):
        yield Wish(f"welcome {today}", Note(expectation.WELCOME_TITLE, expectation.WELCOME_BODY))
    begun = min((one.first_seen for one in store.facts.standings().values()), default=now)
    milestone = expectation.milestone((today - local_date(begun, zone, settings.time.day_start)).days)
    if milestone is not None:
        yield Wish(f"expectation {milestone.day}", Note(milestone.title, milestone.body))
    if last is not None and local_date(last, zone, settings.time.day_start) == today:
        return
    for slug, found in courses(store, settings, today).items():
        routine = settings.routine(slug)
        if routine is not None and found.is_hard and not _silent(Rests(settings, rests, zone), slug, now):
            body = expectation.smaller_body(ways(routine))
            yield Wish(f"smaller {slug} {found.hard_since}", Note(expectation.smaller_title(routine.title), body))


def _was_away(now: dt.datetime, last: dt.datetime | None) -> bool:
    """Did nothing run for two weeks? Then nobody answered either."""
    return last is not None and A_GAP <= now - last < A_LEAP


def _has_just_ended(rest: Rest, now: dt.datetime) -> bool:
    """Did everything rest for two weeks, and goes on since yesterday or today?"""
    if rest.scope != EVERYTHING or rest.kind not in {"pause", "stop"} or rest.until is None:
        return False
    return rest.until - rest.since >= A_GAP and now - JUST_NOW < rest.until <= now


def courses(store: Store, settings: Settings, today: dt.date) -> dict[str, Course]:
    """How each routine has gone about which something was told, in the order of the config; affection has none."""
    measured = [routine for routine in settings.routines if has_strength(routine)]
    facts, rests = store.facts.told(routine.slug for routine in measured), store.rests.all()
    found = {one.slug: _course(one, facts.get(one.slug, ()), rests, today) for one in measured}
    return {slug: one for slug, one in found.items() if one is not None}


def _course(routine: Routine, facts: Iterable[Fact], rests: Sequence[Rest], today: dt.date) -> Course | None:
    told = answers(facts, rests)
    return course(told, interval(routine.schedule), today) if told else None


def tally(store: Store, settings: Settings, zone: ZoneInfo, until: dt.datetime) -> list[Line]:
    """What became of each routine until then, in the order of the config; nothing about affection."""
    today = local_date(until, zone, settings.time.day_start)
    rests = store.rests.all()
    lines = []
    for routine in filter(has_strength, settings.routines):
        known = sorted(store.facts.of(routine.slug).values(), key=lambda fact: fact.id)
        facts = [fact for fact in known if fact.at is not None and fact.at <= until]
        lines.append(line(routine, facts, _course(routine, facts, rests, today), today))
    return lines


def weeks_feel_slow(store: Store, lines: Sequence[Line], until: dt.datetime) -> bool:
    """Is it the time of which the studies speak? Until about ten weeks after the first routine, while one grows."""
    begun = min((one.first_seen for one in store.facts.standings().values()), default=until)
    return until - begun < EARLY and any(one.holding in {"new", "growing"} for one in lines)
