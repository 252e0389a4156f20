"""What was told about a routine, whether it happened: all that a strength is made of.

It counts that it happened when a person said so, in a rest as well. It counts that it did not only when it was asked
about and nobody answered, and no rest began on that day. What was skipped, what is taken for done, and what nobody was
asked about says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from reconnectd.core.model import Practice, Routine
from reconnectd.core.occurrence import Fact, State
from reconnectd.core.practice.strength import Answer
from reconnectd.core.rest import Rest

A_DAY = dt.timedelta(days=1)


def has_strength(routine: Routine) -> bool:
    """All have one but affection: that isn't asked about, and isn't measured."""
    return routine.practice is not Practice.AFFECTION


def answers(facts: Iterable[Fact], rests: Sequence[Rest]) -> tuple[Answer, ...]:
    """What the facts of one routine tell, in their order. `rests` are of every kind and scope."""
    return tuple(Answer(fact.id.nominal, fact.state is State.DONE) for fact in facts if _tells(fact, rests))


def _tells(fact: Fact, rests: Sequence[Rest]) -> bool:
    if fact.state is State.DONE:
        return not fact.assumed
    if fact.state is not State.MISSED or not fact.asked or fact.at is None:
        return False
    return not any(rest.is_of(fact.id.slug) and _meets(rest, fact.at) for rest in rests)


def _meets(rest: Rest, over: dt.datetime) -> bool:
    """Does it hold when the time of an occurrence is over, or begin in the day in which it can be answered?"""
    return rest.since < over + A_DAY and (rest.until is None or over < rest.until)
