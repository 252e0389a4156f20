"""Fading: what holds by itself needs fewer words.

It only ever takes words away, and only those at and before a small cue that comes often. Never about an event, what
stands in a calendar, a day of the month or the year, what counts from the last time, what a person put somewhere or
put off, and never the question afterwards: by that it is known whether it holds without a word as well.

- A cue that holds by itself (`core.practice.strength`) is said every second time, one that holds well every third,
  and of its lead times only the nearest. The words are all back when it holds no more, and when nothing was told for
  two half-lives: nobody knows then.
- Affection has no strength. Its cues grow fewer with time alone: from eight weeks on three of four are said, from
  sixteen on every second one.

Which ones are said depends on their name alone, so that all devices agree, and a plan made anew says the same.
"""

from __future__ import annotations

import bisect
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reconnectd.core import wording
from reconnectd.core.model import Daily, Fixed, Practice, Routine, Weekdays
from reconnectd.core.occurrence import Occurrence, OccurrenceId, Reminder, State
from reconnectd.core.outlook import Outlook
from reconnectd.core.practice.cadence import interval
from reconnectd.core.practice.strength import Course, course, half_life
from reconnectd.core.rest import rests_when_lighter
from reconnectd.core.settings import Settings

A_WEEK = dt.timedelta(weeks=1)


class Share(NamedTuple):
    """Of each `of` occurrences `said` are spoken of."""

    said: int
    of: int


WHOLE = Share(1, 1)
HOLDING = (WHOLE, Share(1, 2), Share(1, 3))
"""By the level of a course."""

WITH_TIME = ((16, Share(1, 2)), (8, Share(3, 4)))
"""Of affection: from so many weeks on."""


def share_of(found: Course | None, days: float, today: dt.date) -> Share:
    """What is said of a cue that comes every `days` days."""
    if found is None or (today - found.last).days > 2 * half_life(days):
        return WHOLE
    return HOLDING[found.level]


def share_with_time(known: dt.timedelta) -> Share:
    """What is said of affection, so long after it began."""
    return next((share for weeks, share in WITH_TIME if known >= weeks * A_WEEK), WHOLE)


class Fading:
    """Of one run of the planner. `secret` makes this person's draws their own; `today` is local."""

    def __init__(self, settings: Settings, outlook: Outlook, secret: bytes, today: dt.date) -> None:
        self._settings = settings
        self._outlook = outlook
        self._secret = secret
        self._today = today
        self._shares: dict[str, Share] = {}

    def fewer(
        self, words: Sequence[Reminder], items: Sequence[Occurrence]
    ) -> tuple[list[Reminder], dict[str, list[Reminder]]]:
        """(what may be said, by its reason what is left unsaid about what gets no word before it or at it)."""
        if not (self._settings.reminders.fade and self._touches_any()):
            return list(words), {}
        known = {item.id: item for item in items}
        kept: list[Reminder] = []
        left: dict[str, list[Reminder]] = {}
        for word in words:
            share = self._share(word, known)
            if share is WHOLE or (self._is_said(word.occurrence, share) and self._is_nearest(word)):
                kept.append(word)
            elif not self._is_said(word.occurrence, share):
                left.setdefault(self._why(word.occurrence.slug), []).append(word)
        return kept, left

    def _touches_any(self) -> bool:
        return bool(self._outlook.told) or any(one.practice is Practice.AFFECTION for one in self._settings.routines)

    def _share(self, word: Reminder, known: Mapping[OccurrenceId, Occurrence]) -> Share:
        routine, item = self._settings.routine(word.occurrence.slug), known.get(word.occurrence)
        if routine is None or item is None or not word.lead.isdigit() or not may_fade(routine):
            return WHOLE
        if item.pinned or item.in_calendar or item.state is State.ANNOUNCED:
            return WHOLE
        if routine.practice is Practice.AFFECTION:
            standing = self._outlook.standings.get(routine.slug)
            return share_with_time(item.begins - standing.first_seen) if standing else WHOLE
        if routine.slug not in self._shares:
            self._shares[routine.slug] = self._held(routine)
        return self._shares[routine.slug]

    def _held(self, routine: Routine) -> Share:
        told = self._outlook.told.get(routine.slug, ())
        days = interval(routine.schedule) if told else 1
        return share_of(course(told, days, self._today), days, self._today)

    def _is_nearest(self, word: Reminder) -> bool:
        routine = self._settings.routine(word.occurrence.slug)
        return routine is not None and int(word.lead) == min(lead.total_seconds() for lead in routine.remind)

    def _is_said(self, name: OccurrenceId, share: Share) -> bool:
        routine = self._settings.routine(name.slug)
        assert routine is not None
        return turn(routine, name, self._secret) % share.of < share.said

    def _why(self, slug: str) -> str:
        routine = self._settings.routine(slug)
        affection = routine is not None and routine.practice is Practice.AFFECTION
        return wording.FEWER_REASON if affection else wording.HOLDS_REASON


def may_fade(routine: Routine) -> bool:
    """Is it a small cue that comes often, and stands in no calendar?"""
    return rests_when_lighter(routine) and not routine.calendar and not routine.counts


def turn(routine: Routine, name: OccurrenceId, secret: bytes) -> int:
    """The number of an occurrence in its row, where days or weekdays make one; else a number drawn for it."""
    schedule, day = routine.schedule, name.nominal.toordinal() - 1
    if isinstance(schedule, Fixed) and isinstance(schedule.on, Daily):
        return day // schedule.every
    if isinstance(schedule, Fixed) and isinstance(schedule.on, Weekdays):
        weeks, weekday = divmod(day, 7)
        days = schedule.on.days
        return weeks // schedule.every * len(days) + bisect.bisect_left(days, weekday)
    drawn = hmac.digest(secret, f"fading\n{name}".encode(), hashlib.sha256)
    return int.from_bytes(drawn[:8])
