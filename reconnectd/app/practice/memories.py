"""One line to remember time together by: kept for oneself, for as long as `keep_words` says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.words import OwnWord
from reconnectd.core.model import Practice
from reconnectd.core.occurrence import Occurrence, OccurrenceId, State
from reconnectd.core.outlook import BACK
from reconnectd.core.plain import plain

KIND = "memory"
LONGEST = 300
FRESH = dt.timedelta(days=3)
"""How long after it one is told that a line could be kept."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One of them. `of` is the occurrence, `title` what that was called then."""

    number: int
    at: dt.datetime
    of: OccurrenceId
    title: str
    text: str


def is_worth_one(item: Occurrence) -> bool:
    """Is it time together that happened?"""
    return item.practice == Practice.QUALITY_TIME and item.state is State.DONE


def last_that_happened(store: Store, now: dt.datetime) -> Occurrence | None:
    """The newest of the last two weeks, also when it was done ahead of its day; None where there was none."""
    weeks = dt.timedelta(days=BACK)
    around = store.plan.between(now - weeks, now + weeks)
    return max(filter(is_worth_one, around), key=lambda item: item.over, default=None)


def asked(store: Store, item: Occurrence, now: dt.datetime) -> None:
    """One was asked about it, and may have skipped that: nothing hints at it any more."""
    store.told.tell(_key(item), now)


def keep(store: Store, item: Occurrence, text: str, now: dt.datetime) -> Memory | None:
    """Keep it, on one line and harmless on a terminal; None when nothing is left of it."""
    words = plain(text, limit=LONGEST)
    if not words:
        return None
    number = store.words.add(KIND, {"text": words, "of": str(item.id), "title": item.title}, now)
    asked(store, item, now)
    return Memory(number, now, item.id, item.title, words)


def hint(store: Store, now: dt.datetime) -> Occurrence | None:
    """Time together of the last days about which nothing is kept and nothing was said: said now, and never again."""
    item = last_that_happened(store, now)
    if item is None or now - item.over > FRESH or not store.told.tell(_key(item), now):
        return None
    return item


def every(store: Store) -> list[Memory]:
    """All that are kept, the oldest first."""
    return [_memory(word) for word in store.words.of(KIND)]


def _memory(word: OwnWord) -> Memory:
    of, title, text = (str(word.body[name]) for name in ("of", "title", "text"))
    return Memory(word.seq, word.at, OccurrenceId.stored(of), title, text)


def _key(item: Occurrence) -> str:
    return f"memory of {item.id}"
