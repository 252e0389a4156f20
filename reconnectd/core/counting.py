"""Routines that count from the last time: the dates they have had, and the one that stands next.

There is one open date at a time; what was not done piles up nowhere.

1. Done on a day, it is next `every` after that day, early or late, and however many dates lay in between. `day_start`
   says to which day a moment belongs. What is assumed to be done was done when it stood.
2. Until it was done once, it is on `starting` and every `every` after; without `starting` as counted from Monday
   2024-01-01, so that two devices agree; the first one that was still ahead when the routine was first seen.
3. Let go of ("skip", deleted in the calendar): next `every` after the day on which it stood.
4. An event that did not happen, when a new day has begun: the same, but not later than `no_later_than` after it was
   last done, as long as that day is ahead. So it is never in the past, and never there twice.
5. A cue that nobody heard, because the machine was off or there was no room for it: the next day.
6. One that a person moved stays where it was put, and is the next until it was done, let go of or went by; so is the
   one to which another device went on, where this one would only go on because nobody told it that it was done.

In the calendar it is one event for each `period`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reconnectd.core.model import CountedFrom
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.period import fits, later, period_of, periods_around
from reconnectd.core.recur import EPOCH
from reconnectd.core.recurrence import instant, local_date
from reconnectd.core.settings import Time
from reconnectd.core.shape import Shape

_DAY = dt.timedelta(days=1)
_NO_TIME = dt.timedelta(0)
_FARTHEST = 400
"""How many periods ahead the event of another device is looked for."""


class Ground(StrEnum):
    """Why a date is the next one: it was never done yet; so long after it was done; so long after the one before; no
    later than so long after it was done; nobody heard the one before."""

    FIRST = "first"
    DONE = "done"
    AGAIN = "again"
    LIMIT = "limit"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Turn:
    """One date of the routine. `since` is the day on which it was last done, None while it never was; it is `steps`
    times `every` after `origin`, so that the 31st comes back after a short month."""

    name: OccurrenceId
    ground: Ground
    since: dt.date | None
    origin: dt.date
    steps: int

    @property
    def nominal(self) -> dt.date:
        """Its local date."""
        return self.name.nominal


@dataclass(frozen=True, slots=True)
class Count:
    """A routine that counts. `zone` is the one it lives in, `mine` the person's, in which days begin at `day_start`;
    `length` None is a cue, which may come `grace` later; `insists`: what nobody heard comes the next day."""

    slug: str
    schedule: CountedFrom
    zone: ZoneInfo
    length: dt.timedelta | None
    mine: ZoneInfo
    day_start: dt.time
    grace: dt.timedelta
    assumed: bool
    insists: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of it at `now`: every fact of the routine, what was announced, and when it was `first_seen`."""

    now: dt.datetime
    first_seen: dt.datetime
    facts: Mapping[OccurrenceId, Fact]
    announced: Collection[OccurrenceId]


class Done(NamedTuple):
    """Once that it was done: on which day, and under which name."""

    day: dt.date
    at: dt.datetime
    name: OccurrenceId


def count_of(shape: Shape, time: Time, mine: ZoneInfo, late: dt.timedelta) -> Count | None:
    """How a routine counts, for a person in the zone `mine`; None when it doesn't."""
    routine = shape.routine
    if not isinstance(shape.schedule, CountedFrom):
        return None
    return Count(
        slug=routine.slug,
        schedule=shape.schedule,
        zone=shape.zone,
        length=shape.length,
        mine=mine,
        day_start=time.day_start,
        grace=late if routine.late is None else routine.late,
        assumed=routine.done == "assume",
        insists=shape.length is None and not routine.calendar,
    )


def turns(count: Count, past: Past, first: dt.date) -> tuple[Turn, ...]:
    """Its dates from about `first` on; the last one is the next. () when there is none before the year 10000."""
    return tuple(_Walk(count, past).turns(first))


def turn_in(count: Count, past: Past, period: str) -> Turn | None:
    """Its date in a period, if it has one there or will have when it keeps its rhythm."""
    known = turns(count, past, dt.date.min)
    for turn in reversed(known):
        if period_of(count.schedule, turn.nominal) == period:
            return turn
    return _ahead(count, known[-1], period) or _before(count, known[0], period) if known else None


def _ahead(count: Count, last: Turn, period: str) -> Turn | None:
    found: Turn | None = last
    for _ in range(_FARTHEST):
        if found is None or period_of(count.schedule, found.nominal) >= period:
            break
        found = _stepped(count, found, Ground.AGAIN)
    return found if found and period_of(count.schedule, found.nominal) == period else None


def _before(count: Count, earliest: Turn, period: str) -> Turn | None:
    """While it was never done, another device may have begun earlier."""
    if earliest.since is not None:
        return None
    base = count.schedule.starting or EPOCH
    begin = dt.date.fromisoformat(period)
    steps = max(fits(base, begin, count.schedule.every), 0)
    candidates = (_turn(count, base, steps + more, Ground.FIRST, None) for more in (0, 1))
    return next((one for one in candidates if one and period_of(count.schedule, one.nominal) == period), None)


def _turn(count: Count, origin: dt.date, steps: int, ground: Ground, since: dt.date | None) -> Turn | None:
    day = later(origin, count.schedule.every, steps)
    return Turn(OccurrenceId(count.slug, day), ground, since, origin, steps) if day else None


def _stepped(count: Count, turn: Turn, ground: Ground) -> Turn | None:
    return _turn(count, turn.origin, turn.steps + 1, ground, turn.since)


class _Walk:
    """One walk along the dates: a stretch after each time that it was done."""

    def __init__(self, count: Count, past: Past) -> None:
        self.count = count
        self.past = past
        self.today = self._day(past.now)
        self.known = {fact.id: fact.start is not None for fact in self._open_ahead()}
        """Dates ahead of which something is known: were they put elsewhere? If not, another device went on to them."""
        self.taken: set[OccurrenceId] = set()
        """Names of what was done: one that comes back on the same date is the second of that day."""

    def turns(self, first: dt.date) -> Iterator[Turn]:
        dones = self._dones()
        before = [done for done in dones if done.day < first][:-1]
        self.taken |= {done.name for done in before}
        last: Done | None = None
        for done in dones[len(before) :]:
            yield from self._stretch(last, done)
            last = done
            self.taken.add(done.name)
        yield from self._open_stretch(last)

    def _dones(self) -> list[Done]:
        facts = (fact for fact in self.past.facts.values() if fact.state is State.DONE and fact.at is not None)
        return sorted(self._done(fact) for fact in facts)

    def _done(self, fact: Fact) -> Done:
        assert fact.at is not None
        later = fact.snoozed_until if fact.assumed and fact.snoozed_until else fact.at
        at = max(fact.at, later)
        return Done(self._day(at), at, fact.id)

    def _stretch(self, last: Done | None, done: Done) -> Iterator[Turn]:
        """The dates between two times that it was done, and the one that was done ahead of its day."""
        turn = self._first(last)
        while turn is not None and turn.nominal <= max(done.day, done.name.nominal):
            if turn.nominal <= done.day or turn.name == done.name:
                yield turn
            turn = self._following(turn)

    def _open_stretch(self, last: Done | None) -> Iterator[Turn]:
        """The dates since it was last done, to the one that stands."""
        turn = self._put_by_hand(self._first(last), None)
        while turn is not None:
            yield turn
            then = self._put_by_hand(self._following(turn), turn)
            goes_on = then is not None and then.name in self.known and not self._is_ahead(turn.name)
            if self._stands(turn) and not goes_on:
                return
            turn = then

    def _first(self, last: Done | None) -> Turn | None:
        """The date that follows from when it was last done, and never one that had begun by then."""
        starting = self.count.schedule.starting
        if last is None:
            return self._first_ever()
        turn = self._within(_turn(self.count, last.day, 1, Ground.DONE, last.day), last.day)
        if turn and starting and turn.nominal < starting:
            turn = _turn(self.count, starting, 0, Ground.FIRST, last.day)
        begins = instant(turn.nominal, self.count.schedule.at, self.count.zone) if turn else None
        if turn and begins and begins <= last.at:
            turn = _turn(self.count, turn.nominal + _DAY, 0, Ground.DONE, last.day)
        return self._named(turn)

    def _first_ever(self) -> Turn | None:
        """The first date of which something is known, or that was ahead when the routine was first seen."""
        base = self.count.schedule.starting or EPOCH
        told = [fact.id.nominal for fact in self.past.facts.values() if fact.state is not State.DONE]
        floor = min([self._day(self.past.first_seen), *told])
        steps = max(fits(base, floor, self.count.schedule.every), 0)
        while (turn := _turn(self.count, base, steps, Ground.FIRST, None)) is not None:
            over = self._over(turn.name)
            ahead = over is not None and over >= min(self.past.first_seen, self.past.now)
            if turn.name in self.past.facts or (ahead and turn.nominal >= floor):
                return turn
            steps += 1
        return None

    def _following(self, turn: Turn) -> Turn | None:
        """The date after one that doesn't stand any more."""
        return self._named(self._after(turn))

    def _after(self, turn: Turn) -> Turn | None:
        fact = self.past.facts.get(turn.name)
        stood = self._stood(turn)
        if fact is None or fact.state is not State.SKIPPED:
            if self._is_assumed(turn):
                at = self._waits(turn) or self.past.now
                return self._first(Done(self._day(at), at, turn.name))
            if self._is_unheard(turn):
                return self._next_day(turn, stood)
        if stood > turn.nominal:
            turn = replace(turn, origin=stood, steps=0)
        found = _stepped(self.count, turn, Ground.AGAIN)
        if fact is not None and fact.state is State.SKIPPED:
            return found
        return self._within(found, stood)

    def _next_day(self, turn: Turn, stood: dt.date) -> Turn | None:
        civil = self.past.now.astimezone(self.count.zone).date()
        return _turn(self.count, max(stood + _DAY, min(civil, self.today)), 0, Ground.UNHEARD, turn.since)

    def _within(self, turn: Turn | None, after: dt.date) -> Turn | None:
        """Not later than `no_later_than`, if that day is after `after`."""
        limit = self.count.schedule.no_later_than
        if turn is None or limit is None or turn.since is None:
            return turn
        latest = later(turn.since, limit)
        if latest is None or not after < latest < turn.nominal:
            return turn
        return _turn(self.count, latest, 0, Ground.LIMIT, turn.since)

    def _named(self, turn: Turn | None) -> Turn | None:
        while turn is not None and turn.name in self.taken:
            turn = replace(turn, name=turn.name._replace(n=turn.name.n + 1))
        return turn

    def _put_by_hand(self, turn: Turn | None, after: Turn | None) -> Turn | None:
        """One that a person put elsewhere, and that is still ahead, in place of the one that would be next. After one
        that went by also the one to which another device went on; it may be as far as the period after."""
        found = [
            name for name, moved in self.known.items()
            if (moved if after is None else name.nominal > after.nominal)
        ]  # fmt: skip
        if turn is None or not found:
            return turn
        name = min(found)
        reach = period_of(self.count.schedule, turn.nominal)
        if after is not None:
            reach = max(reach, *periods_around(self.count.schedule, after.nominal))
        if name == turn.name or period_of(self.count.schedule, name.nominal) > reach:
            return turn
        return replace(turn, name=name, origin=name.nominal, steps=0)

    def _open_ahead(self) -> list[Fact]:
        return [fact for fact in self.past.facts.values() if fact.state is None and self._is_ahead(fact.id)]

    # Does it stand?

    def _stands(self, turn: Turn) -> bool:
        fact = self.past.facts.get(turn.name)
        waits = self._waits(turn)
        if waits is None or (fact is not None and fact.state is State.SKIPPED) or self._is_assumed(turn):
            return False
        if self._is_unheard(turn):
            return waits + self.count.grace > self.past.now
        return self.today <= self._day(waits)

    def _is_ahead(self, name: OccurrenceId) -> bool:
        over = self._over(name)
        return over is not None and over > self.past.now

    def _is_assumed(self, turn: Turn) -> bool:
        """Has it gone by, and is it taken for done?"""
        waits = self._waits(turn)
        known = self.count.length is not None or turn.name in self.past.announced
        return self.count.assumed and known and waits is not None and waits <= self.past.now

    def _is_unheard(self, turn: Turn) -> bool:
        return self.count.insists and turn.name not in self.past.announced

    def _waits(self, turn: Turn) -> dt.datetime | None:
        """Until when it is to come: to its end, or to the word that was put off."""
        over, fact = self._over(turn.name), self.past.facts.get(turn.name)
        until = fact.snoozed_until if fact else None
        return max(over, until) if over and until else over

    def _over(self, name: OccurrenceId) -> dt.datetime | None:
        """When it ends, moved or not; None on a day that its zone never had."""
        fact = self.past.facts.get(name)
        if fact is not None and fact.start is not None:
            return fact.end or fact.start + (self.count.length or _NO_TIME)
        begins = instant(name.nominal, self.count.schedule.at, self.count.zone)
        return begins + (self.count.length or _NO_TIME) if begins else None

    def _stood(self, turn: Turn) -> dt.date:
        """The later one of its own date and the one to which it was moved."""
        fact = self.past.facts.get(turn.name)
        if fact is None or fact.start is None:
            return turn.nominal
        return max(turn.nominal, fact.start.astimezone(self.count.zone).date())

    def _day(self, moment: dt.datetime) -> dt.date:
        return local_date(moment, self.count.mine, self.count.day_start)
