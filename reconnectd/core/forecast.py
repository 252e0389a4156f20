"""How often a config would speak.

The rule: from this moment on four weeks are planned as `reconnect plan` would plan them, and the bubbles that come
up in them are counted, for one week. So there are in it: every lead time, also of events that begin later; the
question after the events of a day, once; cues and surprises; and what quiet hours, `paused` and `at_most` leave of
them, never more than `at_most` says, though four weeks from a Saturday on are part of five. More than three words at
one instant are one bubble. Fewer than one a week are counted over a year instead, so that what comes monthly is
neither left out nor counted for more than it is. Nothing is answered: who presses Done is spared the rest; but what
counts from the last time is taken for done each time on its day. What is in the state (rests, moved and skipped
occurrences, one-offs) isn't asked: it is the file that is judged.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from reconnectd.core.model import CountedFrom, Daily, Fixed, Routine, Times
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.reminding import bubbles
from reconnectd.core.settings import Settings

WEEKS = 4
A_YEAR = 52
LONGEST_EVERY = 999
IN_A_WEEK = {"day": 7, "week": 1, "month": 12 / A_YEAR, "year": 1 / A_YEAR}


def spoken_per_week(settings: Settings, zone: str, now: dt.datetime) -> float:
    """Bubbles in a week; whole from one a week on. `zone` is the IANA name of the person's zone."""
    soon = _spoken(settings, zone, now, WEEKS)
    often = soon if soon >= 1 else _spoken(settings, zone, now, A_YEAR)
    return rounded(min(often, _allowed(settings.reminders.at_most)))


def _allowed(at_most: Times | None) -> float:
    """So many in a week."""
    return at_most.count * IN_A_WEEK[at_most.period] if at_most else float("inf")


def _spoken(settings: Settings, zone: str, now: dt.datetime, weeks: int) -> float:
    until = now + dt.timedelta(weeks=weeks)
    lived = replace(settings, routines=tuple(_done_each_time(routine) for routine in settings.routines))
    coming = plan(lived, Outlook(now=now, zone=zone, ahead=7 * weeks)).reminders
    return len(bubbles([word for word in coming if now <= word.due < until])) / weeks


def _done_each_time(routine: Routine) -> Routine:
    """The days on which a routine that counts comes when it is always done on its day."""
    schedule = routine.schedule
    if not isinstance(schedule, CountedFrom):
        return routine
    days = schedule.every.count * {"day": 1, "week": 7, "month": 30, "year": 365}[schedule.every.unit]
    return replace(routine, schedule=Fixed(Daily(), schedule.at, min(days, LONGEST_EVERY), schedule.starting))


def rounded(often: float) -> float:
    """2.75 → 3, 0.25 → 0.2: nobody counts half words."""
    return round(often) if often >= 1 else round(often, 1)
