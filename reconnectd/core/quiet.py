"""Quiet hours: when nothing speaks.

A window begins at the first moment at which the clock shows its start and ends at the last at which it shows its
end, so a repeated hour is quiet as a whole.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.recurrence import stretch

Stretch = tuple[dt.datetime, dt.datetime]

_DAY = dt.timedelta(days=1)
_REACH = 3
"""Days on either side in which a stretch of quiet begins and ends: a short pause between two nights may fall
into the hour that a change of the clock takes away."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Daily (start, end) wall-clock pairs. With `end < start` a window runs past midnight, with `end == start`
    it lasts the whole day."""

    windows: tuple[tuple[dt.time, dt.time], ...] = ()

    @property
    def always(self) -> bool:
        """Do the windows leave no minute of the day? Then nothing ever speaks of its own accord."""
        return _cover_the_day(self.windows)

    def holding(self, instant: dt.datetime, zone: ZoneInfo) -> Stretch | None:
        """The quiet [begin, end) in UTC that contains `instant`, merged with what adjoins it; None outside quiet.

        When it is `always` quiet: the civil day of `instant`, though its neighbours are as quiet.
        """
        around = self.stretches(instant, instant + dt.timedelta(microseconds=1), zone)
        return next(iter(around), None)

    def free_from(self, instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """The earliest instant from `instant` on, in UTC, outside quiet; `instant` itself when it is `always` quiet."""
        held = None if self.always else self.holding(instant, zone)
        return held[1] if held else instant.astimezone(dt.UTC)

    def stretches(self, begin: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
        """The merged quiet stretches that touch [begin, end), whole, ascending, in UTC."""
        if not self.windows:
            return ()
        first, last = (moment.astimezone(zone).date() for moment in (begin, end))
        if self.always:
            days = [stretch(day, dt.time(), dt.time(), zone) for day in (first, last)]
            return ((days[0][0], days[1][1] if end > days[1][0] else days[1][0]),)
        merged = merge(self._each(first - _REACH * _DAY, last + _REACH * _DAY, zone))
        return tuple((start, stop) for start, stop in merged if start < end and begin < stop)

    def _each(self, first: dt.date, last: dt.date, zone: ZoneInfo) -> Iterator[Stretch]:
        for number in range((last - first).days + 1):
            for start, end in self.windows:
                yield stretch(first + number * _DAY, start, end, zone)


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same instants in as few stretches as possible, ascending; empty ones go."""
    merged: list[Stretch] = []
    for begin, end in sorted(stretches):
        if begin == end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


@functools.lru_cache(maxsize=16)
def _cover_the_day(windows: tuple[tuple[dt.time, dt.time], ...]) -> bool:
    day = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    spans = [
        (base + _since_midnight(start), base + _since_midnight(end) + (_DAY if end <= start else 0 * _DAY))
        for base in (day - _DAY, day, day + _DAY)
        for start, end in windows
    ]
    return any(begin <= day and day + _DAY <= end for begin, end in merge(spans))


def _since_midnight(time: dt.time) -> dt.timedelta:
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
