"""One `[routine.…]` table to a Routine, with the defaults that depend on its other keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

from reconnectd.config.keys import ROUTINE
from reconnectd.config.problems import KeyPath, Problems
from reconnectd.config.shapes import schedule
from reconnectd.config.tables import inactive, read_table
from reconnectd.core.expected import quoted
from reconnectd.core.model import ONE_OFF, SLUG, TALKS, Placed, Practice, Routine, Schedule, Surprise

LONGEST_SLUG = 64
_HOUR = dt.timedelta(hours=1)
_SHORT = dt.timedelta(minutes=15)
_PLAIN = (
    *("title", "practice", "lasting", "calendar", "private", "show_as", "remind", "done", "late"),
    *("short_month", "deck", "location", "notes", "invite", "paused", "timezone"),
)
FIRM = ("short_month", "location", "notes", "invite", "paused")
"""Keys whose default is the same whatever else the routine says."""

_PLACED_KEYS = ("times", "within", "ideal")


@dataclass(frozen=True, slots=True)
class RoutineRead:
    """A routine, and what it asks for that this release doesn't do yet."""

    routine: Routine
    inactive: tuple[str, ...]


def read_routine(slug: str, table: object, line: int, problems: Problems) -> RoutineRead | None:
    """None when something is wrong with it, which is then in `problems`."""
    where: KeyPath = ("routine", slug)
    if not isinstance(table, Mapping):
        problems.add(where, f"expected a table such as [routine.date-night], got {quoted(table)}")
        return None
    before = len(problems.found)
    _check_slug(slug, where, problems)
    values = read_table(table, ROUTINE, where, problems)
    made = schedule(table, values, where, problems)
    if made is None or len(problems.found) > before:
        return None
    return RoutineRead(_routine(slug, made, values, line), _inactive(slug, made, values))


def _check_slug(slug: str, where: KeyPath, problems: Problems) -> None:
    if slug in {ONE_OFF, TALKS}:
        maker = "remember" if slug == ONE_OFF else "topic plan"
        problems.add(where, f'"{slug}" is what `reconnect {maker}` makes: give it another name')
    elif not SLUG.match(slug) or len(slug) > LONGEST_SLUG:
        bare = "".join(c for c in normalize("NFKD", slug.casefold()) if not combining(c))
        words = "".join(c if c.isascii() and c.isalnum() else " " for c in bare).split()
        near = "-".join(words)[:LONGEST_SLUG].strip("-")
        hint = f'; did you mean "{near}"?' if near else ""
        problems.add(where, f'expected a name of a-z, 0-9 and - such as "date-night", got {quoted(slug)}{hint}')


def _routine(slug: str, made: Schedule, values: Mapping[str, Any], line: int) -> Routine:
    given = {name: values[name] for name in _PLAIN if name in values}
    if "practice" in given:
        given["practice"] = Practice(given["practice"])
    return Routine(slug=slug, schedule=made, line=line, **(_defaults(slug, given) | given))


def _defaults(slug: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A routine with a length is an event, one without is a moment."""
    lasting = given.get("lasting")
    short = lasting is None or lasting.longest <= _SHORT
    return {
        "title": " ".join(slug.replace("-", " ").split()).capitalize(),
        "calendar": lasting is not None,
        "private": given.get("practice") is Practice.AFFECTION,
        "show_as": "free" if short else "busy",
        "remind": (_HOUR,) if lasting else (dt.timedelta(0),),
        "done": "ask" if lasting else "assume",
    }


def _inactive(slug: str, made: Schedule, values: Mapping[str, Any]) -> tuple[str, ...]:
    where = f"routine.{slug}"
    placed = [f"{where}.{name}" for name in _PLACED_KEYS if name in values]
    never = (f"{where}.calendar",) if isinstance(made, Surprise) and values.get("calendar") else ()
    return (*(placed if isinstance(made, Placed) else ()), *never, *inactive(values, ROUTINE, where))
