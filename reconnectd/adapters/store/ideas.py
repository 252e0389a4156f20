"""Which prompt of a deck an occurrence has, once that is settled: what was shown stays, and doesn't come again soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, stamp
from reconnectd.core.occurrence import Idea, OccurrenceId


class Ideas:
    """The table idea."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> dict[OccurrenceId, Idea]:
        """Every one that is remembered."""
        rows = self._db.read("SELECT id, prompt, at, kept FROM idea ORDER BY at, id")
        ideas = (
            Idea(OccurrenceId.stored(str(name)), str(prompt), instant(at), bool(kept))
            for name, prompt, at, kept in rows
        )
        return {idea.occurrence: idea for idea in ideas}

    def put(self, idea: Idea) -> None:
        """Settle one, in place of what was settled before."""
        self._db.write("INSERT OR REPLACE INTO idea (id, prompt, at, kept) VALUES (?, ?, ?, ?)", *_row(idea))

    def replace(self, ideas: Iterable[Idea], now: dt.datetime) -> None:
        """Settle these; of those still to come, no others stay but what was kept by a person."""
        known, wanted = self.all(), {idea.occurrence: idea for idea in ideas}
        with self._db.transaction():
            for idea in known.values():
                if idea.at > now and not idea.kept and idea.occurrence not in wanted:
                    self._db.write("DELETE FROM idea WHERE id = ?", str(idea.occurrence))
            for idea in wanted.values():
                if known.get(idea.occurrence) != idea:
                    self.put(idea)

    def forget(self, before: dt.date) -> None:
        """Let go of those of before that day."""
        self._db.write("DELETE FROM idea WHERE at < ?", stamp(dt.datetime.combine(before, dt.time(), dt.UTC)))


def _row(idea: Idea) -> tuple[object, ...]:
    return str(idea.occurrence), idea.prompt, stamp(idea.at), idea.kept
