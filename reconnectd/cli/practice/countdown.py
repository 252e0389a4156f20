"""A timer in the terminal, with a chime and a notification at each change: `run` is any, `take_a_break` a break.

Without a whole terminal (in a pipe, with TERM=dumb) it is a line for each change, and nothing can be pressed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from reconnectd.adapters import stopwatch
from reconnectd.adapters.terminal import BACK, GONE, STOP, Terminal, is_whole
from reconnectd.cli.practice.digits import cell
from reconnectd.cli.practice.timer_page import lines, page_of
from reconnectd.core.practice import breather
from reconnectd.core.practice.countdown import AWAY, Countdown, length
from reconnectd.wiring.chime import Chime

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

LEAVE = {"q", "\x1b", STOP, GONE}
NEXT, PAUSE = "n", " "
NOT_BEGUN = "Another time, then."


class Face(Protocol):
    """What is asked of a terminal."""

    def size(self) -> tuple[int, int]:
        """(columns, rows)."""
        ...

    def draw(self, lines: list[str]) -> None:
        """Show these lines and nothing else."""
        ...

    def bell(self) -> None:
        """Ring."""
        ...

    def wait(self, seconds: float | None) -> str:
        """What happened, at the latest after so many seconds; "" when nothing did."""
        ...


class Ring(Protocol):
    """Tells about a change."""

    def __call__(self, *, over: bool) -> None:
        """It has moved on, or is over; returns at once."""
        ...


Begin = Callable[[Face], tuple[Countdown, str] | None]
"""Asks on the screen what there is to ask: (what runs, its theme), or None to let it be."""


def take_a_break(call: Call, minutes: float = breather.MINUTES) -> bool:
    """Time apart to calm down; says itself what may come next. False when somebody ended it before."""
    return run(call, breather.breather(minutes * 60), over=breather.OVER, early=breather.LEFT_EARLY)


def run(
    call: Call,
    countdown: Countdown,
    *,
    over: Iterable[str],
    early: Iterable[str],
    theme: str = "",
    begin: Begin | None = None,
) -> bool:
    """Until it is over: True, and the lines `over` are said; or until somebody ends it: False, and `early` is."""
    chime = Chime(call.session)
    if is_whole(os.environ):
        with Terminal(encoding=sys.stdout.encoding) as terminal:
            begun = begin(terminal) if begin else (countdown, theme)
            whole = begun is not None and drive(terminal, *begun, chime.ring)
        early = early if begun else (NOT_BEGUN,)
    else:
        whole = _in_lines(call, countdown, theme, chime.ring)
    for line in over if whole else early:
        call.output.line(line)
    call.output.end()
    if whole:
        chime.fade()
    return whole


def drive(
    face: Face,
    countdown: Countdown,
    theme: str,
    ring: Ring,
    clock: Callable[[], float] = stopwatch.seconds,
) -> bool:
    """The loop; what it returns is as in `run`. `clock` goes on while the machine sleeps."""
    drawn, before = cell(), clock()
    while not countdown.is_over:
        face.draw(lines(page_of(countdown, theme), *face.size(), drawn))
        heard = face.wait(countdown.to_next_look)
        if heard in LEAVE:
            return False
        passed, before = _since(clock, before)
        later = moved(countdown, passed, heard)
        if later.at != countdown.at:
            face.bell()
            ring(over=later.is_over)
        countdown = later
    return True


def _since(clock: Callable[[], float], before: float) -> tuple[float, float]:
    now = clock()
    return now - before, now


def moved(countdown: Countdown, passed: float, heard: str) -> Countdown:
    """So many seconds later, after a key. A stage that ended just now needs no further step."""
    gone = heard == BACK or passed > AWAY
    later = countdown.gone(passed) if gone else countdown.after(passed)
    if later.is_over or (heard == NEXT and later.at != countdown.at):
        return later
    if heard == NEXT:
        return later.skipped()
    return later.toggled() if heard == PAUSE else later


def _in_lines(call: Call, countdown: Countdown, theme: str, ring: Ring) -> bool:
    """For a pipe or a terminal without a screen."""
    try:
        if theme:
            _tell(call, theme)
        for number, stage in enumerate(countdown.stages):
            place = f", {stage.place}" if stage.place else ""
            if number:
                _bell(call)
                ring(over=False)
            _tell(call, f"{stage.heading}{place}: {length(stage.seconds)}")
            _sleep(stage.seconds)
    except KeyboardInterrupt:
        call.output.line()
        return False
    _bell(call)
    ring(over=True)
    return True


def _tell(call: Call, text: str) -> None:
    """At once, also into a pipe."""
    call.output.line(text)
    call.output.end()


def _bell(call: Call) -> None:
    if call.output.is_terminal:
        sys.stdout.write("\a")


def _sleep(seconds: float) -> None:
    """Also a sleep of the machine counts."""
    end = stopwatch.seconds() + seconds
    while (left := end - stopwatch.seconds()) > 0:
        time.sleep(min(left, 1.0))
