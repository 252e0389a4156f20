"""`reconnect idea` as a person types it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from cli_runner import Person, person
from prompts import as_toml, prompt

from reconnectd.adapters.store import Store
from reconnectd.cli.completion import following
from reconnectd.config.decks import shelf, shipped
from reconnectd.core.model import Practice
from reconnectd.core.occurrence import OccurrenceId

__all__ = ["person"]

KNOWN = {one.id: one for deck in shipped() for one in deck.prompts}


def own_deck(person: Person, count: int, **changes: object) -> Path:
    folder = person.home.config.parent / "decks"
    folder.mkdir(exist_ok=True)
    path = folder / "mine.toml"
    path.write_text(as_toml(*(prompt(f"mine-{number}", **changes) for number in range(count))))  # type: ignore[arg-type]
    return path


def prompt_of(person: Person, slug: str, name: str) -> str:
    with contextlib.closing(Store(person.home.database)) as store:
        found = store.plan.get(OccurrenceId.parse(f"{slug}@{name}"))
        assert found is not None
        return found.prompt


def test_an_idea_is_for_time_together_and_stays_for_the_day(person: Person) -> None:
    first = person.json("idea")
    assert list(first) == ["prompt"]
    assert list(first["prompt"]) == ["id", "practice", "text", "minutes", "where"]
    assert first["prompt"]["practice"] == "quality-time"
    assert first["prompt"]["text"] == KNOWN[first["prompt"]["id"]].text
    assert person.json("idea") == first
    said = person.run("idea")
    assert said.out.splitlines()[0] == first["prompt"]["text"]
    person.at("2026-11-24 20:00")
    assert person.json("idea") != first


def test_another_comes_until_the_deck_is_through(person: Person) -> None:
    own_deck(person, 7)
    shown = [person.json("idea", "--another", "--deck", "Evenings")["prompt"]["id"] for _ in range(14)]
    assert len(set(shown[:7])) == 7
    assert shown[7:] == shown[:7]


@pytest.mark.parametrize("practice", Practice)
def test_there_are_ideas_for_every_practice_also_without_a_routine(person: Person, practice: Practice) -> None:
    shown = [person.json("idea", str(practice), "--another")["prompt"] for _ in range(3)]
    assert {one["practice"] for one in shown} == {str(practice)}
    assert len({one["id"] for one in shown}) == 3


def test_an_idea_fits_what_is_said_of_the_moment(person: Person) -> None:
    for _ in range(8):
        words = ("idea", "--another", "--minutes", "25", "--energy", "low", "--apart", "--in")
        found = KNOWN[person.json(*words)["prompt"]["id"]]
        assert found.minutes <= 25
        assert found.energy == "low"
        assert found.where in ("either", "apart")
        assert found.setting in ("either", "in")


def test_kinds_and_money_of_the_config_hold(person: Person) -> None:
    text = person.home.config.read_text()
    person.home.write(f'{text}\n[together]\nkinds = ["play"]\nmoney = "free"\n')
    assert {KNOWN[person.json("idea", "affection", "--another")["prompt"]["id"]].kind for _ in range(8)} == {"play"}
    assert {KNOWN[person.json("idea", "--another")["prompt"]["id"]].money for _ in range(8)} == {"free"}


def test_what_is_kept_comes_with_the_next_event(person: Person) -> None:
    before = person.json("idea", "--another")["prompt"]
    kept = person.json("idea", "--keep")
    assert kept == {"prompt": before, "kept_for": "date-night@2026-11-27"}
    assert prompt_of(person, "date-night", "2026-11-27") == before["text"]
    assert person.json("idea", "--kept") == {"prompts": [before]}
    assert before["text"] in person.run("idea", "--kept").out
    person.json("idea", "--another")
    assert person.json("idea", "--keep")["kept_for"] == "date-night@2026-11-27"
    assert prompt_of(person, "date-night", "2026-11-27") != before["text"], "the later word holds"


def test_what_has_no_routine_is_kept_in_a_list(person: Person) -> None:
    shown = person.json("idea", "repair")["prompt"]
    assert person.json("idea", "repair", "--keep") == {"prompt": shown, "kept_for": None}
    assert person.run("idea", "repair", "--keep").out == "Kept; `reconnect idea --kept` lists it.\n"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("idea qualty-time", 2, "Invalid value for '[PRACTICE]': 'qualty-time' is not one of"),
        ("idea --keep", 1, "no idea was shown yet that could be kept\n`reconnect idea` shows one\n"),
        ("idea --deck none-such", 1, "no idea in the decks fits that\n"),
    ],
)
def test_what_can_not_be_is_one_sentence(person: Person, words: str, code: int, told: str) -> None:
    said = person.run(*words.split())
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(told)


def test_the_prompt_stands_in_why_and_in_the_plan(person: Person) -> None:
    person.run("next")
    assert prompt_of(person, "date-night", "2026-11-27") in {one.text for one in KNOWN.values()}


def test_a_shell_is_offered_the_practices_and_what_a_deck_can_be_asked() -> None:
    assert {word for word, _ in following(["idea"], "")} == set(Practice)
    assert {word for word, _ in following(["deck"], "")} == {"check"}
    assert ("", "") in set(following(["deck", "check"], ""))


def test_an_own_deck_joins_the_shipped_ones_and_a_broken_one_stops_nothing(person: Person) -> None:
    own_deck(person, 3).with_name("broken.toml").write_text("[deck]\nname = 3\n")
    assert person.run("next").code == 0
    assert len(shelf(person.home.config).problems) > 0
    assert {one.id for one in shelf(person.home.config).prompts} >= {"mine-0", "mine-1", "mine-2"}


def test_doctor_and_config_check_name_what_is_left_out(person: Person) -> None:
    broken = own_deck(person, 3).with_name("broken.toml")
    broken.write_text("[deck]\nname = 3\n")
    person.home.write(person.home.config.read_text() + '\n[routine.walk]\non = "sat"\nat = "10:00"\ndeck = "evening"\n')
    told = person.run("config", "check")
    assert told.code == 0
    assert f"left out: {broken}:" in told.out
    assert 'routine.walk.deck: there is no deck "evening"; did you mean "Evenings"?' in told.out
    checks = {check["name"]: check for check in person.run("--json", "doctor").document["checks"]}
    assert not checks["decks"]["ok"]
    broken.unlink()
    assert "broken" not in person.run("config", "check").out
