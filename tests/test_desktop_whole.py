"""The installed daemon and a desktop that comes late, dies, hangs or asks twice."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from desktop_session import bus, person, server
from home import Home, home, wait_until
from logind import Logind
from notification_server import NotificationServer, Notified, connect, hang_up
from on_disk import objects_below
from private_bus import PrivateBus
from servers import PASSWORD, Server, radicale
from test_end_to_end import in_an_hour_or_so, off_loop

from reconnectd.adapters.clock import SystemClock

__all__ = ["bus", "person", "radicale", "server"]

PEOPLE = '[people]\nme = "Alex"\npartner = "Sam"\nhousehold = "k3v9-rt2p"\npartner_agrees = 2026-01-01\n'


def a_cue_just_now() -> str:
    at = SystemClock().now().astimezone(ZoneInfo("Europe/Berlin")) - dt.timedelta(minutes=2)
    return f'[routine.kind-word]\ntitle = "A kind word"\non = "daily"\nat = "{at:%H:%M}"\nlate = "2h"\n'


def held(person: Home) -> int:
    return int(person.json("status")["notifications"]["held"])


def state(person: Home) -> str:
    return str(person.json("week")["occurrences"][0]["state"])


async def only(server: NotificationServer) -> Notified:
    """The one bubble; a second one would have come by then."""
    (bubble,) = await server.bubbles(1)
    await asyncio.sleep(0.5)
    assert len(server.notified) == 1
    return bubble


async def pressed(server: NotificationServer, bubble: Notified, verb: str, person: Home, expected: str) -> None:
    server.press(bubble.id, bubble.key(verb))
    await off_loop(wait_until, lambda: state(person) == expected, f"it to be {expected}")


async def test_d05_what_was_held_is_said_once_when_a_server_appears(person: Home, bus: PrivateBus) -> None:
    person.write(PEOPLE + a_cue_just_now())
    server = NotificationServer(bus.address)
    with person.daemon():
        await off_loop(wait_until, lambda: held(person) == 1, "the word to be held")
        await server.start()
        await pressed(server, await only(server), "done", person, "done")
        assert await off_loop(held, person) == 0
    await server.stop()
    assert "held: cue, 1 in it" in person.log()
    assert "kind" not in person.log().lower()


@pytest.mark.parametrize("restarts", [1, 2])
async def test_d03_after_the_death_of_the_bus_what_is_open_is_said_once_on_the_next(
    person: Home, bus: PrivateBus, restarts: int
) -> None:
    person.write(PEOPLE + a_cue_just_now())
    server = NotificationServer(bus.address)
    await server.start()
    with person.daemon() as child:
        await only(server)
        for _ in range(restarts):
            bus.stop()
            await server.stop()
            await off_loop(wait_until, lambda: person.log().count("the bus is gone"), "the loss")
            server.notified.clear()
            bus.start()
            await server.start()
            bubble = await only(server)
        await pressed(server, bubble, "done", person, "done")
        assert child.poll() is None
    assert child.returncode == 0
    await server.stop()


async def test_d03_a_bus_that_is_gone_for_good_costs_nothing_and_ends_nothing(
    person: Home, bus: PrivateBus, server: NotificationServer
) -> None:
    """As at a logout."""
    person.write(PEOPLE + a_cue_just_now())
    with person.daemon() as child:
        await only(server)
        bus.stop()
        await off_loop(wait_until, lambda: "the bus is gone" in person.log(), "the loss")
        assert (await off_loop(person.json, "status"))["notifications"]["backend"] == "log"
        assert (await off_loop(person.run, "done")).returncode == 0
        assert child.poll() is None
    assert child.returncode == 0


async def test_d02_a_restarted_server_shows_what_is_open_and_another_programs_done_is_not_ours(
    person: Home, server: NotificationServer
) -> None:
    person.write(PEOPLE + a_cue_just_now())
    with person.daemon():
        first = await only(server)
        server.notified.clear()
        await server.restart()
        again = await only(server)
        assert again.id == first.id
        server.press(first.id, first.key("done"))
        server.press(first.id, "done")
        await pressed(server, again, "skip", person, "skipped")


async def test_d06_a_server_that_hangs_holds_up_neither_the_start_nor_the_command_line(
    person: Home, server: NotificationServer
) -> None:
    person.write(PEOPLE + a_cue_just_now())
    server.hangs = {"GetCapabilities", "GetServerInformation"}
    with person.daemon():
        await server.called("GetCapabilities")
        begun = asyncio.get_running_loop().time()
        assert (await off_loop(person.json, "status"))["daemon"]["running"]
        assert asyncio.get_running_loop().time() - begun < 4
        server.release()
        await pressed(server, await only(server), "done", person, "done")


async def test_d24_a_lock_makes_what_stands_there_discreet(
    person: Home, bus: PrivateBus, server: NotificationServer
) -> None:
    logind = Logind(await connect(bus.address))
    await logind.start()
    person.extra["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
    person.write(PEOPLE + a_cue_just_now())
    with person.daemon():
        first = await only(server)
        logind.lock(locked=True)
        second = (await server.bubbles(2))[1]
        logind.lock(locked=False)
        third = (await server.bubbles(3))[2]
        assert [first.title, second.title, third.title] == ["A kind word", "A reminder", "A kind word"]
        assert first.id == second.id == third.id
        await pressed(server, third, "done", person, "done")
    await hang_up(logind.bus)


async def test_d24_the_first_word_already_knows_that_the_screen_is_locked(
    person: Home, bus: PrivateBus, server: NotificationServer
) -> None:
    logind = Logind(await connect(bus.address), locked=True)
    await logind.start()
    person.extra["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
    person.write(PEOPLE + a_cue_just_now())
    with person.daemon():
        bubble = await only(server)
        assert (bubble.title, bubble.body) == ("A reminder", "")
    await hang_up(logind.bus)


@pytest.fixture
def both(radicale: Server, bus: PrivateBus) -> Iterator[Home]:
    """Somebody whose calendar is seen by two."""
    with home(bus.address) as person:
        secret = person.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        name = radicale.account().calendar
        account = (
            f'url = "{radicale.url}"\nusername = "{radicale.user}"\npassword_file = "{secret}"\ncalendar = "{name}"'
        )
        day, at = in_an_hour_or_so()
        person.write(
            f'{PEOPLE}[calendar]\n{account}\nseen_by = "both"\nbusy = []\n'
            f'[routine.date-night]\non = "{day}"\nat = "{at}"\nlasting = "2h"\nremind = ["1h"]\n'
        )
        yield person


def written(radicale: Server) -> str:
    return "".join(path.read_text() for path in objects_below(radicale.folder / "collections"))


async def test_d20_an_event_both_see_leaves_the_calendar_by_the_second_step(
    both: Home, server: NotificationServer, radicale: Server
) -> None:
    with both.daemon():
        await off_loop(wait_until, lambda: "Date night" in written(radicale), "the event")
        (bubble,) = await server.bubbles(1)
        server.press(bubble.id, bubble.key("skip"))
        second = (await server.bubbles(2))[1]
        assert second.title == "Date night: take it out of the calendar you both see, too?"
        assert second.actions[1::2] == ["Only here", "For both of us"]
        assert (await off_loop(both.json, "sync"))["pushed"] == 0
        assert "EXDATE" not in written(radicale)
        server.press(second.id, second.key("skip"))
        await off_loop(wait_until, lambda: "EXDATE" in written(radicale), "it to leave the calendar")
