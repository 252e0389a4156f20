"""What a person does with what they want to talk about: keep it, plan a talk, say how it went, let it go.

Each is one transaction. What is written for oneself stands in the words; here are numbers and times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.journal import Before
from reconnectd.app.practice import notes
from reconnectd.core.arranged_talk import LENGTH
from reconnectd.core.model import TALKS
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.practice import topic_words
from reconnectd.core.practice.calming import CALM
from reconnectd.core.practice.topic import HARD_TALKS, WEEK, Stands, Topic, stands
from reconnectd.core.rest import EVERYTHING
from reconnectd.errors import WrongUsage

KIND = "topic"
PAUSES = {"pause", "stop"}
SAME_TALK = dt.timedelta(hours=12)
"""How long somebody may think again about how a talk went."""
ARRANGE = "arrange"
"""What the journal calls a talk that was arranged."""
CALM_SINCE = "calm since"
"""Since when, for a day, nothing tender is suggested; "" when that is over."""


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
        """Every one, by number; also those whose words came from another machine."""
        with self._store.database.transaction():
            self._take_in()
            return [self._told(topic, now) for topic in self._store.topics.all()]

    def _take_in(self) -> None:
        known = {topic.word for topic in self._store.topics.all()}
        for word in self._store.words.of(KIND):
            if word.seq not in known and not word.body.get("closed"):
                self._store.topics.add(word.seq, int(word.body.get("temperature", 3)), word.at)

    def one(self, number: int, now: dt.datetime) -> Told:
        """The one with that number; WrongUsage when there is none."""
        topic = self._store.topics.get(number)
        if topic is None:
            raise WrongUsage(f"there is no topic {number}", "`reconnect topic list` has the numbers")
        return self._told(topic, now)

    def add(self, text: str, temperature: int, part: str, now: dt.datetime) -> Told:
        """Keep one. `part` is the writer's own, "" when they leave it."""
        with self._store.database.transaction():
            word = self._store.words.add(KIND, {"text": text, "part": part, "temperature": temperature}, now)
            return self._told(self._store.topics.add(word, temperature, now), now)

    def write(self, told: Told, **words: str) -> None:
        """Keep other words with it."""
        self._store.words.change(told.topic.word, {**told.words, **words})

    def edit(self, told: Told, text: str, temperature: int, part: str) -> None:
        """Say it otherwise."""
        with self._store.database.transaction():
            self.write(told, text=text, part=part)
            self._store.topics.put(replace(told.topic, temperature=temperature))

    def close(self, told: Told, now: dt.datetime) -> None:
        """Let it be. A talk that both may see stays where it is; a word for oneself goes."""
        with self._store.database.transaction():
            self._without_a_word(told.topic)
            self._store.words.change(told.topic.word, {**told.words, "closed": True})
            planned = told.topic.talk if told.topic.planned else None
            self._store.topics.put(replace(told.topic, closed=now, follow=None, talk=planned))

    def reopen(self, told: Told) -> None:
        """It isn't settled after all: as it was, but for a word for oneself that went; a follow-up waits for a talk."""
        words = {name: value for name, value in told.words.items() if name != "closed"}
        with self._store.database.transaction():
            self._store.words.change(told.topic.word, words)
            self._store.topics.put(replace(told.topic, closed=None))

    # The talk.

    def arrange(self, told: Told, start: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> OccurrenceId:
        """The other said yes: it stands in the plan, and in the calendar; WrongUsage when that day has a talk."""
        name = OccurrenceId(TALKS, start.astimezone(zone).date())
        before = self._store.facts.get(name)
        if before is not None and before.state in {None, State.DONE}:
            raise WrongUsage("there is a talk that day already", "give another day, or `reconnect move topic WHEN`")
        with self._store.database.transaction():
            self._without_a_word(told.topic)
            self._store.journal.note(ARRANGE, name, Before({name: before}, moment=start), now)
            self._store.facts.put(Fact(name, start=start, end=start + LENGTH, at=now))
            self._store.reminders.reset(name)
            self._store.topics.put(replace(told.topic, talk=name, rests_until=None))
        return name

    def set_aside(self, told: Told, start: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> None:
        """Nobody was asked yet: a word for oneself, and nothing in a calendar."""
        note = notes.Note(topic_words.SET_ASIDE_TITLE, topic_words.SET_ASIDE_BODY)
        with self._store.database.transaction():
            self._without_a_word(told.topic)
            name = notes.say(self._store, note, start, zone, now)
            self._store.topics.put(replace(told.topic, talk=name))

    def let_pauses_be_silent(self) -> None:
        """No word about a talk that nobody agreed to comes while everything rests; what it was for is open again."""
        pauses = [rest for rest in self._store.rests.all() if rest.scope == EVERYTHING and rest.kind in PAUSES]
        for topic in self._store.topics.all():
            fact = None if topic.planned else self._fact(topic.talk)
            start = fact.start if fact is not None else None
            if start is not None and any(pause.covers(start) for pause in pauses):
                self._without_a_word(topic)
                self._store.topics.put(replace(topic, talk=None))

    def went(self, told: Told, *, well: bool, now: dt.datetime) -> Told:
        """How it went. After a hard one it rests a week, and for a day nothing tender is suggested. Said again on the
        same day, it takes the place of what was said before."""
        topic, fact = _without_the_last_word(told.topic, now), self._fact(told.topic.talk)
        with self._store.database.transaction():
            if topic.talk is not None and fact is not None and topic.planned and _has_begun(fact, now):
                self._store.facts.put(replace(fact, state=State.DONE, assumed=False, at=now))
                self._store.reminders.close_all(topic.talk)
            fresh = replace(
                topic, talk=topic.talk if _is_ahead(fact, now) else None, talks=topic.talks + 1,
                hard=topic.hard + (not well), went=now, went_well=well, follow=now + WEEK,
                rests_until=None if well else now + WEEK,
            )  # fmt: skip
            self._store.topics.put(fresh)
            self._store.set_meta(CALM_SINCE, "" if well else now.isoformat())
        return self._told(fresh, now)

    def follow(self, told: Told, at: dt.datetime) -> None:
        """When a word may come back to it."""
        self._store.topics.put(replace(told.topic, follow=at))

    def take_a_break(self, zone: ZoneInfo, now: dt.datetime) -> None:
        """A break begins: for a day nothing tender is suggested, and what is talked about today rests a week, unless it
        goes on well. Only the time is kept."""
        with self._store.database.transaction():
            self._store.set_meta(CALM_SINCE, now.isoformat())
            for topic in self._store.topics.all():
                fact = self._fact(topic.talk)
                if topic.planned and fact and fact.start and _is_that_day(fact.start, zone, now):
                    self._store.topics.put(replace(topic, rests_until=now + WEEK))

    def name_a_counsellor(self, told: Told, now: dt.datetime) -> bool:
        """Is it time to name a third person, which is done once?"""
        topic = told.topic
        return topic.hard >= HARD_TALKS and self._store.told.tell(f"topic {topic.number}: a third person", now)

    def _without_a_word(self, topic: Topic) -> None:
        if topic.talk is not None and not topic.planned:
            notes.take_back(self._store, topic.talk)

    # What is known.

    def _fact(self, name: OccurrenceId | None) -> Fact | None:
        return self._store.facts.get(name) if name else None

    def _told(self, topic: Topic, now: dt.datetime) -> Told:
        fact = self._fact(topic.talk)
        found = self._store.words.get(topic.word)
        where = stands(topic, fact, now)
        arranged = where in {Stands.PLANNED, Stands.SET_ASIDE, Stands.TALKED}
        return Told(topic, where, fact.start if fact and arranged else None, found.body if found else {})


def _without_the_last_word(topic: Topic, now: dt.datetime) -> Topic:
    """As it was before somebody said how the talk of this very day went."""
    if topic.talk is not None or topic.went is None or now - topic.went >= SAME_TALK:
        return topic
    return replace(topic, talks=topic.talks - 1, hard=topic.hard - (topic.went_well is False))


def calm_since(store: Store) -> dt.datetime | None:
    """Since when, for a day, nothing tender is suggested; None when nothing asks for that."""
    said = store.meta(CALM_SINCE)
    return dt.datetime.fromisoformat(said) if said else None


def forget_the_calm(store: Store, now: dt.datetime) -> None:
    """Once its day is over, when somebody needed a break stands nowhere any more."""
    since = calm_since(store)
    if since is not None and now - since > CALM:
        store.set_meta(CALM_SINCE, "")


def last_hard(store: Store) -> dt.datetime | None:
    """When the last talk was, if it was hard; None when it went well, or when there was none."""
    talks = [(topic.went, topic.went_well) for topic in store.topics.all() if topic.went is not None]
    at, well = max(talks, default=(None, None))
    return at if well is False else None


def _has_begun(fact: Fact, now: dt.datetime) -> bool:
    return fact.state is not State.SKIPPED and fact.start is not None and fact.start <= now


def _is_ahead(fact: Fact | None, now: dt.datetime) -> bool:
    return fact is not None and fact.state is None and fact.start is not None and now < fact.start


def _is_that_day(start: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> bool:
    return start.astimezone(zone).date() == now.astimezone(zone).date()
