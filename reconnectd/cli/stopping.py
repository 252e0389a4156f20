"""`reconnect stop`: an end without loose ones, from which one can come back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconnectd.cli import clearing, rows
from reconnectd.cli.answers import told
from reconnectd.cli.examples import examples
from reconnectd.cli.rests import say
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence


@click.command(epilog=examples("reconnect stop", "reconnect stop --clear --yes", "reconnect resume"))
@click.option("--clear", is_flag=True, help="Take the future events out of the calendar, after showing them.")
@click.option("--keep", is_flag=True, help="Leave them there.")
@click.option("--yes", is_flag=True, help="Don't ask; without --clear the events stay.")
@click.pass_obj
def stop(call: Call, *, clear: bool, keep: bool, yes: bool) -> None:
    """End it kindly: silence, the service off, the future events taken out or left, as you say.

    What was done stays here, and so does the config. `reconnect resume` brings everything back, `reconnect undo` too.
    """
    if clear and keep:
        raise WrongUsage("either --clear or --keep", "--keep leaves the events in the calendar")
    session = call.session
    session.renew()
    going = clearing.taken_out(call, Rest(EVERYTHING, session.now, None))
    rest = Rest(EVERYTHING, session.now, None, "stop", cleared=_is_cleared(call, going, clear=clear, sure=keep or yes))
    if clear:
        clearing.agree(call, rest, going, "stop --clear", yes=yes)
    session.resting.begin(rest)
    session.renew()
    service = turn(call, on=False)
    say(
        call,
        "Everything has stopped: no words, nothing new. What was done, and your config, stay here.",
        cleared=[rows.row_of(item) for item in going] if rest.cleared else [],
        service=service,
    )
    for line in _so_it_stands(call, rest, going, service):
        call.output.line(line)
    told(call, calendar=rest.cleared)


def _is_cleared(call: Call, going: list[Occurrence], *, clear: bool, sure: bool) -> bool:
    """Shall the events leave? Asked where nothing was said and somebody can be asked."""
    if clear or sure or not going:
        return clear
    if call.output.as_json or not sys.stdin.isatty():
        raise WrongUsage(
            "shall the events to come leave the calendar, too? Until that is said, nothing was changed",
            "`reconnect stop --clear --yes` takes them out, `reconnect stop --keep` leaves them",
        )
    clearing.show(call, Rest(EVERYTHING, call.session.now, None), going, "These are still to come in")
    return click.confirm("Take them out, too?", default=False)


def _so_it_stands(call: Call, rest: Rest, going: list[Occurrence], service: str) -> list[str]:
    lines = [clearing.gone_words(going, rest, call.session.now) if rest.cleared else _what_stays(going)]
    pid = call.session.daemon_pid()
    if service == "off":
        lines.append("The service is off.")
    elif service:
        lines.append(f"The service could not be turned off: {service}.")
    if pid is not None:
        lines.append(f"reconnectd runs on (pid {pid}) and says nothing; end it where you started it.")
    return [*lines, "`reconnect resume` brings everything back."]


def _what_stays(going: list[Occurrence]) -> str:
    return "What stands in the calendar stays." if going else "Nothing of it was to come in the calendar."


def turn(call: Call, *, on: bool) -> str:
    """Turn the service on or off, if it is installed: "on", "off", "" where there is none, or why it can't be."""
    from reconnectd.wiring.service import Installation

    installation = Installation(call.session)
    try:
        turned = installation.wake() if on else installation.rest()
    except ReconnectdError as why:
        return str(why)
    return ("on" if on else "off") if turned else ""
