"""`reconnect sync` and `reconnect calendar` with a real server, the daemon stopped or running."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import socket
import subprocess
import sys

import pytest
from cli_here import Here, daemon, here

from reconnectd.cli.syncing import summary
from reconnectd.ports import SyncReport

__all__ = ["here"]

CONFIG = """
[people]
me = "Alex"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""

FIELDS = {
    "requests", "pulled", "pushed", "deleted", "adopted", "conflicts", "unchanged", "seconds", "dry_run", "would",
}  # fmt: skip


@pytest.fixture
def configured(here: Here) -> Here:
    here.write(CONFIG)
    return here


def test_a_sync_writes_into_the_calendar_on_this_machine(configured: Here) -> None:
    first, second = configured.said("sync"), configured.said("sync")
    assert set(first) == FIELDS
    assert (first["pushed"], first["conflicts"], first["dry_run"]) == (1, [], False)
    assert (second["requests"], second["pushed"], second["unchanged"]) == (1, 0, 1)


def test_a_dry_run_tells_what_it_would_write_and_writes_nothing(configured: Here) -> None:
    would = configured.said("sync", "--dry-run")
    assert set(would) == FIELDS
    assert (would["dry_run"], would["would"], would["pushed"]) == (True, ["add date-night"], 0)
    assert "  add date-night\n" in configured.run("sync", "--dry-run").stdout
    assert configured.said("sync")["pushed"] == 1
    assert configured.run("sync", "--dry-run").stdout == "Nothing would be written: everything is in step.\n"


def test_in_a_pipe_a_sync_is_one_line(configured: Here) -> None:
    ran = configured.run("sync")
    assert re.fullmatch(r"In step: 1 written \(\d+\.\d s\)\.\n", ran.stdout), ran.stdout
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("report", "lines"),
    [
        (SyncReport(seconds=0.31), ["In step: nothing new on either side (0.3 s)."]),
        (
            SyncReport(pulled=2, pushed=1, deleted=3, adopted=1, seconds=1),
            ["In step: 2 taken over from the calendar, 1 written, 3 taken out, 1 recognised as ours (1.0 s)."],
        ),
        (
            SyncReport(conflicts=("walk start\x1b[31m: …",)),
            ["In step: nothing new on either side (0.0 s).", "walk start: …"],
        ),
    ],
)  # fmt: skip
def test_what_came_of_it_is_said_in_a_line(report: SyncReport, lines: list[str]) -> None:
    assert summary(report) == lines


def unreachable() -> str:
    """An address at which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}/"


def account(url: str, more: str = "") -> str:
    return f'\n[calendar]\nurl = "{url}"\nusername = "alex"\npassword_command = ["echo", "hush"]\n{more}\n'


def test_a_server_that_is_not_there_is_said_with_its_code(here: Here) -> None:
    here.write(CONFIG + account(unreachable()))
    ran = here.run("sync", "--json")
    error = json.loads(ran.stdout)["error"]
    assert (ran.returncode, error["code"]) == (69, 69)
    assert error["message"]
    assert here.run("sync").returncode == 69
    assert "hush" not in ran.stdout + ran.stderr


def test_without_the_agreement_nothing_is_asked_of_the_server(here: Here) -> None:
    shared = account(unreachable(), 'seen_by = "both"')
    here.write(CONFIG.replace('me = "Alex"', 'me = "Alex"\npartner = "Sam"') + shared)
    ran = here.run("sync")
    assert ran.returncode == 77
    assert "partner_agrees" in ran.stderr


def test_a_broken_config_is_told_before_anything_is_started(here: Here) -> None:
    here.write(CONFIG.replace("19:30", "25:00"))
    ran = here.run("sync")
    assert (ran.returncode, ran.stdout) == (78, "")
    assert not here.state.exists()


def test_a_running_daemon_is_joined_and_hears_of_it(configured: Here) -> None:
    with daemon(configured):
        configured.write(CONFIG + '\n[routine.walk]\non = "sun"\nat = "15:00"\n')
        assert configured.run("sync").returncode == 0
        assert configured.said("status")["daemon"]["running"] is True


def test_the_calendar_is_told_without_a_daemon(configured: Here) -> None:
    before = configured.run("calendar")
    assert before.returncode == 1
    assert "`reconnect sync`" in before.stderr

    configured.run("sync")
    found = configured.said("calendar")
    assert found["url"].startswith("http://127.0.0.1:")
    assert found["url"].startswith(found["server"])
    assert (found["name"], found["user"], found["kind"]) == ("Us", "reconnectd", "embedded")
    lines = configured.run("calendar").stdout.splitlines()
    assert lines[:3] == [f"address   {found['url']}", f"user      {found['user']}", f"password  {found['password']}"]


def test_of_an_account_the_password_is_not_repeated(here: Here) -> None:
    url = unreachable()
    here.write(CONFIG + account(url))
    found = here.said("calendar")
    assert (found["url"], found["user"], found["password"], found["kind"]) == (url, "alex", None, "caldav")
    told = here.run("calendar").stdout
    assert "hush" not in told
    assert f"address   {url}\nuser      alex\n" in told


def test_an_account_that_was_changed_forgets_the_old_address(configured: Here) -> None:
    configured.run("sync")
    url = unreachable()
    configured.write(CONFIG + account(url))
    assert configured.said("calendar")["url"] == url


class Screen:
    """An output on which a person looks."""

    as_json = False
    is_terminal = True


def on_a_terminal(script: str) -> str:
    """What a program draws on a terminal of its own."""
    keyboard, screen = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", script], stdin=screen, stdout=screen, stderr=screen) as program:
        os.close(screen)
        drawn = b""
        while select.select([keyboard], [], [], 20)[0]:
            try:
                drawn += os.read(keyboard, 4096)
            except OSError:
                break
    os.close(keyboard)
    assert program.returncode == 0
    return drawn.decode()


SLOW = """
import time
from reconnectd.cli import waiting
from reconnectd.cli.output import Output
waiting.PATIENCE = {patience}
with waiting.Waiting(Output()) as going:
    going.say("asking the calendar")
    time.sleep({seconds})
    going.say("writing to the calendar")
    time.sleep({seconds})
print("done")
"""


def test_on_a_terminal_a_long_wait_says_what_goes_on() -> None:
    drawn = on_a_terminal(SLOW.format(patience=0.05, seconds=0.6))
    assert "asking the calendar" in drawn
    assert "writing to the calendar" in drawn
    assert "\x1b[31m" not in drawn


def test_a_short_wait_draws_nothing() -> None:
    assert on_a_terminal(SLOW.format(patience=30, seconds=0)) == "done\r\n"
