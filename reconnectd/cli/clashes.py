"""What stands in the way of a place that a person chose: said plainly, and it is done all the same."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reconnectd.cli import listing, rows
from reconnectd.core.quiet import Quiet
from reconnectd.core.rest import Rests

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence

NEAR = dt.timedelta(days=30)
A_DAY = dt.timedelta(days=1)


def overlapping(call: Call, item: Occurrence) -> list[Occurrence]:
    """Other events of ours that go on at the same time, by start; a cue is a moment and in nobody's way."""
    if item.end is None:
        return []
    around = _around(call, item)
    others = [one for one in around if one.id != item.id and one.end is not None and one.state.is_open]
    return [one for one in others if one.begins < item.over and item.begins < one.over]


def _around(call: Call, item: Occurrence) -> list[Occurrence]:
    if item.begins < call.session.now + NEAR:
        return call.session.store.plan.between(item.begins, item.over)
    return list(call.session.plan(item.begins - A_DAY, 3).occurrences)


def remarks(call: Call, item: Occurrence, overlaps: list[Occurrence]) -> list[str]:
    """Everything that may not have been meant, one sentence each."""
    said = [_overlap(call, one) for one in overlaps]
    zone = call.session.zone
    quiet = Quiet(call.session.settings.reminders.quiet).holding(item.begins, zone)
    if quiet is not None:
        said.append(_in_quiet(item, quiet[1].astimezone(zone)))
    if Rests(call.session.settings, call.session.store.rests.all(), zone).hold(item):
        said.append("It rests then: no word about it will come.")
    return said


def _overlap(call: Call, other: Occurrence) -> str:
    row = rows.row_of(other)
    return f"It overlaps with {listing.safe(other.title)} ({listing.when_words(row, call.session.now)})."


def _in_quiet(item: Occurrence, ends: dt.datetime) -> str:
    if item.end is None:
        return f"That is in your quiet hours (until {ends:%H:%M}); you put it there, so it rings."
    return f"That is in your quiet hours (until {ends:%H:%M}); words ahead of it come before they begin."
