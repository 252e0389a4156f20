"""The stored plan: occurrences as every screen shows them, and the words about them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp
from reconnectd.core.occurrence import SECOND_STEPS, Occurrence, OccurrenceId, Plan, Reminder, State, Unplaced

COLUMNS = (
    "id, title, kind, start, end, zone, practice, state, snoozed_until, pinned, private, in_calendar, ask, prompt,"
    " reason, source, start_text, end_text, opening"
)


class PlanRows:
    """The tables occurrence, unplaced and the waiting part of reminder, with the key they were made under."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def key(self) -> str:
        """What the stored plan was made from; "" when there is none."""
        rows = self._db.read("SELECT value FROM meta WHERE key = 'plan'")
        return str(rows[0][0]) if rows else ""

    def forget_key(self) -> None:
        """Something changed that the plan depends on: it is to be made again."""
        self._db.write("DELETE FROM meta WHERE key = 'plan'")

    def replace(self, plan: Plan, key: str) -> None:
        """Store a plan in place of the last one.

        Words that were said stay as they are; words that wait get their new time, or go when the plan no longer
        has them, but for the second step of an answer, which no plan has. What was given up unsaid and is in the plan
        again (the clock went back, an answer was taken back) is to be said again.
        """
        with self._db.transaction():
            self._db.write("DELETE FROM occurrence")
            self._db.write("DELETE FROM unplaced")
            marks = ", ".join("?" * 21)
            self._db.write_many(f"INSERT INTO occurrence VALUES ({marks})", map(_row, plan.occurrences))
            rows = ((item.routine, item.period, item.reason) for item in plan.unplaced)
            self._db.write_many("INSERT INTO unplaced VALUES (?, ?, ?)", rows)
            self._replace_waiting(plan.reminders)
            self._db.write("INSERT OR REPLACE INTO meta (key, value) VALUES ('plan', ?)", key)

    def _replace_waiting(self, reminders: Iterable[Reminder]) -> None:
        self._db.write("CREATE TEMP TABLE IF NOT EXISTS wanted (id TEXT, lead TEXT, PRIMARY KEY (id, lead))")
        self._db.write("DELETE FROM wanted")
        listed = list(reminders)
        keys = ((str(item.occurrence), item.lead) for item in listed)
        self._db.write_many("INSERT INTO wanted VALUES (?, ?)", keys)
        self._db.write(
            "DELETE FROM reminder WHERE state IN ('pending', 'held') AND lead NOT IN (?, ?)"
            " AND NOT EXISTS (SELECT 1 FROM wanted WHERE wanted.id = reminder.id AND wanted.lead = reminder.lead)",
            *sorted(SECOND_STEPS),
        )
        self._db.write_many(
            "INSERT INTO reminder (id, lead, due, expires, phase, state, reason) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id, lead) DO UPDATE SET due = excluded.due, expires = excluded.expires,"
            " phase = excluded.phase, state = CASE state WHEN 'held' THEN state ELSE excluded.state END"
            " WHERE state IN ('pending', 'held') OR (state IN ('dropped', 'closed') AND bubble IS NULL)",
            (
                (
                    str(item.occurrence),
                    item.lead,
                    stamp(item.due),
                    stamp(item.expires),
                    item.phase,
                    item.state,
                    item.reason,
                )
                for item in listed
            ),
        )

    def put(self, occurrence: Occurrence) -> None:
        """Write one row anew, between two plans."""
        marks = ", ".join("?" * 21)
        self._db.write(f"INSERT OR REPLACE INTO occurrence VALUES ({marks})", *_row(occurrence))

    def get(self, occurrence: OccurrenceId) -> Occurrence | None:
        """One row of the plan."""
        rows = self._db.read(f"SELECT {COLUMNS} FROM occurrence WHERE id = ?", str(occurrence))
        return _occurrence(rows[0]) if rows else None

    def all_of(self, names: Collection[OccurrenceId]) -> dict[OccurrenceId, Occurrence]:
        """The rows with these names, as far as there are any."""
        sql = "SELECT " + COLUMNS + " FROM occurrence WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._db.read(sql, json.dumps([str(name) for name in names]))
        return {item.id: item for item in map(_occurrence, rows)}

    def between(self, first: dt.datetime, last: dt.datetime | None) -> list[Occurrence]:
        """Rows that start in [first, last), or are not over at `first`; by start."""
        sql = f"SELECT {COLUMNS} FROM occurrence WHERE coalesce(end, start) >= ? AND start < ? ORDER BY start, id"
        until = stamp(last) if last else float("inf")
        return [_occurrence(row) for row in self._db.read(sql, stamp(first), until)]

    def of(self, slug: str) -> list[Occurrence]:
        """All rows of one routine, by start."""
        sql = f"SELECT {COLUMNS} FROM occurrence WHERE slug = ? ORDER BY start"
        return [_occurrence(row) for row in self._db.read(sql, slug)]

    def unplaced(self) -> list[Unplaced]:
        """What found no place, and why."""
        rows = self._db.read("SELECT routine, period, reason FROM unplaced ORDER BY routine, period")
        return [Unplaced(str(routine), str(period), str(reason)) for routine, period, reason in rows]

    def slugs(self) -> Sequence[str]:
        """Every routine in the plan."""
        return [str(row[0]) for row in self._db.read("SELECT DISTINCT slug FROM occurrence ORDER BY slug")]


def _row(item: Occurrence) -> tuple[object, ...]:
    return (
        str(item.id), item.id.slug, item.id.nominal.isoformat(), item.practice, item.title, item.kind,
        stamp(item.start), stamp(item.end), item.start.isoformat(), item.end.isoformat() if item.end else None,
        item.zone, item.state, stamp(item.snoozed_until), item.pinned, item.private, item.in_calendar, item.ask,
        item.prompt, item.reason, item.source, item.opening,
    )  # fmt: skip


def _occurrence(row: tuple[object, ...]) -> Occurrence:
    (name, title, kind, _, _, zone, practice, state, snoozed, pinned, private, in_calendar, ask, prompt, reason,
     source, start_text, end_text, opening) = row  # fmt: skip
    return Occurrence(
        id=OccurrenceId.stored(str(name)),
        title=str(title),
        kind=kind,  # type: ignore[arg-type]
        start=dt.datetime.fromisoformat(str(start_text)),
        end=dt.datetime.fromisoformat(str(end_text)) if end_text else None,
        zone=str(zone),
        practice=str(practice) if practice else None,
        state=State(str(state)),
        snoozed_until=maybe_instant(snoozed),
        pinned=bool(pinned),
        private=bool(private),
        in_calendar=bool(in_calendar),
        ask=bool(ask),
        prompt=str(prompt),
        opening=str(opening),
        reason=str(reason),
        source=str(source),
    )


__all__ = ["PlanRows", "instant"]
