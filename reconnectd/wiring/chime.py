"""The notification of a timer, shown beside it: a desktop that hangs holds no second up."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING

from reconnectd.core import wording
from reconnectd.wiring.trial import DAEMON_SECONDS, KEPT_OPEN, say

if TYPE_CHECKING:
    from reconnectd.wiring.session import Session


class Chime:
    """Shown by the daemon where it runs, else by this process; nowhere without a desktop."""

    def __init__(self, session: Session) -> None:
        from reconnectd.adapters.ipc_client import socket_path

        self._socket = socket_path(os.environ, session.places.state)
        self._ringing: threading.Thread | None = None

    def ring(self, *, over: bool) -> None:
        """Returns at once. `over`: it is the end; else a change."""
        self._ringing = threading.Thread(target=self._ring, args=(over,), name="chime", daemon=True)
        self._ringing.start()

    def fade(self) -> None:
        """Wait until the last one was taken; it would end with the process otherwise."""
        if self._ringing is not None:
            self._ringing.join(DAEMON_SECONDS + KEPT_OPEN)

    def _ring(self, over: bool) -> None:
        from reconnectd.adapters.ipc_client import ask

        answer = ask(self._socket, "ring", timeout=DAEMON_SECONDS, over=over)
        if answer is None or answer.get("error"):
            asyncio.run(say(*(wording.TIMER_IS_OVER if over else wording.TIMER_MOVED_ON)))
