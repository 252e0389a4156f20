"""Instants in the database are REAL seconds since 1970-01-01 UTC."""

from __future__ import annotations

import datetime as dt
from typing import overload


@overload
def stamp(instant: dt.datetime) -> float: ...
@overload
def stamp(instant: None) -> None: ...
def stamp(instant: dt.datetime | None) -> float | None:
    """An aware instant as the database has it."""
    return None if instant is None else instant.timestamp()


def instant(value: object) -> dt.datetime:
    """An instant of the database, UTC-aware."""
    assert isinstance(value, int | float)
    return dt.datetime.fromtimestamp(value, dt.UTC)


def maybe_instant(value: object) -> dt.datetime | None:
    """The same for a column that may be empty."""
    return None if value is None else instant(value)
