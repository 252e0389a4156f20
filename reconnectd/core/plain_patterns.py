"""What the phrases for days and for times of day are made of: counts in words, and patterns.

A word that is also something else ("sat", "sun", "may", a bare number) counts only where its neighbours make it a time.
`MASK` stands in place of what was read already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "\x01"

COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {name: number for number, name in enumerate(COUNTS, 1)} | {"a": 1, "an": 1, "a couple of": 2}


def any_of(names: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


def compiled(pattern: str) -> re.Pattern[str]:
    """Whatever the case; letters and digits are those of English."""
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


def number(text: str) -> int:
    """A count in digits or in words."""
    return int(text) if text.isdigit() else NUMBERS[text.lower()]


N = rf"(?:\d{{1,4}}|{any_of(NUMBERS)})"
HOUR = rf"(?:\d{{1,2}}|{any_of(COUNTS)})"
PART = "(?:morning|lunchtime|lunch|afternoon|evening|night)"
