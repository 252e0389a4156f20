"""What is done to the installed service, and what became of it; told as JSON to `test_unit.py`.

Runs next to a `systemd --user` of its own: `systemd_user.sh python unit_story.py UNIT PROGRAM TOLD`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from service_story import tell

NAME = "reconnectd.service"
FACTS = "ActiveState,SubState,StatusText,MainPID,NRestarts,Result,ExecMainCode,ExecMainStatus,ControlGroup"

QUICK = """
[Service]
WatchdogSec=2
RestartSec=200ms
"""

CONFIG = """
[people]
me = "Alex"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""

SECOND = """
[routine.walk]
on = "sun"
at = "15:00"
"""

BROKEN = """
[routine.walk]
on = "someday"
"""


class Service:
    """The unit, installed as the installer does it, and waiting less between two attempts."""

    def __init__(self, unit: Path, program: Path) -> None:
        self.program = program
        self.config = Path.home() / ".config" / "reconnectd" / "config.toml"
        self.config.parent.mkdir(parents=True, mode=0o700)
        folder = Path.home() / ".config" / "systemd" / "user"
        (folder / f"{NAME}.d").mkdir(parents=True)
        quoted = '"' + str(program).replace("%", "%%") + '"'
        text = unit.read_text().replace("%h/.local/bin/reconnectd", quoted)
        (folder / NAME).write_text(text)
        (folder / f"{NAME}.d" / "quick.conf").write_text(QUICK)
        systemctl("daemon-reload")
        systemctl("enable", NAME)

    def configure(self, text: str) -> None:
        self.config.write_text(text)
        self.config.chmod(0o600)

    def facts(self) -> dict[str, str]:
        shown = systemctl("show", f"--property={FACTS}", NAME).stdout
        return dict(line.split("=", 1) for line in shown.splitlines())

    def do(self, verb: str) -> dict[str, Any]:
        done = systemctl(verb, NAME)
        return {"exit": done.returncode, **self.facts()}

    def signal(self, number: signal.Signals) -> None:
        pid = int(self.facts()["MainPID"])
        if pid > 0:
            os.kill(pid, number)

    def reload(self, config: str) -> dict[str, Any]:
        """The facts once the daemon has said that it reloads, and that it is ready again."""
        self.configure(config)
        before = len(notifications())
        done = self.do("reload")

        def ready() -> bool:
            told = "\n".join(notifications()[before:])
            return "READY=1" in told.partition("RELOADING=1")[2]

        wait_for(ready)
        return {**self.facts(), "exit": done["exit"]}

    def restarted(self, times: int) -> dict[str, str]:
        def back() -> bool:
            facts = self.facts()
            return facts["NRestarts"] == str(times) and facts["ActiveState"] == "active"

        wait_for(back)
        return self.facts()

    def processes(self) -> list[int]:
        group = Path("/sys/fs/cgroup") / self.facts()["ControlGroup"].lstrip("/")
        with contextlib.suppress(OSError):
            return [int(pid) for pid in (group / "cgroup.procs").read_text().split()]
        return []

    def confinement(self) -> dict[str, str]:
        """What the kernel says about the daemon; nothing when there is none."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self.facts()['MainPID']}/status").read_text()
            fields = dict(line.split(":", 1) for line in status.splitlines())
            return {name: fields[name].strip() for name in ("NoNewPrivs", "Seccomp", "Umask")}
        return {}

    def events(self) -> int:
        """How many events the sync has written into the embedded calendar, once there are any."""
        collections = Path.home() / ".local" / "share" / "reconnectd" / "calendar" / "collections"

        def written() -> list[Path]:
            try:
                return [path for path in collections.rglob("rcd-*.ics") if ".Radicale.cache" not in path.parts]
            except FileNotFoundError:  # a folder that the server had made for a moment only
                return []

        wait_for(lambda: bool(written()), seconds=30)
        return len(written())


def run(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def systemctl(*argv: str) -> subprocess.CompletedProcess[str]:
    return run("systemctl", "--user", *argv)


def wait_for(happened: Callable[[], bool], seconds: float = 15) -> None:
    """Until it happened; when it doesn't, the facts that are told next say so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not happened():
        time.sleep(0.05)


def journal() -> list[dict[str, Any]]:
    shown = run("journalctl", "--quiet", "--output=json").stdout
    return [json.loads(line) for line in shown.splitlines()]


def said() -> list[str]:
    """What the daemon and its children printed."""
    return [entry["MESSAGE"] for entry in journal() if entry.get("SYSLOG_IDENTIFIER") == "reconnectd"]


def of_manager(words: str) -> list[str]:
    """What the manager wrote about such a thing, in order."""
    return [entry["MESSAGE"] for entry in journal() if words in entry["MESSAGE"]]


def notifications() -> list[str]:
    """What the daemon told the manager, in order."""
    return [line.rpartition("(")[2].rstrip(")") for line in of_manager(f"{NAME}: Got notification message from")]


def story(service: Service) -> Iterator[tuple[str, Any]]:
    service.configure(CONFIG)
    yield "started", service.do("start")
    yield "told by then", notifications()
    yield "confined", service.confinement()
    yield "desktop", systemctl("is-active", "graphical-session.target").stdout.strip()
    yield "events", service.events()
    yield "children", len(service.processes()) - 1

    yield "reloaded", service.reload(CONFIG + SECOND)
    yield "reloaded with a broken config", service.reload(CONFIG + BROKEN)
    service.configure(CONFIG)

    service.signal(signal.SIGKILL)
    yield "crashed", service.restarted(1)
    service.signal(signal.SIGSTOP)
    yield "hung", service.restarted(2)
    processes = service.processes()
    yield "stopped", service.do("stop")
    yield "left over", [pid for pid in processes if Path(f"/proc/{pid}").exists()]

    service.configure(CONFIG + BROKEN)
    yield "started with a broken config", service.do("start")
    time.sleep(1)
    yield "a second later", service.facts()
    yield "notifications", notifications()
    yield "ends", of_manager(f"{NAME}: Main process exited")
    yield "watchdog", of_manager(f"{NAME}: Watchdog timeout")
    yield "said", said()


if __name__ == "__main__":
    unit, program, told = sys.argv[1:]
    tell(story(Service(Path(unit), Path(program))), told)
