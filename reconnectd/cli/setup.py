"""`reconnect init`: a config to start from, made once and never written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from reconnectd.cli.main import Call

NEXT_STEPS = (
    ("reconnect config edit", "make it yours"),
    ("reconnect week", "see the week as it stands"),
    ("reconnect service install", "let it run from now on, whenever you are logged in"),
    ("reconnectd", "or run it in this terminal, until Ctrl-C"),
)


@click.command()
@click.option("--defaults", is_flag=True, help="Ask nothing.")
@click.pass_obj
def init(call: Call, *, defaults: bool) -> None:
    """Make a config to start from, in a few questions. One that is there already is never written over."""
    path = call.session.places.config
    if path.exists() or path.is_symlink():
        _there_already(call, path, quietly=defaults)
    elif defaults:
        _without_questions(call, path)
    else:
        _with_questions(call)


def _without_questions(call: Call, path: Path) -> None:
    if not call.session.make_config("you", None):
        _there_already(call, path, quietly=True)
        return
    if call.output.as_json:
        call.output.document({"config": str(path), "created": True})
        return
    call.output.line(f"Your config is here: {path}")
    call.output.line("Without an account in it, a calendar on this machine is used.")
    next_steps(call)
    call.output.line()
    call.output.line("It is not therapy. If you are afraid of your partner, it is the wrong tool; see README.")


def _with_questions(call: Call) -> None:
    from reconnectd.cli.questions import can_be_asked

    if call.output.as_json or not can_be_asked():
        why = "with --json nothing can be asked" if call.output.as_json else "there is no terminal here to ask on"
        raise WrongUsage(why, "`reconnect init --defaults` asks nothing")
    from reconnectd.cli.first_talk import FirstTalk

    if not FirstTalk(call).hold():
        _there_already(call, call.session.places.config, quietly=False)


def next_steps(call: Call) -> None:
    """What one does with a new config."""
    call.output.line()
    call.output.line("What you can do next:")
    for command, why in NEXT_STEPS:
        call.output.line(f"  {command:<26} {why}")


def _there_already(call: Call, path: Path, *, quietly: bool) -> None:
    if not quietly:
        raise ReconnectdError(
            f"there is a config already: {path}; nothing was changed", "`reconnect config edit` opens it"
        )
    if call.output.as_json:
        call.output.document({"config": str(path), "created": False})
    call.output.line(f"There is a config already: {path}; nothing was changed.")
