"""The letter to the partner: true in every sentence for the config it is made from."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from cli_here import Here, here
from servers import PASSWORD, USER, Server

from reconnectd import config
from reconnectd.config.first import Wishes, starter
from reconnectd.config.starting_sets import SETS, StarterSet
from reconnectd.core.letter import WIDTH, Letter, letter
from reconnectd.core.settings import CalendarAccount

__all__ = ["here"]

TODAY = dt.date(2026, 11, 23)
PEOPLE = '[people]\nme = "Alex"\npartner = "Sam"\n'
AGREED = PEOPLE + "partner_agrees = 2026-11-01\n"
ACCOUNT = '[calendar]\nurl = "https://cloud.example.org/"\ncalendar = "Home"\n'
OURS = ACCOUNT + 'seen_by = "both"\n'
DATE = '[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"\n'
TOUCH = '[routine.touch]\npractice = "affection"\non = "sat"\nat = "19:30"\nlasting = "2h"\n'
CUE = '[routine.tea]\non = "daily"\nat = "15:00"\n'
MAIL = "It sends you nothing"
READS = "It reads no calendar of yours"
ALARM, NO_ALARM = "It carries an alarm", "It carries no alarm"
DRAG, PAUSE = "drag it", "`reconnect pause`"
YES, NO_YES, WILL = (
    "Since 1 November 2026, when we both said yes",
    "takes a yes from both of us",
    "From 1 December 2026 on",
)


def made(text: str) -> Letter:
    return letter(config.parse(text, Path("config.toml")), TODAY)


def says(text: str) -> str:
    return " ".join(made(text).text.split())


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        (
            AGREED + OURS + DATE,
            [YES, "Hello Sam,", '"Home"', "Date night, every Friday at 19:30", DRAG],
            [NO_YES, PAUSE],
        ),
        (PEOPLE + OURS + DATE, [NO_YES, "Date night", DRAG], [YES, "stop --clear", "half a year"]),
        (PEOPLE + ACCOUNT + DATE, [NO_YES], [YES]),
        (AGREED.replace("11-01", "12-01") + OURS + DATE, [WILL], [YES, NO_YES]),
        (AGREED + OURS + DATE, ["stop --clear", "half a year"], []),
        (
            PEOPLE + ACCOUNT + 'seen_by = "me"\n' + DATE,
            ['my calendar "Home", which you don\'t see', PAUSE],
            [DRAG, "Date"],
        ),
        (PEOPLE + DATE, ["stays in a calendar on my computer", PAUSE], [DRAG, "Us"]),
        ('[people]\nme = "Alex"\n' + DATE, ["Hello,", "Alex"], ["Sam"]),
        (DATE, ["Hello,"], ["Sam"]),
        (AGREED + OURS + DATE + TOUCH + CUE, ["Date night"], ["Touch", "Tea"]),
        (AGREED + OURS + CUE, ["nothing"], ["Tea"]),
        (AGREED + OURS + DATE, [NO_ALARM, "its title and its time."], [ALARM]),
        (AGREED + OURS + 'ring = "both"\n' + DATE, [ALARM, "perhaps on yours"], [NO_ALARM]),
        (AGREED + OURS + 'ring = "phone"\n' + DATE + "remind = []\n", [NO_ALARM], [ALARM]),
        (AGREED + OURS + DATE + 'location = "Rosso"\n', ["and the place I gave it"], ["note"]),
        (AGREED + OURS + DATE + 'notes = "x"\nlocation = "y"\n', ["and the place and the note I gave it"], []),
        (AGREED + OURS + TOUCH + 'notes = "x"\n', [], ["note I gave"]),
        (AGREED + OURS + DATE, [MAIL, READS, 'once, as "Time to talk"'], []),
        (PEOPLE + DATE, [], ["Time to talk"]),
        (AGREED + OURS + 'partner_busy = ["Sam"]\n' + DATE, [MAIL], [READS]),
        (AGREED + OURS + DATE + "invite = true\n", [READS], [MAIL]),
        (AGREED + 'partner_email = "sam@example.org"\n' + OURS + DATE, [READS], [MAIL]),
    ],
)
def test_a_sentence_stands_there_where_it_is_true(text: str, said: list[str], unsaid: list[str]) -> None:
    found = says(text)
    assert [words for words in said if words not in found] == []
    assert [words for words in unsaid if words in found] == []


def test_many_routines_are_counted() -> None:
    many = "".join(DATE.replace("date-night", f"night-{n}") for n in range(9))
    assert len(made(AGREED + OURS + many).written) == 9
    assert "and 3 more" in says(AGREED + OURS + many)


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
@pytest.mark.parametrize("agreed", [True, False])
def test_it_is_half_a_page_that_fits_a_narrow_screen(one: StarterSet, agreed: bool) -> None:
    account = CalendarAccount(url="https://cloud.example.org/", username="alex", seen_by="both", ring="both")
    wishes = Wishes("Alex", "Sam", "k3v9-rt2p", account, agreed, TODAY, one.name)
    lines = made(starter(wishes)).text.splitlines()
    assert len(lines) <= 36
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("word", ["due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target"])
def test_the_words_are_kind(word: str) -> None:
    texts = [AGREED + OURS + 'ring = "both"\n' + DATE, PEOPLE + OURS + DATE, PEOPLE + DATE]
    assert not [text for text in texts if re.search(rf"\b{word}\b", says(text), re.IGNORECASE)]


def test_what_it_lists_is_what_the_server_gets(here: Here, radicale: Server, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.touch(0o600)
    secret.write_text(PASSWORD)
    account = f'[calendar]\nurl = "{radicale.url}"\nusername = "{USER}"\npassword_file = "{secret}"\n'
    here.write(AGREED + account + f'calendar = "{tmp_path.name}"\nseen_by = "both"\n' + DATE + TOUCH + CUE)
    assert here.run("sync").returncode == 0
    home = Path(radicale.folder, "collections", "collection-root", USER)
    mine = next(path.parent for path in home.rglob(".Radicale.props") if tmp_path.name in path.read_text())
    titles = {
        line[8:] for path in mine.glob("*.ics") for line in path.read_text().splitlines() if line[:8] == "SUMMARY:"
    }
    said = here.said("letter")
    assert titles == {one["title"] for one in said["written"]} == {"Date night"}
    assert (said["to"], said["from"]) == ("Sam", "Alex")
    assert said["text"] == here.run("letter").stdout


def test_without_a_config_it_says_how_to_make_one(here: Here) -> None:
    ran = here.run("letter")
    assert ran.returncode == 78
    assert "`reconnect init`" in ran.stderr
