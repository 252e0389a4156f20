"""The screens of docs/tour.md, made by the real programs: `make tour` puts them in, between their marks.

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
from pathlib import Path

from notification_server import NotificationServer
from private_bus import private_bus
from terminal import ENDED, Terminal

PAGE = Path(__file__).parent / "tour.md"
PROGRAMS = Path(sys.executable).parent

INIT = "2026-11-23 12:00"
ANSWERS = [
    ("Your name", "Alex"), ("Your partner", "Sam"), ("Ring", ""), ("Seen by", ""), ("Calendar", ""), ("Start from", ""),
    ("Show one now?", ""), ("Write it?", ""),
]  # fmt: skip
SCREENS = {
    "next": ("2026-11-23 12:05", "reconnect next"),
    "why": ("2026-11-23 12:05", "reconnect why date-night"),
    "check": ("2026-11-23 12:06", "reconnect config check"),
    "sync": ("2026-11-23 12:07", "reconnect sync"),
    "calendar": ("2026-11-23 12:08", "reconnect calendar"),
    "done": ("2026-11-27 21:40", "reconnect done date-night"),
    "move": ("2026-11-27 21:41", 'reconnect move "sun 18:00" sunday-talk'),
    "week": ("2026-11-27 21:42", "reconnect week"),
    "undo": ("2026-11-27 21:43", "reconnect undo"),
    "remember": ("2026-11-27 21:44", 'reconnect remember --at "tomorrow 18:00" "buy flowers"'),
    "pause": ("2026-11-27 21:45", "reconnect pause --until 2026-12-07"),
    "resume": ("2026-11-27 21:46", "reconnect resume"),
    "letter": ("2026-11-27 21:47", "reconnect letter"),
}
"""Name → the clock, and what is typed."""

MARK = re.compile(r"(?ms)^<!-- screen: (\S+) -->\n.*?^<!-- end -->$")


def page() -> str:
    """The whole page with fresh screens."""
    shown = screens()
    return MARK.sub(
        lambda found: f"<!-- screen: {found[1]} -->\n```text\n{shown[found[1]]}\n```\n<!-- end -->", PAGE.read_text()
    )


def screens() -> dict[str, str]:
    """Name → what stands on the screen, with the command above it."""
    with tempfile.TemporaryDirectory(prefix="rcd-", dir="/tmp") as folder, desktop() as bus:
        home = Path(folder)
        (home / "run").mkdir(mode=0o700)
        with Terminal(["sh", "-c", script(home)], environment(home, bus), rows=600) as terminal:
            terminal.answers(*ANSWERS)
            terminal.ended(seconds=100)
            text = terminal.screen().partition(ENDED)[0]
    parts = re.split(r"(?m)^== (\S+)\n", text)
    typed = {"init": "reconnect init", **{name: words for name, (_, words) in SCREENS.items()}}
    return {
        name: alike(f"$ {typed[name]}\n{screen.strip()}", home)
        for name, screen in zip(parts[1::2], parts[2::2], strict=True)
    }


def script(home: Path) -> str:
    """Everything one after another; the household is given, so that the surprises are the same each time."""
    config = shlex.quote(str(home / ".config" / "reconnectd" / "config.toml"))
    lines = [
        "echo '== init'", f"faketime {shlex.quote(INIT)} reconnect init",
        f"sed -i 's/^household = .*/household = \"k3v9-rt2p\"/' {config}",
    ]  # fmt: skip
    for name, (when, words) in SCREENS.items():
        lines += [f"echo; echo '== {name}'", f"faketime {shlex.quote(when)} {words}"]
    return "\n".join(lines)


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


if __name__ == "__main__":
    PAGE.write_text(page())
