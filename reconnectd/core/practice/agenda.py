"""An agenda for two: turns with a time box, an opening, and room to write on. The same for both of them.

Nothing that one of the two wrote or answered goes into it, so that it can lie on the table.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconnectd.core.settings import People

WIDTH = 72
_TEXT = "     "


@dataclass(frozen=True, slots=True)
class Turn:
    """`minutes` is its time box, for both together. `how` says what to do, `opening` how a sentence may begin ("" :
    none). `each`: a line to write on for each of the two, else one for both. `question` is one for both, to take or
    to leave."""

    name: str
    title: str
    minutes: int
    how: str
    opening: str = ""
    each: bool = True
    question: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands under its title, a paragraph each."""
        asked = f"Or take this: {self.question}" if self.question else ""
        return tuple(filter(None, (self.how, self.opening, asked)))


def shared_out(minutes: int, weights: Sequence[int]) -> list[int]:
    """`minutes` in whole parts by these weights, at least one each; their sum is `minutes` where that is enough for
    one each. Largest remainders first, the earlier of two equal ones."""
    spare = max(minutes - len(weights), 0)
    exact = [spare * weight / sum(weights) for weight in weights]
    parts = [1 + int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda index: int(exact[index]) - exact[index])
    for index in by_rest[: spare - sum(map(int, exact))]:
        parts[index] += 1
    return parts


def who_writes(people: People) -> tuple[str, str]:
    """What stands before the two lines of a turn."""
    if people.partner is None or people.me == "you":
        return "One of us:", "The other:"
    return f"{people.me}:", f"{people.partner}:"


def on_a_card(turns: Sequence[Turn], people: People) -> Iterator[str]:
    """The paragraphs of a card: each turn, then its empty lines."""
    for number, turn in enumerate(turns, 1):
        lines = [heading(number, turn), *_filled(turn)]
        labels = who_writes(people) if turn.each else ("We:",)
        yield "\n".join([*lines, *(f"{_TEXT}{label} ".ljust(WIDTH, "_") for label in labels)])


def heading(number: int, turn: Turn) -> str:
    """Its number, its title, and its time at the right."""
    box = f"{turn.minutes} min"
    return f"  {number}  {turn.title}".ljust(WIDTH - len(box)) + box


def _filled(turn: Turn) -> Iterator[str]:
    for text in turn.texts:
        yield from textwrap.wrap(text, WIDTH, initial_indent=_TEXT, subsequent_indent=_TEXT, break_on_hyphens=False)
