"""The entry by which a desktop knows the program: its own settings for notifications, and no place in the menu."""

from __future__ import annotations

from pathlib import Path

ENTRY = "reconnectd.desktop"


def desktop_entry(program: Path) -> str:
    """The text of the entry; it would show `reconnect status` in a terminal, if somebody opened it."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=reconnectd",
        "Comment=Keeps closeness in view",
        "Icon=appointment-soon",
        f"Exec={_quoted(str(program))} status",
        "Terminal=true",
        "NoDisplay=true",
        "X-GNOME-UsesNotifications=true",
    )
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    """An argument of Exec= (Desktop Entry Specification, "The Exec key"), and then a value of type string."""
    for character in '\\"`$':
        word = word.replace(character, "\\" + character)
    return f'"{word}"'.replace("\\", "\\\\").replace("%", "%%")
