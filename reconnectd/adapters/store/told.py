"""What is said once: a key for each, and when it was said or planned."""

from __future__ import annotations

import datetime as dt

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, stamp


class Told:
    """The table told. A key names what was said and about what, never in a person's own words."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def when(self, key: str) -> dt.datetime | None:
        """When it was said; None when it wasn't."""
        rows = self._db.read("SELECT at FROM told WHERE key = ?", key)
        return instant(rows[0][0]) if rows else None

    def all(self) -> dict[str, dt.datetime]:
        """Everything that was said, and when."""
        return {str(key): instant(at) for key, at in self._db.read("SELECT key, at FROM told")}

    def tell(self, key: str, at: dt.datetime) -> bool:
        """Note that it is said now; False when it was said before."""
        return self._db.write("INSERT OR IGNORE INTO told (key, at) VALUES (?, ?)", key, stamp(at)) == 1

    def take_back(self, key: str) -> None:
        """It may be said again."""
        self._db.write("DELETE FROM told WHERE key = ?", key)

    def forget(self, before: dt.date) -> None:
        """Let go of what was said before that day."""
        self._db.write("DELETE FROM told WHERE at < ?", stamp(dt.datetime.combine(before, dt.time(), dt.UTC)))
