"""The talks that are arranged by hand: a routine of reconnectd's own, which no config names.

What both see of it is honest and says nothing of what it is about.
"""

from __future__ import annotations

import datetime as dt

from reconnectd.core.model import TALKS, Arranged, Lasting, Practice, Routine

LENGTH = dt.timedelta(minutes=30)
TITLE = "Time to talk"
NOTES = "Half an hour, one thing at a time. Either of you can ask for a break, or for another day."

TALK = Routine(
    slug=TALKS, title=TITLE, schedule=Arranged(), practice=Practice.REPAIR, lasting=Lasting(LENGTH, LENGTH),
    calendar=True, remind=(dt.timedelta(hours=1),), done="ask", notes=NOTES,
)  # fmt: skip
