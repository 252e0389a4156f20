"""Time that runs down in stages: nothing of it is lost or won, whatever is pressed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.cli.practice.countdown import moved
from reconnectd.core.practice.breather import breather
from reconnectd.core.practice.countdown import AWAY, Countdown, Stage, about, clock_face, length

SECONDS = st.floats(0.01, 4000)
STEP = st.floats(0, AWAY)


def of(*seconds: float, waits: bool = True) -> Countdown:
    return Countdown(tuple(Stage(each, f"part {number}") for number, each in enumerate(seconds)), waits=waits)


def run_down(countdown: Countdown) -> float:
    """Seconds that passed before all of them, before this moment, in full stages."""
    return sum(stage.seconds for stage in countdown.stages[: countdown.at]) + countdown.spent


@given(st.lists(SECONDS, min_size=1, max_size=8), st.lists(STEP, max_size=40))
def test_what_one_stage_leaves_over_belongs_to_the_next(stages: list[float], steps: list[float]) -> None:
    countdown = of(*stages)
    for step in steps:
        countdown = countdown.after(step)
    assert run_down(countdown) == pytest.approx(min(sum(steps), sum(stages)))
    assert countdown.is_over == (sum(steps) >= sum(stages)) or sum(steps) == pytest.approx(sum(stages))


@given(st.lists(SECONDS, min_size=1, max_size=8), st.lists(st.tuples(STEP, st.booleans()), max_size=40))
def test_a_pause_takes_nothing_away(stages: list[float], steps: list[tuple[float, bool]]) -> None:
    countdown, counted = of(*stages), 0.0
    for seconds, space in steps:
        counted += 0 if countdown.paused else seconds
        countdown = moved(countdown, seconds, " " if space else "")
    assert run_down(countdown) == pytest.approx(min(counted, sum(stages)))


@given(st.lists(SECONDS, min_size=1, max_size=6), st.lists(st.tuples(STEP, st.sampled_from(["", " ", "n", "back"]))))
def test_it_only_goes_forward_and_the_clock_never_shows_less_than_nothing(
    stages: list[float], steps: list[tuple[float, str]]
) -> None:
    countdown = of(*stages)
    for seconds, heard in steps:
        later = moved(countdown, seconds, heard)
        assert run_down(later) >= run_down(countdown) or later.is_over
        assert later.is_over or 0 < later.left <= later.stage.seconds
        wait = later.to_next_look
        assert (wait is None) == (later.paused or later.is_over)
        assert wait is None or 0 < wait <= 1
        assert wait is None or clock_face(later.left - wait - 1e-6) != clock_face(later.left)
        countdown = later


@pytest.mark.parametrize(
    ("heard", "seconds", "left", "paused"),
    [
        ("", AWAY + 1, 60, True),
        ("back", 2, 60, True),
        ("", 5, 55, False),
        (" ", 5, 55, True),
        ("resized", 5, 55, False),
    ],
)
def test_a_talk_waits_where_it_was_while_nobody_is_there(heard: str, seconds: float, left: float, paused: bool) -> None:
    later = moved(of(60), seconds, heard)
    assert (later.left, later.paused) == (left, paused)
    assert later.away == (seconds if left == 60 else 0)
    assert moved(later, 0, " ").away == 0


def test_a_break_goes_on_while_the_machine_sleeps() -> None:
    begun = breather(1200).after(300)
    assert moved(begun, 600, "").left == 300
    assert moved(begun, 600, "back").left == 300
    assert moved(begun, 4000, "").is_over


def test_a_pause_is_not_ended_by_a_sleep_of_the_machine() -> None:
    paused = of(60).after(10).toggled()
    assert moved(paused, 5000, "") == paused
    assert moved(dataclasses.replace(paused, waits=False), 5000, "").left == 50


@pytest.mark.parametrize(
    ("how", "at"),
    [
        (lambda it: moved(it, 1, "n"), 1),
        (lambda it: moved(it.toggled(), 1, "n"), 1),
        (lambda it: moved(it, 10, "n"), 1),
        (lambda it: moved(it, 9.5, "n"), 1),
        (lambda it: moved(moved(it, 1, "n"), 1, "n"), 2),
    ],
    ids=["running", "paused", "just over", "almost over", "twice"],
)
def test_next_is_one_step(how: Callable[[Countdown], Countdown], at: int) -> None:
    later = how(of(10, 20))
    assert (later.at, later.spent, later.paused) == (at, 0, False)


def test_what_is_over_stays_over() -> None:
    over = of(10).after(10)
    assert over.is_over
    assert [moved(over, 5, heard) for heard in ("", " ", "n", "back")] == [over] * 4
    with pytest.raises(IndexError):
        _ = over.stage


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_a_stage_lasts_a_while(seconds: float) -> None:
    with pytest.raises(ValueError, match="lasts"):
        Stage(seconds, "nothing")


@pytest.mark.parametrize(
    ("seconds", "face", "words"),
    [
        (0.2, "00:01", "1 second"), (45, "00:45", "45 seconds"), (59.5, "01:00", "1 minute"),
        (90, "01:30", "1 minute 30 seconds"), (480, "08:00", "8 minutes"), (3600, "60:00", "1 hour"),
        (3601, "60:01", "1 hour 1 second"), (5400, "90:00", "1 hour 30 minutes"), (21600, "360:00", "6 hours"),
    ],
)  # fmt: skip
def test_lengths_are_said_as_one_says_them(seconds: float, face: str, words: str) -> None:
    assert (clock_face(seconds), length(seconds)) == (face, words)


@pytest.mark.parametrize(
    ("seconds", "words"), [(7, "7 seconds"), (89, "1 minute"), (723.4, "12 minutes"), (7300, "2 hours 2 minutes")]
)
def test_how_long_nobody_was_there_is_said_to_the_minute(seconds: float, words: str) -> None:
    assert about(seconds) == words
