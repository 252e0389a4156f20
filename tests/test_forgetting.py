"""What `[privacy]` says is old is let go, from the file itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from household import BERLIN, DATE_NIGHT, MONDAY_MORNING, settings, store_in

from reconnectd.app.actions import Actions
from reconnectd.app.practice.topics import Topics, calm_since
from reconnectd.app.renewal import renew
from reconnectd.core.model import Span
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.settings import Privacy
from reconnectd.errors import Refused

ZONE = ZoneInfo("Europe/Berlin")
CANARY = "Say sorry about the blue vase"
BRIEF = replace(
    settings(DATE_NIGHT), privacy=Privacy(keep_counts=Span(30, "day"), keep_words=Span(10, "day"))
)  # fmt: skip


def test_words_go_before_counts_and_leave_no_copy_in_the_file(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        then = MONDAY_MORNING
        Actions(store).remember(CANARY, then + dt.timedelta(hours=1), ZONE, then)
        later = then + dt.timedelta(days=12)
        renew(store, BRIEF, BERLIN, later)
        name = OccurrenceId("remember", then.date())
        fact = store.facts.get(name)
        assert fact is not None
        assert fact.title is None
        store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        files = b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir())
        assert CANARY.encode() not in files


def test_counts_go_when_their_time_has_come(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        old, young = (OccurrenceId("date-night", dt.date(2026, 11, day)) for day in (6, 20))
        for name in (old, young):
            store.facts.put(Fact(name, state=State.DONE, at=MONDAY_MORNING))
        renew(store, BRIEF, BERLIN, dt.datetime(2026, 12, 10, 12, tzinfo=dt.UTC))
        assert store.facts.get(old) is None
        assert store.facts.get(young) is not None


class Lost:
    """A seal whose key isn't there."""

    def close(self, plain: bytes) -> bytes:
        return plain[::-1]

    def open(self, sealed: bytes) -> bytes:
        raise Refused(f"the key of {len(sealed)} bytes isn't there")


def test_sealed_words_go_in_time_also_while_their_key_is_not_there(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        store.words.seal = Lost()
        topics = Topics(store)
        kept = store.topics.add(store.words.add("topic", {"text": CANARY}, MONDAY_MORNING), 3, MONDAY_MORNING)
        closed = store.topics.add(store.words.add("topic", {"text": CANARY}, MONDAY_MORNING), 3, MONDAY_MORNING)
        store.topics.put(replace(closed, closed=MONDAY_MORNING))
        for kind in ("thanks", "pulse", "idea", "memory"):
            store.words.add(kind, {"text": CANARY}, MONDAY_MORNING)
        topics.take_a_break(ZONE, MONDAY_MORNING)
        renew(store, BRIEF, BERLIN, MONDAY_MORNING + dt.timedelta(days=12))
        assert store.database.read("SELECT seq FROM word") == [(kept.word,)]
        assert calm_since(store) is None
        renew(store, BRIEF, BERLIN, MONDAY_MORNING + dt.timedelta(days=32))
        assert [topic.number for topic in store.topics.all()] == [kept.number]


def test_what_undo_could_bring_back_is_forgotten_with_the_words(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        actions = Actions(store)
        item = actions.remember(CANARY, MONDAY_MORNING + dt.timedelta(hours=1), ZONE, MONDAY_MORNING).occurrence
        actions.snooze(item, MONDAY_MORNING + dt.timedelta(hours=2), MONDAY_MORNING)
        dumped = "\n".join(store.database.connection.iterdump())
        assert dumped.count(CANARY) >= 2
        renew(store, BRIEF, BERLIN, MONDAY_MORNING + dt.timedelta(days=12))
        assert CANARY not in "\n".join(store.database.connection.iterdump())


def test_what_a_clock_that_was_ahead_has_dated_goes_with_what_was_written_after_it(tmp_path: Path) -> None:
    now = MONDAY_MORNING
    with store_in(tmp_path) as store:
        for days in (0, 300, 1, -400, 2, 300):  # a year ahead for a while, then as if never set, then right, then ahead
            store.words.add("thanks", {"days": days}, now + dt.timedelta(days=days))
        store.words.forget(now.date() - dt.timedelta(days=500), now)
        assert [word.body["days"] for word in store.words.all()] == [-400, 0, 1, 2, 300, 300]
        later = now + dt.timedelta(days=13)
        store.words.forget(later.date() - dt.timedelta(days=10), later)
        assert [word.body["days"] for word in store.words.all()] == [300]
