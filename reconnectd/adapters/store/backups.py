"""A copy of the state for each day, beside it: the last seven.

Made by SQLite's online backup, looked through, and only then given its name. What is forgotten in the state is gone
from the copies a week later.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from pathlib import Path

from reconnectd.adapters.store.database import Database
from reconnectd.errors import StateError

KEPT = 7


def folder_of(database: Path) -> Path:
    """Where the copies are."""
    return database.parent / "backups"


def back_up(database: Database, day: dt.date) -> Path | None:
    """Make the copy of this day, unless there is one; the path of a new one. StateError when it can't be made:
    the state itself is untouched."""
    folder = folder_of(database.path)
    copy = folder / f"reconnectd-{day.isoformat()}.db"
    if copy.exists():
        return None
    fresh = folder / f".{copy.name}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _copy(database, fresh)
        fresh.replace(copy)
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"no copy of the state could be made: {error}", f"look at {folder}") from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()
    for old in sorted(folder.glob("reconnectd-*.db"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return copy


def _copy(database: Database, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    with contextlib.closing(sqlite3.connect(target)) as copy:
        database.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(str(verdict))
