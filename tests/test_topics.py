"""`reconnect topic`: a private list, and a calm time."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from cli_runner import Person, person
from household import BERLIN, MONDAY_MORNING, settings, store_in
from topic_list import CANARY, PART, kept, plan, stands, the_calendar_waits

from reconnectd.app.practice.topics import Topics
from reconnectd.app.renewal import renew
from reconnectd.cli.main import Call
from reconnectd.cli.output import Output
from reconnectd.cli.practice import topic_talks
from reconnectd.core.model import Span
from reconnectd.core.settings import Privacy
from reconnectd.wiring.session import Session

__all__ = ["person", "the_calendar_waits"]

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


def test_a_closed_one_can_be_taken_up_again_with_all_its_words(person: Person) -> None:
    kept(person, part=PART)
    person.run("topic", "close", "1")
    assert person.run("topic", "reopen").code == 2
    assert person.run("topic", "reopen", "1").out == "Number 1 is open again.\n"
    assert person.run("topic", "reopen", "1").code == 2
    (topic,) = person.json("topic", "list")["topics"]
    assert (topic["text"], topic["my_part"], topic["state"]) == (CANARY, PART, "open")
    assert "'closed': True" not in str(person.json("export", "--private")["words"])


def test_one_whose_words_were_let_go_of_stays_closed(person: Person) -> None:
    person.home.write(f'{person.home.config.read_text()}\n[privacy]\nkeep_words = "30 days"\n')
    kept(person)
    person.run("topic", "close", "1")
    person.now += dt.timedelta(days=32)
    person.run("next")
    said = person.run("topic", "reopen", "1")
    assert (said.code, said.err.splitlines()[0]) == (2, "the words of topic 1 were let go of")


def test_it_can_be_said_otherwise_and_what_is_left_empty_stays(person: Person) -> None:
    kept(person, part=PART)
    assert person.run("topic", "edit", "1", typed="\n5\n").out == "Number 1 is changed.\n"
    (topic,) = person.json("topic", "list")["topics"]
    assert (topic["text"], topic["temperature"], topic["my_part"]) == (CANARY, 5, PART)
    assert person.run("topic", "edit", "1", typed="The vase\nhot\n").code == 2
    assert person.run("topic", "show").out.splitlines()[0] == CANARY


def test_show_tells_all_that_was_written_about_it(person: Person) -> None:
    kept(person, part=PART)
    person.run("topic", "prepare", typed="I feel tired.\nI would like a plan.\n")
    assert person.run("topic", "show", "1").out.splitlines() == [
        CANARY, "it matters; open", f"Your part: {PART}", "", "I feel tired.", "I would like a plan.",
    ]  # fmt: skip
    assert person.json("topic", "show", "1")["topic"]["prepared"] == "I feel tired.\nI would like a plan."


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


@pytest.mark.parametrize("command", ["add", "list", "show", "edit", "plan", "prepare", "went", "close", "reopen"])
def test_each_example_in_the_help_is_understood(person: Person, command: str) -> None:
    for text in (CANARY, "The bins"):
        kept(person, text)
    _, _, examples = person.run("topic", command, "--help").out.partition("Examples:\n")
    lines = [line for line in examples.splitlines() if line.strip()]
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        said = person.run(*words, typed=f"One step\n{'sat' if command == 'went' else 3}\n")
        assert (
            said.code == 0 or "which one?" in said.err or "is planned for" in said.err or "isn't closed" in said.err
        ), (line, said)


# A talk.


def test_a_calm_time_is_found_and_is_for_me_alone_until_the_other_said_yes(person: Person) -> None:
    kept(person)
    told = plan(person)
    assert "Tue 24 Nov 18:00, half an hour" in told
    assert "for you alone, in no calendar" in told
    assert person.json("topic", "list")["topics"][0]["state"] == "set aside"
    rows = person.json("plan", "--days", "7")["occurrences"]
    (word,) = [row for row in rows if row["routine"] == "remember"]
    assert (word["title"], word["start"]) == ("The half hour that you kept in mind", "2026-11-24T18:00:00+01:00")
    assert [row for row in rows if row["routine"] == "topic"] == []


def test_with_a_yes_it_stands_in_the_plan_and_the_private_word_is_gone(person: Person) -> None:
    kept(person)
    plan(person)
    answer = person.json("topic", "plan", "1", "--asked")
    assert (answer["topic"]["state"], answer["against"]) == ("planned", [])
    shown = answer["occurrence"]
    assert (shown["id"], shown["title"], shown["kind"]) == ("topic@2026-11-24", "Time to talk", "fixed")
    assert (shown["start"], shown["end"]) == ("2026-11-24T18:00:00+01:00", "2026-11-24T18:30:00+01:00")
    assert (shown["in_calendar"], shown["pinned"], shown["practice"]) == (True, False, "repair")
    assert shown["reminders"][0] == "2026-11-24T17:00:00+01:00"
    assert "remember" not in {row["routine"] for row in person.json("plan", "--days", "7")["occurrences"]}
    assert "is planned for Tue 24 Nov 18:00" in plan(person, "1", code=2)


def test_undo_takes_it_back_and_the_topic_is_open_again(person: Person) -> None:
    kept(person)
    plan(person, "--asked")
    assert "arranged for Tue 24 Nov 18:00" in person.run("log").out
    assert "Time to talk" in person.run("undo").out
    assert stands(person) == "open"
    assert "topic" not in {row["routine"] for row in person.json("plan", "--days", "7")["occurrences"]}


@pytest.mark.parametrize("verb", ["skip", "done", "move"])
def test_skip_done_and_move_know_it_by_its_name(person: Person, verb: str) -> None:
    kept(person)
    plan(person, "--asked")
    words = ["move", "sat 11:00", "topic"] if verb == "move" else [verb, "topic"]
    assert person.run(*words).code == 0
    assert stands(person) == {"skip": "open", "done": "talked about", "move": "planned"}[verb]


def test_it_keeps_clear_of_everything_and_a_second_one_waits_for_the_next_week(person: Person) -> None:
    kept(person)
    kept(person, "The bins")
    plan(person, "1", "--asked")
    assert "Mon 30 Nov 18:00" in plan(person, "2", "--asked")


def test_a_time_of_ones_own_is_kept_when_it_is_meant_and_says_what_it_is_against(person: Person) -> None:
    kept(person)
    late = plan(person, "1", "fri 21:00", "--asked", code=1)
    assert "it would go on later than your guards like" in late
    assert "it is close to your time together" in late
    assert stands(person) == "open"
    told = plan(person, "1", "fri", "21:00", "--asked", "--yes")
    assert "You keep that time, though" in told
    assert person.row("topic@2026-11-27")["start"] == "2026-11-27T21:00:00+01:00"
    assert "that time has passed" in plan(person, "1", "yesterday 18:00", code=2) or stands(person) == "planned"


def test_one_day_has_one_talk(person: Person) -> None:
    kept(person)
    kept(person, "The bins")
    plan(person, "1", "sat", "11:00", "--asked")
    assert "there is a talk that day already" in plan(person, "2", "sat", "15:00", "--asked", "--yes", code=2)


def test_while_everything_rests_no_time_is_found(person: Person) -> None:
    kept(person)
    person.run("pause")
    assert "no calm half hour was found" in plan(person, code=1)
    assert "talks rest then" in plan(person, "1", "sat", "11:00", code=1)


def test_apart_it_is_a_call_and_a_hot_one_names_the_break_and_help_is_named_once(person: Person) -> None:
    kept(person, warmth=5)
    person.run("apart", "--until", "in 3 weeks")
    first, second = (plan(person).replace("\n", " ") for _ in range(2))
    for told in (first, second):
        assert "a call will do" in told
        assert "`reconnect topic break`" in told
    assert "`reconnect help safety`" in first
    assert "`reconnect help safety`" not in second


def test_the_card_is_empty_and_for_both(person: Person) -> None:
    kept(person, part=PART)
    card = person.run("topic", "plan", "--card").out
    assert "Alex" in card
    assert "What happened, without blame: ____" in card
    assert max(map(len, card.splitlines())) == 72
    assert CANARY not in card
    assert PART not in card
    assert person.json("topic", "plan", "--card")["card"] == card.rstrip("\n")


def test_a_preparation_is_kept_and_gone_on_with_in_the_editor(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(person)
    said = person.run("topic", "prepare", "1", typed="I feel tired.\nI would like a plan.\n")
    assert (said.code, said.out) == (0, "Kept, for you alone.\n")
    script = tmp_path / "edit"
    script.write_text('#!/bin/sh\ncp "$1" "$0.seen"\necho "And sleep." >> "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    session = Session(None)
    session.__dict__["now"] = person.now
    call = Call(session, Output(as_json=False))
    told = Topics(session.store).one(1, person.now)
    assert topic_talks.write_in_editor(call, told)
    assert CANARY in (tmp_path / "edit.seen").read_text()
    session.close()
    (topic,) = person.json("topic", "list")["topics"]
    assert topic["prepared"] == "I feel tired.\nI would like a plan.\nAnd sleep."
