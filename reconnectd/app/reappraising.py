"""The seven minutes: when they were taken, and the note every four months. What was written stands elsewhere."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.notes import Note, say_once, take_back
from reconnectd.core.model import Practice
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.practice.reappraisal import NOTE_BODY, NOTE_TITLE, next_note
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant
from reconnectd.core.rest import EVERYTHING
from reconnectd.core.settings import Settings

WRITTEN, NOTED = "reappraised ", "reappraise noted "
"""Keys of what was told; a date follows."""

PENDING = "reappraise note"
EVENINGS = (dt.time(20), dt.time(19), dt.time(18))
A_DAY = dt.timedelta(days=1)


def wrote(store: Store, zone: ZoneInfo, now: dt.datetime) -> None:
    """Somebody took the seven minutes; a note that was still to come isn't needed. The plan is to be made anew."""
    with store.database.transaction():
        store.told.tell(f"{WRITTEN}{now.astimezone(zone).date()}", now)
        _let_go_of_the_note(store, now)


def next_day(store: Store, settings: Settings, zone: ZoneInfo) -> dt.date | None:
    """From when on a note is welcome; None when none is to come."""
    told = store.told.all()
    written, noted = _dates(told, WRITTEN), _dates(told, NOTED)
    return next_note(max(written, default=None), noted, _ground(store, settings, zone))


def invite(store: Store, settings: Settings, zone: ZoneInfo, now: dt.datetime) -> None:
    """Put the note among the things to remember once its day has come, never while all rests. Runs in the caller's
    transaction, before the plan is made."""
    if any(rest.scope == EVERYTHING and rest.kind != "apart" and rest.covers(now) for rest in store.rests.all()):
        _let_go_of_the_note(store, now, only_ahead=True)
        return
    day = next_day(store, settings, zone)
    at = _evening(settings, zone, now)
    evening = at.astimezone(zone).date()
    if day is None or evening < day:
        return
    name = say_once(store, f"{NOTED}{evening}", Note(NOTE_TITLE, NOTE_BODY), at, zone, now)
    store.set_meta(PENDING, f"{name} {at.isoformat()}" if name else "")


def _let_go_of_the_note(store: Store, now: dt.datetime, *, only_ahead: bool = False) -> None:
    """One that nobody answered goes; one that wasn't said yet never was."""
    name, _, at = (store.meta(PENDING) or "").partition(" ")
    ahead = bool(name) and dt.datetime.fromisoformat(at) > now
    if not name or (only_ahead and not ahead):
        return
    noted = OccurrenceId.stored(name)
    take_back(store, noted)
    if ahead:
        store.told.take_back(f"{NOTED}{noted.nominal}")
    store.set_meta(PENDING, "")


def _dates(told: dict[str, dt.datetime], prefix: str) -> list[dt.date]:
    return [dt.date.fromisoformat(key.removeprefix(prefix)) for key in told if key.startswith(prefix)]


def _ground(store: Store, settings: Settings, zone: ZoneInfo) -> dt.date | None:
    """Since when a routine of repair is known here, or something to talk about is open."""
    repair = {routine.slug for routine in settings.routines if routine.practice == Practice.REPAIR}
    since = [one.first_seen for slug, one in store.facts.standings().items() if slug in repair]
    since += [topic.opened for topic in store.topics.all() if topic.closed is None]
    return min(since).astimezone(zone).date() if since else None


def _evening(settings: Settings, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The next evening that isn't quiet."""
    quiet, today = Quiet(settings.reminders.quiet), now.astimezone(zone).date()
    moments = [instant(day, at, zone) for day in (today, today + A_DAY) for at in EVENINGS]
    ahead = [moment for moment in moments if moment is not None and moment > now]
    return next((moment for moment in ahead if quiet.holding(moment, zone) is None), quiet.free_from(ahead[0], zone))
