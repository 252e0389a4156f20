"""Settling: what became of an occurrence about which nobody said anything, once its time is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from reconnectd.core.model import Routine
from reconnectd.core.occurrence import SNOOZE, Fact, Occurrence, OccurrenceId, State
from reconnectd.core.outlook import Outlook
from reconnectd.core.reminding import STAYS_TO_BE_SAID, Manner, unanswered
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings


class Settling:
    """Of one run of the planner."""

    def __init__(self, settings: Settings, outlook: Outlook, how: Manner, rests: Rests) -> None:
        self._settings = settings
        self._outlook = outlook
        self._how = how
        self._rests = rests
        self._assumed: dict[OccurrenceId, State] = {}

    def said(self, fact: Fact) -> State:
        """Its state as a person said it. What had settled itself is looked at again: the clock may have gone back."""
        if fact.assumed and fact.state is not None:
            self._assumed[fact.id] = fact.state
            return State.PLANNED
        return fact.state or State.PLANNED

    def as_it_settled(self, item: Occurrence) -> Occurrence:
        """What is settled still stays as it was; nothing that is settled waits for a word."""
        if item.id in self._assumed and not item.state.is_open:
            item = replace(item, state=self._assumed[item.id])
        is_settled = item.snoozed_until is not None and not item.state.is_open
        return replace(item, snoozed_until=None) if is_settled else item

    def settled(self, item: Occurrence, routine: Routine | None) -> Occurrence:
        """Its state, where nobody said anything; of what is asked about, see `lapsed`."""
        if item.state is not State.PLANNED:
            return item
        announced = item.id in self._outlook.announced
        if self._waits(item, routine) or item.ask or item.over + self._grace(item, routine) > self._outlook.now:
            return replace(item, state=State.ANNOUNCED) if announced else item
        return replace(item, state=State.DONE if announced or item.end else State.MISSED)

    def _waits(self, item: Occurrence, routine: Routine | None) -> bool:
        """Was it put off, and is the word still to come, or was it said only just now?"""
        if item.snoozed_until is None:
            return False
        was_said = (item.id, SNOOZE) in self._outlook.spoken
        return item.snoozed_until + (self._grace(item, routine) if was_said else STAYS_TO_BE_SAID) > self._outlook.now

    def _grace(self, item: Occurrence, routine: Routine | None) -> dt.timedelta:
        if routine is None:
            return dt.timedelta(days=1)
        return dt.timedelta(0) if item.end else (self._how.late if routine.late is None else routine.late)

    def is_shown(self, item: Occurrence, routine: Routine) -> bool:
        """What lies before the routine was known isn't history, and a cue that rests isn't planned."""
        fact = self._outlook.facts.get(item.id)
        if self._rests.cleared(item) and (fact is None or fact.state is None):
            return False
        if fact is not None and (fact.state is not None or fact.start is not None):
            return True
        standing = self._outlook.standings.get(routine.slug)
        known = standing.first_seen if standing else self._outlook.now
        if item.over + self._grace(item, routine) < min(known, self._outlook.now):
            return False
        if item.over < known and item.state in {State.DONE, State.MISSED}:
            return False
        stands = item.end is not None and item.over > self._outlook.now
        return stands or not self._rests.hold(item)

    def is_history(self, item: Occurrence) -> bool:
        """A cue that counts from the last time, and that nobody heard, was none: it comes again."""
        routine = self._settings.routine(item.id.slug)
        told = item.id in self._outlook.facts or item.id in self._outlook.announced
        counts = routine is not None and routine.counts
        return told or item.state is not State.MISSED or not counts or bool(item.end) or item.in_calendar


def lapsed(items: list[Occurrence], how: Manner, now: dt.datetime) -> list[Occurrence]:
    """What was asked about and has no answer did not happen; a day's events share their question."""
    silent = unanswered(items, how, now)
    if not silent:
        return items
    return [replace(item, state=State.MISSED) if item.id in silent else item for item in items]
