"""The sets to start from: how often they speak, how gently they begin, and what is known about the like of them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reconnectd import config
from reconnectd.config.first import Wishes, starter
from reconnectd.config.starting_sets import SETS
from reconnectd.core.forecast import spoken_per_week
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.practice.first_talk import first_talk_at
from reconnectd.core.reminding import bubbles
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.core.settings import Settings
from reconnectd.wiring.beginning import FIRST_DAYS

BERLIN = ZoneInfo("Europe/Berlin")


def begun(name: str, now: dt.datetime) -> Settings:
    """The config of a set that somebody begins with."""
    wishes = Wishes(partner="Sam", household="a", routines=name)
    settings = config.parse(starter(wishes), Path("config.toml"))
    first = first_talk_at(settings, now.date(), BERLIN)
    return config.parse(starter(replace(wishes, first_talk=first)), Path("config.toml"))


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
@pytest.mark.parametrize("start", range(0, 28, 9))
def test_a_set_speaks_no_more_than_it_says_and_holds_a_first_talk(one: Any, start: int) -> None:
    now = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC) + dt.timedelta(days=start)
    settings = begun(one.name, now)
    assert settings.inactive == ()
    assert 0 < spoken_per_week(settings, "Europe/Berlin", now) <= one.at_most
    assert settings.routine("first-talk") is not None


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
@pytest.mark.parametrize("start", range(7))
def test_in_the_first_seven_days_a_set_speaks_once_a_day_at_most(one: Any, start: int) -> None:
    now = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC) + dt.timedelta(days=start)
    gently = Rest(EVERYTHING, now, now + FIRST_DAYS, "first-days")
    words = plan(begun(one.name, now), Outlook(now=now, zone=BERLIN.key, rests=(gently,))).reminders
    dates = Counter(group[0].due.astimezone(BERLIN).date() for group in bubbles(words) if gently.covers(group[0].due))
    assert max(dates.values()) == 1


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
def test_a_set_says_what_is_known_and_how_well(one: Any) -> None:
    assert re.search(r"surveys|diaries|trial|studies", one.evidence)
    notes = re.findall(r"(?ms)^# (.+?)\n\[routine", one.routines)
    assert len(notes) == one.routines.count("[routine.")
    assert all(re.search(r"surveys|trial|diaries|studies|study", note, re.IGNORECASE) for note in notes)
    assert len(one.holds) <= 74 >= len(one.evidence)


def test_who_begins_hours_before_an_evening_hears_one_word_that_day() -> None:
    now = dt.datetime(2026, 11, 5, 19, tzinfo=dt.UTC)
    settings = begun("steady", now)
    gently = Rest(EVERYTHING, now, now + FIRST_DAYS, "first-days")
    for hours in (0, 3, 9):
        later = now + dt.timedelta(hours=hours)
        said = (now,) if hours else ()
        words = plan(settings, Outlook(now=later, zone=BERLIN.key, rests=(gently,), said=said)).reminders
        today = [word.lead for word in words if word.due < now + dt.timedelta(hours=8)]
        assert today == ([] if hours else ["86400"]), "a day before, half an hour late; no other, and not at night"
