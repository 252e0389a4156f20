"""Decks: TOML text → `Deck`, or every problem with its line; and which decks there are.

Shipped ones stand in `reconnectd/decks`, own ones in `decks/` beside the config. Never imported by the resident
process: it speaks from rows that hold their prompts already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reconnectd.config import document
from reconnectd.config.deck_keys import HEAD, NEEDED, NEEDED_OF_A_DECK, PROMPT
from reconnectd.config.keys import named
from reconnectd.config.problems import KeyPath, Problem, Problems
from reconnectd.core.expected import Expected, nearest, quoted
from reconnectd.core.model import Practice
from reconnectd.core.practice.deck import NO_DECK, Deck, Prompt
from reconnectd.core.settings import Settings
from reconnectd.errors import ConfigError, UnreadableConfig

SHIPPED = Path(__file__).parent.parent / "decks"
MOST_PROMPTS = 5000
_ELSEWHERE = {
    "duration": "minutes", "length": "minutes", "time": "minutes", "place": "where", "level": "depth", "cost": "money",
    "body": "text", "prompt": "text", "daylight": "light", "seasons": "season", "name": "id", "kinds": "kind",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """The decks that can be used, the shipped ones first, and what is wrong with those that can't, a line each."""

    decks: tuple[Deck, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt of every deck."""
        return tuple(prompt for deck in self.decks for prompt in deck.prompts)


def folder_of(config: Path) -> Path:
    """Where the decks of one's own stand."""
    return config.absolute().parent / "decks"


def shelf(config: Path) -> Shelf:
    """The shipped decks, and those beside `config`. One that is broken is left out, and named."""
    decks = list(shipped())
    problems: list[str] = []
    for path in _files(folder_of(config)):
        try:
            decks.append(_own(path, decks))
        except ConfigError as error:
            problems += error.lines
    return Shelf(tuple(decks), tuple(problems))


@lru_cache(maxsize=1)
def shipped() -> tuple[Deck, ...]:
    """The decks that come with the program, by file name."""
    return tuple(parse((SHIPPED / path.name).read_bytes(), path) for path in _files(SHIPPED))


def read(path: Path) -> Deck:
    """The deck in that file. ConfigError with all its problems, or saying why it can't be read."""
    try:
        raw = document.read(path)
    except UnreadableConfig as error:
        if not path.exists():
            raise UnreadableConfig([f"{path}: there is no such file"], "name the file of a deck") from None
        raise UnreadableConfig([line.replace("the config", "the deck") for line in error.lines], error.fix) from None
    return parse(raw, path)


def parse(raw: bytes, path: Path) -> Deck:
    """The deck in `raw`; `path` is what problems name. ConfigError with all of them, by line."""
    whole = document.toml(raw, path)
    problems = Problems()
    for name, found in whole.items():
        if name not in {"deck", "prompt"}:
            problems.add((name,), "a deck has [deck] and [[prompt]], nothing else", word=name, names=("deck", "prompt"))
        elif name == "deck" and not isinstance(found, dict):
            problems.add((name,), f"expected a table [deck], got {quoted(found)}")
    head = _head(whole.get("deck"), problems)
    prompts = _prompts(whole.get("prompt", []), problems)
    _raise(problems, raw, path, whole)
    return Deck(path.stem, prompts=tuple(prompts), **head)


def complaints(settings: Settings) -> list[str]:
    """What is left out, a line each: own decks that can't be used, and decks that routines name and nobody has."""
    found = shelf(settings.path)
    names = sorted({name for deck in found.decks for name in (deck.stem, deck.name)})
    missing = []
    for routine in settings.routines:
        if routine.deck in (None, NO_DECK) or any(deck.is_called(routine.deck or "") for deck in found.decks):
            continue
        near = nearest(routine.deck or "", names)
        hint = f'; did you mean "{near}"?' if near else ", and no ideas come"
        missing.append(f"{settings.path}: routine.{routine.slug}.deck: there is no deck {quoted(routine.deck)}{hint}")
    return [*found.problems, *missing]


def doubled(decks: Iterable[tuple[Path, Deck]], known: Iterable[Deck]) -> list[tuple[Path, str, str]]:
    """Ids that are there already: (file, id, sentence)."""
    seen = {prompt.id: deck.name for deck in known for prompt in deck.prompts}
    found = []
    for path, deck in decks:
        for prompt in deck.prompts:
            if prompt.id in seen:
                found.append((path, prompt.id, f'the deck "{seen[prompt.id]}" has a prompt of this id, too'))
            seen.setdefault(prompt.id, deck.name)
    return found


def line_of(path: Path, prompt: str) -> int:
    """The line on which a prompt of that id begins; 1 where it can't be told."""
    for number, text in enumerate(path.read_text(errors="replace").splitlines(), 1):
        key, equals, value = text.partition("=")
        if equals and key.strip() == "id" and value.strip().strip("\"'") == prompt:
            return number
    return 1


def _own(path: Path, known: Sequence[Deck]) -> Deck:
    deck = read(path)
    again = doubled([(path, deck)], known)
    if again:
        lines = [f"{path}:{line_of(path, name)}: prompt.{name}.id: {sentence}" for _, name, sentence in again]
        raise ConfigError(lines)
    return deck


def _files(folder: Path) -> list[Path]:
    """By name; none where there is no such folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except OSError:
        return []


def _head(table: object, problems: Problems) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        if table is None:
            problems.add(("deck",), "expected a table [deck] with its name, language and licence")
        return {}
    values = _values(table, "deck", ("deck",), problems)
    for name in NEEDED_OF_A_DECK:
        if name not in table:
            problems.add(("deck",), f"{name} is needed")
    return values


def _prompts(tables: object, problems: Problems) -> list[Prompt]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.add(("prompt",), f"expected tables [[prompt]], got {quoted(tables)}")
        return []
    if len(tables) > MOST_PROMPTS:
        problems.add(("prompt",), f"expected at most {MOST_PROMPTS} prompts, got {len(tables)}")
        return []
    if not tables:
        problems.add(("prompt",), "expected at least one [[prompt]]")
    seen: set[str] = set()
    read_ones = [_prompt(table, index, seen, problems) for index, table in enumerate(tables)]
    return [prompt for prompt in read_ones if prompt is not None]


def _prompt(table: Mapping[str, Any], index: int, seen: set[str], problems: Problems) -> Prompt | None:
    """None when something is wrong with it, which is then in `problems`."""
    where: KeyPath = ("prompt", index)
    before = len(problems.found)
    values = _values(table, "prompt", where, problems)
    for name in NEEDED:
        if name not in table:
            problems.add(where, f"{name} is needed")
    if values.get("id") in seen:
        problems.add((*where, "id"), f"{quoted(values['id'])} stands here a second time")
    seen.add(values.get("id", ""))
    practice = values.get("practice")
    if practice == Practice.AFFECTION and "kind" not in table:
        problems.add(where, 'kind is needed for affection, such as "light touch"')
    elif practice is not None and practice != Practice.AFFECTION and "kind" in table:
        problems.add((*where, "kind"), "only affection has kinds")
    if len(problems.found) > before:
        return None
    return Prompt(**{**values, "practice": Practice(values["practice"])})


def _values(table: Mapping[str, Any], which: str, where: KeyPath, problems: Problems) -> dict[str, Any]:
    """The values that can be read; the rest goes to `problems`."""
    known = named(HEAD if which == "deck" else PROMPT)
    values = {}
    for name, given in table.items():
        if name not in known:
            meant = _ELSEWHERE.get(name.lower())
            hint = f'; did you mean "{meant}"?' if meant in known else ""
            if hint:
                problems.add((*where, name), f"there is no such key{hint}")
            else:
                problems.add((*where, name), "there is no such key", word=name, names=known)
            continue
        try:
            values[name] = known[name].form.read(given)
        except Expected as error:
            problems.add_expected((*where, name), error)
    return values


def _raise(problems: Problems, raw: bytes, path: Path, whole: Mapping[str, Any]) -> None:
    """With the id of a prompt in place of its number, where it has one."""
    if not problems.found:
        return
    tables = whole.get("prompt", [])
    problems.raise_any(raw, path, lambda problem: _called(problem, tables))


def _called(problem: Problem, tables: Any) -> str:
    if problem.key[0] != "prompt" or len(problem.key) < 2 or not isinstance(problem.key[1], int):
        return problem.dotted
    number = problem.key[1]
    name = tables[number].get("id")
    shown = name if isinstance(name, str) and name.isascii() and 0 < len(name) <= 64 else str(number + 1)
    return Problem(("prompt", shown, *problem.key[2:]), "").dotted
