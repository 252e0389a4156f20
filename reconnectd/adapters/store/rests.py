"""Rests, those that hold and those that are over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp
from reconnectd.core.rest import Rest


class RestRows:
    """The table rest."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[Rest]:
        """Every rest that is remembered, in the order in which they were said."""
        rows = self._db.read("SELECT scope, since, until, kind, cleared FROM rest ORDER BY seq")
        return [_rest(row) for row in rows]

    def since(self, moment: dt.datetime) -> list[Rest]:
        """Those that hold then or later."""
        return [rest for rest in self.all() if rest.until is None or rest.until > moment]

    def replace(self, rests: Iterable[Rest]) -> None:
        """These and no others."""
        rows = (
            (rest.scope, stamp(rest.since), stamp(rest.until), rest.kind, rest.cleared) for rest in rests
        )  # fmt: skip
        with self._db.transaction():
            self._db.write("DELETE FROM rest")
            self._db.write_many("INSERT INTO rest (scope, since, until, kind, cleared) VALUES (?, ?, ?, ?, ?)", rows)

    def forget(self, before: dt.date) -> None:
        """Let go of those that ended before that day."""
        self._db.write("DELETE FROM rest WHERE until < ?", stamp(dt.datetime.combine(before, dt.time(), dt.UTC)))


def as_json(rest: Rest) -> list[object]:
    """A rest as the journal keeps it."""
    return [rest.scope, stamp(rest.since), stamp(rest.until), rest.kind, rest.cleared]


def from_json(row: list[object]) -> Rest:
    """Read what `as_json` made."""
    return _rest(tuple(row))


def _rest(row: tuple[object, ...]) -> Rest:
    scope, since, until, kind, cleared = row
    return Rest(str(scope), instant(since), maybe_instant(until), kind, bool(cleared))  # type: ignore[arg-type]
