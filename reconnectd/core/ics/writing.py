"""A new calendar object: the shape that every surveyed client and server takes.

The main event first (SOGo), DTEND and never DURATION (iCloud), exceptions in exactly DTSTART's form, overrides
as full copies; no STATUS:CANCELLED override, no RANGE, no EXDATE twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reconnectd.core.ics.form import Form, utc_text
from reconnectd.core.ics.intent import Intent
from reconnectd.core.ics.lines import Component, Line, line, parse, serialise
from reconnectd.core.ics.values import escaped, written_duration
from reconnectd.core.identity import x_id
from reconnectd.core.vtimezone import vtimezone

PRODID = "-//reconnectd//reconnectd//EN"
_NOT_COPIED = ("RRULE", "EXDATE", "RDATE", "EXRULE", "DTEND", "DURATION", "STATUS")

Times = tuple[dt.datetime, dt.datetime]


def compose(intent: Intent) -> bytes:
    """The object that says `intent`, and nothing else."""
    event = _event(intent)
    calendar = _component("VCALENDAR", [line("VERSION", "2.0"), line("PRODID", PRODID)])
    calendar.items += [zone_component(intent.zone, intent.start.date()), event]
    if intent.rrule is not None:
        form = Form.of_intent(intent)
        calendar.items += [override_of(event, at, times, form) for at, times in sorted(intent.moved.items())]
        event.insert(*(form.line("EXDATE", at) for at in sorted(intent.skipped - intent.moved.keys())))
    return serialise(calendar)


def zone_component(zone: str, around: dt.date) -> Component:
    """The VTIMEZONE of a zone."""
    found = parse(vtimezone(zone, around).encode()).items[0]
    assert isinstance(found, Component)
    return found


def times_of(intent: Intent) -> list[Line]:
    """DTSTART and DTEND of the main event; a single event that was moved stands where it was moved to."""
    form = Form.of_intent(intent)
    if intent.rrule is None and intent.moved:
        start, end = next(iter(intent.moved.values()))
        return [form.line("DTSTART", start), form.line("DTEND", end)]
    return [form.wall_line("DTSTART", intent.start), form.line("DTEND", intent.nominal + intent.duration)]


def alarm_of(intent: Intent, summary: str) -> Component | None:
    """The one DISPLAY alarm, with the title as its text; None where the intent has none."""
    if intent.alarm is None:
        return None
    trigger = line("TRIGGER", written_duration(-intent.alarm))
    return _component("VALARM", [line("ACTION", "DISPLAY"), trigger, line("DESCRIPTION", summary)])


def override_of(event: Component, nominal: dt.datetime, times: Times, form: Form) -> Component:
    """A full copy of the series for one moved instance."""
    own = [form.line("RECURRENCE-ID", nominal), form.line("DTSTART", times[0]), form.line("DTEND", times[1])]
    copied: list[Line | Component] = []
    for item in event.items:
        if isinstance(item, Component):
            copied.append(item)
        elif item.name == "DTSTART":
            copied += own
        elif item.name not in _NOT_COPIED and not item.name.startswith("X-MOZ-"):
            copied.append(item)
    return _component("VEVENT", copied)


def _event(intent: Intent) -> Component:
    summary = escaped(intent.summary)
    items: list[Line | Component] = [
        line("UID", intent.uid),
        line("DTSTAMP", utc_text(intent.stamp)),
        line("LAST-MODIFIED", utc_text(intent.stamp)),
        line("SEQUENCE", "0"),
        *times_of(intent),
        *([line("RRULE", intent.rule)] if intent.rule is not None else []),
        line("SUMMARY", summary),
        *([line("DESCRIPTION", escaped(intent.description))] if intent.description else []),
        *([line("LOCATION", escaped(intent.location))] if intent.location else []),
        line("TRANSP", "TRANSPARENT" if intent.transparent else "OPAQUE"),
        *([line("CLASS", "PRIVATE")] if intent.private else []),
        *([line("STATUS", "CANCELLED")] if intent.rrule is None and intent.skipped else []),
        line("X-RECONNECTD-ID", x_id(intent.slug, intent.generation, intent.period)),
    ]
    alarm = alarm_of(intent, summary)
    return _component("VEVENT", items + ([] if alarm is None else [alarm]))


def _component(name: str, items: Sequence[Line | Component]) -> Component:
    return Component(name, f"BEGIN:{name}\r\n".encode(), list(items), f"END:{name}\r\n".encode())
