""" "Another day" after an event: two days as buttons, each of which is possible, and closing them is no answer."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from desk import Desk, MakeDesk, desk
from desktop_session import bus, person, server
from home import Home, wait_until
from household import DATE_NIGHT, HOUR, MINUTE, SUNDAY_TALK, berlin, fixed
from notification_server import NotificationServer
from test_end_to_end import off_loop

from reconnectd.adapters.clock import SystemClock
from reconnectd.app.undoing import undo
from reconnectd.core.model import Daily, Lasting, Practice, Routine, Weekdays
from reconnectd.core.occurrence import OTHER_DAYS, State
from reconnectd.core.rest import Rest
from reconnectd.ports import Answer

__all__ = ["bus", "desk", "person", "server"]

FRIDAY = "date-night@2026-11-27"
ASKED = "2026-11-27 22:00"
TWO_HOURS = Lasting(2 * HOUR, 2 * HOUR)


async def another_day(one: Desk, asked: str = ASKED) -> list[str]:
    """The labels of the days that are offered then, in order; [] where no bubble offers any."""
    await one.at(berlin(asked))
    await one.press("later")
    before = len(one.desktop.shown)
    await one.speaker.speak()
    offered = one.desktop.shown[before:]
    return [label for bubble in offered for _, label in bubble.actions]


# Which days.


@pytest.mark.parametrize(
    ("routines", "changes", "labels"),
    [
        ((), {}, ["Saturday 19:30", "Sunday 19:30"]),
        ((SUNDAY_TALK,), {}, ["Saturday 19:30", "Monday 19:30"]),
        ((fixed("choir", Weekdays((5,)), "23:30", lasting=TWO_HOURS, practice=None),), {},
         ["Sunday 19:30", "Monday 19:30"]),
        ((fixed("brunch", Weekdays((5,)), "10:00", lasting=TWO_HOURS, practice=Practice.QUALITY_TIME),), {},
         ["Sunday 19:30", "Monday 19:30"]),
        ((fixed("tea", Daily(), "19:00"),), {}, ["Saturday 19:30", "Sunday 19:30"]),
        ((), {"quiet": ((dt.time(19), dt.time(20)),)}, []),
    ],
    ids=[
        "nothing else", "a talk two hours before", "three hours are not left", "time together that day already",
        "a moment is in nobody's way", "its time is in quiet hours",
    ],
)  # fmt: skip
async def test_two_days_at_the_usual_time_beside_everything_else(
    desk: MakeDesk, routines: tuple[Routine, ...], changes: dict[str, object], labels: list[str]
) -> None:
    assert await another_day(desk(DATE_NIGHT, *routines, **changes), "2026-11-27 23:00") == labels


async def test_in_the_morning_after_that_day_itself_is_another_day(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT, quiet=((dt.time(21, 40), dt.time(8)),))
    assert await another_day(one, "2026-11-28 08:00") == ["Today 19:30", "Sunday 19:30"]


async def test_one_that_was_moved_is_offered_its_usual_time(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.actions.move(one.row(FRIDAY), berlin("2026-11-26 12:00"), one.clock.now())
    one.plan()
    assert await another_day(one, "2026-11-26 14:30") == ["Friday 19:30", "Saturday 19:30"]


async def test_what_comes_again_tomorrow_anyhow_has_no_other_day(desk: MakeDesk) -> None:
    homecoming = fixed("homecoming", Daily(), "18:00", lasting=Lasting(20 * MINUTE, 20 * MINUTE), done="ask")
    assert await another_day(desk(homecoming), "2026-11-23 19:00") == []


async def test_a_talk_is_never_offered_late(desk: MakeDesk) -> None:
    late = replace(SUNDAY_TALK, lasting=Lasting(5 * HOUR, 5 * HOUR))
    assert await another_day(desk(late), "2026-11-29 22:30") == []
    assert await another_day(desk(SUNDAY_TALK), "2026-11-29 18:15") == ["Monday 17:00", "Tuesday 17:00"]


async def test_nothing_is_offered_into_a_rest(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.store.rests.replace([Rest("date-night", berlin("2026-11-28 00:00"), berlin("2026-11-30 00:00"))])
    one.plan()
    assert await another_day(one) == ["Monday 19:30", "Tuesday 19:30"]


async def test_over_the_change_of_the_clocks_the_time_on_the_clock_stays(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.clock.time = berlin("2027-03-22 09:00")
    one.plan()
    assert await another_day(one, "2027-03-26 22:00") == ["Saturday 19:30", "Sunday 19:30"]
    (changed,) = await one.press("later2")
    assert changed.begins == berlin("2027-03-28 19:30")


# What the buttons do.


async def test_the_second_bubble_says_what_it_is_about_and_what_to_type(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await another_day(one)
    said = one.desktop.shown[-1]
    assert (said.title, said.body) == ("Date night: which day suits?", "Leave it, and you are asked again later.")
    assert said.actions == (("later", "Saturday 19:30"), ("later2", "Sunday 19:30"))
    assert said.otherwise == 'In a terminal: reconnect move "sat 19:30" date-night'


@pytest.mark.parametrize(("verb", "start"), [("later", "2026-11-28 19:30"), ("later2", "2026-11-29 19:30")])
async def test_a_day_that_is_pressed_moves_it_there_and_undo_takes_it_back(
    desk: MakeDesk, verb: str, start: str
) -> None:
    one = desk(DATE_NIGHT)
    await another_day(one)
    (changed,) = await one.press(verb)
    assert (changed.begins, changed.pinned, changed.state) == (berlin(start), True, State.PLANNED)
    assert one.desktop.on_screen == {}
    one.plan()
    assert (one.row(FRIDAY).begins, one.row(FRIDAY).over) == (berlin(start), berlin(start) + 2 * HOUR)
    assert await one.at(berlin(start)) == ["Date night"] * 3, "a day ahead, an hour ahead, as it begins"
    undo(one.store, one.clock.now())
    one.plan()
    assert one.row(FRIDAY).begins == berlin("2026-11-27 19:30")


async def test_closing_it_is_no_answer_and_the_word_comes_back_in_an_hour(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await another_day(one)
    one.close(max(one.desktop.on_screen))
    one.plan()
    assert one.row(FRIDAY).state.is_open
    assert one.row(FRIDAY).begins == berlin("2026-11-27 19:30")
    assert await one.at(berlin("2026-11-27 23:00")) == ["Date night: did it come about?"]
    assert await another_day(one, "2026-11-27 23:00") == ["Saturday 19:30", "Sunday 19:30"]
    assert len(one.desktop.on_screen) == 1


async def test_two_events_in_one_question_come_back_together_as_before(desk: MakeDesk) -> None:
    walk = fixed("walk", Weekdays((4,)), "10:00", lasting=TWO_HOURS, done="ask", remind=())
    assert await another_day(desk(DATE_NIGHT, walk)) == []


async def test_before_an_event_another_time_offers_no_days(desk: MakeDesk) -> None:
    assert await another_day(desk(DATE_NIGHT), "2026-11-27 18:30") == []


async def test_an_old_bubble_moves_nothing_into_the_past(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await another_day(one)
    token = one.desktop.shown[-1].token
    one.clock.time = berlin("2026-11-28 20:00")
    await one.speaker.answered(Answer(token, "later"))
    assert one.row(FRIDAY).begins == berlin("2026-11-27 19:30")


async def test_what_was_answered_elsewhere_is_not_moved_by_the_second_bubble(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await another_day(one)
    token = one.desktop.shown[-1].token
    one.actions.done(one.row(FRIDAY), one.clock.now())
    await one.speaker.tidy()
    assert one.desktop.on_screen == {}
    assert await one.speaker.answered(Answer(token, "later")) == []
    assert one.row(FRIDAY).state is State.DONE


async def test_after_a_restart_the_same_days_are_offered_once_more(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await another_day(one)
    one.restart()
    one.plan()
    await one.speaker.repost("first")
    assert [bubble.title for bubble in one.desktop.on_screen.values()] == ["Date night: which day suits?"]
    (changed,) = await one.press("later2")
    assert changed.begins == berlin("2026-11-29 19:30")


async def test_without_a_desktop_it_waits_no_longer_than_an_hour(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await one.at(berlin(ASKED))
    await one.press("later")
    one.desktop.restart("")
    await one.speaker.speak()
    assert one.words(FRIDAY)[OTHER_DAYS] == "held"
    one.clock.time += HOUR
    one.desktop.restart("second")
    await one.speaker.repost("second")
    assert [bubble.title for bubble in one.desktop.on_screen.values()] == ["Date night: did it come about?"]


async def test_when_the_screen_is_locked_it_names_neither_what_it_is_about_nor_a_day(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    days = await another_day(one)
    one.presence.unlocked = False
    await one.speaker.redraw()
    (said,) = one.desktop.on_screen.values()
    assert said.title == "A reminder: which day suits?"
    assert (said.actions, said.otherwise) == ((), "In a terminal: reconnect week")
    one.presence.unlocked = True
    await one.speaker.redraw()
    (said,) = one.desktop.on_screen.values()
    assert [label for _, label in said.actions] == days


async def test_who_shows_no_details_still_chooses_a_day(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.config = replace(one.config, reminders=replace(one.config.reminders, show_details="never"))
    assert await another_day(one) == ["Saturday 19:30", "Sunday 19:30"]
    assert one.desktop.shown[-1].title == "A reminder: which day suits?"


# On a real bus.


def at_two_in_the_afternoon(now: dt.datetime) -> str:
    """A zone in which it is two or three o'clock now, so that no day ends meanwhile."""
    ahead = 14 - now.hour
    ahead -= 24 if ahead > 14 else 0
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


async def test_on_a_real_desktop_a_pressed_day_moves_the_event(person: Home, server: NotificationServer) -> None:
    zone = at_two_in_the_afternoon(SystemClock().now())
    today = SystemClock().now().astimezone(ZoneInfo(zone)).date()
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[today.weekday()]
    person.write(
        f'[people]\nme = "Alex"\nhousehold = "k3v9-rt2p"\n[time]\ntimezone = "{zone}"\n'
        f'[routine.lunch]\npractice = "quality-time"\non = "{day}"\nat = "12:00"\nlasting = "1h"\n'
    )
    await off_loop(person.json, "next")
    with sqlite3.connect(person.database) as state:
        state.execute("UPDATE routine SET first_seen = first_seen - 86400")
    with person.daemon():
        (question,) = await server.bubbles(1)
        assert [*question.actions[1::2]] == ["It happened", "Not this time", "Another day"]
        server.press(question.id, question.key("later"))
        _, which = await server.bubbles(2)
        assert which.title == "Lunch: which day suits?"
        server.press(which.id, which.key("later2"))
        wanted = f"{today + dt.timedelta(days=2)}T12:00"
        await off_loop(
            wait_until,
            lambda: wanted in [row["start"][:16] for row in person.json("plan", "--days", "5")["occurrences"]],
            "the event to stand two days later",
        )
