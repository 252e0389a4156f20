"""The main job with the installed programs: a line in the config → an event on the server → a word on the bus → the
answer back."""

from __future__ import annotations

import asyncio
import datetime as dt
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

from desktop_session import bus, person, server
from home import Home, wait_until
from notification_server import NotificationServer

__all__ = ["bus", "person", "server"]

T = TypeVar("T")

PEOPLE = '[people]\nme = "Alex"\nhousehold = "k3v9-rt2p"\n'
EVENING = (
    '[routine.date-night]\npractice = "quality-time"\non = "{day}"\nat = "{at}"\nlasting = "2h"\nremind = {leads}\n'
)
KIND_WORD = '[routine.kind-word]\ntitle = "A kind word"\non = "daily"\nat = "{at}"\ncalendar = true\n'


def in_an_hour_or_so() -> tuple[str, str]:
    """A weekday and time some 50 minutes ahead in Berlin, so that its one-hour lead has come."""
    from zoneinfo import ZoneInfo

    from reconnectd.adapters.clock import SystemClock

    start = (SystemClock().now() + dt.timedelta(minutes=50)).astimezone(ZoneInfo("Europe/Berlin"))
    return f"{start:%a}".lower(), f"{start:%H:%M}"


def on_the_server(person: Home) -> str:
    """Every object of the embedded calendar, as any calendar app would read it."""
    account = person.json("calendar")
    request = urllib.request.Request(account["url"])
    basic = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    basic.add_password(None, account["url"], account["user"], account["password"])
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(basic))
    try:
        return str(opener.open(request, timeout=10).read().decode())
    except OSError:
        return ""


async def off_loop(work: Callable[..., T], *args: Any) -> T:
    """The bus of the test needs its loop while a program runs."""
    return await asyncio.get_running_loop().run_in_executor(None, work, *args)


async def test_from_the_config_to_the_answer(person: Home, server: NotificationServer) -> None:
    person.write(PEOPLE)
    with person.daemon():
        day, at = in_an_hour_or_so()
        person.write(PEOPLE + EVENING.format(day=day, at=at, leads='["1h"]'))
        text = await off_loop(wait_until, lambda: "Date night" in on_the_server(person) and on_the_server(person), "it")
        assert "RRULE:FREQ=WEEKLY" in text
        (bubble,) = await server.bubbles(1)
        assert bubble.title == "Date night"
        assert bubble.actions[1::2] == ["OK", "Another time", "Not this time"]
        server.press(bubble.id, bubble.key("skip"))
        await off_loop(wait_until, lambda: "EXDATE" in on_the_server(person), "the skip in the calendar")
        week = await off_loop(person.json, "week")
        assert [(one["routine"], one["state"]) for one in week["occurrences"]] == [("date-night", "skipped")]


async def test_from_the_config_to_done(person: Home, server: NotificationServer) -> None:
    from zoneinfo import ZoneInfo

    from reconnectd.adapters.clock import SystemClock

    now = SystemClock().now().astimezone(ZoneInfo("Europe/Berlin"))
    at = (now - dt.timedelta(minutes=2)).strftime("%H:%M")
    person.write(PEOPLE)
    with person.daemon():
        person.write(PEOPLE + KIND_WORD.format(at=at))
        text = await off_loop(
            wait_until, lambda: "A kind word" in on_the_server(person) and on_the_server(person), "it"
        )
        assert "RRULE:FREQ=DAILY" in text
        (bubble,) = await server.bubbles(1)
        assert (bubble.title, bubble.actions[1::2]) == ("A kind word", ["Done", "Later", "Not today"])
        server.press(bubble.id, bubble.key("done"))
        done = lambda: [one for one in person.json("week")["occurrences"] if one["state"] == "done"]  # noqa: E731
        (row,) = await off_loop(wait_until, done, "it to be done")
        assert (row["routine"], row["in_calendar"]) == ("kind-word", True)
        assert on_the_server(person) == text, "that it was done is written to no calendar"
