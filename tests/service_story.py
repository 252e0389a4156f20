"""`reconnect service …` lived through next to a real `systemd --user`; what was seen is written as JSON.

Run by `test_cli_service.py` with the interpreter whose folder has the programs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOME = Path.home()
FACTS = "ActiveState,UnitFileState,LoadState,MainPID,ExecStart"
COMMAND = [sys.executable, "-c", "from reconnectd.cli.main import main; main()"]


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def reconnect(*words: str) -> dict[str, Any]:
    ran = run(*COMMAND, *words)
    return {"exit": ran.returncode, "stdout": ran.stdout, "stderr": ran.stderr}


def facts() -> dict[str, str]:
    shown = run("systemctl", "--user", "show", f"--property={FACTS}", "reconnectd.service").stdout
    return dict(line.split("=", 1) for line in shown.splitlines())


def said(*words: str) -> Any:
    ran = reconnect("--json", *words)
    assert ran["stdout"], ran["stderr"]
    return json.loads(ran["stdout"])


def files() -> list[str]:
    """What lies where systemd and the desktop look for the program."""
    folders = (HOME / ".config" / "systemd", HOME / ".local" / "share" / "applications")
    found = [path for folder in folders for path in folder.rglob("reconnectd*") if not path.is_symlink()]
    return [str(path.relative_to(HOME)) for path in found]


def links() -> list[str]:
    return [str(path) for path in (HOME / ".config" / "systemd").rglob("*.service")]


def story() -> Iterator[tuple[str, Any]]:
    reconnect("init", "--defaults")
    yield "hardened", {**reconnect("service", "install", "--hardened"), **facts()}
    yield "files of the hardened", files()
    yield "installed", {**reconnect("service", "install"), **facts()}
    yield "files", files()
    yield "overview", said("status")
    yield "status", said("service", "status")
    yield "status in words", reconnect("service", "status")["stdout"]
    yield "doctor", said("doctor")
    with (HOME / ".config/systemd/user/reconnectd.service").open("a") as unit:
        unit.write("# mine\n")
    yield "doctor after an edit", said("doctor")
    yield "logs", reconnect("service", "logs", "-n", "50")
    yield "again", {**reconnect("service", "install"), **facts()}
    yield "hardened afterwards", {**reconnect("service", "install", "--hardened"), **facts()}
    yield "stopped", {**reconnect("stop", "--keep"), **facts()}
    yield "resumed", {**reconnect("resume"), **facts()}
    yield "removed", {**reconnect("service", "remove"), **facts()}
    yield "left", files() + links()
    yield "kept", [(HOME / place).exists() for place in (".config/reconnectd/config.toml", ".local/state/reconnectd")]

    with subprocess.Popen([Path(sys.executable).with_name("reconnectd")], stderr=subprocess.DEVNULL) as other:
        deadline = time.monotonic() + 15
        while said("status")["daemon"]["since"] is None and time.monotonic() < deadline:
            time.sleep(0.05)
        yield "beside another", {**reconnect("service", "install"), **facts()}
        other.terminate()

    yield "not started", {**reconnect("service", "install", "--no-start"), **facts()}


def tell(story: Iterator[tuple[str, Any]], told: str) -> None:
    """Each fact is written down at once, for a story that doesn't end."""
    seen: dict[str, Any] = {}
    for name, what in story:
        seen[name] = what
        Path(told).write_text(json.dumps(seen, indent=1))


if __name__ == "__main__":
    tell(story(), *sys.argv[1:])
