"""Reading the plan for a command that only shows it: rows → the fields of the JSON, nothing else imported.

`reconnect next` is asked for more often than anything else; it opens the file, reads a few rows, and is gone.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconnectd.adapters.store.looking import look
from reconnectd.adapters.store.schema import VERSION
from reconnectd.adapters.store.wal import is_foreign

if TYPE_CHECKING:
    from reconnectd.core.rest import RestKind

    Resting = tuple[RestKind, str, float, float | None, bool]
    """(kind, routine or "*", since, until, cleared), the instants as seconds."""

FIELDS = (
    "id, slug, practice, title, kind, start_text, end_text, nominal, state, snoozed_until, pinned, in_calendar, reason"
)
OPEN = "state IN ('planned', 'announced')"
OVER = "max(coalesce(end, start), coalesce(snoozed_until, start))"

NoPlan = sqlite3.Error
"""What is raised where there is none that can be read."""


class Agenda:
    """The stored plan, read-only. NoPlan when there is none that can be read."""

    def __init__(self, path: Path) -> None:
        if is_foreign(path):
            raise sqlite3.NotSupportedError("beside it is the log of another one")
        self._connection = look(path)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def key(self) -> str:
        """What the plan was made from; "" when there is none, or its tables are those of an older version."""
        if self._connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            return ""
        rows = self._connection.execute("SELECT value FROM meta WHERE key = 'plan'").fetchall()
        return str(rows[0][0]) if rows else ""

    def fingerprint(self) -> str:
        """Of the config that the plan was made from; "" when there is no plan."""
        key = self.key()
        return str(json.loads(key)[0]) if key else ""

    def titles(self) -> dict[str, str]:
        """Routine → title of every routine that the plan or the store knows; "" where there is nothing planned."""
        known = self._connection.execute("SELECT slug, '' FROM routine WHERE gone_since IS NULL ORDER BY slug")
        planned = self._connection.execute("SELECT slug, title FROM occurrence ORDER BY start DESC")
        return {**dict(known), **dict(planned)}

    def of(self, slug: str) -> list[dict[str, Any]]:
        """Everything of one routine that the plan holds, by start."""
        return self._filled(f"SELECT {FIELDS} FROM occurrence WHERE slug = ? ORDER BY start, id", slug)

    def upcoming(self, now: float, at_most: int) -> list[dict[str, Any]]:
        """What is still open and not over (what was put off: not before it comes again), by start."""
        sql = f"SELECT {FIELDS} FROM occurrence WHERE {OVER} >= ? AND {OPEN} ORDER BY start, id LIMIT ?"
        return self._filled(sql, now, at_most)

    def between(self, first: float, last: float) -> list[dict[str, Any]]:
        """Everything that starts in [first, last), whatever became of it."""
        sql = f"SELECT {FIELDS} FROM occurrence WHERE start >= ? AND start < ? ORDER BY start, id"
        return self._filled(sql, first, last)

    def unplaced(self) -> list[dict[str, Any]]:
        """What found no place."""
        rows = self._connection.execute("SELECT routine, period, reason FROM unplaced ORDER BY routine, period")
        return [{"routine": routine, "period": period, "reason": reason} for routine, period, reason in rows]

    def resting(self, now: float) -> list[Resting]:
        """The rests that hold."""
        found = self._connection.execute(
            "SELECT kind, scope, since, until, cleared FROM rest"
            " WHERE since <= ? AND (until IS NULL OR until > ?) ORDER BY scope, seq",
            (now, now),
        )
        return [(kind, scope, since, until, bool(cleared)) for kind, scope, since, until, cleared in found]

    def _filled(self, sql: str, *values: float | str) -> list[dict[str, Any]]:
        rows = [_fields(row) for row in self._connection.execute(sql, values)]
        by_id = {row["id"]: row for row in rows}
        waiting = "SELECT id, due FROM reminder WHERE state IN ('pending', 'held') ORDER BY due"
        for name, due in self._connection.execute(waiting):
            if name in by_id:
                by_id[name]["reminders"].append(due)
        return rows


def _fields(row: tuple[Any, ...]) -> dict[str, Any]:
    (name, slug, practice, title, kind, start, end, nominal, state, snoozed, pinned, in_calendar, reason) = row
    return {
        "id": name, "routine": slug, "practice": practice, "title": title, "kind": kind, "start": start, "end": end,
        "nominal": nominal, "state": state, "snoozed_until": snoozed, "pinned": bool(pinned), "reminders": [],
        "in_calendar": bool(in_calendar), "reason": reason,
    }  # fmt: skip
