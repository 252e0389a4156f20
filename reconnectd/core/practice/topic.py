"""Something to talk about, and where it stands: open, planned, talked about, resting or closed.

Only what is certain is stored. That a talk was called off, moved away or let go isn't written to the topic: it follows
from the fact about the talk, which is the same whoever's hand it was.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from reconnectd.core.arranged_talk import LENGTH
from reconnectd.core.model import TALKS
from reconnectd.core.occurrence import Fact, OccurrenceId, State

WARMTH = {1: "a small thing", 2: "it nags", 3: "it matters", 4: "it is hot", 5: "it burns"}
"""What the temperatures mean."""

HOT = 4
"""From here on a topic needs more calm than others."""
WEEK = dt.timedelta(days=7)
HARD_TALKS = 3
"""After so many hard talks about one topic a third person is named, once."""


class Stands(StrEnum):
    """Where a topic stands."""

    OPEN = "open"
    PLANNED = "planned"
    SET_ASIDE = "set aside"
    TALKED = "talked about"
    RESTING = "resting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic without its words (`word` is their number). `talk` is the occurrence at which it is to be talked about:
    an event, or a one-off while nobody was asked; `went` when it last was talked about, and `went_well` how (None:
    nobody said). `hard` counts the talks that were hard, `follow` is when a word may come back to it."""

    number: int
    word: int
    opened: dt.datetime
    temperature: int
    closed: dt.datetime | None = None
    talk: OccurrenceId | None = None
    rests_until: dt.datetime | None = None
    talks: int = 0
    hard: int = 0
    went: dt.datetime | None = None
    went_well: bool | None = None
    follow: dt.datetime | None = None

    @property
    def planned(self) -> bool:
        """Was a talk arranged, with the other's yes?"""
        return self.talk is not None and self.talk.slug == TALKS


def stands(topic: Topic, fact: Fact | None, now: dt.datetime) -> Stands:
    """Where it stands; `fact` is what is known of its `talk`."""
    if topic.closed is not None:
        return Stands.CLOSED
    if fact is not None and fact.start is not None:
        over = (fact.end or fact.start + LENGTH) <= now
        if topic.planned and (fact.state is State.DONE or (fact.state is None and over)):
            return Stands.TALKED
        if fact.state is None and not over:
            return Stands.PLANNED if topic.planned else Stands.SET_ASIDE
    return Stands.RESTING if topic.rests_until is not None and now < topic.rests_until else Stands.OPEN
