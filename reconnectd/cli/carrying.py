"""`reconnect export` and `import`: what is stored, as a file that one can read and take along."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconnectd.cli.answers import told
from reconnectd.cli.examples import examples
from reconnectd.core.plain import plain
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

LARGEST = 64 * 1024 * 1024


@click.command(epilog=examples("reconnect export", "reconnect export --private everything.json"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--private", is_flag=True, help="With what you wrote yourself, and with titles.")
@click.pass_obj
def export(call: Call, file: Path | None, *, private: bool) -> None:
    """What was done and what rests, as JSON: on standard output, or in a FILE that only your login can read.

    Without --private there is no word in it that anybody wrote. The config isn't in it, nor any password.
    """
    from reconnectd.adapters.private_file import create
    from reconnectd.app.carrying import exported

    made = exported(call.session.store, private=private)
    if file is None:
        sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=None if call.output.as_json else 1) + "\n")
        return
    if not create(file, json.dumps(made, ensure_ascii=False, indent=1) + "\n"):
        raise WrongUsage(f"{file} is there already, and stays as it is", "name another file")
    counts = {name: len(made.get(name, ())) for name in ("facts", "rests", "words")}
    if call.output.as_json:
        call.output.document({"file": str(file), **counts})
    words = f", {_counted(counts['words'], 'thing')} you wrote" if private else "; nothing that you wrote"
    answers, rests = _counted(counts["facts"], "answer"), _counted(counts["rests"], "rest")
    call.output.line(f"{answers}, {rests}{words}: {plain(str(file), limit=1000)}")


@click.command(name="import", epilog=examples("reconnect import everything.json"))
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(call: Call, file: Path) -> None:
    """Take in what `reconnect export` wrote; - reads standard input.

    What is here already stays as it is; the same file twice changes nothing.
    """
    from reconnectd.app.carrying import NotAnExport, taken_in

    try:
        added = taken_in(call.session.store, json.loads(_text(file)))
    except (NotAnExport, ValueError) as why:
        odd = str(why) if isinstance(why, NotAnExport) else "it is no JSON"
        raise WrongUsage(
            f"{file} is no export of reconnectd: {odd}; nothing was changed", "`reconnect export` makes one"
        ) from None
    call.session.renew()
    if call.output.as_json:
        call.output.document({"facts": added.facts, "rests": added.rests, "words": added.words})
    answers, rests = _counted(added.facts, "answer"), _counted(added.rests, "rest")
    call.output.line(f"New here: {answers}, {rests}, {_counted(added.words, 'thing')} you wrote.")
    told(call, calendar=added.facts > 0)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _text(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read(LARGEST)
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise ReconnectdError(
            f"{file} can't be read: {error.strerror}", "name a file that `reconnect export` made"
        ) from error
