"""The asking side of the resident's socket: small and quick, for a command line that must not wait.

What is said is described in `ipc`, the other side.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = 1
ANSWER = 4 * 1024 * 1024
"""Bytes that an answer may have."""


def socket_path(environ: Mapping[str, str], state: Path) -> Path:
    """Where the resident listens: in the user's runtime folder, or in `state` where there is none.

    A runtime folder of somebody else's (left over from `su`) is none.
    """
    runtime = Path(environ.get("XDG_RUNTIME_DIR", ""))
    if runtime.is_absolute() and _is_mine(runtime):
        return runtime / "reconnectd" / "reconnectd.sock"
    return state / "reconnectd.sock"


def _is_mine(folder: Path) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()


def ask(path: Path, verb: str, *, timeout: float = 2.0, **fields: object) -> dict[str, Any] | None:
    """Ask, and wait at most `timeout` seconds in all; None when nobody listens, or nobody answers in time.

    The answer has "ok"; when that is false, "error" is a sentence.
    """
    request = json.dumps({**fields, "v": VERSION, "do": verb}).encode() + b"\n"
    deadline = time.monotonic() + timeout
    try:
        with _connected(path, timeout) as connection:
            connection.sendall(request)
            line = _line(connection, deadline)
        answer = json.loads(line)
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


@contextmanager
def _connected(path: Path, timeout: float) -> Iterator[socket.socket]:
    """Connected; by way of the open folder where the address is too long for the kernel (sun_path, unix(7))."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(_address(path, folder))
            yield connection
    finally:
        os.close(folder)


def _address(path: Path, folder: int) -> str:
    room = 108 if sys.platform == "linux" else 104
    fits = len(os.fsencode(path)) < room or sys.platform != "linux"
    return str(path) if fits else f"/proc/self/fd/{folder}/{path.name}"


def _line(connection: socket.socket, deadline: float) -> bytes:
    """The answer up to its newline; OSError when the deadline passes, ValueError when it is none."""
    line = bytearray()
    while not line.endswith(b"\n"):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        connection.settimeout(remaining)
        part = connection.recv(65536)
        if not part or len(line) > ANSWER:
            raise ValueError("not an answer")
        line += part
    return bytes(line)
