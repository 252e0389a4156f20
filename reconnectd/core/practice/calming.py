"""After a talk that was hard, or a break: for a day nothing tender is suggested, and nothing says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from reconnectd.core.model import Practice, Routine
from reconnectd.core.occurrence import Reminder

CALM = dt.timedelta(hours=24)
TENDER = frozenset({Practice.AFFECTION, Practice.OPENNESS})


def calmed(
    words: Sequence[Reminder], since: dt.datetime | None, routine: Callable[[str], Routine | None]
) -> tuple[list[Reminder], list[Reminder]]:
    """(kept, left out): the tender cues of the day after `since` are left out; an event keeps its words."""
    if since is None:
        return list(words), []
    kept: list[Reminder] = []
    left: list[Reminder] = []
    for word in words:
        (left if since <= word.due < since + CALM and _is_tender(routine(word.occurrence.slug)) else kept).append(word)
    return kept, left


def _is_tender(routine: Routine | None) -> bool:
    return routine is not None and routine.practice in TENDER and routine.lasting is None
