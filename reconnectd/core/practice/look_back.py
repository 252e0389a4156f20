"""The look back, every six weeks: what went well, what to keep, what to make lighter, what to change."""

from __future__ import annotations

import datetime as dt

KIND = "look-back"
EVERY = dt.timedelta(days=42)
LONGEST = 500
QUESTIONS = (
    ("well", "What went well?"),
    ("keep", "What do you want to keep as it is?"),
    ("lighter", "What may become lighter?"),
    ("change", "What would you like to change?"),
)
NOTE_TITLE = "Six weeks have passed"
NOTE_BODY = "When you feel like it: `reconnect talk --look-back`, a few minutes over what went well."


def next_look(last: dt.date | None, began: dt.date | None) -> dt.date | None:
    """From which day on a look back is welcome: six weeks after the last one, else after the first check-in or talk.
    None when there was neither."""
    since = last or began
    return since + EVERY if since else None
