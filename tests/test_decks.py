"""Decks: a file is read, or every problem of it is told with its line; one that is broken stops nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompts import HEAD, as_toml, prompt

from reconnectd.config.decks import parse, read, shelf, shipped
from reconnectd.core.model import Practice
from reconnectd.core.practice.deck import ENERGIES, SEASONS, WHERE, Prompt
from reconnectd.errors import ConfigError

TOUCH = """
[[prompt]]
id = "hand-on-knee"
practice = "affection"
text = "A hand on their shoulder, if you both like that."
minutes = 1
where = "together"
energy = "low"
depth = 1
kind = "light touch"
"""
WALK = """
[[prompt]]
id = "frost-walk"
practice = "quality-time"
text = "Once round the block while the frost is out."
minutes = 30
where = "together"
energy = "medium"
depth = 1
money = "free"
setting = "out"
season = ["winter", "autumn"]
light = "day"
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(ConfigError) as found:
        parse(text.encode(), Path("mine.toml"))
    return list(found.value.problems)


def test_a_prompt_has_what_its_table_says() -> None:
    deck = parse((HEAD + TOUCH + WALK).encode(), Path("evenings.toml"))
    assert (deck.stem, deck.name, deck.language, deck.licence) == ("evenings", "Evenings", "en", "CC0-1.0")
    touch, walk = deck.prompts
    assert (touch.practice, touch.kind, touch.money, touch.setting) == (
        Practice.AFFECTION, "light touch", "free", "either",
    )  # fmt: skip
    assert (touch.season, touch.light) == (SEASONS, "any")
    assert (walk.minutes, walk.setting, walk.season, walk.light) == (30, "out", ("winter", "autumn"), "day")


@given(
    st.lists(
        st.builds(
            prompt, st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), minutes=st.integers(1, 1440),
            where=st.sampled_from(WHERE), energy=st.sampled_from(ENERGIES), depth=st.integers(1, 3),
        ),
        min_size=1, max_size=5, unique_by=lambda one: one.id,
    )
)  # fmt: skip
def test_what_is_written_is_what_is_read(prompts: list[Prompt]) -> None:
    assert parse(as_toml(*prompts).encode(), Path("evenings.toml")).prompts == tuple(prompts)


def test_every_problem_is_told_at_once_with_its_line_and_its_prompt() -> None:
    text = HEAD + TOUCH.replace("minutes = 1", 'minutes = "5"').replace('"together"', '"here"').replace("depth", "dept")
    assert problems_of(text) == [
        "mine.toml:6: prompt.hand-on-knee: depth is needed",
        'mine.toml:10: prompt.hand-on-knee.minutes: expected minutes, 1 to 1440, such as 20, got "5"',
        (
            'mine.toml:11: prompt.hand-on-knee.where: expected "together", "apart" or "either", got "here"; '
            'did you mean "either"?'
        ),
        'mine.toml:13: prompt.hand-on-knee.dept: there is no such key; did you mean "depth"?',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TOUCH, "mine.toml:1: deck: expected a table [deck] with its name, language and licence"),
        (HEAD.replace('licence = "CC0-1.0"\n', "") + TOUCH, "mine.toml:1: deck: licence is needed"),
        (HEAD, "mine.toml:1: prompt: expected at least one [[prompt]]"),
        (HEAD + TOUCH + TOUCH, 'mine.toml:17: prompt.hand-on-knee.id: "hand-on-knee" stands here a second'),
        (HEAD + TOUCH.replace('kind = "light touch"\n', ""),
         'mine.toml:6: prompt.hand-on-knee: kind is needed for affection, such as "light touch"'),
        (HEAD + WALK + 'kind = "play"\n', "mine.toml:18: prompt.frost-walk.kind: only affection has kinds"),
        (HEAD + TOUCH.replace("light touch", "light tuch"),
         'prompt.hand-on-knee.kind: expected a kind such as "light touch", got "light tuch"; did you mean "light'),
        (HEAD + WALK.replace("minutes", "duration"),
         'mine.toml:10: prompt.frost-walk.duration: there is no such key; did you mean "minutes"?'),
        (HEAD + WALK.replace('"winter", "autumn"', '"winter", "fall"'),
         'mine.toml:16: prompt.frost-walk.season: expected "spring", "summer", "autumn" or "winter", got "fall"'),
        (HEAD + TOUCH.replace("A hand", "A hand" * 40),
         "mine.toml:9: prompt.hand-on-knee.text: expected text, at most 199 characters, got"),
        (HEAD + "[prompts]\n", 'prompts: a deck has [deck] and [[prompt]], nothing else; did you mean "prompt"?'),
        (HEAD + "[[prompt]\n", "mine.toml:5: not TOML"),
    ],
)  # fmt: skip
def test_a_deck_that_is_not_right_says_where_and_what_it_wants(text: str, problem: str) -> None:
    assert any(problem in told for told in problems_of(text)), problems_of(text)


def test_a_kind_of_ones_own_is_taken() -> None:
    deck = parse((HEAD + TOUCH.replace("light touch", "singing")).encode(), Path("mine.toml"))
    assert deck.prompts[0].kind == "singing"


def test_own_decks_stand_beside_the_config_and_a_broken_one_is_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    for name, text in (("good.toml", HEAD + WALK), ("broken.toml", HEAD + "[[prompt]]\n"), ("notes.txt", "hello")):
        (folder / name).write_text(text)
    found = shelf(tmp_path / "config.toml")
    assert [deck.stem for deck in found.decks if deck not in shipped()] == ["good"]
    assert found.problems[0].startswith(f"{folder / 'broken.toml'}:5: prompt.1: id is needed")


def test_an_id_that_another_deck_has_is_a_problem_of_the_later_one(tmp_path: Path) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / "first.toml").write_text(HEAD + WALK)
    (folder / "second.toml").write_text(HEAD + TOUCH + WALK)
    found = shelf(tmp_path / "config.toml")
    assert [deck.stem for deck in found.decks if deck not in shipped()] == ["first"]
    told = 'frost-walk.id: the deck "Evenings" has a prompt of this id, too'
    assert found.problems == (f"{folder / 'second.toml'}:17: prompt.{told}",)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        read(tmp_path / "none.toml")
