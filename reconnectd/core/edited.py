"""An event that is made anew keeps the words that people gave the one before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reconnectd.core.ics import Intent
from reconnectd.core.ics.intent import ALARM, CLASS, DESCRIPTION, LOCATION, SUMMARY, TRANSP

_WORDS = frozenset({SUMMARY, DESCRIPTION, LOCATION})


def _first_of(alarms: str) -> dt.timedelta | None:
    """There is one alarm of ours: the earliest of those that somebody set."""
    return max((dt.timedelta(seconds=int(one)) for one in alarms.split(",") if one), default=None)


_READ: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    SUMMARY: ("summary", str),
    DESCRIPTION: ("description", str),
    LOCATION: ("location", str),
    TRANSP: ("transparent", lambda text: text == "TRANSPARENT"),
    CLASS: ("private", lambda text: text == "PRIVATE"),
    ALARM: ("alarm", _first_of),
}


def as_edited(intent: Intent, pins: Mapping[str, str], *, neutral: bool) -> Intent:
    """The intent with what people changed in the calendar (`pins`, in the manner of `intent_fields`). Where it is
    `neutral`, words that say more don't come back by themselves."""
    wanted = {name: text for name, text in pins.items() if name in _READ and not (neutral and name in _WORDS)}
    changes = {_READ[name][0]: _READ[name][1](text) for name, text in wanted.items()}
    return replace(intent, **changes)
