"""A machine for measuring: a home, a private bus, a notification server that writes down when it was called."""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from home import Home, home
from private_bus import private_bus

from reconnectd.adapters.ipc_client import ask
from reconnectd.adapters.store import Store
from reconnectd.app.actions import Actions

PEOPLE = '[people]\nme = "Alex"\nhousehold = "k3v9-rt2p"\n[calendar]\nsync_every = "1 day"\n'
ZONE = ZoneInfo("Europe/Berlin")


@dataclass
class Ears:
    """The notification server, in a process of its own so that its work isn't counted: (time, monotonic, title)."""

    process: subprocess.Popen[str]
    heard: list[tuple[float, float, str]] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            at, monotonic, title = line.rstrip("\n").split("\t")
            self.heard.append((float(at), float(monotonic), title))

    def wait_for(self, count: int, seconds: float) -> list[tuple[float, float, str]]:
        end = time.monotonic() + seconds
        while len(self.heard) < count and time.monotonic() < end:
            time.sleep(0.01)
        return self.heard


@contextlib.contextmanager
def person(config: str) -> Iterator[tuple[Home, Ears, subprocess.Popen[str]]]:
    """Somebody with this config, a listening server and a running daemon that has made its plan."""
    with private_bus() as bus, home(bus.address) as somebody:
        argv = [sys.executable, str(Path(__file__).with_name("ears.py")), bus.address]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
            ears = Ears(process)
            thread = threading.Thread(target=ears.listen, daemon=True)
            thread.start()
            somebody.write(config)
            try:
                with somebody.daemon() as daemon:
                    wait_for_plan(somebody)
                    yield somebody, ears, daemon
            finally:
                process.terminate()
                thread.join(5)


def wait_for_plan(somebody: Home) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if somebody.database.exists():
            with contextlib.closing(Store(somebody.database)) as store:
                if store.objects.last_run() is not None:
                    time.sleep(1.0)
                    return
        time.sleep(0.1)
    raise AssertionError(f"no plan was made\n{somebody.log()}")


def remember(somebody: Home, instants: list[dt.datetime], now: dt.datetime) -> None:
    """One-offs at these instants, and the daemon told."""
    with contextlib.closing(Store(somebody.database)) as store, store.database.transaction():
        for number, at in enumerate(instants):
            Actions(store).remember(f"word {number}", at, ZONE, now)
    assert ask(somebody.socket, "changed") is not None
