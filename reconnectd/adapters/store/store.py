"""One database and its rooms, opened together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.facts import Facts
from reconnectd.adapters.store.journal import Journal
from reconnectd.adapters.store.objects import Objects
from reconnectd.adapters.store.plan_rows import PlanRows
from reconnectd.adapters.store.reminders import Reminders
from reconnectd.adapters.store.rests import RestRows


class Store:
    """One database and its rooms: `facts`, `journal`, `rests`, `plan`, `reminders`, `objects`."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.database = Database(path, readonly=readonly)
        self.facts = Facts(self.database)
        self.journal = Journal(self.database)
        self.rests = RestRows(self.database)
        self.plan = PlanRows(self.database)
        self.reminders = Reminders(self.database)
        self.objects = Objects(self.database)

    def meta(self, key: str) -> str | None:
        """A remembered word, or None."""
        rows = self.database.read("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """Remember a word."""
        self.database.write("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value)

    def config_since(self, fingerprint: str, now: dt.datetime) -> dt.datetime:
        """When this config was first seen here, to the second."""
        since, _, known = (self.meta("config since") or "").partition(" ")
        if known == fingerprint and since:
            return dt.datetime.fromisoformat(since)
        first = now.replace(microsecond=0)
        self.set_meta("config since", f"{first.isoformat()} {fingerprint}")
        return first

    def close(self) -> None:
        """Give the file back."""
        self.database.close()
