"""When a word is said: leads, quiet hours, lateness, the question, at most so many."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from household import DATE_NIGHT, HOUR, MINUTE, MORNING_WORD, SMALL_TOUCH, berlin, fixed
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.model import Daily, Routine, Times
from reconnectd.core.occurrence import AFTERWARDS, SNOOZE, Occurrence, OccurrenceId, Phase, Reminder, State
from reconnectd.core.quiet import Quiet
from reconnectd.core.reminding import Manner, limited, questions, reminders

ZONE = ZoneInfo("Europe/Berlin")
NIGHT = (dt.time(22, 30), dt.time(7, 30))
MANNER = Manner(ZONE, Quiet(()), 30 * MINUTE, None, dt.time(4), 0)
LONG_AGO = berlin("2026-11-01 12:00")


def event(start: str, hours: float = 2, slug: str = "date-night", **changes: object) -> Occurrence:
    begin = berlin(start)
    item = Occurrence(
        OccurrenceId(slug, begin.astimezone(ZONE).date()), "Date night", "fixed", begin.astimezone(ZONE),
        (begin + hours * HOUR).astimezone(ZONE), "Europe/Berlin", ask=True,
    )  # fmt: skip
    return replace(item, **changes)  # type: ignore[arg-type]


def cue(start: str, slug: str = "morning-word", **changes: object) -> Occurrence:
    return replace(event(start, slug=slug), end=None, kind="cue", ask=False, **changes)  # type: ignore[arg-type]


def told(words: list[Reminder]) -> list[str]:
    return [f"{word.lead} {word.due.astimezone(ZONE):%a %H:%M}" for word in words]


AN_EVENT = replace(DATE_NIGHT, practice=None)
"""For time together there is one word more: see `test_beginning`."""


def leads(*hours: float, routine: Routine = AN_EVENT) -> Routine:
    return replace(routine, remind=tuple(hour * HOUR for hour in hours))


@pytest.mark.parametrize(
    ("start", "lead_hours", "quiet", "now", "expected"),
    [
        ("2026-11-27 19:30", (24, 1), (), "2026-11-20 12:00", ["86400 Thu 19:30", "3600 Fri 18:30"]),
        ("2026-11-27 19:30", (24, 1), (), "2026-11-27 09:00", ["86400 Thu 19:30", "3600 Fri 18:30"]),
        ("2026-11-27 19:30", (24, 1), (), "2026-11-27 18:45", ["3600 Fri 18:30"]),
        ("2026-11-27 19:30", (24, 1), (), "2026-11-27 19:30", []),
        ("2026-11-27 08:00", (1,), (NIGHT,), "2026-11-20 12:00", ["3600 Fri 07:30"]),
        ("2026-11-27 07:00", (1,), (NIGHT,), "2026-11-20 12:00", ["3600 Thu 22:30"]),
        ("2026-11-27 07:30", (1,), (NIGHT,), "2026-11-20 12:00", ["3600 Thu 22:30"]),
        ("2026-11-27 06:00", (2, 1), (NIGHT,), "2026-11-20 12:00", ["3600 Thu 22:30"]),
        ("2026-11-27 23:00", (0,), (NIGHT,), "2026-11-20 12:00", ["0 Fri 23:00"]),
        ("2026-11-27 23:45", (1, 0), (NIGHT,), "2026-11-20 12:00", ["3600 Fri 22:30", "0 Fri 23:45"]),
    ],
    ids=[
        "two leads", "one has come, the other waits", "the nearer overtakes", "not at the start any more",
        "held to the end of quiet", "brought forward", "quiet ends at the start", "two brought forward are one",
        "what was put into quiet rings", "a lead before it doesn't",
    ],
)  # fmt: skip
def test_leads(
    start: str, lead_hours: tuple[float, ...], quiet: tuple[tuple[dt.time, dt.time], ...], now: str, expected: list[str]
) -> None:
    manner = replace(MANNER, quiet=Quiet(quiet))
    assert told(reminders(event(start), leads(*lead_hours), manner, berlin(now))) == expected


def test_an_hour_before_is_an_hour_also_when_the_clocks_change() -> None:
    night = event("2026-03-29 03:30")
    (word,) = reminders(night, leads(1), MANNER, LONG_AGO.replace(year=2025))
    assert night.begins - word.due == HOUR
    assert word.due == dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("routine", "minutes_after", "is_said"),
    [
        (MORNING_WORD, 0, True),
        (MORNING_WORD, 29, True),
        (MORNING_WORD, 30, False),
        (replace(MORNING_WORD, late=2 * HOUR), 119, True),
        (replace(MORNING_WORD, late=0 * HOUR), 1, False),
        (SMALL_TOUCH, 1, True),
        (SMALL_TOUCH, 3, False),
        (replace(SMALL_TOUCH, late=10 * MINUTE), 9, True),
    ],
)
def test_how_late_a_cue_may_come(routine: Routine, minutes_after: int, *, is_said: bool) -> None:
    item = cue("2026-11-27 18:00", slug=routine.slug)
    now = item.begins + minutes_after * MINUTE
    assert bool(reminders(item, routine, MANNER, now)) is is_said


@pytest.mark.parametrize("state", [State.DONE, State.SKIPPED, State.MISSED])
def test_what_was_answered_has_no_words(state: State) -> None:
    item = event("2026-11-27 19:30", state=state)
    assert reminders(item, DATE_NIGHT, MANNER, LONG_AGO) == []
    assert questions([item], MANNER, LONG_AGO) == []


def test_a_snoozed_one_has_one_word() -> None:
    until = berlin("2026-11-27 18:50")
    (word,) = reminders(event("2026-11-27 19:30", snoozed_until=until), DATE_NIGHT, MANNER, LONG_AGO)
    assert (word.lead, word.due) == (SNOOZE, until)


def test_the_question_comes_once_a_day_after_the_last_event() -> None:
    day = [
        event("2026-11-27 10:00", slug="a"),
        event("2026-11-27 19:30", slug="b"),
        event("2026-11-28 10:00", slug="c"),
    ]
    asked = questions(day, MANNER, LONG_AGO)
    assert told(asked) == [f"{AFTERWARDS} Fri 22:00", f"{AFTERWARDS} Fri 22:00", f"{AFTERWARDS} Sat 12:30"]


def test_an_event_past_midnight_belongs_to_the_evening() -> None:
    asked = questions([event("2026-11-27 19:00", slug="a"), event("2026-11-27 23:00", slug="b")], MANNER, LONG_AGO)
    assert told(asked) == [f"{AFTERWARDS} Sat 01:30"] * 2


def test_the_question_waits_for_the_morning_and_then_for_a_day() -> None:
    (word,) = questions([event("2026-11-27 20:30")], replace(MANNER, quiet=Quiet((NIGHT,))), LONG_AGO)
    assert told([word]) == [f"{AFTERWARDS} Sat 07:30"]
    assert word.expires == berlin("2026-11-29 04:00")


def word_at(due: str, slug: str, phase: Phase = Phase.CUE, lead: str = "0") -> Reminder:
    at = berlin(due)
    return Reminder(OccurrenceId(slug, at.date()), lead, at, None, phase)


RANK = {"one-off": 0, "cue": 1, "surprise": 2}


def rank(name: OccurrenceId) -> int:
    return RANK.get(name.slug.partition("-x")[0], 1)


def limited_slugs(words: list[Reminder], at_most: Times, said: tuple[str, ...] = ()) -> list[str]:
    kept, _ = limited(words, replace(MANNER, at_most=at_most), [berlin(text) for text in said], rank)
    return [word.occurrence.slug for word in kept]


def test_at_most_keeps_what_matters_most() -> None:
    words = [
        word_at("2026-11-27 17:00", "surprise"), word_at("2026-11-27 18:00", "event", Phase.BEFORE, "3600"),
        word_at("2026-11-27 09:00", "cue"), word_at("2026-11-27 22:00", "event", Phase.AFTERWARDS, AFTERWARDS),
        word_at("2026-11-27 12:00", "one-off"),
    ]  # fmt: skip
    assert limited_slugs(words, Times(2, "day")) == ["one-off", "event"]
    assert limited_slugs(words, Times(3, "day")) == ["one-off", "event", "event"]
    assert limited_slugs(words, Times(5, "day")) == ["cue", "one-off", "surprise", "event", "event"]


def test_at_most_counts_what_was_said_and_begins_anew_with_the_day() -> None:
    words = [word_at("2026-11-27 12:00", "cue"), word_at("2026-11-28 03:00", "cue"), word_at("2026-11-28 12:00", "cue")]
    assert limited_slugs(words, Times(1, "day")) == ["cue", "cue"]
    assert limited_slugs(words, Times(1, "day"), ("2026-11-27 09:00",)) == ["cue"]
    assert limited_slugs(words, Times(2, "week")) == ["cue", "cue"]


def test_more_than_three_at_once_are_one() -> None:
    words = [word_at("2026-11-27 12:00", f"cue-x{n}") for n in range(9)]
    assert len(limited_slugs(words, Times(1, "day"))) == 9
    assert len(limited_slugs(words[:3], Times(1, "day"))) == 1


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: dt.time(n // 60, n % 60))


@given(
    start=st.integers(0, 60 * 24 * 14).map(lambda n: berlin("2026-03-20 00:00") + n * MINUTE),
    hours=st.lists(st.integers(0, 72), min_size=1, max_size=4, unique=True),
    quiet=st.lists(st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] != pair[1]), max_size=2),
    ago=st.integers(0, 80),
)
def test_every_word_comes_before_the_start_outside_quiet_and_none_twice(
    start: dt.datetime, hours: list[int], quiet: list[tuple[dt.time, dt.time]], ago: int
) -> None:
    """Whatever leads and quiet hours say: in time, not in quiet (but at the start itself), each instant once, and
    the nearest lead is never lost."""
    manner = replace(MANNER, quiet=Quiet(tuple(quiet)))
    item = replace(event("2026-11-27 19:30"), start=start.astimezone(ZONE), end=(start + HOUR).astimezone(ZONE))
    words = reminders(item, leads(*hours), manner, start - ago * HOUR)
    dues = [word.due for word in words]
    assert dues == sorted(set(dues))
    assert all(due <= start for due in dues)
    for word in words:
        inside = manner.quiet.holding(word.due, ZONE)
        at_its_beginning = inside is not None and inside[0] == word.due
        assert inside is None or word.lead == "0" or at_its_beginning
    if ago:
        assert words[-1].lead == str(min(hours) * 3600)


def test_a_fixed_cue_with_leads_has_its_buttons_at_its_moment() -> None:
    routine = fixed("anniversary", Daily(), "09:00", remind=(24 * HOUR, 0 * HOUR))
    words = reminders(cue("2026-11-27 09:00", slug="anniversary"), routine, MANNER, LONG_AGO)
    assert [(word.phase, word.lead) for word in words] == [(Phase.BEFORE, "86400"), (Phase.CUE, "0")]


def test_put_off_two_weeks_before_it_is_not_forgotten_on_its_day() -> None:
    routine = leads(14 * 24, 24, 0)
    item = event("2026-11-27 19:30", state=State.ANNOUNCED, snoozed_until=berlin("2026-11-13 20:30"))
    expected = [f"{SNOOZE} Fri 20:30", "86400 Thu 19:30", "0 Fri 19:30"]
    assert told(reminders(item, routine, MANNER, berlin("2026-11-13 19:40"))) == expected
