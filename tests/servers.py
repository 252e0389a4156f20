"""Calendar servers for tests, all on 127.0.0.1: real ones as children, and one that misbehaves on purpose."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconnectd.core.settings import CalendarAccount

USER, PASSWORD = "alex", "correct horse"

RADICALE_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
delay_on_error = 0
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
{rights}
[storage]
filesystem_folder = {folder}/collections
[web]
type = none
[logging]
level = error
"""


@dataclass(frozen=True)
class Server:
    """A running server; `password` is "" where it asks for none."""

    kind: str
    url: str
    user: str
    password: str
    folder: Path
    pid: int

    def account(self, **changes: Any) -> CalendarAccount:
        """An account here, with a calendar name that nobody else uses."""
        own = CalendarAccount(url=self.url, username=self.user, calendar=f"Us {uuid.uuid4().hex[:8]}")
        return replace(own, **changes)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(port: int, child: subprocess.Popen[bytes], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert child.poll() is None, f"the server ended at once ({child.returncode})"
        with socket.socket() as sock:
            sock.settimeout(0.5)
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.03)
    raise AssertionError("the server did not listen in time")


def run_child(argv: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("RADICALE")}
    with (folder / "server.log").open("wb") as log:
        child = subprocess.Popen(argv, stdout=log, stderr=log, env=environ, cwd=folder, process_group=0)
    try:
        wait_for(port, child)
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)


def run_radicale(folder: Path, rights: str = "type = owner_only") -> Iterator[Server]:
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "config").write_text(RADICALE_CONFIG.format(port=port, folder=folder, rights=rights))
    argv = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    for child in run_child(argv, port, folder):
        yield Server("radicale", f"http://127.0.0.1:{port}/", USER, PASSWORD, folder, child.pid)


def run_xandikos(folder: Path) -> Iterator[Server]:
    port = free_port()
    argv = [sys.executable, "-m", "xandikos", "serve", "--directory", str(folder / "data"), "--defaults"]
    argv += ["--listen-address", "127.0.0.1", "--port", str(port), "--no-detect-systemd"]
    for child in run_child(argv, port, folder):
        yield Server("xandikos", f"http://127.0.0.1:{port}/", USER, "", folder, child.pid)


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from run_radicale(tmp_path_factory.mktemp("radicale"))


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from run_xandikos(tmp_path_factory.mktemp("xandikos"))


@pytest.fixture(params=["radicale", "xandikos"])
def dav_server(request: pytest.FixtureRequest) -> Server:
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Server)
    return server


@dataclass(frozen=True)
class Asked:
    """A request that the fake server got; `headers` have lower-case names, `port` is the client's."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int


@dataclass(frozen=True)
class Said:
    """What the fake server says. `cut` closes the connection after that many bytes of the body, -1 before
    the status line; `drip` is the pause after each byte in seconds."""

    status: int = 207
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0.0


Script = Callable[[Asked], Said]


@dataclass
class FakeServer:
    """Answers every request by `script`, and remembers them in `asked`."""

    url: str = ""
    script: Script = field(default=lambda _: Said(404))
    asked: list[Asked] = field(default_factory=list)

    def says(self, *answers: Said) -> None:
        """These answers in turn, the last one for ever."""
        queue = list(answers)
        self.script = lambda _: queue.pop(0) if len(queue) > 1 else queue[0]


class _Handler(BaseHTTPRequestHandler):
    """Serves one fake server, of which each gets a class of its own."""

    fake: FakeServer
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(self.command, self.path, headers, body, self.client_address[1])
        self.fake.asked.append(asked)
        self.say(self.fake.script(asked))

    def say(self, said: Said) -> None:
        if said.cut == -1:
            self.close_connection = True
            return
        self.send_response(said.status)
        sent = {"Content-Type": "application/xml", "Content-Length": str(len(said.body)), **said.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.write(said)

    def write(self, said: Said) -> None:
        body = said.body if said.cut is None else said.body[: said.cut]
        self.close_connection = said.cut is not None
        try:
            for part in [body] if not said.drip else [bytes([byte]) for byte in body]:
                self.wfile.write(part)
                self.wfile.flush()
                time.sleep(said.drip)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    """A client that hangs up is what some tests are about."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


def serving(prepare: Callable[[ThreadingHTTPServer], object] = lambda _: None) -> Iterator[FakeServer]:
    """A fake server, after `prepare` has seen to its socket."""
    fake = FakeServer()
    server = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    prepare(server)
    fake.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def fake_server() -> Iterator[FakeServer]:
    yield from serving()
