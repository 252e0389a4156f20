"""What one sync did, counted as it goes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """The counts of one run; `would` has the lines of a dry one."""

    pulled: int = 0
    pushed: int = 0
    deleted: int = 0
    adopted: int = 0
    unchanged: int = 0
    conflicts: list[str] = field(default_factory=list)
    would: list[str] = field(default_factory=list)
