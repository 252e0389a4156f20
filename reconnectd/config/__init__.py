"""The config: TOML text to `Settings`, or every problem with its line.

tomllib decides what a value is. Importing this package costs next to nothing (the fast commands only need
`config.fingerprint`); each function imports what it needs. No module in here may be called like one of these
functions: importing it would put the module in the function's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from reconnectd.config.problems import Problem
    from reconnectd.core.settings import Settings

__all__ = ["Problem", "load", "parse", "plain", "schema", "show", "starter"]


def load(path: Path) -> Settings:
    """Read the file at `path`. ConfigError with all its problems, or saying why it can't be read."""
    from reconnectd.config.document import read
    from reconnectd.config.reading import settings

    return settings(read(path), path)


def parse(text: str | bytes, path: Path) -> Settings:
    """The settings in `text`; `path` is what problems name, and what relative paths are relative to."""
    from reconnectd.config.reading import settings

    return settings(text.encode() if isinstance(text, str) else text, path)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a config."""
    from reconnectd.config.json_schema import schema as whole

    return whole()


def show(settings: Settings) -> str:
    """TOML text with every key, defaults filled in; parsing it gives equal settings."""
    from reconnectd.config.shown import show as text_of

    return text_of(settings)


def plain(settings: Settings) -> dict[str, Any]:
    """What `show` says, as nested dicts for JSON; null where nothing is set."""
    from reconnectd.config.shown import plain as values_of

    return values_of(settings)


def starter(me: str, partner: str | None, household: str) -> str:
    """The text of a first config; `household` is the word that both people's machines share."""
    from reconnectd.config.first import Wishes
    from reconnectd.config.first import starter as text_for

    return text_for(Wishes(me, partner, household))


def __getattr__(name: str) -> Any:
    if name == "Problem":
        from reconnectd.config.problems import Problem

        return Problem
    raise AttributeError(name)
