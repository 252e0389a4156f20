"""`reconnect check-in`: what is asked, where it is kept, and the one answer that leaves no trace of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_here import PROGRAMS, Here, here
from cli_runner import CONFIG, Person, person
from home import Home, home
from household import MONDAY_MORNING
from needs import needs
from terminal import Terminal

from reconnectd.cli.practice.check_in import AFTERWORD

__all__ = ["here", "person"]

LINES = "close: 6\nheard: 4\nload: 8\ngood: we laughed about the kettle\nroots: work, phones\n"
STORED = {"close": 6, "heard": 4, "load": 8, "good": "we laughed about the kettle", "roots": ["work", "phones"]}


def rows(home: Home, table: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home.database) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


def test_what_is_piped_in_is_kept_for_oneself_and_nowhere_else(person: Person) -> None:
    assert person.json("check-in", "-", typed=LINES)["pulse"] == {"at": "2026-11-23T09:00:00+01:00", **STORED}
    with sqlite3.connect(person.home.database) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert [table for table in tables if "kettle" in repr(rows(person.home, table))] == ["word"]
    assert [row[2] for row in rows(person.home, "word")] == ["pulse"]
    for words in (["next"], ["week"], ["log"], ["status"], ["plan"]):
        assert "kettle" not in person.run("--json", *words).out


def test_any_answer_may_be_left_out_and_nothing_at_all_is_nothing(person: Person) -> None:
    assert person.json("check-in", typed="load: 8\n")["pulse"]["close"] is None
    assert person.json("check-in", typed="")["pulse"] is None
    assert person.run("check-in", typed="close:\n").out == "Nothing was kept.\n"
    assert len(rows(person.home, "word")) == 1


def test_an_odd_line_keeps_nothing(person: Person) -> None:
    assert person.run("check-in", "-", typed="close: 7\nload: lots\n").code == 2
    assert rows(person.home, "word") == []


def test_a_config_that_can_not_be_read_is_said_before_anything_is_written(person: Person) -> None:
    person.home.write("[routine.x]\n")
    assert person.run("check-in", "-", typed="roots: not safe\n").code == 78
    assert person.run("check-in", "-", typed=LINES).code == 78
    assert rows(person.home, "word") + rows(person.home, "rest") == []


def test_words_after_it_are_refused(person: Person) -> None:
    assert person.run("check-in", "close:", "7").code == 2


def test_what_is_kept_can_be_listed_and_let_go_of(person: Person) -> None:
    person.run("check-in", "-", typed=LINES)
    person.run("check-in", "-", typed="good: soup\n")
    assert person.run("check-in", "--list").out == (
        "1  Mon 23 Nov  close 6, heard 4, load 8; from work, phones and attention; we\n"
        "               laughed about the kettle\n"
        "2  Mon 23 Nov  soup\n"
    )
    assert [row["number"] for row in person.json("check-in", "--list")["pulses"]] == [1, 2]
    assert person.run("check-in", "--remove", "1").code == 0
    assert person.run("check-in", "--remove", "1").code == 2
    assert person.json("check-in", "--list")["pulses"][0]["good"] == "soup"


def a_person_who(monkeypatch: pytest.MonkeyPatch, *commands: tuple[tuple[str, ...], str]) -> tuple[object, ...]:
    """Somebody in a fresh home who says that: what it said, the state, the log, the status and the plan."""
    with home() as where:
        for name, value in where.environ.items():
            monkeypatch.setenv(name, value)
        fresh = Person(where, MONDAY_MORNING)
        fresh.run("next")
        said = [fresh.run(*words, typed=typed) for words, typed in commands]
        seen = [fresh.run("--json", *words).out for words in (["log"], ["next"], ["plan"], ["resume"])]
        with sqlite3.connect(where.database) as database:
            state = [line for line in database.iterdump() if str(where.folder) not in line]
        return said, seen, state


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_not_safe_is_an_ordinary_pause_that_nothing_tells_from_another(
    as_json: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "close: 2\nload: 9\ngood: kettle\nroots: work, not safe\n"
    answered = a_person_who(monkeypatch, ((*as_json, "check-in", "-"), typed))
    paused = a_person_who(monkeypatch, ((*as_json, "pause"), ""))
    assert answered == paused


def weekly(person: Person, lines: str, weeks: int = 6) -> list[str]:
    """A check-in each Monday; what each said."""
    said = []
    for day in ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04")[
        : weeks + 1
    ]:
        person.at(f"{day} 09:00")
        said.append(person.run("check-in", "-", typed=lines).out)
    return said


def test_from_four_weeks_on_the_root_is_named_and_a_routine_offered_once(person: Person) -> None:
    said = weekly(person, "load: 7\nroots: work\n")
    assert [("named most often" in text) for text in said] == [False, False, False, False, True, False, False]
    assert "What you named most often these weeks: work." in said[4]
    assert "  [routine.homecoming]\n" in said[4]
    assert max(map(len, said[4].splitlines())) <= 79
    assert "homecoming" not in person.home.config.read_text()


def test_the_offer_names_what_stands_already(person: Person) -> None:
    person.home.write(CONFIG.replace('practice = "quality-time"', 'practice = "listening"'))
    said = weekly(person, "load: 7\nroots: work\n")[4]
    assert "You have a routine that may answer it: Date night." in " ".join(said.split())
    assert "[routine" not in said


def test_whoever_is_hurt_hears_of_fear_before_a_talk_is_offered(person: Person) -> None:
    offered = " ".join(weekly(person, "load: 7\nroots: hurt\n", weeks=4)[4].split())
    assert offered.index("reconnect help safety") < offered.index("A calm half hour")


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconnectd.cli.practice.check_in.can_be_asked", lambda: True)


@pytest.mark.usefixtures("at_a_terminal")
def test_after_six_weeks_of_low_a_counsellor_is_spoken_of_once(person: Person) -> None:
    said = [" ".join(text.split()) for text in weekly(person, "close: 2\nheard: 3\n")]
    assert [(AFTERWORD in text) for text in said] == [False] * 6 + [True]
    person.at("2027-01-05 09:00")
    assert AFTERWORD[:20] not in person.run("check-in", "-", typed="close: 1\n").out


def test_in_a_pipe_nobody_is_told_of_a_counsellor(person: Person) -> None:
    assert not [text for text in weekly(person, "close: 2\nheard: 3\n") if "counsellor" in text]


SCREEN = Path(__file__).parent / "corpus" / "screens" / "check-in.txt"
ANSWERS = [
    ("How close", "6"),
    ("How much", ""),
    ("How heavy", "eleven"),
    ("How heavy", "7"),
    ("One good", "the kettle"),
]


@pytest.fixture
def asked(here: Here) -> Iterator[Terminal]:
    here.write(CONFIG)
    with Terminal([PROGRAMS / "reconnect", "check-in"], here.environ) as terminal:
        yield terminal


@needs("tmux")
def test_it_is_a_short_conversation(asked: Terminal) -> None:
    asked.answers(*ANSWERS, ("Numbers", "1, 6"))
    assert asked.ended() == 0
    assert asked.screen() + "\n" == SCREEN.read_text()


@needs("tmux")
def test_whoever_does_not_feel_safe_sees_the_page_after_a_key_and_then_an_ordinary_pause(asked: Terminal) -> None:
    asked.answers(*ANSWERS)
    asked.asks("Numbers")
    asked.says("1 13")
    asked.asks("There is a page about where to turn.")
    assert "kettle" not in asked.screen()
    asked.types("x")
    asked.asks("Any key clears the screen.")
    asked.types("x")
    assert asked.ended() == 0
    pause = "Everything rests. `reconnect resume` ends it; what stands in the calendar stays."
    assert " ".join(asked.screen(above=True).split()) == f"{pause} [it ended with 0]"


@needs("tmux")
def test_whoever_stops_has_kept_nothing(asked: Terminal, here: Here) -> None:
    asked.answers(*ANSWERS)
    asked.asks("Numbers")
    asked.press("C-c")
    assert asked.ended() == 1
    assert "stopped; nothing was kept" in asked.screen()
    with sqlite3.connect(here.state / "reconnectd.db") as database:
        assert database.execute("SELECT count(*) FROM word").fetchall() == [(0,)]
