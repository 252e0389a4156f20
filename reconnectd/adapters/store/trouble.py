"""SQLite's errors in words that a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconnectd.errors import Busy, ReconnectdError, StateDamaged, StateError, StateReadOnly

TAKEN = ("SQLITE_BUSY", "SQLITE_LOCKED")
NO_ROOM = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")
NO_WRITE = tuple(f"SQLITE_IOERR_{what}" for what in ("WRITE", "FSYNC", "DIR_FSYNC", "TRUNCATE", "SHM", "DELETE"))
BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
RESTORE = "`reconnect doctor --fix` puts the newest sound copy from backups/ in its place, and keeps this one beside"


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """What SQLite raises about the database at `path` becomes Busy, StateReadOnly, StateDamaged or StateError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _translated(path, error) from error


def _translated(path: Path, error: sqlite3.DatabaseError) -> ReconnectdError:
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(TAKEN):
        return Busy("another program is writing to the database", "try again in a moment")
    if name.startswith((*NO_ROOM, *NO_WRITE)):
        return StateReadOnly(f"{path} can't be written: {error}", _room(name))
    if name.startswith(BROKEN):
        return StateDamaged(f"{path} can't be read as a database: {error}", RESTORE)
    return StateError(f"{path}: {error}", "`reconnect doctor` looks closer")


def _room(name: str) -> str:
    full = name.startswith(("SQLITE_FULL", "SQLITE_IOERR"))
    return "free some disk space, then try again" if full else "mend its permissions, then try again"
