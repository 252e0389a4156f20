"""How often a config would speak: the plan of four weeks, counted in bubbles."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from reconnectd.core.occurrence import AFTERWARDS
from reconnectd.core.planning import Outlook, plan
from reconnectd.core.reminding import DIGEST_ABOVE
from reconnectd.core.settings import Settings

WEEKS = 4


def spoken_per_week(settings: Settings, zone: str, now: dt.datetime) -> float:
    """Words on the screen in a week, as if nothing had been said or answered yet; whole from one a week on."""
    until = now + dt.timedelta(weeks=WEEKS)
    coming = plan(settings, Outlook(now=now, zone=zone, ahead=7 * WEEKS)).reminders
    together = Counter((word.due, word.lead == AFTERWARDS) for word in coming if now <= word.due < until)
    bubbles = sum(1 if question or count > DIGEST_ABOVE else count for (_, question), count in together.items())
    return rounded(bubbles / WEEKS)


def rounded(often: float) -> float:
    """2.75 → 3, 0.25 → 0.2: nobody counts half words."""
    return round(often) if often >= 1 else round(often, 1)
