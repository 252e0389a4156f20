"""The words on the bus, whatever becomes of the server: against a notification server of our own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from dbus_fast.constants import MessageFlag
from desktop_world import DONE, World, world
from home import wait_until
from notification_server import NAME, connect, hang_up, notify_as
from private_bus import private_bus, trap
from told import Told

from reconnectd.adapters.bus import Bus
from reconnectd.adapters.desktop import Desktop
from reconnectd.ports import Answer, Shown

__all__ = ["world"]


def speaks(desktop: Desktop) -> tuple[str, str | None, bool, bool]:
    state = desktop.state()
    return state.backend, state.server, state.actions, state.ready


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_word_goes_out_with_all_its_parts(world: World) -> None:
    shown = await world.show()
    sent = world.server.notified[0]
    assert shown.id == sent.id
    assert (sent.app, sent.icon, sent.replaces, sent.expire) == ("reconnectd", "", 0, -1)
    assert (sent.title, sent.body) == ("Date night", "In an hour")
    assert sent.actions == ["done/t0ken", "Done", "later/t0ken", "Later"]
    assert sent.hints == {
        "urgency": 1, "category": "x-reconnectd.reminder", "desktop-entry": "reconnectd", "resident": False,
        "suppress-sound": True,
    }  # fmt: skip
    assert sent.hint_types == {
        "urgency": "y", "category": "s", "desktop-entry": "s", "resident": "b", "suppress-sound": "b",
    }  # fmt: skip


async def test_a_cue_is_of_low_urgency(world: World) -> None:
    await world.show(replace(DONE, urgency=0))
    assert world.server.notified[0].hints["urgency"] == 0


async def test_every_call_to_the_server_forbids_to_start_one(world: World) -> None:
    await world.desktop.close(await world.show())
    assert [call.member for call in world.server.calls][-2:] == ["Notify", "CloseNotification"]
    assert all(call.flags & MessageFlag.NO_AUTOSTART for call in world.server.calls)


async def test_the_body_is_escaped_and_the_title_is_not(world: World) -> None:
    await world.show(replace(DONE, title="Tom & <Jerry>", body="<b>5 & 6</b>"))
    sent = world.server.notified[0]
    assert (sent.title, sent.body) == ("Tom & <Jerry>", "&lt;b&gt;5 &amp; 6&lt;/b&gt;")


async def test_without_markup_the_body_goes_as_it_is(world: World) -> None:
    world.server.capabilities = ("body", "actions")
    await world.server.restart()
    await world.ready()
    await world.show(replace(DONE, body="<b>5 & 6</b>"))
    assert world.server.notified[0].body == "<b>5 & 6</b>"


async def test_control_characters_never_reach_the_server(world: World) -> None:
    label = (("done", "Do\x1b[31mne"),)
    await world.show(replace(DONE, title="a\x00\x1b]0;x\x07b\nc", body="one\ntwo\u202e\x85\ud800", actions=label))
    sent = world.server.notified[0]
    assert (sent.title, sent.body, sent.actions[1]) == ("ab c", "one\ntwo", "Done")


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ('Mum\'s <3 & \\ "you"', 'Mum\'s <3 & \\ "you"', 'Mum\'s &lt;3 &amp; \\ "you"'),
        ("- call Mum", "- call Mum", "- call Mum"),
        ("a &amp; b", "a &amp; b", "a &amp;amp; b"),
        ("👩‍❤️‍👩 🏳️‍🌈 žluťoučký שלום", "👩‍❤️‍👩 🏳️‍🌈 žluťoučký שלום", "👩‍❤️‍👩 🏳️‍🌈 žluťoučký שלום"),
        ("one\r\ntwo\u2028three", "one two three", "one\ntwo\nthree"),
        ("\u202eevil\u2066\x1b[2J", "evil", "evil"),
        ("x" * 10_240, "x" * 199 + "…", "x" * 999 + "…"),
        ("\x07\u200e \n", "reconnectd", ""),
    ],
)
async def test_any_text_arrives_as_it_was_written(world: World, text: str, title: str, body: str) -> None:
    await world.show(replace(DONE, title=text, body=text))
    sent = world.server.notified[0]
    assert (sent.title, sent.body) == (title, body)


@pytest.mark.parametrize(
    ("capabilities", "title", "body", "buttons"),
    [
        (("body", "actions"), "Date night", "In an hour", 2),
        (("body",), "Date night", "In an hour\nIn a terminal: reconnect done", 0),
        (("actions",), "Date night: In an hour", "", 2),
        (("icon-static",), "Date night: In an hour", "", 0),
        ((), "Date night", "In an hour\nIn a terminal: reconnect done", 0),
    ],
)
async def test_what_a_server_cannot_do_is_said_in_another_way(
    world: World, capabilities: tuple[str, ...], title: str, body: str, buttons: int
) -> None:
    world.server.capabilities = capabilities
    await world.server.restart()
    await world.ready()
    await world.show(replace(DONE, otherwise="In a terminal: reconnect done"))
    sent = world.server.notified[0]
    assert (sent.title, sent.body, len(sent.actions) // 2) == (title, body, buttons)


async def test_a_server_without_actions_gets_no_buttons(world: World) -> None:
    world.server.capabilities = ("body",)
    await world.server.restart()
    await world.ready()
    await world.show()
    assert world.server.notified[0].actions == []
    assert speaks(world.desktop) == ("freedesktop", "test server 1.0", False, True)


async def test_a_bubble_of_an_earlier_server_is_neither_closed_nor_replaced_on_the_next(world: World) -> None:
    ours = await world.show()
    await world.server.restart()
    await world.ready()
    await world.desktop.close(ours)
    await world.show(replace(DONE, replaces=ours.id))
    assert world.server.closed == []
    assert world.server.notified[-1].replaces == 0


async def test_a_bubble_of_ours_can_be_replaced(world: World) -> None:
    first = await world.show()
    second = await world.show(replace(DONE, token="second", replaces=first.id))
    assert (second.id, world.server.notified[-1].replaces) == (first.id, first.id)
    world.server.press(second.id, "done/t0ken")
    world.server.press(second.id, "done/second")
    await world.heard_everything()
    assert world.told.events == [Answer("second", "done")]


async def test_closing_ourselves_is_not_told_as_closed(world: World) -> None:
    shown = await world.show()
    await world.desktop.close(shown)
    await world.heard_everything()
    assert (world.server.closed, world.told.events) == ([shown.id], [])


async def test_a_bubble_from_before_our_own_restart_can_be_closed(world: World) -> None:
    shown = await world.show()
    bus = Bus(lambda: world.daemon.address)
    again = Desktop(bus, Told())
    await bus.start()
    await again.start()
    await again.close(shown)
    assert world.server.closed == [shown.id]
    await again.stop()
    await bus.stop()


async def test_a_server_that_goes_is_told_at_once_and_one_that_comes_when_it_is_known(world: World) -> None:
    await world.ready()
    before = world.told.changes
    await world.server.stop()
    await world.ready(yes=False)
    assert (world.told.changes - before, await world.desktop.show(DONE)) == (1, None)
    await world.server.start()
    await world.ready()
    assert world.told.changes - before == 2
    await world.show()


async def test_a_server_that_gives_its_name_away_is_no_longer_believed(world: World) -> None:
    shown = await world.show()
    await world.server.leave_name()
    await world.ready(yes=False)
    world.server.press(shown.id, "done/t0ken")
    await world.server.stop()
    await world.server.start()
    await world.ready()
    await world.heard_everything()
    assert world.told.events == []


async def test_a_server_that_hangs_costs_the_deadline_and_works_later(world: World) -> None:
    await world.ready()
    world.server.hangs = {"Notify"}
    assert await world.desktop.show(DONE) is None
    world.server.hangs = set()
    await world.show()


async def test_a_hanging_server_holds_up_nothing_else(world: World) -> None:
    await world.ready()
    world.server.hangs = {"Notify"}
    first = asyncio.create_task(world.desktop.show(DONE))
    await world.server.called("Notify")
    world.server.hangs = set()
    await world.show(replace(DONE, token="second"))
    assert not first.done()
    assert await first is None


async def test_a_bubble_that_comes_after_the_deadline_is_taken_back(world: World) -> None:
    await world.ready()
    world.server.hangs = {"Notify"}
    assert await world.desktop.show(DONE) is None
    world.server.release()
    await world.server.took_down(1)
    world.server.press(1, "done/t0ken")
    await world.heard_everything()
    assert world.told.events == []


async def test_a_server_that_does_not_say_what_it_can_gets_plain_words(world: World) -> None:
    world.server.hangs = {"GetCapabilities", "GetServerInformation"}
    await world.server.restart()
    await world.told.until(lambda: world.desktop.state().ready)
    assert speaks(world.desktop) == ("freedesktop", None, False, True)
    await world.show(replace(DONE, body="<b>"))
    assert (world.server.notified[0].body, world.server.notified[0].actions) == ("<b>", [])


async def test_a_server_with_a_strange_name_is_shown_without_its_tricks(world: World) -> None:
    world.server.information = ("\x1b]0;evil\x07dunst", "v", "1.9\n", "1.2")
    await world.server.restart()
    await world.ready()
    assert world.desktop.state().server == "dunst 1.9"


async def test_a_server_that_describes_itself_wrongly_is_still_used(world: World) -> None:
    world.server.information = ("only a name",)
    await world.server.restart()
    await world.ready()
    assert world.desktop.state().server is None
    await world.show()


async def test_a_server_that_refuses_to_say_what_it_can_gets_plain_words(world: World) -> None:
    world.server.refuses = {"GetCapabilities", "GetServerInformation"}
    await world.server.restart()
    await world.ready()
    await world.show(replace(DONE, body="<b>"))
    assert (world.server.notified[0].body, world.server.notified[0].actions) == ("<b>", [])


async def test_a_server_that_refuses_a_word_has_not_shown_it(world: World) -> None:
    await world.ready()
    world.server.refuses = {"Notify"}
    assert await world.desktop.show(DONE) is None
    world.server.refuses = {"CloseNotification"}
    await world.desktop.close(await world.show())
    await world.heard_everything()
    assert world.told.events == []


async def test_the_id_that_the_server_gives_is_the_one_that_counts(world: World) -> None:
    """A server that knows nothing of the bubble to replace gives another id."""
    first = await world.show()
    world.server.always_new = True
    second = await world.show(replace(DONE, token="second", replaces=first.id))
    assert second.id != first.id
    world.server.press(second.id, "done/second")
    await world.server.took_down(second.id)
    await world.heard_everything()
    assert world.told.events == [Answer("second", "done")]


async def test_words_to_nobody_leave_nothing_open(world: World) -> None:
    await world.server.stop()
    await world.ready(yes=False)
    before = open_files()
    assert [await world.desktop.show(DONE) for _ in range(20)] == [None] * 20
    assert open_files() == before


@pytest.mark.parametrize("crashes", [False, True])
async def test_the_bus_dies_and_comes_back(world: World, *, crashes: bool) -> None:
    before = await world.show()
    (world.daemon.crash if crashes else world.daemon.stop)()
    await world.ready(yes=False)
    await world.server.stop()
    assert await world.desktop.show(DONE) is None
    world.daemon.start()
    await world.server.start()
    await world.ready()
    after = await world.show(replace(DONE, token="after"))
    world.server.press(after.id, "done/t0ken")
    world.server.press(after.id, "done/after")
    await world.told.until(lambda: Answer("after", "done") in world.told.events)
    assert world.told.events == [Answer("after", "done")]
    assert before.server != after.server


async def test_without_a_server_nobody_is_shown_anything_and_none_is_started(tmp_path: Path) -> None:
    marker = trap(tmp_path, NAME)
    with private_bus(services=tmp_path) as daemon:
        bus = Bus(lambda: daemon.address)
        desktop = Desktop(bus, Told())
        await bus.start()
        await desktop.start()
        assert await desktop.show(DONE) is None
        await desktop.close(Shown(1, ":1.0"))
        assert speaks(desktop) == ("freedesktop", None, False, False)
        await desktop.stop()
        await bus.stop()
        assert not marker.exists()


async def test_a_server_whose_start_never_ends_holds_nobody_up(tmp_path: Path) -> None:
    """Another program waits for a server that is being started and never takes the name; we don't."""
    marker = trap(tmp_path, NAME, then="sleep 3")
    with private_bus(services=tmp_path) as daemon:
        bus = Bus(lambda: daemon.address)
        desktop = Desktop(bus, Told())
        await bus.start()
        await desktop.start()
        other = await connect(daemon.address)
        waiting = asyncio.create_task(notify_as(other, "Mail", []))
        await asyncio.to_thread(wait_until, marker.exists, "the start to begin")
        async with asyncio.timeout(2):
            assert await desktop.show(DONE) is None
        assert not waiting.done()
        waiting.cancel()
        await hang_up(other)
        await desktop.stop()
        await bus.stop()
