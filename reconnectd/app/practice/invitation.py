"""An invitation that comes by itself: one note in an evening, never while everything rests, let go of when it isn't
needed any more.

`pending` is the word under which the state remembers the note that is on its way.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice.notes import Note, is_ahead, say_once, take_back
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.practice.hour import calm_hour
from reconnectd.core.quiet import Quiet
from reconnectd.core.rest import EVERYTHING
from reconnectd.core.settings import Settings

EVENINGS = (dt.time(20), dt.time(19), dt.time(18))


def everything_rests(store: Store, now: dt.datetime) -> bool:
    """Is there a pause, a quieter time or an end to it all? Being apart is none of these."""
    return any(rest.scope == EVERYTHING and rest.kind != "apart" and rest.covers(now) for rest in store.rests.all())


def evening(settings: Settings, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The next evening that isn't quiet; where all of today's and tomorrow's are, the next moment that isn't."""
    return calm_hour(now, zone, Quiet(settings.reminders.quiet), EVENINGS, days=2)


def send(store: Store, pending: str, key: str, note: Note, at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> None:
    """Put it among the things to remember, once per key."""
    name = say_once(store, key, note, at, zone, now)
    if name is not None:
        store.set_meta(pending, f"{name} {at.isoformat()} {key}")


def let_go(store: Store, pending: str, now: dt.datetime, *, only_ahead: bool = False) -> None:
    """The note on its way, unless somebody answered it, goes; one that wasn't said yet never was."""
    name, _, rest = (store.meta(pending) or "").partition(" ")
    ahead = is_ahead(store, name, now)
    if not name or (only_ahead and not ahead):
        return
    take_back(store, OccurrenceId.stored(name))
    if ahead:
        store.told.take_back(rest.partition(" ")[2])
    store.set_meta(pending, "")
