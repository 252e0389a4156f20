"""Seconds that pass for people, too: a clock that nobody sets, and that goes on while the machine sleeps."""

from __future__ import annotations

import time

_CLOCK = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""On macOS CLOCK_MONOTONIC goes on in a sleep; on Linux only CLOCK_BOOTTIME does."""


def seconds() -> float:
    """Since some moment in the past."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
