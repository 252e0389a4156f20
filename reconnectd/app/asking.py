"""A yes that is half a year old is asked for again: one word, once, at a quiet noon. Nothing stops meanwhile."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice.invitation import everything_rests
from reconnectd.app.practice.notes import Note, is_ahead, say_ours
from reconnectd.core import wording
from reconnectd.core.agreement import Agreement, agreement
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.practice.hour import hours_from
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import Settings

ASKED = "agreement asked again"
NOON = dt.time(12)


def ask_again(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime) -> None:
    """Put the word among the things to remember, and take it back when it isn't needed any more, or everything rests.
    Runs in the caller's transaction, before the plan is made."""
    said, _, name = (store.meta(ASKED) or "").partition(" ")
    asleep = everything_rests(store, now)
    wanted = agreement(settings, now.date()) is Agreement.OLD and not asleep
    known = said == str(settings.people.partner_agrees)
    if known and (wanted or (asleep and not is_ahead(store, name, now))):
        return
    if name:
        _take_back(store, OccurrenceId.stored(name))
        store.set_meta(ASKED, "")
    if wanted:
        noon = next((each for each in hours_from(now, zone, (NOON,), days=2) if each > now), now)
        at = Quiet(settings.reminders.quiet).free_from(noon, zone)
        asked = say_ours(store, Note(wording.ASK_AGAIN), at, zone, now)
        store.set_meta(ASKED, f"{settings.people.partner_agrees} {asked}")


def _take_back(store: Store, name: OccurrenceId) -> None:
    fact = store.facts.get(name)
    if fact is not None and fact.state is None and fact.title == wording.ASK_AGAIN:
        store.facts.remove(name)
        store.reminders.close_all(name)
