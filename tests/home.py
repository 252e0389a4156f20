"""A person's machine for one test: a HOME of its own, a config, the installed programs, a session bus or none."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAMS = Path(sys.executable).parent


@dataclass
class Home:
    """Everything is in one folder with a short name, because socket paths end at 107 bytes."""

    folder: Path
    bus: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("home", "config/reconnectd", "state", "data", "run"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "run").chmod(0o700)

    @property
    def config(self) -> Path:
        return self.folder / "config" / "reconnectd" / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "state" / "reconnectd" / "reconnectd.db"

    @property
    def environ(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "COVERAGE_PROCESS_START") if key in os.environ}
        own = {
            "HOME": str(self.folder / "home"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
            "TZ": "Europe/Berlin",
        }
        bus = {"DBUS_SESSION_BUS_ADDRESS": self.bus} if self.bus else {}
        return {**kept, **own, **bus, **self.extra}

    def write(self, config: str) -> None:
        """Save the config as an editor does: a new file renamed over the old one."""
        fresh = self.config.with_suffix(".new")
        fresh.write_text(config)
        fresh.chmod(0o600)
        fresh.replace(self.config)

    def run(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """`reconnect …` in a pipe."""
        argv = [str(PROGRAMS / "reconnect"), *words]
        return subprocess.run(
            argv, env=self.environ, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )

    def json(self, *words: str) -> Any:
        """`reconnect --json …`: the one document."""
        done = self.run("--json", *words)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def daemon(self, **environ: str) -> Iterator[subprocess.Popen[str]]:
        """`reconnectd`, from listening to stopped."""
        log = (self.folder / "log").open("a")
        argv = [str(PROGRAMS / "reconnectd"), "--verbose"]
        with log, subprocess.Popen(argv, env={**self.environ, **environ}, stderr=log, text=True) as child:
            try:
                wait_until(lambda: child.poll() is not None or self.socket.exists(), "the daemon to listen")
                yield child
            finally:
                if child.poll() is None:
                    child.send_signal(signal.SIGTERM)
                    child.wait(15)

    @property
    def socket(self) -> Path:
        return self.folder / "run" / "reconnectd" / "reconnectd.sock"

    def log(self) -> str:
        return (self.folder / "log").read_text()


@contextlib.contextmanager
def home(bus: str | None = None, **extra: str) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="rcd-") as folder:
        yield Home(Path(folder), bus, extra)


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    """The first true value of `condition`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.03)
    raise AssertionError(f"waited {seconds} s for {what}")
