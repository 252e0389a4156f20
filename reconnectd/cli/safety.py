"""`reconnect help`: what a command does, and where to turn when this program is the wrong tool.

`help safety` opens neither config nor state, so nothing can remember that it was read.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from reconnectd.adapters.terminal import BACK, GONE, RESIZED, STOP, Terminal, is_whole
from reconnectd.adapters.zone import country_of, local_zone_name
from reconnectd.cli.examples import examples
from reconnectd.config.helplines import directory
from reconnectd.core.practice.safety import KEYS, MORE, Helpline, Helplines, fitted, page
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

OFFER = "There is a page about where to turn. Any key shows it; q goes on without."
AWAY = {BACK, STOP, GONE}
"""As good as a key that clears: who comes back after Ctrl-Z isn't shown it again."""

STAYS = "This terminal can't be cleared from here: close it when you have read."


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
    helplines(None)
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
    found = helplines(country)
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
    if not is_whole(os.environ):
        _show_plainly(helplines(None), OFFER)
        return
    with _alone() as terminal:
        if _turned(terminal, OFFER, "") not in {"q", *AWAY}:
            _turned(terminal, page(helplines(None)), KEYS)


def _show(found: Helplines) -> None:
    if not is_whole(os.environ):
        _show_plainly(found)
        return
    with _alone() as terminal:
        _turned(terminal, page(found), KEYS)


def _alone() -> Terminal:
    """A screen of which nothing stays, however it ends: by a key, Ctrl-C, Ctrl-Z, or from outside."""
    return Terminal(encoding=sys.stdout.encoding, leaves_nothing=True)


def _turned(terminal: Terminal, text: str, below: str) -> str:
    """Show it, as much at a time as the screen holds; the key that ended it."""
    shown = 0
    while True:
        columns, rows = terminal.size()
        lines, room = fitted(text, columns - 1), max(rows - 1, 1)
        last = shown + room >= len(lines)
        part = [*lines[shown : shown + room], (below if last else MORE)[: columns - 1]]
        terminal.draw(part[:rows], heading=False)
        key = terminal.wait(None)
        if key == RESIZED:
            shown = 0
        elif last or key in {"q", *AWAY}:
            return key
        else:
            shown += room


def _show_plainly(found: Helplines, offer: str = "") -> None:
    """On a terminal that knows no way to clear itself: whoever reads it hears so first."""
    click.echo(STAYS)
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        if offer:
            click.echo(offer)
        if not offer or click.getchar().lower() != "q":
            click.echo(page(found))


def helplines(country: str | None) -> Helplines:
    """Those of a country; None is where the time zone is. Every check-in and every `help` reads them, shown or not, so
    that neither the files that Python compiles nor their last access can tell who was shown the page."""
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
