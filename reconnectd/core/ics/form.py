"""The form in which an object writes its times, so that what is added looks like what is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.ics.intent import Intent
from reconnectd.core.ics.lines import Line, line
from reconnectd.core.ics.values import Moment, Zones

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Form:
    """DTSTART's form. `params` are its parameters (TZID or VALUE=DATE or none), `time` its wall clock, `utc`
    says that it ends in Z."""

    params: tuple[tuple[str, str], ...]
    zone: dt.tzinfo
    time: dt.time
    utc: bool = False
    date_only: bool = False

    @classmethod
    def of_intent(cls, intent: Intent) -> Form:
        """What we write ourselves: TZID and wall clock."""
        return cls((("TZID", intent.zone),), ZoneInfo(intent.zone), intent.start.time())

    @classmethod
    def of_event(cls, start: Moment, start_line: Line, zones: Zones) -> Form:
        """What stands in an object."""
        if start.date_only:
            return cls((("VALUE", "DATE"),), zones.named(""), dt.time(), date_only=True)
        if start_line.value.strip().upper().endswith("Z"):
            return cls((), dt.UTC, start.wall.time(), utc=True)
        tzid = start_line.params.get("TZID")
        return cls((("TZID", tzid),) if tzid else (), zones.named(start.zone), start.wall.time())

    def line(self, name: str, instant: dt.datetime) -> Line:
        """A property with that instant. On a day on which the clock jumps over `time`, the instance is written
        with `time`, as the rule makes it; where the clock shows an hour twice, its second pass is in UTC."""
        shown = instant.astimezone(self.zone)
        if self.date_only:
            return line(name, f"{shown:%Y%m%d}", VALUE="DATE")
        if self.utc:
            return line(name, utc_text(instant))
        for date in (shown.date(), shown.date() - _DAY):
            wall = dt.datetime.combine(date, self.time)
            if wall.replace(tzinfo=self.zone).astimezone(dt.UTC) == instant:
                return self.wall_line(name, wall)
        if shown.replace(fold=0).astimezone(dt.UTC) != instant:
            return line(name, utc_text(instant))
        return self.wall_line(name, shown.replace(tzinfo=None))

    def wall_line(self, name: str, wall: dt.datetime) -> Line:
        """A property with that wall clock."""
        return line(name, f"{wall:%Y%m%dT%H%M%S}", **dict(self.params))


def utc_text(instant: dt.datetime) -> str:
    """A date-time in UTC."""
    return f"{instant.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
