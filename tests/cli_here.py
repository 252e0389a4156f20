"""The installed `reconnect` and `reconnectd`, in a home of their own, as a person has them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconnectd.adapters.ipc_client import ask, socket_path

PROGRAMS = Path(sys.executable).parent
Ran = subprocess.CompletedProcess[str]


@dataclass
class Here:
    """A fresh home. `environ` is all that the programs get to know of the machine."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.home / ".config" / "reconnectd" / "config.toml"

    @property
    def state(self) -> Path:
        return self.home / ".local" / "state" / "reconnectd"

    def write(self, text: str) -> None:
        """The config, as a person would save it."""
        self.config.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.config.write_text(text)
        self.config.chmod(0o600)

    def run(self, *words: str, typed: str = "", **environ: str) -> Ran:
        """`reconnect` with these words."""
        return subprocess.run(
            [PROGRAMS / "reconnect", *words], env={**self.environ, **environ}, input=typed, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip

    def said(self, *words: str, **environ: str) -> Any:
        """The one JSON document of a command."""
        return json.loads(self.run("--json", *words, **environ).stdout)

    async def aside(self, *words: str) -> Ran:
        """The same as `run`, for a test whose own loop plays the desktop."""
        return await asyncio.to_thread(self.run, *words)


def environment(home: Path, runtime: Path) -> dict[str, str]:
    return {
        "HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "Europe/Berlin",
        "XDG_RUNTIME_DIR": str(runtime), "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
    }  # fmt: skip


def a_home(folder: Path) -> Here:
    """With a space in its name, without a desktop."""
    home, runtime = folder / "a home", folder / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    return Here(home, environment(home, runtime))


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A home with nothing in it."""
    return a_home(tmp_path)


@contextlib.contextmanager
def daemon(here: Here) -> Iterator[subprocess.Popen[bytes]]:
    """`reconnectd`, from the moment it answers."""
    socket = socket_path(here.environ, here.state)
    process = subprocess.Popen([PROGRAMS / "reconnectd"], env=here.environ, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while ask(socket, "status") is None:
            assert process.poll() is None, "reconnectd ended"
            assert time.monotonic() < deadline, "reconnectd does not answer"
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextlib.asynccontextmanager
async def living(here: Here) -> AsyncIterator[subprocess.Popen[bytes]]:
    """The same beside a loop that plays the desktop."""
    with contextlib.ExitStack() as stack:
        yield await asyncio.to_thread(stack.enter_context, daemon(here))
        await asyncio.to_thread(stack.close)
