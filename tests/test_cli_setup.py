"""`reconnect init` and `reconnect config …`, as a person types them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from cli_here import Here, here

__all__ = ["here"]

THREE = """
[people]
me = "Alex"

[reminders]
quiet = ["22:30-07:30"]

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"

[routine.small-touch]
times = "1 per day"
within = ["17:00-21:30"]
surprise = true
"""

BROKEN = """
[routine.date-night]
on = "fri"
at = "25:00"

[routine.walk]
on = "sun"
at = "15:00"
titel = "A walk"
"""


def test_the_first_config_is_private_and_usable(here: Here) -> None:
    made = here.run("init", "--defaults")
    assert (made.returncode, made.stderr) == (0, "")
    assert str(here.config) in made.stdout
    assert (here.config.stat().st_mode & 0o777, here.config.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert here.run("config", "check").returncode == 0


def test_the_household_is_a_word_that_nobody_guesses(here: Here) -> None:
    words = set()
    for _ in range(3):
        here.config.unlink(missing_ok=True)
        here.run("init", "--defaults")
        people = tomllib.loads(here.config.read_text())["people"]
        assert (people["me"], "partner" in people) == ("you", False)
        assert re.fullmatch(r"[a-z0-9]{4}-[a-z0-9]{4}", people["household"])
        words.add(people["household"])
    assert len(words) == 3


def test_a_config_that_is_there_is_never_written_over(here: Here) -> None:
    here.write(THREE)
    again, asked = here.run("init", "--defaults"), here.run("init", typed="Sam\nAlex\n")
    assert (again.returncode, asked.returncode) == (0, 1)
    assert "nothing was changed" in again.stdout
    assert "nothing was changed" in asked.stderr
    assert here.config.read_text() == THREE
    assert here.said("init", "--defaults") == {"config": str(here.config), "created": False}


def test_a_link_that_leads_nowhere_is_not_written_through(here: Here, tmp_path: Path) -> None:
    here.config.parent.mkdir(parents=True)
    here.config.symlink_to(tmp_path / "elsewhere.toml")
    assert "nothing was changed" in here.run("init", "--defaults").stdout
    assert not (tmp_path / "elsewhere.toml").exists()


@pytest.mark.parametrize("typed", ["", "Alex\nSam\n"])
def test_without_a_terminal_nothing_is_asked_and_nothing_made(here: Here, typed: str) -> None:
    asked = here.run("init", typed=typed)
    assert (asked.returncode, asked.stdout, here.config.exists()) == (2, "", False)
    assert asked.stderr == "there is no terminal here to ask on\n`reconnect init --defaults` asks nothing\n"


def test_init_makes_the_config_that_was_named(here: Here, tmp_path: Path) -> None:
    named = tmp_path / "a folder" / "mine.toml"
    assert here.run("init", "--defaults", "--config", str(named)).returncode == 0
    assert here.run("config", "check", RECONNECTD_CONFIG=str(named)).returncode == 0
    assert not here.config.exists()


def test_where_nothing_can_be_written_init_says_so(here: Here) -> None:
    (here.home / ".config").write_text("a file in the way")
    made = here.run("init", "--defaults")
    assert made.returncode == 77
    assert "can't be written" in made.stderr
    assert "Traceback" not in made.stderr


def test_check_ends_with_how_often_it_speaks(here: Here) -> None:
    here.write(THREE)
    checked = here.run("config", "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    # Every day a touch; on Fridays the hour before and the question afterwards, too.
    assert checked.stdout.splitlines()[-1] == "speaks about 9 times a week"
    assert here.said("config", "check") == {"ok": True, "speaks_per_week": 9, "inactive": [], "decks": []}


@pytest.mark.parametrize(
    ("at_most", "often"), [("3 per week", 3), ("1 per day", 7), ("1 per month", 0.2)]
)  # fmt: skip
def test_how_often_it_speaks_counts_what_at_most_leaves(here: Here, at_most: str, often: float) -> None:
    here.write(THREE.replace("[reminders]", f'[reminders]\nat_most = "{at_most}"'))
    found = here.said("config", "check")["speaks_per_week"]
    assert found == pytest.approx(often, abs=0.3 if often < 1 else 0)


def test_four_words_at_one_moment_are_one(here: Here) -> None:
    routine = '[routine.r{}]\non = "daily"\nat = "19:00"\n'
    here.write("".join(routine.format(n) for n in range(4)))
    assert here.said("config", "check")["speaks_per_week"] == 7
    here.write("".join(routine.format(n) for n in range(3)))
    assert here.said("config", "check")["speaks_per_week"] == 21


def test_check_lists_what_has_no_effect_yet(here: Here) -> None:
    here.write(THREE + '\n[guards]\nfreeze = "3 days"\n')
    assert here.said("config", "check")["inactive"] == ["guards.freeze"]
    checked = here.run("config", "check")
    assert "guards.freeze" in checked.stdout
    assert checked.returncode == 0


def test_every_problem_is_told_on_a_line_of_its_own(here: Here) -> None:
    here.write(BROKEN)
    checked = here.run("config", "check")
    assert (checked.returncode, checked.stdout) == (78, "")
    assert checked.stderr.splitlines() == [
        f'{here.config}:4: routine.date-night.at: expected a time such as "19:00", got "25:00"',
        f'{here.config}:9: routine.walk.titel: there is no such key; did you mean "title"?',
    ]


def test_problems_as_json_are_one_document(here: Here) -> None:
    here.write(BROKEN)
    checked = here.run("config", "check", "--json")
    error = json.loads(checked.stdout)["error"]
    assert (checked.returncode, error["code"], checked.stderr) == (78, 78, "")
    assert "date-night.at" in error["message"]
    assert error["fix"]


@pytest.mark.parametrize("command", ["check", "show", "edit"])
def test_without_a_config_every_command_says_how_to_make_one(here: Here, command: str) -> None:
    ran = here.run("config", command, EDITOR="true")
    assert ran.returncode == 78
    assert "`reconnect init`" in ran.stderr


def test_path_is_told_whether_it_exists_or_not(here: Here) -> None:
    assert here.run("config", "path").stdout == f"{here.config}\n"
    assert here.said("config", "path") == {"path": str(here.config), "exists": False}


def test_show_has_every_default_and_is_a_config_itself(here: Here) -> None:
    here.write(THREE)
    shown = here.run("config", "show").stdout
    assert 'late = "30 min"' in shown
    here.write(shown)
    assert here.run("config", "show").stdout == shown
    assert here.said("config", "show")["reminders"]["late"] == "30 min"


def test_schema_is_json_either_way(here: Here) -> None:
    assert here.said("config", "schema") == json.loads(here.run("config", "schema").stdout)
    assert "routine" in here.said("config", "schema")["properties"]
