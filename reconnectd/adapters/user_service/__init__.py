"""The user's own systemd: the unit of the service, its hardened drop-in, and what `systemctl --user` does with them."""

from reconnectd.adapters.user_service.hardening import DROP_IN, Reach, hardened_for, properties
from reconnectd.adapters.user_service.manager import NoManager, UserManager
from reconnectd.adapters.user_service.unit import UNIT, argument, program, shipped, started_program, unit_for

__all__ = [
    "DROP_IN", "UNIT", "NoManager", "Reach", "UserManager", "argument", "hardened_for", "program", "properties",
    "shipped", "started_program", "unit_for",
]  # fmt: skip
