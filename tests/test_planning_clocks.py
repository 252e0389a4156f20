"""The planner under any zone and clock: every nominal date has its occurrence once, whatever the clocks do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from household import (
    ANNIVERSARY,
    DATE_NIGHT,
    MORNING_WORD,
    SMALL_TOUCH,
    SUNDAY_TALK,
    berlin,
    fixed,
    settings,
)
from outlooks import FRIDAY, LONG_KNOWN, ZONE, facts, one, outlook

from reconnectd.core.model import Daily
from reconnectd.core.occurrence import Fact, OccurrenceId, Standing, State, Unplaced
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.settings import Time


def test_events_stay_in_their_zone_and_cues_follow_the_machine() -> None:
    known = {
        "date-night": Standing("date-night", 1, ZONE, LONG_KNOWN),
        "morning-word": Standing("morning-word", 1, None, LONG_KNOWN),
    }
    made = plan(settings(DATE_NIGHT, MORNING_WORD), replace(outlook(), standings=known, zone="America/New_York"))
    assert one(made, FRIDAY).start.isoformat() == "2026-11-27T13:30:00-05:00"
    assert one(made, "morning-word@2026-11-27").start.isoformat() == "2026-11-27T09:05:00-05:00"


def test_a_zone_that_this_machine_does_not_know_is_no_reason_to_stop() -> None:
    known = {"date-night": Standing("date-night", 1, "Mars/Olympus", LONG_KNOWN)}
    assert one(plan(settings(DATE_NIGHT), replace(outlook(), standings=known)), FRIDAY).zone == ZONE


@pytest.mark.parametrize(("now", "oldest"), [("2026-11-23 03:59", "11-08"), ("2026-11-23 04:00", "11-09")])
def test_the_day_begins_at_day_start(now: str, oldest: str) -> None:
    config = replace(settings(MORNING_WORD), time=Time(day_start=dt.time(4)))
    assert str(plan(config, outlook(now)).occurrences[0].id) == f"morning-word@2026-{oldest}"


@pytest.mark.parametrize(
    ("at", "day", "utc"),
    [
        ("02:30", "2026-03-29", "01:30"), ("02:30", "2026-10-25", "00:30"), ("09:00", "2026-03-28", "08:00"),
        ("09:00", "2026-03-29", "07:00"), ("09:00", "2026-10-25", "08:00"), ("00:30", "2026-03-30", "22:30"),
    ],
    ids=["in the gap", "in the repeated hour", "before", "spring", "autumn", "the day after spring"],
)  # fmt: skip
def test_the_weeks_in_which_the_clocks_change(at: str, day: str, utc: str) -> None:
    known = outlook(f"{day} 12:00", standings={"cue": Standing("cue", 1, None, berlin("2025-01-01 00:00"))})
    made = plan(settings(fixed("cue", Daily(), at)), known)
    assert f"{one(made, f'cue@{day}').begins:%H:%M}" == utc
    days = [item.id.nominal for item in made.occurrences]
    assert len(days) == len(set(days)) == (days[-1] - days[0]).days + 1


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Nuuk", "Africa/Casablanca", "Australia/Lord_Howe"])
@pytest.mark.parametrize("at", ["00:00", "00:30", "02:30", "23:30"])
def test_each_nominal_date_of_two_years_is_there_exactly_once(zone: str, at: str) -> None:
    seen: dict[dt.date, set[dt.datetime]] = {}
    for week in range(0, 730, 30):
        now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=week)
        known = Outlook(now, zone, standings={"cue": Standing("cue", 1, None, now - dt.timedelta(days=60))})
        for item in plan(settings(fixed("cue", Daily(), at)), known).occurrences:
            seen.setdefault(item.id.nominal, set()).add(item.begins)
    days = sorted(seen)
    assert len(days) == (days[-1] - days[0]).days + 1
    assert {len(instants) for instants in seen.values()} == {1}


def test_a_day_that_a_zone_never_had_is_skipped_and_said() -> None:
    known = Outlook(dt.datetime(2011, 12, 25, tzinfo=dt.UTC), "Pacific/Apia")
    made = plan(settings(fixed("cue", Daily(), "09:00")), known)
    days = {item.id.nominal.day for item in made.occurrences if item.id.nominal.month == 12}
    assert (30 in days, 29 in days, 31 in days) == (False, True, True)
    assert made.unplaced == (Unplaced("cue", "2011-12-30", "that day doesn't exist in Pacific/Apia"),)


@pytest.mark.parametrize("year", [1970, 2000, 2036, 2106, 9990])
def test_any_year_that_a_broken_clock_shows_can_be_planned(year: int) -> None:
    everything = settings(DATE_NIGHT, SUNDAY_TALK, MORNING_WORD, SMALL_TOUCH, ANNIVERSARY)
    made = plan(everything, outlook(dt.datetime(year, 1, 1, 0, 0, 3, tzinfo=dt.UTC)))
    assert 0 < len(made.occurrences) < 300


def test_what_settled_under_a_clock_that_was_far_ahead_is_not_in_todays_plan() -> None:
    bogus = Fact(OccurrenceId("date-night", dt.date(2036, 11, 21)), State.DONE, at=berlin("2036-11-21 21:30"))
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(bogus)))
    assert max(item.begins for item in made.occurrences) < berlin("2027-01-15 00:00")
