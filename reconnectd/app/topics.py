"""What a person does with what they want to talk about: keep it, plan a talk, say how it went, let it go.

Each is one transaction. What is written for oneself stands in the words; here are numbers and times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reconnectd.adapters.store import Store
from reconnectd.app import notes
from reconnectd.core.occurrence import Fact, OccurrenceId
from reconnectd.core.practice.topic import Stands, Topic, stands
from reconnectd.errors import WrongUsage

KIND = "topic"


@dataclass(frozen=True, slots=True)
class Told:
    """A topic with where it stands, when its talk begins (None: none is arranged), and its words ({}: they were let
    go of)."""

    topic: Topic
    stands: Stands
    begins: dt.datetime | None
    words: Mapping[str, Any]


class Topics:
    """The verbs, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, now: dt.datetime) -> list[Told]:
        """Every one, by number."""
        return [self._told(topic, now) for topic in self._store.topics.all()]

    def one(self, number: int, now: dt.datetime) -> Told:
        """The one with that number; WrongUsage when there is none."""
        topic = self._store.topics.get(number)
        if topic is None:
            raise WrongUsage(f"there is no topic {number}", "`reconnect topic list` has the numbers")
        return self._told(topic, now)

    def add(self, text: str, temperature: int, part: str, now: dt.datetime) -> Told:
        """Keep one. `part` is the writer's own, "" when they leave it."""
        with self._store.database.transaction():
            word = self._store.words.add(KIND, {"text": text, "part": part}, now)
            return self._told(self._store.topics.add(word, temperature, now), now)

    def write(self, told: Told, temperature: int | None = None, **words: str) -> None:
        """Other words for it, or another temperature."""
        with self._store.database.transaction():
            self._store.words.change(told.topic.word, {**told.words, **words})
            if temperature is not None:
                self._store.topics.put(replace(told.topic, temperature=temperature))

    def close(self, told: Told, now: dt.datetime) -> None:
        """Let it be. A talk that both may see stays where it is; a word for oneself goes."""
        with self._store.database.transaction():
            self._forget_the_word(told.topic)
            self._store.topics.put(replace(told.topic, closed=now, follow=None))

    def _forget_the_word(self, topic: Topic) -> None:
        if topic.talk is not None and not topic.planned:
            notes.take_back(self._store, topic.talk)

    def _fact(self, name: OccurrenceId | None) -> Fact | None:
        return self._store.facts.get(name) if name else None

    def _told(self, topic: Topic, now: dt.datetime) -> Told:
        fact = self._fact(topic.talk)
        found = self._store.words.get(topic.word)
        where = stands(topic, fact, now)
        arranged = where in {Stands.PLANNED, Stands.SET_ASIDE, Stands.TALKED}
        return Told(topic, where, fact.start if fact and arranged else None, found.body if found else {})
