"""The outlook: what a plan depends on besides the config, and how far it looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reconnectd.core.occurrence import Fact, Idea, OccurrenceId, Standing
from reconnectd.core.practice.deck import Deck
from reconnectd.core.practice.strength import Answer
from reconnectd.core.rest import Rest

BACK = 14
AHEAD = 35
"""How many local days the stored plan looks back and ahead."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the plan depends on besides the config. `zone` is the IANA name of the person's zone, `announced` are
    occurrences about which a word was said, `spoken` the very words, by (occurrence, lead), and `said` the instants
    of bubbles already shown. `thanks`: something is kept that one is thankful for, and wasn't given back yet. `told`:
    what was told about each routine, whether it happened. `calm_since`: since when, for a day, nothing tender is
    suggested; None when nothing asks for that. `decks` is where ideas come from (none: there are none), `ideas` are
    those of earlier plans, and `begun` tells on which day the series of a routine begins, where one is in the
    calendar."""

    now: dt.datetime
    zone: str
    facts: Mapping[OccurrenceId, Fact] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)
    rests: Sequence[Rest] = ()
    announced: frozenset[OccurrenceId] = frozenset()
    spoken: frozenset[tuple[OccurrenceId, str]] = frozenset()
    said: Sequence[dt.datetime] = ()
    thanks: bool = False
    told: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    calm_since: dt.datetime | None = None
    ahead: int = AHEAD
    decks: Sequence[Deck] = ()
    ideas: Mapping[OccurrenceId, Idea] = field(default_factory=dict)
    begun: Mapping[str, dt.date] = field(default_factory=dict)
