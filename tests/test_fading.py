"""Fading: fewer words about small cues that hold by themselves; never about anything else."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest
from household import ANNIVERSARY, DATE_NIGHT, HOUR, MONDAY_MORNING, MORNING_WORD, SMALL_TOUCH, fixed, settings
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from outlooks import ZONE, facts, one, outlook

from reconnectd.core import wording
from reconnectd.core.forecast import spoken_per_week
from reconnectd.core.model import CountedFrom, Daily, Lasting, Practice, Routine, Span, Weekdays
from reconnectd.core.occurrence import AFTERWARDS, Fact, OccurrenceId, Plan, Standing
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.practice.strength import Answer
from reconnectd.core.settings import Reminders

TODAY = dt.date(2026, 11, 23)
HOLDS, HOLDS_WELL = 40, 60


def told(slug: str, days: int, *, until: dt.date = TODAY, every: int = 1) -> dict[str, list[Answer]]:
    """Yes, so many times in a row, the last one before `until`."""
    return {slug: [Answer(until - dt.timedelta(days=every * n), happened=True) for n in range(days, 0, -1)]}


def spoken(routine: Routine, known: Outlook, **changes: Any) -> list[dt.date]:
    """The days about which a word is said before or at the moment."""
    made = plan(settings(routine, **changes), known)
    return sorted({word.occurrence.nominal for word in made.reminders if word.lead != AFTERWARDS})


def gaps(days: list[dt.date]) -> set[int]:
    return {(later - day).days for day, later in itertools.pairwise(days)}


@pytest.mark.parametrize(("yes", "gap"), [(0, 1), (30, 1), (HOLDS, 2), (HOLDS_WELL, 3)])
def test_a_cue_that_holds_is_said_every_second_time_and_then_every_third(yes: int, gap: int) -> None:
    assert gaps(spoken(MORNING_WORD, outlook(told=told("morning-word", yes)))) == {gap}


def test_of_several_weekdays_every_second_one_is_said_in_turn() -> None:
    cue = fixed("cue", Weekdays((0, 2, 4)), "15:00")
    days = spoken(cue, outlook(told=told("cue", 25, every=2)))
    assert [f"{day:%a}" for day in days[:6]] in (["Mon", "Fri", "Wed"] * 2, ["Wed", "Mon", "Fri"] * 2)


def test_a_plan_made_a_day_later_says_the_same() -> None:
    known = outlook(told=told("morning-word", HOLDS))
    later = spoken(MORNING_WORD, replace(known, now=known.now + 24 * HOUR))
    assert set(later) >= set(spoken(MORNING_WORD, known)[1:])


def test_what_is_left_unsaid_says_why() -> None:
    made = plan(settings(MORNING_WORD), outlook(told=told("morning-word", HOLDS)))
    reasons = [item.reason for item in made.occurrences if item.begins > MONDAY_MORNING][:4]
    silent = [wording.HOLDS_REASON in reason for reason in reasons]
    assert silent in ([True, False] * 2, [False, True] * 2)


def test_of_several_lead_times_the_nearest_is_left() -> None:
    cue = fixed("cue", Daily(), "15:00", remind=(2 * HOUR, HOUR, 0 * HOUR))
    made = plan(settings(cue), outlook(told=told("cue", HOLDS)))
    assert {word.lead for word in made.reminders} == {"0"}


def test_the_question_afterwards_stays() -> None:
    cue = fixed("cue", Daily(), "15:00", done="ask")
    made = plan(settings(cue), outlook(told=told("cue", HOLDS)))
    asked = {word.occurrence.nominal for word in made.reminders if word.lead == AFTERWARDS}
    assert gaps(sorted(asked)) == {1}


def test_the_words_are_back_when_nothing_was_told_for_two_half_lives() -> None:
    for quiet, gap in ((29, 3), (30, 1)):
        long_ago = told("morning-word", 99, until=TODAY - dt.timedelta(days=quiet))
        assert gaps(spoken(MORNING_WORD, outlook(told=long_ago))) == {gap}


def test_nothing_fades_where_the_config_says_so() -> None:
    known = outlook(told=told("morning-word", HOLDS_WELL))
    assert gaps(spoken(MORNING_WORD, known, reminders=Reminders(fade=False))) == {1}


@pytest.mark.parametrize("routine", [MORNING_WORD, SMALL_TOUCH, DATE_NIGHT], ids=lambda one: one.slug)
def test_the_number_that_config_check_names_stays_the_most_it_can_be(routine: Routine) -> None:
    faded, whole = (
        spoken_per_week(settings(routine, reminders=Reminders(fade=fade)), ZONE, MONDAY_MORNING)
        for fade in (True, False)
    )
    assert faded == whole


@pytest.mark.parametrize(
    "routine",
    [
        DATE_NIGHT, ANNIVERSARY, fixed("event", Daily(), "15:00", lasting=Lasting(HOUR, HOUR), done="ask"),
        fixed("cue", Daily(), "15:00", calendar=True),
        Routine("a", "A", CountedFrom(Span(2, "day"), dt.time(15))),
    ],
    ids=lambda routine: routine.slug,
)  # fmt: skip
def test_nothing_real_loses_a_word(routine: Routine) -> None:
    known = outlook(now="2026-05-20 09:00")
    strong = replace(known, told=told(routine.slug, 300, until=dt.date(2026, 5, 20)))
    assert plan(settings(routine), strong) == plan(settings(routine), known)


def test_what_a_person_put_somewhere_or_put_off_is_said() -> None:
    known = outlook(told=told("morning-word", HOLDS_WELL))
    silent = next(
        item.id for item in plan(settings(MORNING_WORD), known).occurrences if wording.HOLDS_REASON in item.reason
    )
    at = dt.datetime.combine(silent.nominal, dt.time(15), dt.UTC)
    for fact in (Fact(silent, start=at), Fact(silent, snoozed_until=at)):
        assert silent.nominal in spoken(MORNING_WORD, replace(known, facts=facts(fact)))


@given(st.lists(st.booleans(), max_size=70), st.booleans())
@trials(max_examples=40, deadline=None)
def test_it_only_ever_takes_words_away_and_none_about_an_event(happened: list[bool], lasts: bool) -> None:
    routine = fixed("event", Daily(), "15:00", lasting=Lasting(HOUR, HOUR) if lasts else None, done="ask")
    answers = [Answer(TODAY - dt.timedelta(days=len(happened) - n), yes) for n, yes in enumerate(happened)]
    plain, faded = (plan(settings(routine), outlook(told=known)) for known in ({}, {"event": answers}))
    assert set(faded.reminders) <= set(plain.reminders)
    assert not lasts or faded.reminders == plain.reminders
    assert [replace(item, reason="") for item in faded.occurrences] == [
        replace(item, reason="") for item in plain.occurrences
    ]


def touches(weeks: int, ahead: int) -> tuple[int, int, Plan]:
    """(said, all) of the affection cues of the days ahead, so many weeks after it began."""
    begun = Standing("small-touch", 1, None, MONDAY_MORNING - dt.timedelta(weeks=weeks))
    made = plan(settings(SMALL_TOUCH), outlook(standings={"small-touch": begun}, ahead=ahead))
    return len(made.reminders), sum(item.begins > MONDAY_MORNING for item in made.occurrences), made


@pytest.mark.parametrize(("weeks", "share"), [(0, 1), (2, 1), (8, 3 / 4), (16, 1 / 2), (200, 1 / 2)])
def test_affection_fades_with_time_alone(weeks: int, share: float) -> None:
    said, every, _ = touches(weeks, ahead=40)
    assert every > 40
    assert said / every == pytest.approx(share, abs=0.12 if share < 1 else 0)


def test_what_was_told_about_affection_changes_nothing() -> None:
    begun = {"small-touch": Standing("small-touch", 1, None, MONDAY_MORNING - dt.timedelta(weeks=3))}
    known = outlook(standings=begun, ahead=28)
    strong = replace(known, told=told("small-touch", 99))
    assert SMALL_TOUCH.practice is Practice.AFFECTION
    assert plan(settings(SMALL_TOUCH), strong) == plan(settings(SMALL_TOUCH), known)


def test_affection_that_is_left_unsaid_speaks_of_no_strength() -> None:
    _, _, made = touches(16, ahead=40)
    (reason,) = {item.reason for item in made.occurrences if "no word" in item.reason}
    assert reason.endswith(wording.FEWER_REASON)
    assert "hold" not in reason
    name = next(item.id for item in made.occurrences if "no word" in item.reason)
    assert one(made, name).id == OccurrenceId("small-touch", name.nominal)
