"""`reconnect backup`: a copy of the state, made while everything goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconnectd.core.plain import plain

if TYPE_CHECKING:
    from reconnectd.cli.main import Call


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def backup(call: Call, file: Path | None) -> None:
    """Keep a copy of what is stored: in FILE, in a folder, or beside the daily copies.

    Nothing is overwritten, and reconnectd may go on meanwhile. Only your login can read the copy.
    """
    made = call.session.back_up(file).absolute()
    size = made.stat().st_size
    if call.output.as_json:
        call.output.document({"file": str(made), "bytes": size})
    call.output.line(f"A sound copy is in {plain(str(made), limit=1000)} ({size // 1024 or 1} KiB).")
