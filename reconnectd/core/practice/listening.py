"""Listening by turns: one speaks, the other listens and gives back what was heard; then the other way round.

For something light from outside the two, never for a quarrel: listening drills did not help in conflict (Gottman 1998,
J Marriage Fam 60:5), while sharing the strain of a day goes along with being content (Falconier 2015, Clin Psychol Rev
42:28; correlational). Times are starting points of ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reconnectd.core.practice.countdown import Card, Countdown, Stage, length

MOST_TURNS, MOST_MINUTES = 6, 30
LONGEST_REFLECTION = 120.0
"""Seconds."""

YOU, YOUR_PARTNER = "you", "your partner"

THEMES = (
    "Something small that made today a little brighter",
    "A place you would like to see again, and what you would do there first",
    "Something that took your strength today, and had nothing to do with us",
    "Somebody you met lately, and what stayed with you",
    "Something you look forward to in the weeks ahead",
    "A song, a film or a book that is on your mind",
    "A thing you would like to learn, if there were time",
)
"""Light ones, from outside the two: for as long as no deck has something."""

RULES = (
    "Phones away, unless you talk on one. As quiet a place as there is.",
    "Something light, from outside the two of you. What stands between you has its own time.",
    "One speaks, the other listens and gives back what was heard; then the other way round.",
    "Either of you may stop at any moment. Nobody asks why.",
)
CLOSING = "Thank each other for one thing you heard."
LEFT_EARLY = "Enough for now, and that is fine. What you heard is worth a thank-you."


@dataclass(frozen=True, slots=True)
class Pair:
    """The two, by name; the first begins."""

    first: str
    second: str

    def swapped(self) -> Pair:
        """The other one begins."""
        return Pair(self.second, self.first)


@dataclass(frozen=True, slots=True)
class Round:
    """What was chosen: the two, the theme, turns for each, and seconds a turn, its reflection included."""

    pair: Pair
    theme: str
    turns: int
    seconds: float

    @property
    def reflection(self) -> float:
        """Seconds at the end of each turn for giving back: a quarter of it, two minutes at most."""
        return min(self.seconds / 4, LONGEST_REFLECTION)

    @property
    def speaking(self) -> float:
        """Seconds of a turn for the one who speaks."""
        return self.seconds - self.reflection

    @property
    def total(self) -> float:
        """Seconds in all."""
        return 2 * self.turns * self.seconds

    def stages(self) -> Iterator[Stage]:
        """In their order."""
        count = 2 * self.turns
        for number in range(count):
            pair = self.pair if number % 2 == 0 else self.pair.swapped()
            place = f"turn {number + 1} of {count}"
            yield Stage(self.speaking, f"Speaking: {pair.first}", place, speaking_cards(pair))
            yield Stage(self.reflection, f"Giving back: {pair.second}", place, reflecting_cards(pair))

    def countdown(self) -> Countdown:
        """At its beginning; it waits while nobody is there."""
        return Countdown(tuple(self.stages()))

    def summary(self) -> str:
        """How long it is, in a sentence."""
        turns = "one turn" if self.turns == 1 else f"{self.turns} turns"
        return f"{turns} each, {length(self.seconds)} a turn, {length(self.total)} in all"


def speaking_cards(pair: Pair) -> tuple[Card, ...]:
    """While one speaks."""
    return (
        Card(
            pair.first,
            'Say "I": what happened, how it was for you, what you wished for. One thing at a time; it needn\'t be fair'
            " or complete. A silence is fine.",
            'say "I", one thing at a time',
        ),
        Card(
            pair.second,
            "Only listen. There is nothing to mend, to defend or to answer. If a word is unclear, ask what it means.",
            "only listen, nothing to mend",
        ),
    )


def reflecting_cards(pair: Pair) -> tuple[Card, ...]:
    """While the listener gives back."""
    return (
        Card(
            pair.second,
            'Give back what you heard, in your own words: "You said …, and it felt like …". Then ask: "Did I get it?"',
            'what did you hear? "Did I get it?"',
        ),
        Card(
            pair.first,
            "Say what is right in it, then what is still missing, if anything. And thank them for listening.",
            "say what is right, and thanks",
        ),
    )


def pair_of(me: str, partner: str | None) -> Pair:
    """The two as the config names them; whoever has no name there is "you" or "your partner"."""
    return Pair(me or YOU, partner or YOUR_PARTNER)


def themes_on(day: dt.date, themes: tuple[str, ...] = THEMES) -> tuple[str, ...]:
    """All of them, with another one first each day."""
    at = day.toordinal() % len(themes)
    return themes[at:] + themes[:at]
