"""A series that ends, and the one that goes on in its place.

Both are edited copies of what stands: the words, alarms and unknown properties that people and their apps put there
stay with the past, and go along into the future.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from reconnectd.core.ics.form import Form, utc_text
from reconnectd.core.ics.intent import Intent
from reconnectd.core.ics.lines import Component, Line, line, parse, serialise
from reconnectd.core.ics.reading import Reading, nominal_instant, pick, read, start_of
from reconnectd.core.ics.rules import end_of, instances, without_end
from reconnectd.core.ics.values import Moment, Zones, moments
from reconnectd.core.ics.writing import Times, override_of, times_of, zone_component
from reconnectd.core.identity import x_id

_TO_BE_COUNTED = ("BYWEEKNO", "BYYEARDAY", "BYSETPOS")
_STAYS_BEHIND = ("EXDATE", "RDATE", "EXRULE", "CREATED", "STATUS", "DURATION", "COMPLETED")
_IDENTITY = (
    "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "X-RECONNECTD-ID",
)  # fmt: skip


def ended(base: bytes, now: dt.datetime, *, local: str = "UTC") -> bytes | None:
    """`base` without the instances that begin after `now`: UNTIL in the form of DTSTART (RFC 5545 §3.3.10), and no
    exceptions beyond it. `base` itself where it ended before; None when no instance is left, because some servers
    refuse a series without any. `local` is the zone of floating times and of dates."""
    file = _File.of(base, local)
    reading = read(base, local=local)
    if reading.rrule is None:
        return base
    if _ends_before(reading, now, file.zone):
        return base
    file.put_until(now)
    file.drop_beyond(now)
    file.sign(now)
    text = serialise(file.root)
    return text if _has_any(read(text, local=local), file.zone) else None


def successor(base: bytes, intent: Intent, carried: Mapping[dt.datetime, dt.datetime], *, local: str = "UTC") -> bytes:
    """The next generation: the words of `base` under the UID, schedule and exceptions of `intent`. `carried` has the
    nominal instants of `base` whose own components go along, and what they are in `intent`."""
    file = _File.of(base, local)
    old = {file.nominal(event): event for event in file.overrides}
    for event in list(file.root.walk("VEVENT")):
        if event is not file.master:
            _holder(file.root, event).remove(event)
    file.become(intent)
    form = Form.of_intent(intent)
    own = {new: old[before] for before, new in carried.items() if before in old and new not in intent.skipped}
    for nominal in sorted(intent.moved.keys() | own.keys()):
        times = intent.moved.get(nominal, (nominal, nominal + intent.duration))
        file.calendar.items.append(_instance(file.master, own.get(nominal), nominal, times, form))
    file.master.insert(*(form.line("EXDATE", at) for at in sorted(intent.skipped - intent.moved.keys())))
    return serialise(file.root)


@dataclass(slots=True)
class _File:
    """One object, taken apart."""

    root: Component
    calendar: Component
    master: Component
    overrides: list[Component]
    zones: Zones
    start: Moment

    @classmethod
    def of(cls, base: bytes, local: str) -> _File:
        root = parse(base)
        master, overrides, zones, _ = pick(root, local)
        return cls(root, _holder(root, master), master, overrides, zones, start_of(master, zones))

    @property
    def zone(self) -> dt.tzinfo:
        return self.zones.named(self.start.zone)

    def nominal(self, override: Component) -> dt.datetime | None:
        return nominal_instant(override, self.start, self.zones)

    def put_until(self, now: dt.datetime) -> None:
        rule = self.master.first("RRULE")
        assert rule is not None
        self.master.put(line("RRULE", f"{without_end(rule.value.strip().strip(';').upper())};UNTIL={self._until(now)}"))

    def _until(self, now: dt.datetime) -> str:
        """A date for dates, a wall clock for a floating time, else UTC, as the RFC asks."""
        if self.start.date_only:
            return f"{now.astimezone(self.zone):%Y%m%d}"
        return f"{now.astimezone(self.zone):%Y%m%dT%H%M%S}" if not self.start.zone else utc_text(now)

    def drop_beyond(self, now: dt.datetime) -> None:
        for found in self.master.lines("EXDATE") + self.master.lines("RDATE"):
            values = found.value.split(",")
            kept = [value for value in values if not self._is_beyond(found, value, now)]
            place = next(n for n, item in enumerate(self.master.items) if item is found)
            if len(kept) < len(values):
                self.master.items[place : place + 1] = (
                    [line(found.name, ",".join(kept), **found.params)] if kept else []
                )
        for event in self.overrides:
            nominal = self.nominal(event)
            if nominal is not None and nominal > now:
                _holder(self.root, event).remove(event)

    def _is_beyond(self, found: Line, value: str, now: dt.datetime) -> bool:
        return any(at > now for at in moments([Line(b"", found.name, found.params, value)], self.zones, self.start))

    def sign(self, now: dt.datetime) -> None:
        old = self.master.value("SEQUENCE", "0").strip()
        self.master.put(line("SEQUENCE", str(int(old) + 1 if old.isdecimal() and len(old) < 9 else 1)))
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            if self.master.first(name) is not None:
                self.master.put(line(name, utc_text(now)))

    def become(self, intent: Intent) -> None:
        """The main event as that of another series."""
        event = self.master
        for item in [item for item in event.items if isinstance(item, Line)]:
            if item.name in _STAYS_BEHIND or item.name.startswith("X-MOZ-"):
                event.drop(item.name)
        start, end = times_of(intent)
        event.put(start)
        event.put(end)
        event.drop("RRULE")
        named = {"UID": intent.uid, "SEQUENCE": "0", "X-RECONNECTD-ID": x_id(intent.slug, intent.generation)}
        stamped = {"DTSTAMP": utc_text(intent.stamp), "LAST-MODIFIED": utc_text(intent.stamp)}
        rule = {"RRULE": intent.rule} if intent.rule is not None else {}
        for name, value in {**named, **stamped, **rule}.items():
            event.put(line(name, value))
        if not any(part.value("TZID").strip('"') == intent.zone for part in self.calendar.children("VTIMEZONE")):
            place = next(n for n, item in enumerate(self.calendar.items) if item is event)
            self.calendar.items.insert(place, zone_component(intent.zone, intent.start.date()))


def _instance(master: Component, own: Component | None, nominal: dt.datetime, times: Times, form: Form) -> Component:
    """One instance that stands apart: what it said in the old series, else a copy of the new one."""
    fresh = override_of(master, nominal, times, form)
    if own is None:
        return fresh
    for name in (*_IDENTITY, "DURATION"):
        own.drop(name)
    own.items[:0] = [item for item in fresh.items if isinstance(item, Line) and item.name in _IDENTITY]
    return own


def _ends_before(reading: Reading, now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Has it no instance after `now`? An UNTIL that another clock made may be a little later than `now`."""
    rule = reading.rrule or ""
    last = end_of(rule, reading.local_start, zone)
    if last is None or last <= now or any(part in rule for part in _TO_BE_COUNTED):
        return last is not None and last <= now
    return not any(at > now for at in instances(rule, reading.local_start, zone))


def _has_any(reading: Reading, zone: dt.tzinfo) -> bool:
    """Is an instance left? Rules whose instances can't be counted quickly count as some."""
    rule = reading.rrule or ""
    if any(part in rule for part in _TO_BE_COUNTED):
        return True
    called_off = {at for at, each in reading.overrides.items() if each.cancelled}
    return bool(set(instances(rule, reading.local_start, zone)) - reading.exdates - called_off)


def _holder(component: Component, wanted: Component) -> Component:
    """The component that has `wanted` as a child."""
    for part in component.items:
        if part is wanted:
            return component
        if isinstance(part, Component) and any(each is wanted for each in part.walk(wanted.name)):
            return _holder(part, wanted)
    raise LookupError(wanted.name)
