"""Two other days for an event that did not happen: at its usual time, where nothing of ours is in the way.

They come from now on, the nearest first, so the same week is used before the next one, and always before the routine
comes again by itself. A day is against it that has an event of the same practice; a time, that is in quiet hours, in a
rest, less than three hours beside another event, or for a talk beyond `talk_not_after`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from reconnectd.core.model import Practice
from reconnectd.core.occurrence import Occurrence
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant
from reconnectd.core.settings import Guards

SOONEST = dt.timedelta(hours=3)
REACH = dt.timedelta(days=8)
BESIDE = dt.timedelta(hours=3)
"""Room left between two events."""

TWO = 2
_TALKS = {Practice.CHECK_IN, Practice.REPAIR}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UsualTime:
    """A `ports.Slots`: the same time every day, as if one were free then."""

    at: dt.time
    zone: ZoneInfo

    def starts(self, first: dt.datetime, last: dt.datetime, length: dt.timedelta) -> Iterator[dt.datetime]:  # noqa: ARG002 - of the port
        """As `ports.Slots` says; a day that doesn't have that time has none."""
        day = first.astimezone(self.zone).date()
        while day <= last.astimezone(self.zone).date():
            start = instant(day, self.at, self.zone)
            if start is not None and first <= start <= last:
                yield start
            day += _DAY


@dataclass(frozen=True, slots=True)
class Beside:
    """What else there is. `others` are the events that are still to come, of any routine; `zone` is the person's;
    `rests` says whether the routine rests at an instant."""

    zone: ZoneInfo
    others: Sequence[Occurrence] = ()
    quiet: Quiet = field(default_factory=Quiet)
    guards: Guards = field(default_factory=Guards)
    rests: Callable[[dt.datetime], bool] = lambda _: False


def two_days(item: Occurrence, starts: Iterable[dt.datetime], beside: Beside) -> tuple[dt.datetime, ...]:
    """The first two of `starts` that suit, on two days, in the person's zone; fewer where there are no more."""
    suiting: dict[dt.date, dt.datetime] = {}
    for start in starts:
        local = start.astimezone(beside.zone)
        if local.date() not in suiting and _suits(item, local, beside):
            suiting[local.date()] = local
            if len(suiting) == TWO:
                break
    return tuple(suiting.values())


def _suits(item: Occurrence, start: dt.datetime, beside: Beside) -> bool:
    begins = start.astimezone(dt.UTC)
    over = begins + (item.over - item.begins)
    return not (
        start.date() == item.begins.astimezone(beside.zone).date()
        or beside.quiet.holding(begins, beside.zone)
        or beside.rests(begins)
        or any(_is_in_the_way(item, other, begins, over, beside.zone) for other in beside.others)
        or (item.practice in _TALKS and _is_late(start, over.astimezone(beside.zone), beside.guards))
    )


def _is_in_the_way(item: Occurrence, other: Occurrence, begins: dt.datetime, over: dt.datetime, zone: ZoneInfo) -> bool:
    if other.id.slug == item.id.slug and other.begins <= over:
        return True
    alike = item.practice is not None and other.practice == item.practice
    if alike and other.begins.astimezone(zone).date() == begins.astimezone(zone).date():
        return True
    return other.begins < over + BESIDE and begins < other.over + BESIDE


def _is_late(start: dt.datetime, end: dt.datetime, guards: Guards) -> bool:
    return end.date() > start.date() or end.time() > guards.talk_not_after
