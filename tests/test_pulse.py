"""The rules of the pulse: what several of them say, and when nothing is said yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from household import DATE_NIGHT, MONDAY_MORNING, SUNDAY_TALK
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from reconnectd import config
from reconnectd.core.practice.answering import ANSWERS, standing_answer
from reconnectd.core.practice.labelled import labelled, number, several
from reconnectd.core.practice.pulse import (
    ROOT_WORDS,
    Pulse,
    Root,
    is_change,
    low_for_long,
    most_frequent,
    pulse_of,
    trend,
)
from reconnectd.errors import WrongUsage

NOW = MONDAY_MORNING
A_DAY = dt.timedelta(days=1)
SCALE = st.none() | st.integers(0, 10)
ROOTS = st.lists(st.sampled_from(Root), unique=True).map(tuple)
AGO = st.integers(-5 * 24, 100 * 24).map(lambda hours: NOW - dt.timedelta(hours=hours))
PULSES = st.lists(st.builds(Pulse, AGO, SCALE, SCALE, SCALE, st.text(max_size=5), ROOTS), max_size=12)


def pulses(*told: tuple[int, int | None, int | None]) -> list[Pulse]:
    """(days ago, close, heard) of each."""
    return [Pulse(NOW - days * A_DAY, close, heard) for days, close, heard in told]


def named(*told: tuple[int, str]) -> list[Pulse]:
    """(days ago, roots) of each."""
    return [Pulse(NOW - days * A_DAY, roots=tuple(map(Root, roots.split()))) for days, roots in told]


@given(PULSES)
def test_what_is_kept_comes_back(found: list[Pulse]) -> None:
    back = [pulse_of(one.at, one.body()) for one in found]
    ordered = [replace(one, roots=tuple(root for root in Root if root in one.roots)) for one in found]
    assert back == ordered


@pytest.mark.parametrize("body", [{"close": "7"}, {"close": 11}, {"heard": True}, {"good": 3}, {"load": 1.5}])
def test_what_came_from_elsewhere_and_is_no_pulse_is_none(body: dict[str, object]) -> None:
    assert pulse_of(NOW, body) is None
    assert pulse_of(NOW, {"roots": "work", "text": "?"}) == Pulse(NOW)


def test_a_root_of_a_later_version_is_left_out() -> None:
    body = Pulse(NOW, 5, roots=(Root.WORK,)).body() | {"roots": ["weather", "work"]}
    assert pulse_of(NOW, body) == Pulse(NOW, 5, roots=(Root.WORK,))


@given(PULSES)
def test_nothing_is_said_of_less_than_four_pulses_over_four_weeks(found: list[Pulse]) -> None:
    recent = [one.at for one in found if NOW - 56 * A_DAY <= one.at <= NOW]
    if len(recent) < 4 or max(recent) - min(recent) < 28 * A_DAY:
        assert most_frequent(found, NOW) is None
        assert trend(found, "close", NOW) is None
    if len([one for one in found if one.at <= NOW]) < 4:
        assert not low_for_long(found, NOW)


@few(max_examples=40)
@given(PULSES, st.randoms())
def test_the_order_in_which_they_are_told_changes_nothing(found: list[Pulse], random: object) -> None:
    once = {one.at: one for one in found}
    mixed = list(once.values())
    random.shuffle(mixed)  # type: ignore[attr-defined]
    for rule in (most_frequent, low_for_long, lambda all_, now: trend(all_, "heard", now)):
        assert rule(mixed, NOW) == rule(list(once.values()), NOW)


@given(st.integers(0, 10), st.lists(st.integers(0, 55), min_size=2, unique=True))
def test_the_same_answer_each_time_is_no_change(value: int, days: list[int]) -> None:
    slope = trend(pulses((0, value, None), (56, value, None), *((day, value, None) for day in days)), "close", NOW)
    assert slope == 0
    assert not is_change(slope)


@pytest.mark.parametrize(
    ("close", "changed", "sign"),
    [([3, 4, 5, 6, 7], True, 1), ([7, 6, 5, 4, 3], True, -1), ([5, 5, 0, 5, 5], False, 0), ([5, 5, 5, 6, 5], False, 0)],
)
def test_a_change_is_a_trend_and_no_single_evening(close: list[int], changed: bool, sign: int) -> None:
    slope = trend(pulses(*((28 - 7 * week, value, None) for week, value in enumerate(close))), "close", NOW)
    assert slope is not None
    assert is_change(slope) == changed
    assert slope * sign >= 0


@pytest.mark.parametrize(
    ("told", "root"),
    [
        ([(28, "work"), (20, "money work"), (10, "money"), (0, "money")], "money"),
        ([(28, "work"), (20, "work"), (10, "money"), (0, "money")], "money"),
        ([(28, "money"), (20, "money"), (10, "work"), (0, "work")], "work"),
        ([(28, "work"), (20, "money"), (10, "care"), (0, "hurt")], None),
        ([(28, "else"), (20, "else"), (10, "else"), (0, "")], None),
        ([(27, "work"), (20, "work"), (10, "work"), (0, "work")], None),
        ([(28, "work"), (20, "work"), (0, "work")], None),
        ([(90, "work"), (80, "work"), (70, "work"), (50, "time"), (40, "time"), (30, ""), (0, "")], "time"),
    ],
)
def test_the_root_named_most_often(told: list[tuple[int, str]], root: str | None) -> None:
    assert most_frequent(named(*told), NOW) == root


@pytest.mark.parametrize(
    ("told", "low"),
    [
        ([(42, 3, 3), (28, 2, 1), (14, 0, 3), (0, 3, None)], True),
        ([(60, 3, 3), (45, 2, 1), (28, 0, 3), (15, None, 3)], True),
        ([(41, 3, 3), (28, 2, 1), (14, 0, 3), (0, 3, 3)], False),
        ([(42, 3, 3), (28, 2, 4), (14, 0, 3), (0, 3, 3)], False),
        ([(42, 3, 3), (28, 2, 1), (0, 3, 3)], False),
        ([(60, 3, 3), (50, 3, 3), (42, 2, 1), (20, 2, 2), (0, 3, 3)], False),
        ([(60, 3, 3), (50, 3, 3), (42, 2, 1), (30, 2, 2)], False),
        ([(42, 3, 3), (28, None, None), (27, 3, 3), (14, 0, 3), (0, 3, 3)], True),
        ([(90, 9, 9), (42, 3, 3), (28, 2, 1), (14, 0, 3), (0, 3, 3)], True),
    ],
)
def test_low_for_six_weeks_is_an_unbroken_row(told: list[tuple[int, int | None, int | None]], low: bool) -> None:
    assert low_for_long(pulses(*told), NOW) == low


@pytest.mark.parametrize("value", [-1, 11])
def test_a_pulse_is_from_0_to_10(value: int) -> None:
    with pytest.raises(ValueError, match="0 to 10"):
        Pulse(NOW, heard=value)


@pytest.mark.parametrize("root", [root for root in Root if root is not Root.ELSE])
def test_each_root_has_a_routine_that_a_config_takes(root: Root) -> None:
    answer = ANSWERS[root]
    routine = config.parse(answer.fragment, Path("config.toml")).routine(answer.slug)
    assert routine is not None
    assert (routine.practice, routine.title) == (answer.practice, answer.title)
    assert standing_answer(answer, (routine,)) == routine
    assert standing_answer(answer, ()) is None


def test_what_stands_already_is_named_in_place_of_a_new_one() -> None:
    assert standing_answer(ANSWERS[Root.TIME], (SUNDAY_TALK, DATE_NIGHT)) == DATE_NIGHT
    assert standing_answer(ANSWERS[Root.MONEY], (SUNDAY_TALK,)) is None


def test_every_root_has_its_words() -> None:
    assert set(ROOT_WORDS) == set(Root)


def test_lines_are_read_with_or_without_a_colon() -> None:
    found = labelled(
        "close: 7\nHEARD 0\n\nload:\ngood the \x1b[31mtea: warm\n", ("close", "heard", "load", "good"), 300
    )
    assert found == {"close": "7", "heard": "0", "good": "the tea: warm"}
    assert (number("close", found), number("heard", found), number("load", found)) == (7, 0, None)
    assert several("roots", {"roots": "Work, money,work"}, {"work": 1, "money": 2}) == [1, 2]


def read(text: str) -> None:
    found = labelled(text, ("close", "roots"), 300)
    number("close", found)
    several("roots", found, {"work": 1})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("close: 7\nthe secret: x", "line 2"),
        ("close: 7\nclose: 8", "line 2 answers close a second time"),
        ("close: 11", "close is a whole number"),
        ("close: seven", "close is a whole number"),
        ("close: ²", "close is a whole number"),
        ("roots: work, secret", "roots takes"),
    ],
)
def test_a_line_that_is_odd_is_named_without_what_stands_in_it(text: str, says: str) -> None:
    with pytest.raises(WrongUsage, match=says) as told:
        read(text)
    assert "secret" not in str(told.value)
    assert "seven" not in str(told.value)
