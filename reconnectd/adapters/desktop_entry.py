"""The entries by which a desktop knows the program: its own settings for notifications, and no place in the menu;
and where there is no systemd, what it starts with the session."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

ENTRY = "reconnectd.desktop"
OFF = "Hidden=true"
ENV = "/usr/bin/env"


def desktop_entry(program: Path) -> str:
    """The text of the entry; it would show `reconnect status` in a terminal, if somebody opened it."""
    lines = (
        f"Exec={_quoted(str(program))} status",
        "Terminal=true",
        "NoDisplay=true",
        "X-GNOME-UsesNotifications=true",
    )
    return _entry("Keeps closeness in view", lines)


def autostart_entry(argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """The text of what the desktop starts with every session (Desktop Application Autostart Specification)."""
    said = [f"{name}={value}" for name, value in environment.items()]
    words = [*_with_variables(said, argv[0]), *argv] if said else list(argv)
    lines = (f"Exec={' '.join(map(_quoted, words))}", "Terminal=false", "NoDisplay=true")
    return _entry("Routines for closeness, in the background", lines)


def turned_off(text: str) -> str:
    """The entry as if it weren't there, for the desktop."""
    return text if OFF in text.splitlines() else text + OFF + "\n"


def turned_on(text: str) -> str:
    """The entry as it was."""
    return "".join(line for line in text.splitlines(keepends=True) if line.strip() != OFF)


def is_on(text: str) -> bool:
    """Does the desktop start it?"""
    return turned_on(text) == text


def started(text: str) -> Path | None:
    """The program in the text of an autostart entry: the first word that isn't env(1) or one of its variables."""
    line = re.search(r"(?m)^Exec=(.*)$", text)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', _unescaped(line[1])) if line else []
    plain = [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]
    return next((Path(word) for word in plain if word.startswith("/") and word != ENV), None)


def _with_variables(said: Sequence[str], program: str) -> list[str]:
    """What stands before the program; env(1) would take a path with a "=" in it for one more variable."""
    return [ENV, *said, *(("sh", "-c", 'exec "$0" "$@"') if "=" in program else ())]


def _entry(comment: str, lines: Sequence[str]) -> str:
    head = ("[Desktop Entry]", "Type=Application", "Name=reconnectd", f"Comment={comment}", "Icon=appointment-soon")
    return "\n".join([*head, *lines]) + "\n"


def _quoted(word: str) -> str:
    """An argument of Exec= (Desktop Entry Specification, "The Exec key"), and then a value of type string."""
    for character in '\\"`$':
        word = word.replace(character, "\\" + character)
    return f'"{word}"'.replace("\\", "\\\\").replace("%", "%%")


def _unescaped(value: str) -> str:
    return value.replace("\\\\", "\\")
