"""`reconnect thanks`: what one is thankful for, kept and given back before the talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnectd.app.practice import thanks as kept
from reconnectd.app.practice.thanks import Thanks
from reconnectd.cli import listing, own_words, rows
from reconnectd.cli.answers import told
from reconnectd.cli.examples import examples
from reconnectd.cli.practice.kept import day_of, iso
from reconnectd.core import wording
from reconnectd.core.practice.thanks import next_talk
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence

QUESTION = "Something you are thankful for, however small"
NONE_YET = "Nothing is kept yet: `reconnect thanks` asks you for one."
ALL_GIVEN = "None waits just now: `reconnect thanks` keeps a new one."


@click.command(epilog=examples("reconnect thanks", "reconnect thanks --one", "reconnect thanks --list"))
@click.argument("text", nargs=-1, metavar="[-]")
@click.option("--one", "one", is_flag=True, help="Give one back, the oldest that waits.")
@click.option("--list", "all_of_them", is_flag=True, help="All that you kept, with their numbers.")
@click.option("--remove", "number", type=int, metavar="N", help="Let go of the one with this number.")
@click.pass_obj
def thanks(call: Call, text: tuple[str, ...], *, one: bool, all_of_them: bool, number: int | None) -> None:
    """Keep something you are thankful for, and have it back before you two talk.

    You are asked for it; with - (or in a pipe) it is read from standard input. It stays on this machine, for you alone,
    as long as `[privacy] keep_words` says. The word before the next check-in of the two of you tells that one waits,
    never what it is. From a phone: an event titled "thanks: ..." in a calendar that only you see, with nothing else in
    it, is kept, and removed.
    """
    if one + all_of_them + (number is not None) > 1:
        raise WrongUsage("one of --one, --list and --remove at a time")
    own_words.refuse_argument(text, "reconnect thanks")
    if all_of_them:
        _list(call)
    elif one:
        _give_back(call)
    elif number is not None:
        _let_go(call, number)
    else:
        _keep(call, text)


def _keep(call: Call, text: tuple[str, ...]) -> None:
    session = call.session
    found = kept.keep(session.store, own_words.line(QUESTION, text, longest=kept.LONGEST), session.now)
    if found is None:
        raise WrongUsage("there was nothing in that to keep", "`reconnect thanks` asks again")
    talk = next_talk(session.renew().occurrences, session.now)
    if call.output.as_json:
        call.output.document({"thanks": _fields(call, found), "before": rows.stored(call, talk) if talk else None})
    call.output.line(f"Kept: {found.text}")
    call.output.line(_when(call, talk))
    call.output.line(f"`reconnect thanks --remove {found.number}` lets go of it.")
    told(call, calendar=False)


def _when(call: Call, talk: Occurrence | None) -> str:
    if talk is None:
        return "`reconnect thanks --one` gives it back whenever you like."
    moment = wording.moment(talk.start, call.session.now)
    return f"Before {listing.safe(talk.title)}, {moment}, you are told that one waits."


def _give_back(call: Call) -> None:
    talk = next_talk(call.session.renew().occurrences, call.session.now)
    found = kept.give_back(call.session.store, talk.id if talk else None)
    left = len(kept.waiting(call.session.store))
    call.session.renew()
    if call.output.as_json:
        call.output.document({"thanks": _fields(call, found) if found else None, "left": left})
    if found is None:
        call.output.line(ALL_GIVEN if kept.every(call.session.store) else NONE_YET)
        return
    call.output.line(f"{day_of(call, found.at)}: {found.text}")
    call.output.line("Say it in the talk if you like, in your own way." + (f" {_more(left)}" if left else ""))
    told(call, calendar=False)


def _more(left: int) -> str:
    return "One more waits." if left == 1 else f"{left} more wait."


def _list(call: Call) -> None:
    found = kept.every(call.session.store)
    if call.output.as_json:
        call.output.document({"thanks": [_fields(call, one) for one in found]})
    width = max((len(str(one.number)) for one in found), default=0)
    for one in found:
        given = "  (given back)" if one.given else ""
        call.output.line(f"{one.number:>{width}}  {day_of(call, one.at)}  {one.text}{given}")
    if not found:
        call.output.line(NONE_YET)


def _let_go(call: Call, number: int) -> None:
    found = kept.remove(call.session.store, number)
    if found is None:
        raise WrongUsage(f"no thanks has the number {number}", "`reconnect thanks --list` shows them")
    call.session.renew()
    if call.output.as_json:
        call.output.document({"removed": _fields(call, found)})
    call.output.line(f"Let go of: {found.text}")
    told(call, calendar=False)


def _fields(call: Call, one: Thanks) -> dict[str, Any]:
    return {"number": one.number, "at": iso(call, one.at), "text": one.text, "given": one.given}
