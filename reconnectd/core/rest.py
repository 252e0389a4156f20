"""Rests: stretches of time in which routines say nothing, or less.

A rest is a half-open range of instants. Ended ones are kept, so that what lay in one is never counted as something
that did not happen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from reconnectd.core.model import CountedFrom, Fixed, FixedRule, MonthDays, NthWeekdays, Routine, YearDates
from reconnectd.core.occurrence import Occurrence, OccurrenceId, Reminder
from reconnectd.core.recurrence import instant
from reconnectd.core.reminding import Manner
from reconnectd.core.settings import Settings

RestKind = Literal["pause", "not-today", "lighter", "apart", "stop", "first-days"]
SILENT: frozenset[RestKind] = frozenset({"pause", "not-today", "stop"})
EVERYTHING = "*"
_LONG_AGO = dt.datetime(1, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Rest:
    """Of one routine, or of EVERYTHING, from `since` until `until` (None: until `resume`).

    `lighter` means fewer words, `first-days` one a day, `apart` that the two are in different places; the other kinds
    are silent. `cleared`: what lies in it was taken out of the calendar.
    """

    scope: str
    since: dt.datetime
    until: dt.datetime | None
    kind: RestKind = "pause"
    cleared: bool = False

    def covers(self, moment: dt.datetime) -> bool:
        """Does it hold at that instant?"""
        return self.since <= moment and (self.until is None or moment < self.until)

    def is_of(self, slug: str) -> bool:
        """Is it a rest of this routine, perhaps among others?"""
        return self.scope in {EVERYTHING, slug}


class Rests:
    """Which routine rests when: what was said, and `paused` of the config. One-offs aren't asked about."""

    def __init__(self, settings: Settings, said: Sequence[Rest], zone: ZoneInfo) -> None:
        self._settings = settings
        self._said = said
        self._zone = zone
        self._known: dict[str, tuple[Rest, ...]] = {}

    def of(self, slug: str) -> tuple[Rest, ...]:
        """The silent stretches of one routine, by their beginning."""
        if slug not in self._known:
            self._known[slug] = tuple(sorted(self._found(slug), key=lambda rest: rest.since))
        return self._known[slug]

    def _found(self, slug: str) -> list[Rest]:
        routine = self._settings.routine(slug)
        if routine is None:
            return []
        kinds = SILENT | {"lighter"} if rests_when_lighter(routine) else SILENT
        found = [rest for rest in self._said if rest.kind in kinds and rest.is_of(slug)]
        if routine.paused is not False:
            until = None if routine.paused is True else instant(routine.paused, dt.time(), self._zone)
            found.append(Rest(slug, _LONG_AGO, until))
        return found

    def hold(self, item: Occurrence) -> bool:
        """Does its routine rest at its beginning?"""
        return any(rest.covers(item.begins) for rest in self.of(item.id.slug))

    def are_apart(self, moment: dt.datetime) -> bool:
        """Are the two in different places then? By the config, or for a while."""
        if self._settings.together.place == "apart":
            return True
        return any(rest.kind == "apart" and rest.covers(moment) for rest in self._said)

    def cleared(self, item: Occurrence) -> bool:
        """Was it taken out of the calendar for a rest?"""
        return any(rest.cleared and rest.covers(item.begins) for rest in self.of(item.id.slug))


def rests_when_lighter(routine: Routine) -> bool:
    """Small cues that come often; an event, and what comes once a month or a year, keep their word."""
    return routine.lasting is None and not _is_rare(routine)


def _is_rare(routine: Routine) -> bool:
    schedule = routine.schedule
    if isinstance(schedule, Fixed):
        return isinstance(schedule.on, NthWeekdays | MonthDays | YearDates)
    if isinstance(schedule, CountedFrom):
        return schedule.every.unit in {"month", "year"}
    return isinstance(schedule, FixedRule) and any(f"FREQ={freq}" in schedule.rrule for freq in ("MONTHLY", "YEARLY"))


def ended(rests: Sequence[Rest], scope: str, now: dt.datetime) -> list[Rest]:
    """The same with those of that scope that hold now, or are still to come, ended."""
    found = []
    for rest in rests:
        if rest.scope != scope or (rest.until is not None and rest.until <= now):
            found.append(rest)
        elif rest.since < now:
            found.append(replace(rest, until=now))
    return found


def after_rests(
    words: Sequence[Reminder], rests: Rests, spoken: Collection[tuple[OccurrenceId, str]], how: Manner
) -> list[Reminder]:
    """What was not said yet, each after the rests of its routine; of several at one instant about one thing, one."""
    nearest: dict[tuple[OccurrenceId, dt.datetime], Reminder] = {}
    for word in words:
        if (word.occurrence, word.lead) in spoken:
            continue
        heard = _after_rest(word, rests.of(word.occurrence.slug), how)
        if heard is not None:
            nearest[heard.occurrence, heard.due] = heard
    return list(nearest.values())


def _after_rest(word: Reminder, rests: Sequence[Rest], how: Manner) -> Reminder | None:
    """A word that would be said during a rest comes when the rest ends, outside quiet, if it still may; else not at
    all."""
    for rest in rests:
        if not rest.covers(word.due):
            continue
        due = how.quiet.free_from(rest.until, how.zone) if rest.until else None
        if due is None or (word.expires is not None and word.expires <= due):
            return None
        word = replace(word, due=due)
    return word
