"""RFC 5545 §3.3.10: the recurrence rule of a `FixedRule`, with everything that DTSTART would imply written out.

Written out, a rule gives the same dates from any DTSTART in a period that it counts, so that it can be expanded
near the dates that are asked for and need not be walked from its beginning.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.model import FixedRule

EPOCH = dt.date(2024, 1, 1)
"""A Monday; what counts periods without `starting` counts them from here."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_DAY = dt.timedelta(days=1)
_CYCLE_YEARS = 400
_CYCLE = dt.timedelta(days=146_097)
"""The Gregorian calendar repeats after 400 years, weekdays included."""


@dataclass(frozen=True, slots=True)
class Recur:
    """A rule without UNTIL and COUNT, which are kept beside it. `by` are (name, value) as written."""

    freq: str
    interval: int
    wkst: int
    by: tuple[tuple[str, str], ...]
    start: dt.date
    until: str | None = None
    count: int | None = None

    @staticmethod
    def of(schedule: FixedRule) -> Recur:
        """Read the rule of a schedule. ValueError or KeyError for one that the grammar would have refused."""
        return _read(schedule.rrule, schedule.starting)

    @property
    def text(self) -> str:
        """The rule's value, endless."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.freq == "WEEKLY" or "BYWEEKNO" in dict(self.by):
            parts.append(f"WKST={WEEKDAYS[self.wkst]}")
        return ";".join([*parts, *(f"{name}={value}" for name, value in self.by)])

    def dates(self, lower: dt.date, upper: dt.date) -> Iterator[dt.date]:
        """The dates in [lower, upper), ascending; `starting`, UNTIL and COUNT are the caller's bounds.

        dateutil walks a rule that never comes true (30 February) to the year 9999. Whole cycles of 400 years
        are therefore added before and taken away after, which leaves it little to walk.
        """
        if lower >= upper:
            return
        from dateutil.rrule import rrulestr

        moved = (dt.MAXYEAR - upper.year) // _CYCLE_YEARS * _CYCLE
        begin = dt.datetime.combine(self._period(lower) + moved, dt.time())
        for found in rrulestr(self.text, dtstart=begin):
            day = found.date() - moved
            if day >= upper:
                return
            if day >= lower:
                yield day

    def last_date(self, at: dt.time, zone: ZoneInfo | None) -> dt.date | None:
        """The latest date that UNTIL or COUNT allows for an occurrence at `at`; None when there is no end.

        A COUNT that isn't used up in 400 years is no end.
        """
        ends = (self._until_date(at, zone), _counted(self))
        return min((end for end in ends if end is not None), default=None)

    def _until_date(self, at: dt.time, zone: ZoneInfo | None) -> dt.date | None:
        if self.until is None or self.until.startswith(str(dt.MAXYEAR)):
            return None
        if "T" not in self.until:
            return dt.datetime.strptime(self.until, "%Y%m%d").date()  # noqa: DTZ007 (a civil date)
        until = dt.datetime.strptime(self.until.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (aware below)
        where = zone or dt.UTC
        bound = until.replace(tzinfo=dt.UTC if self.until.endswith("Z") else where)
        day = bound.astimezone(where).date() + _DAY
        while dt.datetime.combine(day, at, where).astimezone(dt.UTC) > bound:
            day -= _DAY
        return day

    def _period(self, day: dt.date) -> dt.date:
        """The first day of the last counted period that begins on or before `day`."""
        match self.freq:
            case "DAILY":
                return day - dt.timedelta(days=(day - self.start).days % self.interval)
            case "WEEKLY":
                begin, origin = self._week(day), self._week(self.start)
                return begin - dt.timedelta(days=(begin - origin).days % (7 * self.interval))
            case "MONTHLY":
                months = (day.year - self.start.year) * 12 + day.month - self.start.month
                year, month = divmod(day.year * 12 + day.month - 1 - months % self.interval, 12)
                return dt.date(year, month + 1, 1)
            case _:
                return dt.date(day.year - (day.year - self.start.year) % self.interval, 1, 1)

    def _week(self, day: dt.date) -> dt.date:
        return day - dt.timedelta(days=(day.weekday() - self.wkst) % 7)


@functools.lru_cache(maxsize=256)
def _read(rrule: str, starting: dt.date | None) -> Recur:
    named = dict(part.split("=", 1) for part in rrule.upper().strip().strip(";").split(";"))
    start = starting or EPOCH
    by = {name: value for name, value in named.items() if name.startswith("BY")}
    return Recur(
        freq=named["FREQ"],
        interval=int(named.get("INTERVAL", "1")),
        wkst=WEEKDAYS.index(named.get("WKST", "MO")),
        by=tuple((by | _implied(named["FREQ"], by, start)).items()),
        start=start,
        until=named.get("UNTIL"),
        count=int(named["COUNT"]) if "COUNT" in named else None,
    )


def _implied(freq: str, by: dict[str, str], start: dt.date) -> dict[str, str]:
    """What the rule leaves to its start. A BYWEEKNO alone means each day of that week, said so that every
    program reads it alike."""
    if set(by) & {"BYYEARDAY", "BYMONTHDAY", "BYDAY"} or freq == "DAILY":
        return {}
    if "BYWEEKNO" in by:
        return {"BYDAY": ",".join(WEEKDAYS)}
    if freq == "WEEKLY":
        return {"BYDAY": WEEKDAYS[start.weekday()]}
    if freq == "YEARLY" and "BYMONTH" not in by:
        return {"BYMONTH": str(start.month), "BYMONTHDAY": str(start.day)}
    return {"BYMONTHDAY": str(start.day)}


@functools.lru_cache(maxsize=256)
def _counted(rule: Recur) -> dt.date | None:
    if rule.count is None:
        return None
    if rule.count < 1:
        return rule.start - _DAY
    horizon = min(rule.start.year + _CYCLE_YEARS, dt.MAXYEAR)
    counted = rule.dates(rule.start, dt.date(horizon, 12, 31))
    return next(itertools.islice(counted, rule.count - 1, None), None)
