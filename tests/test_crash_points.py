"""Ended with SIGKILL at each named point, then begun again: no word lost, none but one repeated, one event."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import signal
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desktop_session import bus, person, server
from home import Home, home, wait_until
from notification_server import NotificationServer

from reconnectd.adapters.clock import SystemClock
from reconnectd.crash import POINTS

__all__ = ["bus", "person", "server"]

SPEAKING = ("claimed", "notified", "answered")
SYNCING = ("pulled", "queued", "written")
KEEPING = ("made", "migrated", "copied", "restored")
"""Those of test_restoring.py and test_migrations.py."""
PEOPLE = '[people]\nme = "Alex"\nhousehold = "k3v9-rt2p"\n'
EVENING = '[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"\n'


def a_cue_just_now() -> str:
    at = SystemClock().now().astimezone(ZoneInfo("Europe/Berlin")) - dt.timedelta(minutes=2)
    return f'[routine.kind-word]\non = "daily"\nat = "{at:%H:%M}"\nlate = "2h"\n'


async def killed(child: subprocess.Popen[str]) -> None:
    assert await asyncio.to_thread(child.wait, 20) == -signal.SIGKILL


def state_of(person: Home) -> str:
    return str(person.json("week")["occurrences"][0]["state"])


def test_every_named_point_is_in_the_code_and_in_a_test() -> None:
    code = "".join(path.read_text() for path in Path("reconnectd").rglob("*.py"))
    assert set(re.findall(r'crashpoint\("(\w+)"\)', code)) == set(POINTS) == {*SPEAKING, *SYNCING, *KEEPING}


@pytest.mark.parametrize(("point", "before", "after"), [("claimed", 0, 1), ("notified", 1, 1)])
async def test_a_word_that_was_being_said_is_said(
    person: Home, server: NotificationServer, point: str, before: int, after: int
) -> None:
    """Ended before the desktop heard of it: said once. Ended before the row knew: nobody can tell, said once more."""
    person.write(PEOPLE + a_cue_just_now())
    with person.daemon(RECONNECTD_CRASH_AT=point) as child:
        await killed(child)
    assert len(server.notified) == before
    with person.daemon():
        await server.bubbles(before + after)
        await asyncio.sleep(0.5)
        assert len(server.notified) == before + after
        server.press(server.notified[-1].id, server.notified[-1].key("done"))
        await asyncio.to_thread(wait_until, lambda: state_of(person) == "done", "the answer")


async def test_an_answer_that_could_not_be_kept_is_asked_for_again(person: Home, server: NotificationServer) -> None:
    person.write(PEOPLE + a_cue_just_now())
    with person.daemon(RECONNECTD_CRASH_AT="answered") as child:
        (bubble,) = await server.bubbles(1)
        server.press(bubble.id, bubble.key("done"))
        await killed(child)
    with person.daemon():
        again = (await server.bubbles(2))[-1]
        server.press(again.id, again.key("done"))
        await asyncio.to_thread(wait_until, lambda: state_of(person) == "done", "the answer")
    assert len(server.notified) == 2


def sync(person: Home, **environ: str) -> int:
    argv = [sys.executable, "-m", "reconnectd", "worker", "--config", str(person.config)]
    done = subprocess.run(argv, env={**person.environ, **environ}, capture_output=True, check=False, timeout=60)
    return done.returncode


def events(person: Home) -> list[str]:
    """The text of every object that the embedded calendar keeps."""
    return [path.read_text() for path in (person.folder / "data").rglob("rcd-*.ics") if ".Radicale" not in str(path)]


@pytest.mark.parametrize("point", SYNCING)
def test_a_sync_that_was_ended_is_made_good_by_the_next(point: str) -> None:
    with home() as person:
        person.write(PEOPLE + EVENING)
        assert sync(person, RECONNECTD_CRASH_AT=point) == -signal.SIGKILL
        assert [sync(person), sync(person)] == [0, 0]
        (event,) = events(person)
        assert "SUMMARY:Date night" in event
        assert person.json("status")["calendar"]["pending"] == 0
