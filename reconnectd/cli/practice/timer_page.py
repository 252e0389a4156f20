"""What a timer shows on a screen of any size: as much as fits, and the clock whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from rich.cells import cell_len, chop_cells, set_cell_size

from reconnectd.cli.practice.digits import BLOCKS, large
from reconnectd.core.plain import plain
from reconnectd.core.practice.countdown import Card, Countdown, about, clock_face

WIDEST = 72
NARROWEST = 10
NAME = 24
"""Columns that a name may take."""

RUNNING = ("space pause", "n next", "q end")
STANDING = ("space go on", "n next", "q end")


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that could be shown; `keys` are named at the bottom."""

    heading: str
    clock: str
    keys: tuple[str, ...]
    place: str = ""
    note: str = ""
    theme: str = ""
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class _Layout:
    """How much of it: digits that are `big`, `cards` in full ("text"), in brief or not, the theme or not, and `air`,
    an empty line between parts, or none."""

    big: bool
    cards: str
    theme: bool
    air: bool


LAYOUTS = [_Layout(*how) for how in product((True,), ("text", "brief", ""), (True, False), (True, False))] + [
    _Layout(*how) for how in product((False,), ("brief", ""), (True, False), (False,))
]
"""From the richest to the poorest."""


def page_of(countdown: Countdown, theme: str = "") -> Page:
    """A countdown that isn't over."""
    stage = countdown.stage
    note = ""
    if countdown.away:
        note = f"It waited for you, {about(countdown.away)}. Space goes on."
    elif countdown.paused:
        note = "Paused. Space goes on."
    keys = STANDING if countdown.paused else RUNNING
    return Page(stage.heading, clock_face(countdown.left), keys, stage.place, note, theme, stage.cards)


def lines(page: Page, columns: int, rows: int, drawn: str = BLOCKS) -> list[str]:
    """At most `rows` lines of at most `columns` - 1 cells: the last column stays free."""
    width = min(columns - 1, WIDEST)
    for layout in LAYOUTS if width >= NARROWEST else ():
        body = list(_body(page, layout, width, drawn))
        if len(body) < rows and max(map(cell_len, body)) <= width:
            margin = " " * ((columns - 1 - width) // 2)
            filled = [*body, *[""] * (rows - 1 - len(body)), _keys(page.keys, width)]
            return [f"{margin}{line}".rstrip() for line in filled]
    return [clipped(page.clock, max(columns - 1, 1))]


def _body(page: Page, layout: _Layout, width: int, drawn: str) -> Iterator[str]:
    gap = [""] if layout.air else []
    yield _ends(page.heading, page.place, width)
    yield from gap
    clock = large(page.clock, drawn) if layout.big else [page.clock]
    yield from (_centred(line, width) for line in clock)
    yield from gap
    if page.note:
        yield from [*wrapped(page.note, width), *gap]
    if layout.theme and page.theme:
        yield from [*wrapped(page.theme, width), *gap]
    for card in page.cards if layout.cards else ():
        words = card.text if layout.cards == "text" else card.brief
        if words:
            yield from [*wrapped(f"{card.who}: {words}" if card.who else words, width), *gap]


def _keys(keys: Sequence[str], width: int) -> str:
    """All of them, closer to each other where it is narrow."""
    joined = [gap.join(keys) for gap in ("   ", "  ", " ")]
    return next((line for line in joined if len(line) <= width), clipped(joined[-1], width))


def _ends(left: str, right: str, width: int) -> str:
    """One at each end of the line; the left one alone where both don't fit."""
    if not right or cell_len(left) + cell_len(right) + 2 > width:
        return clipped(left, width)
    return left + " " * (width - cell_len(left) - cell_len(right)) + right


def _centred(line: str, width: int) -> str:
    return " " * ((width - cell_len(line)) // 2) + line


def name(text: str) -> str:
    """A name from the config, safe and short enough for a heading."""
    return clipped(plain(text), NAME)


def clipped(text: str, width: int) -> str:
    """As many cells as there is room for."""
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, in which a sign of a wide script takes two."""
    found: list[str] = []
    for word in (part for whole in text.split() for part in chop_cells(whole, width)):
        if found and cell_len(found[-1]) + 1 + cell_len(word) <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found
