"""`reconnect seal`: what a person wrote for themselves, closed with a key in the keyring, or opened again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconnectd.cli.examples import examples
from reconnectd.cli.questions import Questions
from reconnectd.core.plain import plain
from reconnectd.errors import ReconnectdError, WrongUsage
from reconnectd.wiring import sealing
from reconnectd.wiring.sealing import Sealed

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

WHAT_IT_DOES = (
    "What you write for yourself (thanks, drafts, topics, answers) is closed with a key that is kept in your keyring.",
    "Without that key nobody can read it again, you neither: if the keyring is lost or made anew, the words are gone.",
    "The copies beside the state are closed, too. Copies that you made elsewhere stay as they are.",
    "Times, titles and what `remember` holds stay readable here, because the daemon plans with them and says them.",
)
WHAT_IS_LOST = "Everything that is sealed goes, for good. It can't be undone."


@click.command(epilog=examples("reconnect seal", "reconnect seal --off", "reconnect seal --forget"))
@click.option("--off", is_flag=True, help="Open it all again; needs the key.")
@click.option("--forget", is_flag=True, help="Let go of what is sealed, when its key is lost.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def seal(call: Call, *, off: bool, forget: bool, yes: bool) -> None:
    """Close what you write for yourself with a key in your keyring.

    The daemon never needs that key: the plan and the reminders go on while the keyring is locked, and without it. If
    the key is lost, so are the words.
    """
    if off and forget:
        raise WrongUsage("either --off or --forget", "--off needs the key, --forget does without it")
    store = call.session.store
    if (off or forget) and not sealing.is_sealed(store):
        raise WrongUsage("nothing is sealed", "`reconnect seal` closes what you write for yourself")
    if off:
        _tell(call, sealing.unseal(store), "Opened", sealed=False)
    elif forget:
        _agree(call, (WHAT_IS_LOST,), "Let go of it?", yes=yes)
        _tell(call, sealing.forget(store), "Let go of", sealed=False)
    else:
        if not sealing.is_sealed(store):
            _agree(call, WHAT_IT_DOES, "Seal it?", yes=yes)
        _tell(call, sealing.seal(store), "Sealed", sealed=True)


def _agree(call: Call, what: tuple[str, ...], question: str, *, yes: bool) -> None:
    if yes:
        return
    if call.output.as_json or not sys.stdin.isatty():
        raise WrongUsage("that is to be agreed to first; nothing was changed", "--yes does it without asking")
    asking = Questions()
    for paragraph in what:
        asking.say(paragraph)
        click.echo()
    if not asking.yes(question, default=False):
        raise ReconnectdError("nothing was changed")


def _tell(call: Call, done: Sealed, verb: str, *, sealed: bool) -> None:
    left = [str(path) for path in done.left]
    if call.output.as_json:
        document = {"sealed": sealed, "words": done.words, "copies": done.copies, "left": left, "clean": done.clean}
        call.output.document(document)
    copies = f", and {_count(done.copies, 'copy', 'copies')}" if done.copies else ""
    call.output.line(f"{verb}: {_count(done.words, 'thing you wrote', 'things you wrote')}{copies}.")
    if sealed:
        call.output.line("What you write from now on is sealed, too; `reconnect seal --off` opens it all again.")
    if not done.clean:
        call.output.line(
            "Another program was reading: type `reconnect seal` once more, so that nothing readable stays."
        )
    for path in left:
        call.output.line(
            f"{plain(path, limit=1000)} can't be opened and may hold words in clear; delete it if you can."
        )


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
