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
    rank: Callable[[OccurrenceId], int],
) -> tuple[list[Reminder], list[Reminder]]:  # fmt: skip
    """(what may be said, what is left out because it is lighter then). One-offs and what was put off always come."""
    lighter = [rest for rest in rests if rest.kind in {"lighter", "first-days"}]
    inside = [word for word in words if any(rest.covers(word.due) for rest in lighter)]
    if not inside:
        return list(words), []
    kept, left = limited(inside, replace(manner, at_most=ONE_A_DAY), said, rank)
    among = set(inside)
    return [*(word for word in words if word not in among), *kept], left
