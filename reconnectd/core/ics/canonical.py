"""One hash for one meaning: what servers and apps reshuffle doesn't count.

Used to recognise a write of our own whose answer was lost: Radicale and Xandikos write every object anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from reconnectd.core.ics.lines import Component, Line, Unreadable, parse
from reconnectd.core.ics.reading import leads_of, length_of, start_of
from reconnectd.core.ics.rules import canonical_rule
from reconnectd.core.ics.values import Moment, Zones, moments, unescaped

_IGNORED = frozenset(
    {"DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "ACKNOWLEDGED", "DTEND", "DURATION", "DTSTART", "EXDATE"}
)
_IGNORED_PREFIXES = ("X-MOZ-", "X-EVOLUTION-", "X-LIC-", "X-APPLE-", "X-WR-")
_DEFAULTS = {("TRANSP", "OPAQUE"), ("CLASS", "PUBLIC"), ("STATUS", "CONFIRMED"), ("PRIORITY", "0")}
_FORM_PARAMS = frozenset({"TZID", "VALUE"})


def canonical(data: bytes) -> str:
    """A hash of what the events of an object say. Of bytes that can't be read as one: of their words."""
    try:
        return _hash(_events(data))
    except Unreadable:
        return _hash(sorted(repr(word) for word in data.split()))


def _events(data: bytes) -> list[str]:
    root = parse(data)
    zones = Zones("UTC", {part.value("TZID").strip('"'): part for part in root.walk("VTIMEZONE")})
    said = sorted(_event(event, zones) for event in root.walk("VEVENT"))
    if not said:
        raise Unreadable("holds no event")
    return said


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()


def _event(event: Component, zones: Zones) -> str:
    start = start_of(event, zones)
    zone = start.zone if event.first("RRULE") is not None else ""
    said = [
        f"START {start.instant.isoformat()} {zone} {start.date_only}",
        f"LENGTH {length_of(event, zones)}",
        f"WITHOUT {_instants(event, start, zones)}",
        f"ALARMS {[str(lead) for lead in leads_of(event, zones)]}",
    ]
    said += [_property(line, start, zones) for line in event.items if isinstance(line, Line) and _counts(line)]
    return "\n".join(sorted(said))


def _instants(event: Component, start: Moment, zones: Zones) -> list[str]:
    return sorted(instant.isoformat() for instant in moments(event.lines("EXDATE"), zones, start))


def _counts(line: Line) -> bool:
    if not line.name or line.name in _IGNORED or line.name.startswith(_IGNORED_PREFIXES):
        return False
    value = line.value.strip()
    return bool(value) and (line.name, value.upper()) not in _DEFAULTS


def _property(line: Line, start: Moment, zones: Zones) -> str:
    params = sorted(f"{name}={value}" for name, value in line.params.items() if name not in _FORM_PARAMS)
    return f"{line.name} {params} {'|'.join(_value(line, start, zones))}"


def _value(line: Line, start: Moment, zones: Zones) -> Iterator[str]:
    if line.name == "RRULE":
        yield canonical_rule(line.value, start, zones)
    elif line.name in ("RECURRENCE-ID", "RDATE"):
        yield from (_instant(zones.moment(line, value, start), value) for value in line.value.split(","))
    else:
        yield unescaped(line.value).strip()


def _instant(moment: Moment | None, value: str) -> str:
    return value if moment is None else moment.instant.astimezone(dt.UTC).isoformat()
