"""The unit file of the service: its text as shipped, and with the program of this machine in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from reconnectd.errors import ReconnectdError

UNIT = "reconnectd.service"


def shipped(name: str) -> str:
    """The text of the unit or its drop-in as it was shipped: inside the package, or beside it in a checkout."""
    package = files("reconnectd")
    for place in (package / "systemd" / name, Path(str(package)).parent / "systemd" / name):
        if place.is_file():
            return place.read_text("utf-8")
    raise ReconnectdError(f"{name} is not part of this installation", "install reconnectd again")


def unit_for(text: str, argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """The unit with the program's own command line, and variables that the manager may not have."""
    start = " ".join(["ExecStart=" + program(argv[0]), *(argument(word) for word in argv[1:])])
    lines = [start, *(f"Environment={quoted(f'{name}={value}')}" for name, value in environment.items())]
    fresh, count = re.subn(r"^ExecStart=.*$", lambda _: "\n".join(lines), text, flags=re.MULTILINE)
    if count != 1:
        raise ReconnectdError("the shipped unit file is not as it should be", "install reconnectd again")
    return fresh


def program(path: str) -> str:
    """The first word of ExecStart=: no variables there, and no quotes or backslashes in the name of a program
    (systemd.service(5), and string_is_safe() in its source)."""
    if set(path) & set("'\"\\") or not path.isprintable():
        raise ReconnectdError(
            f"systemd can't start a program whose path has quotes or backslashes in it: {path}",
            "install reconnectd in another folder, for instance with pipx",
        )
    return quoted(path)


def argument(word: str) -> str:
    """A further word: here variables are filled in, so that a dollar is written twice."""
    return quoted(word).replace("$", "$$")


def quoted(word: str) -> str:
    """One word of a value: C quoting and doubled specifiers (systemd.syntax(7), systemd.unit(5))."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n").replace("\t", "\\t")
    return f'"{plain}"' if re.search(r"[^\w@%+=:,./-]", plain, re.ASCII) or not plain else plain


def started_program(unit: str) -> Path | None:
    """What the text of a unit starts; the opposite of `program`."""
    found = re.search(r'^ExecStart=(?:"((?:[^"\\]|\\.)*)"|(\S+))', unit, re.MULTILINE)
    if found is None:
        return None
    word = found[1] if found[1] is not None else found[2]
    return Path(word.replace('\\"', '"').replace("\\\\", "\\").replace("%%", "%"))
