"""The strength of a routine, from 0 to 1: how far it holds by itself, as far as it was told.

For each occurrence about which something was told, in their order, with v = 1 where it happened and v = 0 where not:

    s ← s + (v - s) · (1 - 2^(-Δ/h))        s begins at 0;  h = 12 + 3·Δ days

Δ is the cadence in days (1 for daily, 7 for weekly), h the half-life: after it half of what is missing to a steady
yes is there, and half of what was is gone. So k in a row make 1 - 2^(-kΔ/h), whenever it is asked. The constants
are our own reckoning, from two wishes:

- Daily, 66 times shall come to 95 %: that is the middle of what Lally and others saw (2010: 96 people, a small daily
  act, 95 % of where it levelled off after 18 to 254 days, as modelled). 2^(-66/h) = 0.05 gives h(1) = 15.3 ≈ 15.
- A half-life is never shorter than three occurrences, however seldom they are, so that one of them never decides:
  h/Δ → 3. The straight line with that slope through h(1) = 15 is 12 + 3·Δ. No study has looked at weekly habits; with
  this a weekly one takes 11 weeks to 0.8 (in 4.7 occurrences half the way), a monthly one 8 months.

What one day without it does: s falls to s · 2^(-Δ/h). Daily 4.5 % of itself (0.90 → 0.86), weekly 14 %, never more
than 21 %. Lally found that one such day "did not materially affect" a habit; here it never ends "holds by itself",
which begins at 0.8 and ends below 0.6 (0.8 · 2^(-1/3) = 0.63).

Nothing moves it but what was told: skipped, paused, apart, not today, and nobody asked all leave it where it is.
It is told to one person about their own days, in words; it may only make words fewer (`core.practice.fading`).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reconnectd.core.recur import EPOCH

BEGINS, ENDS = 0.8, 0.6
"""Where "holds by itself" begins, and below which it ends."""

WELL_BEGINS, WELL_ENDS = 0.9, 0.7
"""The same for holding well."""

SELDOM = 1 / 3
"""A stretch was hard when it happened in less than this share of it, and of all so far, the later counting more."""

HARD_STRETCHES = 3


class Answer(NamedTuple):
    """What was told about the occurrence of a nominal date."""

    day: dt.date
    happened: bool


def half_life(interval: float) -> float:
    """In days, of a routine that comes every `interval` days."""
    return 12 + 3 * interval


def kept(interval: float) -> float:
    """What remains of a strength after one time without it."""
    return math.exp2(-interval / half_life(interval))


@dataclass(frozen=True, slots=True)
class Course:
    """How a routine has gone. `level` is 0, 1 (holds by itself) or 2 (holds well), `last` the day of the last answer,
    `hard_since` the first day of the run of hard stretches that goes on to the last one that is over."""

    strength: float
    answers: int
    level: int
    last: dt.date
    hard_since: dt.date | None
    hard_stretches: int

    @property
    def is_hard(self) -> bool:
        """Has it been hard for three stretches in a row?"""
        return self.hard_stretches >= HARD_STRETCHES


def strength(happened: Iterable[bool], interval: float) -> float:
    """The strength after these, the oldest first; 0 when nothing was told."""
    rest, s = kept(interval), 0.0
    for yes in happened:
        s = s * rest + (1 - rest if yes else 0.0)
    return s


def course(answers: Sequence[Answer], interval: float, today: dt.date) -> Course | None:
    """How it has gone up to `today`; None where nothing was told. `answers` stand in the order of their dates."""
    if not answers:
        return None
    rest, s, level = kept(interval), 0.0, 0
    length = stretch_days(interval)
    stretches: dict[int, tuple[int, int, float]] = {}
    for count, answer in enumerate(answers, 1):
        s = s * rest + (1 - rest if answer.happened else 0.0)
        level = _level(s, level)
        number = (answer.day - EPOCH).days // length
        yes, told, _ = stretches.get(number, (0, 0, 0.0))
        stretches[number] = yes + answer.happened, told + 1, s / (1 - rest**count)
    hard = {number: max(yes / told, share) < SELDOM for number, (yes, told, share) in stretches.items()}
    since, run = _run(hard, (today - EPOCH).days // length)
    first = EPOCH + dt.timedelta(days=since * length) if since is not None else None
    return Course(s, len(answers), level, answers[-1].day, first, run)


def stretch_days(interval: float) -> int:
    """The length of a stretch: whole weeks, in each of which there is one at least."""
    return 7 * max(math.ceil(interval / 7), 1)


def _level(s: float, level: int) -> int:
    if s >= WELL_BEGINS or (level == 2 and s >= WELL_ENDS):
        return 2
    return 1 if s >= BEGINS or (level >= 1 and s >= ENDS) else 0


def _run(hard: dict[int, bool], present: int) -> tuple[int | None, int]:
    """(the first, how many) of the hard stretches up to the last one that is over. A stretch about which nothing was
    told neither counts nor parts them; a run that ended long ago is none."""
    since, count, last = None, 0, None
    for number, is_hard in hard.items():
        if number >= present:
            break
        since = (number if since is None else since) if is_hard else None
        count = count + 1 if is_hard else 0
        last = number
    recent = last is not None and present - last <= 2
    return (since, count) if recent else (None, 0)
