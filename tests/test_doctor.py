"""Each thing that `reconnect doctor` looks at, from both sides, on the real thing: in order, and with its cure."""

from __future__ import annotations

import asyncio
import datetime as dt
import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from home import PROGRAMS, Home, home, wait_until
from logind import Logind
from needs import kernel_refuses, needs, require
from notification_server import connect, hang_up
from private_bus import private_bus

from reconnectd.adapters import machine, zone
from reconnectd.app import machine_checks
from reconnectd.app.examination import Check
from reconnectd.errors import Unreachable
from reconnectd.wiring.patience import within

CANARY = "The blue vase"
CONFIG = f'[people]\nme = "Alex"\npartner = "Sam"\n[routine.tea]\ntitle = "{CANARY}"\non = "daily"\nat = "15:00"\n'
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)

Checks = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def person() -> Iterator[Home]:
    """A home in which everything that needs no desktop is in order; whoever harms it mends it."""
    with home() as found:
        found.write(CONFIG)
        found.run("next")
        found.run("backup")
        yield found


def checks(person: Home, **environ: str) -> Checks:
    argv = [str(PROGRAMS / "reconnect"), "doctor", "--json"]
    ran = subprocess.run(argv, env=person.environ | environ, capture_output=True, text=True, timeout=60, check=False)
    return as_checks(ran)


def as_checks(ran: subprocess.CompletedProcess[str]) -> Checks:
    """Every check as the public face names it; what isn't in order has a cure, and the exit code says so."""
    import json

    assert ran.stderr == "", ran.stderr
    found = json.loads(ran.stdout)["checks"]
    assert all(set(check) == {"name", "ok", "detail", "fix"} for check in found)
    assert [check for check in found if not check["ok"] and not check["fix"]] == []
    assert ran.returncode == int(any(not check["ok"] for check in found))
    assert CANARY not in ran.stdout
    return {check["name"]: check for check in found}


IN_ORDER = {
    "config", "config file", "config keys", "folders", "private files", "disk", "database", "lock", "time zone",
    "clock", "service", "lock screen", "embedded calendar", "agreement", "calendar address", "calendar",
}  # fmt: skip


def test_where_all_is_in_order_each_one_says_so(person: Home) -> None:
    found = checks(person)
    assert set(found) >= IN_ORDER
    assert {name for name, check in found.items() if not check["ok"]} == {"daemon", "session bus", "notifications"}


# Files.


def open_config(person: Home) -> None:
    person.config.chmod(0o644)


def changeable_config(person: Home) -> None:
    person.config.chmod(0o666)


def open_database(person: Home) -> None:
    person.database.chmod(0o644)


def open_copy(person: Home) -> None:
    next(person.database.parent.glob("backups/*.db")).chmod(0o640)


def open_decks(person: Home) -> None:
    decks = person.config.parent / "decks"
    decks.mkdir()
    decks.chmod(0o755)


def broken_config(person: Home) -> None:
    person.config.write_text(CONFIG.replace("15:00", "25:00"))


def damaged_database(person: Home) -> None:
    person.database.write_bytes(b"")


def folder_for_a_lock(person: Home) -> None:
    lock = person.database.with_name("reconnectd.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()


HARM = [
    (broken_config, "config", "expected a time", "reconnect config check"),
    (open_config, "config file", "may read it (644)", "chmod 600"),
    (changeable_config, "config file", "may change it (666)", "chmod 600"),
    (open_database, "private files", "reconnectd.db", "chmod -R go="),
    (open_copy, "private files", "backups", "chmod -R go="),
    (open_decks, "private files", "decks", "chmod -R go="),
    (damaged_database, "database", "is empty", "`reconnect doctor --fix` puts reconnectd-"),
    (folder_for_a_lock, "lock", "is no file", "mv "),
]


@pytest.mark.parametrize(("harm", "name", "detail", "fix"), HARM)
def test_a_file_that_is_not_as_it_should_be_is_found(
    person: Home, harm: Callable[[Home], None], name: str, detail: str, fix: str
) -> None:
    with home() as other:
        subprocess.run(["cp", "-a", f"{person.folder}/.", other.folder], check=True)
        harm(other)
        check = checks(other)[name]
    assert (check["ok"], detail in check["detail"], fix in check["fix"]) == (False, True, True), check


def test_a_folder_that_is_ignored_is_named(person: Home) -> None:
    check = checks(person, XDG_DATA_HOME="not/absolute")["folders"]
    assert (check["ok"], "$XDG_DATA_HOME" in check["detail"]) == (False, True)


def test_a_lock_that_another_program_holds_is_named_with_its_pid(person: Home) -> None:
    lock = person.database.with_name("reconnectd.lock")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        check = checks(person)["lock"]
    assert (check["ok"], f"pid {os.getpid()}" in check["detail"]) == (False, True)
    assert checks(person)["lock"]["detail"] == "free"


FULL = 'mount -t tmpfs -o size=1m,mode=0700 small "$1" || exit 77; shift; exec "$@"'


def test_a_full_disk_is_told(person: Home, tmp_path: Path) -> None:
    require("unshare")
    argv = ["unshare", "-Urm", "sh", "-c", FULL, "sh", str(tmp_path), str(PROGRAMS / "reconnect"), "doctor", "--json"]
    environ = person.environ | {"XDG_STATE_HOME": str(tmp_path)}
    ran = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
    if ran.returncode == 77 or "unshare:" in ran.stderr:
        kernel_refuses("a mount in a namespace of one's own")
    check = as_checks(ran)["disk"]
    assert (check["ok"], "MiB left at" in check["detail"], "df -h" in check["fix"]) == (False, True, True)


# Time.


def test_a_zone_that_nobody_knows_is_told(person: Home) -> None:
    check = checks(person, TZ="Mars/Phobos")["time zone"]
    assert (check["ok"], "Mars/Phobos" in check["detail"], "unset TZ" in check["fix"]) == (False, True, True)
    for known in ("Europe/Lisbon", ":Asia/Kolkata", "CET-1CEST,M3.5.0,M10.5.0/3"):
        assert checks(person, TZ=known)["time zone"]["ok"]


@needs("faketime")
@pytest.mark.parametrize("year", [2001, 2023, 2107])
def test_a_year_that_cannot_be_is_told(person: Home, year: int) -> None:
    argv = ["faketime", f"{year}-06-01 12:00:00", str(PROGRAMS / "reconnect"), "doctor", "--json"]
    ran = subprocess.run(argv, env=person.environ, capture_output=True, text=True, timeout=60, check=False)
    check = as_checks(ran)["clock"]
    assert (check["ok"], str(year) in check["detail"], "timedatectl" in check["fix"]) == (False, True, True)


@pytest.mark.parametrize(("says", "kept"), [("yes", True), ("no", False), ("", None)])
def test_timedatectl_tells_whether_the_clock_is_kept_right(tmp_path: Path, says: str, *, kept: bool | None) -> None:
    program = tmp_path / "timedatectl"
    program.write_text(f"#!/bin/sh\necho {says}\n")
    program.chmod(0o700)
    assert machine.clock_is_kept({"PATH": f"{tmp_path}:{os.environ['PATH']}"}) is kept
    check = machine_checks.clock(NOW, None, kept=kept)
    assert (check.ok, "timedatectl" in check.fix) == (True, kept is False)


def test_what_names_the_zone_is_named(person: Home, tmp_path: Path) -> None:
    assert checks(person, TZ="Asia/Kolkata")["time zone"]["detail"].startswith("Asia/Kolkata, from $TZ; rules 20")
    (tmp_path / "timezone").write_text("Europe/Lisbon\n")
    assert zone.named_by({}, tmp_path) == f"{tmp_path}/timezone"
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/Europe/Lisbon")
    assert zone.named_by({}, tmp_path) == f"{tmp_path}/localtime"
    with home() as other:
        other.write(CONFIG + '[time]\ntimezone = "Pacific/Apia"\n')
        assert "Pacific/Apia, from the config" in checks(other, TZ="Mars/Phobos")["time zone"]["detail"]


def test_the_rules_in_use_have_a_version() -> None:
    assert zone.rules_version()[:4].isdecimal()


# The daemon, from outside and from inside.


def test_a_running_daemon_holds_the_lock_and_feels_what_it_may(person: Home) -> None:
    with person.daemon() as daemon:
        wait_until(lambda: person.json("status")["calendar"]["last_sync"], "a sync")
        found = checks(person)
        assert found["daemon"]["ok"]
        assert found["lock"]["detail"] == f"held by reconnectd (pid {daemon.pid})"
        assert (found["confinement"]["ok"], found["confinement"]["detail"][:21]) == (True, "it writes its folders")
        assert [found[name]["ok"] for name in ("calendar address", "login", "server clock")] == [True] * 3
        person.socket.parent.chmod(0o755)
        assert str(person.socket.parent) in checks(person)["private files"]["detail"]
        person.socket.parent.chmod(0o700)
        daemon.send_signal(signal.SIGSTOP)
        hung = checks(person)["daemon"]
        daemon.send_signal(signal.SIGCONT)
    assert (hung["ok"], "does not answer" in hung["detail"]) == (False, True)
    assert checks(person)["daemon"]["ok"] is False


def test_a_daemon_that_cannot_write_its_folder_says_so() -> None:
    with home() as person:
        account = '[calendar]\nurl = "http://127.0.0.1:9/"\nusername = "a"\npassword_command = ["false"]\n'
        person.write(CONFIG.replace('partner = "Sam"\n', "") + account)
        (person.folder / "data" / "reconnectd").write_text("a file in the way")
        with person.daemon():
            check = checks(person)["confinement"]
    assert (check["ok"], "its data folder" in check["detail"]) == (False, True)


# The lock screen.


@pytest.mark.parametrize("silent", [False, True])
async def test_whether_logind_tells_of_the_lock_is_told(person: Home, *, silent: bool) -> None:
    with private_bus() as system:
        logind = Logind(await connect(system.address), silent=silent)
        await logind.start()
        found = await asyncio.to_thread(checks, person, DBUS_SYSTEM_BUS_ADDRESS=system.address)
        await hang_up(logind.bus)
    check = found["lock screen"]
    assert (check["ok"], "logind tells" in check["detail"]) == (True, not silent)
    assert ("show_details" in check["fix"]) is silent


# What no machine of a test has.

STATE = Path("/home/alex/.local/state/reconnectd")
RARE: list[tuple[Check, bool, str, str]] = [
    (machine_checks.disk(STATE, 2**30, 50, "ext4", remote=False), False, "room for 50 files", "df -h"),
    (machine_checks.disk(STATE, 2**30, None, "nfs4", remote=True), True, "nfs4", "XDG_STATE_HOME"),
    (machine_checks.time_zone("Mars/X", "$TZ", "", "2026b", NOW, known=False), False, "Mars/X", "tzdata"),
    (machine_checks.time_zone("UTC", "", "", "", NOW, known=True), True, "nothing here names", "timezone"),
    (machine_checks.time_zone("Asia/Gaza", "$TZ", "", "2023d", NOW, known=True), True, "2023d", "tzdata"),
    (machine_checks.clock(NOW, NOW + dt.timedelta(hours=1), kept=None), False, "written down", "timedatectl"),
    (machine_checks.server_clock(NOW, None), True, "doesn't tell", ""),
    (machine_checks.confinement({"writes": {"state": True}}, by_service=True), True, "less than it could", "install"),
    (machine_checks.confinement({"writes": {"state": False}}, by_service=True), False, "its state folder", "install"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "ok", "detail", "fix"), RARE)
def test_what_is_rare_is_told_in_words(check: Check, *, ok: bool, detail: str, fix: str) -> None:
    assert (check.ok, detail in check.detail, fix in check.fix) == (ok, True, True), check


def test_nobody_waits_longer_than_said() -> None:
    import time

    began = time.monotonic()
    with pytest.raises(Unreachable, match="no answer within"):
        within(0.2, lambda: time.sleep(30))
    assert time.monotonic() - began < 10
    assert within(5, lambda: "said") == "said"
