"""Speaking: each word once, together where there are many, discreet, and to whichever desktop is there."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Literal

import pytest
from desk import MakeDesk, desk
from household import DATE_NIGHT, HOUR, MORNING_WORD, SMALL_TOUCH, berlin, fixed

from reconnectd.core.model import Daily, Lasting, Weekdays
from reconnectd.core.occurrence import OccurrenceId, Phase, Reminder, State
from reconnectd.core.settings import Privacy

__all__ = ["desk"]

SECOND = dt.timedelta(seconds=1)
FRIDAY = "date-night@2026-11-27"


# When, and together.


async def test_each_word_is_said_once_at_its_time(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    assert await one.at(berlin("2026-11-26 19:29")) == []
    assert await one.at(berlin("2026-11-26 19:30")) == ["Date night"]
    assert await one.at(berlin("2026-11-27 18:30")) == ["Date night"]
    assert await one.at(berlin("2026-11-27 19:30")) == ["Date night"]
    assert await one.at(berlin("2026-11-27 22:00")) == ["Date night: did it come about?"]
    assert await one.at(berlin("2026-11-28 12:00")) == []
    assert one.desktop.shown[0].body.startswith("tomorrow at 19:30, until 21:30\n")


async def test_two_that_speak_at_once_say_it_once(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    one.clock.time = berlin("2026-11-23 09:05")
    assert await asyncio.gather(*(one.speaker.speak() for _ in range(5))) == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("number", "titles"), [(3, ["R1", "R2", "R3"]), (4, ["4 small things are waiting"])])
async def test_more_than_three_at_once_are_one(desk: MakeDesk, number: int, titles: list[str]) -> None:
    one = desk(*(fixed(f"r{n + 1}", Daily(), "10:00") for n in range(number)))
    assert await one.at(berlin("2026-11-23 10:00")) == titles


async def test_a_digest_names_what_waits_and_later_puts_all_of_it_off(desk: MakeDesk) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), "10:00") for n in range(8)))
    await one.at(berlin("2026-11-23 10:00"))
    assert one.desktop.shown[0].body == "R0\nR1\nR2\nR3\nR4\nR5\nand 2 more"
    assert one.desktop.shown[0].actions == (("later", "Later"), ("default", "Open"))
    await one.press("later")
    assert await one.at(berlin("2026-11-23 10:59")) == []
    assert await one.at(berlin("2026-11-23 11:00")) == ["8 small things are waiting"]


async def test_opening_a_digest_is_no_answer(desk: MakeDesk) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), "10:00") for n in range(4)))
    await one.at(berlin("2026-11-23 10:00"))
    await one.press("default")
    assert {one.row(f"r{n}@2026-11-23").state for n in range(4)} == {State.ANNOUNCED}


async def test_the_questions_of_a_day_are_one_bubble_and_one_answer(desk: MakeDesk) -> None:
    hour = Lasting(HOUR, HOUR)
    walk = fixed("walk", Weekdays((4,)), "10:00", lasting=hour, done="ask", remind=())
    one = desk(walk, fixed("supper", Weekdays((4,)), "19:00", lasting=hour, done="ask", remind=()))
    assert await one.at(berlin("2026-11-27 23:00")) == ["Walk and Supper: did it come about?"]
    assert [label for _, label in one.desktop.shown[0].actions] == ["It happened", "Not this time", "Another day"]
    await one.press("done")
    assert {one.row(f"{slug}@2026-11-27").state for slug in ("walk", "supper")} == {State.DONE}


async def test_what_comes_too_late_is_dropped_without_a_word(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    one.clock.time = berlin("2026-11-23 09:36")
    assert await one.speaker.speak() == 0
    assert one.words("morning-word@2026-11-23") == {"0": "dropped"}


# Discretion.


@pytest.mark.parametrize(
    ("wish", "private", "unlocked", "is_open"),
    [
        ("always", False, True, True), ("always", False, False, True), ("always", True, True, True),
        ("always", True, False, False), ("unlocked", False, True, True), ("unlocked", False, False, False),
        ("unlocked", True, True, True), ("unlocked", True, False, False), ("never", False, True, False),
        ("never", False, False, False), ("never", True, True, False), ("never", True, False, False),
    ],
)  # fmt: skip
async def test_who_may_read_it(
    desk: MakeDesk, wish: Literal["always", "unlocked", "never"], *, private: bool, unlocked: bool, is_open: bool
) -> None:
    one = desk(replace(MORNING_WORD, private=private, notes="Say it like you mean it"))
    one.config = replace(
        one.config, reminders=replace(one.config.reminders, show_details=wish), privacy=Privacy(neutral_title="A note")
    )
    one.presence.unlocked = unlocked
    await one.at(berlin("2026-11-23 09:05"))
    (bubble,) = one.desktop.shown
    expected = ("A kind word", "Say it like you mean it") if is_open else ("A note", "")
    assert (bubble.title, bubble.body) == expected


async def test_one_private_title_makes_the_whole_digest_discreet(desk: MakeDesk) -> None:
    secret = replace(fixed("r3", Daily(), "10:00"), private=True)
    one = desk(*(fixed(f"r{n}", Daily(), "10:00") for n in range(3)), secret)
    one.config = replace(one.config, reminders=replace(one.config.reminders, show_details="always"))
    one.presence.unlocked = False
    await one.at(berlin("2026-11-23 10:00"))
    assert (one.desktop.shown[0].title, one.desktop.shown[0].body) == ("4 small things are waiting", "")


async def test_a_question_about_several_names_all_or_none(desk: MakeDesk) -> None:
    hour = Lasting(HOUR, HOUR)
    walk = fixed("walk", Weekdays((4,)), "10:00", lasting=hour, done="ask", remind=())
    one = desk(walk, replace(walk, slug="bath", title="A bath for two", private=True))
    one.config = replace(one.config, reminders=replace(one.config.reminders, show_details="always"))
    one.presence.unlocked = False
    await one.at(berlin("2026-11-27 12:00"))
    assert one.desktop.shown[0].title == "A reminder: did it come about?"


async def test_cues_are_soft_and_nothing_is_urgent(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT, MORNING_WORD, SMALL_TOUCH)
    await one.at(berlin("2026-11-26 23:00"))
    assert {(bubble.title, bubble.urgency) for bubble in one.desktop.shown} == {
        ("A kind word", 0), ("Small touch", 0), ("Date night", 1),
    }  # fmt: skip


async def test_when_the_screen_is_locked_what_stands_there_becomes_discreet_and_back(desk: MakeDesk) -> None:
    one = desk(replace(MORNING_WORD, notes="Say it"))
    await one.at(berlin("2026-11-23 09:05"))
    on_screen = []
    for unlocked in (False, False, True):
        one.presence.unlocked = unlocked
        await one.speaker.redraw()
        on_screen.append([(bubble.title, bubble.body) for bubble in one.desktop.on_screen.values()])
    assert on_screen == [[("A reminder", "")], [("A reminder", "")], [("A kind word", "Say it")]]
    assert len(one.desktop.shown) == 3
    assert (await one.press("done"))[0].state is State.DONE
    await one.speaker.redraw()
    assert one.desktop.on_screen == {}


@pytest.mark.parametrize("wish", ["always", "never"])
async def test_what_a_lock_does_not_change_is_not_shown_again(desk: MakeDesk, wish: Literal["always", "never"]) -> None:
    one = desk(MORNING_WORD)
    one.config = replace(one.config, reminders=replace(one.config.reminders, show_details=wish))
    await one.at(berlin("2026-11-23 09:05"))
    one.presence.unlocked = False
    await one.speaker.redraw()
    assert len(one.desktop.shown) == 1


# Without a desktop, and when it changes.


async def test_a_word_is_held_until_somebody_can_show_it_and_then_said_once(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.desktop.restart("")
    assert await one.at(berlin("2026-11-26 22:00")) == []
    assert (one.words(FRIDAY)["86400"], one.store.reminders.held()) == ("held", 1)
    one.plan()
    one.desktop.restart("first")
    assert [await one.speaker.speak() for _ in range(3)] == [1, 0, 0]
    assert one.row(FRIDAY).state is State.ANNOUNCED


async def test_what_is_held_is_logged_once_and_without_its_title(
    desk: MakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    one = desk(MORNING_WORD, fixed("tea", Daily(), "09:10"))
    one.desktop.restart("")
    await one.at(berlin("2026-11-23 09:10"))
    for _ in range(5):
        await one.speaker.speak()
    assert [line.partition(";")[0] for line in caplog.messages] == ["held: cue, 1 in it"] * 2
    one.desktop.restart("first")
    assert await one.speaker.speak() == 2


async def test_a_held_cue_whose_time_went_by_is_dropped(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    one.desktop.restart("")
    await one.at(berlin("2026-11-23 09:40"))
    one.desktop.restart("first")
    assert await one.speaker.speak() == 0
    assert one.store.reminders.held() == 0


async def test_many_that_were_held_are_one_digest(desk: MakeDesk) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), f"10:0{n}") for n in range(5)))
    one.desktop.restart("")
    await one.at(berlin("2026-11-23 10:10"))
    one.desktop.restart("first")
    await one.speaker.speak()
    assert one.desktop.titles() == ["5 small things are waiting"]


async def test_a_new_server_is_shown_what_is_open_and_only_that(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD, fixed("tea", Daily(), "09:10"), fixed("walk", Daily(), "09:15"))
    await one.at(berlin("2026-11-23 09:15"))
    await one.press("done", 1)
    one.close(2)
    one.desktop.restart("second")
    await one.speaker.repost("second")
    await one.speaker.repost("second")
    assert one.desktop.titles() == ["A kind word", "Tea", "Walk", "Walk"]
    assert (await one.press("done"))[0].id.slug == "walk"


@pytest.mark.parametrize(("open_ones", "held", "titles"), [(2, 1, 3), (2, 2, 1), (0, 3, 3), (0, 4, 1)])
async def test_what_is_open_and_what_was_held_come_to_a_new_server_together(
    desk: MakeDesk, open_ones: int, held: int, titles: int
) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), f"10:0{n}") for n in range(open_ones + held)))
    await one.at(berlin(f"2026-11-23 10:0{open_ones}") - SECOND)
    one.desktop.restart("")
    await one.at(berlin("2026-11-23 10:06"))
    one.desktop.restart("second")
    before = len(one.desktop.shown)
    await one.speaker.repost("second")
    await one.speaker.speak()
    assert len(one.desktop.shown) - before == titles
    assert len(one.desktop.on_screen) == titles


@pytest.mark.parametrize(
    ("after", "on_screen"), [(20, ["5 small things are waiting"]), (90, ["R0", "R1", "R2", "R3", "R4"])]
)
async def test_latecomers_join_what_was_said_just_now_when_they_are_too_many(
    desk: MakeDesk, after: int, on_screen: list[str]
) -> None:
    """As after a suspend: three come at once, and the sync brings two more a moment later."""
    one = desk(*(fixed(f"r{n}", Daily(), "10:00") for n in range(3)))
    one.clock.time = berlin("2026-11-23 10:05")
    await one.speaker.speak()
    one.config = replace(
        one.config, routines=tuple(fixed(f"r{n}", Daily(), "10:00") for n in range(5)), fingerprint="two"
    )
    one.plan()
    for n in (3, 4):
        one.store.reminders.put(Reminder(
            OccurrenceId("r" + str(n), dt.date(2026, 11, 23)), "0", berlin("2026-11-23 10:00"),
            berlin("2026-11-23 11:00"), Phase.CUE,
        ))  # fmt: skip
    one.clock.forward(after * SECOND)
    await one.speaker.speak()
    assert sorted(bubble.title for bubble in one.desktop.on_screen.values()) == on_screen
    assert {one.words(f"r{n}@2026-11-23")["0"] for n in range(5)} == {"shown"}


async def test_words_on_time_are_never_folded_into_others(desk: MakeDesk) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), f"10:0{n}") for n in range(6)))
    assert await one.at(berlin("2026-11-23 10:06")) == [f"R{n}" for n in range(6)]


async def test_what_plyer_said_is_not_said_again_on_a_bus(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    one.desktop.plain = True
    await one.at(berlin("2026-11-23 09:05"))
    one.desktop.plain = False
    await one.speaker.repost("first")
    assert one.desktop.titles() == ["A kind word"]


async def test_what_is_open_no_more_is_not_said_to_a_new_server(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    one.clock.time = berlin("2026-11-23 09:36")
    one.desktop.restart("second")
    await one.speaker.repost("second")
    assert one.desktop.on_screen == {}
    assert one.store.reminders.open_bubbles() == []


async def test_many_open_ones_come_to_a_new_server_as_one(desk: MakeDesk) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), f"10:0{n}") for n in range(4)))
    await one.at(berlin("2026-11-23 10:05"))
    assert len(one.desktop.shown) == 4
    one.desktop.restart("second")
    await one.speaker.repost("second")
    assert [bubble.title for bubble in one.desktop.on_screen.values()] == ["4 small things are waiting"]


async def test_after_a_restart_of_ours_the_buttons_work_again(desk: MakeDesk) -> None:
    """The desktop still shows the bubble, but knows no key of ours any more: it is taken away and said again."""
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    one.restart()
    await one.speaker.repost("first")
    assert list(one.desktop.on_screen) == [2]
    assert (await one.press("done"))[0].state is State.DONE


async def test_what_is_answered_elsewhere_goes_from_the_screen(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    one.actions.done(one.row("morning-word@2026-11-23"), one.clock.now())
    await one.speaker.tidy()
    assert one.desktop.on_screen == {}


async def test_a_bubble_about_several_stays_while_one_of_them_is_open(desk: MakeDesk) -> None:
    one = desk(*(fixed(f"r{n}", Daily(), "10:00") for n in range(4)))
    await one.at(berlin("2026-11-23 10:00"))
    for n in range(4):
        assert len(one.desktop.on_screen) == 1
        one.actions.done(one.row(f"r{n}@2026-11-23"), one.clock.now())
        await one.speaker.tidy()
    assert one.desktop.on_screen == {}


async def test_an_answer_while_the_desktop_is_asked_is_not_written_over(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    item = one.row("morning-word@2026-11-23")

    def answer_elsewhere() -> None:
        one.actions.done(item, one.clock.now())

    one.desktop.while_asked = answer_elsewhere
    await one.at(berlin("2026-11-23 09:05"))
    assert one.row("morning-word@2026-11-23").state is State.DONE
    assert one.desktop.on_screen == {}


async def test_a_word_that_was_being_said_when_we_ended_is_said_again_once(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    one.clock.time = berlin("2026-11-23 09:05")
    one.store.reminders.claim(one.store.reminders.waiting(one.clock.now()), "lost", Phase.CUE, one.clock.now())
    one.plan()
    one.restart()
    assert [await one.speaker.speak(), await one.speaker.speak()] == [1, 0]
    assert one.words("morning-word@2026-11-23") == {"0": "shown"}


# Somebody comes; the disk is full.


@pytest.mark.parametrize(
    ("quiet", "unlocked_at", "asked"),
    [
        ((), "2026-11-27 21:29", 0),
        ((), "2026-11-27 21:35", 1),
        (((dt.time(21, 40), dt.time(7)),), "2026-11-27 21:35", 0),
    ],
    ids=["it isn't over", "it is just over", "quiet holds the question"],
)
async def test_who_unlocks_is_asked_about_what_is_just_over(
    desk: MakeDesk, quiet: tuple[tuple[dt.time, dt.time], ...], unlocked_at: str, asked: int
) -> None:
    one = desk(DATE_NIGHT, fixed("tea", Weekdays((4,)), "21:45"), quiet=quiet)
    await one.at(berlin(unlocked_at))
    before = len(one.desktop.shown)
    await one.speaker.ask_now()
    await one.speaker.ask_now()
    assert one.desktop.titles()[before:] == ["Date night: did it come about?"] * asked
    one.plan()
    assert (
        await one.at(berlin("2026-11-27 22:30")) == ["Tea", "Date night: did it come about?"][: 2 - asked - len(quiet)]
    )


async def test_who_unlocks_often_is_still_asked_once_a_day_about_all_of_it(desk: MakeDesk) -> None:
    hour = Lasting(HOUR, HOUR)
    walk = fixed("walk", Weekdays((4,)), "10:00", lasting=hour, done="ask", remind=())
    one = desk(walk, fixed("supper", Weekdays((4,)), "19:00", lasting=hour, done="ask", remind=()))
    for at in ("11:05", "15:00", "20:05", "20:10", "23:00"):
        await one.at(berlin(f"2026-11-27 {at}"))
        await one.speaker.ask_now()
        one.plan()
    assert one.desktop.titles() == ["Walk and Supper: did it come about?"]


async def test_a_full_disk_is_no_reason_to_be_silent(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT, MORNING_WORD)
    one.clock.time = berlin("2026-11-23 09:05")
    one.store.database.connection.execute("PRAGMA query_only=ON")
    assert [await one.speaker.speak() for _ in range(3)] == [1, 0, 0]
    assert one.desktop.titles() == ["A kind word"]
    assert "can't be written" in str(one.speaker.trouble)
    one.store.database.connection.execute("PRAGMA query_only=OFF")
    assert await one.at(berlin("2026-11-26 19:30")) == ["A kind word"] * 3 + ["Date night"]
    assert one.speaker.trouble is None
