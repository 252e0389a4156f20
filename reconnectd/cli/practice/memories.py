"""`reconnect memory`: one line to remember time together by, asked for once, after `done`, or whenever one likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnectd.app.practice import memories
from reconnectd.app.practice.memories import Memory
from reconnectd.cli import listing, own_words
from reconnectd.cli.examples import examples
from reconnectd.cli.practice.kept import Kept, day_of, iso, one_at_a_time
from reconnectd.cli.questions import can_be_asked
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence

MEMORIES = Kept(memories.KIND, "reconnect memory", "memories")
QUESTION = "One line to remember it by (Enter skips)"


@click.command(epilog=examples("reconnect memory", "reconnect memory --list"))
@click.argument("text", nargs=-1, metavar="[-]")
@click.option("--list", "all_of_them", is_flag=True, help="All that you kept, with their numbers.")
@click.option("--remove", "gone", type=int, metavar="N", help="Let go of the one with this number.")
@click.pass_obj
def memory(call: Call, text: tuple[str, ...], *, all_of_them: bool, gone: int | None) -> None:
    """Keep one line to remember time together by.

    It is about the last time that happened, within two weeks. You are asked for it; with - (or in a pipe) it is read
    from standard input. It stays on this machine, for you alone, as long as `[privacy] keep_words` says. `reconnect
    done` in a terminal asks for it as well, once, and Enter skips.
    """
    one_at_a_time(all_of_them, gone)
    own_words.refuse_argument(text, "reconnect memory")
    if all_of_them:
        _list(call)
    elif gone is not None:
        MEMORIES.let_go(call, gone)
    else:
        _keep(call, text)


def ask_after(call: Call, item: Occurrence) -> None:
    """The one question after `done`; whatever is said to it, what was done stays done."""
    if call.output.as_json or not can_be_asked() or not memories.is_worth_one(item):
        return
    memories.asked(call.session.store, item, call.session.now)
    try:
        found = memories.keep(call.session.store, item, own_words.line(QUESTION, default=""), call.session.now)
    except click.Abort:
        call.output.line("")
        return
    except ReconnectdError as error:
        call.output.aside(f"The line could not be kept: {error}")
        return
    if found is not None:
        call.output.line(_kept(found))


def say_that_one_could_be_kept(call: Call) -> None:
    """Once, some day soon, to whoever looks at the week; a bubble has no room for it."""
    if call.output.as_json or not can_be_asked():
        return
    item = memories.hint(call.session.store, call.session.now)
    if item is not None:
        call.output.line(
            f"{listing.safe(item.title)} came about: `reconnect memory` keeps one line of it, if you like."
        )


def _keep(call: Call, text: tuple[str, ...]) -> None:
    call.session.agenda()
    item = memories.last_that_happened(call.session.store, call.session.now)
    if item is None:
        raise WrongUsage(
            "no time together of the last two weeks is known to have happened", "`reconnect done NAME` says that it did"
        )
    asked = f"{listing.safe(item.title)}, {day_of(call, item.begins)}, one line to remember it by"
    found = memories.keep(call.session.store, item, own_words.line(asked, text), call.session.now)
    if found is None:
        raise WrongUsage("there was nothing in that to keep", "`reconnect memory` asks again")
    if call.output.as_json:
        call.output.document({"memory": _fields(call, found)})
    call.output.line(_kept(found))


def _kept(found: Memory) -> str:
    return f"Kept: {found.text}\n`reconnect memory --remove {found.number}` lets go of it."


def _list(call: Call) -> None:
    found = memories.every(call.session.store)
    if call.output.as_json:
        call.output.document({"memories": [_fields(call, one) for one in found]})
    for one in found:
        day = listing.day_words(one.of.nominal, call.session.now)
        call.output.line(f"{one.number}  {day}, {listing.safe(one.title)}: {one.text}")
    if not found:
        call.output.line("None is kept.")


def _fields(call: Call, one: Memory) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": iso(call, one.at),
        "occurrence": str(one.of),
        "title": one.title,
        "text": one.text,
    }
