"""The word as it begins: for time together and for listening, phones away.

An event of these practices has one more word, at its start, unless one comes within the last half hour before: then
that one carries the line, because two would be one too many. A word an hour ahead is for getting ready, this one is for
being there; so they don't stand for each other. Nobody put it there, so quiet hours keep it away, and `remind = []`
asks for no word at all.
"""

from __future__ import annotations

import datetime as dt

from reconnectd.core.model import Practice, Routine
from reconnectd.core.occurrence import BEGINS, OccurrenceId

NEAR = dt.timedelta(minutes=30)

TOGETHER = (
    "Phones away: this time is yours.",
    "It begins now. Put the phones out of reach; the rest of the world can wait.",
    "Screens off, and look up: the two of you are all that it takes.",
    "Leave the phones in another room, as if they were asleep.",
    "Nothing to answer and nothing to check from here on, only each other.",
)
LISTENING = (
    "Phones away for these minutes: one tells, the other listens.",
    "Put the phones out of sight, and ask how the day was.",
    "Phones aside: nothing is to be solved now, only heard.",
)
APART = (
    "This time is yours: let everything else on the screen be still.",
    "Close what else is open; the voice at the other end is enough.",
    "Other messages can wait: just now there are only the two of you.",
)
"""Where a phone may be what connects them."""

_LINES = {Practice.QUALITY_TIME: TOGETHER, Practice.LISTENING: LISTENING}


def has_own_word(routine: Routine) -> bool:
    """Does the one word more come at the start of its events?"""
    return routine.practice in _LINES and routine.lasting is not None and min(routine.remind, default=NEAR / 2) >= NEAR


def opening(routine: Routine, name: OccurrenceId, *, apart: bool) -> str:
    """The line of that word, another one each time; "" where there is none."""
    lines = _LINES.get(routine.practice) if routine.practice and routine.lasting else None
    if lines is None:
        return ""
    lines = APART if apart else lines
    return lines[(name.nominal.toordinal() + name.n - 1) % len(lines)]


def carries_opening(lead: str) -> bool:
    """Does the word with this lead have the line? `lead` as in `Reminder`."""
    return lead == BEGINS or (lead.isdigit() and dt.timedelta(seconds=int(lead)) < NEAR)
