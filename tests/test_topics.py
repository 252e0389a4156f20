"""`reconnect topic`: a private list, a calm time, and what comes after."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_runner import Person, person
from household import BERLIN, MONDAY_MORNING, settings, store_in

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.sealing import KEY
from reconnectd.app.renewal import renew
from reconnectd.app.topics import Topics
from reconnectd.cli import topic_talks
from reconnectd.cli.main import Call
from reconnectd.cli.output import Output
from reconnectd.core.model import Span
from reconnectd.core.practice.topic_words import FOLLOW_UP, WARM
from reconnectd.core.settings import Privacy
from reconnectd.wiring.session import Session

__all__ = ["person"]

CANARY = "The blue vase, and who was to water the plants"
PART = "I had said I would see to it"


@pytest.fixture(autouse=True)
def the_calendar_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a calendar is looked at with real servers, in `test_talks_in_the_calendar`."""
    monkeypatch.setattr(Session, "sync", lambda *_, **__: None)


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


@pytest.mark.parametrize("command", ["add", "list", "show", "edit", "plan", "prepare", "went", "close"])
def test_each_example_in_the_help_is_understood(person: Person, command: str) -> None:
    for text in (CANARY, "The bins"):
        kept(person, text)
    _, _, examples = person.run("topic", command, "--help").out.partition("Examples:\n")
    lines = [line for line in examples.splitlines() if line.strip()]
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        said = person.run(*words, typed=f"One step\n{'sat' if command == 'went' else 3}\n")
        assert said.code == 0 or "which one?" in said.err or "is planned for" in said.err, (line, said)


# A talk.


def plan(person: Person, *words: str, code: int = 0) -> str:
    said = person.run("topic", "plan", *words)
    assert said.code == code, said
    return said.out + said.err


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


# What comes after.


def talked(person: Person, how: str, number: int = 1) -> str:
    said = person.run("topic", "went", how, str(number))
    assert said.code == 0, said
    return said.out.replace("\n", " ")


def tender(person: Person, start: str, until: str) -> list[str]:
    """The moments of the words about small touches, in these days."""
    row = person.json("plan", "--days", "3")["occurrences"]
    words = [at for one in row if one["routine"] == "small-touch" for at in one["reminders"]]
    return [at for at in words if start <= at < until]


def test_after_well_something_warm_may_be_offered_and_the_next_step_and_day_are_kept(person: Person) -> None:
    kept(person)
    plan(person, "--asked")
    person.at("2026-11-24 19:00")
    assert stands(person) == "talked about"
    said = person.run("topic", "went", "well", "1", "-", typed="A list on the fridge\nin 3 days\n")
    assert "Good that you talked." in said.out
    assert any(line in said.out.replace("\n", " ") for line in WARM)
    assert person.row("topic@2026-11-24")["state"] == "done"
    assert stands(person) == "open"
    assert "     next step: A list on the fridge" in person.run("topic", "list").out.splitlines()
    (word,) = follow_ups(person)
    assert word["start"] == "2026-11-27T18:00:00+01:00"


def test_after_a_hard_one_nothing_tender_is_said_for_a_day_and_why_names_no_cause(person: Person) -> None:
    kept(person)
    person.at("2026-11-24 16:00")
    assert len(tender(person, "2026-11-24T16", "2026-11-25T16")) == 1
    assert "for a day nothing tender is suggested" in talked(person, "badly")
    assert tender(person, "2026-11-24T16", "2026-11-25T16") == []
    assert len(tender(person, "2026-11-25T16", "2026-11-27T00")) == 2
    shown = person.run("why", "small-touch@2026-11-24").out
    assert "it rests today" in shown
    assert "topic" not in shown
    talked(person, "well")
    assert len(tender(person, "2026-11-24T16", "2026-11-25T16")) == 1


def test_a_hard_one_rests_a_week_is_planned_before_only_when_that_is_meant_and_no_two_weeks_running(
    person: Person,
) -> None:
    kept(person)
    talked(person, "badly")
    assert stands(person) == "resting"
    assert "rests until Mon 30 Nov" in plan(person, code=1)
    assert "Mon  7 Dec 18:00" in plan(person, "--yes")
    kept(person, "The bins")
    assert "the last talk was hard" in plan(person, "2", "wed", "18:00", code=1)
    talked(person, "well")
    assert "Tue 24 Nov 18:00" in plan(person, "2")


def test_after_three_hard_ones_a_third_person_is_named_once(person: Person) -> None:
    kept(person)
    told = []
    for day in ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"):
        person.at(f"{day} 20:00")
        told.append(talked(person, "badly"))
    assert ["counsellor" in each for each in told] == [False, False, True, False]


def test_who_thinks_again_about_a_talk_has_had_one_talk(person: Person) -> None:
    kept(person)
    talked(person, "badly")
    talked(person, "well")
    (topic,) = person.json("topic", "list")["topics"]
    assert (topic["talks"], topic["state"]) == (1, "open")
    store = Store(person.home.database)
    assert [one.hard for one in store.topics.all()] == [0]
    store.close()


def test_a_break_needs_no_key_to_the_words(person: Person) -> None:
    store = Store(person.home.database)
    store.set_meta(KEY, "a key that is gone")
    store.close()
    said = person.run("topic", "break", "--minutes", "0.01")
    assert (said.code, said.err) == (0, "")
    assert person.run("topic", "list").code != 0


def test_a_word_comes_back_once_a_week_at_the_most_until_it_is_closed(person: Person) -> None:
    kept(person)
    talked(person, "well")
    assert [word["start"] for word in follow_ups(person)] == ["2026-11-30T18:00:00+01:00"]
    person.at("2026-11-30 18:30")
    assert [word["start"] for word in follow_ups(person)] == ["2026-11-30T18:00:00+01:00", "2026-12-07T18:00:00+01:00"]
    plan(person, "--asked")
    assert [word["start"] for word in follow_ups(person)] == ["2026-11-30T18:00:00+01:00"]
    person.run("skip", "topic")
    assert len(follow_ups(person)) == 2
    person.run("topic", "close")
    assert [word["start"] for word in follow_ups(person)] == ["2026-11-30T18:00:00+01:00"]


def test_while_everything_rests_no_word_comes_back(person: Person) -> None:
    kept(person)
    talked(person, "well")
    before = follow_ups(person)
    person.run("pause")
    assert (len(before), follow_ups(person)) == (1, [])
    person.run("resume")
    assert [word["start"] for word in follow_ups(person)] == [word["start"] for word in before]


def test_while_everything_rests_no_word_comes_about_a_time_that_was_set_aside(person: Person) -> None:
    kept(person)
    plan(person)
    person.run("not-today")
    assert stands(person) == "set aside"
    person.run("pause")
    person.run("resume")
    assert stands(person) == "open"
    assert "remember" not in {row["routine"] for row in person.json("plan", "--days", "7")["occurrences"]}


def test_a_word_of_ones_own_is_left_alone_when_a_topic_is_closed(person: Person) -> None:
    kept(person)
    plan(person)
    person.run("topic", "close")
    assert person.run("remember", "--at", "tomorrow 18:00", "flowers").code == 0
    kept(person, "The bins")
    plan(person, "2", "--asked")
    person.run("topic", "close", "2")
    assert person.row("remember@2026-11-24")["title"] == "flowers"


def test_what_was_talked_about_and_never_told_about_is_come_back_to_as_well(person: Person) -> None:
    kept(person)
    plan(person, "--asked")
    person.at("2026-11-24 19:00")
    assert [word["start"] for word in follow_ups(person)] == ["2026-12-01T18:00:00+01:00"]
    person.run("topic", "close")
    assert follow_ups(person) == []


def follow_ups(person: Person) -> list[dict[str, Any]]:
    person.run("next")
    store = Store(person.home.database)
    facts = [fact for fact in store.facts.of("remember").values() if fact.title == FOLLOW_UP and fact.start]
    store.close()
    zone = ZoneInfo("Europe/Berlin")
    return [{"start": at.astimezone(zone).isoformat()} for at in sorted(fact.start for fact in facts if fact.start)]


def test_a_break_rests_what_is_talked_about_today_and_a_good_end_takes_that_back(person: Person) -> None:
    kept(person)
    kept(person, "The bins")
    plan(person, "1", "--asked")
    person.at("2026-11-24 18:20")
    said = person.run("topic", "break", "--minutes", "0.01")
    assert said.code == 0
    assert "The break is over." in said.out
    assert tender(person, "2026-11-24T18:20", "2026-11-25T18:20") == []
    person.at("2026-11-24 19:00")
    assert talked(person, "well")
    assert [stands(person, number) for number in (1, 2)] == ["open", "open"]
    assert person.run("--json", "topic", "break").code == 2


def test_words_that_come_from_another_machine_are_on_the_list(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        topics = Topics(store)
        store.words.add("topic", {"text": CANARY, "part": "", "temperature": 4}, MONDAY_MORNING)
        store.words.add("topic", {"text": "Settled", "part": "", "closed": True}, MONDAY_MORNING)
        (told,) = topics.all(MONDAY_MORNING)
        assert (told.words["text"], told.topic.temperature) == (CANARY, 4)
        assert len(topics.all(MONDAY_MORNING)) == 1
