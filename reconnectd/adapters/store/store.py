"""One database and its rooms, opened together."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from pathlib import Path

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.facts import Facts
from reconnectd.adapters.store.history import History
from reconnectd.adapters.store.ideas import Ideas
from reconnectd.adapters.store.instants import instant, stamp
from reconnectd.adapters.store.journal import Journal
from reconnectd.adapters.store.objects import Objects
from reconnectd.adapters.store.opening import SENTINEL
from reconnectd.adapters.store.plan_rows import PlanRows
from reconnectd.adapters.store.reminders import Reminders
from reconnectd.adapters.store.rests import RestRows
from reconnectd.adapters.store.told import Told
from reconnectd.adapters.store.topics import Topics
from reconnectd.adapters.store.words import Words

SAID_UNTIL = "said until"
A_MOMENT = dt.timedelta(milliseconds=1)


class Store:
    """One database and its rooms, each over the tables that it owns."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.database = Database(path, readonly=readonly)
        self.facts = Facts(self.database)
        self.journal = Journal(self.database)
        self.history = History(self.database)
        self.rests = RestRows(self.database)
        self.plan = PlanRows(self.database)
        self.reminders = Reminders(self.database)
        self.objects = Objects(self.database)
        self.words = Words(self.database)
        self.told = Told(self.database)
        self.topics = Topics(self.database)
        self.ideas = Ideas(self.database)
        self._followed = 0

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

    # Rows can go back in time: an old copy is put in place, or the file was deleted. Outside of it stands until when
    # words were said.

    def note_said(self, at: dt.datetime) -> None:
        """A word was said at `at`. Where it can't be written, nothing but the guard against saying it twice is lost."""
        with contextlib.suppress(OSError):
            descriptor = os.open(self._guard, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(descriptor, f"{stamp(at):<20.6f}\n".encode(), 0)
            finally:
                os.close(descriptor)

    def catch_up(self, now: dt.datetime) -> bool:
        """Did the rows go back behind words that were said? Then nothing up to there is said again."""
        said = self._said()
        newest = self.reminders.newest()
        if said is None or (newest is not None and said - newest < A_MOMENT):
            return False
        until = min(said, now)
        with self.database.transaction():
            self.set_meta(SAID_UNTIL, until.isoformat())
            self.reminders.settle(until)
        return True

    def was_replaced(self, now: dt.datetime) -> bool:
        """Is it another file than when this was last asked? Then it has caught up, and everything is to be derived
        from it."""
        self.database.data_version()
        before, self._followed = self._followed, self.database.followed
        if self._followed != before:
            self.catch_up(now)
        return self._followed != before

    def said_until(self) -> dt.datetime | None:
        """Up to here words were said of which the rows know nothing."""
        until = self.meta(SAID_UNTIL)
        return dt.datetime.fromisoformat(until) if until else None

    @property
    def _guard(self) -> Path:
        return self.database.path.with_name(SENTINEL)

    def _said(self) -> dt.datetime | None:
        try:
            return instant(float(self._guard.read_text("ascii")))
        except (OSError, ValueError, OverflowError):
            return None

    def close(self) -> None:
        """Give the file back."""
        self.database.close()
