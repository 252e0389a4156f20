"""Where words go: answers to standard output, trouble to standard error; Rich on a terminal, plain in a pipe.

With --json there is one JSON document on standard output and nothing else. Text that came from a calendar goes
through `plain`, the one sanitiser, before a terminal sees it.
"""

from __future__ import annotations

import json
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
        sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")

    def line(self, text: str = "") -> None:
        """One line of an answer; nothing with --json."""
        if not self.as_json:
            sys.stdout.write(text + "\n")

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
