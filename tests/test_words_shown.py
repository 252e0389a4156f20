"""Every sentence that a person may be shown: kind, nobody's gender, nobody's brand, and said once.

The sentences are read out of the code itself: whatever stands in it as text with three words or more, but for
docstrings and SQL. The decks have a test of their own.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import reconnectd

PACKAGE = Path(reconnectd.__file__).parent
ROOMS = ("app", "cli", "config", "core", "errors.py", "wiring")
NAMES_THEM = "deck_rules.py"
"""The module that lists what a deck may not say."""

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|BEGIN|WHERE|ORDER)\b")
UNKIND = re.compile(
    r"\b(overdue|due|missed|failed|fail|scores?|streaks?|must|owes?|targets?|should|guilty?|debts?)\b", re.IGNORECASE
)
GENDERED = re.compile(
    r"\b(he|she|him|her|his|hers|himself|herself|husband|wife|wives|boyfriend|girlfriend|spouse|marriage|married)\b",
    re.IGNORECASE,
)
BRANDS = re.compile(
    r"love languages?|love maps?|four horsemen|magic six|state of the union|emotional bank|love tank|gottman|chapman|"
    r"\b(paired|lasting app|agape app|headspace|tinder|whatsapp|instagram|netflix|spotify)\b",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    where: str
    text: str


def texts() -> Iterator[Sentence]:
    for room in ROOMS:
        found = PACKAGE / room
        for path in sorted(found.rglob("*.py")) if found.is_dir() else [found]:
            if path.name != NAMES_THEM:
                yield from in_module(path)


def in_module(path: Path) -> Iterator[Sentence]:
    tree = ast.parse(path.read_text())
    docstrings = {id(one) for node in ast.walk(tree) for one in alone(node)}
    shown = {
        id(one)
        for node in ast.walk(tree)
        if is_command(node)
        for one in ast.walk(node)
        if isinstance(one, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = " ".join(node.value.split())
            seen = id(node) not in docstrings or id(node) in shown
            if seen and text.count(" ") >= 2 and not SQL.match(text) and "\\b" not in text:
                yield Sentence(f"{path.relative_to(PACKAGE)}:{node.lineno}", text)


def alone(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts that are a statement of their own: docstrings, and what is said about a constant."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value


def is_command(node: ast.AST) -> bool:
    """The docstring of a command is its --help."""
    decorated = getattr(node, "decorator_list", [])
    return any("command" in ast.unparse(one) or "group" in ast.unparse(one) for one in decorated)


ALL = list(texts())


def test_there_is_something_to_read() -> None:
    assert len(ALL) > 800


@pytest.mark.parametrize("words", [UNKIND, GENDERED, BRANDS], ids=["kind", "nobody's gender", "nobody's brand"])
def test_no_sentence_has_such_a_word(words: re.Pattern[str]) -> None:
    assert [one for one in ALL if words.search(one.text)] == []


def test_no_sentence_of_the_practices_is_said_in_two_places() -> None:
    """Elsewhere the same step mends two errors, and --help says the same of two commands."""
    said = Counter(
        sentence
        for one in ALL
        if one.where.startswith("core/")
        for sentence in re.split(r"(?<=[.!?;:])\s+", one.text)
        if sentence.count(" ") >= 7
    )
    assert [sentence for sentence, times in said.items() if times > 1] == []
