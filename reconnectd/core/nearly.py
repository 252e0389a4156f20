"""What people also write, and the config doesn't take: what it offers instead. Text in, text out, or None."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconnectd.core.day_names import MONTH_OF, MONTHS, WEEKDAY_OF, WEEKDAYS

_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(?:h|([ap])\.?m\.?)?\Z", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:[/&+;]|\band\b)\s*")
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    **{f"{n}{end}": f"{n}{suffix}" for n, suffix in zip("12345", ("st", "nd", "rd", "th", "th"), strict=True)
       for end in ("", ".")},
}  # fmt: skip


def time(text: str) -> str | None:
    """For 5pm "17:00", for 19.30, 19h30 and 1930 "19:30"."""
    match = _TIME.match(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def hours(parts: Sequence[str]) -> str | None:
    """For the two times of 10pm-7am "22:00-07:00"; 24:00 stays."""
    if len(parts) != 2:
        return None
    start, end = time(parts[0]), "24:00" if parts[1] == "24:00" else time(parts[1])
    return f"{start}-{end}" if start and end else None


def days(text: str) -> str | None:
    """For fri & sat "fri, sat", for first sat "1st sat", for jun 14 "14 jun"."""
    first, _, second = text.partition(" ")
    if first in _ORDINALS and second in WEEKDAY_OF:
        return f"{_ORDINALS[first]} {WEEKDAYS[WEEKDAY_OF[second]]}"
    if first in MONTH_OF and second.rstrip(".").isdecimal():
        return f"{int(second.rstrip('.'))} {MONTHS[MONTH_OF[first] - 1]}"
    parts = _BETWEEN.split(text)
    return ", ".join(parts) if len(parts) > 1 and all(part in WEEKDAY_OF for part in parts) else None
