"""Speaking CalDAV (RFC 4791, 6578, 6764): the only place that knows caldav and niquests.

`open_calendar` finds the one calendar of an account (or takes up what was found before, without a request);
`Dav` reads and writes in it. Writes are raw bytes under a precondition; redirects are followed while looking
for the account and never after.
"""

from __future__ import annotations

from reconnectd.adapters.dav.calendar import Dav
from reconnectd.adapters.dav.discovery import Account, Listing, discover
from reconnectd.adapters.dav.greeting import greet
from reconnectd.adapters.dav.opening import calendars_of, open_calendar

__all__ = ["Account", "Dav", "Listing", "calendars_of", "discover", "greet", "open_calendar"]
