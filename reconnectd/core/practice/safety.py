"""The page for whom this program is the wrong tool: where to turn, in a few lines that fit one screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

WIDTH = 76
LONGEST = 22
"""Lines, so that one screen of 24 holds it with the line about keys."""


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number as one dials it, and who it is for."""

    number: str
    who: str


@dataclass(frozen=True, slots=True)
class Helplines:
    """Those of one country; `country` is "" where none is known. `own` are for whoever worries about what they do
    themselves. `known` is the month in which they were gathered."""

    country: str
    emergency: str
    lines: tuple[Helpline, ...]
    own: tuple[Helpline, ...]
    known: str


NOT_FOR_THIS = (
    "If you are afraid of your partner, or are threatened, hit, forced, watched or controlled, the exercises here are "
    "not for now: done together they can make it worse. It is not your fault, and no better talking would mend it."
)
NOBODY_KNOWS = (
    "Nothing notes that this page was opened. Your shell may remember the command, and a phone the call: use one that "
    "nobody else looks into. What you keep here can be read by whoever uses your login."
)
BY_COUNTRY = "  `reconnect help safety --country CH` has the numbers of a country."
OWN = "If you are worried about what you do yourself, or might do, these listen, too:"
OWN_ELSEWHERE = (
    "If you are worried about what you do yourself, or might do: a doctor, or a counsellor of your own, is a good "
    "first step. Go out of the room before it happens."
)
KEYS = "Any key clears the screen."
MORE = "Any key goes on, q clears the screen."


def page(found: Helplines) -> str:
    """The whole page, at most `LONGEST` lines of `WIDTH` columns."""
    return "\n".join(_lines(found))


def fitted(text: str, width: int) -> list[str]:
    """Its lines, broken where the screen is narrower than they are."""
    lines = text.splitlines()
    return [part for line in lines for part in textwrap.wrap(line, max(width, 20), subsequent_indent="    ") or [""]]


def _lines(found: Helplines) -> Iterator[str]:
    yield from _filled(NOT_FOR_THIS)
    yield ""
    yield f"In danger, now:  {found.emergency}"
    yield f"To talk with somebody who knows this{f', in {found.country}' if found.country else ''}:"
    yield from _listed(found.lines)
    if not found.country:
        yield BY_COUNTRY
    yield ""
    yield from _filled(OWN if found.own else OWN_ELSEWHERE)
    yield from _listed(found.own)
    yield ""
    yield f"As known in {found.known}: check before you rely on it."
    yield from _filled(NOBODY_KNOWS)


def _listed(lines: tuple[Helpline, ...]) -> Iterator[str]:
    for line in lines:
        yield f"  {line.number:<15} {line.who}"


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
