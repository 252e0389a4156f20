"""Property values: text, durations, date-times and the zones they are written in (RFC 5545 §3.2.19, §3.3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from reconnectd.core.ics.lines import Component, Line, Unreadable, serialise

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST = dt.timedelta(days=366)
_DAY = dt.timedelta(days=1)

_STAMP = re.compile(r"(?P<date>\d{8})(?:T(?P<time>\d{6})(?P<utc>Z)?)?\Z", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?\Z",
    re.ASCII | re.IGNORECASE,
)
_ESCAPE = re.compile(r'\\([nN\\;,:"])')
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}\Z")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


def escaped(text: str) -> str:
    """TEXT as it is written (RFC 5545 §3.3.11); line ends become one kind, control characters go."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def unescaped(value: str) -> str:
    """TEXT as a person reads it; an unknown escape stays as it is."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def duration(value: str) -> dt.timedelta | None:
    """A DURATION; None when it is none. Unreadable when it is longer than a year."""
    match = _DURATION.match(value.strip()[:64])
    if match is None or not any(match[unit] for unit in ("weeks", "days", "hours", "minutes", "seconds")):
        return None
    amounts = {unit: int(match[unit] or 0) for unit in ("weeks", "days", "hours", "minutes", "seconds")}
    if sum(amounts.values()) > 40_000_000 or dt.timedelta(**amounts) > LONGEST:
        raise Unreadable("a duration of more than a year")
    length = dt.timedelta(**amounts)
    return -length if match["sign"] == "-" else length


def written_duration(length: dt.timedelta) -> str:
    """A DURATION of whole minutes where it can be, else of seconds: what every client understands."""
    seconds = int(length.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, left = divmod(abs(seconds), 60)
    return f"{sign}PT{abs(seconds)}S" if left else f"{sign}PT{minutes}M"


@dataclass(frozen=True, slots=True)
class Moment:
    """A DATE or DATE-TIME as it stands: the wall clock, and whose. `zone` is "" for a floating one or a date."""

    wall: dt.datetime
    zone: str
    date_only: bool
    instant: dt.datetime


@dataclass
class Zones:
    """Finds the zone that a TZID means: the IANA zone by any of its names, else the file's own VTIMEZONE, else
    `local` (and a word in `problems`)."""

    local: str
    defined: Mapping[str, Component] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _found: dict[str, tuple[str, dt.tzinfo]] = field(default_factory=dict)

    def zone(self, tzid: str) -> tuple[str, dt.tzinfo]:
        """(name, zone) for a TZID; the name is IANA's where there is one."""
        if tzid not in self._found:
            self._found[tzid] = self._find(tzid)
        return self._found[tzid]

    def _find(self, tzid: str) -> tuple[str, dt.tzinfo]:
        definition = self.defined.get(tzid)
        known = iana_name(tzid)
        if known is None and definition is not None:
            known = iana_name(definition.value("X-LIC-LOCATION"))
        if known is not None:
            return known, ZoneInfo(known)
        own = None if definition is None else _embedded(definition)
        if own is not None:
            return tzid, own
        self.problems.append("a time zone that nobody knows: read as local time")
        return self.local, ZoneInfo(self.local)

    def moment(self, line: Line, value: str, like: Moment | None = None) -> Moment | None:
        """A DATE or DATE-TIME of `line`; None when it is neither or outside the years 1900 to 2199.

        `like` is DTSTART: a floating time is in its zone, and a date means the instance of that day.
        """
        match = _STAMP.match(value.strip())
        wall = None if match is None else _wall(match["date"], match["time"])
        if match is None or wall is None:
            return None
        if match["time"] is None:
            return self._date(wall, like)
        if like is not None and like.date_only:
            return self._date(wall.replace(hour=0, minute=0, second=0), like)
        if match["utc"]:
            return Moment(wall, "UTC", date_only=False, instant=wall.replace(tzinfo=dt.UTC))
        return self._timed(wall, line.params.get("TZID", ""), like)

    def _timed(self, wall: dt.datetime, tzid: str, like: Moment | None) -> Moment:
        if tzid:
            name, zone = self.zone(tzid)
        elif like is not None:
            name, zone = like.zone, self.named(like.zone)
        else:
            name, zone = "", ZoneInfo(self.local)
        return Moment(wall, name, date_only=False, instant=wall.replace(tzinfo=zone).astimezone(dt.UTC))

    def _date(self, wall: dt.datetime, like: Moment | None) -> Moment:
        if like is None or like.date_only:
            local = wall.replace(tzinfo=ZoneInfo(self.local))
            return Moment(wall, "", date_only=True, instant=local.astimezone(dt.UTC))
        return self._timed(dt.datetime.combine(wall.date(), like.wall.time()), "", like)

    def named(self, name: str) -> dt.tzinfo:
        """The zone of a Moment."""
        return ZoneInfo(self.local) if not name else self.zone(name)[1]


def moments(lines: Iterable[Line], zones: Zones, like: Moment) -> frozenset[dt.datetime]:
    """The instants of all values of EXDATE or RDATE lines, whatever their form; unusable ones are left out."""
    found: set[dt.datetime] = set()
    for each in lines:
        for value in each.value.split(","):
            moment = zones.moment(each, value, like)
            if moment is not None:
                found.add(moment.instant)
    return frozenset(found)


@lru_cache(maxsize=512)
def iana_name(tzid: str) -> str | None:
    """The IANA name that a TZID means: itself, with a vendor's prefix, or Windows' name for it; else None."""
    text = tzid.strip().strip('"')
    parts = text.split("/") if len(text) <= 200 else []
    for length in (3, 2, 1):
        name = "/".join(parts[-length:])
        if len(parts) >= length and _is_zone(name):
            return name
    return _WINDOWS.get(text.casefold())


def _is_zone(name: str) -> bool:
    if not _ZONE_NAME.match(name) or len(name) > 64:
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _embedded(definition: Component) -> dt.tzinfo | None:
    """The rules that a file brings along; None when they can't be used, or would take long to use."""
    parts = [part for part in definition.items if isinstance(part, Component)]
    rules = [rule.value.upper() for part in parts for rule in part.lines("RRULE")]
    if len(parts) > 200 or any("FREQ=YEARLY" not in rule or len(rule) > 200 for rule in rules):
        return None
    if any("INTERVAL" in rule or "BYSECOND" in rule or "BYMINUTE" in rule for rule in rules):
        return None
    if not all(_year(part.value("DTSTART")) for part in parts):
        return None
    try:
        parsed = Timezone.from_ical(serialise(definition).decode("utf-8", "replace"))
        assert isinstance(parsed, Timezone)
        zone: dt.tzinfo = parsed.to_tz(lookup_tzid=False)
    except Exception:  # noqa: BLE001 - a foreign parser on hostile text: whatever it raises, the text is unusable
        return None
    return zone


def _year(stamp: str) -> bool:
    return bool(re.match(r"(1[5-9]|2[01])\d\d", stamp))


def _wall(date: str, time: str | None) -> dt.datetime | None:
    text = date + (time or "000000")
    text = text[:-2] + "59" if text.endswith("60") else text
    try:
        wall = dt.datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 - a wall clock has no zone yet
    except ValueError:
        return None
    return wall if FIRST_YEAR <= wall.year <= LAST_YEAR else None
