"""`reconnect topic` in a real terminal of 80 columns: what it asks, and what then stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli_here import PROGRAMS, Here, here
from needs import needs
from terminal import Terminal

__all__ = ["here"]

pytestmark = [needs("tmux"), pytest.mark.timeout(120)]

CONFIG = """\
[people]
me = "Alex"
partner = "Sam"
"""


def reconnect(here: Here, *words: str) -> Terminal:
    return Terminal([PROGRAMS / "reconnect", "topic", *words], here.environ)


def test_from_the_first_line_to_a_time_in_the_plan(here: Here, tmp_path: Path) -> None:
    here.write(CONFIG)
    script = tmp_path / "edit"
    script.write_text('#!/bin/sh\nsed -i "s/^What I feel:/What I feel: tired/" "$1"\n')
    script.chmod(0o755)
    here.environ["EDITOR"] = str(script)
    with reconnect(here, "add") as terminal:
        terminal.answers(("What would you like", "The bins"), ("How hot", "4"), ("Your own part", ""))
        assert terminal.ended() == 0
        assert terminal.screen().splitlines()[:5] == [
            "What would you like to talk about, in one line: The bins",
            "1 a small thing, 2 it nags, 3 it matters, 4 it is hot, 5 it burns.",
            "How hot is it, 1 to 5: 4",
            "Your own part in it, if you see one (Enter leaves it open):",
            "Kept as number 1, for you alone. `reconnect topic plan` finds a calm time.",
        ]
    with reconnect(here, "plan") as terminal:
        terminal.answers(("Does that suit", ""), ("Prepare for it", "y"), ("Have you asked Sam", "y"))
        assert terminal.ended() == 0
        screen = terminal.screen()
    assert re.match(r"The bins: \w{3} [ \d]\d \w{3}( '\d\d)? \d\d:\d\d, half an hour\.\nIt is a hot one: ", screen)
    assert 'It goes into the calendar as "Time to talk". `reconnect undo` takes it back.' in screen
    assert max(map(len, screen.splitlines())) <= 80
    (topic,) = here.said("topic", "list")["topics"]
    assert (topic["state"], "What I feel: tired" in topic["prepared"]) == ("planned", True)
    assert "Time to talk" in here.run("plan", "--days", "10").stdout


def test_a_no_is_kept_out_of_the_calendar(here: Here) -> None:
    here.write(CONFIG)
    here.run("topic", "add", typed="The bins\n")
    with reconnect(here, "plan") as terminal:
        terminal.answers(("Does that suit", "n"))
        assert terminal.ended() == 0
        assert "`reconnect topic plan 1 sat 11:00`" in terminal.screen()
    with reconnect(here, "plan") as terminal:
        terminal.answers(("Does that suit", ""), ("Prepare for it", ""), ("Have you asked Sam", ""))
        assert terminal.ended() == 0
        assert "for you alone, in no calendar" in terminal.screen()
    assert here.said("topic", "list")["topics"][0]["state"] == "set aside"


def test_an_empty_pipe_takes_nothing_away_from_what_was_prepared(here: Here) -> None:
    here.write(CONFIG)
    here.run("topic", "add", typed="The bins\n")
    here.run("topic", "prepare", "1", "-", typed="I feel tired\n")
    assert here.run("topic", "prepare", "1", "-", typed="").stdout == "Nothing was kept.\n"
    assert here.said("topic", "list")["topics"][0]["prepared"] == "I feel tired"


def test_a_list_of_commands_breaks_no_sentence_off(here: Here) -> None:
    listed = here.run("topic", "--help").stdout.partition("Commands:")[2]
    assert "  plan" in listed
    assert "..." not in listed


def test_what_is_missing_is_said_in_one_line(here: Here) -> None:
    here.write(CONFIG)
    said = here.run("topic", "went").stderr
    assert said == "Missing argument 'well|badly'. Choose from: well, badly (`reconnect topic went --help`)\n"
