"""Sealing everything at once: the rows of the state in one transaction, then its file and the copies beside it, so that
nothing readable stays behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from reconnectd.adapters.store.backups import folder_of
from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.trouble import in_words
from reconnectd.adapters.store.wal import MAGIC
from reconnectd.ports import Seal

KEY, LAST_KEY = "words sealed", "words key"
"""In the table meta: what the key is called, "" or absent while the words are kept plain; and what the newest key was
called, whether it is in use or not: the copies may need it."""

NAMED = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"
PLAIN, SEALED = 0, 1


def seal_all(database: Database, seal: Seal, name: str) -> int:
    """Seal what is plain; how many. `name` is what its key is called."""
    with database.transaction():
        database.write(NAMED, KEY, name)
        database.write(NAMED, LAST_KEY, name)
        return _rewrite(database.connection, seal.close, PLAIN, SEALED)


def open_all(database: Database, seal: Seal) -> int:
    """Open what is sealed, and seal nothing more; how many."""
    with database.transaction():
        database.write(NAMED, KEY, "")
        return _rewrite(database.connection, seal.open, SEALED, PLAIN)


def let_go(database: Database) -> int:
    """Let go of what is sealed, and seal nothing more; how many."""
    with database.transaction():
        database.write(NAMED, KEY, "")
        return database.write("DELETE FROM word WHERE sealed")


def counts(database: Database) -> tuple[int, int]:
    """(how many are plain, how many are sealed)"""
    found = {bool(sealed): number for sealed, number in database.read("SELECT sealed, count(*) FROM word GROUP BY 1")}
    return int(str(found.get(False, 0))), int(str(found.get(True, 0)))


def leave_nothing(database: Database) -> bool:
    """Write the file anew and empty the log beside it; False where somebody else's reading kept the log as it was."""
    with in_words(database.path):
        database.connection.execute("VACUUM")
        return not database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def seal_copies(database: Path, seal: Seal, name: str) -> tuple[int, list[Path]]:
    """Seal the plain words of every copy beside the state: in how many there were some, and the copies that can't be
    opened."""
    done, left = 0, []
    for path in _copies(database):
        try:
            done += _seal_copy(path, seal, name)
        except (sqlite3.Error, OSError):
            left.append(path)
    return done, left


def _copies(database: Path) -> list[Path]:
    """Those of every day, those from before a new format, and those set aside."""
    folders = (database.parent, folder_of(database))
    found = {path for folder in folders for path in folder.glob(f"*{database.stem}*") if path.is_file()}
    found |= set(folder_of(database).glob("format-*.db"))
    return sorted(path for path in found if path != database and _is_database(path))


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _seal_copy(path: Path, seal: Seal, name: str) -> bool:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA secure_delete=ON")
        if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'word'").fetchone():
            return False
        copy.execute("BEGIN IMMEDIATE")
        number = _rewrite(copy, seal.close, PLAIN, SEALED)
        if number:
            copy.execute(NAMED, (KEY, name))
        copy.execute("COMMIT")
        if number:
            copy.execute("VACUUM")
    return number > 0


def _rewrite(connection: sqlite3.Connection, turn: Callable[[bytes], bytes], was: int, becomes: int) -> int:
    rows = connection.execute("SELECT seq, body FROM word WHERE sealed = ?", (was,)).fetchall()
    for seq, body in rows:
        connection.execute("UPDATE word SET body = ?, sealed = ? WHERE seq = ?", (turn(body), becomes, seq))
    return len(rows)
