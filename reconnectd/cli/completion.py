"""What could come next on a command line, for bash, zsh and fish; and the scripts that ask.

A shell asks by running `reconnect` with the line up to the cursor in the environment. Names come from the stored plan
where it still belongs to the config; only options make a command's module necessary.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import click

from reconnectd.cli.main import ANYWHERE, COMMANDS, TAKE_NAMES, root
from reconnectd.wiring.session import Session

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

LINE, WORD = "_RECONNECT_LINE", "_RECONNECT_WORD"
FILES: tuple[str, str] = ("", "")
"""Stands for the names of files, which a shell knows best."""

Word = tuple[str, str]
"""A word and what it is."""

Shell = Literal["bash", "zsh", "fish"]


HOW = """\b
bash  in ~/.bashrc:  eval "$(reconnect completion bash)"
zsh   in ~/.zshrc, after compinit:  eval "$(reconnect completion zsh)"
fish  once:  reconnect completion fish > ~/.config/fish/completions/reconnect.fish
"""


@click.command(help=f"Let your shell complete commands, options and the names of your routines.\n\n{HOW}")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
@click.pass_obj
def completion(call: Call, shell: Shell) -> None:
    """Print the script that this shell is to read."""
    text = script(shell)
    if call.output.as_json:
        call.output.document({"shell": shell, "script": text})
    call.output.line(text.rstrip("\n"))


def script(shell: Shell) -> str:
    """The script for this shell."""
    from importlib.resources import files

    return files("reconnectd.cli").joinpath(f"shells/reconnect.{shell}").read_text("utf-8")


def answer(environ: Mapping[str, str]) -> int:
    """One question of a shell: a line for each word, with a tab before what it is; "files" for names of files."""
    words, begun = split(environ.get(LINE, ""))
    found = list(following(words[1:], begun))
    behind = _kept(begun, environ.get(WORD, begun))
    for one in found:
        sys.stdout.write("files\n" if one is FILES else f"\t{one[0][behind:]}\t{one[1]}\n")
    return 0


def split(line: str) -> tuple[list[str], str]:
    """(The words before the cursor, the one that was begun), quotes taken away."""
    for closed in (line, line + "'", line + '"'):
        try:
            words = shlex.split(closed)
        except ValueError:
            continue
        whole = closed == line and (not line or line[-1].isspace())
        return (words, "") if whole else (words[:-1], words[-1] if words else "")
    return [], ""


def _kept(begun: str, word: str) -> int:
    """How many letters of the begun word stay as they are: what bash takes for the word begins at an "@" or behind a
    ":", and only that is replaced."""
    return len(begun) - len(word) if begun.endswith(word) else 0


def following(words: list[str], begun: str) -> Iterator[Word]:
    """What could be in place of `begun`, after these words."""
    rest, config, wants_file = _anywhere(words)
    if wants_file:
        yield FILES
    elif "--" not in rest:
        yield from (one for one in _candidates(rest, begun, config) if one is FILES or one[0].startswith(begun))


def _anywhere(words: list[str]) -> tuple[list[str], str | None, bool]:
    """(The words without the options that stand anywhere, what --config says, is its file the next word?)"""
    rest: list[str] = []
    config: str | None = None
    left = list(words)
    while left:
        word = left.pop(0)
        if word == "--config" and not left:
            return rest, config, True
        if word == "--config":
            config = left.pop(0)
        elif word.startswith("--config="):
            config = word.partition("=")[2]
        elif word not in ANYWHERE:
            rest.append(word)
    return rest, config, False


def _candidates(rest: list[str], begun: str, config: str | None) -> Iterator[Word]:
    chosen = next((index for index, word in enumerate(rest) if word in COMMANDS), None)
    if chosen is None:
        yield from _options(root) if begun.startswith("-") else ((name, said[2]) for name, said in COMMANDS.items())
        return
    name, after = rest[chosen], rest[chosen + 1 :]
    if name in TAKE_NAMES and not begun.startswith("-") and not (after and after[-1].startswith("-")):
        yield from _names(config, begun)
        return
    found = root.get_command(click.Context(root), name)
    assert found is not None
    yield from _of_command(found, after, begun, config, names=name in TAKE_NAMES)


def _of_command(
    command: click.Command, after: list[str], begun: str, config: str | None, *, names: bool
) -> Iterator[Word]:
    if isinstance(command, click.Group):
        within = next((word for word in after if word in command.commands), None)
        if within is not None:
            after = after[after.index(within) + 1 :]
            yield from _of_command(command.commands[within], after, begun, config, names=names)
        elif begun.startswith("-"):
            yield from _options(command)
        else:
            yield from ((name, one.get_short_help_str(70)) for name, one in command.commands.items())
    elif (option := _waiting(command, after)) is not None:
        yield from _values(option)
    elif begun.startswith("-"):
        yield from _options(command)
    elif names:
        yield from _names(config, begun)
    else:
        for argument in command.params:
            yield from _values(argument) if isinstance(argument, click.Argument) else ()


def _waiting(command: click.Command, after: list[str]) -> click.Option | None:
    """The option whose value comes next."""
    for param in command.params:
        if isinstance(param, click.Option) and not param.is_flag and after and after[-1] in param.opts:
            return param
    return None


def _values(param: click.Parameter) -> Iterator[Word]:
    if isinstance(param.type, click.Choice):
        yield from ((str(choice), "") for choice in param.type.choices)
    elif "FILE" in (param.metavar or ""):
        yield FILES


def _options(command: click.Command) -> Iterator[Word]:
    for param in command.params:
        if isinstance(param, click.Option) and not param.hidden:
            yield param.opts[0], (param.help or "").partition("  [")[0]
    yield from ANYWHERE.items()
    yield "--help", "Show what can be said."


def _names(config: str | None, begun: str) -> Iterator[Word]:
    """Routines; and once there is an "@", the days of one."""
    from reconnectd.adapters.store.agenda import NoPlan

    session = Session(config)
    try:
        yield from _days(session, begun.partition("@")[0].lower()) if "@" in begun else _routines(session)
    except (OSError, NoPlan):
        return


def _routines(session: Session) -> Iterator[Word]:
    from reconnectd.adapters.store.agenda import Agenda, NoPlan

    mark, known = None, {}
    try:
        agenda = Agenda(session.places.database)
        mark, known = agenda.fingerprint(), agenda.titles()
    except NoPlan:
        pass  # nothing was planned yet: the config has the names
    slugs = _written(session, mark)
    yield from ((slug, known.get(slug, "")) for slug in (known if slugs is None else [*slugs, *known]))


def _written(session: Session, mark: str | None) -> list[str] | None:
    """The routines of a config that is newer than the plan; None when the plan knows them all."""
    from reconnectd.config.fingerprint import fingerprint

    raw = session.places.config.read_bytes()
    if fingerprint(raw) == mark:
        return None
    return re.findall(r'(?m)^[ \t]*\[[ \t]*routine[ \t]*\.[ \t]*"?([a-z0-9-]+)"?[ \t]*\]', raw.decode(errors="replace"))


def _days(session: Session, slug: str) -> Iterator[Word]:
    from reconnectd.adapters.store.agenda import Agenda
    from reconnectd.cli import listing, rows

    now, agenda = session.now, Agenda(session.places.database)
    for row in rows.local(agenda.of(slug), rows.zone_of(agenda)):
        day = listing.day_words(listing.day_of(row, now), now)
        yield row["id"], f"{day} {listing.time_words(row, now)} {listing.state_words(row, now)}".rstrip()
