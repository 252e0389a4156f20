"""What a strength is made of: what people said, and what was asked and not answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from household import BERLIN, DATE_NIGHT, MORNING_WORD, berlin, settings, store_in

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.facts import fact_as_json, fact_from_json
from reconnectd.app.actions import Actions
from reconnectd.app.renewal import outlook, renew
from reconnectd.core.model import Practice
from reconnectd.core.occurrence import Fact, OccurrenceId, Phase, State
from reconnectd.core.practice.strength import Answer
from reconnectd.core.practice.told import answers, has_strength
from reconnectd.core.rest import Rest, RestKind

CONFIG = settings(DATE_NIGHT, MORNING_WORD)
FRIDAY = OccurrenceId("date-night", dt.date(2026, 11, 27))
OVER = berlin("2026-11-27 21:30")
NOT_ANSWERED = Fact(FRIDAY, State.MISSED, at=OVER, assumed=True, asked=True)


def ask(store: Store, now: dt.datetime) -> None:
    """The question about that Friday was said on a desktop."""
    words = [word for word in store.reminders.waiting(now) if word.phase is Phase.AFTERWARDS]
    assert [word.occurrence for word in words] == [FRIDAY]
    store.reminders.claim(words, "token", Phase.AFTERWARDS, now)
    store.reminders.delivered("token", 1, "a server")


def told(store: Store, now: dt.datetime) -> dict[str, list[Answer]]:
    return {slug: list(found) for slug, found in outlook(store, CONFIG, BERLIN, now).told.items()}


@pytest.mark.parametrize("asked", [True, False])
def test_that_it_did_not_happen_is_told_only_when_it_was_asked_about(tmp_path: Path, asked: bool) -> None:
    evening, saturday = berlin("2026-11-27 22:05"), berlin("2026-11-28 09:00")
    with store_in(tmp_path) as store:
        renew(store, CONFIG, BERLIN, berlin("2026-11-25 09:00"))
        renew(store, CONFIG, BERLIN, evening)
        if asked:
            ask(store, evening)
        renew(store, CONFIG, BERLIN, saturday)
        fact = store.facts.get(FRIDAY)
        assert fact is not None
        assert (fact.state, fact.asked) == (State.MISSED, asked)
        assert told(store, saturday) == ({"date-night": [Answer(FRIDAY.nominal, happened=False)]} if asked else {})


def test_what_a_person_said_later_is_what_is_told(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        store.facts.put(NOT_ANSWERED)
        now = berlin("2026-11-29 09:00")
        renew(store, CONFIG, BERLIN, now)
        item = next(item for item in renew(store, CONFIG, BERLIN, now).occurrences if item.id == FRIDAY)
        Actions(store).done(item, now, now)
        assert told(store, now) == {"date-night": [Answer(FRIDAY.nominal, happened=True)]}


def test_what_is_taken_for_done_tells_nothing(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        store.facts.put(Fact(OccurrenceId("morning-word", dt.date(2026, 11, 20)), State.DONE, at=OVER, assumed=True))
        assert told(store, OVER) == {}


def test_it_is_read_in_the_order_of_the_dates_however_long_ago(tmp_path: Path) -> None:
    days = [dt.date(2026, 11, 20), dt.date(2025, 3, 7), dt.date(2026, 1, 9)]
    with store_in(tmp_path) as store:
        for day in days:
            store.facts.put(Fact(OccurrenceId("date-night", day), State.DONE, at=OVER))
        assert [answer.day for answer in told(store, OVER)["date-night"]] == sorted(days)


def test_skipped_tells_nothing() -> None:
    assert answers([Fact(FRIDAY, State.SKIPPED, at=OVER), Fact(FRIDAY, None, start=OVER)], []) == ()


@pytest.mark.parametrize("kind", ["pause", "not-today", "lighter", "apart", "stop"])
@pytest.mark.parametrize("scope", ["*", "date-night", "another"])
def test_in_a_rest_nothing_is_told_of_what_did_not_happen(kind: RestKind, scope: str) -> None:
    rest = Rest(scope, OVER - dt.timedelta(days=3), OVER + dt.timedelta(days=3), kind)
    expected = (Answer(FRIDAY.nominal, happened=False),) if scope == "another" else ()
    assert answers([NOT_ANSWERED], [rest]) == expected
    happened = Fact(FRIDAY, State.DONE, at=OVER)
    assert answers([happened], [rest]) == (Answer(FRIDAY.nominal, happened=True),)


@pytest.mark.parametrize(
    ("since", "until", "told"), [(-9, -1, True), (-9, 0, True), (0, 9, False), (23, None, False), (24, None, True)]
)
def test_a_rest_counts_from_the_end_of_it_to_the_next_day(since: int, until: int | None, told: bool) -> None:
    hour = dt.timedelta(hours=1)
    rest = Rest("*", OVER + since * hour, None if until is None else OVER + until * hour)
    assert bool(answers([NOT_ANSWERED], [rest])) is told


def test_affection_has_no_strength() -> None:
    assert [has_strength(one) for one in (DATE_NIGHT, MORNING_WORD)] == [True, True]
    assert not has_strength(replace(MORNING_WORD, practice=Practice.AFFECTION))


def test_the_journal_remembers_that_it_was_asked() -> None:
    kept = fact_as_json(NOT_ANSWERED)
    before = [*kept[:6], None, True]
    assert fact_from_json(FRIDAY, kept).asked
    assert fact_from_json(FRIDAY, before) == fact_from_json(FRIDAY, [*before, ""])
    assert not fact_from_json(FRIDAY, [*before, ""]).asked
