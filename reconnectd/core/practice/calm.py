"""When a talk about something hard may be: the guards, and the first calm half hour that keeps them all.

1. At least a day ahead, so that nobody is taken by surprise; in an evening or on a free day.
2. Over by `talk_not_after`, not before eight, wherever each of the two is; no minute of it in quiet hours.
3. Not on the day of a check-in (one talk a day is enough), not within three hours of time together, over nothing else.
4. At most `repair_at_most`; after a talk that was hard not in the week that follows it.
5. Not while the talks rest.

A person's own time is never refused: what it is against is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from zoneinfo import ZoneInfo

from reconnectd.core.arranged_talk import LENGTH
from reconnectd.core.model import Period, Practice, Window
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant, local_date, stretch
from reconnectd.core.settings import Guards

AHEAD = dt.timedelta(days=1)
LOOK = dt.timedelta(days=35)
"""How far ahead a calm time is looked for."""
APART_FROM_TIME_TOGETHER = dt.timedelta(hours=3)
STEP = dt.timedelta(minutes=30)
MORNING = dt.time(8)
WINDOWS = (
    Window(frozenset(range(5)), dt.time(18), dt.time(23)),
    Window(frozenset({5, 6}), dt.time(10), dt.time(23)),
)
"""Where a calm time is looked for until it is known when the two are free; the guards take away what is too late."""

_DAY = dt.timedelta(days=1)


class Against(Enum):
    """What a time is against, in words for a person."""

    SOON = "it is less than a day away"
    EARLY = "it is early in the day for one of you"
    LATE = "it would go on later than your guards like ([guards] talk_not_after)"
    QUIET = "it lies in quiet hours"
    CHECK_IN = "there is a check-in that day"
    TOGETHER = "it is close to your time together"
    TAKEN = "something else stands there"
    OFTEN = "there is a talk in that time already ([guards] repair_at_most)"
    AFTER_A_HARD_ONE = "the last talk was hard, and a week without one does good"
    RESTING = "talks rest then"


@dataclass(frozen=True, slots=True)
class Taken:
    """Something of the plan that has a length."""

    begins: dt.datetime
    over: dt.datetime
    practice: str | None


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the time in which a talk is looked for. `zones` are those of the two, one's own first;
    `talks` the beginnings of the others, `hard` when the last one was, if that one was hard; `rests` whether the talks
    rest at an instant."""

    zones: tuple[ZoneInfo, ...]
    quiet: Quiet = field(default_factory=Quiet)
    guards: Guards = field(default_factory=Guards)
    day_start: dt.time = dt.time(4)
    week_start: int = 0
    taken: Sequence[Taken] = ()
    talks: Sequence[dt.datetime] = ()
    hard: dt.datetime | None = None
    rests: Callable[[dt.datetime], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class WindowSlots:
    """Every half hour in some windows, as if one were free in all of them."""

    zone: ZoneInfo
    windows: tuple[Window, ...] = WINDOWS

    def starts(self, first: dt.datetime, last: dt.datetime, length: dt.timedelta) -> Iterator[dt.datetime]:
        """As `ports.Slots` says."""
        day, end = first.astimezone(self.zone).date() - _DAY, last.astimezone(self.zone).date()
        while day <= end:
            for begin, over in sorted(self._on(day)):
                yield from _half_hours(max(begin, first), begin, min(over, last) - length)
            day += _DAY

    def _on(self, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        for window in self.windows:
            if day.weekday() in window.days:
                yield stretch(day, window.start, window.end, self.zone)


def _half_hours(first: dt.datetime, origin: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
    """From `first` to `last`, both included, at whole steps from `origin`."""
    start = origin + -((origin - first) // STEP) * STEP
    while start <= last:
        yield start
        start += STEP


def calm_slot(starts: Iterable[dt.datetime], now: dt.datetime, around: Around) -> dt.datetime | None:
    """The first of `starts` that is against nothing; None when there is none."""
    return next((start for start in starts if not against(start, now, around)), None)


def against(start: dt.datetime, now: dt.datetime, around: Around) -> tuple[Against, ...]:
    """Everything that a talk from `start` on would be against, in the order of `Against`."""
    end = start + LENGTH
    day = start.astimezone(around.zones[0]).date()
    found = {
        Against.SOON: start < now + AHEAD,
        Against.EARLY: any(_is_early(start, zone, around) for zone in around.zones),
        Against.LATE: any(_is_late(start, end, zone, around) for zone in around.zones),
        Against.QUIET: bool(around.quiet.stretches(start, end, around.zones[0])),
        Against.CHECK_IN: any(
            one.practice == Practice.CHECK_IN and one.begins.astimezone(around.zones[0]).date() == day
            for one in around.taken
        ),
        Against.TOGETHER: any(
            one.practice == Practice.QUALITY_TIME and _touch(one, start, end, APART_FROM_TIME_TOGETHER)
            for one in around.taken
        ),
        Against.TAKEN: any(_touch(one, start, end, dt.timedelta(0)) for one in around.taken),
        Against.OFTEN: _how_often(start, around) >= around.guards.repair_at_most.count,
        Against.AFTER_A_HARD_ONE: _follows_a_hard_one(start, around),
        Against.RESTING: around.rests(start),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _is_early(start: dt.datetime, zone: ZoneInfo, around: Around) -> bool:
    local = start.astimezone(zone)
    return around.day_start <= local.time() < MORNING


def _is_late(start: dt.datetime, end: dt.datetime, zone: ZoneInfo, around: Around) -> bool:
    """A limit after midnight, such as 00:30, is of the evening before."""
    day = local_date(start, zone, around.day_start)
    limit = around.guards.talk_not_after
    last = instant(day + _DAY if limit < around.day_start else day, limit, zone)
    return last is not None and end > last


def _touch(one: Taken, start: dt.datetime, end: dt.datetime, gap: dt.timedelta) -> bool:
    return one.begins - gap < end and start < one.over + gap


def _how_often(start: dt.datetime, around: Around) -> int:
    """How many talks the period of `start` has already."""
    unit = around.guards.repair_at_most.period
    wanted = _period(start, around, unit)
    return sum(_period(talk, around, unit) == wanted for talk in around.talks)


def _follows_a_hard_one(start: dt.datetime, around: Around) -> bool:
    if around.hard is None:
        return False
    weeks = (_period(start, around, "week") - _period(around.hard, around, "week")).days // 7
    return weeks < 2


def _period(moment: dt.datetime, around: Around, unit: Period) -> dt.date:
    """The first day of the day, week, month or year that holds an instant."""
    day = moment.astimezone(around.zones[0]).date()
    if unit == "week":
        return day - dt.timedelta(days=(day.weekday() - around.week_start) % 7)
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day
