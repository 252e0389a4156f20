"""The calendar on this machine: one server, on a leash, whose password goes to nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconnectd.adapters.dav import open_calendar
from reconnectd.adapters.embedded import EmbeddedCalendar
from reconnectd.adapters.embedded.files import EmbeddedFiles
from reconnectd.adapters.embedded.listener import listens_here
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import Refused, StateError

EVENT = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    b"DTSTAMP:20261101T000000Z\r\nDTSTART:20261201T180000Z\r\nDTEND:20261201T190000Z\r\n"
    b"SUMMARY:Private words\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a home with spaces" / "calendar"


@pytest.fixture
def calendar(folder: Path) -> Iterator[EmbeddedCalendar]:
    embedded = EmbeddedCalendar(folder)
    yield embedded
    embedded.stop()


def port_of(url: str) -> int:
    return int(url.rstrip("/").rpartition(":")[2])


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_it_serves_the_same_caldav_as_any_server(calendar: EmbeddedCalendar) -> None:
    account = calendar.start()
    dav = open_calendar(CalendarAccount(), account.password, None, create=True, url=account.url, user=account.user)
    assert dav.collection.name == "Us"
    assert dav.put("a.ics", EVENT, None)
    assert len(dav.changes(None).changed) == 1


def test_every_folder_is_0700_and_every_file_0600(calendar: EmbeddedCalendar, folder: Path) -> None:
    before = os.umask(0o000)
    try:
        test_it_serves_the_same_caldav_as_any_server(calendar)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in modes.items()), modes


def test_before_the_first_start_there_is_no_account(calendar: EmbeddedCalendar) -> None:
    with pytest.raises(StateError, match="not been started"):
        calendar.credentials()


def test_address_and_password_stay_the_same_over_a_restart(calendar: EmbeddedCalendar) -> None:
    first = calendar.start()
    calendar.stop()
    assert not calendar.alive()
    assert calendar.credentials() == calendar.start() == first


def test_the_password_is_not_in_a_repr_nor_in_the_arguments(calendar: EmbeddedCalendar) -> None:
    account = calendar.start()
    assert account.password not in repr(account)
    assert len(account.password) >= 32
    if Path("/proc").exists():
        assert account.password.encode() not in Path(f"/proc/{calendar.pid}/cmdline").read_bytes()


def test_it_listens_on_this_machine_only_and_asks_for_the_password(calendar: EmbeddedCalendar) -> None:
    account = calendar.start()
    with pytest.raises(Refused):
        open_calendar(CalendarAccount(), "guess", None, create=True, url=account.url, user=account.user)
    if Path("/proc/net/tcp").exists():
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        port = f"{port_of(account.url):04X}"
        assert [row[1] for row in rows if row[1].endswith(":" + port) and row[3] == "0A"] == [f"0100007F:{port}"]


def test_a_second_start_joins_the_first_and_leaves_it_running(calendar: EmbeddedCalendar, folder: Path) -> None:
    first = calendar.start()
    second = EmbeddedCalendar(folder)
    assert second.start() == first
    assert second.alive()
    assert second.pid is None
    second.stop()
    assert calendar.alive()


def test_it_ends_when_its_parent_is_killed(folder: Path) -> None:
    code = (
        "import sys, pathlib, time; from reconnectd.adapters.embedded import EmbeddedCalendar\n"
        "e = EmbeddedCalendar(pathlib.Path(sys.argv[1])); e.start(); print(e.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert eventually(lambda: not is_running(server))


def is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_it_has_a_process_group_of_its_own(calendar: EmbeddedCalendar) -> None:
    calendar.start()
    assert calendar.pid is not None
    assert os.getpgid(calendar.pid) == calendar.pid != os.getpgid(0)


def squat(port: int) -> socket.socket:
    """Somebody else's listener on that port."""
    stranger = socket.socket()
    stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    stranger.bind(("127.0.0.1", port))
    stranger.listen()
    return stranger


def test_a_port_that_another_program_took_is_given_up_for_good(calendar: EmbeddedCalendar, folder: Path) -> None:
    first = calendar.start()
    calendar.stop()
    with squat(port_of(first.url)):
        second = calendar.start()
        assert port_of(second.url) != port_of(first.url)
    calendar.stop()
    assert EmbeddedCalendar(folder).credentials() == second


def test_a_stranger_on_the_port_never_gets_the_password(folder: Path, calendar: EmbeddedCalendar) -> None:
    account = calendar.start()
    calendar.stop()
    files = EmbeddedFiles(folder)
    assert files.take_lock()
    port = port_of(account.url)
    # Everything is as if a server ran: the lock is held, the record names a living process, the port answers.
    code = "import time; time.sleep(60)"
    innocent = subprocess.Popen([sys.executable, "-c", code])
    record = {"pid": innocent.pid, "parent": os.getpid(), "port": port}
    (folder / "running.json").write_text(json.dumps(record))
    try:
        with squat(port), pytest.raises(Refused, match="gets no password"):
            EmbeddedCalendar(folder).attach()
    finally:
        innocent.kill()
        innocent.wait()
        files.release_lock()


def test_only_the_very_child_is_proved_to_be_the_listener(calendar: EmbeddedCalendar) -> None:
    port = port_of(calendar.start().url)
    assert calendar.pid is not None
    assert listens_here(calendar.pid, port, parent=os.getpid())
    assert not listens_here(os.getpid(), port, parent=os.getppid())
    assert not listens_here(calendar.pid, port, parent=1)
    assert not listens_here(calendar.pid, port + 1, parent=os.getpid())


def test_without_a_running_server_there_is_nothing_to_join(calendar: EmbeddedCalendar, folder: Path) -> None:
    calendar.start()
    calendar.stop()
    (folder / "running.json").write_text('{"pid": 1, "parent": 0, "port": 80}')
    with pytest.raises(StateError, match="not running"):
        EmbeddedCalendar(folder).attach()


def test_without_radicale_it_says_what_to_install(calendar: EmbeddedCalendar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(StateError) as missing:
        calendar.start()
    assert 'pip install "reconnectd[server]"' in missing.value.fix


async def test_the_daemons_server_comes_back_when_it_dies_and_goes_when_it_stops(folder: Path) -> None:
    embedded = EmbeddedCalendar(folder)
    heard: list[bool] = []
    task = asyncio.create_task(embedded.run(heard.append))
    assert await soon(lambda: heard == [True])
    first = embedded.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await soon(lambda: heard == [True, False, True])
    second = embedded.pid
    assert second not in (None, first)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert second is not None
    assert not is_running(second)


async def test_the_daemon_joins_a_server_that_is_already_there(folder: Path, calendar: EmbeddedCalendar) -> None:
    calendar.start()
    heard: list[bool] = []
    task = asyncio.create_task(EmbeddedCalendar(folder).run(heard.append))
    assert await soon(lambda: heard == [True])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert calendar.alive()


async def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return condition()


def test_the_module_that_the_daemon_imports_is_light() -> None:
    code = "import sys; import reconnectd.adapters.embedded; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"radicale", "caldav", "niquests", "icalendar", "lxml"} & set(loaded.split())
