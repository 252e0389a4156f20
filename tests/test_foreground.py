"""`make run`, from the moment that everything is installed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from home import Home, home, wait_until
from notification_server import NotificationServer
from private_bus import private_bus

from reconnectd.adapters.clock import SystemClock

CONFIG = """
[people]
me = "Alex"
[routine.date-night]
title = "Date night"
on = "daily"
at = "19:30"
lasting = "2h"
remind = ["1h"]
[routine.small-touch]
title = "A small touch"
times = "1 per day"
within = ["00:00-23:59"]
surprise = true
"""
LAST = "shows what is coming"


@contextlib.contextmanager
def foreground(person: Home, *, without_sigint: bool = False) -> Iterator[subprocess.Popen[str]]:
    """In a process group of its own, as a terminal would have it; ended with everything it started."""
    ignore = (lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if without_sigint else None
    with (person.folder / "said").open("w") as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "reconnectd", "foreground"], env=person.environ, stdout=said,
            stderr=subprocess.STDOUT, text=True, start_new_session=True, preexec_fn=ignore,  # noqa: PLW1509
        )  # fmt: skip
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)


def said(person: Home) -> str:
    return (person.folder / "said").read_text()


def until_said(person: Home, child: subprocess.Popen[str], words: str) -> str:
    wait_until(lambda: words in said(person) or child.poll() is not None, words, 40)
    assert words in said(person), said(person)
    return said(person)


@pytest.fixture
def person() -> Iterator[Home]:
    with home() as found:
        found.write(CONFIG)
        yield found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_cleanly_with_everything_it_started(person: Home, number: signal.Signals) -> None:
    with foreground(person) as child:
        until_said(person, child, LAST)
        os.killpg(child.pid, number)
        assert child.wait(20) == 0
        assert "Stopped." in said(person)
        with pytest.raises(ProcessLookupError):
            os.killpg(child.pid, 0)


def test_it_tells_where_everything_is_and_what_comes(person: Home) -> None:
    with foreground(person) as child:
        text = until_said(person, child, LAST)
        account = person.json("calendar")
        assert f"config     {person.config}" in text
        assert f"calendar   {account['url']}" in text
        assert f"user       {account['user']}" in text
        assert account["password"] not in text
        assert "reconnect calendar   shows it" in text
        reminders = text.partition("The next reminders:\n")[2].partition("\n\n")[0].splitlines()
        assert len(reminders) == 3
        assert any("at 18:30" in line and "Date night" in line and line.endswith("at 19:30") for line in reminders)
        assert all(" at " not in line for line in reminders if "A small touch" in line)
        assert "There is no desktop here" in text
        assert text.startswith("\nreconnectd is here."), "nothing is said before, not even by the log"


def test_a_word_that_waits_is_told_in_the_greeting_and_not_by_the_log(person: Home) -> None:
    now = SystemClock().now().astimezone(ZoneInfo("Europe/Berlin"))
    person.write(f'[people]\nme = "Alex"\n[routine.x]\non = "daily"\nat = "{now:%H:%M}"\nlate = "2h"\n')
    with foreground(person) as child:
        text = until_said(person, child, LAST)
        assert text.startswith("\nreconnectd is here.")
        assert "words are held until there is one (1 at present);" in text


async def test_one_notification_says_that_it_is_alive(person: Home) -> None:
    with private_bus() as bus:
        person.bus = bus.address
        server = NotificationServer(bus.address)
        await server.start()
        with foreground(person) as child:
            words = "A notification on your desktop says that it is here."
            await asyncio.to_thread(until_said, person, child, words)
            assert [bubble.title for bubble in server.notified].count("reconnectd is here") == 1
            child.send_signal(signal.SIGINT)
            assert await asyncio.to_thread(child.wait, 20) == 0
        await server.stop()


def test_a_desktop_without_a_notification_server_is_said(person: Home) -> None:
    with private_bus() as bus:
        person.bus = bus.address
        with foreground(person) as child:
            assert "Nothing here shows notifications at present" in until_said(person, child, LAST)


def test_a_daemon_that_runs_already_is_named_and_left_alone(person: Home) -> None:
    with person.daemon() as daemon, foreground(person) as child:
        assert child.wait(20) == 75
        assert f"runs already (pid {daemon.pid})" in said(person)
        assert f"kill {daemon.pid}" in said(person)
        assert daemon.poll() is None


def test_a_broken_config_ends_it_with_the_problem(person: Home) -> None:
    person.write('[people]\nme = "Alex"\n[routine.x]\non = "sat"\nat = "25:00"\n')
    with foreground(person) as child:
        assert child.wait(20) == 78
        assert "routine.x.at" in said(person)


def test_ctrl_c_works_where_a_script_started_it_in_the_background(person: Home) -> None:
    with foreground(person, without_sigint=True) as child:
        until_said(person, child, LAST)
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0
