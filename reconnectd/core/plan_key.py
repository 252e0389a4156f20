"""What a stored plan was made from, so that a command can tell at a glance whether it still holds.

Small on purpose: the quickest commands import this and nothing else of the core.
"""

from __future__ import annotations

import json
from collections.abc import Callable


def plan_key(fingerprint: str, timezone: str, zone: str, rules: str, since: float, until: float) -> str:
    """`fingerprint` of the config, its `[time] timezone`, the zone that meant, an identity of that zone's `rules`,
    and the instants (seconds, UTC) between which the day lies that it was made for: a clock may also be set back."""
    return json.dumps([fingerprint, timezone, zone, rules, since, until])


def holds_until(key: str) -> float:
    """The instant (seconds, UTC) at which the day of a plan ends; 0 when the key can't be read."""
    try:
        return float(json.loads(key)[-1])
    except (ValueError, TypeError, LookupError):
        return 0.0


def is_fresh(key: str, fingerprint: str, now: float, zone_of: Callable[[str], tuple[str, str]]) -> bool:
    """Does a plan stored under `key` hold at `now`? `zone_of` tells (zone, rules) of a `[time] timezone` at present;
    a key that can't be read is not fresh."""
    try:
        known, timezone, zone, rules, since, until = json.loads(key)
    except ValueError:
        return False
    return bool(known == fingerprint and since <= now < until and (zone, rules) == zone_of(timezone))
