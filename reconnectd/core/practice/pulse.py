"""One's own pulse: how close, how heard, how much load, from 0 to 10; one good thing; and where the load comes from.

Three questions of our own. They are not validated, there is no cut-off, and nothing here says how a couple is doing:
they show a person their own weeks. What follows from several of them needs four weeks at least.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any, Literal

Question = Literal["close", "heard", "load"]
KIND = "pulse"
MOST = 10
LONGEST = 300
"""Letters of the good thing."""

FOUR_WEEKS = dt.timedelta(days=28)
EIGHT_WEEKS = dt.timedelta(days=56)
SIX_WEEKS = dt.timedelta(days=42)
ENOUGH = 4
"""Pulses before anything is said about several."""

LOW = 3
LONGEST_GAP = dt.timedelta(days=21)
NOTABLE = 1.0
"""By how much a question moves in four weeks before it is called a change."""


class Root(StrEnum):
    """Where the load comes from."""

    WORK = "work"
    HEALTH = "health"
    MONEY = "money"
    FAMILY = "family"
    CARE = "care"
    PHONES = "phones"
    HURT = "hurt"
    DESIRE = "desire"
    UNSETTLED = "unsettled"
    TIME = "time"
    DRIFTED = "drifted"
    ELSE = "else"


ROOT_WORDS: Mapping[Root, str] = {
    Root.WORK: "work",
    Root.HEALTH: "health",
    Root.MONEY: "money",
    Root.FAMILY: "family",
    Root.CARE: "household and care",
    Root.PHONES: "phones and attention",
    Root.HURT: "hurt or trust",
    Root.DESIRE: "desire",
    Root.UNSETTLED: "an unsettled matter",
    Root.TIME: "too little time",
    Root.DRIFTED: "we just drifted",
    Root.ELSE: "something else",
}


@dataclass(frozen=True, slots=True)
class Pulse:
    """What one person said of themselves at one moment; None is a question that was left out."""

    at: dt.datetime
    close: int | None = None
    heard: int | None = None
    load: int | None = None
    good: str = ""
    roots: tuple[Root, ...] = ()

    def __post_init__(self) -> None:
        if any(not 0 <= value <= MOST for value in (self.close, self.heard, self.load) if value is not None):
            raise ValueError("a pulse is 0 to 10")

    @property
    def is_empty(self) -> bool:
        """Was every question left out?"""
        return not (self.good or self.roots) and (self.close, self.heard, self.load) == (None, None, None)

    def answer(self, question: Question) -> int | None:
        """To one of the three."""
        return {"close": self.close, "heard": self.heard, "load": self.load}[question]

    def body(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "close": self.close,
            "heard": self.heard,
            "load": self.load,
            "good": self.good,
            "roots": [root.value for root in self.roots],
        }


def pulse_of(at: dt.datetime, body: Mapping[str, Any]) -> Pulse | None:
    """As it was kept; None when it isn't one, in an import from elsewhere. Roots that this version doesn't know are
    left out."""
    close, heard, load, good = (body.get(name) for name in ("close", "heard", "load", "good"))
    if not all(map(_is_answer, (close, heard, load))) or not isinstance(good, str | None):
        return None
    named = body.get("roots")
    roots = tuple(root for root in Root if root.value in (named if isinstance(named, list) else ()))
    return Pulse(at, close, heard, load, good or "", roots)


def _is_answer(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value <= MOST)


def trend(pulses: Sequence[Pulse], question: Question, now: dt.datetime) -> float | None:
    """By how much "close", "heard" or "load" moved in four weeks, of the last eight: the median of the slopes between
    all pairs (Theil 1950, Sen 1968), so that one bad evening turns nothing. None before there are ENOUGH over four
    weeks."""
    answers = ((one.at, one.answer(question)) for one in _recent(pulses, now))
    said = [(at, value) for at, value in answers if value is not None]
    if not _are_enough([at for at, _ in said]):
        return None
    pairs = [(b - a, y - x) for (a, x), (b, y) in combinations(said, 2) if b > a]
    return statistics.median(change * (FOUR_WEEKS / apart) for apart, change in pairs)


def is_change(slope: float | None) -> bool:
    """Is it enough to be called one?"""
    return slope is not None and abs(slope) >= NOTABLE


def most_frequent(pulses: Sequence[Pulse], now: dt.datetime) -> Root | None:
    """The root that was named most often in the last eight weeks, twice at least; of several, the one named last.
    None before there are ENOUGH pulses over four weeks. "Something else" is none."""
    recent = _recent(pulses, now)
    if not _are_enough([one.at for one in recent]):
        return None
    counts: Counter[Root] = Counter(root for one in recent for root in one.roots if root is not Root.ELSE)
    most = max(counts.values(), default=0)
    if most < 2:
        return None
    latest = (root for one in reversed(recent) for root in one.roots)
    return next(root for root in latest if counts[root] == most)


def is_low(pulse: Pulse) -> bool | None:
    """Are "close" and "heard" both at LOW or lower, as far as they were answered? None when neither was."""
    answered = [value for value in (pulse.close, pulse.heard) if value is not None]
    return all(value <= LOW for value in answered) if answered else None


def low_for_long(pulses: Sequence[Pulse], now: dt.datetime) -> bool:
    """Has it been low for six weeks or longer?

    Low is what `is_low` says of every pulse in an unbroken row up to now: ENOUGH of them at least, from the first to
    now 42 days or more, and never more than 21 days between two, nor since the last. LOW ends about the lowest third of
    the scale. None of this is validated: it isn't a diagnosis, only a reason to say once that others can help.
    """
    row: list[dt.datetime] = []
    for one in sorted(pulses, key=lambda one: one.at, reverse=True):
        low = is_low(one)
        if low is None or one.at > now:
            continue
        if not low or (row[-1] if row else now) - one.at > LONGEST_GAP:
            break
        row.append(one.at)
    return len(row) >= ENOUGH and now - row[-1] >= SIX_WEEKS


def _recent(pulses: Sequence[Pulse], now: dt.datetime) -> list[Pulse]:
    """Those of the last eight weeks, the oldest first."""
    return sorted((one for one in pulses if now - EIGHT_WEEKS <= one.at <= now), key=lambda one: one.at)


def _are_enough(times: Sequence[dt.datetime]) -> bool:
    """Are there ENOUGH, and four weeks between the first and the last?"""
    return len(times) >= ENOUGH and times[-1] - times[0] >= FOUR_WEEKS
