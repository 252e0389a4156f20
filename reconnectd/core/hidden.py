"""What a screen keeps to itself: the moment of a surprise that is still to come.

Small on purpose: the quickest commands import it.
"""

from __future__ import annotations

import datetime as dt

SURPRISE = "a surprise inside its windows"
"""How the reason of every surprise begins."""


def keeps_its_moment(reason: str, state: str, start: dt.datetime, now: dt.datetime, *, pinned: bool) -> bool:
    """Would the moment spoil a surprise? Not when it has come or was answered, nor when a person chose it."""
    return reason.startswith(SURPRISE) and state == "planned" and not pinned and start > now
