"""Where to turn: every country's page fits a screen, nothing notes that it was read, and one key clears it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
from pathlib import Path

import pytest
from cli_here import PROGRAMS, Here, here
from cli_runner import Person, person
from needs import needs
from terminal import Terminal

from reconnectd.adapters.zone import country_of
from reconnectd.cli.safety import OFFER, STAYS, show_after_key
from reconnectd.config.helplines import directory
from reconnectd.core.practice.safety import KEYS, LONGEST, MORE, WIDTH, Helplines, page

__all__ = ["here", "person"]

EVERYWHERE = [*directory().countries.values(), directory().elsewhere]
A_NUMBER = re.compile(r"[#0-9][0-9 -]{2,18}\Z")


@pytest.mark.parametrize("found", EVERYWHERE, ids=lambda one: one.country or "elsewhere")
def test_every_page_fits_one_screen_and_says_what_is_uncertain(found: Helplines) -> None:
    lines = page(found).splitlines()
    assert len(lines) <= LONGEST
    assert max(map(len, lines)) <= WIDTH
    text = " ".join(page(found).split())
    assert "In danger, now: " + " ".join(found.emergency.split()) in text
    assert "check before you rely on it" in text
    assert "worried about what you do yourself" in text
    assert all(A_NUMBER.match(line.number) for line in (*found.lines, *found.own))


@pytest.mark.parametrize(
    ("zone", "code"),
    [("Europe/Berlin", "DE"), ("Europe/Busingen", "DE"), ("Europe/Zurich", "CH"), ("America/Chicago", "US"),
     ("Australia/Lord_Howe", "AU"), ("UTC", None), ("No/Where", None)],
)  # fmt: skip
def test_the_country_is_that_of_the_time_zone(zone: str, code: str | None) -> None:
    assert country_of(zone) == code


def test_reading_it_leaves_no_trace_and_needs_no_config(here: Here) -> None:
    here.write("this is [not a config")
    before = sorted(here.home.rglob("*"))
    ran = here.run("help", "safety", TZ="Europe/London")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "0808 2000 247" in ran.stdout
    assert here.said("help", "safety", "--country", "at")["country"] == "Austria"
    assert sorted(here.home.rglob("*")) == before


def test_a_country_that_is_not_listed_is_an_error_that_lists_them(here: Here) -> None:
    ran = here.run("help", "safety", "--country", "XX")
    assert ran.returncode == 2
    assert "there are some for AT, AU" in ran.stderr


def test_help_about_a_command_is_that_of_the_command(here: Here) -> None:
    assert here.run("help", "config", "check").stdout == here.run("config", "check", "--help").stdout
    assert here.run("help").stdout == here.run("--help").stdout
    assert 'did you mean "remember"?' in here.run("help", "remembr").stderr


@needs("tmux")
def test_a_key_clears_the_screen_and_what_is_above_it(here: Here) -> None:
    line = f"{PROGRAMS / 'reconnect'} help safety; echo gone on; cat"
    with Terminal(["sh", "-c", line], {**here.environ, "TZ": "Europe/Berlin"}, rows=24) as terminal:
        terminal.asks("Any key clears the screen.")
        assert terminal.screen().splitlines()[0].startswith("If you are afraid of your partner")
        assert "116 016" in terminal.screen()
        terminal.types("x")
        terminal.asks("gone on")
        assert terminal.screen(above=True).strip() == "gone on"


def test_without_a_terminal_the_page_is_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    show_after_key()
    assert capsys.readouterr().out == ""


@needs("tmux")
def test_the_offer_shows_it_after_a_key_and_q_goes_on_without(here: Here) -> None:
    offer = f"{sys.executable} -c 'from reconnectd.cli.safety import show_after_key as s; s()'"
    with Terminal(["sh", "-c", f"{offer}; {offer}; echo gone on; cat"], here.environ, rows=24) as terminal:
        terminal.asks("There is a page about where to turn.")
        terminal.types("x")
        terminal.asks("Any key clears the screen.")
        terminal.types(" ")
        terminal.asks("There is a page about where to turn.")
        terminal.types("q")
        terminal.asks("gone on")


@needs("tmux")
def test_ended_from_outside_nothing_of_it_stays(here: Here) -> None:
    line = f"seq 50; {PROGRAMS / 'reconnect'} help safety & echo $! > {shlex.quote(str(here.home))}/pid; fg; cat"
    with Terminal(["bash", "-mc", line], here.environ, rows=24) as terminal:
        terminal.asks("Any key clears the screen.")
        os.kill(int((here.home / "pid").read_text()), signal.SIGHUP)
        terminal.shows("Hangup")
        left = terminal.screen(above=True)
        assert [words for words in ("afraid", "110", "clears", "49") if words in left] == []


@needs("tmux")
def test_on_a_low_and_narrow_screen_it_comes_in_parts_and_nothing_is_left_out(here: Here) -> None:
    with Terminal([PROGRAMS / "reconnect", "help", "safety"], here.environ, rows=9) as terminal:
        terminal.resize(50, 9)
        parts = [terminal.shows(MORE, "If you are afraid")]
        while not parts[-1].endswith(KEYS):
            terminal.types("x")
            parts.append(terminal.changes(parts[-1]))
        seen = " ".join(" ".join(parts).replace(MORE, "").replace(KEYS, "").split())
        assert seen == " ".join(page(directory().of("DE")).split())
        terminal.press("Left")
        assert terminal.ended() == 0
        assert terminal.screen(above=True) == "\n[it ended with 0]"


def test_a_terminal_that_can_not_be_cleared_says_so_before_anything_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("click.getchar", lambda: "q")
    show_after_key()
    assert capsys.readouterr().out == f"{STAYS}\n{OFFER}\n"
    monkeypatch.setattr("click.getchar", lambda: " ")
    show_after_key()
    assert "\x1b" not in (said := capsys.readouterr().out)
    assert "check before you rely on it" in said


def test_every_check_in_reads_the_page_so_that_no_file_tells_who_was_shown_it(person: Person) -> None:
    for words in (["check-in", "-"], ["help", "next"]):
        directory.cache_clear()
        assert person.run(*words, typed="close: 7\n").code == 0
        assert directory.cache_info().currsize == 1


def test_a_helpline_is_only_named_by_the_file() -> None:
    package = Path(str(directory.__wrapped__.__code__.co_filename)).parents[1]
    numbers = {line.number for found in EVERYWHERE for line in found.lines if len(line.number) > 4}
    for path in package.rglob("*.py"):
        assert not [number for number in numbers if number in path.read_text()], path
