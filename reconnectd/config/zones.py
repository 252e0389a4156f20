"""Names of time zones. The long list of them is read only to say which one may have been meant."""

from __future__ import annotations

import zoneinfo

from reconnectd.config.forms import Form
from reconnectd.core.expected import Expected

_OF_THE_MACHINE = {"local", "localtime", "posixrules", "factory"}
"""Words, and files among the zones, that name none: what they say differs from machine to machine."""

_WHAT = 'a time zone such as "Europe/Lisbon"'


def zone(value: object) -> str:
    """An IANA name that this machine knows."""
    name = value.strip() if isinstance(value, str) else ""
    try:
        if name and name.lower() not in _OF_THE_MACHINE:
            zoneinfo.ZoneInfo(name)
            return name
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    if name.lower() in _OF_THE_MACHINE:
        raise Expected(f"{_WHAT} (or leave the key out)", value)
    raise _unknown(name, value)


def zone_or_local(value: object) -> str:
    """The same, or "local": as the machine."""
    return "local" if isinstance(value, str) and value.strip().lower() == "local" else zone(value)


def _unknown(name: str, value: object) -> Expected:
    known = {name for name in zoneinfo.available_timezones() if name.lower() not in _OF_THE_MACHINE}
    if not known:
        return Expected(f"{_WHAT} (but no zones are installed here: install the package tzdata)", value)
    names = {one.lower(): one for one in known}
    cities = {one.rpartition("/")[2]: full for one, full in names.items() if "/" in one}
    return Expected(_WHAT, value, word=name, names={**cities, **names})


ZONE = Form(zone, str, {"type": "string", "minLength": 1})
ZONE_OR_LOCAL = Form(zone_or_local, str, {"type": "string", "minLength": 1})
