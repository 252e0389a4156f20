"""A calm hour: noon or early evening, when a word that isn't about anything pressing may come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant

HOURS = (dt.time(12), dt.time(18, 30))
DAYS = 4
"""A quiet hour gives way to the next calm one within so many days."""


def calm_hour(now: dt.datetime, zone: ZoneInfo, quiet: Quiet) -> dt.datetime:
    """The next one from `now` on, in UTC, outside quiet; where quiet holds all of them, when it ends."""
    hours = list(_hours(now, zone))
    free = (hour for hour in hours if quiet.holding(hour, zone) is None)
    return next(free, quiet.free_from(hours[0], zone))


def _hours(now: dt.datetime, zone: ZoneInfo) -> Iterator[dt.datetime]:
    today = now.astimezone(zone).date()
    for number in range(DAYS):
        for hour in HOURS:
            at = instant(today + dt.timedelta(days=number), hour, zone)
            if at is not None and at > now:
                yield at
