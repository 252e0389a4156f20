"""A calendar object as values, whoever wrote it and in whatever form.

Nothing is believed and nothing hurried: what can't be used makes the object Unreadable with a reason, what is
merely odd is read as its writer meant it and noted in `problems`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconnectd.core.ics.intent import ALARM, CLASS, DESCRIPTION, LOCATION, SUMMARY, TRANSP
from reconnectd.core.ics.lines import Component, Line, Unreadable, parse
from reconnectd.core.ics.rules import canonical_rule
from reconnectd.core.ics.values import Moment, Zones, duration, moments, unescaped
from reconnectd.core.identity import XId, parse_x_id

CANCELLED = "CANCELLED"
_DAY = dt.timedelta(days=1)
_DATE = re.compile(r"\d{8}\Z")
_RINGING = ("DISPLAY", "AUDIO", "")
_NOTHING = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Override:
    """One instance that differs from its series. Instants are UTC."""

    start: dt.datetime
    end: dt.datetime
    summary: str
    cancelled: bool = False
    range_this_and_future: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One object, canonical: two forms of the same content are equal, except in `zone` and `problems`.

    Instants are UTC; `local_start` is the wall clock of DTSTART in `zone`, an IANA name where there is one, ""
    for a date or a floating time (both read in the caller's local zone). `uid` is "" and the X-RECONNECTD-ID
    triple None where the object has none. `rrule` is canonical (see rules). `exdates` and the keys of
    `overrides` are nominal instants. `alarms` are leads before the start; `acknowledged` is the latest answer to
    an alarm in some app.
    """

    uid: str
    slug: str | None
    generation: int | None
    period: str | None
    summary: str
    description: str
    location: str
    transp: str
    classification: str
    status: str
    start: dt.datetime
    local_start: dt.datetime
    zone: str
    all_day: bool
    duration: dt.timedelta
    rrule: str | None = None
    exdates: frozenset[dt.datetime] = frozenset()
    overrides: Mapping[dt.datetime, Override] = field(default_factory=dict, hash=False)
    alarms: tuple[dt.timedelta, ...] = ()
    has_attendees: bool = False
    acknowledged: dt.datetime | None = None
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def end(self) -> dt.datetime:
        """The end of the first instance, UTC."""
        return self.start + self.duration

    @property
    def cancelled(self) -> bool:
        """Is the whole object called off?"""
        return self.status == CANCELLED

    @property
    def fields(self) -> dict[str, str]:
        """The groups that a person may edit, as text like that of `intent_fields`; trailing blanks, which
        servers drop, don't count."""
        return {
            SUMMARY: self.summary.strip(),
            DESCRIPTION: self.description.strip(),
            LOCATION: self.location.strip(),
            TRANSP: self.transp,
            CLASS: self.classification,
            ALARM: ",".join(str(int(lead.total_seconds())) for lead in self.alarms),
        }


def read(data: bytes, *, local: str = "UTC") -> Reading:
    """The one event of an object. `local` is the zone of floating times and of dates. Unreadable, and nothing
    else, when there is none that can be used."""
    master, overriding, zones, problems = pick(parse(data), local)
    start = start_of(master, zones)
    rrule = _rule(master, start, zones)
    uid, slug, generation, period = _identity(master)
    return Reading(
        uid=uid,
        slug=slug,
        generation=generation,
        period=period,
        summary=unescaped(master.value("SUMMARY")),
        description=unescaped(master.value("DESCRIPTION")),
        location=unescaped(master.value("LOCATION")),
        transp="TRANSPARENT" if _keyword(master, "TRANSP") == "TRANSPARENT" else "OPAQUE",
        classification="" if _keyword(master, "CLASS") == "PUBLIC" else _keyword(master, "CLASS"),
        status=_keyword(master, "STATUS"),
        start=start.instant,
        local_start=start.wall,
        zone=start.zone,
        all_day=start.date_only,
        duration=length_of(master, zones),
        rrule=rrule,
        exdates=moments(master.lines("EXDATE"), zones, start) if rrule else frozenset(),
        overrides=_overrides(master, overriding, zones) if rrule else {},
        alarms=leads_of(master, zones),
        has_attendees=any(part.lines("ATTENDEE") or part.lines("ORGANIZER") for part in [master, *overriding]),
        acknowledged=_acknowledged(master, start, zones),
        problems=tuple(dict.fromkeys([*problems, *zones.problems])),
    )


def pick(root: Component, local: str) -> tuple[Component, list[Component], Zones, list[str]]:
    """(main event, its exceptions, the zones of the file, problems). Of several UIDs the one that is ours."""
    events = list(root.walk("VEVENT"))
    if not events:
        raise Unreadable("holds no event")
    uid = next((event for event in events if event.first("X-RECONNECTD-ID")), events[0]).value("UID")
    same = [event for event in events if event.value("UID") == uid]
    masters = [event for event in same if event.first("RECURRENCE-ID") is None]
    if not masters:
        raise Unreadable("holds exceptions only, without their series")
    problems = ["several events of one name: the newest is read"] if len(masters) > 1 else []
    if not uid.strip():
        problems.append("an event without a UID: never written")
    defined = {part.value("TZID").strip('"'): part for part in root.walk("VTIMEZONE")}
    overriding = [event for event in same if event.first("RECURRENCE-ID") is not None]
    return max(masters, key=_newness), overriding, Zones(local, defined), problems


def start_of(event: Component, zones: Zones) -> Moment:
    """DTSTART; a day when DTEND is one (catalogue I17)."""
    line, end = event.first("DTSTART"), event.first("DTEND")
    if line is None:
        raise Unreadable("an event without a start")
    value = line.value.strip()
    if end is not None and _DATE.match(end.value.strip()):
        value = value[: len("20261127")]
    moment = zones.moment(line, value)
    if moment is None:
        raise Unreadable("an event whose start is no date between 1900 and 2199")
    return moment


def nominal_instant(override: Component, start: Moment, zones: Zones) -> dt.datetime | None:
    """The instant of RECURRENCE-ID in any of its forms; None when it is unusable."""
    line = override.first("RECURRENCE-ID")
    moment = None if line is None else zones.moment(line, line.value, start)
    return None if moment is None else moment.instant


def _newness(event: Component) -> tuple[int, str]:
    sequence = event.value("SEQUENCE", "0").strip()
    number = int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0
    return number, event.value("LAST-MODIFIED")


def _identity(event: Component) -> tuple[str, str | None, int | None, str | None]:
    found: XId | None = parse_x_id(event.value("X-RECONNECTD-ID"))
    uid = event.value("UID").strip()
    return (uid, None, None, None) if found is None else (uid, *found)


def _keyword(event: Component, name: str) -> str:
    return event.value(name).strip().upper()


def length_of(event: Component, zones: Zones) -> dt.timedelta:
    """How long an instance takes, exactly (RFC 5545 §3.8.5.3); nothing when it would end before it begins."""
    start = start_of(event, zones)
    end, said = event.first("DTEND"), event.first("DURATION")
    if end is not None:
        moment = zones.moment(end, end.value, start)
        length = None if moment is None else moment.instant - start.instant
    else:
        length = duration(said.value) if said is not None else None
    if length is None:
        length = _DAY if start.date_only else _NOTHING
    if length > dt.timedelta(days=366):
        raise Unreadable("an event of more than a year")
    if length < _NOTHING:
        zones.problems.append("an event that ends before it begins: read as a moment")
        return _NOTHING
    return length


def _rule(event: Component, start: Moment, zones: Zones) -> str | None:
    lines = event.lines("RRULE")
    if len(lines) > 1:
        raise Unreadable("more than one recurrence rule")
    return canonical_rule(lines[0].value, start, zones) if lines else None


def _overrides(master: Component, events: Iterable[Component], zones: Zones) -> dict[dt.datetime, Override]:
    start, length = start_of(master, zones), length_of(master, zones)
    found: dict[dt.datetime, Override] = {}
    for event in sorted(events, key=_newness):
        nominal = nominal_instant(event, start, zones)
        if nominal is None:
            zones.problems.append("an exception whose day can't be read: left alone")
        else:
            found[nominal] = _override(event, nominal, length, zones)
    return found


def _override(event: Component, nominal: dt.datetime, length: dt.timedelta, zones: Zones) -> Override:
    begins, takes = nominal, length
    if event.first("DTSTART") is not None:
        own = start_of(event, zones)
        begins = own.instant
        if event.first("DTEND") is not None or event.first("DURATION") is not None:
            takes = length_of(event, zones)
    line = event.first("RECURRENCE-ID")
    return Override(
        begins,
        begins + takes,
        unescaped(event.value("SUMMARY")),
        cancelled=_keyword(event, "STATUS") == CANCELLED,
        range_this_and_future=line is not None and line.params.get("RANGE", "").upper() == "THISANDFUTURE",
    )


def leads_of(event: Component, zones: Zones) -> tuple[dt.timedelta, ...]:
    """Leads of the alarms that ring, each once; repetitions don't count."""
    start, length = start_of(event, zones), length_of(event, zones)
    leads: set[dt.timedelta] = set()
    for alarm in ringing(event):
        trigger = alarm.first("TRIGGER")
        lead = None if trigger is None else _lead(trigger, start, length, zones)
        leads |= set() if lead is None else {lead}
    return tuple(sorted(leads))


def ringing(event: Component) -> list[Component]:
    """Alarms that ring or show something: no mail, and not Apple's placeholder (ACTION:NONE)."""
    return [alarm for alarm in event.children("VALARM") if _keyword(alarm, "ACTION") in _RINGING]


def _lead(trigger: Line, start: Moment, length: dt.timedelta, zones: Zones) -> dt.timedelta | None:
    try:
        after = duration(trigger.value)
    except Unreadable:
        return None
    if after is None:
        moment = zones.moment(trigger, trigger.value)
        return None if moment is None else start.instant - moment.instant
    return -(after + length) if trigger.params.get("RELATED", "").upper() == "END" else -after


def _acknowledged(event: Component, start: Moment, zones: Zones) -> dt.datetime | None:
    """ACKNOWLEDGED of its alarms (RFC 9074) or Thunderbird's X-MOZ-LASTACK, whichever is later."""
    lines = [*event.lines("X-MOZ-LASTACK")]
    for alarm in event.children("VALARM"):
        lines += alarm.lines("ACKNOWLEDGED")
    return max(moments(lines, zones, start), default=None)
