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


def test_a_rest_is_silent_plans_nothing_new_and_ends(person: Person) -> None:
    rest = person.json("pause", "--until", "sat")
    assert rest == {
        "paused": [
            {
                "kind": "pause",
                "routine": None,
                "since": "2026-11-23T09:00:00+01:00",
                "until": "2026-11-28T04:00:00+01:00",
                "cleared": False,
            }
        ]
    }
    rows = person.json("plan")["occurrences"]
    assert [row["id"] for row in rows][:2] == [FRIDAY, "tea@2026-11-28"]
    assert rows[0]["reminders"] == []
    assert "Everything rests until Sat 28 Nov;" in person.run("next").out
    assert person.json("resume") == {"paused": []}
    assert person.json("next")["occurrences"][0]["id"] == "tea@2026-11-23"
    assert person.row(FRIDAY)["reminders"] != []


def test_one_routine_rests_and_the_others_go_on(person: Person) -> None:
    said = person.run("pause", "tea")
    assert said.out == "tea rests. `reconnect resume tea` ends it; what stands in the calendar stays.\n"
    assert {row["routine"] for row in person.json("plan")["occurrences"]} == {"date-night", "small-touch"}
    assert "tea still rests" in person.run("resume").out
    assert person.run("resume", "tea").out == "tea is back.\n"
    assert person.run("resume", "tea").out == "tea was not resting.\n"


def test_a_rest_in_the_config_is_ended_in_the_config(person: Person) -> None:
    person.home.write(person.home.config.read_text().replace("[routine.tea]", "[routine.tea]\npaused = true"))
    assert "`paused` in [routine.tea]" in person.run("resume", "tea").out


def test_a_series_that_was_deleted_comes_back_only_with_yes(person: Person) -> None:
    with contextlib.closing(Store(person.home.database)) as store:
        store.facts.stop_series("date-night", 1, person.now)
        store.plan.forget_key()
    assert "date-night" not in person.run("plan").out
    said = person.run("resume", "date-night")
    assert (said.code, "--yes" in said.err) == (2, True)
    person.home.write(person.home.config.read_text().replace("[time]", '[calendar]\nurl = "http://127.0.0.1:9"\n'
        'allow_insecure_http = true\nusername = "a"\npassword_command = ["echo", "x"]\n[time]'))  # fmt: skip
    assert person.run("resume", "date-night", "--yes").code == 0
    assert "date-night" in person.run("plan").out
    with contextlib.closing(Store(person.home.database)) as store:
        assert (store.facts.standings()["date-night"].generation, store.facts.standings()["date-night"].stopped) == (
            2, False,
        )  # fmt: skip


def test_a_move_into_a_rest_says_that_no_word_will_come(person: Person) -> None:
    person.run("pause", "--until", "sun")
    assert "no word about it will come" in person.run("move", "date-night", "sat", "18:00").out
