"""`reconnect service install --hardened` lived through next to a real `systemd --user`; what was seen is JSON.

Run by `test_hardened.py`, with the interpreter whose folder has the programs, where user namespaces can be had.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from notification_server import NotificationServer
from on_disk import objects_below
from servers import PASSWORD, USER, run_radicale
from service_story import HOME, facts, reconnect, run, said, tell

CONFIG = """
[people]
me = "Alex"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""

WRITES = """
import errno, json, os, sys

def tried(folder):
    path = os.path.join(folder, "rcd-trial")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        os.unlink(path)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "written"

print(json.dumps({
    "writes": {folder: tried(folder) for folder in sys.argv[1:]},
    "homes": os.listdir("/home"), "tmp": os.listdir("/tmp"), "devices": len(os.listdir("/dev")),
}))
"""

UNITS = HOME / ".config" / "systemd" / "user"
DROP_INS = UNITS / "reconnectd.service.d"
OWN = "[Service]\nLoadCredential=reconnectd-password:%h/secret\n"
ACCOUNT = """
[calendar]
url = "{url}"
username = "{user}"
seen_by = "me"
"""


def from_inside(pid: str, *folders: Path) -> Any:
    """What a process in the daemon's own namespaces can write and see."""
    argv = ["nsenter", "--target", pid, "--user", "--mount", "--preserve-credentials", sys.executable, "-c", WRITES]
    ran = run(*argv, *map(str, folders))
    return json.loads(ran.stdout) if ran.returncode == 0 else ran.stderr


def confined(pid: str) -> dict[str, str]:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: fields[name].strip() for name in ("NoNewPrivs", "Seccomp", "CapBnd", "CapEff")}


def events(data: Path) -> list[str]:
    """The files that the sync wrote into the embedded calendar, once there are any."""
    collections = data / "reconnectd" / "calendar" / "collections"
    return until(lambda: sorted({path.name for path in objects_below(collections)}))


def until(look: Callable[[], list[str]]) -> list[str]:
    """What `look` sees, once it sees anything; nothing after 30 s."""
    deadline = time.monotonic() + 30
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return seen


def installed() -> dict[str, Any]:
    return {"drop-ins": sorted(path.name for path in DROP_INS.glob("*")), **said("service", "status"), **facts()}


async def bubbles() -> list[str]:
    """The titles that a desktop in this session is shown."""
    server = NotificationServer(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    await server.start()
    try:
        await asyncio.to_thread(reconnect, "remember", "--at", "in 1 s", "buy flowers")
        return [one.title for one in await asyncio.wait_for(server.bubbles(1), 20)]
    finally:
        await server.stop()


def story() -> Iterator[tuple[str, Any]]:
    config = HOME / ".config" / "reconnectd" / "config.toml"
    config.parent.mkdir(parents=True, mode=0o700)
    config.write_text(CONFIG)
    config.chmod(0o600)
    (HOME / "photos").mkdir()
    yield from confinement_felt(config)
    yield from words_and_syncs()
    yield from a_password_handed_over(config)
    config.write_text(CONFIG)
    yield from there_and_back()
    yield from places_in_tmp(config)


def confinement_felt(config: Path) -> Iterator[tuple[str, Any]]:
    yield "plain", {**reconnect("service", "install"), **installed()}
    yield "hardened", {**reconnect("service", "install", "--hardened"), **installed()}
    pid = facts()["MainPID"]
    yield "kernel", confined(pid)
    state, data = HOME / ".local/state/reconnectd", HOME / ".local/share/reconnectd"
    runtime = Path(os.environ["XDG_RUNTIME_DIR"])
    places = {
        "state": state, "backups": state / "backups", "calendar": data / "calendar", "runtime": runtime / "reconnectd",
        "config": config.parent, "home": HOME, "photos": HOME / "photos", "autostart": HOME / ".config",
        "others": runtime, "root": Path("/"), "variable": Path("/var/lib"),
    }  # fmt: skip
    yield "events", events(HOME / ".local/share")
    yield "copies", len(until(lambda: sorted(path.name for path in (state / "backups").glob("*"))))
    yield "inside", from_inside(pid, *places.values())
    yield "places", {name: str(path) for name, path in places.items()}


def words_and_syncs() -> Iterator[tuple[str, Any]]:
    yield "bubbles", asyncio.run(bubbles())
    yield "overview", said("status")
    yield "doctor", {check["name"]: check for check in said("doctor")["checks"]}
    yield "words", reconnect("service", "status")["stdout"]
    yield "sync", said("sync")


def a_password_handed_over(config: Path) -> Iterator[tuple[str, Any]]:
    (DROP_INS / "override.conf").write_text(OWN)
    (HOME / "secret").write_text(PASSWORD + "\n")
    for server in run_radicale(HOME):
        config.write_text(CONFIG + ACCOUNT.format(url=server.url, user=USER))
        yield "twice", {**reconnect("service", "install", "--hardened"), **installed()}
        yield "typed sync", reconnect("--json", "--yes", "sync")
        yield "at the server", len({path.name for path in objects_below(HOME / "collections")})


def there_and_back() -> Iterator[tuple[str, Any]]:
    yield "plain again", {**reconnect("service", "install"), **installed()}
    yield "hardened again", {**reconnect("service", "install", "--hardened"), **installed()}
    yield "removed", {**reconnect("service", "remove"), **facts()}
    yield "left", sorted(path.name for path in UNITS.rglob("*"))


def places_in_tmp(config: Path) -> Iterator[tuple[str, Any]]:
    """Where PrivateTmp= hides everything."""
    stranger = Path(tempfile.mkstemp(prefix="rcd-stranger-")[1])
    elsewhere = Path(tempfile.mkdtemp(prefix="rcd 100%: "))
    for name in ("config", "state", "data"):
        os.environ[f"XDG_{name.upper()}_HOME"] = str(elsewhere / name)
    shutil.copytree(config.parent, elsewhere / "config" / "reconnectd")
    yield "in /tmp", {**reconnect("service", "install", "--hardened"), **facts()}
    yield "events in /tmp", events(elsewhere / "data")
    places = [elsewhere / name / "reconnectd" for name in ("config", "state", "data")]
    yield "inside in /tmp", from_inside(facts()["MainPID"], *places)
    yield "stranger in /tmp", stranger.name
    reconnect("service", "remove")
    shutil.rmtree(elsewhere)
    stranger.unlink()


if __name__ == "__main__":
    tell(story(), *sys.argv[1:])
