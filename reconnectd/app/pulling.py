"""Pulling: what changed on the server since the last token, with its text, and what is gone.

Nothing is decided here but one thing: too much gone at once is an accident, and stops the run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow
from reconnectd.app.ending import ENDED
from reconnectd.core.departure import is_accident
from reconnectd.errors import ReconnectdError
from reconnectd.ports import Calendar, Changes, Remote, TokenExpired


class TooMuchGone(ReconnectdError):
    """An accident, as far as anybody can tell."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was fetched: objects with data, addresses that are gone, and the token that covers both."""

    token: str | None
    changed: tuple[Remote, ...]
    gone: tuple[str, ...]


class Puller:
    """Fetches; `accept` takes also an accident for an answer. `hidden` are the routines that are to be gone."""

    def __init__(self, store: Store, *, hidden: Collection[str] = (), accept: bool = False) -> None:
        self._store = store
        self._hidden = hidden
        self._accept = accept

    def fetch(self, calendar: Calendar, token: str | None) -> Pulled:
        """Everything of ours that changed since `token`, with its text. One request when nothing did.

        What can't be read now keeps the old token, so that it is asked for again.
        """
        changes, anew = _changes(calendar, token)
        rows = {row.href: row for row in self._store.objects.all()}
        filled = [one for one in changes.changed if not _is_echo(one, rows.get(one.href))]
        bare = [one.href for one in filled if one.data is None]
        told = {one.href: one for one in calendar.fetch(bare)} if bare else {}
        filled = [told.get(one.href, one) for one in filled if one.data is not None or one.href in told]
        named = {one.href for one in changes.changed} | set(changes.gone)
        silent = [href for href, row in rows.items() if href not in named and (row.echo or changes.complete)]
        gone = [href for href in changes.gone if href in rows] + _missing(calendar, silent)
        stay = {href: row for href, row in rows.items() if row.slug not in self._hidden and row.intent != ENDED}
        lost = [href for href in gone if href in stay]
        self._guard(len(lost), len(stay), empty=not changes.changed and not changes.gone, anew=anew)
        readable = tuple(one for one in filled if one.data is not None)
        return Pulled(token if len(readable) < len(filled) else changes.token, readable, tuple(gone))

    def _guard(self, gone: int, known: int, *, empty: bool, anew: bool) -> None:
        """`empty`: the server has nothing and names nothing as deleted. `anew`: it knows nothing of what we read
        before; then even one that is all there was is no answer."""
        everything = gone == known and ((empty and gone > 1) or (anew and gone > 0))
        if (is_accident(gone, known) or everything) and not self._accept:
            raise TooMuchGone(
                f"{gone} of {known} routines are gone from the calendar at once; that looks like an accident, so"
                " nothing was changed here or there",
                "restore them on the server; if they were meant to go, `reconnect sync --yes`, and then"
                " `reconnect resume --yes` would write them anew",
            )


def _changes(calendar: Calendar, token: str | None) -> tuple[Changes, bool]:
    """The changes; and whether what was read before is unknown to the server, so that they are everything."""
    try:
        return calendar.changes(token), False
    except TokenExpired:
        return calendar.changes(None), True


def _is_echo(remote: Remote, row: ObjectRow | None) -> bool:
    """Is it what we wrote or read ourselves?"""
    return row is not None and remote.etag is not None and remote.etag == row.etag


def _missing(calendar: Calendar, silent: list[str]) -> list[str]:
    """What should have been named and wasn't is asked for by its address before it counts as gone."""
    still = {one.href for one in calendar.fetch(silent)} if silent else set()
    return [href for href in silent if href not in still]
