"""What `reconnect doctor` looks at, gathered from files, rows, the daemon, the desktop and systemd.

Works with nothing set up: what is not there is told, never raised.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reconnectd import __version__
from reconnectd.adapters.lock import Lock
from reconnectd.adapters.machine import clock_is_kept, room
from reconnectd.adapters.store.backups import copies
from reconnectd.adapters.store.disk import is_remote, kind_of
from reconnectd.adapters.zone import local_zone_name, named_by, rules_version, unknown_in_environ
from reconnectd.app import examination, machine_checks
from reconnectd.app.examination import Check, ServiceFacts
from reconnectd.config.decks import complaints
from reconnectd.core.settings import Settings
from reconnectd.errors import ReconnectdError, Waiting
from reconnectd.wiring.account_health import AccountHealth
from reconnectd.wiring.known import Known
from reconnectd.wiring.patience import SECONDS, within
from reconnectd.wiring.restoring import restoration
from reconnectd.wiring.sealing import is_sealed, look_for_key, plain_and_sealed

if TYPE_CHECKING:
    from reconnectd.wiring.session import Session

MOST_FILES = 5000


class Health:
    """One examination."""

    def __init__(self, session: Session, progress: Callable[[str], None] = lambda _: None) -> None:
        self._session = session
        self._progress = progress
        self._where = session.places
        self._known = Known(session)

    def checks(self) -> Iterator[Check]:
        """Everything that can be looked at, in the order in which a person would mend it."""
        self._progress("looking at the files")
        yield examination.config(self._where.config, self._known.config)
        yield examination.readable_config(self._where.config, _mode(self._where.config))
        if self._known.settings is not None:
            yield examination.inactive_keys(self._known.settings)
            yield examination.decks(complaints(self._known.settings))
        yield examination.folders(self._wrong_folders())
        yield examination.private_files(*self._open_to_others())
        yield from self._disk()
        yield self._database()
        yield self._words()
        yield self._lock()
        yield examination.rests(self._known.rests(self._session.now))
        yield from self._clock_and_zone()
        self._progress("looking at the desktop")
        yield examination.daemon(self._known.pid, self._known.answer, __version__)
        service = self._service()
        yield from self._confinement(by_service=service.active == "active")
        yield examination.service(service, running=self._known.pid is not None)
        self._progress("looking at the desktop")
        yield from self._desktop()
        if self._known.settings is not None:
            yield from self._calendar_checks(self._known.settings)

    def _calendar_checks(self, settings: Settings) -> Iterator[Check]:
        importable = importlib.util.find_spec("radicale") is not None
        gone = self._known.collection is not None and self._known.collection[1]
        yield examination.embedded_server(settings, importable=importable)
        yield examination.agreement(settings, self._session.now.date(), stands=self._known.stands)
        yield from AccountHealth(self._session, self._known, settings.calendar, self._progress).checks()
        yield examination.calendar(self._known.last_run, self._known.pending, gone=gone, now=self._session.now)

    def _wrong_folders(self) -> dict[str, str]:
        folders = (self._where.config.parent, self._where.state, self._where.data)
        wrong = {str(folder): why for folder in folders if (why := _unusable(folder))}
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            if (value := os.environ.get(name)) and not Path(value).is_absolute():
                wrong[f"${name}"] = "is not an absolute path, and is ignored"
        return wrong

    def _open_to_others(self) -> tuple[list[Path], int]:
        roots = (self._where.state, self._where.calendar, self._where.config.parent / "decks", self._socket.parent)
        found = {path for root in dict.fromkeys(roots) for path in _all_in(root)}
        return sorted(path for path in found if (_mode(path) or 0) & 0o077), len(found)

    @property
    def _socket(self) -> Path:
        from reconnectd.adapters.ipc_client import socket_path

        return socket_path(os.environ, self._where.state)

    def _disk(self) -> Iterator[Check]:
        kind = kind_of(self._where.state)
        if (left := room(self._where.state)) is not None:
            yield machine_checks.disk(self._where.state, left.bytes, left.files, kind, remote=is_remote(kind))

    def _lock(self) -> Check:
        path = self._where.daemon_lock
        problem = "is no file" if path.exists() and not path.is_file() else ""
        if path.is_symlink():
            problem = "is a link to elsewhere"
        elif path.is_file() and not os.access(path, os.R_OK | os.W_OK):
            problem = "can't be written"
        return machine_checks.lock(path, self._known.pid, Lock(path).taken_by(), problem)

    def _confinement(self, *, by_service: bool) -> Iterator[Check]:
        felt = self._session.ask("confinement") if self._known.answer else None
        if felt is not None and felt.get("ok"):
            yield machine_checks.confinement(felt, by_service=by_service)

    def _database(self) -> Check:
        found = restoration(self._session)
        if found is not None:
            return examination.damaged(found.reason, found.copy.name if found.copy else None, self._known.pid)
        if isinstance(self._known.state, ReconnectdError):
            return examination.unreadable("database", self._known.state)
        path = self._where.database
        kept = len(copies(path))
        return examination.database(path, kept, exists=self._known.state is not None)

    def _words(self) -> Check:
        try:
            if self._known.store is None or not is_sealed(self._known.store):
                return examination.words(None, "")
            plain, _ = plain_and_sealed(self._known.store)
            look_for_key(self._known.store)
        except Waiting as error:
            return examination.words(plain, str(error))
        except ReconnectdError as error:
            return examination.unreadable("own words", error)
        return examination.words(plain, "")

    def _clock_and_zone(self) -> Iterator[Check]:
        wanted = self._known.settings.time.timezone if self._known.settings else "local"
        name = local_zone_name() if wanted == "local" else wanted
        unknown = unknown_in_environ(os.environ) if wanted == "local" else ""
        source = "the config" if wanted != "local" else named_by(os.environ)
        now = self._session.now
        yield machine_checks.time_zone(name, source, unknown, rules_version(), now, known=_is_known(name))
        newest = self._known.last_run.at if self._known.last_run else None
        yield machine_checks.clock(now, newest, kept=clock_is_kept(os.environ))

    def _service(self) -> ServiceFacts:
        from reconnectd.wiring.service import Installation

        return Installation(self._session).facts()

    def _desktop(self) -> Iterator[Check]:
        from reconnectd.adapters.bus import session_address
        from reconnectd.wiring.trial import listen

        try:
            heard = within(SECONDS, listen)
        except ReconnectdError as error:
            yield examination.unreadable("notifications", error)
            return
        yield examination.session_bus(session_address(), connected=heard.connected, screen=heard.screen)
        yield examination.notifications(heard.state, heard.capabilities)
        details = self._known.settings.reminders.show_details if self._known.settings else "unlocked"
        yield machine_checks.lock_screen(known=heard.lock_known, show_details=details)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return None


def _all_in(root: Path) -> Iterator[Path]:
    """The folder and what is in it; sockets and links are nobody's secret."""
    if not root.is_dir():
        return
    yield root
    for count, path in enumerate(sorted(root.rglob("*"))):
        if count >= MOST_FILES:
            return
        if path.is_dir() or (path.is_file() and not path.is_symlink()):
            yield path


def _unusable(folder: Path) -> str:
    """Why nothing can be written there; "" when it can, or when it can be made."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    if there is None or not os.access(there, os.W_OK | os.X_OK):
        return "can't be written"
    if not there.is_dir():
        return "can't be made: a file is in its way"
    if there == folder and hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        return "belongs to another user"
    return ""


def _is_known(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (ValueError, OSError, KeyError):
        return False
