"""After a talk that was hard, or a break: for a day nothing tender is suggested, and nothing says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence

from reconnectd.core.model import Practice, Routine
from reconnectd.core.occurrence import OccurrenceId, Reminder

CALM = dt.timedelta(hours=24)
TENDER = frozenset({Practice.AFFECTION, Practice.OPENNESS})


def calmed(
    words: Sequence[Reminder],
    since: dt.datetime | None,
    routine: Callable[[str], Routine | None],
    spoken: Collection[tuple[OccurrenceId, str]] = (),
) -> tuple[list[Reminder], list[Reminder]]:
    """(kept, left out): the tender cues of the day after `since` are left out, also one that waited when it began; an
    event keeps its words."""
    if since is None:
        return list(words), []
    kept: list[Reminder] = []
    left: list[Reminder] = []
    for word in words:
        waited = word.expires is not None and since < word.expires and (word.occurrence, word.lead) not in spoken
        calm = (since <= word.due or waited) and word.due < since + CALM
        (left if calm and _is_tender(routine(word.occurrence.slug)) else kept).append(word)
    return kept, left


def calm_kinds(kinds: Collection[str], since: dt.datetime | None, now: dt.datetime) -> frozenset[str]:
    """The kinds of affection of which an idea may be: for that day none that touches."""
    calm = since is not None and since <= now < since + CALM
    return frozenset(kind for kind in kinds if not (calm and "touch" in kind))


def _is_tender(routine: Routine | None) -> bool:
    return routine is not None and routine.practice in TENDER and routine.lasting is None
