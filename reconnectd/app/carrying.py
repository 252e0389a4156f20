"""Carrying what is stored from one machine to another, or into a file one can read: plain values, no secrets.

What a person wrote goes along only when they say so. What is there already stays as it is: taking the same in twice
changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.words import OwnWord
from reconnectd.core.model import SLUG
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.plain import plain
from reconnectd.core.practice.topic import Topic
from reconnectd.core.rest import EVERYTHING, Rest, RestKind

FORMAT = 1
NEEDED: Mapping[str, tuple[str, ...]] = {
    "thanks": ("text",), "thanks given": ("text",), "feeling": ("text",), "writing": ("text",),
    "memory": ("of", "title", "text"), "idea": ("id", "practice"), "kept idea": ("id", "practice"),
}  # fmt: skip
"""Without which a word of that kind can't be read: who takes one in couldn't list theirs any more."""

Row = TypeVar("Row")


class NotAnExport(ValueError):
    """The text isn't what `exported` makes; says what is odd in it."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How much was new."""

    facts: int
    rests: int
    words: int


def exported(store: Store, *, private: bool) -> dict[str, Any]:
    """What was done and what rests; with `private` also one's own words, and titles."""
    standings = store.facts.standings().values()
    found: dict[str, Any] = {
        "reconnectd": FORMAT,
        "routines": [{"routine": one.slug, "first_seen": _text(one.first_seen)} for one in standings],
        "facts": [_fact(fact, private=private) for fact in store.facts.all()],
        "rests": [_rest(rest) for rest in store.rests.all()],
    }
    if private:
        topics = {topic.word: topic for topic in store.topics.all()}
        found["words"] = [_word(word, topics.get(word.seq)) for word in store.words.all()]
    return found


def taken_in(store: Store, document: object) -> TakenIn:
    """Add what isn't there yet, in one transaction; NotAnExport, and then nothing is added."""
    if not isinstance(document, dict) or document.get("reconnectd") != FORMAT:
        raise NotAnExport("it doesn't begin as an export does")
    facts, rests = _all(_to_fact, document, "facts"), _all(_to_rest, document, "rests")
    words = _all(_to_word, document, "words")
    with store.database.transaction():
        return TakenIn(_add_facts(store, facts), _add_rests(store, rests), _add_words(store, words))


def _add_facts(store: Store, facts: Iterable[Fact]) -> int:
    fresh = [fact for fact in facts if store.facts.get(fact.id) is None]
    for fact in fresh:
        store.facts.put(fact)
    return len(fresh)


def _add_rests(store: Store, rests: Iterable[Rest]) -> int:
    known = store.rests.all()
    fresh = [rest for rest in rests if rest not in known]
    store.rests.replace([*known, *fresh])
    return len(fresh)


def _add_words(store: Store, words: Iterable[tuple[OwnWord, Topic | None]]) -> int:
    known = [(word.at, word.kind, word.body) for word in store.words.all()]
    fresh = [(word, topic) for word, topic in words if (word.at, word.kind, word.body) not in known]
    for word, topic in fresh:
        seq = store.words.add(word.kind, word.body, word.at)
        if topic is not None:
            opened = store.topics.add(seq, topic.temperature, topic.opened)
            store.topics.put(replace(topic, number=opened.number, word=seq))
    return len(fresh)


def _fact(fact: Fact, *, private: bool) -> dict[str, Any]:
    made = {
        "id": str(fact.id), "state": fact.state, "start": _text(fact.start), "end": _text(fact.end),
        "at": _text(fact.at), "assumed": fact.assumed, "asked": fact.asked,
    }  # fmt: skip
    words = {"title": fact.title, "body": fact.body} if private else {}
    return {key: value for key, value in {**made, **words}.items() if value not in (None, "", False)}


def _to_fact(row: Mapping[str, Any]) -> Fact:
    state = row.get("state")
    return Fact(
        OccurrenceId.parse(row["id"]), state=State(state) if state else None, start=_instant(row.get("start")),
        end=_instant(row.get("end")), title=row.get("title"), at=_instant(row.get("at")),
        assumed=bool(row.get("assumed")), body=str(row.get("body", "")), asked=bool(row.get("asked")),
    )  # fmt: skip


def _rest(rest: Rest) -> dict[str, Any]:
    return {"scope": rest.scope, "since": _text(rest.since), "until": _text(rest.until), "kind": rest.kind}


def _to_rest(row: Mapping[str, Any]) -> Rest:
    since = _instant(row["since"])
    known = row["scope"] == EVERYTHING or SLUG.match(row["scope"])
    if since is None or not known or row["kind"] not in get_args(RestKind):
        raise ValueError(row["scope"])
    return Rest(row["scope"], since, _instant(row.get("until")), row["kind"])


def _word(word: OwnWord, topic: Topic | None) -> dict[str, Any]:
    made = {"at": _text(word.at), "kind": word.kind, "body": dict(word.body)}
    return {**made, "topic": _topic(topic)} if topic else made


def _to_word(row: Mapping[str, Any]) -> tuple[OwnWord, Topic | None]:
    at = _instant(row["at"])
    if at is None or not isinstance(row["body"], dict) or not isinstance(row["kind"], str):
        raise ValueError(row["kind"])
    if any(name not in row["body"] for name in NEEDED.get(row["kind"], ())):
        raise ValueError(row["kind"])
    body = {name: _harmless(value) for name, value in row["body"].items()}
    return OwnWord(0, at, row["kind"], body), _to_topic(row["topic"]) if "topic" in row else None


def _harmless(value: object) -> object:
    """Who made the file may have put into a text what steers a terminal; what is only text stays as it is."""
    if not isinstance(value, str) or value.replace("\n", "").isprintable():
        return value
    return plain(value, limit=len(value), newlines=True)


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "opened": _text(topic.opened), "temperature": topic.temperature, "closed": _text(topic.closed),
        "talk": str(topic.talk) if topic.talk else None, "rests_until": _text(topic.rests_until),
        "talks": topic.talks, "hard": topic.hard, "went": _text(topic.went), "went_well": topic.went_well,
        "follow": _text(topic.follow),
    }  # fmt: skip


def _to_topic(row: Mapping[str, Any]) -> Topic:
    opened, well = _instant(row["opened"]), row.get("went_well")
    if opened is None or well not in (True, False, None):
        raise ValueError(row["opened"])
    return Topic(
        0, 0, opened, int(row["temperature"]), closed=_instant(row.get("closed")),
        talk=OccurrenceId.parse(row["talk"]) if row.get("talk") else None,
        rests_until=_instant(row.get("rests_until")), talks=int(row.get("talks", 0)), hard=int(row.get("hard", 0)),
        went=_instant(row.get("went")), went_well=well, follow=_instant(row.get("follow")),
    )  # fmt: skip


def _all(read: Callable[[Mapping[str, Any]], Row], document: Mapping[str, Any], name: str) -> list[Row]:
    rows = document.get(name, [])
    if not isinstance(rows, list):
        raise NotAnExport(f'"{name}" is no list')
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(read(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotAnExport(f'entry {number} of "{name}" can\'t be understood') from error
    return found


def _text(instant: dt.datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: object) -> dt.datetime | None:
    if text is None:
        return None
    found = dt.datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(dt.UTC)
