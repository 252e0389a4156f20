"""Whose answers count: a press of a button that we offered, told by the server that we showed it to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desktop_world import DONE, World, world
from notification_server import connect, hang_up, notify_as, send_signal

from reconnectd.ports import Answer, Closed

__all__ = ["world"]


async def test_pressing_a_button_is_an_answer_and_closes_the_bubble(world: World) -> None:
    shown = await world.show()
    world.server.press(shown.id, "done/t0ken")
    await world.server.took_down(shown.id)
    await world.heard_everything()
    assert world.told.events == [Answer("t0ken", "done")]


async def test_a_second_press_is_not_a_second_answer(world: World) -> None:
    shown = await world.show()
    world.server.press(shown.id, "done/t0ken")
    world.server.press(shown.id, "later/t0ken")
    await world.heard_everything()
    assert world.told.events == [Answer("t0ken", "done")]


async def test_the_default_action_goes_by_its_plain_name(world: World) -> None:
    shown = await world.show(replace(DONE, actions=(("default", "Open"),)))
    assert world.server.notified[0].actions == ["default", "Open"]
    world.server.press(shown.id, "default")
    await world.told.until(lambda: world.told.events == [Answer("t0ken", "default")])


@pytest.mark.parametrize("key", ["default", "skip/t0ken", "done", "done/", "done/0ther", "DONE/t0ken", ""])
async def test_a_key_that_was_not_offered_is_no_answer(world: World, key: str) -> None:
    shown = await world.show()
    world.server.press(shown.id, key)
    await world.heard_everything()
    assert world.told.events == []


async def test_the_token_of_another_bubble_is_no_answer(world: World) -> None:
    shown = await world.show()
    await world.show(replace(DONE, token="0ther"))
    world.server.press(shown.id, "done/0ther")
    await world.heard_everything()
    assert world.told.events == []


@pytest.mark.parametrize("reason", [1, 2, 3, 4])
async def test_a_bubble_that_closes_is_told_as_closed(world: World, reason: int) -> None:
    shown = await world.show()
    world.server.close(shown.id, reason)
    await world.heard_everything()
    assert world.told.events == [Closed("t0ken", reason)]


async def test_a_button_told_after_the_closing_still_counts(world: World) -> None:
    shown = await world.show()
    world.server.close(shown.id)
    world.server.press(shown.id, "done/t0ken")
    await world.heard_everything()
    assert world.told.events == [Closed("t0ken", 2), Answer("t0ken", "done")]


async def test_the_plain_default_of_a_closed_bubble_counts_no_more(world: World) -> None:
    shown = await world.show(replace(DONE, actions=(("default", "Open"),)))
    world.server.close(shown.id, 1)
    world.server.press(shown.id, "default")
    await world.heard_everything()
    assert world.told.events == [Closed("t0ken", 1)]


async def test_a_button_pressed_before_notify_has_returned_counts(world: World) -> None:
    world.server.eager = "done"
    await world.show()
    await world.told.until(lambda: world.told.events == [Answer("t0ken", "done")])


@pytest.mark.parametrize("unicast", [False, True])
async def test_signals_reach_us_told_to_all_or_to_us_alone(world: World, *, unicast: bool) -> None:
    world.server.unicast = unicast
    shown = await world.show()
    world.server.press(shown.id, "later/t0ken")
    await world.told.until(lambda: world.told.events == [Answer("t0ken", "later")])


async def test_signals_of_other_programs_bubbles_are_ignored(world: World) -> None:
    await world.show()
    other = await connect(world.daemon.address)
    number = await notify_as(other, "Mail", ["done/t0ken", "Done", "default", "Open"])
    world.server.press(number, "done/t0ken")
    world.server.press(number, "default")
    world.server.close(number)
    await world.heard_everything()
    assert world.told.events == []
    await hang_up(other)


@pytest.mark.parametrize("addressed", [False, True])
async def test_signals_from_anybody_but_the_server_are_ignored(world: World, *, addressed: bool) -> None:
    shown = await world.show()
    liar = await connect(world.daemon.address)
    to = world.server.notified[0].sender if addressed else None
    send_signal(liar, "ActionInvoked", "us", [shown.id, "done/t0ken"], to)
    send_signal(liar, "NotificationClosed", "uu", [shown.id, 2], to)
    await notify_as(liar, "after the signals", [])
    await world.heard_everything()
    assert world.told.events == []
    await hang_up(liar)


async def test_malformed_signals_are_ignored(world: World) -> None:
    shown = await world.show()
    world.server.shout("ActionInvoked", "u", [shown.id])
    world.server.shout("ActionInvoked", "ss", [str(shown.id), "done/t0ken"])
    world.server.shout("NotificationClosed", "", [])
    world.server.shout("NotificationClosed", "us", [shown.id, "done/t0ken"])
    world.server.activation_token(shown.id)
    await world.heard_everything()
    assert world.told.events == []


async def test_ten_thousand_foreign_closings_leave_nothing_behind(world: World) -> None:
    shown = await world.show()
    await world.server.flood(10_000)
    world.server.press(shown.id, "done/t0ken")
    await world.told.until(lambda: world.told.events == [Answer("t0ken", "done")])
    assert (len(world.desktop._open), len(world.desktop._gone), len(world.desktop._early)) == (0, 0, 0)


async def test_only_the_last_closed_bubbles_are_remembered(world: World) -> None:
    for number in range(80):
        shown = await world.show(replace(DONE, token=f"t{number}"))
        world.server.close(shown.id, 1)
    await world.heard_everything()
    assert len(world.desktop._gone) == 64


async def test_after_a_restart_another_programs_done_is_not_ours(world: World) -> None:
    ours = await world.show(replace(DONE, actions=(("done", "Done"), ("default", "Open"))))
    await world.server.restart()
    await world.ready()
    other = await connect(world.daemon.address)
    assert await notify_as(other, "Mail", ["done", "Done", "default", "Open"]) == ours.id
    world.server.press(ours.id, "done")
    world.server.press(ours.id, "default")
    world.server.press(ours.id, "done/t0ken")
    world.server.close(ours.id)
    await world.heard_everything()
    assert world.told.events == []
    await hang_up(other)
