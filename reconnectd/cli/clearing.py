"""What a rest takes out of the calendar: shown first, and only with a yes."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from reconnectd.cli import listing, rows
from reconnectd.core.outlook import AHEAD
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence
    from reconnectd.core.rest import Rest

FARTHEST = 400
"""Days ahead that are looked through for events."""

SHOWN = 10


class NotAgreed(ReconnectdError):
    """The person looked at what would go, and said no."""


def taken_out(call: Call, rest: Rest) -> list[Occurrence]:
    """The events that would leave the calendar, by start; those of the next weeks where it has no end."""
    days = (rest.until - rest.since).days + 2 if rest.until else AHEAD
    planned = call.session.plan(call.session.now, min(days, FARTHEST)).occurrences
    return [item for item in planned if _goes(item, rest)]


def _goes(item: Occurrence, rest: Rest) -> bool:
    there = item.in_calendar and item.state.is_open
    return there and rest.is_of(item.id.slug) and rest.covers(item.begins)


def agree(call: Call, rest: Rest, going: list[Occurrence], command: str, *, yes: bool) -> None:
    """Show what would go, and ask. WrongUsage where nobody can be asked, NotAgreed after a no."""
    if not going or yes:
        return
    asked = sys.stdin.isatty() and not call.output.as_json
    show(call, rest, going, "These would leave")
    if not asked:
        raise WrongUsage(
            f"{_count(going, rest)} would leave the calendar; nothing was changed",
            f"`reconnect {command} --yes` does it; without --clear everything stays where it is",
        )
    if not click.confirm("Take them out?"):
        raise NotAgreed("nothing was changed", "without --clear everything stays in the calendar")


def show(call: Call, rest: Rest, going: list[Occurrence], what: str) -> None:
    """The first of them, and that there are more."""
    seen = "the calendar you both see" if call.session.settings.seen_by_both else "the calendar"
    call.output.line(f"{what} {seen}:")
    for item in going[:SHOWN]:
        row = rows.row_of(item)
        when = listing.when_words(row, call.session.now)
        call.output.line(f"  {listing.safe(item.title)}, {when}")
    more = len(going) - SHOWN
    if rest.until is None:
        call.output.line("  and all that would follow")
    elif more > 0:
        call.output.line(f"  and {more} more")


def _count(going: list[Occurrence], rest: Rest) -> str:
    if rest.until is None:
        return "all events to come"
    return "1 event" if len(going) == 1 else f"{len(going)} events"


def gone_words(going: list[Occurrence], rest: Rest, now: dt.datetime) -> str:
    """What has left the calendar, in a sentence."""
    if not going:
        return "Nothing of it was to come in the calendar."
    first = listing.when_words(rows.row_of(going[0]), now)
    out = f"{_count(going, rest)} leave the calendar, the first {first}"
    return f"{out[0].upper()}{out[1:]}; `reconnect resume` brings back what is still ahead."
