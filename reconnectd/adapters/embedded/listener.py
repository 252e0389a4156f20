"""Whose is the socket that listens on a port of this machine? Asked before a password goes there."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

PROC = Path("/proc")
LISTEN = "0A"


def listens_here(pid: int, port: int, *, parent: int) -> bool:
    """Does exactly our own process `pid`, a child of `parent`, listen on 127.0.0.1:`port`?

    By the socket's inode on Linux. Where there is no /proc only that the process is there and somebody
    listens; that is as far as it can be known."""
    if not (PROC / "net/tcp").exists():
        return _exists(pid) and _connects(port)
    return _child_of(pid, parent) and _inodes(port) & _sockets(pid) == _inodes(port) != set()


def is_taken(port: int) -> bool:
    """Is somebody listening on 127.0.0.1:`port`, or on every address?"""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _inodes(port: int) -> set[str]:
    """The inodes of all sockets that listen on that port of 127.0.0.1; there should be one."""
    address = f"{int.from_bytes(socket.inet_aton('127.0.0.1'), sys.byteorder):08X}:{port:04X}"
    rows = (line.split() for line in (PROC / "net/tcp").read_text("ascii").splitlines()[1:])
    return {row[9] for row in rows if row[1] == address and row[3] == LISTEN}


def _sockets(pid: int) -> set[str]:
    found = set()
    try:
        for link in (PROC / str(pid) / "fd").iterdir():
            name = str(link.readlink())
            if name.startswith("socket:["):
                found.add(name[8:-1])
    except OSError:
        return set()
    return found


def _child_of(pid: int, parent: int) -> bool:
    try:
        folder = PROC / str(pid)
        status = (folder / "status").read_text()
        return folder.stat().st_uid == os.getuid() and f"\nPPid:\t{parent}\n" in status
    except OSError:
        return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _connects(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0
