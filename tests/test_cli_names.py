"""What a command means by the names and times after it, in any order, and what it can't mean."""

from __future__ import annotations

import pytest
from cli_runner import Person, person

__all__ = ["person"]

FRIDAY = "date-night@2026-11-27"


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
