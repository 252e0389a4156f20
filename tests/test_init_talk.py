"""`reconnect init` as a conversation, in a real terminal of 80 columns."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_here import PROGRAMS, Here, here
from needs import needs
from servers import PASSWORD, USER, Server
from terminal import Terminal

from reconnectd import config
from reconnectd.adapters.clock import SystemClock

__all__ = ["here"]

pytestmark = [needs("tmux"), pytest.mark.timeout(120)]

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ALONE = [("Your name", "Alex"), ("Your partner", ""), ("Ring", ""), ("Calendar", "")]
THE_REST = [("Start from", ""), ("Show one now?", "n"), ("Write it?", "")]
BOTH_SEE_IT = [("Your name", "Alex"), ("Your partner", "Sam"), ("Ring", ""), ("Seen by", "2"), ("Calendar", "")]


def asked(here: Here, *words: str, term: str = "xterm-256color", **environ: str) -> Terminal:
    return Terminal([PROGRAMS / "reconnect", *words, "init"], {**here.environ, **environ}, term=term)


def written(here: Here) -> dict[str, Any]:
    """The config, which is private and can be used."""
    assert here.config.stat().st_mode & 0o777 == 0o600
    config.load(here.config)
    return tomllib.loads(here.config.read_text())


def nothing_is_written(here: Here) -> bool:
    return not [path for path in here.home.rglob("*") if path.is_file()]


def test_somebody_alone_needs_enter_and_a_name(here: Here) -> None:
    with asked(here) as terminal:
        terminal.answers(*ALONE, *THE_REST)
        assert terminal.ended() == 0
        screen = terminal.screen()
    made = written(here)
    assert (made["people"]["me"], "partner" in made["people"], "calendar" in made) == ("Alex", False, False)
    assert list(made["routine"]) == ["date-night", "sunday-talk", "small-touch", "first-talk"]
    assert "".join(f"Your config is here: {here.config}".split()) in "".join(screen.split()), "wherever it is wrapped"
    assert "Date night" in screen
    assert re.search(r"speaks about [67] times a week, and in the first seven days\s+once a day", screen)
    assert max(map(len, screen.splitlines())) <= 80


def test_the_week_it_shows_is_the_week_that_comes(here: Here) -> None:
    with asked(here) as terminal:
        terminal.answers(*ALONE, *THE_REST)
        terminal.ended()
        shown = re.findall(r"(?m)^(\w{3} [ \d]\d \w{3}(?: '\d\d)?) +(\d\d:\d\d)-\S+ +(\S+)", terminal.screen())
    end = SystemClock().now() + dt.timedelta(days=7)
    rows = here.said("plan", "--days", "9")["occurrences"]
    coming = {row["routine"] for row in rows if row["end"] and dt.datetime.fromisoformat(row["start"]) < end}
    assert {name for _, _, name in shown} == coming != set()


@pytest.mark.parametrize(
    ("environ", "term", "coloured"),
    [({}, "xterm-256color", True), ({"NO_COLOR": "1"}, "xterm-256color", False), ({}, "dumb", False)],
    ids=["colour", "NO_COLOR", "dumb"],
)
def test_colour_only_where_it_is_wanted(here: Here, environ: Mapping[str, str], term: str, coloured: bool) -> None:
    with asked(here, term=term, **environ) as terminal:
        terminal.answers(*ALONE[:2])
        terminal.asks("Ring")
        assert bool(COLOUR.search(terminal.screen(colours=True))) == coloured


@pytest.mark.parametrize(("at", "key"), [(0, "C-d"), (0, "C-c"), (2, "C-c"), (5, "C-d"), (6, "C-c")])
def test_whoever_stops_has_written_nothing(here: Here, at: int, key: str) -> None:
    with asked(here) as terminal:
        terminal.answers(*(ALONE + THE_REST)[:at])
        terminal.asks((ALONE + THE_REST)[at][0])
        terminal.press(key)
        assert terminal.ended() == 1
        assert "stopped; nothing was written\n`reconnect init` begins anew" in terminal.screen()
    assert nothing_is_written(here)


def test_a_no_at_the_end_is_a_no(here: Here) -> None:
    with asked(here) as terminal:
        terminal.answers(*ALONE, *THE_REST[:-1], ("Write it?", "n"))
        assert terminal.ended() == 1
    assert nothing_is_written(here)


def test_odd_answers_are_asked_for_again_with_the_reason(here: Here) -> None:
    odd = [("Your name", "A" * 201), ("Your name", "Alex"), ("Your partner", ""), ("Ring", "5"), ("Ring", "loud")]
    with asked(here) as terminal:
        terminal.answers(*odd, ("Ring", "computer"), ("Calendar", ""), *THE_REST[:-1], ("Write it?", "perhaps"))
        terminal.answers(("Write it?", "y"))
        assert terminal.ended() == 0
        screen = terminal.screen()
    assert "at most 200 characters" in screen
    assert screen.count("Please say a number from 1 to 3.") == 2
    assert 'Please say "y" or "n".' in screen
    assert written(here)["people"]["me"] == "Alex"


def test_what_a_calendar_on_this_machine_cannot_do_is_said(here: Here) -> None:
    first = [("Your name", ""), ("Your partner", "Sam"), ("Ring", "3"), ("Seen by", "2"), ("Calendar [2]", "1")]
    with asked(here) as terminal:
        terminal.answers(*first, *THE_REST)
        terminal.ended()
        said = " ".join(terminal.screen().split())
    assert "it rings here and Sam doesn't see it" in said
    assert "calendar" not in written(here)


def account(server: Server, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The account, with a wrong password first."""
    return [
        ("Address", server.url), ("User name there", USER), ("Password [1]", "3"), ("Password (", "wrong"),
        ("What now", ""), ("Password (", PASSWORD), *more,
    ]  # fmt: skip


@pytest.fixture
def their_calendar() -> str:
    return f"Us {uuid.uuid4().hex[:8]}"


def today() -> dt.date:
    return SystemClock().now().astimezone(ZoneInfo("Europe/Berlin")).date()


def test_two_people_and_their_account(here: Here, radicale: Server, their_calendar: str) -> None:
    agreed = [("Have you both said yes?", "y"), ("Household", "k3v9-rt2p"), ("Start from", "steady")]
    with asked(here) as terminal:
        terminal.answers(*BOTH_SEE_IT, *account(radicale, ("Calendar [Us]", their_calendar)), *agreed)
        terminal.answers(("Show one now?", "n"), ("May that be written there?", "y"))
        terminal.asks("Write it?")
        assert nothing_is_written(here)
        assert their_calendar not in props(radicale)
        terminal.says("")
        assert terminal.ended() == 0
        screen = terminal.screen()
    made = written(here)
    assert made["people"] == {
        "me": "Alex", "partner": "Sam", "household": "k3v9-rt2p", "partner_agrees": today(),
    }  # fmt: skip
    assert made["calendar"]["seen_by"] == "both"
    assert "does not accept this login" in screen
    assert "In step: 3 written" in screen
    assert here.said("status")["calendar"]["name"] == their_calendar
    events = [path.read_text() for path in radicale.folder.rglob("rcd-*.ics") if "cache" not in str(path)]
    assert len(events) >= 2
    assert not [event for event in events if "touch" in event]


def props(server: Server) -> str:
    return "".join(path.read_text() for path in server.folder.rglob(".Radicale.props"))


def test_the_password_is_kept_in_its_own_file_and_nowhere_else(here: Here, radicale: Server) -> None:
    with asked(here) as terminal:
        terminal.answers(*ALONE[:-1], ("Calendar", "2"), *account(radicale, ("Calendar [Us]", "Mine")), *THE_REST)
        assert terminal.ended() == 0
        assert PASSWORD not in terminal.screen()
    kept = here.config.with_name("password")
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (PASSWORD + "\n", 0o600)
    assert written(here)["calendar"]["password_file"] == "password"
    others = [path for path in here.home.rglob("*") if path.is_file() and path != kept]
    assert not [path for path in others if PASSWORD.encode() in path.read_bytes()]


KEYRING = """
import pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    kept = pathlib.Path(__file__).with_name("kept")

    def get_password(self, service, username):
        found = self.kept.read_text().split("\\n") if self.kept.exists() else []
        return found[2] if found[:2] == [service, username] else None

    def set_password(self, service, username, password):
        self.kept.write_text(f"{service}\\n{username}\\n{password}")
"""


@pytest.mark.parametrize("wrong_one_is_kept", [False, True])
def test_a_typed_password_goes_into_the_keyring_and_only_there(
    here: Here, radicale: Server, tmp_path: Path, wrong_one_is_kept: bool
) -> None:
    (tmp_path / "our_keyring.py").write_text(KEYRING)
    environ = {"PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": "our_keyring.Keyring"}
    kept = tmp_path / "kept"
    if wrong_one_is_kept:
        kept.write_text(f"reconnectd\n{USER}\nan old one")
    typed = [("What now [1]", ""), ("Password (", PASSWORD)] if wrong_one_is_kept else [("Password (", PASSWORD)]
    asking = [("Address", radicale.url), ("User name", USER), ("Password [1]", "2"), *typed, ("Calendar [Us]", "Mine")]
    with asked(here, **environ) as terminal:
        terminal.answers(*ALONE[:-1], ("Calendar", "2"), *asking, *THE_REST[:-1])
        terminal.asks("Write it?")
        assert kept.exists() == wrong_one_is_kept
        terminal.says("")
        assert terminal.ended() == 0
        assert "In step" in terminal.screen()
    assert kept.read_text() == f"reconnectd\n{USER}\n{PASSWORD}"
    assert written(here)["calendar"]["password_keyring"] is True
    assert not [path for path in here.home.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]


def test_a_keyring_that_is_not_there_leads_to_another_way(here: Here, radicale: Server) -> None:
    asking = [("Address", radicale.url), ("User name", USER), ("Password [1]", "2"), ("What now [2]", "")]
    again = [("Password [2]", "1"), ("Command", f"echo '{PASSWORD}'"), ("Calendar [Us]", "Mine")]
    with asked(here, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring") as terminal:
        terminal.answers(*ALONE[:-1], ("Calendar", "2"), *asking, *again, *THE_REST)
        assert terminal.ended() == 0
        assert "No keyring answers here" in terminal.screen()
    assert written(here)["calendar"]["password_command"] == ["echo", PASSWORD]


def test_without_both_yeses_nothing_is_written_there(here: Here, radicale: Server, their_calendar: str) -> None:
    with asked(here) as terminal:
        terminal.answers(*BOTH_SEE_IT, *account(radicale, ("Calendar [Us]", their_calendar)))
        terminal.answers(("Have you both", ""), ("Household", ""), *THE_REST)
        assert terminal.ended() == 0
        assert "before partner_agrees has its day" in terminal.screen()
    assert "partner_agrees" not in written(here)["people"]
    assert f"# partner_agrees = {today()}" in here.config.read_text()
    assert here.run("sync").returncode == 77
    assert their_calendar not in props(radicale)


def test_a_second_thought_before_the_first_write_counts(here: Here, radicale: Server, their_calendar: str) -> None:
    with asked(here) as terminal:
        terminal.answers(*BOTH_SEE_IT, *account(radicale, ("Calendar [Us]", their_calendar)))
        terminal.answers(("Have you both", "y"), ("Household", ""), *THE_REST[:2], ("May that be", ""))
        assert "Date night, every Friday at 19:30" in terminal.screen()
        terminal.answers(("Write it?", ""))
        assert terminal.ended() == 0
    assert "partner_agrees" not in written(here)["people"]
    assert their_calendar not in props(radicale)


def test_a_server_that_is_not_there_can_be_left_for_later(here: Here) -> None:
    tried = [("Address", "http://example.org"), ("Address", "127.0.0.1:1"), ("User", "alex"), ("Password [1]", "")]
    again = [("Command", "'"), ("Command", "echo a-word"), ("What now [3]", "4"), ("Name of the calendar", "")]
    with asked(here) as terminal:
        terminal.answers(*ALONE[:-1], ("Calendar", "2"), *tried, *again, *THE_REST)
        assert terminal.ended() == 0
        said = " ".join(terminal.screen().split())
    assert "would send the password in clear" in said
    assert "nothing listens there" in said
    assert written(here)["calendar"]["password_command"] == ["echo", "a-word"]


def test_a_config_that_comes_meanwhile_is_left_as_it_is(here: Here) -> None:
    with asked(here) as terminal:
        terminal.answers(*ALONE, *THE_REST[:-1])
        terminal.asks("Write it?")
        here.write('[people]\nme = "Somebody"\n')
        terminal.says("")
        assert terminal.ended() == 1
        assert "there is a config already" in terminal.screen()
    assert here.config.read_text() == '[people]\nme = "Somebody"\n'


def test_with_json_nothing_is_asked(here: Here) -> None:
    with asked(here, "--json") as terminal:
        assert terminal.ended() == 2
        assert "`reconnect init --defaults` asks nothing" in terminal.screen().replace("\n", "")


def test_init_begins_the_first_seven_days_gently(here: Here) -> None:
    with asked(here) as terminal:
        terminal.answers(*ALONE, *THE_REST)
        terminal.ended()
    said = here.run("doctor").stdout
    assert "the first days: one word a day at most" in said
    assert "first days" not in here.run("undo").stdout
    assert "The first days are over." in here.run("resume").stdout
