"""The hardened drop-in of the unit: its text as shipped, and with the folders of this machine in it.

In there /tmp is a fresh one and /home is empty: what is needed of that is brought back by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reconnectd.adapters.user_service.unit import quoted
from reconnectd.errors import ReconnectdError

DROP_IN = "hardened.conf"
HIDDEN = tuple(map(Path, ("/tmp", "/var/tmp", "/home", "/root", "/run/user")))  # noqa: S108 - what is hidden is named
"""By PrivateTmp= and ProtectHome= (systemd.exec(5))."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the service needs: folders of its own to `write`, and what it has to `see`: home, runtime folder with the
    bus, config, interpreter."""

    write: tuple[Path, ...]
    see: tuple[Path, ...]


def hardened_for(text: str, reach: Reach) -> str:
    """The shipped drop-in, with these folders."""
    fresh, count = re.subn(r"^ReadWritePaths=.*$", lambda _: "\n".join(_writable(reach)), text, flags=re.MULTILINE)
    more, found = re.subn(r"^BindReadOnlyPaths=.*$", lambda _: "\n".join(_visible(reach)), fresh, flags=re.MULTILINE)
    if (count, found) != (1, 1):
        raise ReconnectdError(f"the shipped {DROP_IN} is not as it should be", "install reconnectd again")
    return more


def properties(text: str) -> list[str]:
    """The settings of a drop-in, as `systemd-run --property=` takes them; without the runtime folder, which would be
    taken away from a service that runs."""
    lines = [line.strip() for line in text.splitlines()]
    settings = [line for line in lines if re.match(r"[A-Z]\w+=", line)]
    return [line.replace("%%", "%") for line in settings if not line.startswith("RuntimeDirectory")]


def _writable(reach: Reach) -> Iterator[str]:
    """What isn't there is passed over: the daemon says so in words, where systemd would give a number."""
    for path in dict.fromkeys(reach.write):
        yield _bound("BindPaths", path) if _is_hidden(path) else f"ReadWritePaths={quoted(f'-{path}')}"


def _visible(reach: Reach) -> Iterator[str]:
    """Nothing is bound that can be seen anyway."""
    hidden = [path for path in reach.see if _is_hidden(path)]
    yield from (_bound("BindReadOnlyPaths", path) for path in _outermost(hidden))


def _is_hidden(path: Path) -> bool:
    return any(path.is_relative_to(root) for root in HIDDEN)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Without those that lie in another one of them."""
    kept: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return kept


def _bound(key: str, path: Path) -> str:
    """Colons stand between the words of a bind."""
    return f"{key}=" + _with_colons(quoted(f"-{path}"))


def _with_colons(word: str) -> str:
    escaped = word.replace(":", "\\:")
    return escaped if escaped == word or word.startswith('"') else f'"{escaped}"'
