"""After a talk: how it went, what rests then, and what comes back."""

from __future__ import annotations

from pathlib import Path

from cli_runner import Person, person
from household import MONDAY_MORNING, store_in
from topic_list import CANARY, follow_ups, kept, plan, stands, the_calendar_waits

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.sealing import KEY
from reconnectd.app.practice.topics import Topics
from reconnectd.core.practice.topic_words import WARM

__all__ = ["person", "the_calendar_waits"]


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
