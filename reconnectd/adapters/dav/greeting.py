"""Logging in and nothing more: who we are there, and what time the server thinks it is."""

from __future__ import annotations

import datetime as dt

from reconnectd.adapters.dav.discovery import discover
from reconnectd.adapters.dav.wire import Wire
from reconnectd.core.settings import CalendarAccount


def greet(account: CalendarAccount, password: str, *, url: str | None, user: str | None) -> dt.datetime | None:
    """The server's clock (its Date header, to the second) after a login that went well; None where it doesn't tell.
    Refused and Unreachable as everywhere. `url` and `user` replace the account's (the embedded server)."""
    wire = Wire(account, user if user is not None else account.username, password, "")
    try:
        discover(wire, url or account.url or "")
        return wire.server_clock
    finally:
        wire.close()
