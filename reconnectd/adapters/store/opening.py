"""Opening the state with care: made whole or not at all, private, ours, and brought up to date.

A new one gets its name when its tables are in it, so that an empty file is never one that was just begun: it is one
that lost what was in it. -wal and -shm inherit the mode of the main file, so that it is 0600 from its first byte.
Nothing is written into a file before it is known to be ours.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from reconnectd.adapters.store import wal
from reconnectd.adapters.store.disk import is_remote, kind_of
from reconnectd.adapters.store.looking import look
from reconnectd.adapters.store.trouble import RESTORE, in_words
from reconnectd.adapters.store.uri import uri
from reconnectd.crash import crashpoint
from reconnectd.errors import ReconnectdError, StateDamaged, StateError, StateReadOnly

BUSY_SECONDS = 5.0
SENTINEL = "state.id"
TABLES = frozenset({"meta", "routine", "fact", "occurrence", "reminder"})
"""What every version has."""

BESIDE = ("-wal", "-shm", "-journal")


def open_to_write(path: Path) -> sqlite3.Connection:
    """The state at `path`, made when there is none, of the newest format; StateError and its kind when it can't be
    used, and then the file is as it was."""
    _make_private(path)
    if not path.exists():
        _make(path)
    wal.set_aside(path)
    with in_words(path):
        connection = sqlite3.connect(uri(path, "mode=rw"), timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    try:
        with in_words(path):
            _bring_up_to_date(connection, path)
            connection.execute(f"PRAGMA journal_mode={'DELETE' if is_remote(kind_of(path)) else 'WAL'}")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """Only to look, at any format up to the newest."""
    if not path.exists():
        raise StateError(f"there is no database at {path} yet", "`reconnect sync` makes one")
    wal.set_aside(path)
    with in_words(path):
        connection = look(path)
    try:
        with in_words(path):
            format_of(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def format_of(connection: sqlite3.Connection, path: Path) -> int:
    """Its format; StateDamaged when it is empty or another program's, StateError when it is newer than this
    program."""
    from reconnectd.adapters.store.schema import VERSION

    if path.stat().st_size == 0:
        raise StateDamaged(f"{path} is empty, and it was not before", f"{RESTORE}; to begin anew, delete it")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    there = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if version < 1 or not there >= TABLES:
        raise StateDamaged(
            f"{path} is a database, but not one of reconnectd's; it is left as it is",
            f"move it elsewhere; or {RESTORE}",
        )
    if version > VERSION:
        raise StateError(
            f"{path} was written by a newer reconnectd (format {version}, this one knows {VERSION})",
            "install that version again, or put an older copy from backups/ in its place",
        )
    return version


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
        if path.exists():
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            if not os.access(path, os.R_OK | os.W_OK):
                raise PermissionError(0, "permission denied, or the disk is read-only")
    except OSError as error:
        raise StateReadOnly(
            f"{path} can't be written: {error.strerror}", "free the disk or mend its permissions"
        ) from error


def _make(path: Path) -> None:
    """A fresh state, under its name only when it is whole. What lay beside an earlier one isn't its own."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with _alone(path.with_name(SENTINEL)):
            if path.exists():
                return
            for stale in (fresh, *(path.with_name(path.name + end) for end in BESIDE)):
                stale.unlink(missing_ok=True)
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
            with in_words(path), closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
                _migrate(connection, 0)
            crashpoint("made")
            fresh.rename(path)
    except OSError as error:
        raise StateReadOnly(
            f"{path} can't be made: {error.strerror}", "free the disk or mend its permissions"
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


@contextmanager
def _alone(sentinel: Path) -> Iterator[None]:
    """One at a time makes a new state; where files can't be locked, without."""
    descriptor = os.open(sentinel, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    from reconnectd.adapters.store.schema import VERSION

    version = format_of(connection, path)
    if version < VERSION:
        _keep_old_format(path, version)
        _migrate(connection, version)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _keep_old_format(path: Path, version: int) -> None:
    """A copy from before, for the day on which somebody wants the older program back."""
    from reconnectd.adapters.store.backups import copy_to, folder_of

    target = folder_of(path) / f"format-{version}.db"
    if target.exists():
        return
    with suppress(ReconnectdError):  # a full disk is told by the migration itself
        copy_to(path, target)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """All that is missing, or nothing. Another process may have been quicker."""
    from reconnectd.adapters.store.schema import MIGRATIONS, VERSION

    connection.execute("BEGIN IMMEDIATE")
    try:
        version = max(version, int(connection.execute("PRAGMA user_version").fetchone()[0]))
        for script in MIGRATIONS[version:]:
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version={VERSION}")
        crashpoint("migrated")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
