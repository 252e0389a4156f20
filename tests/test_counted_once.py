"""What `at_most` counts: a bubble once, however often a desktop began anew, and no second step of an answer."""

from __future__ import annotations

from desk import MakeDesk, desk
from household import DATE_NIGHT, berlin, fixed

from reconnectd.core.model import Daily, Practice, Times
from reconnectd.core.occurrence import OTHER_DAYS

__all__ = ["desk"]

MORNING = fixed("morning", Daily(), "10:00", practice=Practice.OPENNESS)
NOON = fixed("noon", Daily(), "12:00", practice=Practice.OPENNESS)
FRIDAY = "date-night@2026-11-27"


async def test_a_word_put_back_on_a_new_desktop_is_counted_once(desk: MakeDesk) -> None:
    one = desk(MORNING, NOON, at_most=Times(2, "day"))
    assert await one.at(berlin("2026-11-23 10:10")) == ["Morning"]
    for name in ("second", "third"):
        one.desktop.restart(name)
        await one.speaker.repost(name)
    one.plan()
    assert await one.at(berlin("2026-11-23 13:00")) == ["Noon"]


async def test_bubbles_that_became_one_digest_are_counted_as_that_one(desk: MakeDesk) -> None:
    early = [fixed(f"early-{n}", Daily(), f"09:3{n}") for n in range(4)]
    one = desk(*early, NOON, at_most=Times(5, "day"))
    one.desktop.restart("")
    await one.at(berlin("2026-11-23 09:32"))
    one.desktop.restart("second")
    await one.speaker.repost("second")
    await one.at(berlin("2026-11-23 09:33"))
    assert len(one.desktop.on_screen) == 4
    one.restart()
    await one.speaker.repost("second")
    assert [bubble.title for bubble in one.desktop.on_screen.values()] == ["4 small things are waiting"]
    one.plan()
    assert len(one.store.reminders.said(berlin("2026-11-23 00:00"))) == 1


async def test_choosing_another_day_takes_no_word_away(desk: MakeDesk) -> None:
    late = fixed("late", Daily(), "22:30", practice=Practice.OPENNESS)
    one = desk(DATE_NIGHT, late, at_most=Times(5, "day"))
    assert len(await one.at(berlin("2026-11-27 22:05"))) >= 3
    await one.press("later")
    await one.speaker.speak()
    assert one.words(FRIDAY)[OTHER_DAYS] == "shown"
    one.plan()
    assert await one.at(berlin("2026-11-27 22:40")) == ["Late"]


async def test_days_to_choose_from_outlast_a_new_plan(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await one.at(berlin("2026-11-27 22:00"))
    await one.press("later")
    one.plan()
    await one.speaker.speak()
    assert one.desktop.titles()[-1] == "Date night: which day suits?"


async def test_a_kill_while_bubbles_are_taken_back_loses_none(desk: MakeDesk) -> None:
    one = desk(MORNING)
    await one.at(berlin("2026-11-23 10:10"))
    one.desktop.restart("second")
    await one.speaker._screen.take_back(one.store.reminders.open_bubbles(), one.clock.now())
    one.restart()
    await one.speaker.speak()
    assert [bubble.title for bubble in one.desktop.on_screen.values()] == ["Morning"]


async def test_who_wakes_up_after_two_words_about_one_event_hears_the_nearer_one(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    one.clock.time = berlin("2026-11-27 18:45")
    await one.speaker.speak()
    assert one.desktop.titles() == ["Date night"]
    assert one.words(FRIDAY) == {"86400": "dropped", "3600": "shown", "begins": "pending", "after": "pending"}
    one.plan()
    assert await one.at(berlin("2026-11-27 20:00")) == ["Date night"], "as it begins"
