"""Where the person is, put together from the config and the machine."""

from __future__ import annotations

import os
from collections.abc import Mapping

from reconnectd.adapters.zone import local_zone_name, zone_identity


def zone_of(timezone: str, environ: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """(IANA name, identity of its rules) of what `[time] timezone` says: a name, or "local"."""
    zone = local_zone_name(environ) if timezone == "local" else timezone
    return zone, zone_identity(zone)
