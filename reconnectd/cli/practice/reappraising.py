"""`reconnect reappraise`: seven minutes of writing about a disagreement, as somebody fair would see it."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from reconnectd.app.practice import reappraising
from reconnectd.cli import card, own_words
from reconnectd.cli.answers import told
from reconnectd.cli.examples import examples
from reconnectd.cli.practice.kept import Kept, one_at_a_time
from reconnectd.cli.questions import Questions, can_be_asked
from reconnectd.core import wording
from reconnectd.core.plain import plain
from reconnectd.core.practice.reappraisal import EVERY, MINUTES, QUESTIONS
from reconnectd.core.recurrence import shift
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

WRITINGS = Kept("writing", "reconnect reappraise", "writings")
BEGINNING = (
    "Your editor opens with three questions about one disagreement, seen by somebody fair who wishes you both well. "
    f"After {MINUTES} minutes the terminal rings once; write on or stop, as you like. It is for you alone."
)
WHY = (
    "In a randomised study of 120 couples (Finkel and others, 2013) those who wrote like this three times in a year "
    "held on to what they had, while it went on sinking slowly in the others. It promises nothing for you two."
)
NOT_FOR_FEAR = (
    "This is not for a disagreement that frightens you: `reconnect help safety` is, offline and noted nowhere."
)


@click.command(epilog=examples("reconnect reappraise", "reconnect reappraise --card", "reconnect reappraise --list"))
@click.argument("text", nargs=-1, metavar="[-]")
@click.option("--card", "printed", is_flag=True, help="The questions on a card, to write on paper.")
@click.option("--keep", is_flag=True, help="Keep what a pipe holds.")
@click.option("--list", "all_of_them", is_flag=True, help="The writings that you kept, with their numbers.")
@click.option("--print", "shown", type=int, metavar="N", help="One of them alone.")
@click.option("--remove", "gone", type=int, metavar="N", help="Let go of one.")
@click.pass_obj
def reappraise(
    call: Call, text: tuple[str, ...], *, printed: bool, keep: bool, all_of_them: bool, shown: int | None,
    gone: int | None,
) -> None:  # fmt: skip
    """Seven minutes of writing: a disagreement as somebody fair would see it, three times a year.

    It opens your editor with three questions. What you write is kept only if you say so, for you alone, on this
    machine; nothing is asked about it afterwards. Whoever has used it once, has a routine of repair or keeps a topic
    hears of it again every four months, in one quiet line on an evening.
    """
    one_at_a_time(printed, all_of_them, shown, gone)
    own_words.refuse_argument(text, "reconnect reappraise")
    if printed:
        _print_the_card(call)
    elif WRITINGS.tended(call, listed=all_of_them, shown=shown, gone=gone):
        return
    elif own_words.from_a_pipe(text):
        _from_the_pipe(call, keep=keep)
    else:
        _converse(call)


def _print_the_card(call: Call) -> None:
    lines = "\n".join(card.line_to_fill("") for _ in range(5))
    parts = [part for number, question in enumerate(QUESTIONS, 1) for part in (f"{number}. {question}", lines)]
    made = card.card(f"{MINUTES} minutes, for yourself", parts)
    if call.output.as_json:
        call.output.document({"minutes": MINUTES, "questions": QUESTIONS, "text": made})
    call.output.line(made)


def _from_the_pipe(call: Call, *, keep: bool) -> None:
    written = own_words.passage()
    if not written:
        raise WrongUsage("there is nothing written in that", "`reconnect reappraise` opens your editor")
    number = WRITINGS.keep(call, written) if keep else None
    day = _noted(call)
    if call.output.as_json:
        call.output.document({"kept": number, "again": day.isoformat()})
    call.output.line(f"{_kept(number)} {_again(day)}")


def _kept(number: int | None) -> str:
    return "It is kept nowhere." if number is None else f"Kept. `reconnect reappraise --print {number}` shows it."


def _again(day: dt.date) -> str:
    return f"Nothing will be asked about it; in {wording.MONTHS[day.month - 1]} one line reminds you of the next."


def _noted(call: Call) -> dt.date:
    """That it was done, not what; when it comes again."""
    session = call.session
    zone = session.zone
    reappraising.wrote(session.store, zone, session.now)
    session.renew()
    told(call, calendar=False)
    return shift(session.now.astimezone(zone).date(), EVERY)


def _converse(call: Call) -> None:
    if call.output.as_json or not can_be_asked():
        raise WrongUsage("nobody can be asked here", "pipe the writing in: `reconnect reappraise -`")
    asking = Questions()
    asking.heading(f"{MINUTES} minutes, for yourself")
    for paragraph in (BEGINNING, WHY, NOT_FOR_FEAR):
        asking.say(paragraph)
        click.echo()
    if not asking.yes("Begin?", default=True):
        asking.say("Another day, then.")
        return
    with soft_mark(MINUTES * 60, _ring):
        written = plain(
            own_words.from_editor(_template(), call.session.places.state), limit=own_words.LONGEST, newlines=True
        )
    if not written:
        asking.say("Nothing was written, and nothing is kept.")
        return
    number = WRITINGS.keep(call, written) if asking.yes("Keep it here, for you alone?", default=False) else None
    asking.say(f"{_kept(number)} {_again(_noted(call))}")


def _template() -> str:
    """The questions as lines that aren't kept, room below each."""
    asked = (own_words.marked(f"{number}. {question}") for number, question in enumerate(QUESTIONS, 1))
    return "\n\n\n".join([own_words.marked(own_words.NOT_KEPT).rstrip(), *asked]) + "\n"


@contextlib.contextmanager
def soft_mark(seconds: float, ring: Callable[[], None]) -> Iterator[None]:
    """Rings once when so much time went by inside; what goes on inside goes on."""
    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _ring() -> None:
    """The bell moves nothing on the screen of an editor."""
    with contextlib.suppress(OSError):
        sys.stderr.write("\a")
        sys.stderr.flush()
