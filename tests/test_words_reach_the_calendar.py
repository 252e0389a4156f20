"""What a person says with the installed commands stands in the calendar a moment later, with the daemon and without."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from home import Home, home, wait_until
from servers import run_child, run_radicale

CONFIG = """\
[people]
me = "Alex"
household = "k3v9-rt2p"

[time]
timezone = "Europe/Berlin"

[routine.date-night]
title = "Date night"
on = "fri"
at = "19:30"
lasting = "2h"
"""


def events(folder: Path) -> str:
    """The objects that a Radicale keeps on the disk; looked at again when one is being replaced just now."""
    try:
        found = [path for path in sorted(folder.rglob("*.ics")) if ".Radicale.cache" not in path.parts]
        return "\n".join(path.read_text() for path in found)
    except FileNotFoundError:
        return events(folder)


@pytest.fixture
def somebody() -> Iterator[Home]:
    with home() as where:
        where.write(CONFIG)
        yield where


WITH_DAEMON = [
    ("move date-night sat 20:00", "RECURRENCE-ID", True),
    ("undo", "RECURRENCE-ID", False),
    ("skip date-night", "EXDATE", True),
    ("done {name}", "EXDATE", False),
    ("undo", "EXDATE", True),
    ("pause --clear --yes", "BEGIN:VEVENT", False),
    ("undo", "BEGIN:VEVENT", True),
]
WITHOUT = [
    ("skip date-night", "EXDATE", True),
    ("undo", "EXDATE", False),
    ("stop --clear --yes", "BEGIN:VEVENT", False),
    ("resume", "BEGIN:VEVENT", True),
]
"""(the words, a piece of text, is it in the calendar afterwards)"""


def _is_so(where: Home, piece: str, *, there: bool) -> bool:
    return (piece in events(where.folder)) is there


def test_each_word_is_in_the_calendar_at_once_while_the_daemon_runs(somebody: Home) -> None:
    with somebody.daemon():
        wait_until(lambda: "Date night" in events(somebody.folder), "the series")
        name = somebody.json("next", "-n", "1")["occurrences"][0]["id"]
        for words, piece, there in WITH_DAEMON:
            said = somebody.run(*words.format(name=name).split())
            assert (said.returncode, said.stderr) == (0, ""), words
            wait_until(functools.partial(_is_so, somebody, piece, there=there), words)


def test_each_word_is_in_the_calendar_at_once_without_a_daemon(somebody: Home) -> None:
    assert somebody.run("sync").returncode == 0
    for words, piece, there in WITHOUT:
        said = somebody.run(*words.split())
        assert (said.returncode, said.stderr) == (0, ""), words
        assert (piece in events(somebody.folder)) is there, words


ACCOUNT = """
[calendar]
url = "{url}"
username = "{user}"
password_command = ["echo", "{password}"]
seen_by = "me"
"""


@pytest.fixture
def stopped(somebody: Home, tmp_path: Path) -> Callable[[], AbstractContextManager[object]]:
    """A server with which somebody was in step, and that is gone now; called, it is there again for a while."""
    with contextlib.contextmanager(run_radicale)(tmp_path) as server:
        account = ACCOUNT.format(url=server.url, user=server.user, password=server.password)
        somebody.write(CONFIG + account)
        assert somebody.run("sync").returncode == 0
    argv = [sys.executable, "-m", "radicale", "--config", str(tmp_path / "config")]
    port = int(server.url.rstrip("/").rpartition(":")[2])
    return lambda: contextlib.contextmanager(run_child)(argv, port, tmp_path)


OFFLINE = [("move date-night sun 18:00", 1), ("undo", 0), ("remember --at 23:59 x", 0), ("stop --clear --yes", 1)]
"""(the words, how many writes wait afterwards)"""


def test_offline_every_word_is_exit_0_and_what_waits_is_counted(
    somebody: Home, stopped: Callable[[], AbstractContextManager[object]], tmp_path: Path
) -> None:
    for words, waiting in OFFLINE:
        said = somebody.run(*words.split())
        assert (said.returncode, said.stderr) == (0, ""), words
        assert somebody.json("status")["calendar"]["pending"] == waiting, words
    assert "Date night" in events(tmp_path)
    with stopped():
        assert somebody.run("sync").returncode == 0
    assert somebody.json("status")["calendar"]["pending"] == 0
    assert events(tmp_path) == ""


def test_offline_it_is_the_same_while_the_daemon_runs(
    somebody: Home, stopped: Callable[[], AbstractContextManager[object]], tmp_path: Path
) -> None:
    with somebody.daemon():
        said = somebody.run("move", "date-night", "sun", "18:00")
        assert (said.returncode, said.stderr) == (0, "")
        wait_until(lambda: somebody.json("status")["calendar"]["pending"] == 1, "it to be counted")
        with stopped():
            assert somebody.run("sync").returncode == 0
            assert "RECURRENCE-ID" in events(tmp_path)
