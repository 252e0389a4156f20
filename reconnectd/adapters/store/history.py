"""What happened, when: answers, what was taken from the calendar, and words that were said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp

Kind = Literal["answer", "calendar", "said"]
_ANSWERS = (
    "SELECT at, 'answer' AS kind, id, verb AS what, undone,"
    " CASE json_type(before) WHEN 'object' THEN json_extract(before, '$.moment') END AS moment, seq FROM journal"
)
_DECISIONS = "SELECT at, 'calendar' AS kind, id, what, 0 AS undone, NULL AS moment, seq FROM conflict"
_WORDS = (
    "SELECT b.posted AS at, 'said' AS kind, r.id AS id, b.phase AS what, 0 AS undone, NULL AS moment, 0 AS seq"
    " FROM bubble b JOIN reminder r ON r.bubble = b.token WHERE b.server IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """`subject` is an occurrence's name, a routine or "*"; `what` a verb, a sentence, or the phase of a word;
    `moment` the instant that an answer named."""

    at: dt.datetime
    kind: Kind
    subject: str
    what: str
    undone: bool
    moment: dt.datetime | None


class History:
    """Reads the tables journal, conflict and bubble; writes conflict."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def newest(self, count: int, until: dt.datetime) -> list[Entry]:
        """The last things that happened until then, in their order."""
        return self._last(f"{_ANSWERS} UNION ALL {_DECISIONS} UNION ALL {_WORDS}", count, until)

    def decisions(self, count: int, until: dt.datetime) -> list[Entry]:
        """What was decided from the calendar, in its order."""
        return self._last(_DECISIONS, count, until)

    def _last(self, select: str, count: int, until: dt.datetime) -> list[Entry]:
        sql = f"SELECT * FROM ({select}) WHERE at <= ? ORDER BY at DESC, seq DESC LIMIT ?"
        return [_entry(row) for row in reversed(self._db.read(sql, stamp(until), count))]

    def decide(self, at: dt.datetime, subject: object, what: str) -> None:
        """Write down what was decided; the same about the same again is nothing new."""
        last = self._db.read("SELECT what FROM conflict WHERE id = ? ORDER BY seq DESC LIMIT 1", str(subject))
        if last != [(what,)]:
            self._db.write("INSERT INTO conflict (at, id, what) VALUES (?, ?, ?)", stamp(at), str(subject), what)


def _entry(row: tuple[object, ...]) -> Entry:
    at, kind, subject, what, undone, moment, _ = row
    return Entry(
        instant(at),
        kind,  # type: ignore[arg-type]
        str(subject),
        str(what),
        bool(undone),
        maybe_instant(moment),
    )
