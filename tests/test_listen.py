"""`reconnect listen`: turns that are fair, a card to lay on the table, and a timer in a real terminal."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_here import PROGRAMS, Here, here, living
from cli_runner import CONFIG, Person, person
from hypothesis import given
from hypothesis import strategies as st
from needs import needs
from notification_server import NotificationServer
from private_bus import PrivateBus, private_bus
from terminal import Terminal
from test_timer_page import Scripted, no_desktop

from reconnectd.cli.practice.countdown import Face
from reconnectd.cli.practice.listening import choose
from reconnectd.cli.practice.timer_page import wrapped
from reconnectd.core.practice.listening import (
    CLOSING,
    LEFT_EARLY,
    LONGEST_REFLECTION,
    RULES,
    THEMES,
    Pair,
    Round,
    pair_of,
    reflecting_cards,
    speaking_cards,
    themes_on,
)

__all__ = ["here", "no_desktop", "person"]

PAIR = Pair("Alex", "Sam")
BOTH = '[people]\nme = "Alex"\npartner = "Sam"\n'

FIRST_80 = """\
   Listening to each other

                      ██████  ██████      ██████  ██████
                      ██  ██  ██  ██  ██  ██  ██  ██  ██
                      ██  ██  ██████      ██  ██  ██  ██
                      ██  ██  ██  ██  ██  ██  ██  ██  ██
                      ██████  ██████      ██████  ██████

   {theme}

   First Alex, then Sam: 2 turns each, 8 minutes a turn, 32 minutes in all.

   Phones away, unless you talk on one. As quiet a place as there is.

   Something light, from outside the two of you. What stands between you
   has its own time.

   One speaks, the other listens and gives back what was heard; then the
   other way round.

   Either of you may stop at any moment. Nobody asks why.


   enter begin   s swap   t theme   q leave"""

SPEAKING_80 = """\
   {theme}

   Alex: Say "I": what happened, how it was for you, what you wished for.
   One thing at a time; it needn't be fair or complete. A silence is fine.

   Sam: Only listen. There is nothing to mend, to defend or to answer. If a
   word is unclear, ask what it means.






   space go on   n next   q end"""

GIVING_BACK_40 = """\
Giving back: Sam            turn 1 of 4
{clock}
Paused. Space goes on.
{theme}
Sam: what did you hear? "Did I get it?"
Alex: say what is right, and thanks
space go on   n next   q end"""


# The turns


@given(st.integers(1, 6), st.integers(1, 30))
def test_both_speak_as_long_and_all_of_it_is_what_was_said(turns: int, minutes: int) -> None:
    one = Round(PAIR, "", turns, minutes * 60)
    stages = list(one.stages())
    speaking = {who: sum(s.seconds for s in stages if s.heading == f"Speaking: {who}") for who in ("Alex", "Sam")}
    assert speaking["Alex"] == speaking["Sam"] == turns * one.speaking
    assert sum(stage.seconds for stage in stages) == 2 * turns * minutes * 60 == one.total
    assert {stage.seconds for stage in stages[1::2]} == {min(minutes * 15, LONGEST_REFLECTION)}
    assert one.countdown().waits


def test_whoever_listened_gives_back_and_is_the_next_to_speak() -> None:
    stages = list(Round(PAIR, "", 2, 480).stages())
    turn = ["Speaking: Alex", "Giving back: Sam", "Speaking: Sam", "Giving back: Alex"]
    assert [stage.heading for stage in stages] == turn * 2
    assert [stage.place for stage in stages[::2]] == [f"turn {n} of 4" for n in (1, 2, 3, 4)]
    assert [card.who for card in stages[0].cards] == ["Alex", "Sam"]
    assert [card.who for card in stages[1].cards] == ["Sam", "Alex"]


@pytest.mark.parametrize(
    ("people", "first", "second"),
    [
        (BOTH, "Alex", "Sam"), ('[people]\nme = "Alex"\n', "Alex", "your partner"), ("", "you", "your partner"),
        ('[people]\npartner = "Sam"\n', "you", "Sam"),
    ],
)  # fmt: skip
def test_one_name_or_none_is_enough(person: Person, people: str, first: str, second: str) -> None:
    person.home.write(people)
    parts = person.json("listen", "--turns", "1")["parts"]
    assert [part["heading"] for part in parts[::2]] == [f"Speaking: {first}", f"Speaking: {second}"]
    assert pair_of("", None).swapped() == Pair("your partner", "you")


def test_there_is_another_theme_each_day() -> None:
    days = [dt.date(2026, 11, 23) + dt.timedelta(n) for n in range(len(THEMES))]
    assert {themes_on(day)[0] for day in days} == set(THEMES)
    assert {frozenset(themes_on(day)) for day in days} == {frozenset(THEMES)}
    assert {len(wrapped(theme, 72)) for theme in THEMES} == {1}, "on a usual screen"
    assert {len(wrapped(theme, 39)) for theme in THEMES} == {2}, "on a small one"


def all_words() -> str:
    cards = [*speaking_cards(PAIR), *reflecting_cards(PAIR)]
    return "\n".join([*THEMES, *RULES, CLOSING, LEFT_EARLY, *(f"{one.text}\n{one.brief}" for one in cards)])


def test_the_words_are_kind_and_fit_everybody() -> None:
    unkind = "due overdue missed failed score streak must owe target should he she him her his husband wife love"
    assert not set(re.findall(r"[a-z]+", all_words().lower())) & set(unkind.split())


# The command


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--turns", "0"], "--turns is from 1 to 6"), (["--turns", "7"], "--turns is from 1 to 6"),
        (["--minutes", "0"], "--minutes is from 1 to 30"), (["--minutes", "31"], "--minutes is from 1 to 30"),
        (["--card", "--minutes", "-3"], "--minutes is from 1 to 30"), (["--turns", "two"], "'two' is not a valid"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_wrong_usage_with_a_sentence(person: Person, words: list[str], said: str) -> None:
    ran = person.run("listen", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert person.run("--json", "listen", *words).document["error"]["code"] == 2


def test_the_card_is_a_page_of_72_columns(person: Person) -> None:
    person.home.write(BOTH)
    said = person.run("listen", "--card", "--turns", "3", "--minutes", "10")
    lines = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert max(map(len, lines)) <= 72
    assert len(lines) <= 60
    assert "First Alex, then Sam: 3 turns each, 10 minutes a turn, 1 hour in all." in " ".join(lines)
    text = " ".join(said.out.split())
    assert [rule for rule in RULES if rule not in text] == []
    assert "Speaking (8 minutes)" in text
    assert 'Then ask: "Did I get it?"' in text


def test_as_json_it_is_the_plan_and_nothing_begins(person: Person) -> None:
    plan = person.json("listen", "--turns", "1", "--minutes", "2")
    assert (plan["turns"], plan["minutes"], plan["theme"] in THEMES) == (1, 2, True)
    assert [part["seconds"] for part in plan["parts"]] == [90, 30, 90, 30]
    carded = person.json("listen", "--turns", "1", "--minutes", "2", "--card")
    assert carded.pop("card") + "\n" == person.run("listen", "--turns", "1", "--minutes", "2", "--card").out
    assert carded == plan


def test_it_needs_no_config_nor_a_sound_one_and_keeps_nothing(here: Here) -> None:
    assert "First you, then your partner" in here.run("listen", "--card").stdout
    here.write("[people]\nme = 3\n")
    ran = here.run("listen", "--turns", "1", "--seconds", "0.01")
    assert (ran.returncode, ran.stderr, "\a" in ran.stdout) == (0, "", False)
    assert ran.stdout.splitlines()[1:] == [
        "Speaking: you, turn 1 of 2: 1 second", "Giving back: your partner, turn 1 of 2: 1 second",
        "Speaking: your partner, turn 2 of 2: 1 second", "Giving back: you, turn 2 of 2: 1 second", CLOSING,
    ]  # fmt: skip
    assert [path for path in here.home.rglob("*") if path.is_file()] == [here.config]


ROUTINE = '\n[routine.homecoming]\npractice = "listening"\non = "{day}"\nat = "18:00"\nlasting = "20 min"\n'


@pytest.mark.usefixtures("no_desktop")
@pytest.mark.parametrize(("day", "named"), [("mon", True), ("tue", False)])
def test_a_routine_of_today_is_named_and_stays_open(person: Person, day: str, named: bool) -> None:
    person.home.write(CONFIG + ROUTINE.format(day=day))
    person.run("next")
    person.at("2026-11-23 18:25")
    said = person.run("listen", "--turns", "1", "--seconds", "0.01")
    assert ("`reconnect done homecoming` says that it happened." in said.out) == named
    assert [row["state"] for row in person.json("week")["occurrences"] if row["routine"] == "homecoming"] == ["planned"]
    person.run("done", "homecoming")
    assert not named or "reconnect done" not in person.run("listen", "--turns", "1", "--seconds", "0.01").out


# The first screen


@pytest.mark.parametrize(
    ("keys", "first", "theme"), [("\n", "Alex", 0), ("s ", "Sam", 0), ("ss\r", "Alex", 0), ("txts\n", "Sam", 2)]
)
def test_on_the_first_screen_it_is_said_who_begins_and_about_what(keys: str, first: str, theme: int) -> None:
    face: Face = Scripted(*((1, key) for key in keys))
    chosen = choose(face, Round(PAIR, "", 1, 60), THEMES)
    assert chosen is not None
    assert (chosen[0].stage.heading, chosen[1]) == (f"Speaking: {first}", THEMES[theme])


# The chime


@pytest.fixture
def bus() -> Iterator[PrivateBus]:
    with private_bus() as found:
        yield found


@pytest.mark.parametrize("with_daemon", [True, False])
async def test_each_change_is_a_notification_that_tells_nothing(here: Here, bus: PrivateBus, with_daemon: bool) -> None:
    here.write(BOTH)
    here.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.address
    server = NotificationServer(bus.address)
    await server.start()
    words = ("listen", "--turns", "1", "--seconds", "1.2")
    if with_daemon:
        async with living(here):
            ran = await here.aside(*words)
            assert server.closed == [1, 2, 3], "one at a time"
    else:
        ran = await here.aside(*words)
    await server.stop()
    titles = [bubble.title for bubble in server.notified]
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (titles.count("Time to change"), titles.count("The time is up"), len(titles)) == (3, 1, 4)
    said = json.dumps([(bubble.title, bubble.body, bubble.hints) for bubble in server.notified])
    assert not [word for word in ("Alex", "Sam", "isten", *THEMES) if word in said]


# A real terminal


def digits(screen: str) -> str:
    return "\n".join(line for line in screen.splitlines() if "██" in line)


@needs("tmux", "bash")
@pytest.mark.timeout(120)
def test_a_talk_in_a_terminal_that_is_as_before_afterwards(here: Here) -> None:
    here.write(BOTH)
    with Terminal(["bash", "--norc", "--noprofile"], {**here.environ, "PS1": "$ "}, rows=24) as shell:
        shell.says(f"alias r={PROGRAMS}/reconnect; before=$(stty -g); clear")
        shell.says("r listen")
        screen = shell.shows("enter begin")
        theme = next(theme for theme in THEMES if theme in screen)
        assert screen == FIRST_80.format(theme=theme)
        assert shell.state() == {"alternate_on": "1", "cursor_flag": "0"}
        shell.press("Enter")
        shell.shows("Speaking: Alex", "turn 1 of 4")
        shell.types(" ")
        paused = shell.shows("Paused. Space goes on.", "space go on")
        assert paused.partition("Paused. Space goes on.\n\n")[2] == SPEAKING_80.format(theme=theme)
        assert digits(paused) == digits(shell.screen())
        shell.resize(40, 12)
        shell.shows('Alex: say "I", one thing at a time')
        shell.types("n")
        shell.shows("Giving back: Sam", "space pause")
        shell.types(" ")
        small = shell.shows("Paused. Space goes on.", "space go on")
        assert small == GIVING_BACK_40.format(clock=digits(small), theme="\n".join(wrapped(theme, 39)))
        assert max(map(len, small.splitlines())) <= 39
        shell.resize(80, 24)
        shell.press("C-z")
        shell.shows("Stopped")
        is_as_before(shell)
        shell.says("fg")
        shell.shows("Giving back: Sam", "Paused", "q end")
        shell.types(" ")
        shell.shows("space pause")
        shell.press("C-z")
        shell.shows("Stopped")
        shell.says("clear; fg")
        shell.shows("It waited for you", "space go on")
        shell.types("q")
        shell.shows(*LEFT_EARLY.split())  # in any width: tmux tells of a new size when it likes
        is_as_before(shell)


@needs("tmux")
@pytest.mark.timeout(120)
def test_a_terminal_without_a_screen_gets_a_line_for_each_change(here: Here) -> None:
    listen: list[str | Path] = [PROGRAMS / "reconnect", "listen", "--turns", "1", "--seconds"]
    with Terminal([*listen, "0.2"], here.environ, term="dumb", rows=24) as terminal:
        assert terminal.ended() == 0
        assert len(terminal.screen().splitlines()) == 8, "a theme, four parts, the thanks, the end"
    with Terminal([*listen, "900"], here.environ, term="dumb", rows=24) as terminal:
        terminal.asks("Speaking: you, turn 1 of 2: 13 minutes")
        terminal.press("C-c")
        assert terminal.ended() == 0
        assert f"\n{LEFT_EARLY}\n" in terminal.screen()


def is_as_before(shell: Terminal) -> None:
    """Its modes, its cursor, its screen."""
    shell.says("""clear; [ "$before" = "$(stty -g)" ] && echo so 'it is'""")
    shell.shows("so it is")
    assert shell.state() == {"alternate_on": "0", "cursor_flag": "1"}


def program_in(pid: int, word: str) -> int | None:
    """The process below `pid` that was called with this word; None when there is none."""
    if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
        return pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return next((found for child in children if (found := program_in(int(child), word)) is not None), None)


@needs("tmux", "bash")
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("how", "code"), [("TERM", 143), ("HUP", 129), ("INT", 0)])
def test_ended_from_outside_it_gives_the_terminal_back(here: Here, how: str, code: int) -> None:
    with Terminal(["bash", "--norc", "--noprofile"], {**here.environ, "PS1": "$ "}, rows=24) as shell:
        shell.says("before=$(stty -g); clear; echo above")
        shell.says(f"{PROGRAMS}/reconnect listen; echo it said $?")
        shell.shows("enter begin")
        listening = program_in(shell.pid(), "listen")
        assert listening is not None
        os.kill(listening, getattr(signal, f"SIG{how}"))
        screen = shell.shows(f"it said {code}", "above")
        assert "enter begin" not in screen
        is_as_before(shell)
