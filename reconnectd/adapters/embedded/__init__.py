"""The calendar on this machine: a CalDAV server of our own (Radicale), started, watched and spoken to safely.

`EmbeddedCalendar` keeps it; `server` is the child's own program and the only importer of radicale.
"""

from __future__ import annotations

from reconnectd.adapters.embedded.files import USER, Credentials
from reconnectd.adapters.embedded.keeper import EmbeddedCalendar, require_radicale

__all__ = ["USER", "Credentials", "EmbeddedCalendar", "require_radicale"]
