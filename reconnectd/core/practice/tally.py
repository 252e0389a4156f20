"""A tally: what happened, for oneself. Small counts and words; nothing is compared, no part is made of a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Fact, State
from reconnectd.core.practice.smaller import ways
from reconnectd.core.practice.strength import Course

WEEKS = (4, 12)
FEW = 4
"""So many answers at most, and a routine is new."""

Holding = Literal["new", "growing", "finding its rhythm", "holds by itself"]


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a routine: how often it happened in the last four and twelve weeks, how it holds (None: nothing
    was told), and what smaller could mean where it was hard for long."""

    routine: Routine
    lately: int
    longer: int
    holding: Holding | None
    smaller: tuple[str, ...] | None


def line(routine: Routine, facts: Iterable[Fact], found: Course | None, today: dt.date) -> Line:
    """The line of one routine, from its facts up to `today`."""
    days = [fact.id.nominal for fact in facts if happened(fact, routine) and fact.id.nominal <= today]
    lately, longer = (sum(today - day < dt.timedelta(weeks=weeks) for day in days) for weeks in WEEKS)
    smaller = tuple(ways(routine)) if found and found.is_hard else None
    return Line(routine, lately, longer, holding(found), smaller)


def happened(fact: Fact, routine: Routine) -> bool:
    """What is taken for done counts where the config says so of an event; of a cue it only says that it was said."""
    return fact.state is State.DONE and (not fact.assumed or routine.lasting is not None)


def holding(found: Course | None) -> Holding | None:
    """In words."""
    if found is None:
        return None
    if found.level:
        return "holds by itself"
    if found.answers <= FEW:
        return "new"
    return "finding its rhythm" if found.hard_stretches else "growing"


def times(count: int) -> str:
    """So often, as one says it: "7 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
