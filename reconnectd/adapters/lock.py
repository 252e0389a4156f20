"""One at a time: a file that the kernel keeps locked for as long as its holder lives."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from reconnectd.errors import AlreadyRunning, Busy, StateError, StateReadOnly

_TRIES, _PAUSE = 10, 0.01
_NOBODY = 0


class Lock:
    """An flock(2) on a file that is never deleted, with the pid of the holder written in it.

    The kernel lets go when the holder ends, however that happens. `taken` makes the error for a lock that
    somebody else holds, from the pid.
    """

    def __init__(self, path: Path, taken: Callable[[int], Busy] = AlreadyRunning) -> None:
        self._path = path
        self._taken = taken
        self._fd = -1

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take it at once, or raise what `taken` makes, Busy (nobody knows whose it is) or StateError."""
        if self._fd >= 0:
            return
        fd = self._opened()
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise self._refusal() from None
        except OSError as error:
            os.close(fd)
            raise _unusable(self._path, error) from error
        self._fd = fd
        _write(fd, os.getpid())

    def release(self) -> None:
        """Let go, if it is held; the file stays."""
        if self._fd >= 0:
            _write(self._fd, _NOBODY)
            os.close(self._fd)
            self._fd = -1

    def holder(self) -> int | None:
        """The pid of the living holder, this process included; None when nobody holds it. Never takes it."""
        pid = self._written()
        return pid if pid != _NOBODY and _alive(pid) and self._open_in(pid) else None

    def taken_by(self) -> int | None:
        """The pid that the kernel names (/proc/locks), also where none was written; None when nobody has it, or where
        the kernel doesn't tell. Never takes it."""
        try:
            wanted = self._path.stat().st_ino
            listed = Path("/proc/locks").read_text("ascii").splitlines()
        except (OSError, ValueError):
            return self.holder()
        found = (words for words in map(str.split, listed) if len(words) > 5 and words[1] == "FLOCK")
        return next((int(words[4]) for words in found if words[5].rpartition(":")[2] == str(wanted)), None)

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._path, flags, 0o600)
        except OSError as error:
            raise _unusable(self._path, error) from error

    def _refusal(self) -> Busy:
        """The holder writes its pid right after it took the lock: a moment's patience finds it."""
        for _ in range(_TRIES):
            if pid := self.holder():
                return self._taken(pid)
            time.sleep(_PAUSE)
        return Busy(f"another run holds {self._path}", "try again in a moment")

    def _written(self) -> int:
        try:
            return int(self._path.read_text("ascii"))
        except (OSError, ValueError):
            return _NOBODY

    def _open_in(self, pid: int) -> bool:
        """Has this process the file open? A later one that got the same number has not. Where there is no way to
        look, the number must do."""
        try:
            wanted = self._path.stat()
            folder = list(Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            return True
        return any(_is_file(descriptor, wanted) for descriptor in folder)


def _is_file(descriptor: Path, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(descriptor.stat(), wanted)
    except OSError:
        return False


def _write(fd: int, pid: int) -> None:
    """In place and always of one length, so that a full disk is no obstacle; the lock holds without it, too."""
    with contextlib.suppress(OSError):
        os.pwrite(fd, f"{pid:<20}\n".encode(), 0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _unusable(path: Path, error: OSError) -> StateError:
    kind = StateReadOnly if error.errno in (errno.EROFS, errno.ENOSPC, errno.EDQUOT) else StateError
    return kind(f"the lock {path} can't be taken: {error.strerror}", f"look at the folder {path.parent}")
