"""After a hard talk or a break: for a day no tender cue, and everything else as it was."""

from __future__ import annotations

import datetime as dt

from household import DATE_NIGHT, HOUR, MORNING_WORD, SMALL_TOUCH, SUNDAY_TALK, settings
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.occurrence import OccurrenceId, Phase, Reminder
from reconnectd.core.practice.calming import calmed

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
