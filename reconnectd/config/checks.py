"""What no key can know alone: rules between keys, and what stands on the disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reconnectd.config.address import split
from reconnectd.config.document import writable_by_others
from reconnectd.config.problems import Problems
from reconnectd.core.loopback import is_loopback
from reconnectd.core.model import Placed, Routine, Window

_PASSWORDS = ("password_command", "password_keyring", "password_file")
_DAY = dt.timedelta(days=1)


def check_calendar(values: Mapping[str, Any], table: Mapping[str, Any], problems: Problems) -> None:
    """The account: one password, only for a server, and never in clear over a network."""
    ways = [key for key in _PASSWORDS if table.get(key) not in (None, False)]
    for key in ways[1:]:
        problems.add(("calendar", key), f"one way to the password is enough: {ways[0]} is there already")
    if "url" not in table:
        for key in ("username", *ways):
            if key in table:
                problems.add(("calendar", key), "there is no server to log in to: url is needed with it")
    url = values.get("url")
    if url is None or values.get("allow_insecure_http"):
        return
    parts = split(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        problems.add(
            ("calendar", "url"),
            "http:// would send the password in clear: expected https:// "
            "(or allow_insecure_http = true, if the network is yours)",
        )


def check_command(section: str, key: str, words: Sequence[str], problems: Problems) -> None:
    """A program that others may replace would be theirs to run."""
    program = Path(words[0]).expanduser() if words else Path()
    if program.is_absolute() and writable_by_others(program):
        problems.add((section, key), "this program can be changed by others: expected one of your own or the system's")


def check_placed(routine: Routine, problems: Problems) -> None:
    """Is there room in the windows at all, and is the wished-for time in one of them?"""
    made = routine.schedule
    if not isinstance(made, Placed) or routine.lasting is None:
        return
    where = ("routine", routine.slug)
    if all(_length(window) < routine.lasting.shortest for window in made.within):
        problems.add((*where, "lasting"), "every window in within is shorter than this")
    elif made.ideal and not any(_holds(window, *made.ideal) for window in made.within):
        problems.add((*where, "ideal"), "expected a time inside one of the windows in within")


def _length(window: Window) -> dt.timedelta:
    return (_since_midnight(window.end) - _since_midnight(window.start)) % _DAY or _DAY


def _holds(window: Window, day: int | None, at: dt.time) -> bool:
    into = (_since_midnight(at) - _since_midnight(window.start)) % _DAY
    starts = day if day is None or at >= window.start else (day - 1) % 7
    return into < _length(window) and (starts is None or starts in window.days)


def _since_midnight(at: dt.time) -> dt.timedelta:
    return dt.timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
