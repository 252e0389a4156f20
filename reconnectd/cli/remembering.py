"""`reconnect remember`: a word at a time, once."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from reconnectd.cli import listing, rows
from reconnectd.cli.answers import TAKE_BACK, told
from reconnectd.cli.examples import examples
from reconnectd.cli.names import when
from reconnectd.core.plain import plain
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

IN_AN_HOUR = "in 1 h"
AT_ONCE = "in 0 s"


@click.command(
    epilog=examples(
        'reconnect remember --at "tomorrow 18:00" "buy flowers"', "reconnect remember --at sat -", "reconnect remember"
    )
)
@click.argument("text", nargs=-1, metavar="[TEXT]")
@click.option(
    "--at", "at", metavar="WHEN", help="When to say it, to the second; a day alone means 09:00.  [default: in 1 h]"
)
@click.pass_obj
def remember(call: Call, text: tuple[str, ...], at: str | None) -> None:
    """A word at a time, once; it rings in quiet hours, too.

    Without TEXT it is asked for; with - (or in a pipe) it is read from standard input.
    """
    session = call.session
    moment = _moment(call, at or call.at or IN_AN_HOUR)
    if moment < session.now:
        raise WrongUsage("that time has passed", "give a time ahead, such as `in 90 min` or `tomorrow 18:00`")
    words = plain(_asked_for(call) if text in {(), ("-",)} else " ".join(text), limit=listing.LONGEST_TITLE)
    if not words:
        raise WrongUsage(
            "there is nothing to remember in that", 'such as `reconnect remember --at 18:00 "buy flowers"`'
        )
    session.renew()
    outcome = session.actions.remember(words, moment, ZoneInfo(session.place.zone), session.now)
    session.renew()
    row = rows.stored(call, outcome.occurrence)
    if call.output.as_json:
        call.output.document({"occurrence": row, "also": []})
    call.output.line(f"{listing.safe(row['title'])}: {listing.when_words(row, session.now)}. {TAKE_BACK}")
    told(call, calendar=False)


def _moment(call: Call, text: str) -> dt.datetime:
    """When to say it; `now` is the next whole second."""
    found = when(call, text)
    return when(call, AT_ONCE) if found == call.session.now else found


def _asked_for(call: Call) -> str:
    """A line from the person, or everything that a pipe holds."""
    if not sys.stdin.isatty():
        return sys.stdin.read(100_000)
    asked: str = click.prompt("What shall come back to you?", err=call.output.as_json)
    return asked
