"""What one is thankful for: kept, and given back one at a time, the oldest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.words import OwnWord
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.plain import plain

WAITS, GIVEN = "thanks", "thanks given"
"""The kinds of word; which of the two it is needs no key."""

FOR_TALK = "thanks for the talk"
"""In the table meta: the next talk and the number of what was given back for it."""

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Thanks:
    """One of them. `number` names it for as long as it is kept; `given`: it was given back."""

    number: int
    at: dt.datetime
    text: str
    given: bool = False


def keep(store: Store, text: str, now: dt.datetime) -> Thanks | None:
    """Keep it, on one line and harmless on a terminal; None when nothing is left of it. The plan is to be made anew
    afterwards."""
    words = plain(text, limit=LONGEST)
    return Thanks(store.words.add(WAITS, {"text": words}, now), now, words) if words else None


def is_one_kept(store: Store) -> bool:
    """Does one wait to be given back? Needs no key."""
    return bool(store.words.times(WAITS))


def waiting(store: Store) -> list[Thanks]:
    """Those that were not given back yet, the oldest first."""
    return [_thanks(word) for word in store.words.of(WAITS)]


def every(store: Store) -> list[Thanks]:
    """All that are kept, the oldest first."""
    words = [*store.words.of(WAITS), *store.words.of(GIVEN)]
    return sorted(map(_thanks, words), key=lambda one: one.number)


def give_back(store: Store, talk: OccurrenceId | None) -> Thanks | None:
    """The oldest that waits; from now on it is one that was given back, and the one for `talk`, the next of them. None
    when none waits. The plan is to be made anew afterwards."""
    first = next(iter(waiting(store)), None)
    if first is not None:
        store.words.becomes(first.number, GIVEN)
        if talk is not None:
            store.set_meta(FOR_TALK, f"{talk} {first.number}")
    return first


def for_talk(store: Store, talk: OccurrenceId | None) -> Thanks | None:
    """The one to bring to a talk, however often it is looked at; taken from those that wait as `give_back` does.
    Without a talk ahead the oldest that waits, which goes on waiting."""
    if talk is None:
        return next(iter(waiting(store)), None)
    name, _, number = (store.meta(FOR_TALK) or "").partition(" ")
    word = store.words.get(int(number)) if name == str(talk) else None
    if word is not None and word.kind == GIVEN:
        return _thanks(word)
    return give_back(store, talk)


def remove(store: Store, number: int) -> Thanks | None:
    """Let go of one; None when there is none of that number."""
    word = store.words.get(number)
    if word is None or word.kind not in {WAITS, GIVEN}:
        return None
    store.words.remove(number)
    return _thanks(word)


def _thanks(word: OwnWord) -> Thanks:
    return Thanks(word.seq, word.at, str(word.body["text"]), given=word.kind == GIVEN)
