"""`reconnect config …`: the file that says everything."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from reconnectd.cli.editing import editor
from reconnectd.config.address import in_clear
from reconnectd.core.wording import IN_CLEAR, RINGS_HERE_TOO
from reconnectd.errors import ConfigError, ReconnectdError

if TYPE_CHECKING:
    from pathlib import Path

    from reconnectd.cli.main import Call
    from reconnectd.core.settings import Settings


@click.group(no_args_is_help=False)
def config() -> None:
    """Check, show or edit the config."""


@config.command()
@click.pass_obj
def check(call: Call) -> int:
    """Read it, and tell every problem at once."""
    try:
        settings = call.session.read_config()
    except ConfigError as error:
        return _problems(call, error)
    _fine(call, settings)
    return 0


@config.command()
@click.pass_obj
def path(call: Call) -> None:
    """Where it is, or would be."""
    where = call.session.places.config
    if call.output.as_json:
        call.output.document({"path": str(where), "exists": where.exists()})
    call.output.line(str(where))


@config.command()
@click.pass_obj
def show(call: Call) -> None:
    """Every key, with the defaults filled in."""
    from reconnectd.config import plain
    from reconnectd.config import show as text_of

    settings = call.session.settings
    if call.output.as_json:
        call.output.document(plain(settings))
    else:
        call.output.line(text_of(settings).rstrip("\n"))


@config.command()
@click.pass_obj
def schema(call: Call) -> None:
    """Its JSON Schema, for editors."""
    from reconnectd.config import schema as whole

    if call.output.as_json:
        call.output.document(whole())
    else:
        call.output.line(json.dumps(whole(), indent=2, ensure_ascii=False))


@config.command()
@click.pass_obj
def edit(call: Call) -> int:
    """Open it in your editor, and check what was saved."""
    where = call.session.places.config
    if not where.exists():
        call.session.read_config()
    argv = editor()
    while True:
        _open(argv, where, quietly=call.output.as_json)
        try:
            settings = call.session.read_config()
        except ConfigError as error:
            code = _problems(call, error)
            if not _again(call):
                return code
        else:
            _fine(call, settings)
            return 0


def _again(call: Call) -> bool:
    """Does the person want to go on? Where nobody can be asked, what happens with the file is said."""
    if call.output.as_json:
        return False
    if sys.stdin.isatty() and click.confirm("Open it again?", default=True, err=True):
        return True
    call.output.aside("It is saved as you wrote it, and what runs goes on with the config it had before.")
    call.output.aside("`reconnect config edit` opens it again.")
    return False


def _open(argv: list[str], where: Path, *, quietly: bool) -> None:
    """Run the editor on the file itself, not on a link to it: many save by putting a new file in its place. That
    new one is for its owner only. `quietly` keeps what the editor says out of standard output."""
    import subprocess

    out = sys.stderr if quietly else None
    try:
        code = subprocess.run([*argv, str(where.resolve())], check=False, umask=0o077, stdout=out).returncode
    except OSError as error:
        raise ReconnectdError(
            f"the editor {argv[0]} can't be started: {error.strerror}", "set EDITOR to one that is there"
        ) from None
    if code:
        raise ReconnectdError(
            f"the editor ended with {code}; what is in {where} was not checked", "`reconnect config check` does that"
        )


def _problems(call: Call, error: ConfigError) -> int:
    """Each problem on a line of its own, and nothing else but the cure of a file that can't be read at all."""
    if call.output.as_json:
        return call.output.failed(str(error), error.fix, error.exit_code)
    for line in error.lines:
        call.output.aside(line)
    return error.exit_code


def _fine(call: Call, settings: Settings) -> None:
    from reconnectd.config.decks import complaints

    often, decks = call.session.speaks_per_week(settings), complaints(settings)
    if call.output.as_json:
        call.output.document(
            {"ok": True, "speaks_per_week": often, "inactive": list(settings.inactive), "decks": decks}
        )
        return
    count = len(settings.routines)
    call.output.line(f"{settings.path}: fine, {count} routine{'' if count == 1 else 's'}")
    if not settings.routines:
        call.output.line("there is nothing to say yet: `reconnect config edit`, and write your first [routine.…]")
    if in_clear(settings.calendar):
        call.output.line(IN_CLEAR)
    if settings.calendar.ring == "phone" and not settings.calendar.rings_elsewhere:
        call.output.line(RINGS_HERE_TOO)
    if settings.inactive:
        call.output.line(f"of no effect in this release yet: {', '.join(settings.inactive)}")
    for complaint in decks:
        call.output.line(f"left out: {complaint}")
    call.output.line(f"speaks about {often:g} times a week")
