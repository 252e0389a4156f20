"""When something that went away is an answer, and when it is an accident that is asked about first."""

from __future__ import annotations

import datetime as dt

GONE_AFTER = dt.timedelta(minutes=10)
"""How long a routine is out of the config before that is an answer and not somebody who is still writing."""

FEW = 3
SHARE = 0.3


def is_accident(gone: int, known: int) -> bool:
    """More than max(3, 30 %) gone at once. `known` counts those that are gone, too."""
    return gone > max(FEW, SHARE * known)
