"""Rests as a person says them: pause, resume, and that each of it can be taken back."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from cli_runner import Person, person

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.schema import MIGRATIONS
from reconnectd.core.rest import Rest

__all__ = ["person"]

FRIDAY = "date-night@2026-11-27"


def holding(person: Person) -> list[tuple[str, str]]:
    """(kind, scope) of the rests that hold."""
    with contextlib.closing(Store(person.home.database)) as store:
        return [(rest.kind, rest.scope) for rest in store.rests.all() if rest.covers(person.now)]


def test_what_lay_in_a_rest_is_no_miss_after_it_either(person: Person) -> None:
    person.run("pause", "date-night")
    person.at("2026-11-29 12:00")
    person.run("resume", "date-night")
    person.at("2026-11-30 12:00")
    person.run("next")
    assert not [row for row in person.json("week", "--at", "sun 13:00")["occurrences"] if row["id"] == FRIDAY]
    assert person.row("date-night@2026-12-04")["reminders"] != []


def test_an_earlier_rest_stays_one_when_another_begins(person: Person) -> None:
    person.run("pause")
    person.at("2026-11-24 09:00")
    person.run("resume")
    person.at("2026-11-25 09:00")
    person.run("pause")
    states = [(row["id"], row["state"]) for row in person.json("week")["occurrences"] if row["routine"] == "tea"]
    assert states == [("tea@2026-11-24", "missed")]


def test_a_word_held_by_a_rest_does_not_come_in_quiet_hours(person: Person) -> None:
    person.home.write(person.home.config.read_text() + '\n[reminders]\nquiet = ["22:30-07:30"]\n')
    person.run("pause", "--until", "fri")
    assert person.row(FRIDAY)["reminders"][0] == "2026-11-27T07:30:00+01:00"


def test_each_word_about_a_rest_is_taken_back_step_by_step(person: Person) -> None:
    for words in ("pause tea", "pause --until sat", "resume", "pause"):
        assert person.run(*words.split()).code == 0
    assert holding(person) == [("pause", "tea"), ("pause", "*")]
    assert person.json("undo")["undone"] == "pause"
    assert holding(person) == [("pause", "tea")]
    assert person.run("undo").out == "Taken back: resume.\n"
    assert holding(person) == [("pause", "tea"), ("pause", "*")]
    assert person.json("undo") | {"paused": []} == {"undone": "pause", "occurrence": None, "paused": []}
    assert person.run("undo").out == "Taken back: pause tea.\n"
    assert holding(person) == []
    assert person.row("tea@2026-11-23")["state"] == "planned"


def test_answers_and_rests_are_taken_back_in_their_order(person: Person) -> None:
    for words in ("skip tea", "pause", "done tea@2026-11-24"):
        person.run(*words.split())
    assert [person.json("undo")["undone"] for _ in range(3)] == ["done", "pause", "skip"]


@pytest.mark.parametrize("words", ["pause --until yesterday", "pause remember", "pause tee", "pause tea@2026-11-24"])
def test_what_cannot_rest_is_exit_2_and_changes_nothing(person: Person, words: str) -> None:
    assert person.run(*words.split()).code == 2
    assert holding(person) == []


def test_rests_of_an_older_database_are_taken_along(person: Person) -> None:
    person.home.database.unlink()
    with contextlib.closing(sqlite3.connect(person.home.database)) as old:
        old.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
        old.execute("INSERT INTO pause VALUES ('tea', ?, NULL)", (person.now.timestamp(),))
        old.commit()
    assert "tea rests" in person.run("next").out
    with contextlib.closing(Store(person.home.database)) as store:
        assert store.rests.all() == [Rest("tea", person.now, None)]
