"""One word that is to be said once, at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saying:
    """When (UTC), what, the text under it, and from when on it has no more use (None: it always has)."""

    at: dt.datetime
    title: str
    body: str = ""
    until: dt.datetime | None = None
