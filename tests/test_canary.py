"""A password is looked for wherever it has no business: command lines, environments, logs, errors, files, cores."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import signal
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from home import PROGRAMS, Home, home, wait_until
from servers import PASSWORD, USER, FakeServer, Said, Server, fake_server, radicale

__all__ = ["fake_server", "radicale"]

WRONG = "canary-Ünlike&any=other/word"
"""What a careless program would also write as UTF-8, percent-encoded or in Base64."""

CONFIG = """\
[people]
me = "Alex"

[calendar]
url = "{url}"
username = "alex"
{way}
calendar = "Canary"
seen_by = "me"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""

WAYS = {
    "file": 'password_file = "{secret}"',
    "command": 'password_command = ["cat", "{secret}"]',
    "credential": "",
}


def forms(password: str) -> list[bytes]:
    """As it stands, percent-encoded, and as Basic sends it, with any name before it."""
    basic = base64.b64encode(f"{USER}:{password}".encode())
    return [password.encode(), password.encode("latin-1"), urllib.parse.quote(password, safe="").encode(), basic[8:-4]]


def found(password: str, text: bytes) -> bool:
    return any(form in text for form in forms(password))


@pytest.mark.parametrize("password", [PASSWORD, WRONG])
def test_what_a_careless_program_writes_would_be_found(password: str) -> None:
    header = base64.b64encode(f"{USER}:{password}".encode())
    address = f"http://{USER}:{urllib.parse.quote(password, safe='')}@host/".encode()
    assert all(found(password, b"some words, " + text) for text in (password.encode(), header, address))
    assert not found(password, b"some words")


class Onlooker:
    """Reads what the kernel tells of every process of this home, again and again, as any program here could."""

    def __init__(self, where: Home) -> None:
        self._mark = str(where.folder).encode()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.seen: set[bytes] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def worker(self) -> int:
        """The pid of the sync worker, 0 when there is none."""
        return next((pid for pid, text in self._processes() if b"\0worker\0" in text), 0)

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.seen.update(text for _, text in self._processes())

    def _processes(self) -> Iterator[tuple[int, bytes]]:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                text = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
            except OSError:
                continue
            if self._mark in text and int(folder.name) != os.getpid():
                yield int(folder.name), text


@pytest.fixture(params=WAYS)
def alex(request: pytest.FixtureRequest, radicale: Server, tmp_path: Path) -> Iterator[Home]:
    """Somebody whose password is in `secret`, which is outside of all that is looked through."""
    secret = tmp_path / "reconnectd-password"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    credential = {"CREDENTIALS_DIRECTORY": str(tmp_path)} if request.param == "credential" else {}
    with home(**credential) as where:
        where.write(CONFIG.format(url=radicale.url, way=WAYS[request.param].format(secret=secret)))
        yield where


def everything(where: Home) -> dict[str, bytes]:
    """Every file there is: state, journal of the database, copies, log, calendar, config."""
    return {str(path): path.read_bytes() for path in where.folder.rglob("*") if path.is_file()}


def test_the_right_password_is_nowhere_but_where_it_was_put(alex: Home) -> None:
    said = []
    with Onlooker(alex) as onlooker, alex.daemon():
        for words in ("sync --verbose", "doctor --verbose", "calendar", "backup", "service install", "done date-night"):
            ran = alex.run(*words.split())
            said.append(ran.stdout + ran.stderr)
        assert alex.json("status")["calendar"]["ok"], "it did sign in"
    assert len(onlooker.seen) >= 3
    assert not [text for text in onlooker.seen if found(PASSWORD, text)]
    assert not [text for text in said if found(PASSWORD, text.encode())]
    assert not [name for name, text in everything(alex).items() if found(PASSWORD, text)]


@pytest.mark.parametrize("alex", ["command"], indirect=True)
def test_a_wrong_password_is_not_repeated_either(alex: Home, tmp_path: Path) -> None:
    (tmp_path / "reconnectd-password").write_text(WRONG + "\n")
    with Onlooker(alex) as onlooker, alex.daemon():
        ran = alex.run("sync", "--verbose")
        assert ran.returncode == 77, ran.stderr
        doctor = alex.run("doctor", "--verbose")
    said = f"{ran.stdout}{ran.stderr}{doctor.stdout}{doctor.stderr}".encode()
    assert not found(WRONG, said)
    assert not [text for text in onlooker.seen if found(WRONG, text)]
    assert not [name for name, text in everything(alex).items() if found(WRONG, text)]


ASK = {"WWW-Authenticate": 'Basic realm="calendar"'}


@pytest.fixture
def broken(alex: Home, fake_server: FakeServer, tmp_path: Path) -> FakeServer:
    """A server that asks for the password, gets it, and has trouble then."""
    (tmp_path / "reconnectd-password").write_text(WRONG + "\n")
    alex.write(re.sub(r"(?m)^url = .*$", f'url = "{fake_server.url}"', alex.config.read_text()))
    fake_server.script = lambda asked: (
        Said(500, WRONG.encode()) if "authorization" in asked.headers else Said(401, headers=ASK)
    )
    return fake_server


def got_it(server: FakeServer) -> bool:
    return any("authorization" in asked.headers for asked in server.asked)


@pytest.mark.parametrize("alex", ["file"], indirect=True)
def test_a_server_in_trouble_that_even_repeats_it_changes_nothing(alex: Home, broken: FakeServer) -> None:
    with alex.daemon():
        ran = alex.run("sync", "--verbose")
    assert ran.returncode != 0
    assert got_it(broken)
    assert not found(WRONG, (ran.stdout + ran.stderr).encode())
    assert not [name for name, text in everything(alex).items() if found(WRONG, text)]


def interrupted(child: subprocess.Popen[bytes], onlooker: Onlooker) -> bytes:
    """What it says after Ctrl-C; pressed again where it came while nobody could hear it, as in a destructor."""
    for _ in range(6):
        if pid := onlooker.worker():
            os.kill(pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return b"".join(child.communicate(timeout=10))
    raise AssertionError("it goes on and on")


@pytest.mark.parametrize("alex", ["file"], indirect=True)
def test_a_traceback_in_the_middle_of_it_has_no_password_and_a_core_is_never_written(
    alex: Home, broken: FakeServer
) -> None:
    broken.script = lambda asked: (
        Said(207, b"x" * 4096, drip=0.1) if "authorization" in asked.headers else Said(401, headers=ASK)
    )
    argv = [str(PROGRAMS / "reconnect"), "sync", "--verbose"]
    onlooker = Onlooker(alex)
    with subprocess.Popen(argv, env=alex.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        wait_until(lambda: got_it(broken), "the password to be sent")
        limits = Path(f"/proc/{onlooker.worker()}/limits").read_text()
        said = interrupted(child, onlooker)
    assert b"Traceback" in said, "it was in the middle of it"
    assert re.search(r"(?m)^Max core file size +0 +0 ", limits)
    assert not found(WRONG, said)


@pytest.mark.parametrize("alex", ["credential"], indirect=True)
def test_what_only_the_service_is_given_is_used_by_it_when_sync_is_typed(alex: Home) -> None:
    credentials = alex.extra.pop("CREDENTIALS_DIRECTORY")
    refused = alex.run("sync")
    assert (refused.returncode, refused.stdout) == (77, "")
    assert "credential called reconnectd-password" in refused.stderr
    with alex.daemon(CREDENTIALS_DIRECTORY=credentials):
        assert wait_until(lambda: alex.json("status")["calendar"]["ok"], "the first sync")
        assert alex.json("sync")["unchanged"] == 1
        assert alex.run("sync").stdout.startswith("In step")
