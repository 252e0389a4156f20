"""Named places at which a test may end the process, as a power cut would.

Ending a process at random hits the narrow windows once in a hundred tries; a named point hits them every time.
Unarmed, which is always outside tests, a point costs one comparison.
"""

from __future__ import annotations

import os
import signal

POINTS = (
    "claimed",  # the words are marked as being sent, nothing was sent
    "notified",  # the server has the bubble, the row doesn't say so yet
    "pulled",  # changes were fetched, nothing of them is stored
    "queued",  # a write is in the outbox, nothing was sent
    "written",  # the server has the object, the row doesn't say so yet
    "answered",  # a button was pressed, the fact isn't stored yet
    "made",  # a new state has its tables, but not yet its name
    "migrated",  # the tables are of the newer format, nothing of it is committed
    "copied",  # a copy is whole, but has no name yet
    "restored",  # the old state has a second name, the copy isn't in its place yet
)

_ARMED = os.environ.get("RECONNECTD_CRASH_AT", "")


def crashpoint(name: str) -> None:
    """End here with SIGKILL, if a test armed this point."""
    if _ARMED and name == _ARMED:
        os.kill(os.getpid(), signal.SIGKILL)
