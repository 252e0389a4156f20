"""Looking at decks before they are used: their form, then their words, beside those that are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconnectd.config.decks import SHIPPED, doubled, line_of, read, shipped
from reconnectd.core.model import Practice
from reconnectd.core.practice.deck import Deck
from reconnectd.core.practice.deck_rules import counts, findings
from reconnectd.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Remark:
    """What isn't right with the words of one prompt."""

    file: Path
    line: int
    prompt: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: prompt.{self.prompt}: {self.what}"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in some files: the decks, what stands in the way of using them (a line each), and remarks about
    their words."""

    decks: tuple[tuple[Path, Deck], ...]
    problems: tuple[str, ...]
    remarks: tuple[Remark, ...]

    @property
    def counts(self) -> dict[Practice, int]:
        """How many prompts there are of each practice."""
        return counts(prompt for _, deck in self.decks for prompt in deck.prompts)


def look_at(files: Sequence[Path]) -> Looked:
    """Read the files; what they repeat of the shipped decks, and of each other, is a problem, too."""
    decks: list[tuple[Path, Deck]] = []
    problems: list[str] = []
    for path in files:
        try:
            decks.append((path, read(path)))
        except ConfigError as error:
            problems += error.lines
    others = _others(files)
    problems += [
        f"{path}:{line_of(path, name)}: prompt.{name}.id: {sentence}" for path, name, sentence in doubled(decks, others)
    ]
    return Looked(tuple(decks), tuple(problems), tuple(_remarks(decks, others)))


def _remarks(decks: Sequence[tuple[Path, Deck]], others: Sequence[Deck]) -> list[Remark]:
    file_of = {prompt.id: path for path, deck in decks for prompt in deck.prompts}
    prompts = [prompt for _, deck in decks for prompt in deck.prompts]
    found = findings(prompts, [prompt for deck in others for prompt in deck.prompts])
    return [
        Remark(file_of[one.prompt], line_of(file_of[one.prompt], one.prompt), one.prompt, one.sentence) for one in found
    ]


def _others(files: Sequence[Path]) -> list[Deck]:
    """The shipped decks that are not among the files themselves."""
    named = {path.resolve() for path in files}
    return [deck for deck in shipped() if (SHIPPED / f"{deck.stem}.toml").resolve() not in named]
