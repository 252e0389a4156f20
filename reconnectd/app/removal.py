"""Taking everything out of the calendar that reconnectd made: its past, too. Only because a person asked for it."""

from __future__ import annotations

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.tally import Tally
from reconnectd.core.ics import has_somebody
from reconnectd.ports import Calendar, ItemRefused, ObjectGone, PreconditionFailed

EDITED = "somebody keeps changing it"
GUESTS = "it has guests, who would get mail"


def remove_all(store: Store, calendar: Calendar, tally: Tally) -> None:
    """Delete each object that we made, as it stands now; what can't go is told in `tally.conflicts`.

    Each goes with a precondition. One that was edited since we saw it is looked at again, once: who asked for
    everything to go meant that, too.
    """
    for row in store.objects.all():
        why = GUESTS if has_somebody(row.base) else _removed(calendar, row)
        if why is None:
            store.objects.remove(row.uid)
            tally.deleted += 1
        else:
            tally.conflicts.append(f"{row.slug}: {why}")


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
    return _removed_as_it_is(calendar, row)


def _removed_as_it_is(calendar: Calendar, row: ObjectRow) -> str | None:
    found = calendar.fetch([row.href])
    if not found:
        return None
    if found[0].data is not None and has_somebody(found[0].data):
        return GUESTS
    try:
        calendar.delete(row.href, found[0].etag or "")
    except ObjectGone:
        return None
    except PreconditionFailed:
        return EDITED
    except ItemRefused as refusal:
        return str(refusal)
    return None
