"""A routine as it stands: the config's schedule, or the one that a person gave its series in the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconnectd.core.agreement import may_write
from reconnectd.core.model import Arranged, CountedFrom, Fixed, FixedRule, Routine, Surprise
from reconnectd.core.occurrence import Standing
from reconnectd.core.series_pin import SeriesPin
from reconnectd.core.settings import Settings

CUE_IN_CALENDAR = dt.timedelta(minutes=15)
"""The length that a cue has where it is written to a calendar; on screens it stays a moment."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A routine as it stands: the config's schedule, or the one that a person gave it in the calendar."""

    routine: Routine
    schedule: Fixed | FixedRule | Surprise | CountedFrom
    length: dt.timedelta | None
    zone: ZoneInfo
    until: dt.date | None
    pinned: bool
    title: str


def shape_of(routine: Routine, standing: Standing | None, zone: ZoneInfo) -> Shape | None:
    """The routine as it stands now; None when a person ended its series, or its shape isn't planned yet."""
    if standing is not None and standing.stopped:
        return None
    pins = standing.pins if standing else {}
    own = _zone(routine, standing, zone)
    title = pins.get("summary") or routine.title
    if "schedule" in pins and routine.lasting and not routine.counts:
        pin = SeriesPin.from_json(pins["schedule"])
        own = _known_zone(pin.zone) or own
        return Shape(routine, pin.schedule(), pin.length, own, pin.until(own), pinned=True, title=title)
    if not isinstance(routine.schedule, Fixed | FixedRule | Surprise | CountedFrom):
        return None
    return Shape(routine, routine.schedule, routine.length, own, None, pinned=False, title=title)


def _zone(routine: Routine, standing: Standing | None, zone: ZoneInfo) -> ZoneInfo:
    """Events stay in the zone they were first written in; cues follow the machine."""
    if routine.timezone:
        return ZoneInfo(routine.timezone)
    if routine.lasting and standing and standing.zone:
        return _known_zone(standing.zone) or zone
    return zone


def _known_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def in_calendar(routine: Routine, settings: Settings, today: dt.date) -> bool:
    """Is it written to the calendar, as things stand on `today`?"""
    return belongs_in_calendar(routine) and may_write(settings, today) and not is_hidden(routine, settings)


def written_with_a_yes(settings: Settings, today: dt.date) -> list[Routine]:
    """Those that stand in the calendar, or would if the partner said yes today."""
    agreed = replace(settings, people=replace(settings.people, partner_agrees=today))
    return [routine for routine in settings.routines if in_calendar(routine, agreed, today)]


def belongs_in_calendar(routine: Routine) -> bool:
    """Is it an event, or a cue that is to be one, whatever the calendar?"""
    return routine.calendar and isinstance(routine.schedule, Fixed | FixedRule | CountedFrom | Arranged)


def is_hidden(routine: Routine, settings: Settings) -> bool:
    """Is it private, and the calendar one in which both would see it?"""
    return routine.private and settings.seen_by_both


def follows_what_is_done(routine: Routine | None, settings: Settings, today: dt.date) -> bool:
    """Does an event in the calendar move when it is done?"""
    return routine is not None and routine.counts and in_calendar(routine, settings, today)
