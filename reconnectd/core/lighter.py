"""Lighter days, and the first ones: at most one word a day. On lighter ones small cues rest, too, see `core.rest`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconnectd.core.model import Times
from reconnectd.core.occurrence import OccurrenceId, Reminder
from reconnectd.core.reminding import Manner, limited
from reconnectd.core.rest import Rest

ONE_A_DAY = Times(1, "day")


def spared(
    words: Sequence[Reminder], rests: Sequence[Rest], manner: Manner, said: Sequence[dt.datetime],
    rank: Callable[[OccurrenceId], int], now: dt.datetime,
) -> tuple[list[Reminder], list[Reminder]]:  # fmt: skip
    """(what may be said, what is left out because it is lighter then). One-offs and what was put off always come."""
    lighter = [rest for rest in rests if rest.kind in {"lighter", "first-days"}]
    inside: dict[Reminder, Reminder] = {}
    for word in words if lighter else ():
        counted = _as_it_comes(word, lighter, now)
        if any(rest.covers(counted.due) for rest in lighter):
            inside[counted] = word
    if not inside:
        return list(words), []
    kept, left = limited([*inside], replace(manner, at_most=ONE_A_DAY), said, rank)
    among = set(inside.values())
    return [*(word for word in words if word not in among), *(inside[one] for one in kept)], [
        inside[one] for one in left
    ]


def _as_it_comes(word: Reminder, lighter: Sequence[Rest], now: dt.datetime) -> Reminder:
    """What was to come before it became lighter, and wasn't said, comes as it begins: who begins on a Friday is told
    of the evening at once, a day late. It belongs to that day for good, and isn't back on the next one."""
    since = [rest.since for rest in lighter if word.due < rest.since <= now and rest.covers(now)]
    return replace(word, due=min(since)) if since else word
