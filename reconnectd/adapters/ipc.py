"""The resident's side of the socket: JSON lines from programs of the same user, one answer for each.

A request is {"v": 1, "do": verb, …}, an answer {"v": 1, "ok": true, …} or {"v": 1, "ok": false, "error": "…"}.
Whatever comes in, the answer is one of these and never a traceback. The other side is `ipc_client`.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import socket
import stat
import struct
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reconnectd.errors import ReconnectdError, Refused

_log = logging.getLogger(__name__)

VERSION = 1
LINE = 64 * 1024
"""Bytes that a request may have, the newline included."""

CLIENTS = 32
IDLE = 10.0
"""Seconds in which a whole request must come, and an answer be taken."""

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class SocketServer:
    """Listens at `path` and calls the handler of a request's verb with the whole request.

    Only the holder of the daemon's lock may start one: a socket that lies at `path` is then nobody's, and is
    removed. `uid` is the only user who is let in; None is this process's own. A handler's ReconnectdError becomes
    an answer with its sentence; any other error is logged and becomes one without.
    """

    def __init__(
        self, path: Path, handlers: Mapping[str, Handler], *, uid: int | None = None, idle: float = IDLE
    ) -> None:
        self._path = path
        self._handlers = dict(handlers)
        self._uid = os.geteuid() if uid is None else uid
        self._idle = idle
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._inode = 0

    async def start(self) -> None:
        """Listen. Refused when the folder is somebody else's, ReconnectdError when there is no listening there."""
        try:
            listener = _listener(self._path)
        except OSError as error:
            raise ReconnectdError(
                f"nothing can listen at {self._path}: {error.strerror or error}",
                "look at that folder, or set XDG_RUNTIME_DIR to another one",
            ) from error
        self._inode = self._path.stat().st_ino
        self._server = await asyncio.start_unix_server(self._connected, sock=listener, limit=LINE)

    async def stop(self) -> None:
        """Listen no longer, hang up on everybody, and remove the socket if it is still this one."""
        if self._server is None:
            return
        self._server.close()
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._server = None
        with suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if _peer(writer.get_extra_info("socket")) != self._uid:
                _log.warning("somebody else's program was turned away at the socket")
            elif len(self._clients) > CLIENTS:
                await self._send(writer, _refusal("too many programs are asking at once; try again"))
            else:
                await self._converse(reader, writer)
        except (OSError, TimeoutError):
            _log.debug("a program hung up or kept silent")
        finally:
            _hang_up(writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                async with asyncio.timeout(self._idle):
                    line = await _read(reader)
            except _Unreadable as error:
                await self._send(writer, _refusal(str(error)))
                continue
            if not line:
                return
            await self._send(writer, await self._answer(line))

    async def _send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        writer.write(answer)
        async with asyncio.timeout(self._idle):
            await writer.drain()

    async def _answer(self, line: bytes) -> bytes:
        try:
            request = _request(line)
            handler = self._handlers.get(request["do"])
            if handler is None:
                return _refusal(f"unknown verb {request['do'][:40]!r}; known: {', '.join(self._handlers)}")
            return _line({**await handler(request), "v": VERSION, "ok": True})
        except _Unreadable as error:
            return _refusal(str(error))
        except ReconnectdError as error:
            return _refusal(str(error), code=error.exit_code, fix=error.fix)
        except Exception:  # noqa: BLE001 - one request must not take the daemon down, nor see its inside
            _log.exception("a request went wrong")
            return _refusal("something went wrong inside; the log of reconnectd says what")


class _Unreadable(Exception):
    """A line that is not a request; says why."""


async def _read(reader: asyncio.StreamReader) -> bytes:
    """The next line, b"" at the end. One that is too long is read to its end and thrown away in pieces, so that
    whoever sends it is there to hear about it."""
    long = False
    while True:
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            long = True
            continue
        except asyncio.IncompleteReadError as error:
            line = error.partial
        if long:
            raise _Unreadable(f"a request has at most {LINE} bytes")
        if line and not line.endswith(b"\n"):
            raise _Unreadable("a request ends with a newline")
        return line


def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Close; an answer that nobody takes is not waited for."""
    if writer.transport.get_write_buffer_size():
        writer.transport.abort()
    else:
        writer.close()


def _request(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise _Unreadable("a request is one line of JSON") from None
    if not isinstance(request, dict):
        raise _Unreadable("a request is a JSON object")
    version = request.get("v")
    if type(version) is not int or version < 1:
        raise _Unreadable('a request says its version: {"v": 1, "do": …}')
    if version > VERSION:
        raise _Unreadable(f"this reconnectd speaks version {VERSION}, not {version}; restart it after an update")
    if not isinstance(request.get("do"), str):
        raise _Unreadable('"do" is the name of a verb')
    return request


def _refusal(error: str, **more: object) -> bytes:
    return _line({"v": VERSION, "ok": False, "error": error, **more})


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def _listener(path: Path) -> socket.socket:
    """A bound socket of mode 0600 in a folder of mode 0700."""
    _private_folder(path.parent)
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _bind(listener, path)
    except OSError:
        listener.close()
        raise
    return listener


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise Refused(f"{folder} belongs to somebody else", "set XDG_RUNTIME_DIR to a folder of yours")
    if stat.S_IMODE(status.st_mode) & 0o077:
        folder.chmod(0o700)


def _remove_stale(path: Path) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()


def _bind(listener: socket.socket, path: Path) -> None:
    """Bind by way of the open folder where the address is too long for the kernel (sun_path, unix(7))."""
    folder = os.open(path.parent, os.O_RDONLY)
    umask = os.umask(0o177)
    try:
        listener.bind(_address(path, folder))
    finally:
        os.umask(umask)
        os.close(folder)


def _address(path: Path, folder: int) -> str:
    room = 108 if sys.platform == "linux" else 104
    if len(os.fsencode(path)) < room:
        return str(path)
    if sys.platform != "linux":
        raise OSError(f"an address of more than {room - 1} bytes is too long for this system")
    return f"/proc/self/fd/{folder}/{path.name}"


def _peer(connection: socket.socket) -> int:
    """The uid of the program at the other end, as the kernel knows it."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", credentials)[1])
    uid, gid = ctypes.c_uint(), ctypes.c_uint()
    if ctypes.CDLL(None).getpeereid(connection.fileno(), ctypes.byref(uid), ctypes.byref(gid)) != 0:
        return -1
    return uid.value
