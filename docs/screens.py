"""Screens of a page, made by the real programs: each goes between its marks.

The clock is set by faketime, the desktop is a bus of its own with somebody on it who shows notifications, the terminal
has 80 columns. What differs from one machine to another (home, port, password, seconds) is written in one way.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notification_server import NotificationServer
from private_bus import private_bus
from terminal import ENDED, Terminal

PROGRAMS = Path(sys.executable).parent
MARK = re.compile(r"(?ms)^<!-- screen: (\S+) -->\n.*?^<!-- end -->$")
CONFIG = ".config/reconnectd/config.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """What is typed at `when` (by a clock in Berlin), and the (question, answer) pairs that follow."""

    name: str
    when: str
    words: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A page and the steps whose screens stand in it; the first makes the config. Some steps may be shown nowhere."""

    page: Path
    steps: tuple[Step, ...]

    def fresh(self) -> str:
        """The whole page with fresh screens."""
        shown = self.screens()
        return MARK.sub(
            lambda found: f"<!-- screen: {found[1]} -->\n```text\n{shown[found[1]]}\n```\n<!-- end -->",
            self.page.read_text(),
        )

    def screens(self) -> dict[str, str]:
        """Name → what stands on the screen, with the command above it."""
        with tempfile.TemporaryDirectory(prefix="rcd-", dir="/tmp") as folder, desktop() as bus:
            home = Path(folder)
            (home / "run").mkdir(mode=0o700)
            with Terminal(["sh", "-c", self._script(home)], environment(home, bus), rows=900) as terminal:
                for step in self.steps:
                    terminal.answers(*step.answers)
                terminal.ended(seconds=100)
                text = terminal.screen().partition(ENDED)[0]
        parts = re.split(r"(?m)^== (\S+)\n", text)
        typed = {step.name: step.words for step in self.steps}
        return {
            name: alike(f"$ {typed[name]}\n{_trimmed(screen)}", home)
            for name, screen in zip(parts[1::2], parts[2::2], strict=True)
        }

    def _script(self, home: Path) -> str:
        """Everything one after another; the household is given, so that the surprises are the same each time."""
        first, *others = self.steps
        household = f"sed -i 's/^household = .*/household = \"k3v9-rt2p\"/' {shlex.quote(str(home / CONFIG))}"
        return "\n".join([*_typed(first), household, *(line for step in others for line in _typed(step))])


def _trimmed(screen: str) -> str:
    """Without empty lines around it; a first line that is indented stays so."""
    return screen.strip("\n").rstrip()


def _typed(step: Step) -> list[str]:
    return [f"echo; echo '== {step.name}'", f"faketime {shlex.quote(step.when)} {step.words}"]


def environment(home: Path, bus: str) -> dict[str, str]:
    """All that the programs get to know of the machine."""
    return {
        "HOME": str(home), "PATH": f"{PROGRAMS}:/usr/bin:/bin", "TZ": "Europe/Berlin",
        "XDG_RUNTIME_DIR": str(home / "run"), "DBUS_SESSION_BUS_ADDRESS": bus,
        "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
    }  # fmt: skip


def alike(screen: str, home: Path) -> str:
    """The same on every machine and at every run."""
    screen = screen.replace(str(home), "~")
    screen = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:5232", screen)
    screen = re.sub(r"(?m)^(password +)\S+$", r"\1…", screen)
    screen = re.sub(r"\(\d+\.\d s\)", "(0.3 s)", screen)
    return "\n".join(line.rstrip() for line in screen.splitlines())


@contextlib.contextmanager
def desktop() -> Iterator[str]:
    """A session bus on which somebody shows notifications; its address."""
    with private_bus() as bus:
        server = NotificationServer(bus.address, information=("your desktop", "tour", "", "1.2"))
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(20)
        try:
            yield bus.address
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(20)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(20)
            loop.close()
