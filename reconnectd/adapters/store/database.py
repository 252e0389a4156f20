"""One SQLite file: opened with care, written in IMMEDIATE transactions.

Measured reasons: WAL with synchronous=FULL loses no acknowledged row and costs 0.2 ms a commit; BEGIN IMMEDIATE
with a 5 s busy timeout is the only mode in which four writers had no error; -wal and -shm inherit the mode of the
main file, so that it is made 0600 before SQLite sees it. An empty file opens as a fresh database: `state.id` beside
it says that there was one, so that a lost history is noticed and not begun anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from reconnectd.adapters.store.looking import look
from reconnectd.errors import Busy, StateError, StateReadOnly

if TYPE_CHECKING:
    from types import TracebackType

BUSY_SECONDS = 5.0
SENTINEL = "state.id"


class Database:
    """A connection to the state. Use it in one thread; close it, or use it as a context manager."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self.readonly = readonly
        if not readonly:
            _make_private(path)
        self.connection = _connect(path, readonly=readonly)
        self._depth = 0
        try:
            _check_format(self)
        except BaseException:
            self.connection.close()
            raise

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

    def version(self) -> tuple[int, int]:
        """Two of these are the same only when nobody has written in between, this connection included."""
        return self.data_version(), self.connection.total_changes

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = path.parent.stat()
        if folder.st_uid != os.getuid():
            raise StateError(
                f"{path.parent} belongs to another user", "chown it, or set XDG_STATE_HOME to a folder of yours"
            )
        if folder.st_mode & 0o077:
            path.parent.chmod(0o700)
        if not path.exists():  # taken away on purpose: a new one may begin
            path.with_name(SENTINEL).unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StateReadOnly(
            f"{path} can't be written: {error.strerror}", "free the disk or mend its permissions"
        ) from error


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if readonly and not path.exists():
        raise StateError(f"there is no database at {path} yet", "`reconnect sync` makes one")
    with _words(path):
        if readonly:
            return look(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
    return connection


def _check_format(database: Database) -> None:
    """Bring an older database up to date; refuse a newer one, and an empty one that was not empty before."""
    from reconnectd.adapters.store.schema import VERSION

    version = _version(database)
    if version > VERSION:
        raise StateError(
            f"{database.path} was written by a newer reconnectd (format {version}, this one knows {VERSION})",
            "install that version again, or restore an older backup",
        )
    sentinel = database.path.with_name(SENTINEL)
    if version == 0 and sentinel.exists():
        raise StateError(
            f"{database.path} is empty, and it was not before",
            f"restore a copy from backups/ beside it; to begin anew, delete it together with {sentinel}",
        )
    if version < VERSION and not database.readonly:
        _migrate(database)
    if not database.readonly and not sentinel.exists():
        with suppress(OSError):  # the guard is worth a try, not a failure
            os.close(os.open(sentinel, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _version(database: Database) -> int:
    with _words(database.path):
        return int(database.connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(database: Database) -> None:
    from reconnectd.adapters.store.schema import MIGRATIONS, VERSION

    with database.transaction():
        for script in MIGRATIONS[_version(database) :]:
            for statement in script.split(";\n"):
                if statement.strip():
                    database.connection.execute(statement)
        database.connection.execute(f"PRAGMA user_version={VERSION}")
    with _words(database.path):
        database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _words(path: Path) -> Iterator[None]:
    """SQLite's errors in words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text:
            raise Busy("another program is writing to the database", "try again in a moment") from error
        if "full" in text or "readonly" in text or "read-only" in text:
            raise StateReadOnly(f"{path} can't be written: {text}", "free some disk space, then try again") from error
        raise StateError(f"{path}: {text}", "`reconnect doctor` looks closer") from error
    except sqlite3.DatabaseError as error:
        raise StateError(
            f"{path} can't be read as a database: {error}",
            "move it aside and restore a copy from backups/ beside it",
        ) from error
