"""Taking everything out of the calendar that reconnectd made: its past, too. Only because a person asked for it."""

from __future__ import annotations

from collections.abc import Iterator

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.tally import Tally
from reconnectd.core.ics import Unreadable, has_somebody, read, without_guests
from reconnectd.core.identity import UID_PREFIX
from reconnectd.core.settings import Settings
from reconnectd.core.wanted import object_uid
from reconnectd.ports import Calendar, ItemRefused, ObjectGone, PreconditionFailed, Remote

EDITED = "somebody keeps changing it"
GUESTS = "it has guests, who would get mail"


def remove_all(store: Store, settings: Settings, calendar: Calendar, tally: Tally) -> None:
    """Delete each object that we made, as it stands now; what can't go is told in `tally.conflicts`.

    Each goes with a precondition. One that was edited since we saw it is looked at again, once: who asked for
    everything to go meant that, too. What was made before this machine joined in is found by its UID.
    """
    for row in store.objects.all():
        why = GUESTS if has_somebody(row.base) else _removed(calendar, row)
        if why is None:
            store.objects.remove(row.uid)
        _tell(tally, row.slug, why)
    known = {row.uid for row in store.objects.all()}
    for remote, uid, slug in _earlier(settings, calendar):
        if uid not in known:
            _tell(tally, slug, _removed_as_it_is(calendar, remote))


def _tell(tally: Tally, slug: str, why: str | None) -> None:
    if why is None:
        tally.deleted += 1
    else:
        tally.conflicts.append(f"{slug}: {why}")


def _removed(calendar: Calendar, row: ObjectRow) -> str | None:
    """None when it is gone, else why it isn't."""
    try:
        if row.etag is not None:
            calendar.delete(row.href, row.etag)
            return None
    except ObjectGone:
        return None
    except ItemRefused as refusal:
        return str(refusal)
    except PreconditionFailed:
        pass
    found = calendar.fetch([row.href])
    return _removed_as_it_is(calendar, found[0]) if found else None


def _removed_as_it_is(calendar: Calendar, remote: Remote) -> str | None:
    if remote.data is not None and _invites(remote.data):
        return GUESTS
    try:
        calendar.delete(remote.href, remote.etag or "")
    except ObjectGone:
        return None
    except PreconditionFailed:
        return EDITED
    except ItemRefused as refusal:
        return str(refusal)
    return None


def _invites(data: bytes) -> bool:
    """Is anybody invited, as the server has it? What can't be read is looked at by eye."""
    try:
        return has_somebody(without_guests(data))
    except Unreadable:
        return b"ATTENDEE" in data.upper()


def _earlier(settings: Settings, calendar: Calendar) -> Iterator[tuple[Remote, str, str]]:
    """What stands there under a name of ours and has the UID that this household gives it: (object, UID, routine)."""
    named = [one.href for one in calendar.changes(None).changed if one.href.rpartition("/")[2].startswith(UID_PREFIX)]
    for remote in calendar.fetch(named):
        try:
            theirs = read(remote.data or b"")
        except Unreadable:
            continue
        slug, generation = theirs.slug, theirs.generation
        if slug and generation and theirs.uid == object_uid(settings, slug, generation, theirs.period):
            yield remote, theirs.uid, slug
