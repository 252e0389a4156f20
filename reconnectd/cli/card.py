"""A card to print or to hand over: a title and short paragraphs, 72 columns, plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 72


def card(title: str, parts: Iterable[str]) -> str:
    """The whole card. A part that begins with two spaces keeps its lines; the others are filled."""
    rule = "-" * WIDTH
    return "\n".join([rule, title.center(WIDTH).rstrip(), rule, "", *_spaced(parts), rule])


def _spaced(parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        yield part if part.startswith("  ") else textwrap.fill(part, WIDTH, break_on_hyphens=False)
        yield ""


def line_to_fill(label: str) -> str:
    """A line to write on with a pen, over the whole width."""
    return f"  {label} ".ljust(WIDTH, "_")
