"""Notes of patience: what to expect, a welcome back, an offer of something smaller; each once, never a reproach."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_runner import Person, person
from household import (
    ANNIVERSARY,
    BERLIN,
    DATE_NIGHT,
    HOUR,
    MORNING_WORD,
    SMALL_TOUCH,
    SUNDAY_TALK,
    berlin,
    fixed,
    settings,
    store_in,
)

from reconnectd.adapters.store import Store
from reconnectd.app.renewal import renew
from reconnectd.core import wording
from reconnectd.core.model import (
    ONE_OFF,
    CountedFrom,
    MonthDays,
    NthWeekdays,
    Placed,
    Routine,
    Span,
    Times,
    Weekdays,
)
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.practice import expectation
from reconnectd.core.practice.hour import calm_hour
from reconnectd.core.practice.smaller import ways
from reconnectd.core.quiet import Quiet
from reconnectd.core.rest import Rest, RestKind
from reconnectd.core.settings import Settings

__all__ = ["person"]

A_DAY = 24 * HOUR
BERLIN_TIME = ZoneInfo(BERLIN.zone)
BEGUN = berlin("2026-03-02 20:00")
CONFIG = settings(DATE_NIGHT, MORNING_WORD, SMALL_TOUCH)
WELCOME = expectation.WELCOME_TITLE
FIRST, SECOND, THIRD = (one.title for one in expectation.MILESTONES)


def notes(store: Store) -> list[tuple[str, str]]:
    """What was put among the things to remember: when on a clock in Berlin, and its title."""
    facts = store.facts.of(ONE_OFF).values()
    said = sorted((fact.start, fact.title or "") for fact in facts if fact.start)
    return [(f"{at.astimezone(BERLIN_TIME):%d %b %H:%M}", title) for at, title in said]


@contextmanager
def begun(folder: Path) -> Iterator[Store]:
    """A state in which all routines are known since the beginning."""
    with store_in(folder) as store:
        store.facts.observe({"date-night": BERLIN.zone, "morning-word": None, "small-touch": None}, BEGUN)
        yield store


def live(store: Store, days: Sequence[int], config: Settings = CONFIG, hour: int = 0) -> None:
    """Plans are made on these days after the beginning, in the evening."""
    for day in days:
        renew(store, config, BERLIN, BEGUN + day * A_DAY + hour * HOUR)


def test_there_is_a_note_after_14_30_and_66_days_at_a_calm_hour(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        live(store, [0, 7, 13, *range(14, 19), 25, 30, 31, 42, 54, 66, 67, 70])
        assert notes(store) == [("17 Mar 12:00", FIRST), ("02 Apr 12:00", SECOND), ("08 May 12:00", THIRD)]


def test_a_note_is_a_word_at_that_hour_with_its_text_below(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        live(store, [0, 7, 14])
        (name,) = store.facts.of(ONE_OFF)
        assert [word.due for word in store.reminders.of(name)] == [berlin("2026-03-17 12:00")]
        (row,) = store.plan.of(ONE_OFF)
        assert (row.title, row.prompt, row.private) == (FIRST, expectation.MILESTONES[0].body, True)


@pytest.mark.parametrize("day", ["2026-11-23 12:00", "2026-11-29 12:00", "2026-11-29 18:30"])
def test_what_the_welcome_says_can_be_typed(person: Person, day: str) -> None:
    (typed,) = re.findall(r"`(.+)`", expectation.WELCOME_BODY)
    person.at(day)
    assert person.run(*typed.split()[1:]).code == 0


def test_it_is_one_note_for_all_routines_and_one_that_is_new_changes_nothing(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        live(store, [0, 9])
        live(store, [10, 14, 15, 24, 30, 31, 44, 55], replace(CONFIG, routines=(*CONFIG.routines, ANNIVERSARY)))
        assert [title for _, title in notes(store)] == [FIRST, SECOND]


def test_a_note_whose_day_is_long_past_is_not_said(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        live(store, [0, 12, 25, 29])
        assert notes(store) == []
        live(store, [33])
        assert [title for _, title in notes(store)] == [SECOND]


def test_notes_keep_clear_of_quiet_hours(tmp_path: Path) -> None:
    quiet = replace(CONFIG, reminders=replace(CONFIG.reminders, quiet=((dt.time(11), dt.time(14)),)))
    with begun(tmp_path) as store:
        live(store, [0, 13, 14, 15], quiet)
        assert notes(store) == [("17 Mar 18:30", FIRST)]


@pytest.mark.parametrize("kind", ["pause", "stop", "not-today"])
def test_nothing_is_said_while_everything_rests(tmp_path: Path, kind: RestKind) -> None:
    with begun(tmp_path) as store:
        store.rests.replace([Rest("*", BEGUN + 13 * A_DAY, BEGUN + 16 * A_DAY, kind)])
        live(store, [2, 13, 14, 15])
        assert notes(store) == []
        live(store, [16, 17])
        assert [title for _, title in notes(store)] == [FIRST]


def test_a_note_that_waits_is_taken_back_when_a_rest_begins_and_comes_later(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        live(store, [2, 13, 14])
        assert notes(store) == [("17 Mar 12:00", FIRST)]
        store.rests.replace([Rest("*", BEGUN + 14 * A_DAY + HOUR, BEGUN + 16 * A_DAY)])
        live(store, [14], hour=2)
        assert notes(store) == []
        live(store, range(15, 21))
        assert notes(store) == [("19 Mar 12:00", FIRST)]


def test_where_every_routine_is_paused_by_the_config_nothing_is_said(tmp_path: Path) -> None:
    paused = replace(CONFIG, routines=tuple(replace(one, paused=True) for one in CONFIG.routines))
    with begun(tmp_path) as store:
        live(store, [9, 14, 15], paused)
        live(store, [16, 17], replace(CONFIG, routines=()))
        assert notes(store) == []


@pytest.mark.parametrize(("away", "welcomed"), [(13, False), (14, True), (300, True), (1200, False)])
def test_after_two_weeks_in_which_nothing_ran_there_is_one_welcome(tmp_path: Path, away: int, welcomed: bool) -> None:
    with begun(tmp_path) as store:
        live(store, range(100, 103))
        live(store, [102 + away], hour=1)
        live(store, [103 + away, 105 + away, 117 + away])
        assert [title for _, title in notes(store)] == [WELCOME] * welcomed


@pytest.mark.parametrize(("days", "scope", "kind", "welcomed"), [
    (20, "*", "pause", True), (20, "*", "stop", True), (13, "*", "pause", False), (20, "date-night", "pause", False),
    (20, "*", "lighter", False), (20, "*", "apart", False),
])  # fmt: skip
def test_after_a_long_pause_of_everything_there_is_one_welcome(
    tmp_path: Path, days: int, scope: str, kind: RestKind, welcomed: bool
) -> None:
    with begun(tmp_path) as store:
        store.rests.replace([Rest(scope, BEGUN + 101 * A_DAY, BEGUN + (101 + days) * A_DAY, kind)])
        live(store, [90, 100, 110, 113, 114, 115, 120, 121, 122, 123, 130])
        assert [title for _, title in notes(store)] == [WELCOME] * welcomed


def test_nobody_is_welcomed_into_a_pause_that_goes_on(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        live(store, range(90, 92))
        store.rests.replace([Rest("*", BEGUN + 91 * A_DAY, None)])
        live(store, [130, 131])
        assert notes(store) == []


def not_happened(slug: str, weeks: Sequence[int]) -> list[Fact]:
    friday = dt.date(2026, 3, 6)
    days = [friday + dt.timedelta(weeks=week) for week in weeks]
    over = [dt.datetime.combine(day, dt.time(20, 30), dt.UTC) for day in days]
    return [
        Fact(OccurrenceId(slug, day), State.MISSED, at=at, assumed=True, asked=True)
        for day, at in zip(days, over, strict=True)
    ]


def hard(store: Store, weeks: int, config: Settings = CONFIG, *slugs: str) -> None:
    """So many weeks, from the fourteenth on, in which it was asked about on Friday and nobody answered."""
    for week in range(13, 13 + weeks):
        for slug in slugs or ("date-night",):
            for fact in not_happened(slug, [week]):
                store.facts.put(fact)
        live(store, [7 * week + 6, 7 * week + 8], config)


def test_after_three_hard_weeks_smaller_is_offered_once(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        hard(store, 9)
        assert notes(store) == [("24 Jun 12:00", "Date night: would smaller suit you better?")]
        (fact,) = store.facts.of(ONE_OFF).values()
        assert fact.body.startswith("It could be every two weeks, or 1 h instead of 2 h. ")


def test_two_hard_weeks_are_nothing_to_speak_of(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        hard(store, 2)
        live(store, [112, 119, 126])
        assert notes(store) == []


def test_of_several_routines_one_is_offered_in_four_weeks(tmp_path: Path) -> None:
    talk = replace(DATE_NIGHT, slug="talk", title="Talk")
    with begun(tmp_path) as store:
        hard(store, 9, replace(CONFIG, routines=(*CONFIG.routines, talk)), "date-night", "talk")
        assert [title.partition(":")[0] for _, title in notes(store)] == ["Date night", "Talk"]
        first, second = (at for key, at in sorted(store.told.all().items()) if key.startswith("smaller"))
        assert second - first >= dt.timedelta(weeks=4)


def test_affection_is_never_offered_smaller(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        hard(store, 6, CONFIG, "small-touch")
        assert notes(store) == []


def test_a_routine_that_rests_is_not_offered_smaller(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        hard(store, 6, replace(CONFIG, routines=(replace(DATE_NIGHT, paused=True), MORNING_WORD)))
        assert notes(store) == []


@pytest.mark.parametrize(
    ("now", "quiet", "calm"),
    [
        ("2026-11-23 09:00", (), "2026-11-23 12:00"), ("2026-11-23 12:00", (), "2026-11-23 18:30"),
        ("2026-11-23 20:00", (), "2026-11-24 12:00"), ("2026-11-23 09:00", (("08:00", "13:00"),), "2026-11-23 18:30"),
        ("2026-11-23 09:00", (("08:00", "20:00"),), "2026-11-23 20:00"),
        ("2026-11-23 09:00", (("00:00", "00:00"),), "2026-11-23 12:00"),
    ],
)  # fmt: skip
def test_a_calm_hour_is_noon_or_early_evening_outside_quiet(now: str, quiet: Any, calm: str) -> None:
    windows = tuple((dt.time.fromisoformat(begin), dt.time.fromisoformat(end)) for begin, end in quiet)
    assert calm_hour(berlin(now), BERLIN_TIME, Quiet(windows)) == berlin(calm)


@pytest.mark.parametrize(
    ("routine", "smaller"),
    [
        (DATE_NIGHT, ["every two weeks", "1 h instead of 2 h"]),
        (SUNDAY_TALK, ["every two weeks", "20 min instead of 45 min"]),
        (MORNING_WORD, ["every second day"]), (fixed("a", Weekdays((0, 2)), "09:00"), ["one day fewer in a week"]),
        (fixed("a", MonthDays((1,)), "09:00"), ["every two months"]), (ANNIVERSARY, []),
        (fixed("a", NthWeekdays(((1, 5), (3, 5))), "09:00"), ["one day fewer in a month"]),
        (SMALL_TOUCH, ["a few times a week"]),
        (Routine("a", "A", CountedFrom(Span(3, "week"), dt.time(9))), ["6 weeks after the last time"]),
        (Routine("a", "A", Placed(Times(2, "week"), ())), ["once a week"]),
        (Routine("a", "A", Placed(Times(3, "week"), ())), ["2 times a week"]),
    ],
)  # fmt: skip
def test_smaller_is_said_in_words(routine: Routine, smaller: list[str]) -> None:
    assert ways(routine) == smaller


FORBIDDEN = {
    "due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target", "should", "debt", "guilt",
    "percent", "fail", "lazy", "again?", "lost", "behind",
}  # fmt: skip


def sentences() -> list[str]:
    return [
        *(text for one in expectation.MILESTONES for text in (one.title, one.body)),
        WELCOME, expectation.WELCOME_BODY, expectation.SLOW, expectation.smaller_title("Tea"),
        expectation.smaller_body(ways(DATE_NIGHT)), expectation.smaller_body([]),
        wording.HOLDS_REASON, wording.FEWER_REASON,
    ]  # fmt: skip


def test_no_sentence_counts_debts() -> None:
    words = set(re.findall(r"[a-z]+", " ".join(sentences()).lower()))
    assert words.isdisjoint(FORBIDDEN)
    assert "%" not in "".join(sentences())


def test_each_note_names_its_study_and_how_far_it_goes() -> None:
    for one in expectation.MILESTONES:
        assert re.search(r"\((Lally|Singh) and others, (2010|2024)\)", one.body)
    assert "about health" in expectation.MILESTONES[0].body
    assert "not very certain" in expectation.MILESTONES[1].body
    assert all(len(one.title) <= 60 and len(one.body) <= 400 for one in expectation.MILESTONES)
