"""Tells when one of a few files changes, however it is changed, without looking while nothing happens.

Files are replaced rather than written: an editor renames a new one over the old, `timedatectl` makes another
link. So it is the folders that are watched, those of every link on the way to the file too, and where a folder
is missing, the nearest one that exists.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_log = logging.getLogger(__name__)

QUIET = 0.15
"""Seconds without a further event after which a change is told: an editor saves in several steps."""

PATIENCE = 2.0
"""Seconds after which a change is told even if it goes on and on."""

POLL = 20.0
"""Seconds between two looks where the kernel tells nothing."""

_LINKS = 40

Places = dict[Path, dict[str, set[Path]]]
"""Folder → name of an entry in it → the watched files that depend on that entry."""


class _Watcher(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


class FileWatch:
    """Calls `changed` in the running loop, with the path as it was given, after a file was written, replaced,
    created, deleted or linked elsewhere. It may call without need; it never keeps a change to itself.
    """

    def __init__(self, paths: Sequence[Path], changed: Callable[[Path], None]) -> None:
        self._paths = tuple(paths)
        self._changed = changed
        self._pending: dict[Path, tuple[asyncio.TimerHandle, float]] = {}
        self._watcher: _Watcher | None = None

    def start(self) -> None:
        """Begin, in the running loop. A file may be missing, and its folder too."""
        self.stop()
        try:
            self._watcher = _Inotify(self._paths, self._noticed)
            self._watcher.start()
        except (OSError, AttributeError) as error:
            _log.info("files are looked at every %d s: %s", POLL, error)
            self.stop()
            self._watcher = _Polling(self._paths, self._noticed)
            self._watcher.start()

    def stop(self) -> None:
        """End; what was noticed but not told yet is forgotten."""
        for handle, _ in self._pending.values():
            handle.cancel()
        self._pending.clear()
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher = None

    def _noticed(self, path: Path) -> None:
        """Wait for quiet, but not for ever."""
        loop = asyncio.get_running_loop()
        handle, last = self._pending.get(path, (None, loop.time() + PATIENCE))
        if handle is not None:
            handle.cancel()
        when = min(loop.time() + QUIET, last)
        self._pending[path] = (loop.call_at(when, self._tell, path), last)

    def _tell(self, path: Path) -> None:
        del self._pending[path]
        self._changed(path)


def _places(paths: Sequence[Path]) -> Places:
    """Everything that has to be watched, as the folders are now."""
    places: Places = {}
    for path in paths:
        for entry in _entries(path):
            folder, name = _existing(entry)
            places.setdefault(folder, {}).setdefault(name, set()).add(path)
    return places


def _entries(path: Path) -> Iterator[Path]:
    """The path, the links among the folders above it, and what it links to itself, link after link."""
    for _ in range(_LINKS):
        path = path.absolute()
        yield path
        yield from (folder for folder in path.parents if folder.is_symlink())
        try:
            path = path.parent / path.readlink()
        except OSError:
            return


def _existing(entry: Path) -> tuple[Path, str]:
    """The nearest folder above `entry` that exists, and the name in it that leads there."""
    folder = entry.parent
    while not folder.is_dir() and folder != folder.parent:
        entry, folder = folder, folder.parent
    return folder, entry.name


_EVENT = struct.Struct("iIII")
_CLOSE_WRITE, _ATTRIB, _MOVED, _CREATE, _DELETE = 0x8, 0x4, 0x40 | 0x80, 0x100, 0x200
_DELETE_SELF, _MOVE_SELF, _IGNORED = 0x400, 0x800, 0x8000
_WANTED = _CLOSE_WRITE | _ATTRIB | _MOVED | _CREATE | _DELETE | _DELETE_SELF | _MOVE_SELF
_GONE = _DELETE_SELF | _MOVE_SELF | _IGNORED
_BUFFER = 64 * 1024


class _Inotify:
    """inotify(7), read by the loop. Raises OSError or AttributeError where there is none left, or none at all."""

    def __init__(self, paths: Sequence[Path], noticed: Callable[[Path], None]) -> None:
        self._paths = paths
        self._noticed = noticed
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._watched: dict[int, dict[str, set[Path]]] = {}
        self._fd = _checked(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def start(self) -> None:
        self._watch()
        asyncio.get_running_loop().add_reader(self._fd, self._readable)

    def stop(self) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)

    def _watch(self) -> None:
        """Watch what has to be watched now, and no longer what had to be before.

        A folder may be made while the one above it is about to be watched instead: hence the second look.
        """
        before, self._watched = self._watched, {}
        for _ in range(_LINKS):
            places = _places(self._paths)
            self._add(places)
            if places == _places(self._paths):
                break
        for descriptor in before.keys() - self._watched.keys():
            self._libc.inotify_rm_watch(self._fd, descriptor)

    def _add(self, places: Places) -> None:
        for folder, names in places.items():
            with suppress(FileNotFoundError):
                descriptor = _checked(self._libc.inotify_add_watch(self._fd, os.fsencode(folder), _WANTED))
                known = self._watched.setdefault(descriptor, {})
                for name, paths in names.items():
                    known.setdefault(name, set()).update(paths)

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, _BUFFER)
        except BlockingIOError:
            return
        touched = {path for event in _events(data) for path in self._touched(*event)}
        if touched:
            self._watch()
        for path in self._paths:
            if path in touched:
                self._noticed(path)

    def _touched(self, descriptor: int, mask: int, name: str) -> set[Path]:
        """The files that an event is about: all of them when events were lost (there is no descriptor then)."""
        if descriptor < 0:
            return set(self._paths)
        names = self._watched.get(descriptor, {})
        if mask & _GONE:
            return set().union(*names.values())
        return names.get(name, set())


def _events(data: bytes) -> Iterator[tuple[int, int, str]]:
    position = 0
    while position < len(data):
        descriptor, mask, _cookie, length = _EVENT.unpack_from(data, position)
        position += _EVENT.size
        name = data[position : position + length].rstrip(b"\0")
        position += length
        yield descriptor, mask, os.fsdecode(name)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


class _Polling:
    """A look at the files every 20 s, or `every`."""

    def __init__(self, paths: Sequence[Path], noticed: Callable[[Path], None], every: float = POLL) -> None:
        self._paths = paths
        self._noticed = noticed
        self._every = every
        self._seen: dict[Path, object] = {}
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._seen = {path: _signature(path) for path in self._paths}
        self._again()

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()

    def _again(self) -> None:
        self._handle = asyncio.get_running_loop().call_later(self._every, self._look)

    def _look(self) -> None:
        for path in self._paths:
            now = _signature(path)
            if now != self._seen[path]:
                self._seen[path] = now
                self._noticed(path)
        self._again()


def _signature(path: Path) -> object:
    """What changes when the file does: where it leads, which file that is, when it was written, how long it is."""
    try:
        status = path.stat()
    except OSError:
        return None
    return os.path.realpath(path), status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode
