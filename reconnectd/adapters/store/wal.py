"""A write-ahead log beside a database that it doesn't belong to.

A copy that somebody put in place by hand isn't in WAL mode (byte 18 of the file is 1, https://sqlite.org/fileformat.html),
so a -wal beside it is from the one that was there before. SQLite would take its pages for the copy's.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

MAGIC = b"SQLite format 3\0"


def is_foreign(path: Path) -> bool:
    """Does the log beside the database at `path` belong to another one? The log is looked for first: the database is
    in WAL mode before it has one."""
    log = path.with_name(path.name + "-wal")
    try:
        if not log.stat().st_size:
            return False
        with path.open("rb") as file:
            head = file.read(19)
    except OSError:
        return False
    return len(head) == 19 and head.startswith(MAGIC) and head[18] == 1


def set_aside(path: Path) -> None:
    """Leave a foreign log, under another name."""
    if is_foreign(path):
        log = path.with_name(path.name + "-wal")
        with suppress(OSError):
            log.replace(path.with_name(path.name + ".left-wal"))
            path.with_name(path.name + "-shm").unlink(missing_ok=True)
