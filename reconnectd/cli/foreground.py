"""`python -m reconnectd foreground`, which is `make run`: the daemon in this terminal, in plain words."""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from reconnectd.adapters.clock import SystemClock
from reconnectd.cli.output import Output
from reconnectd.core.plain import plain
from reconnectd.core.wording import moment
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.account import SignIn
from reconnectd.wiring.foreground import Foreground, Word

HELD = "words are held until there is one{now}; `{reconnect} next` shows what is coming"


def main(argv: Sequence[str]) -> int:
    """Run until Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="reconnectd foreground", description="The daemon in this terminal.")
    parser.add_argument("--config", metavar="FILE", help="the config file, in place of the usual one")
    foreground, output = Foreground(parser.parse_args(argv).config), Output()
    try:
        foreground.start()
        return _run(foreground, output)
    except ReconnectdError as error:
        return output.failed(str(error), error.fix, error.exit_code)
    except KeyboardInterrupt:
        foreground.stop()
        output.line("\nStopped. Nothing is lost; it goes on where it was next time.")
        return 0
    finally:
        foreground.stop()


def _run(foreground: Foreground, output: Output) -> int:
    if not foreground.listens():
        return foreground.wait()
    output.line("\n".join(_greeting(foreground)))
    sys.stdout.flush()
    return foreground.wait()


def _greeting(foreground: Foreground) -> list[str]:
    """All of it at once, so that the log doesn't talk in between."""
    return [
        "",
        "reconnectd is here. Ctrl-C ends it.",
        "",
        *_where(foreground.places.config, foreground.account()),
        "",
        *_coming(foreground.words(3), SystemClock().now()),
        "",
        *_heard(foreground),
        "",
    ]


def _where(config: Path, account: SignIn | None) -> Iterator[str]:
    yield f"config     {config}"
    yield "           Change it and save: it is noticed at once."
    if account is None:
        yield "calendar   not there yet; see what is said above, or below"
        return
    yield f"calendar   {plain(account.url)}"
    if account.user:
        yield f"user       {plain(account.user)}"
    if account.password is not None:
        yield f"password   {program('reconnect')} calendar   shows it, for a calendar app on this machine"


def _coming(words: list[Word], now: dt.datetime) -> Iterator[str]:
    yield "The next reminders:" if words else "No reminders are coming; the config has the routines."
    for word in words:
        yield f"  {_when(word, now):<28} {plain(word.about.title)}{_about(word, now)}"


def _when(word: Word, now: dt.datetime) -> str:
    """A surprise keeps its moment; the day is known anyway."""
    said = moment(word.due, now)
    return f"{said.rpartition(' at ')[0]}, a surprise" if word.hidden else said


def _about(word: Word, now: dt.datetime) -> str:
    return "" if word.hidden or word.due == word.about.start else f", {moment(word.about.start, now)}"


def _heard(foreground: Foreground) -> Iterator[str]:
    if foreground.says_it_is_alive():
        yield "A notification on your desktop says that it is here."
    elif foreground.has_desktop():
        yield "Nothing here shows notifications at present (no notification server on the session bus):"
        yield _held(foreground)
    else:
        yield "There is no desktop here (no session bus, no screen):"
        yield _held(foreground)


def _held(foreground: Foreground) -> str:
    count = foreground.held()
    return HELD.format(now=f" ({count} at present)" if count else "", reconnect=program("reconnect"))


def program(name: str) -> str:
    """How to call a program of this installation from here."""
    beside = Path(sys.executable).with_name(name)
    if not beside.exists():
        return name
    return shlex.quote(str(beside.relative_to(Path.cwd()) if beside.is_relative_to(Path.cwd()) else beside))
