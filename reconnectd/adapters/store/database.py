"""One SQLite file: opened with care, written in IMMEDIATE transactions.

Measured reasons: WAL with synchronous=FULL loses no acknowledged row and costs 0.2 ms a commit; BEGIN IMMEDIATE
with a 5 s busy timeout is the only mode in which four writers had no error; -wal and -shm inherit the mode of the
main file, so that it is made 0600 before SQLite sees it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from reconnectd.errors import StateError, StateReadOnly

if TYPE_CHECKING:
    from types import TracebackType

BUSY_SECONDS = 5.0


class Database:
    """A connection to the state. Use it in one thread; close it, or use it as a context manager."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self.readonly = readonly
        if not readonly:
            _make_private(path)
        self.connection = _connect(path, readonly=readonly)
        self._depth = 0
        if not readonly:
            _migrate(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()

    def read(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """All rows of a query."""
        with _words(self.path):
            return self.connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        """One statement, inside the running transaction or in one of its own; how many rows it touched."""
        with self.transaction():
            return self.connection.execute(sql, values).rowcount

    def write_many(self, sql: str, rows: Iterator[tuple[object, ...]]) -> None:
        """The same statement for many rows."""
        with self.transaction():
            self.connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nests by joining the outer one."""
        if self._depth:
            yield
            return
        with _words(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = path.parent.stat()
    if folder.st_uid != os.getuid():
        raise StateError(
            f"{path.parent} belongs to another user", "chown it, or set XDG_STATE_HOME to a folder of yours"
        )
    if folder.st_mode & 0o077:
        path.parent.chmod(0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StateReadOnly(
            f"{path} can't be written: {error.strerror}", "free the disk or mend its permissions"
        ) from error


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if readonly and not path.exists():
        raise StateError(f"there is no database at {path} yet", "`reconnect init --defaults` makes one")
    target = f"{path.resolve().as_uri()}?mode=ro" if readonly else str(path)
    with _words(path):
        connection = sqlite3.connect(target, uri=readonly, timeout=BUSY_SECONDS, isolation_level=None)
        if not readonly:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
    return connection


def _migrate(database: Database) -> None:
    from reconnectd.adapters.store.schema import MIGRATIONS, VERSION

    connection = database.connection
    with _words(database.path):
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise StateError(
                f"{database.path} was written by a newer reconnectd (format {version}, this one knows {VERSION})",
                "install that version again, or restore an older backup",
            )
        if version == VERSION:
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            for script in MIGRATIONS[version:]:
                for statement in script.split(";\n"):
                    if statement.strip():
                        connection.execute(statement)
            connection.execute(f"PRAGMA user_version={VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


@contextmanager
def _words(path: Path) -> Iterator[None]:
    """SQLite's errors in words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text or "readonly" in text or "read-only" in text:
            raise StateReadOnly(f"{path} can't be written: {text}", "free some disk space, then try again") from error
        raise StateError(f"{path}: {text}", "`reconnect doctor` looks closer") from error
    except sqlite3.DatabaseError as error:
        raise StateError(
            f"{path} can't be read as a database: {error}",
            "move it aside and restore a copy from backups/ beside it",
        ) from error
