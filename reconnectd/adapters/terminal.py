"""A whole terminal for a while: keys one by one, a screen of its own, and everything as it was before, however it ends.

Signals are noted and acted upon in `wait`, never in the middle of something. What would end the process (SIGTERM,
SIGHUP, SIGQUIT) gives the terminal back first; Ctrl-Z gives it back, stops, and takes it again after `fg`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

try:
    import termios
    import tty
except ImportError:  # Windows has neither; there `is_whole` says no
    pass

RESIZED, BACK, STOP, GONE = "resized", "back", "stop", "gone"
"""What `wait` returns beside keys: another size; it was stopped and goes on; Ctrl-C; there is nobody any more."""

ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")
OTHERS = ("SIGINT", "SIGWINCH", "SIGTSTP", "SIGCONT")

TAKE = "\x1b[?1049h\x1b[?25l\x1b[2J"
GIVE_BACK = "\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l"
"""Emptied first, because some terminals have no second screen."""
EMPTIED = "\x1b[H\x1b[2J\x1b[3J"
"""Nothing on the screen, and nothing above it to scroll to; in this order, because some scroll away what they empty."""

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"

Handler = Callable[[int, FrameType | None], Any] | int | None


def is_whole(environ: Mapping[str, str]) -> bool:
    """Can a screen be drawn here, and are there keys?"""
    return (
        "termios" in globals()
        and environ.get("TERM", "dumb") not in {"", "dumb", "unknown"}
        and sys.stdin.isatty()
        and sys.stdout.isatty()
    )


class Terminal:
    """The terminal between `with` and its end. To be used by the main thread.

    Where one of ENDING came, the process ends by it at the end of `with`: whoever waits for it learns the truth.
    `leaves_nothing`: what stood on the screen and above it before is gone, too, whenever it is given back.
    """

    def __init__(
        self, keys: int = 0, screen: int = 1, encoding: str = "utf-8", *, leaves_nothing: bool = False
    ) -> None:
        self._keys, self._screen, self._encoding = keys, screen, encoding
        self._taking = EMPTIED + TAKE if leaves_nothing else TAKE
        self._giving = GIVE_BACK + EMPTIED if leaves_nothing else GIVE_BACK
        self._heard: deque[int] = deque()
        self._typed: deque[str] = deque()
        self._handlers: dict[int, Handler] = {}
        self._before: list[Any] = []
        self._wakeup, self._noise = os.pipe()
        self._woken_before = -1
        self._ended_by: int | None = None

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._keys)
        for end in (self._wakeup, self._noise):
            os.set_blocking(end, False)
        self._listen()
        try:
            self._take()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        if self._ended_by is not None and kind is None:
            os.kill(os.getpid(), self._ended_by)

    def size(self) -> tuple[int, int]:
        """(columns, rows); 80 and 24 where nobody knows."""
        try:
            columns, rows = os.get_terminal_size(self._screen)
        except OSError:
            columns, rows = 80, 24
        return columns or 80, rows or 24

    def draw(self, lines: Sequence[str], *, heading: bool = True) -> None:
        """These lines and nothing else, the first one bold where it is a heading. They fit, and leave the last column
        free."""
        bold = int(heading and bool(lines) and bool(lines[0]))
        drawn = [*(f"{BOLD}{line}{PLAIN}" for line in lines[:bold]), *lines[bold:]]
        self._write("\x1b[H" + "\r\n".join(f"\x1b[2K{line}" for line in drawn) + "\x1b[J")

    def bell(self) -> None:
        """Sound or flash, as the terminal is set up."""
        self._write("\a")

    def wait(self, seconds: float | None) -> str:
        """A key, or RESIZED, BACK, STOP or GONE; "" when `seconds` are over. None waits as long as it takes."""
        if not self._heard and not self._typed:
            ready, _, _ = select.select([self._keys, self._wakeup], [], [], seconds)
            self._hush()
            if self._keys in ready and not self._heard:
                self._read()
        if self._heard:
            return self._act(self._heard.popleft())
        return self._typed.popleft() if self._typed else ""

    def _act(self, number: int) -> str:
        if number == signal.SIGINT:
            return STOP
        if number == signal.SIGWINCH:
            return RESIZED
        if number == signal.SIGTSTP:
            self._stop_here()
            return BACK
        if number == signal.SIGCONT:
            self._take()
            return BACK
        self._ended_by = number
        return GONE

    def _read(self) -> None:
        """The keys typed so far; an arrow and its like is none of ours."""
        try:
            typed = os.read(self._keys, 64)
        except OSError:
            typed = b""
        if not typed:
            self._typed.append(GONE)
        elif typed[:1] != b"\x1b" or len(typed) == 1:
            self._typed.extend(typed.decode("ascii", "replace").lower())

    def _stop_here(self) -> None:
        """As Ctrl-Z does; returns when the process goes on."""
        self._give_back()
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, ours)
        self._take()

    def _take(self) -> None:
        tty.setcbreak(self._keys)
        self._write(self._taking)

    def _give_back(self) -> None:
        """As it was; where the terminal is gone there is nothing to give back."""
        with contextlib.suppress(OSError):
            os.write(self._screen, self._giving.encode())
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._keys, termios.TCSAFLUSH, self._before)

    def _listen(self) -> None:
        for number in (getattr(signal, name) for name in (*ENDING, *OTHERS)):
            self._handlers[number] = signal.signal(number, lambda number, _: self._heard.append(number))
        self._woken_before = signal.set_wakeup_fd(self._noise, warn_on_full_buffer=False)

    def _leave(self) -> None:
        self._give_back()
        signal.set_wakeup_fd(self._woken_before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        for end in (self._wakeup, self._noise):
            os.close(end)

    def _hush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 512)

    def _write(self, text: str) -> None:
        """All of it; a terminal that is gone takes nothing, and `wait` will tell."""
        rest = text.encode(self._encoding, "replace")
        with contextlib.suppress(OSError):
            while rest:
                rest = rest[os.write(self._screen, rest) :]
