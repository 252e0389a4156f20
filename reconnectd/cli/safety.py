"""`reconnect help`: what a command does, and where to turn when this program is the wrong tool.

`help safety` opens neither config nor state, so nothing can remember that it was read.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli.examples import examples
from reconnectd.core.practice.safety import KEYS, Helpline, Helplines, page
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

ASIDE, BACK = "\x1b[?1049h\x1b[2J\x1b[H", "\x1b[2J\x1b[3J\x1b[H\x1b[?1049l\x1b[2J\x1b[3J\x1b[H"
"""To a screen of its own, and back to an empty one with nothing above it to scroll to."""

OFFER = "There is a page about where to turn. Any key shows it; q goes on without."


@click.command(
    name="help",
    epilog=examples("reconnect help safety", "reconnect help safety --country CH", "reconnect help remember"),
)
@click.argument("words", nargs=-1, metavar="[safety | COMMAND]")
@click.option("--country", metavar="CODE", help="Helplines of that country, such as CH.  [default: by your time zone]")
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...], country: str | None) -> None:
    """Help about a command; `help safety`: where to turn, offline and noted nowhere."""
    call: Call = ctx.obj
    if words == ("safety",):
        _safety(call, country)
        return
    if country is not None:
        raise WrongUsage("--country belongs to `reconnect help safety`")
    assert ctx.parent is not None
    call.output.line(_about(ctx.parent, words))


def _about(root: click.Context, words: tuple[str, ...]) -> str:
    """The help of a command, or of all; a near name where there is none of that name."""
    context = root
    for word in words:
        if not isinstance(context.command, click.Group):
            raise WrongUsage(f"`{context.command_path}` has no parts", f"`reconnect help {context.info_name}`")
        name, command, _ = context.command.resolve_command(context, [word])
        assert command is not None
        context = click.Context(command, info_name=name, parent=context)
    return context.get_help()


def _safety(call: Call, country: str | None) -> None:
    found = _helplines(country)
    if call.output.as_json:
        call.output.document(_as_json(found))
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _show(found)
    else:
        call.output.line(page(found))


def show_after_key() -> None:
    """At a terminal: say that there is a page, show it after a key, and clear the screen after another."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return
    click.echo(OFFER)
    if click.getchar().lower() != "q":
        _show(_helplines(None))


def _show(found: Helplines) -> None:
    """On a screen of its own; however it ends, nothing of it stays."""
    try:
        click.echo(f"{ASIDE}{page(found)}\n{KEYS}", nl=False)
        click.getchar()
    except (EOFError, KeyboardInterrupt):
        pass
    finally:
        click.echo(BACK, nl=False)


def _helplines(country: str | None) -> Helplines:
    from reconnectd.adapters.zone import country_of, local_zone_name
    from reconnectd.config.helplines import directory

    listed = directory()
    if country is not None and country.upper() not in listed.countries:
        raise WrongUsage(
            f'no helplines are listed for "{country}"', f"there are some for {', '.join(sorted(listed.countries))}"
        )
    return listed.of(country or country_of(local_zone_name(os.environ)))


def _as_json(found: Helplines) -> dict[str, Any]:
    return {
        "country": found.country or None,
        "emergency": found.emergency,
        "lines": [_line(line) for line in found.lines],
        "own": [_line(line) for line in found.own],
        "known": found.known,
        "text": page(found),
    }


def _line(line: Helpline) -> dict[str, str]:
    return {"number": line.number, "who": line.who}
