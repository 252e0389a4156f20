"""What was decided from a calendar, in a sentence. Who did it isn't known, and isn't asked."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.core import merging
from reconnectd.core.wording import MONTHS, SHORT_DAYS

RECOGNISED = "stood in the calendar already, and was recognised"
DELETED = "the series was deleted in the calendar, and stays away until `reconnect resume … --yes`"
BACK = "the series is in the calendar again, and goes on"
_FIELDS = {
    "summary": "the title", "description": "the notes", "location": "the place", "transp": "busy or free",
    "class": "who may see it", "alarm": "the alarm",
}  # fmt: skip


_PLAIN: dict[type[merging.Action], str] = {
    merging.Skipped: "deleted in the calendar: not this time",
    merging.Done: "ticked in the calendar: done",
    merging.Retitled: "given other words in the calendar; they stay",
    merging.Restored: "put back in the calendar: as the routine has it",
    merging.SeriesDeleted: DELETED,
    merging.SeriesMoved: "the series was moved in the calendar; that is its schedule now",
}


def decided(action: merging.Action, zone: ZoneInfo) -> str:
    """What an action of the merge means for the plan."""
    match action:
        case merging.Moved(_, start, _):
            return f"moved in the calendar to {_when(start, zone)}; it stays there"
        case merging.FieldEdited(name, _):
            return f"{_FIELDS.get(name, name)} was changed in the calendar, and stays so"
        case merging.SeriesEnded(until):
            return f"the series ends in the calendar with {_when(until, zone)}"
        case _:
            return _PLAIN[type(action)]


def nominal_of(action: merging.Action) -> dt.datetime | None:
    """Which instance it is about; None for a series."""
    return getattr(action, "nominal", None)


def _when(instant: dt.datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{SHORT_DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} at {local:%H:%M}"
