"""An object edited in place: the named groups change, every other byte stays.

Other people's properties, components, their order and folding, the user's own exceptions and words: none of that
passes through a serialiser. A group that already says what is wanted is not touched either, so that revising
twice is revising once, and revising for nothing gives back the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from reconnectd.core.ics.form import Form, utc_text
from reconnectd.core.ics.intent import (
    ALARM,
    CLASS,
    DESCRIPTION,
    LOCATION,
    MOVE,
    REST,
    SCHEDULE,
    SUMMARY,
    TRANSP,
    Intent,
    intent_fields,
    nominal_of,
    resting_rule,
)
from reconnectd.core.ics.lines import Component, Line, line, parse, serialise
from reconnectd.core.ics.reading import CANCELLED, leads_of, length_of, nominal_instant, pick, read, ringing, start_of
from reconnectd.core.ics.rules import canonical_rule, without_end
from reconnectd.core.ics.values import Moment, Zones, escaped, moments, unescaped, written_duration
from reconnectd.core.ics.writing import Times, alarm_of, override_of, times_of, zone_component
from reconnectd.core.identity import x_id

_PROPERTY = {SUMMARY: "SUMMARY", DESCRIPTION: "DESCRIPTION", LOCATION: "LOCATION", TRANSP: "TRANSP", CLASS: "CLASS"}
_DEFAULT = {"TRANSP": "OPAQUE", "CLASS": "PUBLIC"}


def revise(base: bytes, intent: Intent, fields: Collection[str], *, pinned: Collection[str] = ()) -> bytes:
    """`base` with the groups `fields` (names as in `intent_fields`) as `intent` has them, those in `pinned` left
    alone. SEQUENCE rises by one when times or exceptions change. A `skip:` or `move:` group that the intent
    doesn't have takes our exception back. Unreadable when `base` is."""
    wanted = set(fields) - set(pinned)
    if not wanted:
        return base
    read(base)
    edit = _open(base, intent)
    _words(edit, wanted)
    if ALARM in wanted:
        _alarm(edit)
    _times(edit, wanted)
    if not edit.touched and not edit.rescheduled:
        return base
    _sign(edit)
    return serialise(edit.root)


@dataclass(slots=True)
class _Edit:
    """One revision under way. `touched` are events whose words changed, `rescheduled` those whose times did."""

    root: Component
    calendar: Component
    master: Component
    overrides: list[Component]
    zones: Zones
    intent: Intent
    touched: list[Component] = field(default_factory=list)
    rescheduled: list[Component] = field(default_factory=list)

    @property
    def start(self) -> Moment:
        return start_of(self.master, self.zones)

    def nominal(self, override: Component) -> dt.datetime | None:
        return nominal_instant(override, self.start, self.zones)


def _open(base: bytes, intent: Intent) -> _Edit:
    root = parse(base)
    master, overrides, zones, _ = pick(root, intent.zone)
    calendar = next(part for part in [root, *root.walk("VCALENDAR")] if _holds(part, master))
    return _Edit(root, calendar, master, overrides, zones, intent)


def _holds(component: Component, item: Line | Component) -> bool:
    return any(each is item for each in component.items)


def _words(edit: _Edit, wanted: set[str]) -> None:
    """Title, notes, place, busy or free, class: of the series, and of each exception that still says the same."""
    says = intent_fields(edit.intent)
    for group in sorted(wanted & _PROPERTY.keys()):
        name = _PROPERTY[group]
        before = _text(edit.master, name)
        if before == (says[group] or _DEFAULT.get(name, "")):
            continue
        for event in [edit.master, *edit.overrides]:
            if _text(event, name) == before:
                _set(event, name, escaped(says[group]))
                edit.touched.append(event)
                if group == SUMMARY:
                    _retitle_alarms(event, before, says[group])


def _retitle_alarms(event: Component, before: str, after: str) -> None:
    for alarm in event.children("VALARM"):
        if alarm.lines("DESCRIPTION") and _text(alarm, "DESCRIPTION") == before:
            _set(alarm, "DESCRIPTION", escaped(after))


def _alarm(edit: _Edit) -> None:
    """Our alarm, of the series and of each exception that still has the same: moved, added or taken away."""
    want = edit.intent.alarm
    before = leads_of(edit.master, edit.zones)
    if before == (() if want is None else (want,)):
        return
    for event in [edit.master, *edit.overrides]:
        if leads_of(event, edit.zones) == before:
            _set_alarm(event, edit.intent)
            edit.touched.append(event)


def _set_alarm(event: Component, intent: Intent) -> None:
    ours = _our_alarms(event)
    if intent.alarm is not None and ours:
        ours[0].put(line("TRIGGER", written_duration(-intent.alarm)))
        ours = ours[1:]
    elif intent.alarm is not None:
        added = alarm_of(intent, event.value("SUMMARY"))
        event.items += [] if added is None else [added]
    for surplus in ours:
        event.remove(surplus)


def _our_alarms(event: Component) -> list[Component]:
    """Alarms with the title as their text; an only alarm is ours too, because some apps make its text anew."""
    rings = ringing(event)
    title = _text(event, "SUMMARY")
    return rings if len(rings) == 1 else [alarm for alarm in rings if _text(alarm, "DESCRIPTION") == title]


def _times(edit: _Edit, wanted: set[str]) -> None:
    nominals = sorted({nominal for name in wanted if (nominal := nominal_of(name)) is not None})
    if edit.intent.rrule is None:
        if SCHEDULE in wanted or any(name.startswith(MOVE) for name in wanted):
            _schedule(edit)
        if nominals:
            _cancel(edit)
        return
    if SCHEDULE in wanted:
        _schedule(edit)
    if REST in wanted:
        _rest(edit)
    for nominal in nominals:
        _exception(edit, nominal)


def _schedule(edit: _Edit) -> None:
    """DTSTART, DTEND, RRULE of the main event, each only where its meaning differs."""
    event, zones, changed = edit.master, edit.zones, False
    length, rule = length_of(event, zones), _rule(event, edit.start, zones)
    new_start, new_end = times_of(edit.intent)
    wanted = zones.moment(new_start, new_start.value)
    end = zones.moment(new_end, new_end.value)
    assert wanted is not None
    assert end is not None
    if (wanted.instant, wanted.zone) != (edit.start.instant, edit.start.zone) or edit.start.date_only:
        _zone(edit)
        event.put(new_start)
        changed = True
    if changed or end.instant - wanted.instant != length:
        event.drop("DURATION")
        event.put(new_end)
        changed = True
    new_rule = edit.intent.rule
    if rule != (canonical_rule(new_rule, wanted, zones) if new_rule is not None else None):
        _set(event, "RRULE", new_rule or "")
        changed = True
    edit.rescheduled += [event] if changed else []


def _rest(edit: _Edit) -> None:
    """Only where the series ends: before its rest, or after that where it would have ended."""
    standing = _rule(edit.master, edit.start, edit.zones)
    assert edit.intent.rrule is not None
    if standing is None:
        return
    own = [part for part in edit.intent.rrule.split(";") if part.startswith(("COUNT=", "UNTIL="))]
    rule = resting_rule(";".join([without_end(standing), *own]), edit.intent.rests_from)
    if canonical_rule(rule, edit.start, edit.zones) != standing:
        _set(edit.master, "RRULE", rule)
        edit.rescheduled.append(edit.master)


def _rule(event: Component, start: Moment, zones: Zones) -> str | None:
    found = event.first("RRULE")
    return None if found is None else canonical_rule(found.value, start, zones)


def _zone(edit: _Edit) -> None:
    """The VTIMEZONE that the new times need, before the first event."""
    zone = edit.intent.zone
    if any(part.value("TZID").strip('"') == zone for part in edit.calendar.children("VTIMEZONE")):
        return
    place = next(n for n, item in enumerate(edit.calendar.items) if getattr(item, "name", "") == "VEVENT")
    edit.calendar.items.insert(place, zone_component(zone, edit.intent.start.date()))


def _cancel(edit: _Edit) -> None:
    """A single event that our user called off, or called back."""
    status = CANCELLED if edit.intent.skipped else ""
    if _cancelled(edit.master) != bool(status):
        _set(edit.master, "STATUS", status)
        edit.rescheduled.append(edit.master)


def _exception(edit: _Edit, nominal: dt.datetime) -> None:
    """One instance as our own commands want it: moved, skipped, or as the series has it."""
    moved = edit.intent.moved.get(nominal)
    standing = [override for override in edit.overrides if edit.nominal(override) == nominal]
    skip = moved is None and nominal in edit.intent.skipped
    changed = _exclude(edit, nominal) if skip else _include(edit, nominal)
    if moved is not None:
        changed |= _move(edit, nominal, standing, moved)
    elif standing:
        changed |= _unmove(edit, nominal, standing, keep_words=not skip)
    edit.rescheduled += [edit.master] if changed else []


def _exclude(edit: _Edit, nominal: dt.datetime) -> bool:
    if nominal in moments(edit.master.lines("EXDATE"), edit.zones, edit.start):
        return False
    edit.master.insert(_form(edit).line("EXDATE", nominal))
    return True


def _include(edit: _Edit, nominal: dt.datetime) -> bool:
    """Take an instant out of the EXDATE lines; each line may have several."""
    changed = False
    for found in edit.master.lines("EXDATE"):
        values = found.value.split(",")
        left = [value for value in values if nominal not in moments([_with(found, value)], edit.zones, edit.start)]
        if len(left) < len(values):
            place = next(n for n, item in enumerate(edit.master.items) if item is found)
            edit.master.items[place : place + 1] = [_written(found, ",".join(left))] if left else []
            changed = True
    return changed


def _move(edit: _Edit, nominal: dt.datetime, standing: list[Component], times: Times) -> bool:
    form = _form(edit)
    if not standing:
        added = override_of(edit.master, nominal, times, form)
        edit.calendar.items.insert(_after_events(edit.calendar), added)
        edit.overrides.append(added)
        edit.rescheduled.append(added)
        return True
    event = standing[-1]
    start = start_of(event, edit.zones)
    same = (start.instant, start.instant + length_of(event, edit.zones)) == times and not start.date_only
    if same and not _cancelled(event):
        return False
    _set_times(event, form, times)
    if _cancelled(event):
        event.drop("STATUS")
    edit.rescheduled.append(event)
    return True


def _unmove(edit: _Edit, nominal: dt.datetime, standing: list[Component], *, keep_words: bool) -> bool:
    """Back to the series; an exception in which somebody edited words keeps them, at the series' time."""
    length = length_of(edit.master, edit.zones)
    changed = False
    for event in standing:
        start = start_of(event, edit.zones).instant
        if not keep_words or not _own_words(event, edit.master):
            edit.calendar.remove(event)
            edit.overrides = [override for override in edit.overrides if override is not event]
            changed = True
        elif (start, start + length_of(event, edit.zones)) != (nominal, nominal + length):
            _set_times(event, _form(edit), (nominal, nominal + length))
            edit.rescheduled.append(event)
            changed = True
    return changed


def _cancelled(event: Component) -> bool:
    return event.value("STATUS").strip().upper() == CANCELLED


def _own_words(event: Component, master: Component) -> bool:
    return any(_text(event, name) != _text(master, name) for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))


def _set_times(event: Component, form: Form, times: Times) -> None:
    event.put(form.line("DTSTART", times[0]))
    event.drop("DURATION")
    event.put(form.line("DTEND", times[1]))


def _form(edit: _Edit) -> Form:
    found = edit.master.first("DTSTART")
    assert found is not None
    return Form.of_event(edit.start, found, edit.zones)


def _sign(edit: _Edit) -> None:
    """Who changed what when: SEQUENCE for times, DTSTAMP and LAST-MODIFIED for everything, never backwards."""
    if edit.rescheduled:
        old = edit.master.value("SEQUENCE", "0").strip()
        sequence = int(old) + 1 if old.isdecimal() and len(old) < 9 else 1
        for event in _distinct(edit.rescheduled):
            event.put(line("SEQUENCE", str(sequence)))
    stamp = utc_text(edit.intent.stamp)
    for event in _distinct([*edit.touched, *edit.rescheduled]):
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            if event.first(name) is not None and event.value(name) < stamp:
                event.put(line(name, stamp))
    if edit.master.first("X-RECONNECTD-ID") is None:
        intent = edit.intent
        edit.master.insert(line("X-RECONNECTD-ID", x_id(intent.slug, intent.generation, intent.period)))


def _distinct(events: list[Component]) -> list[Component]:
    return list({id(event): event for event in events}.values())


def _after_events(calendar: Component) -> int:
    places = [n for n, item in enumerate(calendar.items) if isinstance(item, Component) and item.name == "VEVENT"]
    return places[-1] + 1


def _text(component: Component, name: str) -> str:
    return unescaped(component.value(name)) or _DEFAULT.get(name, "")


def _set(component: Component, name: str, value: str) -> None:
    """The property with that written value; "" takes it away."""
    if value:
        component.put(line(name, value))
    else:
        component.drop(name)


def _with(found: Line, value: str) -> Line:
    return Line(b"", found.name, found.params, value)


def _written(found: Line, value: str) -> Line:
    return line(found.name, value, **found.params)
