"""Where words go: answers to standard output, trouble to standard error; Rich on a terminal, plain in a pipe.

With --json there is one JSON document on standard output and nothing else. Text that came from a calendar goes
through `plain`, the one sanitiser, before a terminal sees it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


class Output:
    """What one command says."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    @property
    def is_terminal(self) -> bool:
        """Is a person looking at standard output?"""
        return sys.stdout.isatty()

    def console(self) -> Console:
        """Rich, for a terminal."""
        from rich.console import Console

        return Console(highlight=False, emoji=False, markup=False)

    def document(self, what: Any) -> None:
        """The one JSON document."""
        self._write(json.dumps(what, ensure_ascii=False) + "\n")

    def line(self, text: str = "") -> None:
        """A line of an answer, or several; nothing with --json. No word is broken at the edge of a terminal, and in a
        pipe a line is a line."""
        if not self.as_json:
            self._write((_fitting(text) if self.is_terminal else text) + "\n")

    def end(self) -> None:
        """Hand everything over that was written."""
        self._write("", flush=True)

    def _write(self, text: str, *, flush: bool = False) -> None:
        """When the reader has gone the rest is for nobody, and what the command does is still done."""
        try:
            sys.stdout.write(text)
            if flush:
                sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def aside(self, text: str) -> None:
        """A remark that is no part of the answer."""
        sys.stderr.write(text + "\n")

    def failed(self, message: str, fix: str, code: int) -> int:
        """An error: what happened, and what to do next. The exit code."""
        if self.as_json:
            self.document({"error": {"code": code, "message": message, "fix": fix}})
        else:
            self.aside(message + (f"\n{fix}" if fix else ""))
        return code


def _fitting(text: str) -> str:
    """What is too long for the terminal goes on below, as far in as it began. Where it fits nothing changes."""
    import shutil
    import textwrap

    width = shutil.get_terminal_size().columns
    lines = []
    for line in text.split("\n"):
        inside = " " * (len(line) - len(line.lstrip(" ")))
        fitting = textwrap.wrap(
            line, width - 1, subsequent_indent=inside, break_long_words=False, break_on_hyphens=False,
            replace_whitespace=False,
        )  # fmt: skip
        lines += fitting if len(line) >= width > len(inside) + 1 else [line]
    return "\n".join(lines)
