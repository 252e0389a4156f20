"""What the calendar is wanted to say about a routine, from all that is known at present."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice.event_ideas import EventIdeas
from reconnectd.core.counting import Count, Past, Turn, count_of, turn_in, turns
from reconnectd.core.ics import Intent, Reading
from reconnectd.core.ics.intent import DESCRIPTION
from reconnectd.core.model import CountedFrom, Fixed, FixedRule, Routine
from reconnectd.core.occurrence import Fact, OccurrenceId, Standing
from reconnectd.core.period import periods_around
from reconnectd.core.settings import Settings
from reconnectd.core.shape import shape_of
from reconnectd.core.wanted import instant_on, intent, object_uid, period_event


class Intents:
    """Asked anew each time, because facts and pins change during a run."""

    def __init__(self, store: Store, settings: Settings, zone: ZoneInfo) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone
        self.ideas = EventIdeas(store, settings, zone)

    def of(
        self, routine: Routine, standing: Standing, now: dt.datetime, begins: dt.date | None = None
    ) -> Intent | None:
        """The series of one routine, beginning on `begins` or later (None: today); None when it isn't written."""
        row = self._store.objects.of(routine.slug, standing.generation)
        stands = row.intent.get(DESCRIPTION, "") if row else ""
        return intent(
            routine,
            standing,
            self._store.facts.exceptions(routine.slug),
            self._settings,
            zone=self._zone,
            today=now.date(),
            not_before=begins or now.astimezone(self._zone).date(),
            rests=self._store.rests.all(),
            stamp=self._store.config_since(self._settings.fingerprint, now),
            idea=self.ideas.text(routine, stands, now),
        )

    def on(self, routine: Routine, standing: Standing, date: dt.date) -> dt.datetime | None:
        """The instant of the series on that local date, UTC; None when it has none then."""
        shape = shape_of(routine, standing, self._zone)
        if shape is None or not isinstance(shape.schedule, Fixed | FixedRule):
            return None
        return instant_on(date, shape, self._settings)

    # Routines that count from the last time.

    def event(self, routine: Routine, standing: Standing, name: OccurrenceId, now: dt.datetime) -> Intent | None:
        """The event for one date; None when it isn't written."""
        fact = self._store.facts.get(name) or Fact(name)
        stamp = self._store.config_since(self._settings.fingerprint, now)
        return period_event(
            routine, standing, fact, self._settings, zone=self._zone, today=now.date(), stamp=stamp,
            idea=self.ideas.text_of(routine, name),
        )  # fmt: skip

    def next(self, routine: Routine, standing: Standing, now: dt.datetime) -> OccurrenceId | None:
        """The date that stands next."""
        dates = self._turns(routine, standing, now)
        return dates[-1].name if dates else None

    def dated(self, routine: Routine, standing: Standing, day: dt.date, now: dt.datetime) -> OccurrenceId:
        """Its name on a date."""
        names = [turn.name for turn in self._turns(routine, standing, now) if turn.nominal == day]
        return names[-1] if names else OccurrenceId(routine.slug, day)

    def is_planned(self, routine: Routine, standing: Standing, name: OccurrenceId, now: dt.datetime) -> bool:
        """Is it one of its dates, or was something said about it?"""
        planned = any(turn.name == name for turn in self._turns(routine, standing, now))
        return planned or self._store.facts.get(name) is not None

    def in_period(self, routine: Routine, standing: Standing, period: str, now: dt.datetime) -> OccurrenceId | None:
        """Its date in a period; None when it has none there."""
        count, past = self._counting(routine, standing, now)
        turn = turn_in(count, past, period) if count else None
        return turn.name if turn else None

    def period(self, theirs: Reading, routine: Routine, standing: Standing) -> str | None:
        """The period whose event of this routine an object is: by its UID, else by what it carries."""
        if not isinstance(routine.schedule, CountedFrom) or standing.stopped:
            return None
        near = periods_around(routine.schedule, theirs.local_start.date())
        for period in (*([theirs.period] if theirs.period else []), *near):
            if theirs.uid == object_uid(self._settings, routine.slug, standing.generation, period):
                return period
        carries = (theirs.slug, theirs.generation) == (routine.slug, standing.generation)
        free = theirs.period and self._store.objects.of(routine.slug, standing.generation, theirs.period) is None
        return theirs.period if carries and free else None

    def _turns(self, routine: Routine, standing: Standing, now: dt.datetime) -> tuple[Turn, ...]:
        count, past = self._counting(routine, standing, now)
        return turns(count, past, dt.date.min) if count else ()

    def _counting(self, routine: Routine, standing: Standing, now: dt.datetime) -> tuple[Count | None, Past]:
        shape = shape_of(routine, standing, self._zone)
        time, late = self._settings.time, self._settings.reminders.late
        facts = self._store.facts.of(routine.slug)
        past = Past(now, standing.first_seen, facts, frozenset(self._store.reminders.announced()))
        return (count_of(shape, time, self._zone, late) if shape else None), past
