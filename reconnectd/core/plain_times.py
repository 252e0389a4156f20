"""Phrases for a time of day, as they stand in a sentence: "half past nine", "at 7", "in the morning", "in 90 min"; a
pattern for each, and what it says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from reconnectd.core.plain_patterns import COUNTS, HOUR, MASK, PART, N, any_of, compiled, number

Found = re.Match[str]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock. `certain`: it can't be twelve hours later. `plus`: days after the one that is named."""

    hour: int
    minute: int = 0
    certain: bool = True
    plus: int = 0


def _exact(match: Found) -> Clock | None:
    hour, half = number(match["hour"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    in_the_night = not half and match["hour"] in {"1", "2", "3", "4", "5"} and match["minute"] is not None
    return Clock(hour, int(match["minute"] or 0), certain=not in_the_night)


def _bare(match: Found) -> Clock:
    hour = number(match["hour"])
    return Clock(hour, certain=hour > 12 or hour == 0)


def _past(match: Found) -> Clock:
    words = match["minutes"].lower().removesuffix("minutes").strip()
    minutes = {"half": 30, "quarter": 15, "a quarter": 15, "twenty-five": 25, "twenty": 20}.get(words)
    minutes = number(words) if minutes is None else minutes
    hour = number(match["hour"])
    if match["way"].lower() == "to":
        return Clock((hour - 2) % 12 + 1 if hour <= 12 else hour - 1, 60 - minutes, certain=hour > 12)
    return Clock(hour, minutes, certain=hour > 12)


_AT = r"(?:(?:\b(?:at|around|after|before|by)\b|@)\s*)"
_ENDS = (
    rf"(?=\s*(?:$|[,.;:!?){MASK}-]|(?:on|in|with|for|to|sharp|this|from|by|until|near|outside|o)\b)|\s+and\s+{HOUR}\b)"
)
_MINUTES = rf"(?:twenty-five|twenty|{HOUR})(?:\s+minutes)?"
_RANGE = r"(?:\s*[-\u2013]\s*\d{1,2}:\d\d)?"
_TIMES: tuple[tuple[re.Pattern[str], Callable[[Found], Clock | None]], ...] = tuple(
    (compiled(pattern), reading)
    for pattern, reading in (
        (
            rf"{_AT}?(?<![\d:.])\b(?P<hour>{HOUR})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap]\.m\.|[ap]m\b)", _exact,
        ),
        (
            rf"{_AT}?(?<![\d:.])(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::\d\d)?(?P<half>)(?![\d:]){_RANGE}(?:\s?h\b)?",
            _exact,
        ),
        (rf"(?:{_AT}|(?<={MASK})\s*,?\s*)(?P<hour>\d{{1,2}})\.(?P<minute>\d\d)(?P<half>)(?!\d|\s?[ap]\.?m\b)", _exact),
        (rf"(?<![\d:.])\b(?P<hour>\d{{1,2}})\.(?P<minute>\d\d)(?P<half>)(?=\s*{MASK})", _exact),
        (rf"\bbetween\s+(?P<hour>{HOUR})\s+and\s+{HOUR}\b(?!:)", _bare),
        (rf"(?:{_AT}|(?<={MASK})\s*,?\s*)(?P<hour>\d{{1,2}})\s?h(?P<minute>\d\d)?(?P<half>)\b", _exact),
        (rf"{_AT}(?P<hour>{HOUR}){_ENDS}", _bare),
        (rf"(?:^|(?<={MASK})\s*,?\s*){_AT}(?P<hour>{HOUR})\b(?![:.%-]\d)(?:\s+o['\u2019]?clock\b)?", _bare),
        (rf"{_AT}?\b(?P<hour>{HOUR})\s+o['\u2019]?clock\b", _bare),
        (rf"{_AT}?\b(?P<hour>{HOUR})(?=\s+in\s+the\s+(?:morning|afternoon|evening)\b)", _bare),
        (
            rf"{_AT}?\b(?P<minutes>half|a\s+quarter|quarter|{_MINUTES})\s+(?P<way>past|to)\s+(?P<hour>{HOUR})\b",
            _past,
        ),
        (
            rf"{_AT}\b(?P<minutes>half)\s+(?P<way>)(?P<hour>{any_of(COUNTS)})\b", _past,
        ),
        (rf"{_AT}?\b(?:noon|midday)\b", lambda _: Clock(12)),
        (rf"{_AT}?\bmidnight\b", lambda _: Clock(0, plus=1)),
    )
)  # fmt: skip


def clock(text: str) -> tuple[int, int, Clock] | None:
    """The first phrase for a time of day, and of two that begin there the longer: (from, to, the time)."""
    found = (
        (match.end() - len(match[0].lstrip(" ,")), match.end(), said)
        for pattern, reading in _TIMES
        for match in pattern.finditer(text)
        if (said := reading(match)) is not None and said.hour < 24 and said.minute < 60
    )
    return min(found, key=lambda one: (one[0], -one[1]), default=None)


_PARTS = tuple(
    compiled(pattern)
    for pattern in (
        rf"\bin\s+the\s+({PART})\b",
        r"\bat\s+(night|lunchtime|lunch)\b",
        rf"(?<={MASK})\s*(morning|afternoon|evening|night)\b",
    )
)


def part(text: str) -> tuple[int, int, str] | None:
    """The first part of the day that a text names, so that it is meant as a time: (from, to, its name)."""
    found = ((*match.span(), match[1].lower()) for pattern in _PARTS for match in pattern.finditer(text))
    return min(found, key=lambda one: one[0], default=None)


# Distances from now, to the second.

_UNITS = {"s": 1, "m": 60, "h": 3600}
_UNIT = r"(?:seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h)"
_SPAN = compiled(rf"({N})\s*({_UNIT})\b")
_FAR = rf"(?:half\s+an\s+hour\b|{N}\s*{_UNIT}\b(?:\s+and\s+a\s+half\b|(?:\s+(?:and\s+)?{N}\s*{_UNIT}\b)*))"
_IN = compiled(rf"\bin\s+{_FAR}|\b{_FAR}\s+from\s+now\b")


def distance(text: str) -> tuple[int, int, dt.timedelta] | None:
    """The first "in 90 min" of a text: (from, to, how far)."""
    match = _IN.search(text)
    if match is None:
        return None
    said = match[0].lower()
    spans = [(number(one[1]), _UNITS[one[2][0].lower()]) for one in _SPAN.finditer(match[0])]
    seconds = 1800 if "half an" in said else sum(count * unit for count, unit in spans)
    seconds += spans[-1][1] // 2 if "a half" in said else 0
    return (*match.span(), dt.timedelta(seconds=seconds))
