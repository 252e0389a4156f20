"""Replies: one thing that a person did in a calendar app becomes a fact about an occurrence, or a pin of a series."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.intents import Intents
from reconnectd.core import merging
from reconnectd.core.decision import decided
from reconnectd.core.decision import nominal_of as instant_of
from reconnectd.core.ics import Reading, read
from reconnectd.core.ics.intent import resting_rule
from reconnectd.core.ics.rules import without_end
from reconnectd.core.model import Fixed, FixedRule, Routine
from reconnectd.core.occurrence import Fact, OccurrenceId, Standing, State
from reconnectd.core.series_pin import SeriesPin
from reconnectd.core.shape import shape_of
from reconnectd.core.wanted import nominal_instant


class Replies:
    """Writes them down; every method runs inside the caller's transaction."""

    def __init__(self, store: Store, zone: ZoneInfo, intents: Intents) -> None:
        self._store = store
        self._zone = zone
        self._intents = intents

    def apply(self, action: merging.Action, theirs: Reading, routine: Routine, now: dt.datetime) -> None:
        """Take over what one action of a merge says; `theirs` is the whole object, for what is of the series."""
        standing = self._store.facts.standings()[routine.slug]
        match action:
            case merging.Moved(nominal, start, end):
                self.fact(routine, standing, nominal, now, start=start, end=self._end(routine, end))
            case merging.Skipped(nominal):
                self.fact(routine, standing, nominal, now, state=State.SKIPPED, for_both=True)
            case merging.Done(nominal):
                self.fact(routine, standing, nominal, now, state=State.DONE)
            case merging.Retitled(nominal, title):
                self.fact(routine, standing, nominal, now, title=title)
            case merging.Restored(nominal, unticked):
                self._restored(routine, standing, nominal, now, unticked=unticked)
            case merging.FieldEdited(name, value):
                self._store.facts.pin(routine, standing.generation, name, value, now)
            case merging.SeriesDeleted():
                self._store.facts.stop_series(routine.slug, standing.generation, now)
            case merging.SeriesMoved() | merging.SeriesEnded():
                self._pin_series(action, theirs, routine, standing, now)

    def _pin_series(
        self, action: merging.SeriesMoved | merging.SeriesEnded, theirs: Reading, routine: Routine, standing: Standing,
        now: dt.datetime,
    ) -> None:  # fmt: skip
        """From now on the series is the one in the calendar."""
        rule = theirs.rrule and self._without_rest(routine.slug, theirs.rrule)
        pin = SeriesPin(theirs.local_start, rule, theirs.duration, theirs.zone)
        if isinstance(action, merging.SeriesMoved) and action.since is not None:
            pin = SeriesPin(action.start, action.rrule, action.duration, action.zone)
        self._store.facts.pin(routine, standing.generation, "schedule", pin.to_json(), now)
        self._store.reminders.reset_coming(routine.slug, now.astimezone(self._zone).date())

    def _end(self, routine: Routine, end: dt.datetime) -> dt.datetime | None:
        return end if routine.lasting else None

    def _without_rest(self, slug: str, rrule: str) -> str:
        """A rule that ends where a rest of ours took it out: that end is not a person's."""
        rests = [rest for rest in self._store.rests.all() if rest.cleared and rest.is_of(slug)]
        ours = any(resting_rule(rrule.partition(";UNTIL=")[0], rest.since) == rrule for rest in rests)
        return without_end(rrule) if ours else rrule

    def name(self, routine: Routine, standing: Standing, nominal: dt.datetime, now: dt.datetime) -> OccurrenceId | None:
        """The occurrence whose nominal instant this is; None when it is none of the series (an exception at a wrong
        time, which takes nothing away)."""
        shape = shape_of(routine, standing, self._zone)
        if shape is not None and routine.counts:
            return self._intents.dated(routine, standing, nominal.astimezone(shape.zone).date(), now)
        if shape is None or not isinstance(shape.schedule, Fixed | FixedRule):
            return None
        name = OccurrenceId(routine.slug, nominal.astimezone(shape.zone).date())
        known = nominal_instant(Fact(name), shape) == nominal or self._stood_then(standing, nominal, shape.zone)
        return name if known else None

    def _stood_then(self, standing: Standing, nominal: dt.datetime, zone: ZoneInfo) -> bool:
        """Is it of the series as we last saw it? The config may say another time since."""
        row = self._store.objects.of(standing.slug, standing.generation)
        stood = read(row.base, local=self._zone.key) if row is not None else None
        if stood is None or stood.zone != zone.key:
            return False
        return nominal.astimezone(zone).time() == stood.local_start.time()

    def fact(
        self, routine: Routine, standing: Standing, nominal: dt.datetime, now: dt.datetime, **changes: object
    ) -> None:
        """Write `changes` (fields of `Fact`) down; nothing when the instant is none of the series, and what a person
        said was done isn't skipped any more."""
        name = self.name(routine, standing, nominal, now)
        if name is None:
            return
        fact = self._store.facts.get(name) or Fact(name)
        said_done = fact.state is State.DONE and not fact.assumed
        if said_done and changes.get("state") is State.SKIPPED:
            return
        if "state" in changes:
            changes["assumed"] = False
        fact = replace(fact, **{"at": now, **changes})  # type: ignore[arg-type]
        self._store.facts.put(fact)
        if "start" in changes:
            self._store.reminders.reset(name)
        if "state" in changes:
            self._store.reminders.close_all(name)

    def _restored(
        self, routine: Routine, standing: Standing, nominal: dt.datetime, now: dt.datetime, *, unticked: bool
    ) -> None:
        """As the routine has it; what was done stays so where no tick said it."""
        name = self.name(routine, standing, nominal, now)
        fact = self._store.facts.get(name) if name else None
        if name is None or fact is None:
            return
        open_again = fact.state is State.SKIPPED or (unticked and fact.state is State.DONE)
        state = None if open_again else fact.state
        self._store.facts.put(replace(fact, start=None, end=None, title=None, state=state, for_both=False, at=now))
        self._store.reminders.reset(name)

    def note(self, action: merging.Action, routine: Routine, now: dt.datetime) -> None:
        """Write down what was decided, never who did it."""
        nominal = instant_of(action)
        name = self.name(routine, self._store.facts.standings()[routine.slug], nominal, now) if nominal else None
        self._store.history.decide(now, name or routine.slug, decided(action, self._zone))
