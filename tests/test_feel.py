"""A word for what one feels, and a draft: by pipe, in the editor, line by line; kept only when asked."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

import pytest
from cli_here import PROGRAMS
from cli_runner import Person, person
from needs import needs
from terminal import Terminal

from reconnectd.adapters.store import Store
from reconnectd.core.practice.feelings import DRAFT, FAMILIES, family_of, finished, hints

__all__ = ["person"]

DRAFTED = "I feel lonely\nwhen we eat in silence\nI would like ten minutes with you"


def test_there_are_enough_families_with_enough_words_and_no_word_twice() -> None:
    assert 8 <= len(FAMILIES) <= 10
    assert all(6 <= len(one.words) <= 9 and one.name == one.words[0] for one in FAMILIES)
    words = list(chain.from_iterable(one.words for one in FAMILIES))
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("word", "family"), [("Lonely", "sad"), ("cut  off", "distant"), ("glad", "glad"), ("peckish", None)]
)
def test_a_word_is_found_in_its_family(word: str, family: str | None) -> None:
    found = family_of(word)
    assert (found.name if found else None) == family


def test_lines_that_were_left_open_are_not_part_of_a_draft() -> None:
    assert finished(DRAFT.format(word="sad")) == "I feel sad"
    assert finished(DRAFTED + "\n") == DRAFTED
    assert finished("when …\n") == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I feel that you don't listen", "more of a thought"),
        ("I feel like you are far away", "more of a thought"),
        ("I feel you are far away", "more of a thought"),
        ("I feel ignored when you read", "lonely or hurt"),
        ("I feel so taken for granted", "tired or hurt"),
        ("when you never call", "never"),
        ("because you made me wait", "yours"),
        ("I would like you to stop reading", "in its place"),
    ],
)
def test_a_hint_is_given(text: str, word: str) -> None:
    (hint,) = hints(text)
    assert word in hint


@pytest.mark.parametrize("text", [DRAFTED, "I feel likeable", "I feel hurt", ""])
def test_a_plain_draft_needs_none(text: str) -> None:
    assert hints(text) == []


def test_a_draft_by_pipe_comes_back_with_hints_beside_it_and_is_not_kept(person: Person) -> None:
    said = person.run("feel", "-", typed="I feel that you are far away\nI would like …\n")
    assert (said.code, said.out) == (0, "I feel that you are far away\n")
    assert "more of a thought" in said.err
    assert person.run("feel", "--list").out == "None is kept.\n"


def test_kept_it_is_listed_shown_alone_and_let_go(person: Person) -> None:
    assert person.json("feel", "--keep", typed=DRAFTED) == {"draft": DRAFTED, "hints": [], "kept": 1}
    assert person.run("feel", "--list").out.startswith("1, Mon 23 Nov\n  I feel lonely\n  when we eat")
    assert person.run("feel", "--print", "1").out == DRAFTED + "\n"
    assert person.json("feel", "--list")["feelings"][0]["text"] == DRAFTED
    assert "Let go" in person.run("feel", "--remove", "1").out
    assert person.run("feel", "--print", "1").code == 2


def test_the_number_of_other_words_is_no_draft(person: Person) -> None:
    person.run("thanks", typed="the tea")
    assert person.run("feel", "--print", "1").code == 2
    assert person.run("feel", "--remove", "1").code == 2
    assert len(person.json("thanks", "--list")["thanks"]) == 1


def test_the_words_can_be_read_by_programs(person: Person) -> None:
    families = person.json("feel", "--words")["families"]
    assert [one["name"] for one in families] == [one.name for one in FAMILIES]


@pytest.mark.parametrize("words", [("feel", "sad"), ("feel", "--list", "--words"), ("feel", "-")])
def test_what_is_not_understood_is_said(person: Person, words: tuple[str, ...]) -> None:
    assert person.run(*words).code == 2


def editor(person: Person, *writes: str) -> None:
    """The person's editor, which finds the draft and leaves this in its place."""
    program = Path(person.home.folder / "ed")
    program.write_text(f"#!{sys.executable}\nimport sys\nopen(sys.argv[-1], 'w').write({'|'.join(writes)!r})\n")
    program.chmod(0o700)
    person.home.extra["VISUAL"] = str(program)


@needs("tmux")
def test_in_a_terminal_a_word_is_chosen_the_draft_written_and_kept(person: Person) -> None:
    editor(person, "I feel lonely\nwhen you always read at supper\nI would like …\n")
    with Terminal([PROGRAMS / "reconnect", "feel"], person.home.environ) as terminal:
        asks = "A number, or a word of your own"
        terminal.answers((asks, "77"), (asks, "1"), (asks, "3"), ("Choose [1]", "2"))
        assert terminal.ended() == 0
        screen = terminal.screen()
    assert "\n   9  glad     cheerful, playful, excited, proud, relieved, content, hopeful\nA number" in screen
    assert "A number from 1 to 9, or any word of your own." in screen
    assert "“lonely” often asks for comfort" in screen
    assert "easier to hear than “always”" in screen
    assert "Kept. `reconnect feel --print 1`" in screen
    store = Store(person.home.database)
    (word,) = store.words.of("feeling")
    store.close()
    assert word.body["text"] == "I feel lonely\nwhen you always read at supper"


@needs("tmux")
def test_line_by_line_with_a_word_of_ones_own_nothing_is_kept_unless_said(person: Person) -> None:
    with Terminal([PROGRAMS / "reconnect", "feel", "--ask"], person.home.environ) as terminal:
        terminal.answers(
            ("A number, or a word of your own", "afraid"), ("when", "the door slams"), ("I would like", ""),
            ("Choose [1]", ""),
        )  # fmt: skip
        assert terminal.ended() == 0
        screen = terminal.screen()
    assert "  I feel afraid\n  when the door slams\n" in screen
    assert "reconnect help safety" in screen
    assert "It is kept nowhere." in screen
