"""`remember`: one word at one time, from the line or a pipe, with a name of its own."""

from __future__ import annotations

import pytest
from cli_runner import Person, person

__all__ = ["person"]

FRIDAY = "date-night@2026-11-27"


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


@pytest.mark.parametrize("at", ["now", "in 0 s", "2026-11-23T15:00:00.25"])
def test_a_word_is_kept_to_the_second_and_may_be_said_at_once(person: Person, at: str) -> None:
    row = person.json("remember", "--at", at, "flowers")["occurrence"]
    assert len(row["start"]) == len("2026-11-23T15:00:00+01:00")
    assert (row["reminders"], row["state"]) == ([row["start"]], "planned")


def test_nothing_is_not_remembered(person: Person) -> None:
    assert person.run("remember", "-", typed=" \n").code == 2
    assert person.run("remember", "  ").code == 2


def test_each_one_off_of_a_day_has_its_own_name_and_can_be_answered(person: Person) -> None:
    names = [person.json("remember", "--at", at, at)["occurrence"]["id"] for at in ("18:00", "12:00", "20:00")]
    assert names == ["remember@2026-11-23", "remember@2026-11-23.2", "remember@2026-11-23.3"]
    assert person.json("done", "remember")["occurrence"]["title"] == "12:00"
    assert person.json("skip", "remember@2026-11-23.3")["occurrence"]["state"] == "skipped"
    assert person.json("move", "tomorrow", "18:00", "remember")["occurrence"]["title"] == "18:00"
