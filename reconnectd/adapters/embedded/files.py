"""What the embedded calendar keeps in its folder: the account, the port, the lock, and who serves."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reconnectd.adapters.embedded.listener import is_taken, listens_here
from reconnectd.errors import StateError

USER = "reconnectd"
PORTS = range(20000, 32000)  # below what systems hand out for outgoing connections


@dataclass(frozen=True, slots=True)
class Credentials:
    """How an app signs in."""

    url: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Running:
    """Who serves, written under the lock."""

    pid: int
    parent: int
    port: int

    def proved(self) -> bool:
        """Is the listener on the port this very process?"""
        return listens_here(self.pid, self.port, parent=self.parent)


class EmbeddedFiles:
    """The folder of the embedded calendar. Every folder 0700, every file 0600 from its first byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock: int | None = None

    def prepare(self) -> None:
        """Make what isn't there yet: the folders, and a password."""
        for folder in (self.folder, self.folder / "collections"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        if self._password() is None:
            self._write("users", f"{USER}:{secrets.token_urlsafe(24)}\n")

    def credentials(self) -> Credentials:
        """The account; StateError when it was never made."""
        port, password = self._port(), self._password()
        if port is None or password is None:
            raise StateError("the embedded calendar has not been started yet", "run `reconnect sync` once")
        return Credentials(f"http://127.0.0.1:{port}/", USER, password)

    def free_port(self) -> int:
        """The port it always had; another one, kept from then on, where somebody took it."""
        port = self._port()
        if port is None or is_taken(port):
            tries = (secrets.choice(PORTS) for _ in range(100))
            port = next(one for one in tries if not is_taken(one))
            self._write("port", f"{port}\n")
        return port

    def running(self) -> Running | None:
        """Who serves, as far as is written; prove it before believing it."""
        try:
            return Running(**json.loads(self._read("running.json")))
        except (ValueError, TypeError):
            return None

    def remember(self, running: Running) -> None:
        """Write down who serves."""
        self._write("running.json", json.dumps(asdict(running)))

    def take_lock(self) -> bool:
        """Take the lock, False when another process (or a server it left behind) has it."""
        fd = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self.lock = fd
        return True

    def release_lock(self) -> None:
        """Give the lock back, if it is ours."""
        if self.lock is not None:
            (self.folder / "running.json").unlink(missing_ok=True)
            os.close(self.lock)
            self.lock = None

    def locked_elsewhere(self) -> bool:
        """Does another process have the lock?"""
        if self.lock is not None or not (self.folder / "lock").exists():
            return False
        if self.take_lock() and self.lock is not None:
            os.close(self.lock)
            self.lock = None
            return False
        return True

    def _port(self) -> int | None:
        text = self._read("port").strip()
        return int(text) if text.isdecimal() and 0 < int(text) < 65536 else None

    def _password(self) -> str | None:
        name, _, password = self._read("users").strip().partition(":")
        return password if name == USER and password else None

    def _read(self, name: str) -> str:
        try:
            return (self.folder / name).read_text()
        except FileNotFoundError:
            return ""

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all."""
        fresh = self.folder / f".{name}.new"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(fd)
        fresh.replace(self.folder / name)
