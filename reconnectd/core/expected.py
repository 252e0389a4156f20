"""A value that was expected to be something else, said so that a person can mend it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

_SPREAD = 60


class Expected(ValueError):
    """A value that can't be read: `what` was expected. `names` maps what may nearly have been meant by `word`
    to how it is written (`meant` says it with the rest of the value); `index` is the place in a list, when the
    value was one."""

    def __init__(
        self, what: str, got: object, *, word: str | None = None, names: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"expected {what}, got {quoted(got)}")
        self.what = what
        self.got = got
        self.word = word
        self.names = names or {}
        self.index: int | None = None

    def meant(self) -> str | None:
        """The whole value as it was probably meant, or None."""
        near = nearest(self.word, self.names) if self.word else None
        if near is None or self.word is None:
            return None
        name, got = self.names[near], self.got
        if not isinstance(got, str):
            return name
        return re.sub(re.escape(self.word), lambda _: name, got.strip(), count=1, flags=re.IGNORECASE)


def quoted(value: object) -> str:
    """A value as the file would say it, on one line, short, and without characters that a terminal obeys."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value[:_SPREAD])
        return f'"{shown}{"…" if len(value) > _SPREAD else ""}"'
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value) if abs(value) < 10**15 else "a very large number"
    if isinstance(value, list) and len(value) <= 5 and not any(isinstance(item, list | dict) for item in value):
        return f"[{', '.join(quoted(item) for item in value)}]"
    return "a table" if isinstance(value, Mapping) else "a list"


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that `word` nearly is, or None."""
    from difflib import get_close_matches

    found = get_close_matches(word[:_SPREAD].lower(), list(names), n=1, cutoff=0.6)
    return found[0] if found else None
