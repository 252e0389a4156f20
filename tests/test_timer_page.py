"""What a timer shows, at every size of a screen; and what it does where there is no screen."""

from __future__ import annotations

import contextlib
import io
import unicodedata

import pytest
from cli_runner import Person, person
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reconnectd.cli.main import Call
from reconnectd.cli.output import Output
from reconnectd.cli.practice.countdown import drive, take_a_break
from reconnectd.cli.practice.digits import BLOCKS, HASHES, cell, large
from reconnectd.cli.practice.timer_page import NAME, lines, name, page_of
from reconnectd.core.practice.breather import breather
from reconnectd.core.practice.countdown import Card, Countdown, Stage
from reconnectd.wiring.session import Session

__all__ = ["person"]

BREAK_80 = """\
   A break

                      ██████  ██████      ██████  ██████
                          ██  ██  ██  ██  ██  ██  ██  ██
                      ██████  ██  ██      ██  ██  ██  ██
                      ██      ██  ██  ██  ██  ██  ██  ██
                      ██████  ██████      ██████  ██████

   Go where you can breathe: some steps, some water, some music. No need to
   find better arguments meanwhile; the matter will keep. It rings when the
   time is up.












   space pause   n next   q end"""

BREAK_40 = """\
A break
    ##    ######      ######  ######
  ####        ##  ##      ##      ##
    ##      ####        ####  ######
    ##        ##  ##      ##  ##
  ######  ######      ######  ######
Paused. Space goes on.
some steps, some water, some music



space go on   n next   q end"""


def test_a_break_on_a_usual_screen_and_on_a_small_one() -> None:
    begun = breather(1200)
    assert "\n".join(lines(page_of(begun), 80, 24)) == BREAK_80
    assert "\n".join(lines(page_of(begun.after(388).toggled()), 40, 12, HASHES)) == BREAK_40


@pytest.mark.parametrize(
    ("columns", "rows", "shown"),
    [(80, 24, 24), (40, 12, 12), (35, 7, 7), (34, 24, 24), (40, 6, 6), (20, 3, 3), (10, 2, 1), (5, 1, 1), (1, 1, 1)],
)
def test_whatever_the_size_the_clock_is_there(columns: int, rows: int, shown: int) -> None:
    page = lines(page_of(breather(1200).after(1), "a theme"), columns, rows)
    assert len(page) == shown
    big = any(BLOCKS in line for line in page)
    assert big == (columns >= 35 and rows >= 7)
    assert big or columns < 6 or any("19:59" in line for line in page)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)


@given(WORDS, WORDS, WORDS, st.integers(1, 130), st.integers(1, 60), st.floats(1, 20000))
def test_no_line_is_wider_than_the_screen_in_any_script(
    heading: str, who: str, text: str, columns: int, rows: int, seconds: float
) -> None:
    stage = Stage(seconds, heading, "turn 1 of 2", (Card(name(who), text, text[:9]), Card("", text, "")))
    page = lines(page_of(Countdown((stage,)), text), columns, rows)
    assert 1 <= len(page) <= rows
    assert max(map(cell_len, page)) <= max(columns - 1, 1)
    assert not [line for line in page if "\n" in line or "\x1b" in line]


def test_each_digit_is_a_shape_of_its_own_and_of_sure_width() -> None:
    shapes = {"\n".join(large(digit)) for digit in "0123456789"}
    assert len(shapes) == 10
    assert {len(row) for digit in "0123456789" for row in large(digit)} == {6}
    assert {len(row) for row in large("88:88")} == {34}
    assert {unicodedata.east_asian_width(sign) for sign in BLOCKS + HASHES} == {"A", "Na"}


@pytest.mark.parametrize(
    ("environ", "encoding", "drawn"),
    [
        ({"LANG": "de_DE.UTF-8"}, "utf-8", BLOCKS), ({}, "UTF-8", BLOCKS), ({"LANG": "C"}, "ascii", HASHES),
        ({"LANG": "ja_JP.UTF-8"}, "utf-8", HASHES), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "utf-8", BLOCKS),
        ({"LC_CTYPE": "ko_KR.UTF-8"}, "utf-8", HASHES),
    ],
)  # fmt: skip
def test_where_a_block_could_be_twice_as_wide_hashes_are_drawn(
    environ: dict[str, str], encoding: str, drawn: str
) -> None:
    assert cell(environ, encoding) == drawn


def test_a_name_is_short_and_harmless() -> None:
    assert name("Al\x1b[31mex\n") == "Alex"
    assert cell_len(name("佐藤" * 20)) <= NAME


class Scripted:
    """A terminal on which these things happen, each so many seconds after the last; then the seconds go by."""

    def __init__(self, *happens: tuple[float, str]) -> None:
        self.now = 1000.0
        self.rung: list[bool] = []
        self.bells = 0
        self.screens: list[str] = []
        self._happens = list(happens)

    def size(self) -> tuple[int, int]:
        return 60, 20

    def draw(self, lines: list[str]) -> None:
        self.screens.append("\n".join(lines))

    def bell(self) -> None:
        self.bells += 1

    def wait(self, seconds: float | None) -> str:
        if self._happens:
            later, what = self._happens.pop(0)
            self.now += later
            return what
        assert seconds is not None, "it waits for somebody who isn't there"
        self.now += seconds
        return ""

    def ring(self, *, over: bool) -> None:
        self.rung.append(over)

    def run(self, countdown: Countdown) -> bool:
        return drive(self, countdown, "", self.ring, lambda: self.now)


THREE = Countdown(tuple(Stage(10, f"part {number}") for number in range(3)))


def test_it_rings_at_each_change_and_at_the_end() -> None:
    face = Scripted()
    assert face.run(THREE)
    assert (face.rung, face.bells, face.now) == ([False, False, True], 3, 1030)


def test_it_is_drawn_once_a_second_and_never_while_it_is_paused() -> None:
    face = Scripted((0.5, " "), (100, " "))
    assert face.run(THREE)
    assert (face.now, len(face.screens)) == (1130, 32)


@pytest.mark.parametrize("key", ["q", "\x1b", "stop", "gone"])
def test_whoever_ends_it_hears_no_bell(key: str) -> None:
    face = Scripted((3, ""), (1, key))
    assert not face.run(THREE)
    assert (face.rung, face.bells) == ([], 0)


def test_after_a_sleep_of_the_machine_it_says_that_it_waited() -> None:
    face = Scripted((720, ""), (5, "q"))
    face.run(THREE)
    assert "It waited for you, 12 minutes. Space goes on." in face.screens[-1]
    assert "space go on" in face.screens[-1]


@pytest.fixture
def no_desktop(person: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Also where the tests are run on one."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    return person


@pytest.mark.usefixtures("no_desktop")
def test_in_a_pipe_a_break_is_a_line_and_a_word_at_its_end() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert take_a_break(Call(Session(), Output()), minutes=0.001)
    first, *rest = out.getvalue().splitlines()
    assert first == "A break: 1 second"
    assert rest[0].startswith("The break is over. Come back when you are both calm")
    assert "\a" not in out.getvalue()
