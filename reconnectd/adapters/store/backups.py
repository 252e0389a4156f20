"""Copies of the state: one for each day, beside it; one where somebody wants it; and the way back.

Made by SQLite's online backup, looked through, and only then given their name. What is forgotten in the state is gone
from the copies beside it a week later.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from reconnectd.adapters.store.opening import BESIDE, format_of, open_to_read
from reconnectd.adapters.store.trouble import in_words
from reconnectd.adapters.store.uri import uri
from reconnectd.crash import crashpoint
from reconnectd.errors import ReconnectdError, StateDamaged, StateError

KEPT = 7
NAME = re.compile(r"reconnectd-(\d{4}-\d\d-\d\d)(T\d{6})?\.db\Z")


def folder_of(database: Path) -> Path:
    """Where the copies are."""
    return database.parent / "backups"


def back_up(database: Path, day: dt.date) -> Path | None:
    """Make the copy of this day, unless there is one; the path of a new one. StateDamaged when the state isn't sound,
    StateError when it can't be made: the state itself is untouched."""
    target = folder_of(database) / f"reconnectd-{day.isoformat()}.db"
    made = None if target.exists() else copy_to(database, target)
    if made is not None:
        _let_go(database, day)
    return made


def copy_to(database: Path, target: Path) -> Path:
    """A sound copy under this name, 0600, with all that was committed. StateError when something is there."""
    if target.exists():
        raise StateError(f"{target} is there already, and stays as it is", "name another file")
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        with in_words(database):
            _copy(database, fresh)
        crashpoint("copied")
        _name(fresh, target)
    except OSError as error:
        raise StateError(
            f"no copy of the state could be made: {error.strerror}", f"look at the folder {target.parent}"
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return target


def _copy(database: Path, fresh: Path) -> None:
    source = sqlite3.connect(uri(database, "mode=ro"), uri=True)
    with closing(source), closing(sqlite3.connect(fresh)) as copy:
        format_of(source, database)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        look_through(copy)


def damage(database: Path) -> StateDamaged | None:
    """What is wrong with the state, so that a copy had better take its place; None when it is sound, or when that
    isn't what keeps it from being used."""
    try:
        with closing(open_to_read(database)) as connection, in_words(database):
            look_through(connection)
    except StateDamaged as error:
        return error
    except ReconnectdError:
        return None
    return None


def look_through(connection: sqlite3.Connection) -> None:
    """StateDamaged's reason, as SQLite raises it, when a page isn't what it should be."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        broken = sqlite3.DatabaseError(" ".join(str(verdict).split()))
        broken.sqlite_errorname = "SQLITE_CORRUPT"
        raise broken


def _name(fresh: Path, target: Path) -> None:
    """Never in place of another file; where the disk knows no links, by looking first."""
    try:
        target.hardlink_to(fresh)
    except FileExistsError:
        raise
    except OSError:
        fresh.rename(target)


def _let_go(database: Path, today: dt.date) -> None:
    """All but the last seven days. What a wrong clock dated ahead goes first."""
    dated = [(found[1], path) for path in folder_of(database).iterdir() if (found := NAME.match(path.name))]
    days = sorted({day for day, _ in dated}, key=lambda day: (day <= today.isoformat(), day))
    for day, path in dated:
        if day in days[:-KEPT]:
            path.unlink(missing_ok=True)
    if len(days) > KEPT:
        for path in folder_of(database).glob("format-*.db"):
            if path.stat().st_mtime < _midnight(min(days[-KEPT:])):
                path.unlink(missing_ok=True)


def _midnight(day: str) -> float:
    return dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC).timestamp()


def copies(database: Path) -> list[Path]:
    """The copies beside the state, newest first."""
    folder = folder_of(database)
    found = [path for path in folder.iterdir() if NAME.match(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name.removesuffix(".db"), reverse=True)


def sound_copies(database: Path) -> Iterator[Path]:
    """Those that can be put in its place."""
    return (path for path in copies(database) if is_sound(path))


def is_sound(copy: Path) -> bool:
    """Is it a whole state, of a format that this program knows?"""
    try:
        with in_words(copy), closing(_opened(copy)) as connection:
            format_of(connection, copy)
            look_through(connection)
    except ReconnectdError:
        return False
    return True


def _opened(copy: Path) -> sqlite3.Connection:
    return sqlite3.connect(uri(copy, "mode=ro&immutable=1"), uri=True)


def restore(database: Path, copy: Path, mark: str) -> Path | None:
    """Put a copy in the place of the state; where the old one is now, `mark` in its name, None when there was none.

    Only while nobody else has it open. Ended in between, there is the old one or the new one, never none.
    """
    aside = database.with_name(f"{database.name}.{mark}")
    fresh = database.with_name(f".{database.name}.restored")
    try:
        fresh.unlink(missing_ok=True)
        shutil.copyfile(copy, fresh)
        fresh.chmod(0o600)
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        there = database.exists()
        if there:
            _set_aside(database, aside)
        crashpoint("restored")
        fresh.replace(database)
    except OSError as error:
        raise StateError(f"{copy} could not be put in place: {error.strerror}", f"look at {database.parent}") from error
    return aside if there else None


def _set_aside(database: Path, aside: Path) -> None:
    """Under a second name, with what SQLite keeps beside it: that belongs to the old one alone."""
    try:
        aside.hardlink_to(database)
    except OSError:
        shutil.copyfile(database, aside)
        aside.chmod(0o600)
    for end in BESIDE:
        with suppress(FileNotFoundError):
            database.with_name(database.name + end).replace(aside.with_name(aside.name + end))
