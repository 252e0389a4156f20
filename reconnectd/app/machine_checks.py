"""What `reconnect doctor` says about the machine: room, lock, clock, zone, lock screen, the daemon's confinement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from reconnectd.app.examination import Check

OLDEST_SENSE = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
"""Before this program was written: a clock that says so is wrong."""

NEWEST_SENSE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
A_STEP_BACK = dt.timedelta(minutes=10)
ENOUGH_BYTES, ENOUGH_FILES = 50 * 2**20, 100
OLD_RULES = 3
"""Years after which the rules of a zone are likely to have changed somewhere."""

KEEP_CLOCK = "`sudo timedatectl set-ntp true` lets the machine keep it right"


def disk(folder: Path, free: int, files: int | None, kind: str, *, remote: bool) -> Check:
    """Is there room, and is the disk one that the state can trust? `files` None: they aren't counted."""
    if free < ENOUGH_BYTES or (files is not None and files < ENOUGH_FILES):
        left = f"{free // 2**20} MiB" if free < ENOUGH_BYTES else f"room for {files} files"
        return Check(
            "disk", ok=False, detail=f"only {left} left at {folder}", fix=f"make room: `df -h {quote(str(folder))}`"
        )
    if remote:
        return Check(
            "disk", ok=True, detail=f"{folder} is on another machine ({kind}): slower, and locks may not hold",
            fix="set XDG_STATE_HOME to a folder on this machine",
        )  # fmt: skip
    return Check("disk", ok=True, detail=f"{free // 2**20} MiB free")


def lock(path: Path, written: int | None, kernel: int | None, problem: str) -> Check:
    """One daemon at a time. `written` is the living holder by its own word, `kernel` by that of the kernel;
    `problem` is why the file can't be used."""
    if problem:
        return Check("lock", ok=False, detail=f"{path} {problem}", fix=f"move it away: `mv {quote(str(path))} /tmp`")
    if kernel is not None and written is None:
        return Check(
            "lock", ok=False, detail=f"{path} is held by another program (pid {kernel})",
            fix=f"`ps {kernel}` tells which; end it, and reconnectd can start",
        )  # fmt: skip
    return Check("lock", ok=True, detail=f"held by reconnectd (pid {written})" if written else "free")


def clock(now: dt.datetime, newest: dt.datetime | None, *, kept: bool | None) -> Check:
    """Does it make sense? `newest` is the latest instant that was ever written down, `kept` whether somebody keeps it
    right."""
    local = f"{now.astimezone():%Y-%m-%d %H:%M %z}"
    if not OLDEST_SENSE < now < NEWEST_SENSE:
        return Check("clock", ok=False, detail=f"it says {local}", fix=f"set it; {KEEP_CLOCK}")
    if newest is not None and now < newest - A_STEP_BACK:
        detail = f"it says {local}, but a sync was written down at {newest.astimezone():%Y-%m-%d %H:%M}"
        return Check("clock", ok=False, detail=detail, fix="look at the clock: `timedatectl`")
    if kept is False:
        return Check("clock", ok=True, detail=f"{local}; nobody keeps it right at present", fix=KEEP_CLOCK)
    return Check("clock", ok=True, detail=f"{local}, kept right over the network" if kept else local)


def server_clock(now: dt.datetime, server: dt.datetime | None) -> Check:
    """Do the two machines agree about the time?"""
    if server is None:
        return Check("server clock", ok=True, detail="the server doesn't tell the time")
    apart = abs(now - server)
    if apart > A_STEP_BACK / 2:
        detail = f"this machine says {now:%Y-%m-%d %H:%M} UTC, the server {server:%Y-%m-%d %H:%M}"
        return Check("server clock", ok=False, detail=detail, fix=f"set the one that is wrong; {KEEP_CLOCK}")
    return Check("server clock", ok=True, detail="agrees with this one")


def time_zone(name: str, source: str, unknown: str, rules: str, now: dt.datetime, *, known: bool) -> Check:
    """`source`: what names the zone, "" when nothing does. `unknown`: what TZ says and nobody knows."""
    if not known:
        return Check("time zone", ok=False, detail=f"nothing is known about {name}", fix="pip install tzdata")
    if unknown:
        detail = f"$TZ says {unknown}, which nobody knows; {name} is used"
        return Check("time zone", ok=False, detail=detail, fix="`unset TZ`, or set [time] timezone")
    if not source:
        return Check("time zone", ok=True, detail=f"{name}, because nothing here names one", fix="set [time] timezone")
    if rules[:4].isdecimal() and now.year - int(rules[:4]) >= OLD_RULES:
        return Check(
            "time zone", ok=True, detail=f"{name}, by rules of {rules}: some countries have changed theirs since",
            fix="update the package tzdata (`sudo apt install tzdata`)",
        )  # fmt: skip
    return Check("time zone", ok=True, detail=f"{name}, from {source}{f'; rules {rules}' if rules else ''}")


def lock_screen(*, known: bool, show_details: str) -> Check:
    """Would a locked screen be noticed?"""
    if known:
        return Check("lock screen", ok=True, detail="logind tells when it is locked")
    detail = "nobody here tells whether the screen is locked"
    if show_details != "unlocked":
        return Check("lock screen", ok=True, detail=detail)
    return Check(
        "lock screen", ok=True, detail=f"{detail}: words are shown as if it never were",
        fix='[reminders] show_details = "never" keeps them neutral always',
    )  # fmt: skip


def confinement(felt: Mapping[str, Any], *, by_service: bool) -> Check:
    """How the running daemon is confined, as it feels itself: it tried."""
    shut = [name for name, open_ in dict(felt.get("writes") or {}).items() if not open_]
    if shut:
        return Check(
            "confinement", ok=False, detail=f"the running reconnectd can't write its {' and its '.join(shut)} folder",
            fix="`systemctl --user cat reconnectd` shows why; `reconnect service install` writes it anew",
        )  # fmt: skip
    words = [
        name for name, holds in (
            ("gains no privileges", felt.get("no_new_privileges")),
            ("its system calls are filtered", felt.get("system_calls_filtered")),
        ) if holds
    ]  # fmt: skip
    if len(words) < 2 and by_service:
        detail = ", ".join(["it writes its folders", *words, "but the service confines it less than it could"])
        return Check("confinement", ok=True, detail=detail, fix="`reconnect service install` writes the service anew")
    return Check("confinement", ok=True, detail=", ".join(["it writes its folders", *words]))
