"""What a person answers: each verb in a pipe and as JSON, when it was, its undo, who hears of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import shlex
from typing import Any

import pytest
from cli_runner import FIELDS, Person, person
from home import wait_until

from reconnectd.adapters.store import Store

__all__ = ["person"]

FRIDAY = "date-night@2026-11-27"


@pytest.mark.parametrize(
    ("words", "verb", "name", "changed"),
    [
        ("done tea", "done", "tea@2026-11-23", {"state": "done", "reminders": []}),
        ("skip tea", "skip", "tea@2026-11-23", {"state": "skipped", "reminders": []}),
        (
            "snooze tea in 90 min", "snooze", "tea@2026-11-23",
            {"snoozed_until": "2026-11-23T10:30:00+01:00", "reminders": ["2026-11-23T10:30:00+01:00"]},
        ),
        (
            "snooze tomorrow tea", "snooze", "tea@2026-11-23",
            {"snoozed_until": "2026-11-24T09:00:00+01:00", "reminders": ["2026-11-24T09:00:00+01:00"]},
        ),
        (
            "move tea tomorrow 18:00", "move", "tea@2026-11-23",
            {
                "start": "2026-11-24T18:00:00+01:00", "pinned": True, "reminders": ["2026-11-24T18:00:00+01:00"],
                "reason": "moved here by hand; the routine says Mon 15:00",
            },
        ),
        (
            "move sat date-night", "move", FRIDAY,
            {
                "start": "2026-11-28T19:30:00+01:00", "end": "2026-11-28T21:30:00+01:00", "pinned": True,
                "reminders": [
                    "2026-11-27T19:30:00+01:00", "2026-11-28T18:30:00+01:00", "2026-11-28T19:30:00+01:00",
                    "2026-11-28T22:00:00+01:00",
                ],
                "reason": "moved here by hand; the routine says Fri 19:30",
            },
        ),
        (
            "move 2026-12-01T20:15 date-night@2026-12-04", "move", "date-night@2026-12-04",
            {
                "start": "2026-12-01T20:15:00+01:00", "end": "2026-12-01T22:15:00+01:00", "pinned": True,
                "reminders": [
                    "2026-11-30T20:15:00+01:00", "2026-12-01T19:15:00+01:00", "2026-12-01T20:15:00+01:00",
                    "2026-12-01T22:45:00+01:00",
                ],
                "reason": "moved here by hand; the routine says Fri 19:30",
            },
        ),
    ],
    ids=["done", "skip", "snooze", "snooze to a day", "move", "move to a day", "move by date"],
)  # fmt: skip
def test_an_answer_changes_what_it_says_and_undo_takes_it_back(
    person: Person, words: str, verb: str, name: str, changed: dict[str, Any]
) -> None:
    if words.endswith("date-night"):
        person.run("done", "--at", "fri 21:00", "date-night")
    before = person.row(name)
    document = person.json(*words.split())
    assert sorted(document) == ["also", "occurrence"]
    assert list(document["occurrence"]) == FIELDS
    assert document["also"] == []
    assert document["occurrence"] == before | changed
    assert person.row(name) == before | changed
    undone = person.json("undo")
    assert undone == {"undone": verb, "occurrence": before}
    assert person.row(name) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("done tea", "Tea (today at 15:00): done."),
        ("skip tea", "Tea (today at 15:00): not this time."),
        ("snooze 2h tea", "Tea (today at 15:00): again today at 11:00."),
        ("move 18:00 tea", "Tea (today at 18:00): moved there."),
        ("remember --at 18:00 buy flowers", "buy flowers: today at 18:00."),
    ],
)
def test_it_is_said_what_was_understood_and_how_to_take_it_back(person: Person, words: str, said: str) -> None:
    answer = person.run(*words.split())
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"{said} `reconnect undo` takes it back.\n"


def test_undo_goes_back_step_by_step_until_nothing_is_left(person: Person) -> None:
    for words in ("skip tea", "done tea@2026-11-24", "snooze 2h tea@2026-11-25", "remember --at 18:00 x"):
        assert person.run(*words.split()).code == 0
    assert [person.json("undo")["undone"] for _ in range(4)] == ["remember", "snooze", "done", "skip"]
    said = person.run("undo")
    assert (said.code, said.err.splitlines()[0]) == (2, "there is nothing to take back")


def test_a_one_off_that_is_taken_back_is_gone(person: Person) -> None:
    person.run("remember", "--at", "18:00", "flowers")
    assert person.json("undo") == {"undone": "remember", "occurrence": None}
    assert "flowers" not in person.run("plan").out


# done --at


@pytest.mark.parametrize(
    ("words", "name", "start"),
    [
        ('done --at "yesterday 21:00" tea', "tea@2026-11-22", "2026-11-22T15:00:00+01:00"),
        ('done --at "fri 21:00" date-night', "date-night@2026-11-20", "2026-11-20T19:30:00+01:00"),
        ('done --at "sat 19:00" date-night', "date-night@2026-11-20", "2026-11-20T19:30:00+01:00"),
        ('done --at "sun 19:00" date-night', "date-night@2026-11-22", "2026-11-22T19:00:00+01:00"),
        ('--at "yesterday 21:00" done tea', "tea@2026-11-22", "2026-11-22T15:00:00+01:00"),
        ("done --at yesterday tea", "tea@2026-11-22", "2026-11-22T15:00:00+01:00"),
        ("done --at today tea", "tea@2026-11-23", "2026-11-23T15:00:00+01:00"),
        ("done --at now tea@2026-11-21", "tea@2026-11-21", "2026-11-21T15:00:00+01:00"),
        ('done --at "fri 21:00"', "date-night@2026-11-20", "2026-11-20T19:30:00+01:00"),
    ],
)
def test_what_has_been_is_logged_where_it_was(person: Person, words: str, name: str, start: str) -> None:
    row = person.json(*shlex.split(words))["occurrence"]
    assert (row["id"], row["start"], row["state"]) == (name, start, "done")
    assert person.json("undo")["undone"] == "done"


def test_what_happened_on_another_day_is_one_more_and_twice_is_two(person: Person) -> None:
    first = person.json("done", "--at", "2026-11-18T20:00", "date-night")["occurrence"]
    assert (first["id"], first["state"], first["end"]) == ("date-night@2026-11-18", "done", None)
    assert first["reason"] == "it happened outside the routine's own days"
    assert person.json("why", "date-night@2026-11-20")["occurrence"]["state"] == "missed"
    again = person.json("done", "--at", "2026-11-18T20:05", "date-night")["occurrence"]
    assert again["id"] == "date-night@2026-11-18", "the same, not one more"
    person.run("undo")
    assert person.json("undo") == {"undone": "done", "occurrence": None}


def test_what_happened_before_anything_was_known_is_kept(person: Person) -> None:
    row = person.json("done", "--at", "2026-09-18T20:00", "date-night")["occurrence"]
    assert (row["id"], row["state"]) == ("date-night@2026-09-18", "done")
    with contextlib.closing(Store(person.home.database)) as store:
        assert store.facts.last_done("date-night") == dt.datetime(2026, 9, 18, 18, tzinfo=dt.UTC)


@pytest.mark.parametrize("words", ["move tomorrow 25:00 tea", "snooze 18:75 tea", "move 7:5 tea"])
def test_a_time_that_no_clock_shows_is_not_taken_for_a_name(person: Person, words: str) -> None:
    said = person.run(*words.split())
    assert (said.code, "is not a time that can be read" in said.err) == (2, True)


@pytest.mark.parametrize("at", ["tomorrow 18:00", "2026-11-23T09:01:00+01:00", "in 1 h"])
def test_what_is_ahead_is_not_done_yet(person: Person, at: str) -> None:
    said = person.run("done", "tea", "--at", at)
    assert (said.code, said.err.splitlines()[0]) == (2, "that is still ahead")


# The calendar and the daemon.

OFFLINE = """
[calendar]
url = "http://127.0.0.1:9/"
allow_insecure_http = true
username = "alex"
password_command = ["echo", "x"]
seen_by = "{seen_by}"
"""


def offline(person: Person, seen_by: str) -> None:
    config = person.home.config.read_text().replace("calendar = false\n", "")
    person.home.write(config + OFFLINE.format(seen_by=seen_by))


@pytest.mark.parametrize("words", ["skip date-night", "move sun 18:00 date-night", "done date-night"])
def test_offline_an_answer_is_exit_0(person: Person, words: str) -> None:
    offline(person, "me")
    said = person.run(*words.split())
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize(("flags", "for_both"), [((), False), (("--for-both",), True)])
def test_an_event_that_both_see_leaves_the_calendar_only_for_both(
    person: Person, flags: tuple[str, ...], for_both: bool
) -> None:
    offline(person, "both")
    said = person.run("skip", FRIDAY, *flags)
    assert ("stays in the calendar" in said.out) is not for_both
    with contextlib.closing(Store(person.home.database)) as store:
        (fact,) = [fact for fact in store.facts.exceptions("date-night") if str(fact.id) == FRIDAY]
        assert fact.for_both is for_both


def test_a_skip_and_what_is_done_after_all_reach_the_calendar_together(person: Person) -> None:
    offline(person, "me")
    person.run("skip", FRIDAY)
    person.run("done", FRIDAY)
    assert person.row(FRIDAY)["state"] == "done"


def test_the_daemon_hears_of_a_word_at_once(person: Person) -> None:
    with person.home.daemon():
        row = person.home.json("remember", "--at", "in 1 s", "flowers")["occurrence"]
        wait_until(lambda: _state_of_word(person, row["id"]) in {"held", "shown"}, "the word to be said or held")


def _state_of_word(person: Person, name: str) -> str:
    words = person.home.json("why", name)["words"]
    return str(words[0]["state"])


# A place that is taken.

TALK = """
[routine.talk]
title = "The talk"
on = "sat"
at = "20:00"
lasting = "1h"

[reminders]
quiet = ["22:30-07:30"]
"""


@pytest.mark.parametrize(
    ("words", "also", "notes"),
    [
        (
            "move date-night sat 19:00", ["talk@2026-11-28"],
            ["It overlaps with The talk (Saturday at 20:00, until 21:00)."],
        ),
        ("move date-night sat 18:00", [], []),
        ("move date-night sat 21:00", [], []),
        (
            "move date-night sat 23:00", [],
            ["That is in your quiet hours (until 07:30); words ahead of it come before they begin."],
        ),
        ("move tea sat 20:30", [], []),
        ("move tea sat 23:30", [], ["That is in your quiet hours (until 07:30); you put it there, so it rings."]),
        (
            "move date-night 2027-02-06T20:30", ["talk@2027-02-06"],
            ["It overlaps with The talk (Sat 6 February at 20:00, until 21:00)."],
        ),
    ],
)  # fmt: skip
def test_a_persons_word_wins_and_what_is_in_its_way_is_named(
    person: Person, words: str, also: list[str], notes: list[str]
) -> None:
    person.home.write(person.home.config.read_text() + TALK)
    document = person.json(*words.split())
    assert document["occurrence"]["pinned"] is True
    assert [row["id"] for row in document["also"]] == also
    assert document.get("notes", []) == notes
    assert person.run("undo").code == 0
    assert person.run(*words.split()).out.splitlines()[1:] == notes
