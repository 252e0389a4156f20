"""From a file to what tomllib makes of it: the checks that come before any key is looked at."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from reconnectd.core.plain import plain
from reconnectd.errors import ConfigError

MOST_BYTES = 1024 * 1024
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_TWICE = re.compile(r"Cannot declare \((.*?),?\) twice")
_BOM = b"\xef\xbb\xbf"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def read(path: Path) -> bytes:
    """The bytes of the file. ConfigError when it isn't there, isn't a file of one's own, or is too large."""
    try:
        link = os.lstat(path)
        if stat.S_ISLNK(link.st_mode) and link.st_uid not in _trusted():
            raise _refused(path, "is a link of another user", "make it your own")
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            _check(path, os.fstat(file.fileno()))
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(
            [f"{path}: there is no config here yet; `reconnect init` makes one"],
            "`reconnect init`, or name another file with --config",
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError([f"{path}: can't be read: {why}"], "check the path and its permissions") from None


def toml(raw: bytes, path: Path) -> dict[str, Any]:
    """The document as tomllib reads it. A syntax error is reported alone."""
    if len(raw) > MOST_BYTES:
        raise ConfigError([f"{path}:1: expected at most 1 MiB of config"])
    try:
        text = raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"expected UTF-8 text, got the byte 0x{raw[error.start]:02x}"
        raise ConfigError([f"{path}:{line}: {what}"], "save the file as UTF-8") from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ConfigError([f"{path}:1: lists or tables stand too deep in one another"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}:{_syntax(str(error), text)}"]) from None
    except ValueError:  # Python refuses to read numbers of thousands of digits
        raise ConfigError([f"{path}:1: a number in here is far too long"]) from None


def writable_by_others(path: Path) -> bool:
    """Could another user change this file? False when it isn't there."""
    try:
        found = path.stat()
    except OSError:
        return False
    return bool(found.st_mode & stat.S_IWOTH) or found.st_uid not in _trusted()


def _check(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise _refused(path, "is not a file", "name the config file itself")
    if found.st_uid not in _trusted():
        raise _refused(path, "belongs to another user", "copy it, so that it is your own")
    if found.st_mode & stat.S_IWOTH:
        raise _refused(path, "can be changed by anybody on this machine", f"chmod 600 {path}")


def _trusted() -> tuple[int, int]:
    """Whoever runs this, and root, who can do everything anyway (NixOS keeps configs as root)."""
    return getattr(os, "getuid", int)(), 0


def _refused(path: Path, why: str, fix: str) -> ConfigError:
    return ConfigError([f"{path}: the config {why}"], fix)


def _syntax(message: str, text: str) -> str:
    """Line, colon, sentence for a message of tomllib."""
    where = _WHERE.search(message)
    told = message[: where.start()] if where else message
    line = where[1] if where and where[1] else _end(text)
    column = f" at column {where[2]}" if where and where[2] else ""
    if twice := _TWICE.match(told):
        name = ".".join(part.strip().strip("'\"") for part in twice[1].split(","))
        return f"{line}: {name}: stands here a second time"
    return f"{line}: not TOML{column}: {plain(told)}"


def _end(text: str) -> int:
    """The line to name when the document ends too early: where what isn't closed begins."""
    from reconnectd.config.positions import opened

    return opened(text.encode()) or text.rstrip().count("\n") + 1
