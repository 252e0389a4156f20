"""`reconnect letter`: something to hand over before anything is written into a calendar that both see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnectd.core.letter import letter as letter_for

if TYPE_CHECKING:
    from reconnectd.cli.main import Call


@click.command()
@click.pass_obj
def letter(call: Call) -> None:
    """Half a page for your partner: what this writes, what it never does, how to move, decline and stop.

    Each sentence is true for your config as it stands.
    """
    settings = call.session.settings
    today = call.session.today
    made = letter_for(settings, today)
    if call.output.as_json:
        written = [{"title": title, "when": when} for title, when in made.written]
        call.output.document({"to": made.to, "from": made.sender, "written": written, "text": made.text})
    call.output.line(made.text.rstrip("\n"))
