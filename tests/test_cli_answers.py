"""What a person answers: each verb in a pipe and as JSON, its names and times, its undo, its exit codes."""

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
                    "2026-11-27T19:30:00+01:00", "2026-11-28T18:30:00+01:00", "2026-11-28T22:00:00+01:00",
                ],
                "reason": "moved here by hand; the routine says Fri 19:30",
            },
        ),
        (
            "move 2026-12-01T20:15 date-night@2026-12-04", "move", "date-night@2026-12-04",
            {
                "start": "2026-12-01T20:15:00+01:00", "end": "2026-12-01T22:15:00+01:00", "pinned": True,
                "reminders": [
                    "2026-11-30T20:15:00+01:00", "2026-12-01T19:15:00+01:00", "2026-12-01T22:45:00+01:00",
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


# Names.


@pytest.mark.parametrize(
    ("now", "words", "name"),
    [
        ("2026-11-23 14:00", "done tea", "tea@2026-11-23"),
        ("2026-11-23 15:20", "done tea", "tea@2026-11-23"),
        ("2026-11-23 18:00", "done tea", "tea@2026-11-23"),
        ("2026-11-27 20:00", "done date-night", FRIDAY),
        ("2026-11-28 10:00", "done date-night", FRIDAY),
        ("2026-11-28 10:00", "skip date-night", "date-night@2026-12-04"),
        ("2026-11-27 22:30", "skip date-night", FRIDAY),
        ("2026-11-27 12:00", "done DATE-NIGHT", FRIDAY),
        ("2026-11-23 14:00", "done tea@2026-11-25", "tea@2026-11-25"),
    ],
    ids=[
        "ahead", "just past", "did not happen today", "going on", "did not happen yesterday", "the next open one",
        "over, not yet answered", "in capitals", "by its day",
    ],
)  # fmt: skip
def test_a_routine_alone_means_the_nearest_that_fits_the_verb(person: Person, now: str, words: str, name: str) -> None:
    person.at(now)
    assert person.json(*words.split())["occurrence"]["id"] == name


def test_the_announced_one_comes_before_a_nearer_one(person: Person) -> None:
    person.at("2026-11-26 20:00")
    person.announce(FRIDAY)
    person.run("move", "2026-11-26T21:00", "date-night@2026-12-04")
    assert person.row(FRIDAY)["state"] == "announced"
    assert person.json("skip", "date-night")["occurrence"]["id"] == FRIDAY


@pytest.mark.parametrize("words", ["done", "skip", "snooze in 90 min", "move tomorrow 18:00"])
def test_without_a_name_the_one_announced_is_meant(person: Person, words: str) -> None:
    person.at("2026-11-23 15:10")
    person.announce("tea@2026-11-23")
    assert person.json(*words.split())["occurrence"]["id"] == "tea@2026-11-23"


@pytest.mark.parametrize("words", ["done", "skip", "snooze in 90 min", "move tomorrow 18:00"])
def test_without_a_name_and_without_one_announced_it_is_asked_which(person: Person, words: str) -> None:
    said = person.run(*words.split())
    assert said.code == 2
    assert "which one? tea@2026-11-23 (today at 15:00)" in said.err


def test_of_two_announced_it_is_asked_which(person: Person) -> None:
    person.at("2026-11-27 15:05")
    person.announce("tea@2026-11-27")
    person.announce(FRIDAY)
    said = person.run("done")
    assert said.code == 2
    assert f"which one? {FRIDAY} (today at 19:30, until 21:30), tea@2026-11-27 (today at 15:00)" in said.err


def test_what_was_put_off_and_never_said_was_not_announced(person: Person) -> None:
    person.run("snooze", "2h", "tea")
    assert person.row("tea@2026-11-23")["state"] == "planned"


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("done dat-night", "date-night"), ("skip te", "tea"), ("snooze dat-night in 90 min", "date-night"),
        ("move tomorrow 18:00 dat-night", "date-night"), ("snooze dat-night", "date-night"),
        ("pause dat-night", "date-night"), ("resume dat-night", "date-night"), ("done date night", "date-night"),
        ("done date-night@2026-11-26", "date-night@2026-11-2"), ("done dat-night@2026-11-27", "date-night"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_knows_is_exit_2_with_a_near_one(person: Person, words: str, near: str) -> None:
    said = person.run("--json", *words.split())
    assert said.code == 2
    assert said.document["error"]["message"].startswith("nothing here is called")
    assert f'did you mean "{near}' in said.document["error"]["fix"]


@pytest.mark.parametrize(
    "words",
    [
        "snooze", "move", "snooze tea", "move tea", "snooze tea soon", "move soon tea", "snooze yesterday 18:00 tea",
        "move yesterday tea", "done tea yesterday", "done --at tomorrow tea", "done --at soon tea", "skip tea tomorrow",
        "remember --at yesterday x", "remember --at soon x", "pause --until yesterday", "pause --until soon",
        "pause tea@2026-11-23", "pause remember", "done remember",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_changes_nothing_and_is_exit_2(person: Person, words: str) -> None:
    before = person.json("plan")
    said = person.run(*words.split())
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert person.json("plan") == before
    assert person.run("undo").code == 2


@pytest.mark.parametrize("words", ["snooze 2h tea@2026-11-23", "move 18:00 tea@2026-11-23"])
def test_what_is_done_is_neither_moved_nor_put_off(person: Person, words: str) -> None:
    person.run("done", "tea")
    said = person.run(*words.split())
    assert (said.code, said.err.splitlines()[0]) == (2, "tea@2026-11-23 is done already")


def test_it_did_happen_after_all(person: Person) -> None:
    for words, state in (("skip tea", "skipped"), ("done tea@2026-11-23", "done"), ("skip tea@2026-11-23", "skipped")):
        assert person.json(*words.split())["occurrence"]["state"] == state


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


# remember


@pytest.mark.parametrize(
    ("at", "start"),
    [
        (("--at", "in 3 s"), "2026-11-23T09:00:03+01:00"), (("--at", "18:00:30"), "2026-11-23T18:00:30+01:00"),
        (("--at", "tomorrow"), "2026-11-24T09:00:00+01:00"), ((), "2026-11-23T10:00:00+01:00"),
        (("--at", "2027-06-14T08:00"), "2027-06-14T08:00:00+02:00"),
    ],
)  # fmt: skip
def test_a_one_off_is_to_the_second_and_rings_then(person: Person, at: tuple[str, ...], start: str) -> None:
    row = person.json("remember", *at, "buy", "flowers")["occurrence"]
    assert (row["title"], row["start"], row["end"], row["kind"]) == ("buy flowers", start, None, "cue")
    assert row["reminders"] == [start]
    assert row["routine"] == "remember"


@pytest.mark.parametrize("words", [("remember", "-"), ("remember",), ("remember", "--at", "18:00", "-")])
def test_what_is_to_be_remembered_is_read_from_a_pipe(person: Person, words: tuple[str, ...]) -> None:
    row = person.json(*words, typed="  call\nher \x1b[31mmother\x1b[0m\n")["occurrence"]
    assert row["title"] == "call her mother"


def test_nothing_is_not_remembered(person: Person) -> None:
    assert person.run("remember", "-", typed=" \n").code == 2
    assert person.run("remember", "  ").code == 2


def test_each_one_off_of_a_day_has_its_own_name_and_can_be_answered(person: Person) -> None:
    names = [person.json("remember", "--at", at, at)["occurrence"]["id"] for at in ("18:00", "12:00", "20:00")]
    assert names == ["remember@2026-11-23", "remember@2026-11-23.2", "remember@2026-11-23.3"]
    assert person.json("done", "remember")["occurrence"]["title"] == "12:00"
    assert person.json("skip", "remember@2026-11-23.3")["occurrence"]["state"] == "skipped"
    assert person.json("move", "tomorrow", "18:00", "remember")["occurrence"]["title"] == "18:00"


# pause, resume


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


def test_a_move_into_a_rest_says_that_no_word_will_come(person: Person) -> None:
    person.run("pause", "--until", "sun")
    assert "no word about it will come" in person.run("move", "date-night", "sat", "18:00").out


def test_a_skip_and_what_is_done_after_all_reach_the_calendar_together(person: Person) -> None:
    offline(person, "me")
    person.run("skip", FRIDAY)
    person.run("done", FRIDAY)
    assert person.row(FRIDAY)["state"] == "done"


@pytest.mark.parametrize("words", ["done {}", "skip {}", "snooze {} 2h", "move {} tomorrow 18:00"])
def test_the_second_one_of_a_day_is_named_by_its_number(person: Person, words: str) -> None:
    person.home.write(person.home.config.read_text().replace("1 per day", "2 per day"))
    name = "small-touch@2026-11-24.2"
    before, first = person.row(name), person.row("small-touch@2026-11-24")
    assert person.json(*words.format(name).split())["occurrence"]["id"] == name
    assert person.row(name) != before
    assert person.row("small-touch@2026-11-24") == first
    person.run("undo")
    assert person.row(name) == before


@pytest.mark.parametrize(
    "words",
    [
        ["move", "date-night", "sat 20:00"],
        ["move", "sat 20:00", "date-night"],
        ["move", "sat", "20:00", "date-night"],
        ["move", "date-night", "sat", "20:00"],
        ["move", "sat", "date-night", "20:00"],
        ["--json", "move", "date-night", "sat", "20:00"],
        ["move", "--json", "sat", "date-night", "at", "20:00"],
        ["move", "DATE-NIGHT", "Sat,", "8pm"],
        ["move", "date-night@2026-11-27", "2026-11-28T20:00"],
    ],
)
def test_words_after_a_command_stand_in_any_order(person: Person, words: list[str]) -> None:
    assert person.run(*words).code == 0
    assert person.row(FRIDAY)["start"] == "2026-11-28T20:00:00+01:00"


@pytest.mark.parametrize(
    "words",
    [
        *("skip tea --at 18:00", "--at 18:00 skip tea", "undo --at 18:00", "--at sat pause", "not-today --at sat"),
        *("--at sat lighter --until sun", "--at sat move tea 18:00", "snooze tea 2h --at sat", "--at sat stop --keep"),
        *("--at sat sync", "--at sat resume", "--at sat apart --until sun"),
    ],
)
def test_a_command_that_writes_has_no_other_present(person: Person, words: str) -> None:
    assert person.run(*words.split()).code == 2
    assert person.json("status")["rests"] == []
    assert person.row("tea@2026-11-23")["state"] == "planned"


@pytest.mark.parametrize("at", ["tomorrow 18:00", "2026-11-23T09:01:00+01:00", "in 1 h"])
def test_what_is_ahead_is_not_done_yet(person: Person, at: str) -> None:
    said = person.run("done", "tea", "--at", at)
    assert (said.code, said.err.splitlines()[0]) == (2, "that is still ahead")
