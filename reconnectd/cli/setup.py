"""`reconnect init`: a config to start from, made once and never written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnectd.errors import ReconnectdError

if TYPE_CHECKING:
    from pathlib import Path

    from reconnectd.cli.main import Call

NEXT_STEPS = (
    ("reconnect config edit", "make it yours"),
    ("reconnect week", "see the week as it stands"),
    ("reconnect service install", "let it run from now on; or `reconnectd` for this terminal only"),
)


@click.command()
@click.option("--defaults", is_flag=True, help="Ask nothing.")
@click.pass_obj
def init(call: Call, *, defaults: bool) -> None:
    """Make a config to start from. One that is there already is never written over."""
    path = call.session.places.config
    if path.exists() or path.is_symlink():
        _there_already(call, path, quietly=defaults)
        return
    me, partner = ("you", None) if defaults else _who(to_stderr=call.output.as_json)
    if not call.session.make_config(me, partner):
        _there_already(call, path, quietly=defaults)
        return
    _say(call, path)


def _who(*, to_stderr: bool) -> tuple[str, str | None]:
    """Both names; the partner's may stay empty."""
    me = click.prompt("What shall it call you?", default="you", err=to_stderr).strip()
    partner = click.prompt(
        "And your partner? (Enter for nobody: it works for one, too)", default="", show_default=False, err=to_stderr
    ).strip()
    return me or "you", partner or None


def _there_already(call: Call, path: Path, *, quietly: bool) -> None:
    if not quietly:
        raise ReconnectdError(
            f"there is a config already: {path}; nothing was changed", "`reconnect config edit` opens it"
        )
    if call.output.as_json:
        call.output.document({"config": str(path), "created": False})
    call.output.line(f"There is a config already: {path}; nothing was changed.")


def _say(call: Call, path: Path) -> None:
    if call.output.as_json:
        call.output.document({"config": str(path), "created": True})
        return
    call.output.line(f"Your config is here: {path}")
    call.output.line("Without an account in it, a calendar on this machine is used.")
    call.output.line()
    call.output.line("What you can do next:")
    for command, why in NEXT_STEPS:
        call.output.line(f"  {command:<26} {why}")
    call.output.line()
    call.output.line("It is not therapy. If you are afraid of your partner, it is the wrong tool; see README.")
