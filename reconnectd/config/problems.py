"""What is wrong in a config: collected first, given their lines and told together afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reconnectd.core.expected import Expected, nearest, quoted
from reconnectd.errors import ConfigError

KeyPath = tuple[str | int, ...]

MOST = 500
_BARE = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about one key. `key` is its path; numbers are places in lists and not shown."""

    key: KeyPath
    sentence: str

    @property
    def dotted(self) -> str:
        """The key as a person would write it: routine.date-night.at."""
        return ".".join(part if _BARE.match(part) else quoted(part) for part in self.key if isinstance(part, str))


class Problems:
    """Collects them, at most `MOST`, so that a file full of nonsense is answered soon."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, key: KeyPath, sentence: str, *, word: str = "", names: Iterable[str] = ()) -> None:
        """Note one; when `word` is nearly one of `names`, that one is offered."""
        if len(self.found) < MOST:
            near = nearest(word, names) if word else None
            self.found.append(Problem(key, f'{sentence}; did you mean "{near}"?' if near else sentence))

    def add_expected(self, key: KeyPath, error: Expected, *, secret: bool = False) -> None:
        """Note a value that can't be read. What was given as a secret is not repeated."""
        if len(self.found) >= MOST:
            return
        where = key if error.index is None else (*key, error.index)
        meant = None if secret else error.meant()
        hint = f"; did you mean {quoted(meant)}?" if meant else ""
        self.found.append(Problem(where, f"expected {error.what}" if secret else f"{error}{hint}"))

    def raise_any(self, raw: bytes, path: Path, called: Callable[[Problem], str] = lambda one: one.dotted) -> None:
        """Raise ConfigError with all of them by line, if there is one; `called` names the key of one."""
        if not self.found:
            return
        from reconnectd.config.positions import Positions

        lines = Positions(raw)
        placed = sorted(((lines.line(problem.key), problem) for problem in self.found), key=lambda it: it[0])
        told = [f"{path}:{line}: {called(problem)}: {problem.sentence}" for line, problem in placed]
        if len(self.found) >= MOST:
            told.append(f"{path}:{placed[-1][0]}: and more, once these are mended")
        raise ConfigError(told)
