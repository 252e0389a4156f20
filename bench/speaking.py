"""From the instant to the word."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator

from bench.person import PEOPLE, person, remember
from bench.table import Row, at_most, percentile
from reconnectd.adapters.clock import SystemClock

SINGLES, DIGESTS, IN_A_DIGEST = 200, 40, 100
STEP = dt.timedelta(seconds=120)


def lateness() -> list[Row]:
    """Due → Notify, one at a time and a hundred at once."""
    rows = []
    for count, instants, gap in ((1, SINGLES, 0.05), (IN_A_DIGEST, DIGESTS, 0.25)):
        late = _lateness(count, instants, gap)
        for share, limit in ((0.5, 2), (0.99, 10)):
            what = f"due → Notify, {count} due, p{share * 100:g}"
            rows.append(at_most(what, percentile(late, share), limit, " ms", f"{len(late)} bubbles"))
    return rows


def _lateness(count: int, instants: int, gap: float) -> list[float]:
    with person(PEOPLE) as (somebody, ears, _):
        now = SystemClock().now()
        start = now + dt.timedelta(seconds=5 + count * instants / 200)
        due = [start + n * dt.timedelta(seconds=gap) for n in range(instants)]
        remember(somebody, [at for at in due for _ in range(count)], now)
        heard = ears.wait_for(instants, (due[-1] - now).total_seconds() + 10)
        assert len(heard) == instants, f"{len(heard)} bubbles for {instants} instants"
        return [(at - when.timestamp()) * 1000 for (at, _, _), when in zip(heard, due, strict=True)]


def clock_step() -> list[Row]:
    """The wall clock set forward past the due time: what a suspend looks like. Once, and soon."""
    what, target = "clock set past the due time: word after the step", "≤ 50 ms, once"
    with person(PEOPLE) as (somebody, ears, _):
        now = SystemClock().now()
        remember(somebody, [now + STEP / 2], now)
        time.sleep(1)
        try:
            with stepped(STEP) as at:
                heard = list(ears.wait_for(1, 5))
                time.sleep(1)
        except PermissionError:
            return [Row(what, "the kernel does not let this user set the clock", target, None)]
        after = (heard[0][1] - at) * 1000 if heard else float("inf")
        return [Row(what, f"{after:.3g} ms, {len(ears.heard)} times", target, after <= 50 and len(ears.heard) == 1)]


@contextlib.contextmanager
def stepped(by: dt.timedelta) -> Iterator[float]:
    """Set the wall clock forward, and back by what has gone by; yields the monotonic time of the step."""
    began, wall = time.monotonic(), time.clock_gettime(time.CLOCK_REALTIME)
    time.clock_settime(time.CLOCK_REALTIME, wall + by.total_seconds())
    at = time.monotonic()
    try:
        yield at
    finally:
        time.clock_settime(time.CLOCK_REALTIME, wall + (time.monotonic() - began))
