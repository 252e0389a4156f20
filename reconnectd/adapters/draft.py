"""What somebody is writing in their editor: it stands in a file for as long as the editor runs, and no longer.

The kernel keeps its folder locked for as long as the writer's command lives. One that nobody holds was left by a
command that was killed, or by a machine that went off: the next one takes it away.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

PREFIX = "draft-"
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))


@contextmanager
def draft(folder: Path, text: str) -> Iterator[Path]:
    """A file with that text, for its owner only; gone at the end of `with`, also when the process is told to end."""
    import tempfile

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder)
    with _tidy_end(), tempfile.TemporaryDirectory(dir=folder, prefix=PREFIX) as private, _held(private):
        where = Path(private) / "draft.txt"
        where.touch(0o600)
        where.write_text(text)
        yield where


def sweep(folder: Path, *, all_of_them: bool = False) -> None:
    """Take away what was left of those that came to no end of their own; `all_of_them`: also what is being written."""
    for left in folder.glob(f"{PREFIX}*"):
        if all_of_them or not _is_held(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _held(private: str) -> Iterator[None]:
    descriptor = os.open(private, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a disk without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _is_held(left: Path) -> bool:
    try:
        descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _tidy_end() -> Iterator[None]:
    """Being told to end leaves through every `finally`: a window that is closed sends SIGHUP."""
    before = {number: signal.signal(number, _end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
