"""Routines, history and the present instant → what is coming. A pure function: the same input, the same plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconnectd.core import wording
from reconnectd.core.cues import surprises
from reconnectd.core.model import ONE_OFF, Fixed, FixedRule, Routine, Surprise
from reconnectd.core.occurrence import Fact, Kind, Occurrence, OccurrenceId, Pause, Plan, Reminder, Standing, State
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import day_bounds, instant, local_date, next_date, nominal_dates
from reconnectd.core.reminding import Manner, answer_until, limited, questions, ranks, reminders
from reconnectd.core.series_pin import SeriesPin
from reconnectd.core.settings import Settings

BACK = 14
AHEAD = 35
"""How many local days the stored plan looks back and ahead."""

CUE_IN_CALENDAR = dt.timedelta(minutes=15)
"""The length that a cue has where it is written to a calendar; on screens it stays a moment."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the plan depends on besides the config. `zone` is the IANA name of the person's zone, `announced` are
    occurrences about which a word was said, `said` the instants of bubbles already shown."""

    now: dt.datetime
    zone: str
    facts: Mapping[OccurrenceId, Fact] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)
    pauses: Mapping[str, Pause] = field(default_factory=dict)
    announced: frozenset[OccurrenceId] = frozenset()
    said: Sequence[dt.datetime] = ()
    ahead: int = AHEAD


def manner(settings: Settings, zone: str) -> Manner:
    """How this person wants to be spoken to."""
    return Manner(
        zone=ZoneInfo(zone),
        quiet=Quiet(settings.reminders.quiet),
        late=settings.reminders.late,
        at_most=settings.reminders.at_most,
        day_start=settings.time.day_start,
        week_start=settings.time.week_start,
    )


def plan(settings: Settings, outlook: Outlook) -> Plan:
    """Everything from 14 days back to `outlook.ahead` days on, at least the next of each fixed routine, and the
    words about it. Nothing in it depends on the order of the routines."""
    how = manner(settings, outlook.zone)
    planner = _Planner(settings, outlook, how)
    items = sorted(planner.occurrences(), key=lambda item: (item.start, item.id))
    words = _words(items, settings, outlook, how)
    kept, left = limited(words, how, outlook.said, ranks({routine.slug: routine for routine in settings.routines}))
    silent = {word.occurrence for word in left}
    limit = wording.left_out(settings.reminders.at_most)
    noted = (replace(item, reason=f"{item.reason}; {limit}") if item.id in silent else item for item in items)
    return Plan(occurrences=tuple(noted), reminders=tuple(kept))


def _words(items: Sequence[Occurrence], settings: Settings, outlook: Outlook, how: Manner) -> list[Reminder]:
    spoken = [item for item in items if not _paused(item, settings, outlook.pauses)]
    words = [
        word for item in spoken for word in reminders(item, settings.routine(item.id.slug), how, outlook.now)
    ]  # fmt: skip
    everything = words + questions(spoken, how, outlook.now)
    return [word for word in everything if not _silenced(word, outlook.pauses)]


def _silenced(word: Reminder, pauses: Mapping[str, Pause]) -> bool:
    """Would it be said during a rest, though of something that lies behind it?"""
    slug = word.occurrence.slug
    return slug != ONE_OFF and any(pause.covers(word.due) for scope, pause in pauses.items() if scope in {"*", slug})


def _paused(item: Occurrence, settings: Settings, pauses: Mapping[str, Pause]) -> bool:
    """Does it rest? One-offs ring through a rest: they were asked for one by one."""
    if item.id.slug == ONE_OFF:
        return False
    if any(pause.covers(item.start) for scope, pause in pauses.items() if scope in {"*", item.id.slug}):
        return True
    routine = settings.routine(item.id.slug)
    if routine is None or routine.paused is False:
        return False
    return routine.paused is True or item.id.nominal < routine.paused


@dataclass(frozen=True, slots=True)
class Shape:
    """A routine as it stands: the config's schedule, or the one that a person gave it in the calendar."""

    routine: Routine
    schedule: Fixed | FixedRule | Surprise
    length: dt.timedelta | None
    zone: ZoneInfo
    until: dt.date | None
    pinned: bool
    title: str


class _Planner:
    """One run of the planner; holds only what every step needs."""

    def __init__(self, settings: Settings, outlook: Outlook, how: Manner) -> None:
        self.settings = settings
        self.outlook = outlook
        self.how = how
        self.today = local_date(outlook.now, how.zone, how.day_start)
        self.first = self.today - dt.timedelta(days=BACK)
        leads = [lead.days for routine in settings.routines for lead in routine.remind]
        self.last = self.today + dt.timedelta(days=outlook.ahead + max(leads, default=0) + 1)

    def occurrences(self) -> Iterator[Occurrence]:
        """All of them, in no order."""
        seen: set[OccurrenceId] = set()
        for routine in self.settings.routines:
            for item in self._of(routine):
                seen.add(item.id)
                yield item
        for name, fact in self.outlook.facts.items():
            if name not in seen and (extra := self._from_fact(fact)) is not None:
                yield extra

    def _of(self, routine: Routine) -> Iterator[Occurrence]:
        shape = shape_of(routine, self.outlook.standings.get(routine.slug), self.how.zone)
        if shape is None:
            return
        for name, start in self._nominal(shape):
            item = self._settled(self._occurrence(shape, name, start), shape.routine)
            if self._is_shown(item, shape.routine):
                yield item

    def _nominal(self, shape: Shape) -> Iterator[tuple[OccurrenceId, dt.datetime]]:
        slug = shape.routine.slug
        if isinstance(shape.schedule, Surprise):
            for cue in surprises(
                slug, shape.schedule, self.first, self.last,
                secret=secret(self.settings), zone=shape.zone, quiet=self.how.quiet, week_start=self.how.week_start,
            ):  # fmt: skip
                yield OccurrenceId(slug, cue.nominal, cue.n), cue.at
            return
        for day in self._dates(shape, shape.schedule):
            start = instant(day, shape.schedule.at, shape.zone)
            if start is not None and (shape.until is None or day <= shape.until):
                yield OccurrenceId(slug, day), start

    def _dates(self, shape: Shape, schedule: Fixed | FixedRule) -> Iterator[dt.date]:
        week, short = self.how.week_start, shape.routine.short_month
        ahead = False
        for day in nominal_dates(schedule, self.first, self.last, week_start=week, short_month=short, zone=shape.zone):
            ahead = ahead or day > self.today
            yield day
        if ahead:
            return
        day_after = next_date(schedule, self.last, week_start=week, short_month=short, zone=shape.zone)
        if day_after is not None:
            yield day_after

    def _occurrence(self, shape: Shape, name: OccurrenceId, nominal: dt.datetime) -> Occurrence:
        routine = shape.routine
        fact = self.outlook.facts.get(name)
        start, end = nominal, nominal + shape.length if shape.length else None
        moved = fact is not None and fact.start is not None
        if fact is not None and fact.start is not None:
            start, end = fact.start, fact.end if shape.length else None
        kind: Kind = "fixed" if shape.length else "cue"
        return Occurrence(
            id=name,
            title=(fact and fact.title) or shape.title,
            kind=kind,
            start=start.astimezone(self.how.zone),
            end=end.astimezone(self.how.zone) if end else None,
            zone=shape.zone.key,
            practice=routine.practice,
            state=(fact and fact.state) or State.PLANNED,
            snoozed_until=fact.snoozed_until if fact else None,
            pinned=moved,
            private=routine.private,
            in_calendar=in_calendar(routine, self.settings),
            ask=routine.done == "ask",
            prompt=routine.notes,
            reason=wording.reason(shape.schedule, nominal.astimezone(shape.zone), moved=moved, pinned=shape.pinned),
            source=f"routine.{routine.slug}" + (f" (line {routine.line} of the config)" if routine.line else ""),
        )

    def _settled(self, item: Occurrence, routine: Routine | None) -> Occurrence:
        """Its state, where nobody said anything."""
        if item.state is not State.PLANNED:
            return item
        announced = item.id in self.outlook.announced
        now = self.outlook.now
        waits = item.snoozed_until is not None and item.snoozed_until > now
        if waits or item.over + self._grace(item, routine) > now:
            return replace(item, state=State.ANNOUNCED) if announced else item
        if item.ask:
            asked = self.how.quiet.free_from(item.over, self.how.zone)
            if answer_until(asked, self.how) > now:
                return replace(item, state=State.ANNOUNCED) if announced else item
            return replace(item, state=State.MISSED)
        return replace(item, state=State.DONE if announced or item.end else State.MISSED)

    def _grace(self, item: Occurrence, routine: Routine | None) -> dt.timedelta:
        if routine is None:
            return dt.timedelta(days=1)
        return dt.timedelta(0) if item.end else (self.how.late if routine.late is None else routine.late)

    def _is_shown(self, item: Occurrence, routine: Routine) -> bool:
        """What lies before the routine was known isn't history, and a cue that rests isn't planned."""
        fact = self.outlook.facts.get(item.id)
        if fact is not None and (fact.state is not None or fact.start is not None):
            return True
        standing = self.outlook.standings.get(routine.slug)
        known = standing.first_seen if standing else self.outlook.now
        if item.over + self._grace(item, routine) < min(known, self.outlook.now):
            return False
        if item.over < known and item.state in {State.DONE, State.MISSED}:
            return False
        return bool(item.end) or not _paused(item, self.settings, self.outlook.pauses)

    def _from_fact(self, fact: Fact) -> Occurrence | None:
        """A one-off, or something done on a day that the schedule doesn't name."""
        start = fact.start or fact.at
        if start is None or not self.first <= local_date(start, self.how.zone, self.how.day_start):
            return None
        routine = self.settings.routine(fact.id.slug)
        if routine is None and fact.id.slug != ONE_OFF:
            return None
        standing = self.outlook.standings.get(fact.id.slug)
        if fact.state is None and (fact.id.slug != ONE_OFF or (standing and standing.stopped)):
            return None
        title = fact.title or (routine.title if routine else wording.ONE_OFF_TITLE)
        item = Occurrence(
            id=fact.id,
            title=title,
            kind="fixed" if fact.end and routine and routine.lasting else "cue",
            start=start.astimezone(self.how.zone),
            end=fact.end.astimezone(self.how.zone) if fact.end and routine and routine.lasting else None,
            zone=self.how.zone.key,
            practice=routine.practice if routine else None,
            state=fact.state or State.PLANNED,
            snoozed_until=fact.snoozed_until,
            pinned=True,
            private=routine.private if routine else True,
            reason=wording.ONE_OFF_REASON if routine is None else wording.EXTRA_REASON,
            source="reconnect remember" if routine is None else f"routine.{routine.slug}",
        )
        return self._settled(item, routine)


def shape_of(routine: Routine, standing: Standing | None, zone: ZoneInfo) -> Shape | None:
    """The routine as it stands now; None when a person ended its series, or its shape isn't planned yet."""
    if standing is not None and standing.stopped:
        return None
    pins = standing.pins if standing else {}
    own = _zone(routine, standing, zone)
    title = pins.get("summary") or routine.title
    if "schedule" in pins and routine.lasting:
        pin = SeriesPin.from_json(pins["schedule"])
        own = _known_zone(pin.zone) or own
        return Shape(routine, pin.schedule(), pin.length, own, pin.until(own), pinned=True, title=title)
    if not isinstance(routine.schedule, Fixed | FixedRule | Surprise):
        return None
    return Shape(routine, routine.schedule, routine.length, own, None, pinned=False, title=title)


def _zone(routine: Routine, standing: Standing | None, zone: ZoneInfo) -> ZoneInfo:
    """Events stay in the zone they were first written in; cues follow the machine."""
    if routine.timezone:
        return ZoneInfo(routine.timezone)
    if routine.lasting and standing and standing.zone:
        return ZoneInfo(standing.zone)
    return zone


def _known_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def in_calendar(routine: Routine, settings: Settings) -> bool:
    """Is it written to the calendar?"""
    hidden = routine.private and settings.seen_by_both
    active = isinstance(routine.schedule, Fixed | FixedRule)
    return routine.calendar and active and settings.may_write_calendar and not hidden


def secret(settings: Settings) -> bytes:
    """What makes this person's surprises their own: the household's word and their name."""
    return f"{settings.people.household}\0{settings.people.me}".encode()


def window(day: dt.date, days: int, how: Manner) -> tuple[dt.datetime, dt.datetime]:
    """The instants of `days` local days from `day` on."""
    last = day + dt.timedelta(days=days - 1)
    return day_bounds(day, how.zone, how.day_start)[0], day_bounds(last, how.zone, how.day_start)[1]
