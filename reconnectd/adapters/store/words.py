"""A person's own words and answers: pulses, thanks, topics, drafts. The only table that holds any of it.

A body is JSON. Where a seal is set, what is written from then on is sealed; rows carry whether they are, so that both
kinds can stand side by side. Times and kinds are never sealed: nothing that a plan needs waits for a key.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, stamp
from reconnectd.errors import Refused, StateDamaged
from reconnectd.ports import Seal

LOCKED = "some of your words are sealed, and their key can't be read"
LOCKED_FIX = "unlock the keyring, then try again; your plan and your reminders don't need it"

BROKEN_FIX = "the copies in backups/ beside the state may still have it; your plan and your reminders don't need it"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """One row: `kind` says what it is ("pulse", "thanks", "topic" …), `body` holds what was written."""

    seq: int
    at: dt.datetime
    kind: str
    body: Mapping[str, Any]


class Words:
    """The table word. `seal` is asked for only when something is read or written."""

    def __init__(self, database: Database, seal: Seal | None = None) -> None:
        self._db = database
        self.seal = seal

    def add(self, kind: str, body: Mapping[str, Any], at: dt.datetime) -> int:
        """Keep it; its number."""
        sql = "INSERT INTO word (at, kind, body, sealed) VALUES (?, ?, ?, ?)"
        closed = self._closed(body)  # a keyring may take its time: nobody else is to wait for it
        return self._db.insert(sql, stamp(at), kind, *closed)

    def change(self, seq: int, body: Mapping[str, Any]) -> None:
        """Put other words in place of those of that number."""
        self._db.erase("UPDATE word SET body = ?, sealed = ? WHERE seq = ?", *self._closed(body), seq)

    def becomes(self, seq: int, kind: str) -> None:
        """The same words, of another kind from now on; needs no key."""
        self._db.write("UPDATE word SET kind = ? WHERE seq = ?", kind, seq)

    def get(self, seq: int) -> OwnWord | None:
        """The row of that number; None when it is gone."""
        return next(iter(self._read("WHERE seq = ?", seq)), None)

    def of(self, kind: str, since: dt.datetime | None = None) -> list[OwnWord]:
        """All of a kind, from `since` on, the oldest first. Refused where they are sealed and the key isn't there."""
        return self._read("WHERE kind = ? AND at >= ? ORDER BY at, seq", kind, stamp(since) if since else 0.0)

    def all(self) -> list[OwnWord]:
        """Everything, the oldest first. Refused as `of` is."""
        return self._read("ORDER BY at, seq")

    def times(self, kind: str) -> list[dt.datetime]:
        """When each of a kind was written, the oldest first; needs no key."""
        return [instant(row[0]) for row in self._db.read("SELECT at FROM word WHERE kind = ? ORDER BY at, seq", kind)]

    def remove(self, seq: int) -> None:
        """Let go of one; the file keeps no copy (secure_delete)."""
        self._db.erase("DELETE FROM word WHERE seq = ?", seq)

    def forget(self, before: dt.date, now: dt.datetime) -> None:
        """Let go of everything written before that day. A topic that is open keeps its words: to lose them would be
        to lose what somebody still wants to talk about; closing it lets its time run.

        What a clock that was ahead has dated after `now` is as old as what was written after it.
        """
        kept = "SELECT word FROM topic WHERE closed IS NULL"
        ahead = f"at > ?2 AND seq < (SELECT max(seq) FROM word WHERE at < ?1 AND seq NOT IN ({kept}))"
        midnight = stamp(dt.datetime.combine(before, dt.time(), dt.UTC))
        sql = f"DELETE FROM word WHERE seq NOT IN ({kept}) AND (at < ?1 OR ({ahead}))"
        self._db.erase(sql, midnight, stamp(now))

    def _closed(self, body: Mapping[str, Any]) -> tuple[bytes, bool]:
        plain = json.dumps(body, ensure_ascii=False).encode()
        return (self.seal.close(plain), True) if self.seal else (plain, False)

    def _read(self, which: str, *values: object) -> list[OwnWord]:
        rows = self._db.read(f"SELECT seq, at, kind, body, sealed FROM word {which}", *values)
        return [self._opened(*row) for row in rows]

    def _opened(self, seq: object, at: object, kind: object, body: object, sealed: object) -> OwnWord:
        assert isinstance(seq, int)
        assert isinstance(body, bytes)
        if sealed and self.seal is None:
            raise Refused(LOCKED, LOCKED_FIX)
        plain = self.seal.open(body) if sealed and self.seal else body
        try:
            return OwnWord(seq, instant(at), str(kind), json.loads(plain))
        except ValueError:  # what is in it is nobody else's business: not even the error's
            raise StateDamaged(f"word {seq} of what you wrote can't be read any more", BROKEN_FIX) from None
