"""A config as reconnectd reads it: every key, defaults filled in, as TOML that reads back the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from reconnectd.config.keys import ROUTINE, SECTIONS, Key, named
from reconnectd.config.shapes import unit_of
from reconnectd.core.model import After, Arranged, CountedFrom, Fixed, FixedRule, Routine, Span, Surprise
from reconnectd.core.settings import Settings

_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x20), 0x7F)} | {
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("\n"): "\\n",
    ord("\t"): "\\t",
}
_UNSET: tuple[object, ...] = (None, ())


def show(settings: Settings) -> str:
    """The whole text. Keys that are not set, and have no default, stand there as comments."""
    lines = ["# As reconnectd reads it, with every default filled in."]
    for section in SECTIONS:
        lines += ["", f"[{section.name}]", *_table(section.keys, _section_values(settings, section.name))]
    for routine in settings.routines:
        lines += ["", f"[routine.{routine.slug}]", *_table(ROUTINE, _routine_values(routine))]
    return "\n".join(lines) + "\n"


def plain(settings: Settings) -> dict[str, Any]:
    """The same as nested dicts of text, numbers, booleans and lists, for JSON; null where nothing is set."""
    whole: dict[str, Any] = {
        section.name: _plain_table(section.keys, _section_values(settings, section.name)) for section in SECTIONS
    }
    whole["routine"] = {routine.slug: _plain_table(ROUTINE, _routine_values(routine)) for routine in settings.routines}
    return whole


def default(key: Key, value: Any) -> Any:
    """A default as the file would say it; None when there is none to say."""
    return None if value in _UNSET and key.name != "at_most" else key.form.plain(value)


def toml(value: Any) -> str:
    """One value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value.translate(_ESCAPES)}"'
        case dt.date():
            return value.isoformat()
        case list():
            return f"[{', '.join(toml(item) for item in value)}]"
        case _:
            return str(value)


def _section_values(settings: Settings, name: str) -> dict[str, Any]:
    values = getattr(settings, name)
    return {key.name: getattr(values, key.name) for section in SECTIONS if section.name == name for key in section.keys}


def _routine_values(routine: Routine) -> dict[str, Any]:
    """By key; those of the other shapes are left out."""
    keys = named(ROUTINE)
    values = {name: getattr(routine, name) for name in keys if hasattr(routine, name)}
    return {name: value for name, value in (_schedule_values(routine) | values).items() if name in keys}


def _schedule_values(routine: Routine) -> dict[str, Any]:
    made = routine.schedule
    match made:
        case Fixed():
            dates = {"starting": made.starting, "until": made.until}
            every = Span(made.every, unit_of(made.on))
            return {"on": made.on, "at": made.at, "every": every, **dates}
        case FixedRule():
            return {"rrule": made.rrule, "at": made.at, "starting": made.starting}
        case Surprise():
            return {"times": made.times, "within": made.within, "surprise": True}
        case CountedFrom():
            limits = {"no_later_than": made.no_later_than, "starting": made.starting}
            return {"every": made.every, "at": made.at, "counted_from": "last time", **limits}
        case After() | Arranged():
            return {"after": made} if isinstance(made, After) else {}
        case _:
            return {"times": made.times, "within": made.within, "ideal": made.ideal}


def _plain_table(keys: tuple[Key, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    return {key.name: _jsonable(key, values[key.name]) for key in keys if key.name in values}


def _jsonable(key: Key, value: Any) -> Any:
    found = None if value is None and key.name != "at_most" else key.form.plain(value)
    return found.isoformat() if isinstance(found, dt.date) else found


def _table(keys: tuple[Key, ...], values: Mapping[str, Any]) -> Iterator[str]:
    for key in keys:
        if key.name not in values:
            continue
        value = values[key.name]
        unset = value is None and key.name != "at_most"
        if unset or (value == () and key.name in ("password_command", "command")):
            yield f"# {key.name}: not set"
        else:
            yield f"{key.name} = {toml(key.form.plain(value))}"
