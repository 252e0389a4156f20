"""`reconnect topic`: a private list, a calm time, and what comes after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from cli_runner import Person, person
from household import BERLIN, MONDAY_MORNING, settings, store_in

from reconnectd.app.renewal import renew
from reconnectd.app.topics import Topics
from reconnectd.core.model import Span
from reconnectd.core.settings import Privacy

__all__ = ["person"]

CANARY = "The blue vase, and who was to water the plants"
PART = "I had said I would see to it"


def kept(person: Person, text: str = CANARY, warmth: int = 3, part: str = "") -> int:
    """Keep one; its number."""
    topic = person.json("topic", "add", typed=f"{text}\n{warmth}\n{part}\n")["topic"]
    return int(topic["number"])


def stands(person: Person, number: int = 1) -> str:
    topics = {one["number"]: one for one in person.json("topic", "list", "--all")["topics"]}
    return str(topics[number]["state"])


# The list.


def test_three_lines_from_a_pipe_are_a_topic_with_its_temperature_and_my_part(person: Person) -> None:
    said = person.run("topic", "add", typed=f"{CANARY}\n4\n{PART}\n")
    assert (said.code, said.err) == (0, "")
    (topic,) = person.json("topic", "list")["topics"]
    assert (topic["text"], topic["temperature"], topic["my_part"], topic["state"]) == (CANARY, 4, PART, "open")
    assert person.run("topic", "list").out.splitlines() == [f"  1  {CANARY}", "     it is hot; open"]


def test_one_line_is_enough(person: Person) -> None:
    assert kept(person) == 1
    (topic,) = person.json("topic", "list")["topics"]
    assert (topic["temperature"], topic["my_part"]) == (3, "")


def test_a_topic_is_never_an_argument_and_nothing_is_kept_of_it(person: Person) -> None:
    said = person.run("topic", "add", "the", "blue", "vase", typed="another thing\n")
    assert said.code == 2
    assert "shell's history" in said.err
    assert "vase" not in said.err
    assert person.json("topic", "list")["topics"] == []


def test_a_temperature_that_there_is_not_is_asked_back(person: Person) -> None:
    said = person.run("topic", "add", typed=f"{CANARY}\n6\n")
    assert said.code == 2
    assert "1 to 5" in said.err


def test_a_closed_one_is_listed_only_among_all_and_its_number_is_not_used_again(person: Person) -> None:
    kept(person)
    assert person.run("topic", "close", "1").out == "Number 1 is closed.\n"
    assert person.json("topic", "list")["topics"] == []
    assert stands(person) == "closed"
    assert person.run("topic", "close", "1").code == 2
    assert kept(person, "The bins") == 2


def test_with_several_on_the_list_it_asks_which_one_by_number_alone(person: Person) -> None:
    kept(person)
    kept(person, "The bins")
    said = person.run("topic", "close")
    assert (said.code, said.err.splitlines()[0]) == (2, "which one? 1, 2")
    assert person.run("topic", "close", "7").code == 2


def test_what_is_open_keeps_its_words_and_what_is_closed_lets_go_of_them_when_their_time_is_over(
    tmp_path: Path,
) -> None:
    brief = replace(settings(), privacy=Privacy(keep_counts=Span(30, "day"), keep_words=Span(10, "day")))
    with store_in(tmp_path) as store:
        topics = Topics(store)
        still_open = topics.add(CANARY, 3, "", MONDAY_MORNING)
        topics.close(topics.add("The bins", 1, "", MONDAY_MORNING), MONDAY_MORNING)
        later = MONDAY_MORNING + dt.timedelta(days=12)
        renew(store, brief, BERLIN, later)
        assert [told.words.get("text") for told in topics.all(later)] == [CANARY, None]
        topics.close(topics.one(still_open.topic.number, later), later)
        much_later = later + dt.timedelta(days=40)
        renew(store, brief, BERLIN, much_later)
        assert topics.all(much_later) == []
        store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        files = b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir())
        assert CANARY.encode() not in files
