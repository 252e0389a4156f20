"""Time that runs down in stages, with pauses: a round of listening, or a break."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

AWAY = 10.0
"""Seconds without a look at the clock after which nobody was there: a closed lid, a program that was stopped."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one of the two does in a stage: in full, and in a few words for a narrow screen. `who` may be ""."""

    who: str
    text: str
    brief: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: how long it lasts, what it is called, where it stands ("turn 1 of 4"), and what to do in it."""

    seconds: float
    heading: str
    place: str = ""
    cards: tuple[Card, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.seconds < math.inf:
            raise ValueError("a stage lasts a while")


@dataclass(frozen=True, slots=True)
class Countdown:
    """Where it stands: `spent` seconds of the stage `at`; past the last one it is over.

    `waits`: does it stand still while nobody is there? A talk does, a break goes on. `away` is how long that was, in
    seconds, until it goes on.
    """

    stages: tuple[Stage, ...]
    waits: bool = True
    at: int = 0
    spent: float = 0.0
    paused: bool = False
    away: float = 0.0

    @property
    def is_over(self) -> bool:
        """Is every stage through?"""
        return self.at >= len(self.stages)

    @property
    def stage(self) -> Stage:
        """The one that runs; IndexError when it is over."""
        return self.stages[self.at]

    @property
    def left(self) -> float:
        """Seconds left in this stage; 0 when all is over."""
        return 0.0 if self.is_over else self.stage.seconds - self.spent

    @property
    def to_next_look(self) -> float | None:
        """Seconds until the clock shows something else; None while it stands still."""
        return None if self.paused or self.is_over else self.left - math.ceil(self.left) + 1

    def after(self, seconds: float) -> Countdown:
        """So much later, with somebody there; what one stage doesn't use belongs to the next."""
        if self.paused or self.is_over:
            return self
        at, spent = self.at, self.spent + seconds
        while at < len(self.stages) and spent >= self.stages[at].seconds:
            spent -= self.stages[at].seconds
            at += 1
        return replace(self, at=at, spent=spent if at < len(self.stages) else 0.0, away=0.0)

    def gone(self, seconds: float) -> Countdown:
        """So much later, with nobody there: a talk waits where it was, a break is that much shorter."""
        if self.paused or self.is_over or not self.waits:
            return self.after(seconds)
        return replace(self, paused=True, away=seconds)

    def toggled(self) -> Countdown:
        """Stopped, or going on."""
        return replace(self, paused=not self.paused, away=0.0)

    def skipped(self) -> Countdown:
        """On to the next stage; it goes on, if it was paused."""
        return self if self.is_over else replace(self, at=self.at + 1, spent=0.0, paused=False, away=0.0)


def clock_face(seconds: float) -> str:
    """What a clock shows: "07:59", rounded up, so that 00:00 means that nothing is left; an hour is "60:00"."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes:02}:{rest:02}"


def length(seconds: float) -> str:
    """A length as one says it: "8 minutes", "45 seconds", "1 hour 4 minutes"."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (rest, "second"))
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)


def about(seconds: float) -> str:
    """The same, to the minute from one minute on."""
    return length(seconds if seconds < 60 else round(seconds / 60) * 60)
