"""From a file to what tomllib makes of it: the checks that come before any key is looked at."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from reconnectd.core.plain import plain
from reconnectd.errors import ConfigError, UnreadableConfig

MOST_BYTES = 1024 * 1024
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_TWICE = re.compile(r"Cannot declare \((.*?),?\) twice")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a]")
_HEADER = re.compile(r"\s*\[([^\[\]]*)")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_BARE = re.compile(r"[\w:. -]{1,60}\Z")
_NOBODY = 65534
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
        raise UnreadableConfig(
            [f"{path}: there is no config here yet; `reconnect init` makes one"],
            "`reconnect init`, or name another file with --config",
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableConfig([f"{path}: can't be read: {why}"], "check the path and its permissions") from None


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
    """Could another user change this file, or put another in its place? False when it isn't there."""
    try:
        real = path.resolve(strict=True)
        return _open_to_others(real.stat()) or any(_open_to_others(folder.stat()) for folder in real.parents)
    except (OSError, RuntimeError):
        return False


def _open_to_others(found: os.stat_result) -> bool:
    """In a folder such as /tmp (sticky) anybody may make a file, but nobody may replace another's."""
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    return bool(found.st_mode & stat.S_IWOTH and not sticky) or found.st_uid not in _trusted()


def _check(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise _refused(path, "is not a file", "name the config file itself")
    if found.st_uid not in _trusted():
        raise _refused(path, "belongs to another user", "copy it, so that it is your own")
    if found.st_mode & stat.S_IWOTH:
        raise _refused(path, "can be changed by anybody on this machine", f"chmod 600 {path}")


def _trusted() -> tuple[int, ...]:
    """Whoever runs this, and root, who can do everything anyway (NixOS keeps configs as root). In a user namespace
    that doesn't know root (PrivateUsers= of a hardened unit) root's files seem to be nobody's."""
    mine = getattr(os, "getuid", int)()
    return (mine, 0) if _knows_root() else (mine, 0, _NOBODY)


def _knows_root() -> bool:
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        return True
    return any(first == "0" for first, *_ in ranges)


def _refused(path: Path, why: str, fix: str) -> UnreadableConfig:
    return UnreadableConfig([f"{path}: the config {why}"], fix)


def _syntax(message: str, text: str) -> str:
    """Line, colon, sentence for a message of tomllib."""
    where = _WHERE.search(message)
    told = message[: where.start()] if where else message
    line = int(where[1]) if where and where[1] else _end(text)
    column = f" at column {where[2]}" if where and where[2] else ""
    found = text.split("\n")[line - 1].strip()
    if twice := _TWICE.match(told):
        name = ".".join(part.strip().strip("'\"") for part in twice[1].split(","))
        return f"{line}: {name}: stands here a second time"
    if told == "Cannot overwrite a value" and "=" in found:
        header = [table[1].strip() for table in map(_HEADER.match, text.split("\n")[: line - 1]) if table]
        name = ".".join([*header[-1:], found.partition("=")[0].strip()])
        return f"{line}: {plain(name)}: stands here a second time"
    return f"{line}: not TOML{column}: {plain(told)}{_hint(found)}"


def _hint(line: str) -> str:
    """What was probably meant by a line that isn't TOML; "" where nothing comes to mind."""
    if _CURLY.search(line):
        return ' (quotes are straight here: "…")'
    if header := _HEADER.match(line):
        return "" if header[1].isascii() else " (names in brackets are a-z, 0-9 and -)"
    key, equals, value = (part.strip() for part in line.partition("="))
    if not equals or not value or value[0] in "\"'[{" or value.startswith(("true", "false")):
        return ""
    bare = value.partition("#")[0].strip()
    return f' (words and times stand in quotes: {key} = "…")' if _BARE.match(bare) and _KEY.match(key) else ""


def _end(text: str) -> int:
    """The line to name when the document ends too early: where what isn't closed begins."""
    from reconnectd.config.positions import opened

    return opened(text.encode()) or text.rstrip().count("\n") + 1
