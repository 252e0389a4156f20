"""One table of the document against the keys it may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconnectd.config.keys import ROUTINE, SECTIONS, Key, named
from reconnectd.config.problems import KeyPath, Problems
from reconnectd.core.expected import Expected

_WAYS = (
    "a password is never written in here; it comes from password_command, password_keyring = true, "
    "password_file, or a systemd credential"
)
_OTHER_WORDS = {
    **dict.fromkeys(("day", "days", "date", "weekday", "weekdays"), "on"),
    **dict.fromkeys(("time", "hour", "clock"), "at"),
    **dict.fromkeys(("duration", "length", "long"), "lasting"),
    **dict.fromkeys(("description", "text"), "notes"),
    **dict.fromkeys(("reminder", "reminders", "alarm", "alarms"), "remind"),
    "name": "title",
    "where": "location",
    "repeat": "every",
    "start": "starting",
    "end": "until",
    "kind": "practice",
}
"""How other programs call what a routine has."""

_SECRET_WORDS = ("password", "passwd", "passphrase", "pass", "pwd", "secret", "token")


def read_table(table: Mapping[str, Any], keys: tuple[Key, ...], where: KeyPath, problems: Problems) -> dict[str, Any]:
    """The values of the keys that the table has and that can be read; the rest goes to `problems`."""
    known = named(keys)
    values = {}
    for name, given in table.items():
        key = known.get(name)
        if key is None:
            add_unknown(name, known, where, problems)
            continue
        try:
            values[name] = key.form.read(given)
        except Expected as error:
            problems.add_expected((*where, name), error, secret=key.secret)
    return values


def inactive(values: Mapping[str, Any], keys: tuple[Key, ...], where: str) -> list[str]:
    """What the file asks for and this release doesn't do yet, as "section.key"."""
    return [f"{where}.{key.name}" for key in keys if key.name in values and key.idle(values[key.name])]


def add_unknown(name: str, known: Mapping[str, Key], where: KeyPath, problems: Problems) -> None:
    """Say that there is no such key, and which one or which place may have been meant."""
    if where == ("calendar",) and name.lower() in _SECRET_WORDS:
        problems.add((*where, name), _WAYS)
        return
    if where[:1] == ("routine",) and name.lower() in _OTHER_WORDS:
        problems.add((*where, name), f'there is no such key; did you mean "{_OTHER_WORDS[name.lower()]}"?')
        return
    if place := _place_of(name):
        problems.add((*where, name), f'there is no such key here; did you mean "{place}"?')
        return
    problems.add((*where, name), "there is no such key", word=name, names=known)


def _place_of(name: str) -> str | None:
    """Where a key of exactly this name belongs, when it stands in the wrong table."""
    places = [section.name for section in SECTIONS if name in named(section.keys)]
    if name in named(ROUTINE):
        places.append("routine.NAME")
    return f"{places[0]}.{name}" if places else None
