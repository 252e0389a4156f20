"""Names that every device computes alike, so that two of them make one event and not two.

A UID is a UUID version 5 (RFC 9562 §5.5) of the household's key, the slug, the generation and, for one event of
a placed routine, its period: nothing of the account, the address of the calendar or the title is in it.
"""

from __future__ import annotations

import re
import uuid

from reconnectd.core.model import SLUG

UID_PREFIX = "rcd-"
_NAMESPACE = uuid.UUID("6b1d5cf3-8e0f-5a83-9a53-0f3a5be2c4d1")
_SEPARATOR = "\n"
_X_ID = re.compile(r"(?P<slug>[^;]+);(?P<generation>\d{1,6})(?:;(?P<period>[^;]+))?;?\Z")

XId = tuple[str, int, str | None]


def household_key(user: str, calendar_name: str) -> str:
    """The key of somebody without a `household` word: user and calendar as configured."""
    return f"{user.strip()}{_SEPARATOR}{calendar_name.strip()}"


def uid(household: str, slug: str, generation: int, period: str | None = None) -> str:
    """`rcd-` and 32 hex digits. `household` is the word of the config, else `household_key(…)`; its case and the
    blanks around it don't matter, because two people type it on two machines."""
    parts = [household.strip().casefold(), slug, str(generation), *([period] if period else [])]
    return f"{UID_PREFIX}{uuid.uuid5(_NAMESPACE, _SEPARATOR.join(parts)).hex}"


def href_name(uid: str) -> str:
    """The file name of an object in its collection."""
    return f"{uid}.ics"


def x_id(slug: str, generation: int, period: str | None = None) -> str:
    """The value of X-RECONNECTD-ID: `slug;generation[;period]`."""
    return ";".join([slug, str(generation), *([period] if period else [])])


def parse_x_id(text: str) -> XId | None:
    """(slug, generation, period) of what `x_id` wrote; None when it is something else. Servers and apps escape
    the semicolons, put blanks around or quote it: all of that is read."""
    match = _X_ID.match(text.replace("\\", "").strip().strip('"'))
    if match is None or not SLUG.match(match["slug"].strip()):
        return None
    period = (match["period"] or "").strip()
    return match["slug"].strip(), int(match["generation"]), period or None
