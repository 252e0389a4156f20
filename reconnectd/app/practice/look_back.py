"""The look back: when it is welcome, the note about it, and what somebody wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice import invitation
from reconnectd.app.practice.notes import Note
from reconnectd.core.model import Practice
from reconnectd.core.occurrence import State
from reconnectd.core.practice.look_back import KIND, NOTE_BODY, NOTE_TITLE, next_look
from reconnectd.core.practice.pulse import KIND as PULSE
from reconnectd.core.settings import Settings

BEGAN, LOOKED, NOTED = "talks began", "looked back", "look back noted "
"""Keys of what was told; the day from which it is welcome follows the last."""

PENDING = "look back note"


def keep(store: Store, answers: Mapping[str, str], now: dt.datetime) -> None:
    """Keep it among the person's own words; the next one is welcome in six weeks. The plan is to be made anew."""
    store.words.add(KIND, answers, now)
    with store.database.transaction():
        store.told.take_back(LOOKED)
        store.told.tell(LOOKED, now)
        invitation.let_go(store, PENDING, now)


def welcome_from(store: Store, settings: Settings, zone: ZoneInfo) -> dt.date | None:
    """From when on one is welcome; None before the first check-in or talk."""
    last, began = store.told.when(LOOKED), _began(store, settings)
    return next_look(last.astimezone(zone).date() if last else None, began.astimezone(zone).date() if began else None)


def is_welcome(store: Store, settings: Settings, today: dt.date, zone: ZoneInfo) -> bool:
    """Have six weeks passed?"""
    day = welcome_from(store, settings, zone)
    return day is not None and day <= today


def invite(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime) -> None:
    """Say once that six weeks have passed, in an evening. Runs in the caller's transaction, before the plan is made."""
    if invitation.everything_rests(store, now):
        invitation.let_go(store, PENDING, now, only_ahead=True)
        return
    day, at = welcome_from(store, settings, zone), invitation.evening(settings, zone, now)
    if day is not None and day <= at.astimezone(zone).date():
        invitation.send(store, PENDING, f"{NOTED}{day}", Note(NOTE_TITLE, NOTE_BODY), at, zone, now)


def _began(store: Store, settings: Settings) -> dt.datetime | None:
    """When the first check-in or talk was. It is remembered: words are forgotten sooner than six weeks may pass."""
    known = store.told.when(BEGAN)
    if known is not None:
        return known
    talks = [routine.slug for routine in settings.routines if routine.practice is Practice.CHECK_IN]
    facts = [fact for slug in talks for fact in store.facts.of(slug).values() if fact.state is State.DONE]
    found = [*store.words.times(PULSE)[:1], *(fact.at for fact in facts if fact.at and not fact.assumed)]
    if not found:
        return None
    store.told.tell(BEGAN, min(found))
    return min(found)
