"""Seven minutes of writing: kept only when asked, and a note every four months to whom it may serve."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_here import PROGRAMS
from cli_runner import CONFIG, Person, person
from household import BERLIN, berlin, fixed, settings, store_in
from needs import needs
from terminal import Terminal

from reconnectd.adapters.store import Store
from reconnectd.app.practice import reappraising
from reconnectd.app.renewal import renew
from reconnectd.cli.practice.reappraising import soft_mark
from reconnectd.core.model import Daily, Practice
from reconnectd.core.occurrence import Plan
from reconnectd.core.practice.reappraisal import NOTE_TITLE, next_note
from reconnectd.core.rest import EVERYTHING, Rest

__all__ = ["person"]

ZONE = ZoneInfo("Europe/Berlin")
REPAIR = fixed("clearing-up", Daily(), "18:00", practice=Practice.REPAIR)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("written", "noted", "ground", "expected"),
    [
        (None, [], None, None),
        (None, [], "2026-11-01", "2026-11-22"),
        (None, ["2026-11-22"], "2026-11-01", "2027-03-22"),
        (None, ["2026-11-22", "2027-03-22"], "2026-11-01", None),
        ("2026-10-31", [], None, "2027-02-28"),
        ("2026-10-31", ["2026-10-30"], "2026-01-01", "2027-02-28"),
        ("2026-10-31", ["2026-01-01", "2026-05-01", "2027-02-28"], None, "2027-06-28"),
        ("2026-10-31", ["2027-02-28", "2027-06-28"], None, None),
        ("2027-07-01", ["2027-02-28", "2027-06-28"], None, "2027-11-01"),
    ],
)
def test_the_next_note(written: str | None, noted: list[str], ground: str | None, expected: str | None) -> None:
    days = [dt.date.fromisoformat(one) for one in noted]
    assert next_note(day(written), days, day(ground)) == day(expected)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with store_in(tmp_path) as store:
        yield store


def notes(made: Plan) -> list[str]:
    """When they are said, on a clock in Berlin."""
    names = {one.id for one in made.occurrences if one.title == NOTE_TITLE}
    return [f"{word.due.astimezone(ZONE):%Y-%m-%d %H:%M}" for word in made.reminders if word.occurrence in names]


def test_three_weeks_after_a_routine_of_repair_is_known_there_is_one_note_on_an_evening(store: Store) -> None:
    config = settings(REPAIR, quiet=((dt.time(19, 30), dt.time(7)),))
    assert notes(renew(store, config, BERLIN, berlin("2026-11-01 10:00"))) == []
    assert notes(renew(store, config, BERLIN, berlin("2026-11-21 10:00"))) == []
    for _ in range(2):
        assert notes(renew(store, config, BERLIN, berlin("2026-11-22 10:00"))) == ["2026-11-23 19:00"], (
            "welcome back first"
        )
    assert notes(renew(store, config, BERLIN, berlin("2027-03-20 10:00"))) == []
    assert notes(renew(store, config, BERLIN, berlin("2027-03-22 21:00"))) == ["2027-03-23 19:00"]
    assert notes(renew(store, config, BERLIN, berlin("2028-03-22 10:00"))) == [], "two unheard: no more"


def test_who_neither_has_that_nor_ever_wrote_hears_nothing(store: Store) -> None:
    for year in range(2026, 2029):
        assert notes(renew(store, settings(), BERLIN, berlin(f"{year}-11-01 10:00"))) == []


def test_an_open_topic_is_a_ground_and_a_writing_begins_the_four_months_anew(store: Store) -> None:
    topic = store.topics.add(1, 5, berlin("2026-11-01 10:00"))
    store.topics.put(replace(topic, closed=berlin("2026-11-02 10:00")))
    assert notes(renew(store, settings(), BERLIN, berlin("2026-11-22 10:00"))) == []
    store.topics.put(topic)
    assert notes(renew(store, settings(), BERLIN, berlin("2026-11-22 10:00"))) == ["2026-11-22 20:00"]
    reappraising.wrote(store, ZONE, berlin("2026-11-22 11:00"))
    assert notes(renew(store, settings(), BERLIN, berlin("2026-11-22 11:01"))) == []
    assert notes(renew(store, settings(), BERLIN, berlin("2027-03-22 11:00"))) == ["2027-03-22 20:00"]


def test_while_everything_rests_no_note_comes_and_one_that_was_planned_waits(store: Store) -> None:
    reappraising.wrote(store, ZONE, berlin("2026-07-22 11:00"))
    assert notes(renew(store, settings(), BERLIN, berlin("2026-11-22 10:00"))) == ["2026-11-22 20:00"]
    store.rests.replace([Rest(EVERYTHING, berlin("2026-11-22 11:00"), berlin("2026-11-24 11:00"))])
    assert notes(renew(store, settings(), BERLIN, berlin("2026-11-22 11:01"))) == []
    assert notes(renew(store, settings(), BERLIN, berlin("2026-11-24 12:00"))) == ["2026-11-24 20:00"]


def test_by_pipe_it_is_noted_that_it_was_written_and_what_only_when_asked(person: Person) -> None:
    assert person.json("reappraise", typed="They both were tired.") == {"kept": None, "again": "2027-03-23"}
    assert person.run("reappraise", "--list").out == "None is kept.\n"
    said = person.run("reappraise", "--keep", "-", typed="They both were tired.\n\n\n\nAnd hungry.\n")
    assert said.out.startswith("Kept. `reconnect reappraise --print 1` shows it. Nothing will be asked")
    assert person.run("reappraise", "--print", "1").out == "They both were tired.\n\nAnd hungry.\n"
    assert "Let go" in person.run("reappraise", "--remove", "1").out
    assert person.run("reappraise", "-").code == 2


def test_the_card_has_the_three_questions_and_room_to_write(person: Person) -> None:
    made = person.run("reappraise", "--card").out
    assert max(map(len, made.splitlines())) == 72
    assert all(f"\n{number}. " in made for number in (1, 2, 3))
    assert made.count("____") >= 15
    assert len(person.json("reappraise", "--card")["questions"]) == 3


def test_the_mark_rings_once_and_not_for_who_is_quicker() -> None:
    rung = threading.Event()
    with soft_mark(600, rung.set):
        pass
    assert not rung.is_set()
    with soft_mark(0.01, rung.set):
        assert rung.wait(20)


@needs("tmux")
def test_in_a_terminal_the_editor_has_the_questions_and_nothing_is_kept_by_itself(person: Person) -> None:
    person.home.write(CONFIG)
    program = Path(person.home.folder / "ed")
    seen = person.home.folder / "seen"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(seen)!r}, 'w').write(open(sys.argv[-1]).read())\n"
        "open(sys.argv[-1], 'a').write('They both were tired.\\n')\n"
    )
    program.chmod(0o700)
    person.home.extra["VISUAL"] = str(program)
    with Terminal([PROGRAMS / "reconnect", "reappraise"], person.home.environ) as terminal:
        terminal.answers(("Begin? [Y/n]", ""), ("Keep it here, for you alone? [y/N]", ""))
        assert terminal.ended() == 0
        screen = terminal.screen()
    assert "It is kept nowhere." in screen
    assert "reconnect help safety" in screen
    found = seen.read_text()
    assert found.count("?") == 3
    assert all(len(line) < 80 and (line == "" or line.startswith("# ")) for line in found.splitlines())
    store = Store(person.home.database)
    assert store.words.of("writing") == []
    assert [key[:12] for key in store.told.all() if not key.startswith("welcome ")] == ["reappraised "]
    store.close()
