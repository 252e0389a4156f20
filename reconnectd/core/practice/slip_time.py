"""When what a slip asks for is said. Apart from the slip itself: most runs of the worker see none."""

from __future__ import annotations

from dataclasses import replace

from reconnectd.core.ics import Reading
from reconnectd.core.plain_dates import NINE, Found, Present, find
from reconnectd.core.practice.remembering import SOON, Circumstances, Understood, outside, understand
from reconnectd.core.practice.slip import Slip
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant
from reconnectd.errors import WrongUsage


def understood(slip: Slip, theirs: Reading, present: Present, quiet: Quiet) -> Understood:
    """What it asks for, at the time at which it stands; of a whole day at the time in its words, if there is one. What
    has come already is said in half an hour, outside quiet."""
    around = Circumstances(present, quiet, present.now + SOON)
    said = understand(slip.text, around, stands=_time(slip, theirs, present))
    soon = outside(present.now.replace(second=0, microsecond=0) + SOON, around.hushed())
    sayings = [one if one.at > present.now else replace(one, at=soon) for one in said.sayings]
    return replace(said, sayings=tuple(sayings))


def _time(slip: Slip, theirs: Reading, present: Present) -> Found:
    if not theirs.all_day:
        return Found(theirs.start, timed=True, other=None, rest=slip.text)
    try:
        found = find(slip.text, present)
    except WrongUsage:
        found = None
    day = theirs.local_start.date()
    return found or Found(instant(day, NINE, present.zone) or theirs.start, timed=False, other=None, rest=slip.text)
