"""What a person says about an occurrence, and what the plan makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from household import BERLIN, DATE_NIGHT, MORNING_WORD, SUNDAY_TALK, berlin, settings

from reconnectd.adapters.store import Store
from reconnectd.app.actions import Actions, Outcome
from reconnectd.app.renewal import renew
from reconnectd.core.occurrence import Occurrence, OccurrenceId, Pause, State

CONFIG = settings(DATE_NIGHT, MORNING_WORD, SUNDAY_TALK)
NIGHT = OccurrenceId.parse("date-night@2026-11-20")


def planned(store: Store, name: OccurrenceId, now: dt.datetime) -> Occurrence:
    renew(store, CONFIG, BERLIN, now)
    found = store.plan.get(name)
    assert found is not None
    return found


def opened(folder: Path) -> Store:
    """A store that knows the routines since Monday 16 November."""
    store = Store(folder / "reconnectd.db")
    renew(store, CONFIG, BERLIN, berlin("2026-11-16 09:00"))
    return store


def test_what_did_not_happen_can_be_moved_to_another_day_and_is_asked_about_there(tmp_path: Path) -> None:
    store = opened(tmp_path)
    saturday = berlin("2026-11-21 10:00")
    item = planned(store, NIGHT, saturday)
    assert item.state is State.MISSED
    Actions(store).move(item, berlin("2026-11-21 20:00"), saturday)
    moved = planned(store, NIGHT, saturday)
    assert (moved.state, moved.pinned, moved.begins) == (State.PLANNED, True, berlin("2026-11-21 20:00"))
    assert [word.lead for word in store.reminders.of(NIGHT)] == ["86400", "3600", "after"]


def test_what_was_skipped_and_is_put_off_speaks_again(tmp_path: Path) -> None:
    store = opened(tmp_path)
    noon = berlin("2026-11-20 12:00")
    Actions(store).skip(planned(store, NIGHT, noon), noon, for_both=True)
    Actions(store).snooze(planned(store, NIGHT, noon), berlin("2026-11-20 18:00"), noon)
    again = planned(store, NIGHT, noon)
    fact = store.facts.get(NIGHT)
    assert again.state is State.PLANNED
    assert fact is not None
    assert (fact.state, fact.for_both) == (None, False)
    waiting = [(word.lead, word.due) for word in store.reminders.of(NIGHT) if word.state == "pending"]
    assert waiting[0] == ("snooze", berlin("2026-11-20 18:00"))


def test_a_rest_is_silent_about_what_comes_after_it_too(tmp_path: Path) -> None:
    store = opened(tmp_path)
    thursday = berlin("2026-11-19 09:00")
    store.facts.pause(Pause("*", thursday, berlin("2026-11-20 04:00")))
    planned(store, NIGHT, thursday)
    words = {word.lead: word.due for word in store.reminders.of(NIGHT)}
    assert words["86400"] == berlin("2026-11-20 04:00"), "the day before lies in the rest: it comes when that ends"
    assert words["3600"] == berlin("2026-11-20 18:30")


def test_a_one_off_rings_through_a_rest(tmp_path: Path) -> None:
    store = opened(tmp_path)
    thursday = berlin("2026-11-19 09:00")
    store.facts.pause(Pause("*", thursday, None))
    outcome = Actions(store).remember("flowers", berlin("2026-11-19 18:00"), ZoneInfo(BERLIN.zone), thursday)
    planned(store, outcome.occurrence.id, thursday)
    assert [word.due for word in store.reminders.of(outcome.occurrence.id)] == [berlin("2026-11-19 18:00")]


def test_every_verb_is_taken_back_to_where_it_was(tmp_path: Path) -> None:
    store, noon = opened(tmp_path), berlin("2026-11-20 12:00")
    actions = Actions(store)
    before = planned(store, NIGHT, noon)
    words = store.reminders.of(NIGHT)
    later = berlin("2026-11-20 18:00")
    verbs: dict[str, Callable[[Occurrence], Outcome]] = {
        "done": lambda item: actions.done(item, noon),
        "skip": lambda item: actions.skip(item, noon, for_both=True),
        "snooze": lambda item: actions.snooze(item, later, noon),
        "move": lambda item: actions.move(item, later, noon),
    }
    for verb, act in verbs.items():
        act(planned(store, NIGHT, noon))
        assert actions.undo(noon).verb == verb
        assert planned(store, NIGHT, noon) == before
        assert store.reminders.of(NIGHT) == words
