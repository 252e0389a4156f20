"""`config check` ends with how often a config speaks: the plan, lived through word by word, says the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from household import MONDAY_MORNING, berlin

from reconnectd import config
from reconnectd.core.forecast import WEEKS, _spoken, rounded, spoken_per_week
from reconnectd.core.occurrence import OccurrenceId, Reminder
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.reminding import bubbles
from reconnectd.core.settings import Settings

ZONE = "Europe/Berlin"
EVENT = '[routine.a]\non = "fri"\nat = "19:30"\nlasting = "2h"\n'
CUE = '[routine.b]\non = "daily"\nat = "18:15"\n'
SURPRISE = '[routine.c]\ntimes = "{}"\nwithin = "17:00-21:30"\nsurprise = true\n'


def at_most(text: str) -> str:
    return f'[reminders]\nat_most = "{text}"\n'


def quiet(text: str) -> str:
    return f'[reminders]\nquiet = "{text}"\n'


def read(text: str) -> Settings:
    return config.parse(f'[people]\nhousehold = "k3v9-rt2p"\n{text}', Path("config.toml"))


def often(text: str, now: dt.datetime = MONDAY_MORNING) -> float:
    return spoken_per_week(read(text), ZONE, now)


COUNTED = [
    ("", 0),
    (CUE, 7),
    (EVENT, 2),  # an hour before, and the question afterwards
    (EVENT + 'done = "assume"', 1),
    (EVENT + 'remind = ["2 days", "1 day", "1h", "0 min"]', 5),
    (EVENT + "remind = []", 1),
    (EVENT + 'every = "2 weeks"', 1),
    (EVENT + "until = 2026-12-04", 1),  # two Fridays in four weeks
    (EVENT + "starting = 2026-12-18", 2),  # one Friday in four weeks, so a year is looked at
    (EVENT.replace('on = "fri"', 'every = "2 weeks"\ncounted_from = "last time"'), 1),
    (EVENT + "paused = true", 0),
    (EVENT + "paused = 2026-12-07", 1),
    (EVENT + EVENT.replace("[routine.a]", "[routine.d]").replace("19:30", "12:00"), 3),  # one question for the day
    (SURPRISE.format("1 per day"), 7),
    (SURPRISE.format("3 per week"), 3),
    (SURPRISE.format("1 per month"), 0.2),
    ('[routine.a]\non = "1st sat"\nat = "9:00"', 0.2),
    ('[routine.a]\non = "14 jun"\nat = "9:00"\nremind = ["14 days", "1 day", "0 min"]', 0.1),
    (at_most("3 per week") + CUE, 3),
    (at_most("1 per day") + CUE + SURPRISE.format("2 per day") + EVENT, 7),
    (at_most("no limit") + CUE + SURPRISE.format("2 per day") + EVENT, 23),
    (quiet("17:00-20:00") + CUE, 7),  # who puts a time into quiet hours wants it there
    (quiet("17:00-20:00") + EVENT, 2),
    (quiet("18:00-20:00") + EVENT + 'remind = ["90 min", "1h"]', 2),  # both come at 18:00, and one is enough
    (quiet("17:00-21:30") + SURPRISE.format("1 per day"), 0),
    ("".join(CUE.replace("routine.b", f"routine.b{n}") for n in range(3)), 21),
    ("".join(CUE.replace("routine.b", f"routine.b{n}") for n in range(4)), 7),  # a digest
]


@pytest.mark.parametrize(("text", "count"), COUNTED)
def test_each_kind_of_word_counts_as_the_rule_says(text: str, count: float) -> None:
    assert often(text) == count


def counted(text: str, now: dt.datetime) -> float:
    return _spoken(read(text), ZONE, now, WEEKS) * WEEKS


def test_a_lead_of_what_begins_after_the_four_weeks_counts() -> None:
    later = '[routine.a]\non = "sat"\nat = "9:00"\nremind = ["14 days"]\nstarting = 2026-12-26\n'
    assert counted(later, MONDAY_MORNING) == 2


def test_what_was_to_be_said_before_now_does_not_count() -> None:
    tonight = EVENT + 'until = 2026-11-27\nremind = ["1h", "0 min"]\n'
    assert counted(tonight, berlin("2026-11-27 18:00")) == 3
    assert counted(tonight, berlin("2026-11-27 19:00")) == 2


@pytest.mark.parametrize("day", [f"2027-{month:02}-{day:02} 09:00" for month in range(1, 13) for day in (1, 20)])
def test_what_comes_monthly_counts_the_same_on_any_day(day: str) -> None:
    assert often('[routine.a]\non = 15\nat = "9:00"', berlin(day)) == 0.2


@pytest.mark.parametrize("day", [f"2026-12-{day:02} 00:20" for day in range(7, 14)])
@pytest.mark.parametrize(("limit", "count"), [("3 per week", 3), ("1 per day", 7), ("1 per month", 0.2)])
def test_what_at_most_says_is_the_same_on_any_day(day: str, limit: str, count: float) -> None:
    assert often(at_most(limit) + CUE, berlin(day)) == count


def lived(settings: Settings, now: dt.datetime) -> int:
    """The bubbles of four weeks in which the plan is made anew after each of them, and nobody answers."""
    spoken: dict[tuple[OccurrenceId, str], dt.datetime] = {}
    said: list[dt.datetime] = []
    end = now + dt.timedelta(weeks=WEEKS)
    while found := _next_words(settings, now, spoken, said):
        now = found[0].due
        if now >= end:
            break
        spoken |= {(word.occurrence, word.lead): now for word in found}
        said += [now] * len(bubbles(found))
    return len(said)


def _next_words(
    settings: Settings, now: dt.datetime, spoken: dict[tuple[OccurrenceId, str], dt.datetime], said: list[dt.datetime]
) -> list[Reminder]:
    announced = frozenset(name for name, _ in spoken)
    knows = Outlook(now=now, zone=ZONE, ahead=7 * WEEKS, spoken=frozenset(spoken), announced=announced, said=said)
    coming = [word for word in plan(settings, knows).reminders if word.due >= now]
    first = min((word.due for word in coming), default=None)
    return [word for word in coming if word.due == first]


LIVES = {
    "starter": config.starter("Alex", "Sam", "k3v9-rt2p"),
    "leads and quiet": quiet("22:30-07:30") + EVENT + 'remind = ["14h", "1 day", "1h"]\n' + CUE,
    "one a day": at_most("1 per day") + EVENT + CUE,
    "two a day": at_most("2 per day") + EVENT + 'remind = ["1 day", "1h"]\n' + CUE + SURPRISE.format("1 per day"),
    "a few a week": at_most("4 per week") + EVENT + CUE,
    "digests": "".join(CUE.replace("routine.b", f"routine.b{n}") for n in range(5)) + EVENT,
}


@pytest.mark.parametrize("text", LIVES.values(), ids=LIVES)
def test_four_weeks_lived_through_have_as_many_bubbles(text: str) -> None:
    settings = config.parse(text, Path("config.toml"))
    assert spoken_per_week(settings, ZONE, MONDAY_MORNING) == rounded(lived(settings, MONDAY_MORNING) / WEEKS)


@pytest.mark.parametrize(("often", "shown"), [(0, 0), (0.04, 0), (0.25, 0.2), (0.75, 0.8), (1.25, 1), (2.75, 3)])
def test_nobody_counts_half_words(often: float, shown: float) -> None:
    assert rounded(often) == shown
