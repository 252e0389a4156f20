"""`reconnect deck`: the files that ideas come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconnectd.cli.examples import examples

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.wiring.decks import Looked

UNUSABLE = 78


@click.group(no_args_is_help=False)
def deck() -> None:
    """Look at a deck of ideas."""


@deck.command(epilog=examples("reconnect deck check ~/.config/reconnectd/decks/evenings.toml"))
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.pass_obj
def check(call: Call, files: tuple[Path, ...]) -> int:
    """Read a deck, and tell every problem at once.

    First its form, which keeps a deck from being used; then its words: too long, alike, repeated, of duty, of a man or
    a woman, of brands, touch as an order.
    """
    from reconnectd.wiring.decks import look_at

    found = look_at(files)
    code = UNUSABLE if found.problems else int(bool(found.remarks))
    if call.output.as_json:
        call.output.document(_document(found, code))
        return code
    for problem in found.problems:
        call.output.aside(problem)
    for remark in found.remarks:
        call.output.aside(str(remark))
    for path, one in found.decks:
        verdict = "" if code else ": fine"
        call.output.line(f"{path}{verdict}, {_counted(len(one.prompts))} ({one.language}, {one.licence})")
    for practice, count in found.counts.items():
        call.output.line(f"{count:>5}  {practice}")
    return code


def _counted(prompts: int) -> str:
    return "1 prompt" if prompts == 1 else f"{prompts} prompts"


def _document(found: Looked, code: int) -> dict[str, object]:
    return {
        "ok": code == 0,
        "files": [
            {"file": str(path), "name": one.name, "language": one.language, "licence": one.licence,
             "prompts": len(one.prompts)}
            for path, one in found.decks
        ],
        "problems": list(found.problems),
        "remarks": [
            {"file": str(one.file), "line": one.line, "prompt": one.prompt, "what": one.what} for one in found.remarks
        ],
        "counts": {str(practice): count for practice, count in found.counts.items()},
    }  # fmt: skip
