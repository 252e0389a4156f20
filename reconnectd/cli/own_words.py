"""How a person's own words come in: asked for, read from a pipe, or written in their editor; never an argument.

An argument would stand in the shell's history and in the list of processes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import click

from reconnectd.adapters.draft import draft
from reconnectd.cli.editing import editor
from reconnectd.core.plain import plain
from reconnectd.errors import ReconnectdError, WrongUsage

LONGEST = 100_000
MARK = "# "
"""Lines that begin so are for the writer; they are not kept."""

NOT_KEPT = "For you alone, on this machine. Lines that begin with # are not kept. Save and close when you are done."


def from_a_pipe(text: tuple[str, ...] = ()) -> bool:
    """Do the words come from standard input: `-`, or nobody at a terminal?"""
    return text == ("-",) or not sys.stdin.isatty()


def refuse_argument(text: tuple[str, ...], command: str) -> None:
    """Words after the command were seen by the shell already: say so, and where they belong."""
    if text not in {(), ("-",)}:
        raise WrongUsage(
            f"`{command}` takes no words after it: they would stay in your shell's history",
            f"type `{command}` alone and write when it asks, or pipe the words in: `{command} -`",
        )


def line(question: str, text: tuple[str, ...] = (), *, longest: int = 500, default: str | None = None) -> str:
    """One line: from the pipe, or asked for on standard error, so that standard output stays an answer."""
    if from_a_pipe(text):
        return plain(sys.stdin.read(LONGEST), limit=longest)
    answer: str = click.prompt(question, err=True, default=default, show_default=False)
    return plain(answer, limit=longest)


def passage() -> str:
    """All that the pipe holds, with its lines; at most one of them empty in a row."""
    return plain(sys.stdin.read(LONGEST), limit=LONGEST, newlines=True)


def marked(text: str) -> str:
    """A paragraph for the writer in lines that aren't kept, with a line end."""
    return "\n".join(textwrap.wrap(text, 78, initial_indent=MARK, subsequent_indent=MARK)) + "\n"


def from_editor(template: str, folder: Path) -> str:
    """What the person makes of `template` in their editor; "" when they leave nothing, or nothing of their own.

    The file stands in `folder` (for its owner only) for as long as the editor runs.
    """
    with draft(folder, template) as where:
        _open(where)
        kept = [text for text in where.read_text(errors="replace")[:LONGEST].splitlines() if not text.startswith(MARK)]
    written = "\n".join(kept).strip()
    return "" if written == _without_marks(template) else written


def _without_marks(template: str) -> str:
    return "\n".join(text for text in template.splitlines() if not text.startswith(MARK)).strip()


def _open(where: Path) -> None:
    argv = editor()
    try:
        code = subprocess.run([*argv, *_without_copies(argv[0]), str(where)], check=False, umask=0o077).returncode
    except OSError as error:
        raise ReconnectdError(
            f"the editor {argv[0]} can't be started: {error.strerror}", "set EDITOR to one that is there"
        ) from None
    if code:
        raise ReconnectdError(f"the editor ended with {code}; nothing was kept", "try again, or set EDITOR to another")


def _without_copies(program: str) -> list[str]:
    """Some keep what they edit in places of their own, too, unless they are told not to."""
    found = Path(shutil.which(program) or program).resolve().name
    if found.startswith(("vim", "nvim")):
        return ["-n", "-i", "NONE", "-c", "set noundofile nobackup"]
    if found.startswith("emacs") and not found.startswith("emacsclient"):
        return ["--eval", "(setq make-backup-files nil auto-save-default nil)"]
    return []
