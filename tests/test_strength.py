"""The strength of a routine: the closed form, what freezes it, and how little one day without it does."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.model import (
    After,
    Arranged,
    CountedFrom,
    Daily,
    Fixed,
    FixedRule,
    MonthDays,
    NthWeekdays,
    Placed,
    Schedule,
    Span,
    Surprise,
    Times,
    Weekdays,
    YearDates,
)
from reconnectd.core.practice.cadence import interval
from reconnectd.core.practice.strength import Answer, Course, course, half_life, kept, strength

INTERVALS = st.floats(0.1, 400)
COURSES = st.lists(st.booleans(), max_size=60)
MONDAY = dt.date(2026, 11, 23)
NINE = dt.time(9)


def weekly(happened: str, first: dt.date = MONDAY - dt.timedelta(weeks=40)) -> list[Answer]:
    """ "yn.y": yes, no, nothing told, yes; a week apart."""
    days = (first + dt.timedelta(weeks=n) for n in range(len(happened)))
    return [Answer(day, told == "y") for day, told in zip(days, happened, strict=True) if told != "."]


def weekly_course(happened: str) -> Course:
    found = course(weekly(happened), 7, MONDAY - dt.timedelta(weeks=40 - len(happened)))
    assert found is not None
    return found


@given(st.integers(0, 200), INTERVALS)
def test_so_many_in_a_row_are_the_closed_form(k: int, days: float) -> None:
    assert strength([True] * k, days) == pytest.approx(1 - 2 ** (-k * days / half_life(days)))


@given(COURSES, st.integers(0, 50), INTERVALS)
def test_so_many_without_it_fade_by_the_closed_form(before: list[bool], k: int, days: float) -> None:
    began = strength(before, days)
    assert strength([*before, *[False] * k], days) == pytest.approx(began * 2 ** (-k * days / half_life(days)))


@given(COURSES, INTERVALS)
def test_it_is_the_weighted_sum_of_all_that_was_told(told: list[bool], days: float) -> None:
    rest = 2 ** (-days / half_life(days))
    weighed = sum((1 - rest) * rest ** (len(told) - 1 - n) for n, yes in enumerate(told) if yes)
    assert strength(told, days) == pytest.approx(weighed)
    assert 0 <= strength(told, days) <= 1


@given(COURSES, COURSES, INTERVALS)
def test_a_yes_in_place_of_a_no_never_makes_it_less(before: list[bool], after: list[bool], days: float) -> None:
    assert strength([*before, True, *after], days) >= strength([*before, False, *after], days)


@given(COURSES, INTERVALS)
def test_the_later_of_two_counts_more(before: list[bool], days: float) -> None:
    assert strength([*before, False, True], days) >= strength([*before, True, False], days)


def test_sixty_six_days_come_to_where_the_study_saw_half_the_people() -> None:
    assert strength([True] * 66, 1) == pytest.approx(0.95, abs=0.005)


@pytest.mark.parametrize(("days", "falls"), [(1, 0.045), (7, 0.137), (30.4, 0.185), (365, 0.205)])
def test_one_day_without_it_takes_little(days: float, falls: float) -> None:
    assert 1 - kept(days) == pytest.approx(falls, abs=0.001)


@given(st.lists(st.booleans(), min_size=1, max_size=80), st.floats(0.3, 400))
def test_one_day_without_it_never_ends_that_it_holds_by_itself(told: list[bool], days: float) -> None:
    answers = [Answer(MONDAY + dt.timedelta(days=n), yes) for n, yes in enumerate([*told, *[True] * 12])]
    before = course(answers, days, MONDAY)
    after = course([*answers, Answer(MONDAY + dt.timedelta(days=200), happened=False)], days, MONDAY)
    assert before is not None
    assert after is not None
    assert after.level >= min(before.level, 1)


def test_it_begins_to_hold_at_one_mark_and_ends_at_a_lower_one() -> None:
    assert [weekly_course("y" * n).level for n in (10, 11, 15, 16)] == [0, 1, 1, 2]
    assert [weekly_course("y" * 16 + "n" * n).level for n in (1, 2, 3, 4)] == [2, 1, 0, 0]
    assert weekly_course("y" * 16 + "nnn" + "yy").level == 0


@given(st.text("yn.", max_size=39), st.text(".", max_size=10))
def test_what_nothing_was_told_about_leaves_it_where_it_is(told: str, silence: str) -> None:
    one, other = course(weekly(told), 7, MONDAY), course(weekly(told + silence), 7, MONDAY)
    assert (one and one.strength) == (other and other.strength)


@given(st.text("yn", min_size=1, max_size=39), st.integers(0, 300))
def test_it_is_the_same_whenever_it_is_asked(told: str, days: int) -> None:
    then, later = (course(weekly(told), 7, day) for day in (MONDAY, MONDAY + dt.timedelta(days=days)))
    assert then is not None
    assert later is not None
    assert (then.strength, then.level, then.answers) == (later.strength, later.level, later.answers)


def test_a_routine_about_which_nothing_was_told_has_no_course() -> None:
    assert course([], 7, MONDAY) is None


@pytest.mark.parametrize(
    ("told", "hard"),
    [
        ("nnn", True), ("nn", False), ("yyy", False), ("y", False), ("nnny", False), ("nn.n", True),
        ("nyn", False), ("yyyyyyyynnn", False), ("ynnnn", True), ("ynnnnn", True), ("ynnnnnnn...", False),
    ],
)  # fmt: skip
def test_it_is_hard_when_three_stretches_were_whatever_came_before(told: str, hard: bool) -> None:
    assert weekly_course(told).is_hard is hard


def test_a_run_of_hard_stretches_is_known_by_its_first_day() -> None:
    first = MONDAY - dt.timedelta(weeks=40)
    assert weekly_course("yynnnnn").hard_since == first + dt.timedelta(weeks=4)
    assert weekly_course("yynnnnnn").hard_since == first + dt.timedelta(weeks=4)
    assert weekly_course("yyyy").hard_since is None


def test_a_new_routine_that_goes_well_is_never_hard() -> None:
    assert not any(weekly_course("y" * n).hard_stretches for n in range(1, 40))


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (Fixed(Daily(), NINE), 1), (Fixed(Daily(), NINE, 3), 3), (Fixed(Weekdays((0,)), NINE), 7),
        (Fixed(Weekdays((0, 2, 4)), NINE, 2), 14 / 3), (Fixed(MonthDays((1, 15)), NINE), 15.22),
        (Fixed(NthWeekdays(((1, 5),)), NINE), 30.44), (Fixed(YearDates(((6, 14),)), NINE), 365.25),
        (FixedRule("FREQ=WEEKLY;BYDAY=MO,TH", NINE), 3.5), (FixedRule("FREQ=MONTHLY;BYDAY=1SA", NINE), 30.4),
        (CountedFrom(Span(3, "week"), NINE), 21), (Surprise(Times(2, "day"), ()), 0.5),
        (Placed(Times(1, "month"), ()), 30.44), (After("unlock"), 1), (Arranged(), 7),
    ],
)  # fmt: skip
def test_a_cadence_is_the_mean_of_days_between_two(schedule: Schedule, days: float) -> None:
    assert interval(schedule) == pytest.approx(days, rel=0.01)


def test_a_rule_that_never_comes_true_has_a_cadence_all_the_same() -> None:
    assert math.isfinite(interval(FixedRule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", NINE)))
