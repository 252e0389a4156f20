"""How often a config would speak.

The rule: from this moment on four weeks are planned as `reconnect plan` would plan them, and the bubbles that come
up in them are counted, for one week. So there are in it: every lead time, also of events that begin later; the
question after the events of a day, once; cues and surprises; and what quiet hours, `paused` and `at_most` leave of
them. More than three words at one instant are one bubble. Fewer than one a week are counted over a year instead, so
that what comes monthly is neither left out nor counted for more than it is. Nothing is answered: who presses Done is
spared the rest. What is in the state (rests, moved and skipped occurrences, one-offs) isn't asked: it is the file
that is judged.
"""

from __future__ import annotations

import datetime as dt

from reconnectd.core.planning import Outlook, plan
from reconnectd.core.reminding import bubbles
from reconnectd.core.settings import Settings

WEEKS = 4
A_YEAR = 52


def spoken_per_week(settings: Settings, zone: str, now: dt.datetime) -> float:
    """Bubbles in a week; whole from one a week on. `zone` is the IANA name of the person's zone."""
    soon = _spoken(settings, zone, now, WEEKS)
    return rounded(soon if soon >= 1 else _spoken(settings, zone, now, A_YEAR))


def _spoken(settings: Settings, zone: str, now: dt.datetime, weeks: int) -> float:
    until = now + dt.timedelta(weeks=weeks)
    coming = plan(settings, Outlook(now=now, zone=zone, ahead=7 * weeks)).reminders
    return len(bubbles([word for word in coming if now <= word.due < until])) / weeks


def rounded(often: float) -> float:
    """2.75 → 3, 0.25 → 0.2: nobody counts half words."""
    return round(often) if often >= 1 else round(often, 1)
