"""A series that a person moved in the calendar: its own start, rule and length, kept in place of the config's."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.model import FixedRule


@dataclass(frozen=True, slots=True)
class SeriesPin:
    """`start` is naive local time of the first instance, `rrule` the value of RRULE or None for a single event,
    `length` how long each takes, `zone` its IANA name ("" for a floating time)."""

    start: dt.datetime
    rrule: str | None
    length: dt.timedelta
    zone: str = ""

    def to_json(self) -> str:
        """As the state keeps it."""
        return json.dumps([self.start.isoformat(), self.rrule, self.length.total_seconds(), self.zone])

    @classmethod
    def from_json(cls, text: str) -> SeriesPin:
        """The other way round."""
        start, rrule, seconds, zone = json.loads(text)
        return cls(dt.datetime.fromisoformat(start), rrule, dt.timedelta(seconds=seconds), zone)

    def schedule(self) -> FixedRule:
        """The rule without its end, which `until` has."""
        if self.rrule is None:
            return FixedRule("FREQ=DAILY;COUNT=1", self.start.time(), self.start.date())
        parts = [part for part in self.rrule.split(";") if not part.upper().startswith("UNTIL=")]
        return FixedRule(";".join(parts), self.start.time(), self.start.date())

    def until(self, zone: ZoneInfo) -> dt.date | None:
        """The last local date on which it may stand (UNTIL of RFC 5545 §3.3.10, in any of its forms)."""
        parts = dict(part.split("=", 1) for part in (self.rrule or "").upper().split(";") if "=" in part)
        text = parts.get("UNTIL")
        if text is None:
            return None
        if len(text) == len("20261127"):
            return dt.datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
        naive = dt.datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the zone follows
        last = naive.replace(tzinfo=dt.UTC if text.endswith("Z") else zone)
        return last.astimezone(zone).date()
