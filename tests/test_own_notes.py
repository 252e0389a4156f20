"""Notes of our own give way: one in a day, none in quiet hours or in the first days, and none is lost for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from household import BERLIN, DATE_NIGHT, HOUR, MONDAY_MORNING, MORNING_WORD, berlin, settings, store_in

from reconnectd.adapters.store import Store
from reconnectd.app.practice.invitation import let_go, send
from reconnectd.app.practice.notes import Note, say, say_once, take_back
from reconnectd.app.renewal import Place, renew
from reconnectd.core.model import ONE_OFF
from reconnectd.core.rest import EVERYTHING, Rest

ZONE = ZoneInfo("Europe/Berlin")
CONFIG = settings(DATE_NIGHT, MORNING_WORD, quiet=((dt.time(22, 30), dt.time(7, 30)),))
EVENING = berlin("2026-11-23 20:00")
TOKYO = Place("Asia/Tokyo", "rules")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


def coming(store: Store, place: Place = BERLIN, now: dt.datetime = MONDAY_MORNING) -> list[tuple[str, str]]:
    """The words about one-offs, on the clock of that place."""
    made = renew(store, CONFIG, place, now)
    titles = {item.id: item.title for item in made.occurrences}
    words = [(word.due, titles[word.occurrence]) for word in made.reminders if word.occurrence.slug == ONE_OFF]
    return [(f"{at.astimezone(ZoneInfo(place.zone)):%d %b %H:%M}", title) for at, title in words]


def test_of_two_at_one_time_one_comes_the_day_after_and_a_persons_own_comes_anyhow(store: Store) -> None:
    for key in ("one", "two", "three"):
        say_once(store, key, Note(key), EVENING, ZONE, MONDAY_MORNING)
    say(store, Note("what I put there"), EVENING, ZONE, MONDAY_MORNING)
    wanted = [
        ("23 Nov 20:00", "one"),
        ("23 Nov 20:00", "what I put there"),
        ("24 Nov 20:00", "two"),
        ("25 Nov 20:00", "three"),
    ]
    assert sorted(coming(store)) == wanted
    assert sorted(coming(store)) == wanted
    assert coming(store, now=berlin("2026-11-24 19:00"))[-2:] == wanted[-2:]


def test_in_a_zone_where_it_is_night_by_then_it_waits_for_the_morning(store: Store) -> None:
    say_once(store, "one", Note("one"), EVENING, ZONE, MONDAY_MORNING)
    assert coming(store, TOKYO) == [("24 Nov 07:30", "one")]


def test_none_comes_in_the_first_days(store: Store) -> None:
    end = MONDAY_MORNING + dt.timedelta(days=7)
    store.rests.replace([Rest(EVERYTHING, MONDAY_MORNING, end, "first-days")])
    say_once(store, "one", Note("one"), EVENING, ZONE, MONDAY_MORNING)
    assert coming(store) == [("30 Nov 09:00", "one")]


def test_one_that_was_put_off_is_let_go_of_by_its_new_time(store: Store) -> None:
    say_once(store, "other", Note("other"), EVENING, ZONE, MONDAY_MORNING)
    send(store, "pending", "one", Note("one"), EVENING, ZONE, MONDAY_MORNING)
    coming(store)
    let_go(store, "pending", berlin("2026-11-24 08:00"), only_ahead=True)
    assert store.told.when("one") is None
    assert [fact.title for fact in store.facts.of(ONE_OFF).values()] == ["other"]


def test_one_that_takes_the_name_of_one_that_was_said_is_said(store: Store) -> None:
    first = say_once(store, "one", Note("one"), EVENING, ZONE, MONDAY_MORNING)
    coming(store)
    assert first is not None
    (word,) = store.reminders.of(first)
    store.reminders.claim([word], "token", word.phase, EVENING)
    store.reminders.delivered("token", 1, "server")
    take_back(store, first)
    assert say_once(store, "two", Note("two"), EVENING + HOUR, ZONE, EVENING) == first
    assert coming(store, now=EVENING + HOUR / 2) == [("23 Nov 21:00", "two")]
