"""Routines, history and the present instant → what is coming. A pure function: the same input, the same plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from reconnectd.core import wording
from reconnectd.core.counting import Count, Past, Turn, count_of, turns
from reconnectd.core.cues import surprises
from reconnectd.core.hidden import SURPRISE
from reconnectd.core.lighter import spared
from reconnectd.core.model import ONE_OFF, Arranged, CountedFrom, Fixed, FixedRule, Practice, Routine, Surprise
from reconnectd.core.occurrence import (
    BEGINS,
    SNOOZE,
    Fact,
    Kind,
    Occurrence,
    OccurrenceId,
    Plan,
    Reminder,
    State,
    Unplaced,
)
from reconnectd.core.outlook import BACK, Outlook
from reconnectd.core.practice import topic_words
from reconnectd.core.practice.beginning import opening
from reconnectd.core.practice.calming import calmed
from reconnectd.core.practice.fading import Fading
from reconnectd.core.practice.ideas import with_ideas
from reconnectd.core.practice.thanks import before_the_talk
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import day_bounds, instant, local_date, next_date, nominal_dates
from reconnectd.core.reminding import (
    Manner,
    limited,
    of_use_until,
    questions,
    ranks,
    reminders,
)
from reconnectd.core.rest import Rests, after_rests
from reconnectd.core.settings import Settings
from reconnectd.core.settling import Settling, lapsed
from reconnectd.core.shape import Shape, in_calendar, shape_of

A_DAY = dt.timedelta(days=1)


def manner(settings: Settings, zone: str) -> Manner:
    """How this person wants to be spoken to."""
    return Manner(
        zone=ZoneInfo(zone),
        quiet=Quiet(settings.reminders.quiet),
        late=settings.reminders.late,
        at_most=settings.reminders.at_most,
        day_start=settings.time.day_start,
        week_start=settings.time.week_start,
        rings_elsewhere=settings.calendar.rings_elsewhere,
    )


def plan(settings: Settings, outlook: Outlook) -> Plan:
    """Everything from 14 days back to `outlook.ahead` days on, at least the next of each fixed routine, and the
    words about it. Nothing in it depends on the order of the routines."""
    how = manner(settings, outlook.zone)
    planner = _Planner(settings, outlook, how)
    planned, words = _with_words(planner, settings, outlook, how)
    planned = before_the_talk(planned, outlook.now) if outlook.thanks else planned
    over = filter(planner.settling.is_history, lapsed(planned, how, outlook.now))
    items = sorted(map(planner.settling.as_it_settled, over), key=_by_time)
    words = after_rests(
        [*words, *_questions(items, planner.rests, how, outlook.now)], planner.rests, outlook.spoken, how
    )
    words, calm = calmed(words, outlook.calm_since, settings.routine, outlook.spoken)
    rank = ranks({routine.slug: routine for routine in settings.routines})
    words, hushed = spared(words, outlook.rests, how, outlook.said, rank, outlook.now)
    words, faded = Fading(settings, outlook, secret(settings), planner.today).fewer(words, items)
    kept, left = limited(words, how, outlook.said, rank)
    items = _noted(items, left, wording.left_out(settings.reminders.at_most))
    items = _noted(items, _wordless(hushed, kept), wording.LIGHTER_REASON)
    for why, unsaid in faded.items():
        items = _noted(items, unsaid, why)
    items = _noted(items, _wordless(calm, kept), topic_words.RESTS_TODAY)
    given = with_ideas(items, settings, outlook, planner.rests, secret(settings))
    unplaced = sorted(planner.unplaced, key=lambda one: (one.routine, one.period))
    return Plan(tuple(given.occurrences), tuple(kept), tuple(unplaced), given.settled)


def _wordless(left: Sequence[Reminder], kept: Sequence[Reminder]) -> list[Reminder]:
    """Words left out about something that has no other word."""
    said = {word.occurrence for word in kept}
    return [word for word in left if word.occurrence not in said]


def _noted(items: Sequence[Occurrence], left: Sequence[Reminder], why: str) -> list[Occurrence]:
    """The reason of what is silent says so; the word as it begins is only one more."""
    silent = {word.occurrence for word in left if word.lead != BEGINS}
    return [replace(item, reason=f"{item.reason}; {why}") if item.id in silent else item for item in items]


def _by_time(item: Occurrence) -> tuple[float, str, int]:
    return item.begins.timestamp(), item.id.slug, item.id.n


def _with_words(
    planner: _Planner, settings: Settings, outlook: Outlook, how: Manner
) -> tuple[list[Occurrence], list[Reminder]]:
    """The occurrences, and the words before and at each; side by side, because a fresh row is still at hand."""
    items: list[Occurrence] = []
    words: list[Reminder] = []
    for item in planner.occurrences():
        items.append(item)
        if not planner.rests.hold(item):
            said = reminders(item, settings.routine(item.id.slug), how, outlook.now)
            words += _while_of_use(said, outlook.facts[item.id], outlook.now) if item.id.slug == ONE_OFF else said
    return items, words


def _while_of_use(words: Sequence[Reminder], fact: Fact, now: dt.datetime) -> list[Reminder]:
    """The same of a one-off, dropped when it has no more use; what was put off comes all the same."""
    ends = [word if word.lead == SNOOZE else replace(word, expires=of_use_until(fact, word.due)) for word in words]
    return [word for word in ends if word.expires is None or word.expires > now]


def _questions(items: Sequence[Occurrence], rests: Rests, how: Manner, now: dt.datetime) -> list[Reminder]:
    return questions((item for item in items if item.ask and not rests.hold(item)), how, now)


_NO_TIME = dt.timedelta(0)


class _Planner:
    """One run of the planner; holds only what every step needs."""

    def __init__(self, settings: Settings, outlook: Outlook, how: Manner) -> None:
        self.settings = settings
        self.outlook = outlook
        self.how = how
        self.today = local_date(outlook.now, how.zone, how.day_start)
        self.first = self.today - dt.timedelta(days=BACK)
        leads = [lead.days for routine in settings.routines for lead in routine.remind]
        self.rests = Rests(settings, outlook.rests, how.zone)
        self.unplaced: list[Unplaced] = []
        self.settling = Settling(settings, outlook, how, self.rests)
        self.moved: dict[str, list[dt.date]] = {}
        for name, fact in outlook.facts.items():
            if fact.start is not None:
                self.moved.setdefault(name.slug, []).append(name.nominal)
        self.last = self.today + dt.timedelta(days=outlook.ahead + max(leads, default=0) + 1)

    def occurrences(self) -> Iterator[Occurrence]:
        """All of them, in no order."""
        seen: set[OccurrenceId] = set()
        for routine in self.settings.routines:
            for item in self._of(routine):
                seen.add(item.id)
                yield item
        for name, fact in self.outlook.facts.items():
            if name not in seen and (extra := self._extra(fact)) is not None:
                yield extra

    def _of(self, routine: Routine) -> Iterator[Occurrence]:
        shape = shape_of(routine, self.outlook.standings.get(routine.slug), self.how.zone)
        if shape is None:
            return
        count = count_of(shape, self.settings.time, self.how.zone, self.how.late)
        if count is not None:
            yield from self._counted(shape, count)
            return
        rule = wording.reason(shape.schedule, pinned=shape.pinned)
        written = in_calendar(routine, self.settings, self.today)
        for name, start in self._nominal(shape):
            item = self._from_afar(self._occurrence(shape, name, start, rule, written=written))
            item = self.settling.settled(item, shape.routine)
            if self.settling.is_shown(item, shape.routine):
                yield item

    def _counted(self, shape: Shape, count: Count) -> Iterator[Occurrence]:
        """What counts from the last time: the dates of the past two weeks, and the next one."""
        standing = self.outlook.standings.get(count.slug)
        mine = {name: fact for name, fact in self.outlook.facts.items() if name.slug == count.slug}
        known = standing.first_seen if standing else self.outlook.now
        past = Past(self.outlook.now, known, mine, self.outlook.announced)
        dates = turns(count, past, self.first)
        for turn in dates:
            fact = mine.get(turn.name)
            if turn.nominal < self.first and turn is not dates[-1] and (fact is None or fact.start is None):
                continue
            item = self._turn(shape, count, turn)
            if item is not None and self.settling.is_shown(item, shape.routine):
                yield item

    def _turn(self, shape: Shape, count: Count, turn: Turn) -> Occurrence | None:
        """One of its dates; what was done ahead of its day stands where it was done."""
        start = instant(turn.nominal, count.schedule.at, shape.zone)
        if start is None:
            self.unplaced.append(Unplaced(count.slug, turn.nominal.isoformat(), wording.no_such_day(shape.zone.key)))
            return None
        rule = wording.counted(count.schedule, turn.ground, turn.since)
        written = in_calendar(shape.routine, self.settings, self.today)
        item = self._occurrence(shape, turn.name, start, rule, written=written)
        fact = self.outlook.facts.get(turn.name)
        if fact and fact.at and item.state is State.DONE and fact.at < item.begins:
            at = fact.at.astimezone(self.how.zone)
            return replace(item, start=at - (shape.length or _NO_TIME), end=at if shape.length else None)
        return self.settling.settled(item, shape.routine)

    def _nominal(self, shape: Shape) -> Iterator[tuple[OccurrenceId, dt.datetime]]:
        slug = shape.routine.slug
        if isinstance(shape.schedule, Surprise):
            for cue in surprises(
                slug, shape.schedule, self.first, self.last,
                secret=secret(self.settings), zone=shape.zone, quiet=self.how.quiet, week_start=self.how.week_start,
            ):  # fmt: skip
                yield OccurrenceId(slug, cue.nominal, cue.n), cue.at
            return
        assert isinstance(shape.schedule, Fixed | FixedRule)
        for day in self._dates(shape, shape.schedule):
            start = instant(day, shape.schedule.at, shape.zone)
            if shape.until is not None and day > shape.until:
                continue
            if start is None:
                self.unplaced.append(Unplaced(slug, day.isoformat(), wording.no_such_day(shape.zone.key)))
            else:
                yield OccurrenceId(slug, day), start

    def _dates(self, shape: Shape, schedule: Fixed | FixedRule) -> Iterator[dt.date]:
        week, short = self.how.week_start, shape.routine.short_month
        ahead = False
        day_after = None
        for day in nominal_dates(schedule, self.first, self.last, week_start=week, short_month=short, zone=shape.zone):
            ahead = ahead or day > self.today
            yield day
        if not ahead:
            day_after = next_date(schedule, self.last, week_start=week, short_month=short, zone=shape.zone)
        if day_after is not None:
            yield day_after
        for day in self._moved_here(shape.routine.slug):
            days = nominal_dates(schedule, day, day + A_DAY, week_start=week, short_month=short, zone=shape.zone)
            yield from (found for found in days if found != day_after)

    def _moved_here(self, slug: str) -> list[dt.date]:
        """Dates outside of what is planned whose occurrences were moved, perhaps into it."""
        return sorted(day for day in self.moved.get(slug, ()) if not self.first <= day < self.last)

    def _occurrence(
        self, shape: Shape, name: OccurrenceId, nominal: dt.datetime, rule: str, *, written: bool
    ) -> Occurrence:
        routine = shape.routine
        fact = self.outlook.facts.get(name)
        start, end = nominal, nominal + shape.length if shape.length else None
        moved = fact is not None and fact.start is not None
        if fact is not None and fact.start is not None:
            start, end = fact.start, (fact.end or fact.start + shape.length) if shape.length else None
        counts = isinstance(shape.schedule, CountedFrom)
        moved = moved and not (counts and start == nominal)
        timed: Kind = "placed" if counts else "fixed"
        kind: Kind = timed if shape.length else "cue"
        return Occurrence(
            id=name,
            title=(fact and fact.title) or shape.title,
            kind=kind,
            start=start.astimezone(self.how.zone),
            end=end.astimezone(self.how.zone) if end else None,
            zone=shape.zone.key,
            practice=routine.practice,
            state=self.settling.said(fact) if fact else State.PLANNED,
            snoozed_until=fact.snoozed_until if fact else None,
            pinned=moved,
            private=routine.private,
            in_calendar=written,
            ask=routine.done == "ask",
            prompt=routine.notes,
            opening=opening(routine, name, apart=self.rests.are_apart(start)),
            reason=wording.moved_by_hand(nominal.astimezone(shape.zone)) if moved and rule != SURPRISE else rule,
            source=f"routine.{routine.slug}" + (f" (line {routine.line} of the config)" if routine.line else ""),
        )

    def _from_afar(self, item: Occurrence) -> Occurrence:
        """While the two are apart, a small touch is meant from afar, and says so; ideas say how."""
        if item.practice != Practice.AFFECTION or not self.rests.are_apart(item.begins):
            return item
        said = () if self.outlook.decks else (wording.APART_PROMPT,)
        prompt = "\n".join(line for line in (item.prompt, *said) if line)
        return replace(item, prompt=prompt, reason=f"{item.reason}; {wording.APART_REASON}")

    def _extra(self, fact: Fact) -> Occurrence | None:
        routine = self.settings.routine(fact.id.slug)
        arranged = routine is not None and isinstance(routine.schedule, Arranged)
        return self._arranged(fact, routine) if routine and arranged else self._from_fact(fact)

    def _from_fact(self, fact: Fact) -> Occurrence | None:
        """A one-off, or something done on a day that the schedule doesn't name."""
        start = fact.start or fact.at
        if start is None or not self.first <= local_date(start, self.how.zone, self.how.day_start):
            return None
        routine = self.settings.routine(fact.id.slug)
        if fact.id.slug != ONE_OFF and (
            routine is None or local_date(start, self.how.zone, self.how.day_start) > self.last
        ):
            return None
        standing = self.outlook.standings.get(fact.id.slug)
        if fact.state is State.SKIPPED and fact.start is None:
            return None  # a day that the schedule had before it was changed
        if fact.state is None and (fact.id.slug != ONE_OFF or (standing and standing.stopped)):
            return None
        if routine and routine.counts and fact.state is not State.DONE:
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
            state=self.settling.said(fact),
            snoozed_until=fact.snoozed_until,
            pinned=True,
            private=routine.private if routine else True,
            prompt=fact.body,
            reason=wording.ONE_OFF_REASON if routine is None else wording.EXTRA_REASON,
            source="reconnect remember" if routine is None else f"routine.{routine.slug}",
        )
        return self.settling.settled(item, routine)

    def _arranged(self, fact: Fact, routine: Routine) -> Occurrence | None:
        """One that stands where two people agreed on it, or where one of them put it since."""
        if fact.start is None or routine.length is None:
            return None
        item = Occurrence(
            id=fact.id,
            title=fact.title or routine.title,
            kind="fixed",
            start=fact.start.astimezone(self.how.zone),
            end=(fact.end or fact.start + routine.length).astimezone(self.how.zone),
            zone=self.how.zone.key,
            practice=routine.practice,
            state=self.settling.said(fact),
            snoozed_until=fact.snoozed_until,
            in_calendar=in_calendar(routine, self.settings, self.today),
            ask=routine.done == "ask",
            prompt=routine.notes,
            reason=wording.ARRANGED_REASON,
            source="reconnect topic plan",
        )
        item = self.settling.settled(item, routine)
        return item if self.settling.is_shown(item, routine) else None


def secret(settings: Settings) -> bytes:
    """What makes this person's surprises their own: the household's word and their name."""
    return f"{settings.people.household}\0{settings.people.me}".encode()


def window(day: dt.date, days: int, how: Manner) -> tuple[dt.datetime, dt.datetime]:
    """The instants of `days` local days from `day` on."""
    last = day + dt.timedelta(days=days - 1)
    return day_bounds(day, how.zone, how.day_start)[0], day_bounds(last, how.zone, how.day_start)[1]
