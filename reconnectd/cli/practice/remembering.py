"""`reconnect remember`: a word at a time, once; before and after what the other of the two faces."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli import listing, rows
from reconnectd.cli.answers import TAKE_BACK, told
from reconnectd.cli.examples import examples
from reconnectd.cli.names import when
from reconnectd.core import wording
from reconnectd.core.plain import plain
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.cli.rows import Row
    from reconnectd.core.practice.remembering import Understood

IN_AN_HOUR = "in 1 h"
AT_ONCE = "in 0 s"
BOTH_BACK = "`reconnect undo` takes both back."
TOO_LATE = "It is soon: a word of luck is yours to say now."


@click.command(
    epilog=examples(
        'reconnect remember "interview thursday 10:00, nervous"',
        'reconnect remember "good news: got the job"',
        'reconnect remember --at "tomorrow 18:00" "buy flowers"', "reconnect remember --at sat -", "reconnect remember",
    )
)  # fmt: skip
@click.argument("text", nargs=-1, metavar="[TEXT]")
@click.option(
    "--at", "at", metavar="WHEN",
    help="When to say it, to the second; a day alone means 09:00.  [default: the time in TEXT, else in 1 h]",
)  # fmt: skip
@click.option("--for-them", is_flag=True, help="It is about your partner: a word before it and one after it.")
@click.pass_obj
def remember(call: Call, text: tuple[str, ...], at: str | None, *, for_them: bool) -> None:
    """A word at a time, once; one that you put into quiet hours rings there, too.

    A time in TEXT is found ("saturday", "on the 5th", "in two weeks", "half past nine"). What your partner faces, an
    interview or anything with how they feel after a comma, gets a word before it, to wish luck, and one after it, to
    ask how it went; good news gets one in the evening. What was understood is said back.

    Without TEXT it is asked for; with - (or in a pipe) it is read from standard input. From a phone: an event titled
    "remember: ..." in a calendar that only you see, with nothing else in it, does the same, and goes from there.
    """
    session = call.session
    exactly = _moment(call, at or call.at)
    words = plain(_asked_for(call) if text in {(), ("-",)} else " ".join(text), limit=listing.LONGEST_TITLE)
    if not words:
        raise WrongUsage(
            "there is nothing to remember in that", 'such as `reconnect remember --at 18:00 "buy flowers"`'
        )
    understood = _understood(call, words, exactly, for_them=for_them)
    session.renew()
    outcomes = session.actions.remember_all(understood.sayings, session.zone, session.now)
    session.renew()
    found = [rows.stored(call, outcome.occurrence) for outcome in outcomes]
    if call.output.as_json:
        call.output.document({"occurrence": found[0], "also": found[1:], "understood": _fields(call, understood)})
    for line in _said_back(call, understood, found):
        call.output.line(line)
    told(call, calendar=False)


def _moment(call: Call, text: str | None) -> dt.datetime | None:
    """The time that was given; `now` is the next whole second."""
    if text is None:
        return None
    found = when(call, text)
    found = when(call, AT_ONCE) if found == call.session.now else found
    if found < call.session.now:
        raise WrongUsage("that time has passed", "give a time ahead, such as `in 90 min` or `tomorrow 18:00`")
    return found


def _asked_for(call: Call) -> str:
    """A line from the person, or everything that a pipe holds."""
    if not sys.stdin.isatty():
        return sys.stdin.read(100_000)
    asked: str = click.prompt("What shall come back to you?", err=call.output.as_json, prompt_suffix=" ")
    return asked


def _understood(call: Call, words: str, exactly: dt.datetime | None, *, for_them: bool) -> Understood:
    from reconnectd.core.plain_dates import Present
    from reconnectd.core.practice.remembering import Circumstances, understand
    from reconnectd.core.quiet import Quiet

    session, time = call.session, call.session.settings.time
    present = Present(session.now, session.zone, time.week_start, time.day_start)
    around = Circumstances(present, Quiet(session.settings.reminders.quiet), when(call, IN_AN_HOUR))
    return understand(words, around, exactly=exactly, for_them=for_them)


def _said_back(call: Call, understood: Understood, found: list[Row]) -> list[str]:
    """What was understood, as a person reads it."""
    now, subject = call.session.now, listing.safe(understood.subject)
    moments = [listing.when_words(row, now) for row in found]
    if understood.kind == "word":
        lines = [f"{listing.safe(found[0]['title'])}: {moments[0]}. {TAKE_BACK}"]
    elif understood.kind == "good news":
        lines = [
            f"Good news: {subject if subject[-1:] in '.!?' else f'{subject}.'}",
            f"A word {moments[0]}, to ask for the whole story. {TAKE_BACK}",
        ]
    else:
        feeling = f" ({listing.safe(understood.feeling)})" if understood.feeling else ""
        day = wording.full_moment(_local(call, understood.at), now, timed=understood.timed)
        before = f"A word before it {moments[0]}, one after it {moments[-1]}."
        after = f"{TOO_LATE} A word after it {moments[-1]}."
        back = BOTH_BACK if len(found) > 1 else TAKE_BACK
        lines = [f"Understood: {subject}, {day}{feeling}.", before if understood.early else after, back]
    if understood.other is not None:
        meant = wording.full_moment(_local(call, understood.other), now)
        lines.append(f"If you meant {meant}: `reconnect undo`, then name it so.")
    return lines


def _local(call: Call, at: dt.datetime) -> dt.datetime:
    return at.astimezone(call.session.zone)


def _fields(call: Call, understood: Understood) -> dict[str, Any]:
    return {
        "kind": understood.kind,
        "subject": understood.subject,
        "at": _local(call, understood.at).isoformat(),
        "timed": understood.timed,
        "feeling": understood.feeling,
        "other": _local(call, understood.other).isoformat() if understood.other else None,
    }
