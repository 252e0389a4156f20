"""The terminal is given back as it was: keys, signals, screen."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from reconnectd.adapters.terminal import BACK, ENDING, GIVE_BACK, GONE, OTHERS, RESIZED, STOP, TAKE, Terminal

NOTED = [getattr(signal, name) for name in (*ENDING, *OTHERS)]


@dataclass
class Pty:
    """Both ends of a terminal: the person's, and the program's."""

    person: int
    program: int

    def open(self) -> Terminal:
        return Terminal(self.program, self.program)

    def types(self, keys: bytes) -> None:
        os.write(self.person, keys)

    def seen(self) -> str:
        """All of it so far."""
        found = b""
        while select.select([self.person], [], [], 0.05)[0]:
            found += os.read(self.person, 65536)
        return found.decode().replace("\r\r\n", "\r\n")

    def state(self) -> tuple[list[Any], list[Any]]:
        return termios.tcgetattr(self.program), [signal.getsignal(number) for number in NOTED]


@pytest.fixture
def pty() -> Iterator[Pty]:
    person, program = os.openpty()
    yield Pty(person, program)
    for end in (person, program):
        with contextlib.suppress(OSError):  # somebody hung up
            os.close(end)


def test_everything_is_as_before_afterwards(pty: Pty) -> None:
    before = pty.state()
    with pty.open():
        assert pty.state()[0] != before[0]
    assert pty.state() == before
    assert pty.seen() == TAKE + GIVE_BACK


def test_also_after_an_error(pty: Pty) -> None:
    before = pty.state()
    with pytest.raises(ZeroDivisionError), pty.open():
        _ = 1 / 0
    assert pty.state() == before
    assert pty.seen().endswith("\x1b[?25h\x1b[?1049l")


def test_keys_come_one_by_one_and_arrows_are_none(pty: Pty) -> None:
    with pty.open() as terminal:
        pty.types(b"\x1b[A")
        assert terminal.wait(5) == ""
        pty.types(b"nQ ")
        assert [terminal.wait(5) for _ in range(3)] == ["n", "q", " "]
        pty.types(b"\x1b")
        assert terminal.wait(5) == "\x1b"
        assert terminal.wait(0) == ""


@pytest.mark.parametrize(
    ("number", "heard"), [(signal.SIGINT, STOP), (signal.SIGWINCH, RESIZED), (signal.SIGCONT, BACK)]
)
def test_a_signal_wakes_it_up(pty: Pty, number: signal.Signals, heard: str) -> None:
    with pty.open() as terminal:
        os.kill(os.getpid(), number)
        assert terminal.wait(60) == heard
        pty.types(b"n")
        assert terminal.wait(5) == "n"


def test_a_person_who_hangs_up_is_gone_and_nothing_breaks(pty: Pty) -> None:
    with pty.open() as terminal:
        os.close(pty.person)
        terminal.draw(["nobody reads this"])
        terminal.bell()
        assert terminal.wait(5) == GONE
        assert terminal.size() == (80, 24)


def test_a_page_takes_the_place_of_the_one_before(pty: Pty) -> None:
    with pty.open() as terminal:
        pty.seen()
        terminal.draw(["heading", "", "keys"])
        assert pty.seen() == "\x1b[H\x1b[2K\x1b[1mheading\x1b[0m\r\n\x1b[2K\r\n\x1b[2Kkeys\x1b[J"
        terminal.bell()
        assert pty.seen() == "\a"
