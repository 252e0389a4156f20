"""Choosing a prompt for a moment: the same for the same occurrence everywhere, and nothing twice for long.

Each routine has its own order of a deck, drawn from the household's word and its name, and each occurrence its own
place in that order; so two devices, and two people, come to the same prompt without asking each other. From that place
on the nearest prompt is taken that fits and was not used; a poorer fit counts as farther away. What was used comes
again when everything that fits was, the oldest first, and never within `REST` days. Where too little fits, depth is let
go of first, then energy, then minutes. Kinds, place, money, season and daylight never are; rather than that, or a
repeat, there is no prompt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconnectd.core.practice.deck import ENERGIES, MONEY, Energy, Light, Money, Prompt, Season, Setting
from reconnectd.core.practice.seasons import light, season

REST = 21
"""A prompt doesn't come again within so many days."""

A_MOMENT = 15
"""Minutes that a cue, which has no length, has room for."""

DEEPER = ((6 * 7, 2), (17 * 7, 3))
"""After so many days prompts may be of this depth; before, they are light. (After Aron 1997, where what is asked grows
step by step. The days are ours.)"""

_EVENING = dt.time(17)
_LATE = dt.time(21, 30)
_FRIDAY = 4
RELAXED = ("depth", "energy", "minutes")
"""What is let go of, in this order, where too little fits."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a moment has room for. `energy` and `depth` are the most it asks for, `minutes` how long there is;
    `kinds` None is any kind."""

    minutes: int
    apart: bool = False
    energy: Energy = "high"
    depth: int = 3
    money: Money = "modest"
    kinds: frozenset[str] | None = None
    setting: Setting = "either"
    season: Season | None = None
    light: Light = "any"

    def allows(self, prompt: Prompt) -> bool:
        """What never gives way: place, kind, money, season, daylight, in or out."""
        return (
            prompt.where in ("either", "apart" if self.apart else "together")
            and (self.kinds is None or not prompt.kind or prompt.kind in self.kinds)
            and MONEY.index(prompt.money) <= MONEY.index(self.money)
            and (self.season is None or self.season in prompt.season)
            and prompt.light in ("any", self.light)
            and (self.setting == "either" or prompt.setting in ("either", self.setting))
        )

    def strains(self, prompt: Prompt) -> frozenset[str]:
        """What it asks too much of, among `RELAXED`."""
        found = {
            "depth": prompt.depth > self.depth,
            "energy": ENERGIES.index(prompt.energy) > ENERGIES.index(self.energy),
            "minutes": prompt.minutes > self.minutes,
        }
        return frozenset(name for name, yes in found.items() if yes)

    def weight(self, prompt: Prompt) -> float:
        """How well it fits, more than 0 and at most 1: best is what fills the time, if there is more than a moment, and
        asks for less than it may. Where none is short enough, the shortest are the nearest."""
        over = min(1.0, self.minutes / prompt.minutes) ** 2
        long = self.minutes > A_MOMENT
        filled = min(1.0, 2 * prompt.minutes / self.minutes) if long and prompt.minutes <= self.minutes else 1.0
        eager = ENERGIES.index(prompt.energy) - ENERGIES.index(self.energy)
        return over * (0.4 + 0.6 * filled) * (0.7 if eager == 0 and self.energy == "medium" else 1.0)


def at(start: dt.datetime, zone: str, minutes: int, *, energy: Energy | None = None, **rest: object) -> Moment:
    """The moment that begins at `start` (local): its season and daylight, and less strength on the evenings of
    weekdays and late. `energy` says it otherwise."""
    found = Moment(minutes, energy=energy or tired(start), season=season(start.date(), zone), light=light(start, zone))
    return replace(found, **rest)  # type: ignore[arg-type]


def tired(start: dt.datetime) -> Energy:
    """How much strength is left at that local time."""
    if start.time() >= _LATE:
        return "low"
    return "medium" if start.weekday() < _FRIDAY and start.time() >= _EVENING else "high"


def depth_after(days: int) -> int:
    """How deep prompts may go so many days after a routine began."""
    return max([1, *(depth for since, depth in DEEPER if days >= since)])


def number(seed: str, *words: object) -> int:
    """A number drawn from words, the same everywhere."""
    text = "\n".join(map(str, (seed, *words))).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


class Uses:
    """On which days which prompts were used, or are to be."""

    def __init__(self, known: Iterable[tuple[str, dt.date]] = ()) -> None:
        self._days: dict[str, list[int]] = {}
        for prompt, day in known:
            self.add(prompt, day)

    def add(self, prompt: str, day: dt.date) -> None:
        """Note one."""
        self._days.setdefault(prompt, []).append(day.toordinal())

    def rests(self, prompt: str, day: dt.date) -> bool:
        """Is it too near to another use?"""
        return any(abs(day.toordinal() - used) <= REST for used in self._days.get(prompt, ()))

    def last(self, prompt: str) -> int:
        """The day of its last use, as a number; 0 when there is none."""
        return max(self._days.get(prompt, (0,)))


class Order:
    """The order in which one routine goes through some prompts, and what fits which moment; remembers what it found."""

    def __init__(self, prompts: Iterable[Prompt], seed: str) -> None:
        self._prompts = sorted(prompts, key=lambda prompt: (number(seed, prompt.id), prompt.id))
        self._found: dict[Moment, tuple[Sequence[tuple[Prompt, float]], ...]] = {}

    def choose(self, moment: Moment, turn: int, day: dt.date, uses: Uses) -> Prompt | None:
        """The prompt for the occurrence whose place in the order is `turn`, on that local day; None where nothing fits
        that didn't come within `REST` days."""
        for pool in self._pools(moment):
            free = [i for i, (prompt, _) in enumerate(pool) if not uses.rests(prompt.id, day)]
            if free:
                return pool[_best(pool, free, turn, uses)][0]
        return None

    def _pools(self, moment: Moment) -> tuple[Sequence[tuple[Prompt, float]], ...]:
        """What fits, then what fits when depth is let go of, then energy, then minutes; each with its weights."""
        if moment not in self._found:
            allowed = [(prompt, moment.strains(prompt)) for prompt in self._prompts if moment.allows(prompt)]
            self._found[moment] = tuple(
                [(prompt, moment.weight(prompt)) for prompt, strains in allowed if strains <= set(RELAXED[:count])]
                for count in range(len(RELAXED) + 1)
            )
        return self._found[moment]


def _best(pool: Sequence[tuple[Prompt, float]], free: Sequence[int], turn: int, uses: Uses) -> int:
    """What was never used, the nearest by fit; else what was used longest ago."""

    def distance(i: int) -> float:
        return ((i - turn) % len(pool) + 1 + len(pool) // 4) / pool[i][1]

    fresh = [i for i in free if not uses.last(pool[i][0].id)]
    if fresh:
        return min(fresh, key=distance)
    return min(free, key=lambda i: (uses.last(pool[i][0].id), distance(i)))


def by_id(prompts: Iterable[Prompt]) -> Mapping[str, Prompt]:
    """Prompts by name."""
    return {prompt.id: prompt for prompt in prompts}
