"""The man pages, from the words of `--help` and of the config's schema: `make man` writes them into docs/man.

mdoc(7), which groff and mandoc both read. What is not in any `--help` (files, exit codes) stands in here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reconnectd import config
from reconnectd.cli.main import ANYWHERE, COMMANDS, root
from reconnectd.core.when import EXAMPLES
from reconnectd.wiring.resident import options

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "man"

EXITS = {
    "0": "done",
    "1": "it did not work",
    "2": "wrong usage",
    "69": "the calendar server can't be reached",
    "75": "try again: another run holds the lock",
    "77": "refused: a login, a permission, or no agreement yet",
    "78": "the config can't be used as it is",
}
FILES = {
    "~/.config/reconnectd/config.toml": "The config ($XDG_CONFIG_HOME; or what $RECONNECTD_CONFIG or --config names).",
    "~/.local/state/reconnectd/reconnectd.db": "What is known, with its daily backups beside it ($XDG_STATE_HOME).",
    "~/.local/share/reconnectd/calendar/": "The calendar on this machine ($XDG_DATA_HOME).",
    "$XDG_RUNTIME_DIR/reconnectd/": "The socket by which the two programs speak.",
}
ENVIRONMENT = {
    "RECONNECTD_CONFIG": "The config file, unless --config names one.",
    "NO_COLOR": "Without colours, when it is set.",
    "VISUAL, EDITOR": "What the config, a draft and a writing are opened with. Vim and Emacs are asked to keep no "
    "copies of what is private; what another editor remembers elsewhere is up to it.",
}
NAMES = (
    "NAME is a routine by the name in its brackets (date-night), or one day of it (date-night@2026-11-27; a second one "
    f"on that day ends in .2). WHEN is a time, {EXAMPLES}. Of the words after a command the last one that is a NAME is "
    "the NAME, the others are the WHEN."
)
THE_DAEMON = (
    "It runs in the foreground until SIGTERM; SIGHUP reads the config again, and so does saving it. A second one on "
    "the same state ends with 75. It has no network: a child that lives for a moment speaks to the calendar server. "
    "`reconnect service install` makes it a service of yours."
)


def pages() -> dict[str, str]:
    """Name of the file → its text."""
    return {"reconnect.1": reconnect(), "reconnectd.1": reconnectd(), "reconnectd-config.5": the_config()}


def reconnect() -> str:
    """The page of section 1 for the command line."""
    context = click.Context(root, info_name="reconnect", **root.context_settings)
    anywhere = [(f"{name} FILE" if name == "--config" else name, said) for name, said in ANYWHERE.items()]
    lines = [
        *_head("reconnect", 1, "routines for two, in the calendar you both look at"),
        ".Nm", ".Op Fl \\-config Ar FILE", ".Op Fl \\-json", ".Op Fl \\-verbose", ".Ar command", ".Op Ar word ...",
        ".Sh DESCRIPTION", *_prose(root.help or ""), ".Pp", *_prose(NAMES),
        ".Sh OPTIONS", *_definitions(anywhere + _records(root, context)),
        ".Sh COMMANDS", ".Bl -tag -width Ds",
    ]  # fmt: skip
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        lines += _command(command, click.Context(command, info_name=name, parent=context), name)
    lines += [".El", ".Sh ENVIRONMENT", *_definitions(ENVIRONMENT.items(), "Ev"), *_files(), *_exits()]
    return "\n".join([*lines, *_see_also("reconnectd 1", "reconnectd-config 5")]) + "\n"


def reconnectd() -> str:
    """The page of section 1 for the daemon."""
    parser = options()
    known = [action for action in parser._actions if action.help is not argparse.SUPPRESS]
    synopsis = [f".Op {_flags(_spelling(action))}" for action in known if action.dest != "help"]
    lines = [
        *_head("reconnectd", 1, "keeps closeness in view"), ".Nm", *synopsis,
        ".Sh DESCRIPTION", *_prose(parser.description or ""), ".Pp", *_prose(THE_DAEMON),
        ".Sh OPTIONS", *_definitions([(_spelling(action), _sentence(action.help or "")) for action in known]),
        *_files(), *_exits(),
    ]  # fmt: skip
    return "\n".join([*lines, *_see_also("reconnect 1", "systemctl 1", "reconnectd-config 5")]) + "\n"


def the_config() -> str:
    """The page of section 5."""
    schema = config.schema()
    lines = [
        *_head("reconnectd-config", 5, "the config of reconnectd", synopsis=False),
        ".Sh DESCRIPTION",
        *_prose(
            "One file in TOML says it all. Each key has a default; what isn't there is as it is by default. "
            "`reconnect config check` tells what is wrong, line by line; once the file is saved it is noticed."
        ),
    ]
    for name, section in schema["properties"].items():
        keys = section.get("properties") or schema["$defs"]["routine"]["properties"]
        title = f"The section {name}" if "properties" in section else f"The sections {name}.NAME"
        lines += [f".Ss {title}", *_prose(_sentence(section["description"])), *_definitions(_keys(keys), "Cm")]
    example = (ROOT / "README.md").read_text().partition("```toml\n")[2].partition("```")[0]
    lines += [".Sh EXAMPLES", ".Bd -literal -offset indent", *map(_text, example.splitlines()), ".Ed"]
    return "\n".join([*lines, *_see_also("reconnect 1", "reconnectd 1")]) + "\n"


def _keys(keys: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, key in keys.items():
        default = key.get("default")
        said = (
            ""
            if default in (None, "", [])
            else f" Default: {str(default).lower() if isinstance(default, bool) else default}."
        )
        yield name, _sentence(key["description"]) + said


def _head(name: str, section: int, what: str, *, synopsis: bool = True) -> list[str]:
    changes = (ROOT / "CHANGELOG.md").read_text()
    found = re.search(r"(?m)^## \S+ \S (\d{4}-\d\d-\d\d)$", changes)
    assert found is not None
    day = dt.date.fromisoformat(found[1])
    return [
        '.\\" Made by docs/manual.py from the words of --help; `make man` makes it anew.',
        f".Dd {day:%B} {day.day}, {day.year}", f".Dt {name.upper()} {section}", ".Os",
        ".Sh NAME", f".Nm {name}", f".Nd {what}", *([".Sh SYNOPSIS"] if synopsis else []),
    ]  # fmt: skip


def _command(command: click.Command, context: click.Context, name: str) -> Iterator[str]:
    """The command and those within it."""
    usage = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    if isinstance(command, click.Group):
        for one, within in command.commands.items():
            yield from _command(within, click.Context(within, info_name=one, parent=context), f"{name} {one}")
        return
    yield f".It Cm {name}" + "".join(_word(piece) for piece in " ".join(usage).split())
    yield from _paragraphs(command.help or "")
    records = [(flags, said) for flags, said in _records(command, context) if not flags.endswith("--help")]
    if records:
        yield from _definitions(records)
    if command.epilog:
        yield from _paragraphs(command.epilog)


def _word(piece: str) -> str:
    bare = piece.strip("[]")
    return f" Oo Ar {bare} Oc" if piece != bare else f" Ar {_arg(piece)}"


def _records(command: click.Command, context: click.Context) -> list[tuple[str, str]]:
    found = [param.get_help_record(context) for param in command.get_params(context)]
    return [record for record in found if record is not None and record[1]]


def _paragraphs(text: str) -> Iterator[str]:
    """What click shows below a command: paragraphs, and blocks that stand as they are."""
    for number, part in enumerate(inspect.cleandoc(text).split("\n\n")):
        as_it_stands = part.startswith("\b")
        yield from [".Pp"] if number and not as_it_stands else []
        if as_it_stands:
            yield from [".Bd -literal -offset 2n", *map(_text, part.splitlines()[1:]), ".Ed"]
        else:
            yield from _prose(part)


def _prose(text: str) -> list[str]:
    """A paragraph; every sentence begins a line, as mdoc wants it."""
    sentences = re.split(r"(?<=[a-z0-9)`\"'][.?!]) (?=[A-Z`\"-])", " ".join(text.split()))
    lines = (_text(sentence) for sentence in sentences)
    return [part for line in lines for part in textwrap.wrap(line, 78, break_long_words=False, break_on_hyphens=False)]


def _definitions(pairs: Any, macro: str = "") -> list[str]:
    lines = [".Bl -tag -width Ds"]
    for name, said in pairs:
        shown = f"{macro} {_arg(name)}" if macro else _flags(name)
        lines += [f".It {shown}", *_prose(said)]
    return [*lines, ".El"]


def _flags(spelling: str) -> str:
    """Options as click and argparse spell them, in mdoc."""
    parts = []
    for word in spelling.replace(",", " ,").split():
        if word.startswith("-"):
            parts.append("Fl " + word[1:].replace("-", "\\-"))
        else:
            parts.append(word if word == "," else f"Ar {word}")
    return " ".join(parts)


def _spelling(action: argparse.Action) -> str:
    return ", ".join(action.option_strings) + (f" {action.metavar}" if action.metavar else "")


def _exits() -> list[str]:
    return [".Sh EXIT STATUS", *_definitions(((code, _sentence(said)) for code, said in EXITS.items()), "Er")]


def _files() -> list[str]:
    return [".Sh FILES", *_definitions(FILES.items(), "Pa")]


def _see_also(*pages: str) -> list[str]:
    return [".Sh SEE ALSO", " ,\n".join(f".Xr {page}" for page in sorted(pages, key=lambda page: page.split()[::-1]))]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def _text(line: str) -> str:
    """A line of text: nothing in it is a macro, a hyphen of an option stays one, and `code` is bold."""
    escaped = line.replace("\\", "\\e")
    escaped = re.sub(r"(?<![\w-])--?(?=\w)", lambda found: found[0].replace("-", "\\-"), escaped)
    escaped = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", escaped)
    escaped = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in escaped)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _arg(text: str) -> str:
    """One word of a macro's line."""
    escaped = _text(text).replace('"', "\\(dq")
    return f'"{escaped}"' if " " in escaped else escaped


def main() -> None:
    """Write them."""
    PAGES.mkdir(exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).write_text(text, "utf-8")
        sys.stdout.write(f"docs/man/{name}\n")


if __name__ == "__main__":
    main()
