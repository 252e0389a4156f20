"""The man pages say what `--help` says, and are in order."""

from __future__ import annotations

import re
import subprocess

import manual
import pytest
from needs import needs

from reconnectd.cli.main import COMMANDS

MADE = manual.pages()
FORBIDDEN = ("due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target")


def checked(*argv: str) -> str:
    """What a checker has to say."""
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    return ran.stdout + ran.stderr


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_what_the_words_of_help_make(name: str) -> None:
    assert (manual.PAGES / name).read_text("utf-8") == MADE[name], "`make man` makes it anew"


def test_there_is_no_page_that_nobody_makes() -> None:
    assert {path.name for path in manual.PAGES.iterdir()} == set(MADE)


@needs("mandoc")
@pytest.mark.parametrize("name", MADE)
def test_mandoc_finds_nothing(name: str) -> None:
    told = checked("mandoc", "-T", "lint", str(manual.PAGES / name))
    assert [
        line for line in told.splitlines() if "referenced manual not found" not in line and "mandoc.db" not in line
    ] == []


@needs("groff")
@pytest.mark.parametrize("name", MADE)
def test_groff_finds_nothing(name: str) -> None:
    assert checked("groff", "-mandoc", "-ww", "-z", str(manual.PAGES / name)) == ""


@needs("man", "groff")
@pytest.mark.parametrize("name", MADE)
def test_man_shows_it(name: str) -> None:
    shown = checked("man", "--warnings", "-E", "UTF-8", "-l", str(manual.PAGES / name))
    assert "NAME" in shown
    assert "warning" not in shown


@needs("mandoc")
def test_every_command_and_every_option_is_in_it() -> None:
    shown = re.sub(r".\x08", "", checked("mandoc", "-T", "utf8", str(manual.PAGES / "reconnect.1")))
    for command in COMMANDS:
        assert re.search(rf"(?m)^     {command}\b", shown), command
    for words in ("--for-both", "--svg FILE", "--until DATE", "reconnect pause --until 2027-01-07", "--config FILE"):
        assert words in shown


@pytest.mark.parametrize("word", FORBIDDEN)
def test_the_words_are_kind(word: str) -> None:
    assert not re.search(rf"\b{word}s?\b", "\n".join(MADE.values()), re.IGNORECASE)
