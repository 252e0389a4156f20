"""The disk under a file: of which kind it is, how much room it has."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
REMOTE = re.compile(
    r"(nfs\d?|cifs|smb3|smbfs|afs|ceph|9p|glusterfs|lustre|ncpfs|fuse\.(sshfs|glusterfs|s3fs|rclone))\Z"
)
"""Kinds that other machines can write to at the same time. SQLite's write-ahead log needs memory shared by all who
have the file open, which there is none of between machines (https://sqlite.org/wal.html)."""


def kind_of(path: Path, mounts: str | None = None) -> str:
    """The kind of file system that holds `path`, as mountinfo names it (proc(5)); "" where nothing tells."""
    if mounts is None:
        try:
            mounts = MOUNTS.read_text("utf-8", "replace")
        except OSError:
            return ""
    path = path.resolve()
    found = [(len(folder.parts), kind) for folder, kind in map(_mount, mounts.splitlines()) if _holds(folder, path)]
    return max(found, key=lambda one: one[0])[1] if found else ""


def is_remote(kind: str) -> bool:
    """Can other machines write there, too?"""
    return REMOTE.match(kind) is not None


def _mount(line: str) -> tuple[Path, str]:
    """A line of mountinfo: the place of the mount is its fifth word, the kind the first one behind " - "."""
    before, _, behind = line.partition(" - ")
    place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), before.split()[4])
    return Path(place), behind.split()[0]


def _holds(folder: Path, path: Path) -> bool:
    return folder == path or folder in path.parents
