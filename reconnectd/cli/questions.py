"""Questions to a person at a terminal: an answer in brackets is taken by Enter, an odd one is asked for again.

At most 80 columns. Colour only where the terminal has it and NO_COLOR doesn't say otherwise. Ctrl-C and Ctrl-D raise
click.Abort, or KeyboardInterrupt while nothing is asked.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

Name = TypeVar("Name", bound=str)

WIDEST = 79
"""The last of 80 columns stays free: some terminals begin a new line in it."""

Complaint = Callable[[str], str | None]
"""What is wrong with an answer; None when nothing is."""


def can_be_asked() -> bool:
    """Is a person at both ends?"""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Questions:
    """One conversation."""

    def __init__(self) -> None:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - arrow keys move in the line
        self._colour = "NO_COLOR" not in os.environ and os.environ.get("TERM", "dumb") != "dumb"
        self._width = min(shutil.get_terminal_size().columns - 1, WIDEST)

    def heading(self, text: str) -> None:
        """What the next questions are about."""
        click.echo()
        click.echo(self._styled(text, bold=True))

    def say(self, text: str, indent: str = "") -> None:
        """A paragraph."""
        click.echo(textwrap.fill(text, self._width, initial_indent=indent, subsequent_indent=indent))

    def text(self, question: str, default: str = "", complaint: Complaint = lambda _: None) -> str:
        """A line; with no default Enter is an answer only where `complaint` allows it."""
        while True:
            answer = self._ask(question, default).strip() or default
            why = complaint(answer)
            if why is None:
                return answer
            self.complain(why)

    def secret(self, question: str) -> str:
        """What isn't shown while it is typed; never empty. `getpass` hides before it asks: click asks first, and what
        is typed at once would be seen, and lost."""
        while True:
            try:
                answer = getpass.getpass(f"{question}: ")
            except (EOFError, KeyboardInterrupt):
                raise click.Abort from None
            if answer:
                return answer
            self.complain("Nothing was typed. (It isn't shown while you type.)")

    def yes(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        kind = "Y/n" if default else "y/N"
        while True:
            answer = self._ask(f"{question} [{kind}]", "").strip().lower()
            if answer in {"", "y", "yes", "n", "no"}:
                return answer.startswith("y") if answer else default
            self.complain('Please say "y" or "n".')

    def choice(self, question: str, options: Sequence[tuple[Name, str]], default: Name) -> Name:
        """One of several (name, words), by its number or its name."""
        names = [name for name, _ in options]
        self._list([words for _, words in options])
        numbers = [str(number) for number in range(1, len(names) + 1)]
        while True:
            answer = self._ask(question, numbers[names.index(default)]).strip().lower()
            for number, name in zip(numbers, names, strict=True):
                if answer in {number, name}:
                    return name
            self.complain(f"Please say a number from 1 to {len(names)}.")

    def rows(self, options: Sequence[tuple[str, str]]) -> None:
        """Numbered lines of two columns, from 1 on, to choose from."""
        width = max(len(name) for name, _ in options)
        for place, (name, words) in enumerate(options, 1):
            click.echo(f"  {self._styled(f'{place:>2}', fg='cyan')}  {name:<{width}}  {words}".rstrip())

    def several(self, question: str, options: Sequence[tuple[Name, str]]) -> list[Name]:
        """Any of several (name, words), by their numbers or names, in the order of `options`; Enter is none."""
        self._list([words for _, words in options])
        names = {str(place): name for place, (name, _) in enumerate(options, 1)} | {name: name for name, _ in options}
        while True:
            said = self._ask(question, "").lower().replace(",", " ").split()
            if all(word in names for word in said):
                chosen = {names[word] for word in said}
                return [name for name, _ in options if name in chosen]
            self.complain(f"Please say numbers from 1 to {len(options)}, with spaces between them.")

    def _list(self, words: Sequence[str]) -> None:
        """Numbered, one under another."""
        width = len(str(len(words)))
        for place, text in enumerate(words, 1):
            hanging = [part for line in text.splitlines() for part in textwrap.wrap(line, self._width - 4 - width)]
            before = self._styled(f"{place:>{width}}", fg="cyan")
            click.echo(f"  {before}  " + ("\n" + " " * (4 + width)).join(hanging))

    def good(self, text: str) -> None:
        """Something went well."""
        click.echo(self._styled(textwrap.fill(text, self._width), fg="green"))

    def complain(self, why: str) -> None:
        """Something is odd, or went wrong."""
        click.echo(self._styled(textwrap.fill(why, self._width), fg="yellow"))

    def _ask(self, question: str, default: str) -> str:
        ends = " " if question.endswith("?") and not default else ": "
        answer: str = click.prompt(question, default=default, show_default=bool(default), prompt_suffix=ends)
        return answer

    def _styled(self, text: str, *, fg: str | None = None, bold: bool = False) -> str:
        return click.style(text, fg=fg, bold=bold or None) if self._colour else text
