"""Keeping one's own pulse, and what several of them say to the person who gave them."""

from __future__ import annotations

import datetime as dt

from reconnectd.adapters.store import Store
from reconnectd.core.practice.pulse import FOUR_WEEKS, KIND, Pulse, Root, low_for_long, most_frequent, pulse_of

OFFERED = "root offered"
"""The kind of word that remembers which root was named when: it would tell a root elsewhere."""

AFTERWORD = "check-in:afterword"
"""Once ever. The key doesn't say what it is about."""


def keep(store: Store, pulse: Pulse) -> bool:
    """Keep it among the person's own words, and nowhere else; False when every question was left out."""
    if pulse.is_empty:
        return False
    store.words.add(KIND, pulse.body(), pulse.at)
    return True


def pulses(store: Store) -> list[Pulse]:
    """All that are kept, the oldest first."""
    return list(numbered(store).values())


def numbered(store: Store) -> dict[int, Pulse]:
    """The same, each under its number."""
    found = {word.seq: pulse_of(word.at, word.body) for word in store.words.of(KIND)}
    return {number: pulse for number, pulse in found.items() if pulse is not None}


def remove(store: Store, number: int) -> bool:
    """Let go of one; False when there is none of that number."""
    if number not in numbered(store):
        return False
    store.words.remove(number)
    return True


def root_to_name(store: Store, now: dt.datetime) -> Root | None:
    """The most frequent root, when it wasn't named after a check-in within four weeks; it is from now on."""
    root = most_frequent(pulses(store), now)
    if root is None or any(word.body.get("root") == root for word in store.words.of(OFFERED, now - FOUR_WEEKS)):
        return None
    store.words.add(OFFERED, {"root": root.value}, now)
    return root


def is_time_for_the_afterword(store: Store, now: dt.datetime) -> bool:
    """Has it been low for six weeks, and was nothing said about it yet? It is said from now on."""
    return low_for_long(pulses(store), now) and store.told.tell(AFTERWORD, now)
