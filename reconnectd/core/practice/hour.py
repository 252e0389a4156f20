"""A calm hour: noon or early evening, when a word that isn't about anything pressing may come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant

HOURS = (dt.time(12), dt.time(18, 30))
DAYS = 4
"""A quiet hour gives way to the next calm one within so many days."""


def calm_hour(
    now: dt.datetime, zone: ZoneInfo, quiet: Quiet, at: Sequence[dt.time] = HOURS, days: int = DAYS
) -> dt.datetime:
    """The next one from `now` on, in UTC, outside quiet, the first of `at` before the others of its day; where quiet
    holds all of them, when it ends."""
    hours = [hour for hour in hours_from(now, zone, at, days) if hour > now]
    free = (hour for hour in hours if quiet.holding(hour, zone) is None)
    return next(free, quiet.free_from(hours[0], zone))


def hours_from(moment: dt.datetime, zone: ZoneInfo, at: Sequence[dt.time], days: int) -> Iterator[dt.datetime]:
    """These times of the local day of `moment`, gone by or not, and of the days after it; in UTC, without those that
    the zone skips."""
    first = moment.astimezone(zone).date()
    for number in range(days):
        for time in at:
            found = instant(first + dt.timedelta(days=number), time, zone)
            if found is not None:
                yield found
