"""Files that nobody else can read: 0600 from their first byte, in folders that are made 0700."""

from __future__ import annotations

import os
from pathlib import Path

from reconnectd.errors import Refused


def create(path: Path, text: str) -> bool:
    """Write a new file; False when something of that name is there, which is left as it is."""
    try:
        make_folder(path.parent)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        if path.is_dir() or not path.parent.is_dir():
            raise _refused(path, error) from error
        return False
    except OSError as error:
        raise _refused(path, error) from error
    try:
        _fill(fd, text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _refused(path, error) from error
    return True


def replace(path: Path, text: str) -> None:
    """Write the file whole or not at all, in place of the one that is there."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        make_folder(path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        _fill(os.open(fresh, flags, 0o600), text)
        fresh.replace(path)
    except OSError as error:
        raise _refused(path, error) from error


def make_folder(path: Path) -> None:
    """Make it 0700 with all that leads to it, as the XDG specification says; what is there stays as it is."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def _fill(fd: int, text: str) -> None:
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(fd)


def _refused(path: Path, error: OSError) -> Refused:
    return Refused(
        f"{path} can't be written: {error.strerror}", f"look at the folder {path.parent} and its permissions"
    )
