"""`reconnect talk --look-back`: four questions about the last six weeks."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import click

from reconnectd.app.practice import look_back as kept
from reconnectd.app.practice.check_in import pulses
from reconnectd.cli import own_words
from reconnectd.cli.answers import told
from reconnectd.cli.questions import WIDEST, Questions, can_be_asked
from reconnectd.core.plain import plain
from reconnectd.core.practice.labelled import labelled
from reconnectd.core.practice.look_back import EVERY, LONGEST, QUESTIONS
from reconnectd.core.practice.mine import good_things, trends
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnectd.cli.main import Call

LABELS = tuple(name for name, _ in QUESTIONS)
WELCOME = "Six weeks, a few minutes, for you alone; or do it together, at one screen. Enter leaves a question out."
LIGHTER = 'Lighter for a while: `reconnect lighter --until "in 2 weeks"`. A single routine: `reconnect config edit`.'
KEPT, NOTHING = "Kept, for you alone.", "Nothing was kept."


def look_back(call: Call) -> None:
    """Asked at a terminal, else read as lines: `well: …`, `keep: …`, `lighter: …`, `change: …`."""
    answers = _piped() if own_words.from_a_pipe() else _asked(call)
    session = call.session
    if answers:
        kept.keep(session.store, {name: answers.get(name, "") for name in LABELS}, session.now)
        session.renew()
        told(call, calendar=False)
    if call.output.as_json:
        at = session.now.astimezone(session.zone).isoformat()
        said = {"at": at, **{name: answers.get(name, "") for name in LABELS}}
        call.output.document({"look_back": said if answers else None})
    call.output.line(KEPT if answers else NOTHING)
    if "lighter" in answers:
        call.output.line("\n".join(textwrap.wrap(LIGHTER, WIDEST)))


def _piped() -> dict[str, str]:
    return labelled(sys.stdin.read(own_words.LONGEST), LABELS, LONGEST)


def _asked(call: Call) -> dict[str, str]:
    if call.output.as_json or not can_be_asked():
        raise WrongUsage("there is nobody to ask here", f"pipe the answers in, a line each: {', '.join(LABELS)}")
    ask = Questions()
    try:
        ask.say(WELCOME)
        for line in _what_is_known(call):
            ask.say(line, indent="  ")
        said = {name: plain(ask.text(question), limit=LONGEST) for name, question in QUESTIONS}
    except (click.Abort, KeyboardInterrupt):
        click.echo()
        raise ReconnectdError("stopped; nothing was kept", "`reconnect talk --look-back` begins anew") from None
    return {name: answer for name, answer in said.items() if answer}


def _what_is_known(call: Call) -> Iterator[str]:
    found, now = pulses(call.session.store), call.session.now
    if found:
        yield from trends(found, now)
    for text in good_things(found, now - EVERY, now, at_most=6):
        yield f"You noted: {text}"
