"""The machine underneath: room on a disk, whether somebody keeps the clock right, how this process is confined."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TO_ANSWER = 5.0


@dataclass(frozen=True, slots=True)
class Room:
    """What is left for us on a disk. `files` is None where they aren't counted."""

    bytes: int
    files: int | None


def room(folder: Path) -> Room | None:
    """Around `folder`, or where it would be made; None where nothing tells."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    if there is None or not hasattr(os, "statvfs"):
        return None
    found = os.statvfs(there)
    return Room(found.f_bavail * found.f_frsize, found.f_favail if found.f_files else None)


def clock_is_kept(environ: Mapping[str, str]) -> bool | None:
    """Is the clock kept right over the network (timedatectl(1))? None where nobody can tell."""
    return _yes_or_no(environ, "timedatectl", "show", "--property=NTPSynchronized", "--value")


def lingers(environ: Mapping[str, str]) -> bool | None:
    """Do this user's services go on without a login (loginctl(1))? None where nobody can tell."""
    return _yes_or_no(environ, "loginctl", "show-user", str(os.getuid()), "--property=Linger", "--value")


def _yes_or_no(environ: Mapping[str, str], *argv: str) -> bool | None:
    try:
        ran = subprocess.run(
            argv, env={**environ, "LC_ALL": "C"}, capture_output=True, text=True, timeout=TO_ANSWER, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(ran.stdout.strip()) if ran.returncode == 0 else None


def confinement(folders: Mapping[str, Path], status: Path = Path("/proc/self/status")) -> dict[str, object]:
    """How this very process is confined, as the kernel says, and in which folders it can make a file: the number of a
    directive says less than trying does."""
    return {
        "no_new_privileges": _field(status, "NoNewPrivs") == "1",
        "system_calls_filtered": _field(status, "Seccomp") == "2",
        "writes": {name: can_write(folder) for name, folder in folders.items()},
    }


def can_write(folder: Path) -> bool:
    """Tried, with a file that is gone at once."""
    if folder.exists() and not folder.is_dir():
        return False
    if not folder.exists():
        return os.access(next((path for path in folder.parents if path.exists()), folder), os.W_OK)
    trial = folder / f".trial.{os.getpid()}"
    try:
        os.close(os.open(trial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        trial.unlink()
    except OSError:
        return False
    return True


def _field(status: Path, name: str) -> str:
    try:
        lines = status.read_text("ascii", "replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:")), "")
