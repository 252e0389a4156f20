"""Surprise cues: times that nobody can guess, and that all of one person's devices agree on.

Everything is drawn from HMAC-SHA256 under a secret, so nothing is stored; a day's times depend on that day and
its nearest neighbours only, never on the range that is asked for.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from reconnectd.core.model import Period, Surprise
from reconnectd.core.quiet import Quiet, Stretch, merge
from reconnectd.core.recurrence import instant, stretch

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)
_FARTHEST = dt.timedelta(minutes=45)
_TRIES = 64
_A_MONDAY = dt.date(2024, 1, 1)
_REACH = 2
"""A window of at most 24 hours that starts late on one day ends before the third day has begun."""


@dataclass(frozen=True, slots=True)
class SurpriseTime:
    """The nth cue of its nominal day (by time), and when: whole minutes after its window began, in UTC."""

    nominal: dt.date
    n: int
    at: dt.datetime


def surprises(
    slug: str,
    schedule: Surprise,
    first: dt.date,
    last: dt.date,
    *,
    secret: bytes,
    zone: ZoneInfo,
    quiet: Quiet,
    week_start: int,
) -> Iterator[SurpriseTime]:
    """The cues of the nominal days in [first, last), ascending by day and n.

    A window past midnight belongs to the day on which it starts. "per day" means each day that has a window;
    of a longer period the days are drawn too, evenly filled when there are more cues than days. A time keeps
    clear of quiet, and of its neighbours by the smaller of 45 minutes and its windows' length divided by twice the
    day's cues; where that can't be had the distance is halved, down to a minute. What then has no place is left out.
    """
    draw = _Draw(slug, schedule, secret, zone, quiet, week_start)
    for number in range((last - first).days):
        day = first + number * _DAY
        for n, at in enumerate(draw.times(day), 1):
            yield SurpriseTime(day, n, at)


class Counting:
    """How many cues of a routine there were before one, counted from a day that is the same for everybody."""

    def __init__(
        self, slug: str, schedule: Surprise, secret: bytes, zone: ZoneInfo, quiet: Quiet, week_start: int
    ) -> None:
        self._draw = _Draw(slug, schedule, secret, zone, quiet, week_start)

    def before(self, day: dt.date, n: int) -> int:
        """Of the nth cue of that nominal day. Those that found no place are counted, too."""
        return self._draw.before(day) + n - 1


@dataclass(slots=True)
class _Draw:
    slug: str
    schedule: Surprise
    secret: bytes
    zone: ZoneInfo
    quiet: Quiet
    week_start: int
    _times: dict[dt.date, tuple[dt.datetime, ...]] = field(default_factory=dict)
    _counts: dict[dt.date, dict[dt.date, int]] = field(default_factory=dict)
    _open: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._open = frozenset(day for day in range(7) if self._has_free_time(day))

    def times(self, day: dt.date) -> tuple[dt.datetime, ...]:
        if day not in self._times:
            self._times[day] = self._draw_times(day)
        return self._times[day]

    def _draw_times(self, day: dt.date) -> tuple[dt.datetime, ...]:
        count = self._count(day)
        minutes = _minutes(self._windows(day, self.zone)) if count else ()
        if not minutes:
            return ()
        quiet = self.quiet.stretches(minutes[0], minutes[-1] + _MINUTE, self.zone)
        taken = list(self._neighbours(day))
        apart = min(len(minutes) * _MINUTE / (2 * count), _FARTHEST)
        chosen: list[dt.datetime] = []
        for n in range(1, count + 1):
            at = self._pick(day, n, minutes, quiet, [*taken, *chosen], apart)
            if at is not None:
                chosen.append(at)
        return tuple(sorted(chosen))

    def _pick(
        self,
        day: dt.date,
        n: int,
        minutes: Sequence[dt.datetime],
        quiet: Sequence[Stretch],
        taken: list[dt.datetime],
        apart: dt.timedelta,
    ) -> dt.datetime | None:
        """The first try that is free and far enough from what is taken; None when no free minute is left."""
        attempt = 0
        while apart >= _MINUTE:
            for _ in range(_TRIES):
                at = minutes[self._number(day, n, attempt) % len(minutes)]
                attempt += 1
                if not _within(at, quiet) and all(abs(at - other) >= apart for other in taken):
                    return at
            apart /= 2
        left = [at for at in minutes if not _within(at, quiet) and at not in taken]
        return left[self._number(day, n, attempt) % len(left)] if left else None

    def _neighbours(self, day: dt.date) -> Iterator[dt.datetime]:
        """The times near `day` that are drawn before it: days take turns by threes, so no chain ever forms."""
        turn = day.toordinal() % 3
        near = (day + number * _DAY for number in range(-_REACH, _REACH + 1))
        return (at for other in near if other.toordinal() % 3 < turn for at in self.times(other))

    def _count(self, day: dt.date) -> int:
        """How many cues fall on `day`."""
        period = _period(self.schedule.times.period, day, self.week_start)
        if period[0] not in self._counts:
            self._counts[period[0]] = self._share(period)
        return self._counts[period[0]].get(day, 0)

    def before(self, day: dt.date) -> int:
        """How many cues there are before that day, since a day long ago."""
        times = self.schedule.times
        if times.period == "day":
            weeks, weekday = divmod((day - _A_MONDAY).days, 7)
            return (weeks * len(self._open) + sum(other < weekday for other in self._open)) * times.count
        period = _period(times.period, day, self.week_start)
        earlier = sum(self._count(other) for other in period if other < day)
        return _ordinal(times.period, period[0]) * times.count + earlier

    def _share(self, period: list[dt.date]) -> dict[dt.date, int]:
        days = [day for day in period if day.weekday() in self._open and self._exists(day)]
        if not days:
            return {}
        each, rest = divmod(self.schedule.times.count, len(days))
        drawn = sorted(days, key=lambda day: self._number(period[0], "day", day))
        return {day: each + (rank < rest) for rank, day in enumerate(drawn)}

    def _number(self, *words: object) -> int:
        message = "\n".join(map(str, (self.slug, *words))).encode()
        return int.from_bytes(hmac.digest(self.secret, message, hashlib.sha256)[:8])

    def _exists(self, day: dt.date) -> bool:
        return instant(day, dt.time(), self.zone) is not None

    def _windows(self, day: dt.date, zone: ZoneInfo) -> list[Stretch]:
        windows = (window for window in self.schedule.within if day.weekday() in window.days)
        return merge(stretch(day, window.start, window.end, zone) for window in windows)

    def _has_free_time(self, weekday: int) -> bool:
        """Does quiet leave anything of that weekday's windows? Asked where no clock changes."""
        utc = ZoneInfo("UTC")
        for begin, end in self._windows(_A_MONDAY + weekday * _DAY, utc):
            quiet = self.quiet.stretches(begin, end, utc)
            if not any(start <= begin and end <= stop for start, stop in quiet):
                return True
        return False


def _minutes(windows: Sequence[Stretch]) -> list[dt.datetime]:
    return [begin + number * _MINUTE for begin, end in windows for number in range(-((begin - end) // _MINUTE))]


def _within(at: dt.datetime, stretches: Sequence[Stretch]) -> bool:
    return any(begin <= at < end for begin, end in stretches)


def _ordinal(period: Period, first: dt.date) -> int:
    """The number of the week, month or year that begins on that day."""
    months = first.year * 12 + first.month
    return {"week": first.toordinal() // 7, "month": months, "year": first.year}[period]


def _period(period: Period, day: dt.date, week_start: int) -> list[dt.date]:
    match period:
        case "day":
            begin, length = day, 1
        case "week":
            begin, length = day - (day.weekday() - week_start) % 7 * _DAY, 7
        case "month":
            begin, length = day.replace(day=1), calendar.monthrange(day.year, day.month)[1]
        case "year":
            begin, length = dt.date(day.year, 1, 1), 365 + calendar.isleap(day.year)
    return [begin + number * _DAY for number in range(length)]
