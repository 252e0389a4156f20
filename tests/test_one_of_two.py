"""What one of two does for themselves: no byte of the calendar that both see tells of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from devices import phone_of
from household import BERLIN, DATE_NIGHT, HOUR, MORNING_WORD, SMALL_TOUCH, SUNDAY_TALK, berlin
from test_two_people import LISBON, partner
from two_people import Partner, SharedCalendar, shared

from reconnectd.app.actions import Actions
from reconnectd.app.practice import check_in
from reconnectd.app.practice.topics import Topics
from reconnectd.app.resting import Resting
from reconnectd.core.practice.pulse import Pulse, Root
from reconnectd.core.rest import EVERYTHING, Rest, RestKind

__all__ = ["shared"]

CANARY = "canary-of-one"
ZONE = ZoneInfo("Europe/Berlin")
FRIDAY, SUNDAY = "date-night@2026-11-27", "sunday-talk@2026-11-29"


def rests(alex: Partner, kind: RestKind) -> None:
    until = None if kind == "pause" else alex.clock.now() + 20 * HOUR
    Resting(alex.store).begin(Rest(EVERYTHING, alex.clock.now(), until, kind))


def goes_badly(alex: Partner) -> None:
    topics, now = Topics(alex.store), alex.clock.now()
    told = topics.add(f"{CANARY}-topic", 5, f"{CANARY}-part", now)
    topics.set_aside(told, berlin("2026-11-26 18:30"), ZONE, now)
    topics.went(topics.one(told.topic.number, now), well=False, now=now)
    topics.take_a_break(ZONE, now)


def answers(alex: Partner) -> None:
    actions, now = Actions(alex.store), alex.clock.now()
    check_in.keep(alex.store, Pulse(now, close=0, heard=0, load=10, good=CANARY, roots=(Root("hurt"),)))
    actions.snooze(alex.row(FRIDAY), now + HOUR, now)
    actions.done(alex.row(SUNDAY), now)
    actions.remember(CANARY, now + HOUR, ZONE, now)


def declines_here(alex: Partner) -> None:
    alex.skip(FRIDAY, for_both=False)


def rests_today(alex: Partner) -> None:
    rests(alex, "not-today")


def pauses(alex: Partner) -> None:
    rests(alex, "pause")


ACTS: dict[str, Callable[[Partner], None]] = {
    "answers": answers,
    "a break": goes_badly,
    "not here": declines_here,
    "not today": rests_today,
    "a pause": pauses,
}


@pytest.mark.parametrize("shared", ["radicale"], indirect=True)
def test_no_byte_of_the_shared_calendar_tells_what_one_of_them_does_for_themselves(
    tmp_path: Path, shared: SharedCalendar
) -> None:
    routines = (DATE_NIGHT, SUNDAY_TALK, SMALL_TOUCH, MORNING_WORD)
    alex, sam = (partner(tmp_path, shared, who, routines, zone) for who, zone in (("alex", BERLIN), ("sam", LISBON)))
    for one in (alex, sam, alex):
        one.sync()
    before = phone_of(sam).texts()
    assert len(before) == 2
    for name, act in ACTS.items():
        act(alex)
        alex.plan()
        assert alex.sync().error == {}
        assert phone_of(sam).texts() == before, name
    sam.sync()
    assert [fact.id for fact in sam.store.facts.all()] == []
    assert CANARY not in "\n".join(sam.store.database.connection.iterdump())


@pytest.mark.parametrize("shared", ["radicale"], indirect=True)
def test_a_talk_that_one_of_them_deletes_is_called_off_and_nobody_learns_by_whom(
    tmp_path: Path, shared: SharedCalendar
) -> None:
    alex, sam = (partner(tmp_path, shared, who, (DATE_NIGHT,), BERLIN) for who in ("alex", "sam"))
    topics, now = Topics(alex.store), alex.clock.now()
    told = topics.add(f"{CANARY}-topic", 5, f"{CANARY}-part", now)
    topics.arrange(told, berlin("2026-11-26 18:30"), ZONE, now)
    alex.plan()
    for one in (alex, sam):
        one.sync()
    texts = phone_of(sam).texts()
    assert CANARY not in str(texts)
    phone_of(sam).delete(next(href for href, text in texts.items() if "SUMMARY:Time to talk" in text))
    for one in (sam, alex, sam, alex):
        one.sync()
    assert len(phone_of(alex).texts()) == 1
    told_of = [one.store.database.read("SELECT what FROM conflict WHERE id LIKE 'topic@%'") for one in (alex, sam)]
    assert told_of[0] == [("deleted in the calendar: not this time",)]
    assert told_of[1][-1:] == told_of[0]
    assert {str(fact.state) for one in (alex, sam) for fact in one.store.facts.all()} == {"skipped"}
