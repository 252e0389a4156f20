"""What one is thankful for: kept, announced without a word of it, given back before the talk."""

from __future__ import annotations

import pytest
from cli_here import PROGRAMS
from cli_runner import CONFIG, Person, person
from needs import needs
from terminal import Terminal

from reconnectd.adapters.store import Store
from reconnectd.app.bubbles import Word, bubble
from reconnectd.app.practice import thanks as kept
from reconnectd.config import load
from reconnectd.core.occurrence import OccurrenceId, Phase
from reconnectd.core.practice.thanks import ONE_WAITS

__all__ = ["person"]

TALK = """
[routine.sunday-talk]
practice = "check-in"
title = "Sunday talk"
on = "sun"
at = "17:00"
lasting = "45 min"
notes = "No phones."

[routine.how-i-am]
practice = "check-in"
on = "sat"
at = "18:00"
"""
NEXT, AFTER_NEXT = "sunday-talk@2026-11-29", "sunday-talk@2026-12-06"


@pytest.fixture
def alex(person: Person) -> Person:
    person.home.write(CONFIG + TALK)
    return person


def prompt(alex: Person, name: str) -> str:
    """What the word about it will say, as the stored plan has it."""
    alex.run("next")
    store = Store(alex.home.database)
    found = store.plan.get(OccurrenceId.parse(name))
    store.close()
    assert found is not None
    return found.prompt


def test_it_is_kept_and_said_back_with_the_talk_that_it_waits_for(alex: Person) -> None:
    said = alex.run("thanks", "-", typed="the tea\nthis morning\n")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "Kept: the tea this morning\n"
        "Before Sunday talk, Sunday at 17:00, you are told that one waits.\n"
        "`reconnect thanks --remove 1` lets go of it.\n"
    )


def test_as_json_it_has_a_number_its_time_and_the_talk(alex: Person) -> None:
    found = alex.json("thanks", typed="the tea")
    assert found["thanks"] == {"number": 1, "at": "2026-11-23T09:00:00+01:00", "text": "the tea", "given": False}
    assert found["before"]["id"] == NEXT


def test_without_a_talk_in_the_config_it_is_given_back_when_asked(person: Person) -> None:
    assert "whenever you like" in person.run("thanks", typed="the tea").out
    assert person.run("thanks", "--one").out.startswith("Mon 23 Nov: the tea\n")


def test_only_the_word_before_the_next_talk_says_that_one_waits_and_never_what(alex: Person) -> None:
    alex.run("thanks", typed="the tea")
    assert prompt(alex, NEXT) == f"No phones.\n{ONE_WAITS}"
    assert prompt(alex, AFTER_NEXT) == "No phones."
    assert prompt(alex, "how-i-am@2026-11-28") == "", "that one is alone"
    alex.at("2026-11-29 17:50")
    assert prompt(alex, AFTER_NEXT) == f"No phones.\n{ONE_WAITS}", "it was not asked for"


def test_the_bubble_is_the_one_before_the_talk_and_keeps_it_to_itself_where_others_look(alex: Person) -> None:
    before = alex.row(NEXT)["reminders"]
    alex.run("thanks", typed="the tea")
    assert alex.row(NEXT)["reminders"] == before
    store = Store(alex.home.database)
    item = store.plan.get(OccurrenceId.parse(NEXT))
    words = store.reminders.of(OccurrenceId.parse(NEXT))
    store.close()
    assert item is not None
    settings = load(alex.home.config)
    shown, hidden = (
        bubble(Phase.BEFORE, [Word(words[0], item)], settings, token="t", details=full, now=alex.now)
        for full in (True, False)
    )
    assert ONE_WAITS in shown.body
    assert hidden.body == ""


def test_they_come_back_one_at_a_time_the_oldest_first_and_none_twice(alex: Person) -> None:
    alex.run("thanks", typed="the tea")
    alex.at("2026-11-24 09:00")
    alex.run("thanks", typed="the note on the fridge")
    alex.at("2026-11-29 16:55")
    assert alex.run("thanks", "--one").out == (
        "Mon 23 Nov: the tea\nSay it in the talk if you like, in your own way. One more waits.\n"
    )
    assert ONE_WAITS in prompt(alex, NEXT)
    assert alex.json("thanks", "--one")["thanks"]["text"] == "the note on the fridge"
    assert prompt(alex, NEXT) == "No phones."
    assert alex.json("thanks", "--one") == {"thanks": None, "left": 0}
    assert "None waits" in alex.run("thanks", "--one").out


def test_talk_brings_one_the_same_for_one_talk_and_another_for_the_next(alex: Person) -> None:
    for text in ("the tea", "the note", "the walk"):
        alex.run("thanks", typed=text)
    alex.at("2026-11-29 16:50")
    assert all("One to give: the tea" in alex.run("talk").out for _ in range(2))
    assert ONE_WAITS in prompt(alex, NEXT)
    alex.at("2026-12-06 16:50")
    assert alex.json("thanks", "--one")["thanks"]["text"] == "the note"
    assert "One to give: the note" in alex.run("talk").out
    assert alex.json("thanks", "--one")["thanks"]["text"] == "the walk"
    assert prompt(alex, AFTER_NEXT) == "No phones."


def test_the_list_has_all_with_their_numbers_and_one_can_be_let_go(alex: Person) -> None:
    alex.run("thanks", typed="the tea")
    alex.run("thanks", typed="the note")
    alex.run("thanks", "--one")
    assert alex.run("thanks", "--list").out == "1  Mon 23 Nov  the tea  (given back)\n2  Mon 23 Nov  the note\n"
    assert alex.run("thanks", "--remove", "2").out == "Let go of: the note\n"
    assert [one["text"] for one in alex.json("thanks", "--list")["thanks"]] == ["the tea"]
    assert prompt(alex, NEXT) == "No phones."
    assert alex.run("thanks", "--remove", "2").code == 2
    alex.run("thanks", "--remove", "1")
    assert "Nothing is kept yet" in alex.run("thanks", "--one").out


def test_nothing_of_it_is_taken_from_the_command_line_and_nothing_empty_is_kept(alex: Person) -> None:
    said = alex.run("thanks", "the", "tea")
    assert said.code == 2
    assert "shell's history" in said.err
    assert alex.run("thanks", typed=" \n").code == 2
    assert alex.json("thanks", "--list") == {"thanks": []}


def test_what_a_phone_wrote_is_kept_without_what_steers_a_terminal(alex: Person) -> None:
    store = Store(alex.home.database)
    assert kept.keep(store, "\x1b[2Jthe walk\n", alex.now) == kept.Thanks(1, alex.now, "the walk")
    assert kept.keep(store, "\x1b[2J", alex.now) is None
    store.close()


@needs("tmux")
def test_in_a_terminal_it_is_asked_for(alex: Person) -> None:
    with Terminal([PROGRAMS / "reconnect", "thanks"], alex.home.environ) as terminal:
        terminal.answers(("Something you are thankful for, however small:", "the tea"))
        assert terminal.ended() == 0
        assert "Kept: the tea" in terminal.screen()
