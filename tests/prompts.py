"""Prompts and decks for tests, in as few words as possible."""

from __future__ import annotations

from typing import Any

from reconnectd.core.model import Practice
from reconnectd.core.practice.deck import Deck, Prompt

HEAD = '[deck]\nname = "Evenings"\nlanguage = "en"\nlicence = "CC0-1.0"\n'


def prompt(name: str, practice: Practice = Practice.QUALITY_TIME, **changes: Any) -> Prompt:
    """It fits nearly everywhere, unless it says otherwise."""
    kind = "words" if practice is Practice.AFFECTION else ""
    return Prompt(**{"id": name, "practice": practice, "text": f"Idea {name}.", "minutes": 5, "kind": kind, **changes})


def deck(count: int, practice: Practice = Practice.QUALITY_TIME, stem: str = "evenings", **changes: Any) -> Deck:
    """As many prompts of a practice."""
    prompts = tuple(prompt(f"{stem}-{number}", practice, **changes) for number in range(count))
    return Deck(stem, stem.capitalize(), prompts)


def as_toml(*prompts: Prompt) -> str:
    """The file of a deck that has these prompts."""
    return HEAD + "".join(
        f'\n[[prompt]]\nid = "{one.id}"\npractice = "{one.practice}"\ntext = "{one.text}"\nminutes = {one.minutes}\n'
        f'where = "{one.where}"\nenergy = "{one.energy}"\ndepth = {one.depth}\n'
        + (f'kind = "{one.kind}"\n' if one.kind else "")
        for one in prompts
    )
