"""Wiping: everything that was stored is overwritten where that can be had, and the files go, with all their copies.

SQLite's secure_delete puts zeros over each row, the write-ahead log is emptied into the file, and only then are the
files deleted. A disk that writes elsewhere than it was told (flash, copy-on-write) may keep older pages: no program
can promise more.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from reconnectd.adapters.store.backups import folder_of
from reconnectd.adapters.store.opening import BESIDE, SENTINEL, open_to_write
from reconnectd.adapters.store.trouble import in_words
from reconnectd.errors import ReconnectdError, StateError

A_BLOCK = 1 << 20


def wipe(database: Path) -> int:
    """Wipe the state and its copies; how many files went. StateError where one can't be deleted: the others went."""
    if database.exists():
        with suppress(ReconnectdError), closing(open_to_write(database)) as connection:
            _empty(connection, database)
    gone = 0
    for path in (database, *_copies(database), *(Path(f"{database}{end}") for end in BESIDE)):
        gone += _delete(path)
    gone += _delete(database.with_name(SENTINEL))
    shutil.rmtree(folder_of(database), ignore_errors=True)
    return gone


def _empty(connection: sqlite3.Connection, database: Path) -> None:
    with in_words(database):
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        connection.execute("BEGIN IMMEDIATE")
        for (name,) in tables.fetchall():
            connection.execute(f'DELETE FROM "{name}"')
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")


def _copies(database: Path) -> list[Path]:
    """The daily copies, those beside the database (set aside before a repair or a migration), and half-made ones."""
    beside = (path for path in database.parent.glob(f"*{database.stem}*") if path.suffix != ".lock")
    found = [*beside, *(folder_of(database).glob("*") if folder_of(database).is_dir() else ())]
    return [path for path in found if path.is_file() and path != database]


def _delete(path: Path) -> bool:
    """Zeros over it first: a copy is never opened as a database again."""
    try:
        with path.open("r+b", buffering=0) as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(left, A_BLOCK)))
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StateError(f"{path} can't be deleted: {error.strerror}", "look at its folder, then try again") from error
    return True
