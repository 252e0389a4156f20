"""The seven minutes: when they were taken, and the note every four months. What was written stands elsewhere."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice import invitation
from reconnectd.app.practice.notes import Note
from reconnectd.core.model import Practice
from reconnectd.core.practice.reappraisal import NOTE_BODY, NOTE_TITLE, next_note
from reconnectd.core.settings import Settings

WRITTEN, NOTED = "reappraised ", "reappraise noted "
"""Keys of what was told; a date follows."""

PENDING = "reappraise note"


def wrote(store: Store, zone: ZoneInfo, now: dt.datetime) -> None:
    """Somebody took the seven minutes; a note that was still to come isn't needed. The plan is to be made anew."""
    with store.database.transaction():
        store.told.tell(f"{WRITTEN}{now.astimezone(zone).date()}", now)
        invitation.let_go(store, PENDING, now)


def next_day(store: Store, settings: Settings, zone: ZoneInfo) -> dt.date | None:
    """From when on a note is welcome; None when none is to come."""
    told = store.told.all()
    written, noted = _dates(told, WRITTEN), _dates(told, NOTED)
    return next_note(max(written, default=None), noted, _ground(store, settings, zone))


def invite(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime) -> None:
    """Put the note among the things to remember once its day has come, never while all rests. Runs in the caller's
    transaction, before the plan is made."""
    if invitation.everything_rests(store, now):
        invitation.let_go(store, PENDING, now, only_ahead=True)
        return
    day, at = next_day(store, settings, zone), invitation.evening(settings, zone, now)
    evening = at.astimezone(zone).date()
    if day is not None and day <= evening:
        invitation.send(store, PENDING, f"{NOTED}{evening}", Note(NOTE_TITLE, NOTE_BODY), at, zone, now)


def _dates(told: dict[str, dt.datetime], prefix: str) -> list[dt.date]:
    return [dt.date.fromisoformat(key.removeprefix(prefix)) for key in told if key.startswith(prefix)]


def _ground(store: Store, settings: Settings, zone: ZoneInfo) -> dt.date | None:
    """Since when a routine of repair is known here, or something to talk about is open."""
    repair = {routine.slug for routine in settings.routines if routine.practice == Practice.REPAIR}
    since = [one.first_seen for slug, one in store.facts.standings().items() if slug in repair]
    since += [topic.opened for topic in store.topics.all() if topic.closed is None]
    return min(since).astimezone(zone).date() if since else None
