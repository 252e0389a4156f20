"""What the words of a deck may say: the rules, `reconnect deck check`, and the shipped decks held to them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from cli_runner import Person, person
from prompts import HEAD, as_toml, prompt

from reconnectd.config.decks import SHIPPED, shipped
from reconnectd.core.model import Practice
from reconnectd.core.practice.deck_rules import counts, findings
from reconnectd.core.wording import LOOK_UP, LOOK_UP_APART

__all__ = ["person"]

SHIPPED_PROMPTS = [one for deck in shipped() for one in deck.prompts]


# The shipped decks.


def test_the_shipped_decks_hold_every_rule_about_words() -> None:
    assert findings(SHIPPED_PROMPTS) == []


def test_there_are_enough_prompts_of_each_practice() -> None:
    found = counts(SHIPPED_PROMPTS)
    assert found.pop(Practice.AFFECTION) >= 100
    assert len(found) == 6
    assert min(found.values()) >= 50
    assert len(SHIPPED_PROMPTS) >= 400


def test_no_id_is_there_twice() -> None:
    assert max(Counter(one.id for one in SHIPPED_PROMPTS).values()) == 1


@pytest.mark.parametrize("practice", Practice)
def test_they_vary_in_minutes_energy_place_and_depth(practice: Practice) -> None:
    prompts = [one for one in SHIPPED_PROMPTS if one.practice is practice]
    assert len({one.minutes for one in prompts}) >= 4
    assert {one.energy for one in prompts} >= {"low", "medium"}
    assert sum(one.where != "together" for one in prompts) >= 15, "for those who are apart"
    assert {one.depth for one in prompts} == {1, 2, 3}
    assert sum(one.depth == 1 for one in prompts) >= 15, "for the first weeks"
    assert all(one.text[-1] in '.?!"…)' for one in prompts)


def test_each_kind_of_affection_has_its_prompts_and_words_travel() -> None:
    touches = [one for one in SHIPPED_PROMPTS if one.practice is Practice.AFFECTION]
    assert min(Counter(one.kind for one in touches).values()) >= 15
    assert sum(one.where != "together" for one in touches if one.kind == "words") >= 8


def test_what_says_to_look_up_holds_the_rules_too() -> None:
    lines = [prompt(f"line-{number}", text=text) for number, text in enumerate((*LOOK_UP, *LOOK_UP_APART))]
    told = [one for one in findings(lines) if "begins like" not in one.sentence]
    assert [one for one in told if "repeats a sentence" not in one.sentence] == []


def test_the_shipped_files_say_whose_they_are() -> None:
    assert {deck.licence for deck in shipped()} == {"CC0-1.0"}
    assert {deck.language for deck in shipped()} == {"en"}


# The rules.


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("You must say thanks today.", "speaks of duty: must"),
        ("The washing up is overdue, so owe each other nothing.", "speaks of duty: overdue, owe"),
        ("Ask him about the day he had.", "speaks of a man or a woman: he, him"),
        ("Think of your wedding.", "assumes what not everybody has: wedding"),
        ("Watch Netflix under one blanket.", "names a brand: netflix"),
        ("Which is your love language?", "names a brand: love language"),
        ("Hug them for ten breaths.", 'asks for touch like an order: "Hug them for ten breaths."'),
        ("A quiet minute. Hold their hand.", 'asks for touch like an order: "Hold their hand."'),
    ],
)
def test_words_that_nobody_would_say_to_a_friend_are_found(text: str, why: str) -> None:
    assert [one.sentence for one in findings([prompt("one", text=text)])] == [why]


@pytest.mark.parametrize(
    "text",
    ["Hold their hand, if you both like that.", "Ask whether a hug would be welcome.",
     "A touch of cinnamon in the tea.", "Heat the soup; the dish is theirs."],
)  # fmt: skip
def test_words_that_are_fine_are_left_alone(text: str) -> None:
    assert findings([prompt("one", text=text)]) == []


def test_prompts_that_say_the_same_are_found_among_each_other_and_beside_others() -> None:
    first = prompt("first", text="Bake bread together, slowly, with flour everywhere.")
    alike = prompt("alike", text="Bread baked slowly together: flour everywhere!")
    again = prompt("again", text="Put the kettle on. Say nothing for a while.")
    echo = prompt("echo", text="Sit by the window. Say nothing for a while.")
    assert [(one.prompt, one.sentence) for one in findings([alike, echo], [first, again])] == [
        ("echo", 'repeats a sentence of again: "Say nothing for a while."'),
        ("alike", "is too much like first"),
    ]
    assert findings([first, again]) == []


def test_too_many_that_begin_alike_are_found() -> None:
    ends = ("the longest river", "an empty bicycle shop", "tomato soup", "quiet Tuesdays", "loose wisdom teeth")
    prompts = [prompt(f"p{n}", text=f"What comes with {end}?") for n, end in enumerate(ends)]
    assert {one.sentence for one in findings(prompts)} == {'begins like more than 3 others: "what comes with …"'}
    assert findings(prompts[:4]) == []


# The command.


def deck_of(person: Person, text: str, name: str = "evenings") -> Path:
    folder = person.home.config.parent / "decks"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def test_a_deck_that_is_fine_ends_with_how_many_there_are(person: Person) -> None:
    path = deck_of(person, as_toml(prompt("frost", text="Once round the pond while it is frozen.")))
    said = person.run("deck", "check", str(path))
    assert (said.code, said.err) == (0, "")
    assert said.out == f"{path}: fine, 1 prompt (en, CC0-1.0)\n    1  quality-time\n"
    document = person.json("deck", "check", str(path))
    assert document["ok"] is True
    assert document["counts"] == {"quality-time": 1}
    assert document["files"][0]["name"] == "Evenings"


def test_words_that_are_not_right_are_told_with_their_line(person: Person) -> None:
    path = deck_of(person, as_toml(prompt("frost", text="You must go round the pond.")))
    said = person.run("deck", "check", str(path))
    assert said.code == 1
    assert said.err == f"{path}:7: prompt.frost: speaks of duty: must\n"


def test_a_form_that_is_not_right_is_a_config_problem(person: Person) -> None:
    path = deck_of(person, HEAD + '[[prompt]]\nid = "frost"\n')
    said = person.run("deck", "check", str(path))
    assert said.code == 78
    assert said.err.startswith(f"{path}:5: prompt.frost: practice is needed\n")
    taken = deck_of(person, as_toml(prompt(SHIPPED_PROMPTS[0].id, text="Something else entirely.")))
    said = person.run("--json", "deck", "check", str(taken))
    assert (said.code, said.document["ok"]) == (78, False)
    assert "has a prompt of this id, too" in said.document["problems"][0]


def test_several_files_are_held_against_each_other(person: Person) -> None:
    one = deck_of(person, as_toml(prompt("frost", text="Once round the pond while it is frozen.")), "one")
    two = deck_of(person, as_toml(prompt("frost", text="Something else entirely.")), "two")
    assert person.run("deck", "check", str(one), str(two)).code == 78
    assert person.run("deck", "check", str(one)).code == 0
    assert person.run("deck", "check", str(one.with_name("none.toml"))).code == 78


def test_a_shipped_deck_may_be_looked_at_too(person: Person) -> None:
    assert person.run("deck", "check", *map(str, sorted(SHIPPED.glob("*.toml")))).code == 0
