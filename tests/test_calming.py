"""After a hard talk or a break: for a day no tender cue, and everything else as it was."""

from __future__ import annotations

import datetime as dt

from cli_runner import Person, person
from household import DATE_NIGHT, HOUR, MORNING_WORD, SMALL_TOUCH, SUNDAY_TALK, settings
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.occurrence import OccurrenceId, Phase, Reminder
from reconnectd.core.practice.calming import calmed

__all__ = ["person"]
ROUTINES = settings(DATE_NIGHT, MORNING_WORD, SMALL_TOUCH, SUNDAY_TALK)
SLUGS = ["date-night", "morning-word", "small-touch", "sunday-talk", "remember", "topic"]
SINCE = dt.datetime(2026, 11, 23, 20, tzinfo=dt.UTC)


@given(st.lists(st.tuples(st.sampled_from(SLUGS), st.integers(-48, 72)), max_size=30))
def test_only_tender_cues_of_the_day_that_follows_are_left_out(said: list[tuple[str, int]]) -> None:
    words = [
        Reminder(OccurrenceId(slug, SINCE.date(), n + 1), "0", SINCE + hours * HOUR, None, Phase.CUE)
        for n, (slug, hours) in enumerate(said)
    ]
    kept, left = calmed(words, SINCE, ROUTINES.routine)
    tender = {"morning-word", "small-touch"}
    expected = [word for word, (slug, hours) in zip(words, said, strict=True) if slug in tender and 0 <= hours < 24]
    assert left == expected
    assert [word for word in words if word not in left] == kept
    assert calmed(words, None, ROUTINES.routine) == (words, [])


def test_a_tender_cue_that_waited_when_it_began_is_left_out_and_one_that_was_said_is_not() -> None:
    name, before = OccurrenceId("small-touch", SINCE.date()), SINCE - HOUR / 4
    waiting = Reminder(name, "0", before, before + HOUR / 2, Phase.CUE)
    assert calmed([waiting], SINCE, ROUTINES.routine) == ([], [waiting])
    assert calmed([waiting], SINCE, ROUTINES.routine, {(name, "0")}) == ([waiting], [])


def test_an_idea_of_affection_touches_nobody_on_that_day(person: Person) -> None:
    person.home.write(
        '[together]\nkinds = ["light touch"]\n[routine.mend]\npractice = "repair"\non = "sat"\nat = "11:00"\n'
    )
    assert person.run("idea", "affection").code == 0
    person.run("topic", "add", "-", typed="the shelf\n")
    assert person.run("topic", "went", "badly", "1").code == 0
    assert [person.run("idea", "affection", *more).code for more in ((), ("--another",))] == [1, 1]
    person.at("2026-11-24 09:01")
    assert person.run("idea", "affection", "--another").code == 0
