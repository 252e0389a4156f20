"""Seven minutes of writing, three times a year: a disagreement as somebody fair would see it.

After Finkel, Slotter, Luchies, Walton and Gross (2013), Psychological Science 24:1595: a randomised study of 120
couples over two years, 3 × 7 minutes in the second one. The questions are worded by us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reconnectd.core.model import Span
from reconnectd.core.recurrence import shift

MINUTES = 7
EVERY = Span(4, "month")
FIRST = dt.timedelta(days=21)
"""How long after there is a reason for it the first note comes, to somebody who has never written."""

UNHEARD = 2
"""After so many notes without a writing no more come, until one is written."""

QUESTIONS = (
    "Take one disagreement of the last months. Somebody fair, who likes you both, was in the room: what did they see?",
    "In the middle of it that view is hard to find. What gets in its way for you?",
    "When could you borrow those eyes in the months to come, and what would help you to think of it?",
)
NOTE_TITLE = "Seven minutes for yourself"
NOTE_BODY = "When you feel like it: `reconnect reappraise`, a few fair lines for you alone."


def next_note(written: dt.date | None, noted: Sequence[dt.date], ground: dt.date | None) -> dt.date | None:
    """From which day on a note is welcome. `written`: the last writing; `noted`: the days of notes so far; `ground`:
    since when there is something that asks for it (a routine of repair, an open topic). None when none is to come."""
    if written is None and ground is None:
        return None
    since = [day for day in noted if written is None or day > written]
    if len(since) >= UNHEARD:
        return None
    last = max([*since, *([written] if written else [])], default=None)
    if last is not None:
        return shift(last, EVERY)
    assert ground is not None
    return ground + FIRST
