"""Decks: prompts, each one thing that two people can do, say or notice, and for when it is.

A prompt says what it asks for (minutes, energy, place, depth, money) and what it needs (a season, daylight); `choice`
weighs that against the moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from reconnectd.core.model import SLUG, Practice

Where = Literal["together", "apart", "either"]
Energy = Literal["low", "medium", "high"]
Money = Literal["free", "modest", "any"]
Setting = Literal["in", "out", "either"]
Light = Literal["day", "dark", "any"]
Season = Literal["spring", "summer", "autumn", "winter"]

WHERE: tuple[Where, ...] = get_args(Where)
ENERGIES: tuple[Energy, ...] = get_args(Energy)
MONEY: tuple[Money, ...] = get_args(Money)
SETTINGS: tuple[Setting, ...] = get_args(Setting)
LIGHTS: tuple[Light, ...] = get_args(Light)
SEASONS: tuple[Season, ...] = get_args(Season)
NO_DECK = "none"
"""What a routine's `deck` says when it is to have no ideas."""

LONGEST_TEXT = 199
MOST_MINUTES = 24 * 60
DEPTHS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `depth` is 1 (light) to 3 (close to the bone); `kind` is a kind of affection, "" elsewhere. `money`
    is what it costs at least: "any" is more than a modest sum. An empty `season` is none at all, so there is none."""

    id: str
    practice: Practice
    text: str
    minutes: int
    where: Where = "either"
    energy: Energy = "low"
    depth: int = 1
    kind: str = ""
    money: Money = "free"
    setting: Setting = "either"
    season: tuple[Season, ...] = SEASONS
    light: Light = "any"

    def __post_init__(self) -> None:
        _require(SLUG.match(self.id) is not None, "an id is a-z 0-9 -")
        _require(0 < self.minutes <= MOST_MINUTES, "a prompt takes a minute or more")
        _require(self.depth in DEPTHS, "a depth is 1 to 3")
        _require(bool(self.text and self.season), "a prompt says something, in some season")
        _require(bool(self.kind) == (self.practice is Practice.AFFECTION), "affection, and nothing else, has kinds")


@dataclass(frozen=True, slots=True)
class Deck:
    """The prompts of one file. `stem` is the file's name without its ending; a routine names a deck by it or by
    `name`."""

    stem: str
    name: str
    prompts: tuple[Prompt, ...] = ()
    language: str = "en"
    licence: str = ""

    def is_called(self, name: str) -> bool:
        """Is it the deck that a routine's `deck` names?"""
        return name.casefold() in {self.stem.casefold(), self.name.casefold()}


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise ValueError(rule)
