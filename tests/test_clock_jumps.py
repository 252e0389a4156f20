"""A clock that is wrong, set, or stands still: no burst, no repeat, nothing lost that could have been said."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import Desk
from household import DATE_NIGHT, HOUR, MINUTE, MONDAY_MORNING, MORNING_WORD, SMALL_TOUCH, UTC, berlin, fixed, settings

from reconnectd.app.renewal import Place
from reconnectd.core.model import Daily, Lasting
from reconnectd.core.occurrence import OccurrenceId, State
from reconnectd.core.plan_key import is_fresh

DAY = dt.timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")
WALK = fixed("walk", Daily(), "18:00", lasting=Lasting(HOUR, HOUR), remind=(HOUR,))
TODAY = "morning-word@2026-11-23"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, settings(MORNING_WORD, WALK))
    yield made
    made.store.close()


async def jump(desk: Desk, to: dt.datetime) -> None:
    """The clock was set: the daemon speaks from its rows, the worker plans anew, the daemon speaks again."""
    desk.clock.time = to
    await desk.speaker.speak()
    desk.plan()
    await desk.speaker.speak()


JUMPS: tuple[Callable[[dt.datetime, random.Random], dt.datetime], ...] = (
    lambda now, _: now + HOUR,
    lambda now, _: now - HOUR,
    lambda now, rng: now + rng.randrange(1, 600) * MINUTE,
    lambda now, rng: now - rng.randrange(1, 600) * MINUTE,
    lambda now, rng: now + rng.randrange(1, 20) * DAY,
    lambda now, rng: now - rng.randrange(1, 20) * DAY,
    lambda now, _: now.replace(year=2036),
    lambda _, rng: dt.datetime(1970, 1, 1, tzinfo=UTC) + rng.randrange(1, 3000) * MINUTE,
    lambda _, rng: MONDAY_MORNING + rng.randrange(0, 3000) * MINUTE,
)


@pytest.mark.parametrize("seed", range(20))
async def test_a_thousand_jumps_say_each_word_once_whenever_the_clock_showed_its_time(desk: Desk, seed: int) -> None:
    """20 x 50 jumps. A word may come while the clock shows a time in [due, expires): then it was said once, else
    never; however often the clock comes back there."""
    rng = random.Random(seed)
    said: list[tuple[str, dt.date]] = []
    desk.desktop.while_asked = lambda: said.append(("", desk.clock.now().astimezone(ZONE).date()))
    lived: list[tuple[dt.datetime, dt.datetime]] = []
    for _ in range(50):
        await jump(desk, rng.choice(JUMPS)(desk.clock.now(), rng))
        began = desk.clock.now()
        await desk.at(began + rng.choice((MINUTE, 20 * MINUTE, 3 * HOUR, 30 * HOUR)))
        lived.append((began, desk.clock.now()))
    told = Counter((title, day) for title, (_, day) in zip(desk.desktop.titles(), said, strict=True))
    assert set(told.values()) <= {1}
    assert {word for word in told if word[0] in {"A kind word", "Walk"}} == expected(lived)


def expected(lived: list[tuple[dt.datetime, dt.datetime]]) -> set[tuple[str, dt.date]]:
    """Which words could have been said, by title and local date."""
    found = set()
    for began, ended in lived:
        for number in range(-1, (ended - began).days + 2):
            day = began.astimezone(ZONE).date() + number * DAY
            for title, at, late in (("A kind word", dt.time(9, 5), 30 * MINUTE), ("Walk", dt.time(17), HOUR)):
                due = dt.datetime.combine(day, at, ZONE).astimezone(UTC)
                if began < due + late and due <= ended:
                    found.add((title, day))
    return found


@pytest.mark.parametrize("year", [1970, 2000, 2036, 2106])
async def test_a_visit_to_another_year_leaves_no_trace(desk: Desk, year: int) -> None:
    before = desk.plan()
    await jump(desk, MONDAY_MORNING.replace(year=year))
    await desk.at(desk.clock.now() + 3 * HOUR)
    await jump(desk, MONDAY_MORNING)
    assert desk.plan() == before
    assert desk.store.facts.since(dt.date(1, 1, 1)) == {}
    assert await desk.at(berlin("2026-11-23 09:05")) == ["A kind word"]


async def test_a_leap_of_years_is_no_burst(desk: Desk) -> None:
    await jump(desk, MONDAY_MORNING.replace(year=2036))
    assert len(desk.desktop.shown) <= 1


async def test_a_night_in_suspend_is_one_digest(desk: Desk) -> None:
    desk.config = settings(*(fixed(f"r{n}", Daily(), f"0{n}:30", late=12 * HOUR) for n in range(2, 8)))
    desk.clock.time = berlin("2026-11-23 22:00")
    desk.plan()
    await jump(desk, berlin("2026-11-24 08:00"))
    assert desk.desktop.titles() == ["6 small things are waiting"]


async def test_what_was_answered_under_a_wrong_clock_stays_answered(desk: Desk) -> None:
    await jump(desk, berlin("2026-11-24 09:06"))
    await desk.press("done")
    await jump(desk, MONDAY_MORNING)
    assert desk.row("morning-word@2026-11-24").state is State.DONE
    assert await desk.at(berlin("2026-11-24 09:10")) == ["A kind word", "Walk"]


async def test_what_was_put_off_before_a_wrong_clock_still_comes(desk: Desk) -> None:
    await desk.at(berlin("2026-11-23 09:05"))
    await desk.press("later")
    desk.plan()
    await jump(desk, MONDAY_MORNING.replace(year=2036))
    await jump(desk, berlin("2026-11-23 09:30"))
    assert (await desk.at(berlin("2026-11-23 10:05")))[-1] == "A kind word"


async def test_a_one_off_survives_a_wrong_clock(desk: Desk) -> None:
    desk.actions.remember("Flowers", berlin("2026-11-23 12:00"), ZONE, desk.clock.now())
    await jump(desk, MONDAY_MORNING.replace(year=2036))
    await jump(desk, MONDAY_MORNING)
    assert "Flowers" in await desk.at(berlin("2026-11-23 12:00"))


async def test_a_wrong_clock_costs_no_history(desk: Desk) -> None:
    desk.actions.done(desk.row(TODAY), desk.clock.now())
    for leap in (MONDAY_MORNING.replace(year=2036), MONDAY_MORNING.replace(year=2036) + DAY, MONDAY_MORNING):
        await jump(desk, leap)
    fact = desk.store.facts.get(OccurrenceId.parse(TODAY))
    assert fact is not None
    assert fact.state is State.DONE
    assert desk.store.journal.last() is not None


async def test_what_is_old_is_forgotten_once_the_clock_is_believed(desk: Desk) -> None:
    desk.actions.done(desk.row(TODAY), desk.clock.now())
    await jump(desk, MONDAY_MORNING + 800 * DAY)
    assert desk.store.facts.get(OccurrenceId.parse(TODAY)) is None, "two years are ordinary time"


async def test_a_routine_made_under_a_wrong_clock_has_a_history_from_then_on(desk: Desk) -> None:
    desk.clock.time = MONDAY_MORNING.replace(year=2036)
    desk.config = settings(DATE_NIGHT)
    desk.plan()
    await jump(desk, MONDAY_MORNING)
    await desk.at(berlin("2026-11-28 12:00"))
    assert desk.row("date-night@2026-11-27").state is State.MISSED


async def test_a_plan_of_another_time_is_not_fresh(desk: Desk) -> None:
    key = desk.store.plan.key()
    moments = [MONDAY_MORNING - DAY, MONDAY_MORNING, MONDAY_MORNING + DAY, MONDAY_MORNING.replace(year=2016)]
    fresh = [is_fresh(key, "one", moment.timestamp(), lambda _: ("Europe/Berlin", "rules")) for moment in moments]
    assert fresh == [False, True, False, False]


async def test_who_travels_hears_no_cue_of_a_day_twice(desk: Desk) -> None:
    """09:05 in Berlin, then 09:05 in New York: the day had its word."""
    desk.config = settings(MORNING_WORD, SMALL_TOUCH)
    assert await desk.at(berlin("2026-11-23 09:05")) == ["A kind word"]
    desk.place = Place("America/New_York", "rules")
    desk.plan()
    await desk.at(dt.datetime(2026, 11, 24, 0, 0, tzinfo=ZoneInfo("America/New_York")))
    assert desk.desktop.titles().count("A kind word") == 1


async def test_new_rules_of_a_zone_move_what_is_ahead_and_repeat_nothing(desk: Desk) -> None:
    await desk.at(berlin("2026-11-23 09:05"))
    names = {str(item.id) for item in desk.plan().occurrences if item.begins > desk.clock.now() + DAY}
    desk.place = Place("Europe/Moscow", "new rules")
    assert {str(item.id) for item in desk.plan().occurrences} >= {name for name in names if "12-28" not in name}
    assert await desk.at(berlin("2026-11-23 09:30")) == []
