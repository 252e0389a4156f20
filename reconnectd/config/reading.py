"""A whole config: document, tables, rules between keys, and at the end either Settings or every problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconnectd.config.checks import check_calendar, check_command, check_placed
from reconnectd.config.document import toml
from reconnectd.config.fingerprint import fingerprint
from reconnectd.config.keys import SECTIONS, TABLES, Section
from reconnectd.config.problems import Problems
from reconnectd.config.routines import RoutineRead, read_routine
from reconnectd.config.tables import add_unknown, inactive, read_table
from reconnectd.core.expected import quoted
from reconnectd.core.settings import Settings

MOST_ROUTINES = 500
_HEADER = re.compile(rb"^[ \t]*\[[ \t]*routine[ \t]*\.[ \t]*\"?([a-z0-9-]+)\"?[ \t]*\]", re.MULTILINE)
_PATHS = ("password_file", "ca_file", "client_cert")


def settings(raw: bytes, path: Path) -> Settings:
    """What the config in `raw` says. ConfigError with all problems by line."""
    document = toml(raw, path)
    problems = Problems()
    _check_tables(document, problems)
    values = {section.name: _section(section, document, problems) for section in SECTIONS}
    _check_across(values, document, problems)
    routines = _routines(document.get("routine", {}), raw, problems)
    problems.raise_any(raw, path)
    idle = [name for section in SECTIONS for name in inactive(values[section.name], section.keys, section.name)]
    return Settings(
        **{section.name: section.values(**_placed(values[section.name], path)) for section in SECTIONS},
        routines=tuple(read.routine for read in routines),
        path=path,
        fingerprint=fingerprint(raw),
        inactive=(*idle, *(name for read in routines for name in read.inactive)),
    )


def _check_tables(document: Mapping[str, Any], problems: Problems) -> None:
    for name, table in document.items():
        if name not in TABLES and isinstance(table, dict):
            problems.add((name,), "there is no such section", word=name, names=TABLES)
        elif name not in TABLES:
            add_unknown(name, {}, (), problems)
        elif not isinstance(table, dict):
            example = "routine.date-night" if name == "routine" else name
            problems.add((name,), f"expected a table [{example}], got {quoted(table)}")


def _section(section: Section, document: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    table = document.get(section.name, {})
    return read_table(table, section.keys, (section.name,), problems) if isinstance(table, dict) else {}


def _check_across(values: Mapping[str, Any], document: Mapping[str, Any], problems: Problems) -> None:
    table = document.get("calendar")
    check_calendar(values["calendar"], table if isinstance(table, dict) else {}, problems)
    for section, key in (("calendar", "password_command"), ("reminders", "command")):
        check_command(section, key, values[section].get(key, ()), problems)


def _routines(tables: object, raw: bytes, problems: Problems) -> list[RoutineRead]:
    if not isinstance(tables, dict):
        return []
    if len(tables) > MOST_ROUTINES:
        problems.add(
            ("routine", list(tables)[MOST_ROUTINES]), f"expected at most {MOST_ROUTINES} routines, got {len(tables)}"
        )
        return []
    lines = _header_lines(raw)
    read = [read_routine(slug, table, lines.get(slug, 0), problems) for slug, table in tables.items()]
    found = [one for one in read if one is not None]
    for one in found:
        check_placed(one.routine, problems)
    return found


def _header_lines(raw: bytes) -> dict[str, int]:
    """The line of each `[routine.…]`, for `why`: near enough without a second parser (0 for other spellings)."""
    lines: dict[str, int] = {}
    line, last = 1, 0
    for match in _HEADER.finditer(raw):
        start = match.start(1)
        line, last = line + raw.count(b"\n", last, start), start
        lines.setdefault(match[1].decode(), line)
    return lines


def _placed(values: dict[str, Any], path: Path) -> dict[str, Any]:
    """The values, with relative paths put beside the config."""
    return {name: path.absolute().parent / value if name in _PATHS else value for name, value in values.items()}
