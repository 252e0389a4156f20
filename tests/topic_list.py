"""What one says to a list of topics, and what it says back."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_runner import Person

from reconnectd.adapters.store import Store
from reconnectd.core.practice.topic_words import FOLLOW_UP
from reconnectd.wiring.session import Session

CANARY = "The blue vase, and who was to water the plants"
PART = "I had said I would see to it"


@pytest.fixture(autouse=True)
def the_calendar_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a calendar is looked at with real servers, in `test_talks_in_the_calendar`."""
    monkeypatch.setattr(Session, "sync", lambda *_, **__: None)


def kept(person: Person, text: str = CANARY, warmth: int = 3, part: str = "") -> int:
    """Keep one; its number."""
    topic = person.json("topic", "add", typed=f"{text}\n{warmth}\n{part}\n")["topic"]
    return int(topic["number"])


def stands(person: Person, number: int = 1) -> str:
    topics = {one["number"]: one for one in person.json("topic", "list", "--all")["topics"]}
    return str(topics[number]["state"])


def plan(person: Person, *words: str, code: int = 0) -> str:
    said = person.run("topic", "plan", *words)
    assert said.code == code, said
    return said.out + said.err


def follow_ups(person: Person) -> list[dict[str, Any]]:
    person.run("next")
    store = Store(person.home.database)
    facts = [fact for fact in store.facts.of("remember").values() if fact.title == FOLLOW_UP and fact.start]
    store.close()
    zone = ZoneInfo("Europe/Berlin")
    return [{"start": at.astimezone(zone).isoformat()} for at in sorted(fact.start for fact in facts if fact.start)]
