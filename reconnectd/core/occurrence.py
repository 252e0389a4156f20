"""Occurrences, the words about them, and what people said: the rows of the plan.

An occurrence is named by (routine, nominal local date[, n]) and keeps that name wherever it is moved:
`date-night@2026-11-27`, the second one of a day `small-touch@2026-11-27.2`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

NAME = re.compile(r"(?P<slug>[a-z0-9-]+)@(?P<date>\d{4}-\d{2}-\d{2})(?:\.(?P<n>[2-9]|[1-9]\d{1,4}))?\Z")

AFTERWARDS = "after"
SNOOZE = "snooze"
FOR_BOTH = "both"
BEGINS = "begins"
OTHER_DAYS = "days"
"""Leads that are not a time before the start: the question afterwards, a word that was put off, the second step of
"Not this time" for an event that both see, the word as it begins that no `remind` asked for, and the second step of
"Another day"."""

SECOND_STEPS = frozenset({FOR_BOTH, OTHER_DAYS})


class State(StrEnum):
    """Where an occurrence stands. `missed` is only ever shown as "did not happen", or not at all."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    DONE = "done"
    SKIPPED = "skipped"
    MISSED = "missed"

    @property
    def is_open(self) -> bool:
        """Has nobody, and not the clock either, said yet what became of it?"""
        return self is State.PLANNED or self is State.ANNOUNCED


class ReminderState(StrEnum):
    """Where one word about an occurrence stands."""

    PENDING = "pending"
    SENDING = "sending"
    SHOWN = "shown"
    HELD = "held"
    CLOSED = "closed"
    DROPPED = "dropped"


class Phase(StrEnum):
    """Which buttons a bubble has (the table of phases in the documentation of notifications)."""

    BEFORE = "before"
    AFTERWARDS = "afterwards"
    CUE = "cue"
    DIGEST = "digest"
    FOR_BOTH = "for both"
    OTHER_DAYS = "other days"


Kind = Literal["fixed", "placed", "cue"]


class OccurrenceId(NamedTuple):
    """The name of an occurrence. A tuple, because a plan hashes and compares some hundred thousand of them."""

    slug: str
    nominal: dt.date
    n: int = 1

    def __str__(self) -> str:
        suffix = f".{self.n}" if self.n > 1 else ""
        return f"{self.slug}@{self.nominal.isoformat()}{suffix}"

    @classmethod
    def stored(cls, text: str) -> OccurrenceId:
        """Read what `str` wrote; not for anything that a person typed."""
        slug, _, rest = text.partition("@")
        return cls(slug, dt.date.fromisoformat(rest[:10]), int(rest[11:] or 1))

    @classmethod
    def parse(cls, text: str) -> OccurrenceId:
        """Read a name; ValueError when it is not one."""
        match = NAME.match(text)
        if match is None:
            raise ValueError(f"not the name of an occurrence: {text!r}")
        return cls(match["slug"], dt.date.fromisoformat(match["date"]), int(match["n"] or 1))


@dataclass(frozen=True, slots=True)
class Fact:
    """What a person (or the calendar, for a person) said about one occurrence; outlives every plan.

    `state` is DONE, SKIPPED, MISSED or None (still open). `start`/`end` are set when it was moved (UTC-aware),
    `title` when its words were edited in a calendar or when it is a one-off. `for_both` marks a skip that
    stands, or is to stand, in a calendar that both see. `at` is when it was done or said. Who said it is not
    kept: the calendar's word and one's own are the same word. `assumed`: nobody said it, its time went by. `body`
    is the text under the title of a one-off that reconnectd made itself; the `end` of a one-off is when it has no more
    use. `asked`: it was asked about, and nobody answered: only then does it say anything that it did not happen.
    """

    id: OccurrenceId
    state: State | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    snoozed_until: dt.datetime | None = None
    title: str | None = None
    for_both: bool = False
    at: dt.datetime | None = None
    assumed: bool = False
    body: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One row of the plan, with everything that a bubble or a screen shows.

    `start` and `end` are aware, in the person's zone; `end` is None for a cue. `zone` is the zone the routine
    lives in. `title` is honest; where others look a `private` one is shown as the neutral title.
    `opening` is the line of the word as it begins.
    `reason` says why it stands where it stands, `source` which rule or person put it there. `begins` and `over` (its
    end, or the moment of a cue) are the same in UTC: two instants of one zone are compared by their wall clocks, so
    reckon with these.
    """

    id: OccurrenceId
    title: str
    kind: Kind
    start: dt.datetime
    end: dt.datetime | None
    zone: str
    practice: str | None = None
    state: State = State.PLANNED
    snoozed_until: dt.datetime | None = None
    pinned: bool = False
    private: bool = False
    in_calendar: bool = False
    ask: bool = False
    prompt: str = ""
    opening: str = ""
    reason: str = ""
    source: str = ""
    begins: dt.datetime = field(init=False, compare=False, repr=False)
    over: dt.datetime = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "begins", self.start.astimezone(dt.UTC))
        object.__setattr__(self, "over", self.end.astimezone(dt.UTC) if self.end else self.begins)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One word about one occurrence, keyed by (occurrence, lead).

    `lead` is the seconds before the start as text ("0", "3600"), AFTERWARDS, SNOOZE, FOR_BOTH, BEGINS or OTHER_DAYS.
    `due` is when it is to be said, quiet hours already applied; from `expires` on (None: never) it is dropped,
    silently. `offers` are the days to choose from, in the person's zone.
    """

    occurrence: OccurrenceId
    lead: str
    due: dt.datetime
    expires: dt.datetime | None
    phase: Phase
    state: ReminderState = ReminderState.PENDING
    reason: str = ""
    offers: tuple[dt.datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A routine for which a period has no place, and why."""

    routine: str
    period: str
    reason: str


@dataclass(frozen=True, slots=True)
class Idea:
    """The prompt of an occurrence (by its id in a deck), and when it is used. `kept`: a person, or the calendar, said
    so, and it stays."""

    occurrence: OccurrenceId
    prompt: str
    at: dt.datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is coming: occurrences by start, the words about them by due time, and the ideas that are settled."""

    occurrences: tuple[Occurrence, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    ideas: tuple[Idea, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the state remembers of a routine: which generation of its series stands in the calendar, the zone it
    was first written in, since when it is known, whether its series was deleted by a person (`stopped`), and
    what people changed in the calendar (`pins`: "schedule", "summary" …)."""

    slug: str
    generation: int
    zone: str | None
    first_seen: dt.datetime
    stopped: bool = False
    pins: Mapping[str, str] = field(default_factory=dict)
