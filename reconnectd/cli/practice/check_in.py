"""`reconnect check-in`: two minutes alone, for oneself."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from reconnectd.adapters.terminal import EMPTIED, is_whole
from reconnectd.app.practice import check_in as kept
from reconnectd.cli import own_words
from reconnectd.cli.answers import told
from reconnectd.cli.examples import examples
from reconnectd.cli.offers import offer_fields, offer_lines
from reconnectd.cli.questions import Questions, can_be_asked
from reconnectd.cli.rests import begin, confirm
from reconnectd.cli.safety import helplines, show_after_key
from reconnectd.core.plain import plain
from reconnectd.core.practice.labelled import is_number, labelled, number, several
from reconnectd.core.practice.pulse import LONGEST, ROOT_WORDS, Pulse, Root
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

NOT_SAFE = "not safe"
NAMES = {root.value: root.value for root in Root} | {NOT_SAFE: NOT_SAFE}
LABELS = ("close", "heard", "load", "good", "roots")

WELCOME = "Two minutes, for you alone. Enter leaves a question out, Ctrl-C keeps nothing."
SCALES = (
    ("close", "How close do you feel these days? 0 far, 10 close"),
    ("heard", "How much do you feel heard? 0 not at all, 10 fully"),
    ("load", "How heavy is all that you carry? 0 light, 10 heavy"),
)
GOOD = "One good thing, however small"
WHENCE = "Where does the load come from?"
ODD = "A whole number from 0 to 10, please, or Enter."
KEPT = "Kept, for you alone."
NOTHING = "Nothing was kept."
AFTERWORD = (
    "For six weeks or longer you have felt far away, or not heard. That is a long time to carry something alone. A "
    "counsellor, for the two of you or for you alone, helps many people with just that; if you don't feel safe, alone "
    "comes first (`reconnect help safety`). These numbers are no diagnosis, and this is said only once."
)


@click.command(
    name="check-in",
    epilog=examples("reconnect check-in", "reconnect check-in - < answers.txt", "reconnect check-in --list"),
)
@click.argument("text", nargs=-1, metavar="[-]")
@click.option("--list", "all_of_them", is_flag=True, help="All that you kept, with their numbers.")
@click.option("--remove", "which", type=int, metavar="N", help="Let go of the one with this number.")
@click.pass_obj
def check_in(call: Call, text: tuple[str, ...], *, all_of_them: bool, which: int | None) -> None:
    """Two minutes, alone: how close, how heard, how much load, one good thing, and where the load comes from.

    With - (or in a pipe) the answers are lines, each of which may be left out: "close: 7", "heard: 5" and "load: 3",
    from 0 to 10; "good: …"; and "roots: …" with any of work, health, money, family, care, phones, hurt, desire,
    unsettled, time, drifted and else, with commas between them.

    It stays on this machine, for you alone, as long as `[privacy] keep_words` says. From four weeks on, what you named
    most often is said back to you. The questions are our own, and not validated.
    """
    own_words.refuse_argument(text, "reconnect check-in")
    if all_of_them or which is not None:
        from reconnectd.cli.practice import pulse_list

        pulse_list.list_(call) if which is None else pulse_list.let_go(call, which)
        return
    helplines(None)
    zone = call.session.zone  # a config that can't be read is said first
    said, roots = _from_lines(sys.stdin.read(own_words.LONGEST)) if own_words.from_a_pipe(text) else _asked(call)
    if NOT_SAFE in roots:
        _rest(call)
        return
    _keep(call, Pulse(call.session.now, **said, roots=tuple(Root(root) for root in roots)), zone)


def _from_lines(text: str) -> tuple[dict[str, Any], list[str]]:
    answers = labelled(text, LABELS, LONGEST)
    said = {name: number(name, answers) for name, _ in SCALES}
    return said | {"good": answers.get("good", "")}, several("roots", answers, NAMES)


def _asked(call: Call) -> tuple[dict[str, Any], list[str]]:
    if call.output.as_json or not can_be_asked():
        raise WrongUsage("there is nobody to ask here", "pipe the answers in: `reconnect check-in --help` shows how")
    kept.pulses(call.session.store)  # what can't be opened is said before anything is asked
    ask = Questions()
    try:
        ask.say(WELCOME)
        said: dict[str, Any] = {name: _scale(ask, question) for name, question in SCALES}
        said["good"] = plain(ask.text(GOOD), limit=LONGEST)
        click.echo(WHENCE)
        options = [*((root.value, words) for root, words in ROOT_WORDS.items()), (NOT_SAFE, "I do not feel safe")]
        return said, ask.several("Numbers, such as 1 3; Enter for none", options)
    except (click.Abort, KeyboardInterrupt):
        click.echo()
        raise ReconnectdError("stopped; nothing was kept", "`reconnect check-in` begins anew") from None


def _scale(ask: Questions, question: str) -> int | None:
    answer = ask.text(question, complaint=lambda said: None if not said or is_number(said) else ODD)
    return int(answer) if answer else None


def _keep(call: Call, pulse: Pulse, zone: ZoneInfo) -> None:
    session = call.session
    stored = kept.keep(session.store, pulse)
    root = kept.root_to_name(session.store, session.now) if stored else None
    if call.output.as_json:
        fields = pulse_fields(pulse, zone) if stored else None
        call.output.document({"pulse": fields, "offer": offer_fields(root, session.settings) if root else None})
        return
    call.output.line(KEPT if stored else NOTHING)
    if root is not None:
        call.output.line()
        for line in offer_lines(root, session.settings):
            call.output.line(line)
    _afterword(call)


def pulse_fields(pulse: Pulse, zone: ZoneInfo) -> dict[str, Any]:
    """What is stored of it, as JSON."""
    return {"at": pulse.at.astimezone(zone).isoformat(), **pulse.body()}


def _afterword(call: Call) -> None:
    """On a terminal only, where the person sits; in a pipe it would be said to nobody."""
    if can_be_asked() and kept.is_time_for_the_afterword(call.session.store, call.session.now):
        call.output.line()
        Questions().say(AFTERWORD)


def _rest(call: Call) -> None:
    """As `reconnect pause` does, so that nothing tells one from the other. On a terminal what was answered leaves the
    screen before anything else, and the offer of a page goes with it."""
    aside = can_be_asked() and not call.output.as_json
    if aside and is_whole(os.environ):
        click.echo(EMPTIED, nl=False)
    rest = Rest(EVERYTHING, call.session.now, None)
    begin(call, rest)
    told(call, calendar=False)
    if aside:
        show_after_key()
    confirm(call, rest)
