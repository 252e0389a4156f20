from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from reconnectd.adapters.ipc import CLIENTS, SocketServer
from reconnectd.adapters.ipc_client import ask, socket_path
from reconnectd.errors import Busy, ReconnectdError, Refused

ROOT = Path(__file__).parents[1]


class Resident:
    """A server with a few verbs, and what it was asked."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.path = path
        self.asked: list[dict[str, Any]] = []
        self.started = asyncio.Event()
        self.released = asyncio.Event()
        verbs = {"status": self.status, "wait": self.wait, "busy": self.busy, "bug": self.bug, "odd": self.odd}
        self.server = SocketServer(path, verbs, **options)

    async def status(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        return {"pid": 42}

    async def wait(self, _request: dict[str, Any]) -> dict[str, Any]:
        self.started.set()
        await self.released.wait()
        return {}

    async def busy(self, _request: dict[str, Any]) -> dict[str, Any]:
        raise Busy("a sync is running", "try again in a minute")

    async def bug(self, _request: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("a secret of the inside")

    async def odd(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"not JSON": object()}

    async def ask(self, verb: str, **fields: Any) -> dict[str, Any] | None:
        return await asyncio.to_thread(lambda: ask(self.path, verb, **fields))

    async def raw(self, data: bytes) -> list[dict[str, Any]]:
        """Send bytes, hear everything until the server hangs up or has nothing more to say."""
        reader, writer = await asyncio.open_unix_connection(self.path)
        writer.write(data)
        await writer.drain()
        writer.write_eof()
        answers = [json.loads(line) async for line in reader]
        writer.close()
        return answers

    def leaves_nothing(self) -> bool:
        return not self.server._clients


@pytest.fixture
async def resident(tmp_path: Path) -> AsyncIterator[Resident]:
    made = Resident(tmp_path / "run" / "reconnectd.sock", idle=5.0)
    await made.server.start()
    yield made
    await made.server.stop()


async def test_a_verb_is_answered(resident: Resident) -> None:
    assert await resident.ask("status", slug="date-night") == {"v": 1, "ok": True, "pid": 42}
    assert resident.asked == [{"v": 1, "do": "status", "slug": "date-night"}]


async def test_one_connection_may_ask_more_than_once(resident: Resident) -> None:
    answers = await resident.raw(b'{"v":1,"do":"status"}\n{"v":1,"do":"nonsense"}\n{"v":1,"do":"status"}\n')
    assert [answer["ok"] for answer in answers] == [True, False, True]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"hello\n", "one line of JSON"),
        (b"\n", "one line of JSON"),
        (b"\xff\xfe\n", "one line of JSON"),
        (b"[" * 60_000 + b"\n", "one line of JSON"),
        (b"9" * 60_000 + b"\n", "one line of JSON"),
        (b"[1]\n", "a JSON object"),
        (b"null\n", "a JSON object"),
        (b"{}\n", "says its version"),
        (b'{"v":true,"do":"status"}\n', "says its version"),
        (b'{"v":"1","do":"status"}\n', "says its version"),
        (b'{"v":0,"do":"status"}\n', "says its version"),
        (b'{"v":2,"do":"status"}\n', "speaks version 1, not 2"),
        (b'{"v":1}\n', '"do" is the name'),
        (b'{"v":1,"do":["status"]}\n', '"do" is the name'),
        (b'{"v":1,"do":"dance"}\n', "unknown verb 'dance'"),
        (b'{"v":1,"do":"status"}', "ends with a newline"),
        (b'{"v":1,"do":"' + b"x" * 70_000 + b'"}\n', "at most 65536 bytes"),
        (b"x" * 1_000_000 + b"\n", "at most 65536 bytes"),
        (b"x" * 1_000_000, "at most 65536 bytes"),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else "",
)
async def test_what_is_not_a_request_is_told_why(resident: Resident, data: bytes, error: str) -> None:
    (answer,) = await resident.raw(data)
    assert answer["v"] == 1
    assert answer["ok"] is False
    assert error in answer["error"]
    assert await resident.ask("status") is not None


async def test_after_a_line_that_is_too_long_the_next_one_is_heard(resident: Resident) -> None:
    answers = await resident.raw(b"x" * 200_000 + b'\n{"v":1,"do":"status"}\n')
    assert [answer["ok"] for answer in answers] == [False, True]


async def test_an_error_for_people_arrives_with_its_next_step(resident: Resident) -> None:
    assert await resident.ask("busy") == {
        "v": 1,
        "ok": False,
        "error": "a sync is running",
        "code": 75,
        "fix": "try again in a minute",
    }


@pytest.mark.parametrize("verb", ["bug", "odd"])
async def test_a_bug_is_logged_and_never_shown(resident: Resident, verb: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = await resident.ask(verb)
    assert answer is not None
    assert answer["ok"] is False
    assert "Traceback" not in str(answer)
    assert "secret" not in str(answer)
    assert "a request went wrong" in caplog.text


async def test_folder_and_socket_are_private(resident: Resident) -> None:
    assert stat.S_IMODE(resident.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(resident.path.stat().st_mode) == 0o600


async def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o755)
    resident = Resident(folder / "reconnectd.sock")
    await resident.server.start()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    await resident.server.stop()


async def test_another_user_is_turned_away(tmp_path: Path) -> None:
    resident = Resident(tmp_path / "reconnectd.sock", uid=os.getuid() + 1)
    await resident.server.start()
    assert await resident.ask("status") is None
    assert resident.asked == []
    await resident.server.stop()


async def test_a_socket_left_over_from_a_crash_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "reconnectd.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert ask(path, "status") is None
    resident = Resident(path)
    await resident.server.start()
    assert await resident.ask("status") is not None
    await resident.server.stop()
    assert not path.exists()


async def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "reconnectd.sock"
    path.write_text("something of mine")
    with pytest.raises(ReconnectdError, match="nothing can listen"):
        await Resident(path).server.start()
    assert path.read_text() == "something of mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a folder of somebody else")
async def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    with pytest.raises(Refused, match="somebody else"):
        await Resident(tmp_path / "reconnectd.sock").server.start()


async def test_stopping_leaves_the_socket_of_a_successor_alone(tmp_path: Path) -> None:
    first, second = (Resident(tmp_path / "reconnectd.sock") for _ in range(2))
    await first.server.start()
    await second.server.start()
    await first.server.stop()
    assert await second.ask("status") is not None
    await second.server.stop()


async def test_a_path_that_is_too_long_for_the_kernel_works_all_the_same(tmp_path: Path) -> None:
    resident = Resident(tmp_path / ("long" * 30) / "reconnectd.sock")
    await resident.server.start()
    assert await resident.ask("status") is not None
    await resident.server.stop()
    assert not resident.path.exists()


async def test_the_silent_are_hung_up_on(tmp_path: Path) -> None:
    resident = Resident(tmp_path / "reconnectd.sock", idle=0.1)
    await resident.server.start()
    reader, writer = await asyncio.open_unix_connection(resident.path)
    writer.write(b'{"v":1,')
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    assert resident.leaves_nothing()
    await resident.server.stop()


async def ask_for_ever(writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(5):
        while True:
            writer.write(b"?\n" * 1000)
            await writer.drain()


async def test_those_who_never_listen_to_the_answers_are_hung_up_on(tmp_path: Path) -> None:
    resident = Resident(tmp_path / "reconnectd.sock", idle=0.2)
    await resident.server.start()
    _, writer = await asyncio.open_unix_connection(resident.path, limit=1)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        await ask_for_ever(writer)
    writer.close()
    assert resident.leaves_nothing()
    await resident.server.stop()


async def test_a_hundred_at_once_are_told_to_try_again_and_the_daemon_is_well(resident: Resident) -> None:
    opened = [await asyncio.open_unix_connection(resident.path) for _ in range(100)]
    refused = [json.loads(await reader.readline()) for reader, _ in opened[CLIENTS:]]
    assert all("too many" in answer["error"] for answer in refused)
    assert len(resident.server._clients) == CLIENTS
    for _, writer in opened:
        writer.close()
        await writer.wait_closed()
    await asyncio.sleep(0.05)
    assert await resident.ask("status") is not None


KILLED = """
import socket, sys, time
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(b'{"v":1,"do":"wait"}\\n{"v":1,"do"')
time.sleep(60)
"""


def open_descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


async def test_a_program_killed_in_the_middle_of_its_request_leaves_nothing_behind(resident: Resident) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(resident.path))
    await resident.started.wait()
    (client,) = resident.server._clients
    during = open_descriptors()
    process.kill()
    await process.wait()
    resident.released.set()
    async with asyncio.timeout(5):
        await client
    await asyncio.sleep(0.02)
    assert resident.leaves_nothing()
    assert open_descriptors() < during


async def test_stopping_hangs_up_on_everybody(tmp_path: Path) -> None:
    resident = Resident(tmp_path / "reconnectd.sock")
    await resident.server.start()
    reader, writer = await asyncio.open_unix_connection(resident.path)
    writer.write(b'{"v":1,"do":"wait"}\n')
    await resident.started.wait()
    await resident.server.stop()
    assert await reader.read() == b""
    assert ask(resident.path, "status") is None
    writer.close()


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    assert ask(tmp_path / "reconnectd.sock", "status") is None
    assert ask(tmp_path / "no such folder" / "reconnectd.sock", "status") is None


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"[]\n", b'{"v":1'])
def test_what_is_not_an_answer_is_none(tmp_path: Path, said: bytes) -> None:
    path = tmp_path / "s"
    with socket.create_server(str(path), family=socket.AF_UNIX) as listener:
        script = "import socket,sys; s=socket.socket(fileno=int(sys.argv[1])); c,_=s.accept(); c.recv(99);"
        script += "c.sendall(bytes.fromhex(sys.argv[2]))"
        program = [sys.executable, "-c", script, str(listener.fileno()), said.hex()]
        with subprocess.Popen(program, pass_fds=[listener.fileno()]):
            assert ask(path, "status", timeout=5.0) is None


def test_one_who_listens_but_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.create_server(str(path), family=socket.AF_UNIX):
        assert ask(path, "status", timeout=0.05) is None


def test_asking_imports_no_asyncio() -> None:
    program = "import sys, reconnectd.adapters.ipc_client; print('asyncio' in sys.modules)"
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    assert subprocess.check_output([sys.executable, "-c", program], env=environ, text=True) == "False\n"


def test_the_socket_is_in_the_runtime_folder_or_else_in_the_state(tmp_path: Path) -> None:
    state = tmp_path / "state"
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert socket_path(runtime, state) == tmp_path / "reconnectd" / "reconnectd.sock"
    for missing in ({}, {"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": str(tmp_path / "gone")}):
        assert socket_path(missing, state) == state / "reconnectd.sock"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a folder of somebody else")
def test_a_runtime_folder_of_somebody_else_is_not_ours(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    assert socket_path({"XDG_RUNTIME_DIR": str(tmp_path)}, Path("/state")) == Path("/state/reconnectd.sock")
