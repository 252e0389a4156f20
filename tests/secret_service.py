"""A real Secret Service (gnome-keyring) on a bus of a test's own, and a trap for whoever asks a person to unlock it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from needs import require
from private_bus import private_bus

PROMPTER = "org.gnome.keyring.SystemPrompter"

# In a process of its own: the library keeps nothing of a bus that is gone by the next test.
STORE = "import keyring, sys; keyring.set_password('reconnectd', sys.argv[1], sys.stdin.read())"
LOCK = "import secretstorage as s; s.get_default_collection(s.dbus_init()).lock()"


class SecretService:
    """`login` is what a session does: it starts, with the keyring unlocked; `logout` ends it, what is stored stays."""

    def __init__(self, address: str, home: Path) -> None:
        self.address = address
        self._home = home
        self._daemon: subprocess.Popen[bytes] | None = None

    def login(self) -> None:
        argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._daemon = subprocess.Popen(argv, env=self._environ, stdin=subprocess.PIPE, **quiet)
        assert self._daemon.stdin is not None
        self._daemon.stdin.write(b"the keyring's own password")
        self._daemon.stdin.close()
        patiently(self.address)

    def logout(self) -> None:
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(20)
            self._daemon = None

    def store(self, user: str, password: str) -> None:
        self._run(STORE, user, typed=password)

    def lock(self) -> None:
        self._run(LOCK)

    @property
    def prompts(self) -> int:
        """How often a person was to be asked for the keyring's own password."""
        asked = self._home / "asked"
        return len(asked.read_text().splitlines()) if asked.exists() else 0

    @property
    def _environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "HOME": str(self._home), "XDG_DATA_HOME": str(self._home / "data"),
            "XDG_RUNTIME_DIR": str(self._home), "DBUS_SESSION_BUS_ADDRESS": self.address,
        }  # fmt: skip

    def _run(self, code: str, *argv: str, typed: str = "") -> None:
        command = [sys.executable, "-c", code, *argv]
        subprocess.run(command, env=self._environ, input=typed, text=True, timeout=30, check=True)


@contextlib.contextmanager
def secret_service() -> Iterator[SecretService]:
    """Unlocked and empty."""
    require("gnome-keyring-daemon", "dbus-send")
    with tempfile.TemporaryDirectory(prefix="keys-") as folder:
        home = Path(folder)
        command = f"/bin/sh -c 'echo asked >>{home}/asked; exit 1'"
        (home / "prompter.service").write_text(f"[D-BUS Service]\nName={PROMPTER}\nExec={command}\n")
        with private_bus(home) as bus:
            service = SecretService(bus.address, home)
            service.login()
            try:
                yield service
            finally:
                service.logout()


def patiently(address: str) -> None:
    """Until it has its name."""
    ask = [
        "dbus-send", f"--bus={address}", "--print-reply", "--dest=org.freedesktop.DBus", "/",
        "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets",
    ]  # fmt: skip
    end = time.monotonic() + 20
    while b"true" not in subprocess.run(ask, capture_output=True, check=False).stdout:
        assert time.monotonic() < end, "gnome-keyring did not come up"
        time.sleep(0.05)
