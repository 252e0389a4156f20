"""What is going on, for a person who waits longer than a second; nothing in a pipe."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.status import Status

    from reconnectd.cli.output import Output

PATIENCE = 1.0
"""Seconds after which a person wants to know."""


class Waiting:
    """`say` changes the words; they are drawn on standard error, and gone when the work is done."""

    def __init__(self, output: Output) -> None:
        self._wanted = not output.as_json and output.is_terminal and sys.stderr.isatty()
        self._words = ""
        self._status: Status | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE, self._draw)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._wanted:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._wanted = False
            if self._status is not None:
                self._status.stop()

    def say(self, words: str) -> None:
        """What is being done now."""
        with self._lock:
            self._words = words
            if self._status is not None:
                self._status.update(words)

    def _draw(self) -> None:
        from rich.console import Console

        with self._lock:
            if self._wanted:
                self._status = Console(stderr=True, markup=False, highlight=False).status(self._words or "working")
                self._status.start()
