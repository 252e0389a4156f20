"""The journal: every answer of a person with how it was before, so that it can be taken back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.facts import fact_as_json, fact_from_json
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp
from reconnectd.adapters.store.rests import as_json, from_json
from reconnectd.core.occurrence import Fact, OccurrenceId
from reconnectd.core.rest import Rest


@dataclass(frozen=True, slots=True)
class Before:
    """How it was: facts (None: there was none), all rests (None: the answer was not about rests), the routine whose
    series began anew ("": none did). `moment` is the instant that the answer named."""

    facts: Mapping[OccurrenceId, Fact | None] = field(default_factory=dict)
    rests: Sequence[Rest] | None = None
    series: str = ""
    moment: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """One answer. `subject` is an occurrence's name, a routine or "*"."""

    seq: int
    at: dt.datetime
    verb: str
    subject: str
    before: Before
    undone: bool = False


COLUMNS = "seq, at, verb, id, before, undone"


class Journal:
    """The table journal."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, verb: str, subject: object, before: Before, at: dt.datetime) -> None:
        """Remember how it was before an answer changed it."""
        sql = "INSERT INTO journal (at, id, verb, before) VALUES (?, ?, ?, ?)"
        self._db.write(sql, stamp(at), str(subject), verb, json.dumps(_as_json(before)))

    def last(self) -> Note | None:
        """The newest answer that was not taken back."""
        sql = f"SELECT {COLUMNS} FROM journal WHERE undone = 0 ORDER BY seq DESC LIMIT 1"
        return next(map(_note, self._db.read(sql)), None)

    def mark_undone(self, seq: int) -> None:
        """An answer was taken back."""
        self._db.write("UPDATE journal SET undone = 1 WHERE seq = ?", seq)


def _as_json(before: Before) -> dict[str, object]:
    facts = {str(name): fact_as_json(fact) if fact else None for name, fact in before.facts.items()}
    rests = None if before.rests is None else [as_json(rest) for rest in before.rests]
    return {"facts": facts, "rests": rests, "series": before.series, "moment": stamp(before.moment)}


def _note(row: tuple[object, ...]) -> Note:
    seq, at, verb, subject, before, undone = row
    assert isinstance(seq, int)
    found = _before(str(subject), json.loads(str(before)) if before else None)
    return Note(seq, instant(at), str(verb), str(subject), found, bool(undone))


def _before(subject: str, told: object) -> Before:
    """A list, or nothing, is what was said about the subject itself: so it was written first."""
    if not isinstance(told, dict):
        name = OccurrenceId.stored(subject)
        return Before({name: fact_from_json(name, told) if isinstance(told, list) else None})
    names = {OccurrenceId.stored(text): fields for text, fields in told["facts"].items()}
    facts = {name: fact_from_json(name, fields) if fields else None for name, fields in names.items()}
    rests = None if told["rests"] is None else [from_json(row) for row in told["rests"]]
    return Before(facts, rests, told["series"], maybe_instant(told.get("moment")))
