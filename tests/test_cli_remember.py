"""`remember`: a word at its time, from the line or a pipe; two about what the other faces, taken back together."""

from __future__ import annotations

import pytest
from cli_here import PROGRAMS
from cli_runner import CONFIG, Person, person
from household import berlin
from needs import needs
from terminal import Terminal

from reconnectd.adapters.store import Store
from reconnectd.app.bubbles import Word, bubble
from reconnectd.config import load
from reconnectd.core.occurrence import OccurrenceId

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


@pytest.fixture
def alex(person: Person) -> Person:
    person.home.write(CONFIG + '\n[reminders]\nquiet = ["22:30-07:30"]\n')
    return person


def test_an_interview_has_two_words_and_is_said_back_as_it_was_understood(alex: Person) -> None:
    said = alex.run("remember", "interview thursday 10:00, nervous")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "Understood: interview, Thursday 26 November at 10:00 (nervous).\n"
        "A word before it Thursday at 08:30, one after it Thursday at 13:00.\n`reconnect undo` takes both back.\n"
    )
    before, after = alex.row("remember@2026-11-26"), alex.row("remember@2026-11-26.2")
    assert (before["title"], before["reminders"]) == ("interview, Thursday 10:00", ["2026-11-26T08:30:00+01:00"])
    assert (after["title"], after["reminders"]) == ("interview: how was it?", ["2026-11-26T13:00:00+01:00"])


def test_as_json_the_second_word_is_listed_and_what_was_understood(alex: Person) -> None:
    found = alex.json("remember", "interview thursday 10:00, nervous")
    assert found["occurrence"]["id"] == "remember@2026-11-26"
    assert [one["id"] for one in found["also"]] == ["remember@2026-11-26.2"]
    assert found["understood"] == {
        "kind": "event", "subject": "interview", "at": "2026-11-26T10:00:00+01:00", "timed": True,
        "feeling": "nervous", "other": None,
    }  # fmt: skip


def test_undo_takes_both_words_back(alex: Person) -> None:
    alex.run("remember", "interview thursday 10:00, nervous")
    said = alex.run("undo").out
    assert said == "Taken back: remember, interview, Thursday 10:00 (Thursday at 08:30), and the word after it.\n"
    assert [row["id"] for row in alex.json("plan", "--days", "9")["occurrences"] if row["routine"] == "remember"] == []
    assert alex.run("undo").code == 2, "it was one answer"


def test_what_could_be_meant_otherwise_is_said(alex: Person) -> None:
    assert alex.run("remember", "call mum at 7").out == (
        "call mum: today at 19:00. `reconnect undo` takes it back.\n"
        "If you meant Tuesday 24 November at 07:00: `reconnect undo`, then name it so.\n"
    )


def test_what_is_too_near_says_that_the_word_is_ones_own(alex: Person) -> None:
    assert "It is soon: a word of luck is yours to say now. A word after it" in alex.run("remember", "exam at 9:10").out


def test_good_news_is_said_back_with_its_evening(alex: Person) -> None:
    assert alex.run("remember", "good", "news:", "got", "the", "job").out == (
        "Good news: got the job.\nA word today at 19:00, to ask for the whole story. `reconnect undo` takes it back.\n"
    )


def test_what_ends_as_a_sentence_gets_no_second_full_stop(alex: Person) -> None:
    assert alex.run("remember", "good news: promoted!").out.startswith("Good news: promoted!\n")


def test_a_time_in_the_words_that_has_passed_is_wrong_usage(alex: Person) -> None:
    said = alex.run("remember", "call her today 08:00")
    assert said.code == 2
    assert "has passed" in said.err


def test_a_word_of_luck_is_not_said_when_it_is_over(alex: Person) -> None:
    alex.run("remember", "interview thursday 10:00, nervous")
    store = Store(alex.home.database)
    (before,), (after,) = (store.reminders.of(OccurrenceId.parse(f"remember@2026-11-26{n}")) for n in ("", ".2"))
    assert before.expires == berlin("2026-11-26 10:00")
    assert after.expires == berlin("2026-11-27 13:00")
    alex.at("2026-11-26 10:01")
    alex.run("done", "tea")  # makes the plan anew
    assert store.reminders.of(before.occurrence) == []
    store.close()


def test_put_off_it_comes_all_the_same_and_moved_it_is_of_use_again(alex: Person) -> None:
    alex.run("remember", "interview thursday 10:00, nervous")
    assert alex.run("snooze", "thu", "11:00", "remember@2026-11-26").code == 0
    assert alex.row("remember@2026-11-26")["reminders"] == ["2026-11-26T11:00:00+01:00"]
    assert alex.run("move", "thu", "12:00", "remember@2026-11-26").code == 0
    assert alex.row("remember@2026-11-26")["reminders"] == ["2026-11-26T12:00:00+01:00"]


def test_the_bubble_says_it_in_full_only_to_whom_it_belongs(alex: Person) -> None:
    alex.run("remember", "interview thursday 10:00, nervous")
    name = OccurrenceId.parse("remember@2026-11-26")
    store = Store(alex.home.database)
    item, words = store.plan.get(name), store.reminders.of(name)
    store.close()
    assert item is not None
    shown, hidden = (
        bubble(words[0].phase, [Word(words[0], item)], load(alex.home.config), token="t", details=full, now=alex.now)
        for full in (True, False)
    )
    assert (shown.title, shown.body.splitlines()[0]) == ("interview, Thursday 10:00", "You noted: nervous.")
    assert (hidden.title, hidden.body) == ("A reminder", "")


@needs("tmux")
def test_in_a_terminal_it_is_asked_for(alex: Person) -> None:
    with Terminal([PROGRAMS / "reconnect", "remember"], alex.home.environ) as terminal:
        terminal.answers(("What shall come back to you?", "exam in 9 days at 10:00, tense"))
        assert terminal.ended() == 0
        assert terminal.screen().startswith("What shall come back to you? exam in")
        assert "Understood: exam, " in terminal.screen()
