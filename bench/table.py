"""A row: what, measured, target, PASS or FAIL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`passed` None: the machine does not allow the measurement, and `measured` says why."""

    what: str
    measured: str
    target: str
    passed: bool | None


def at_most(what: str, value: float, limit: float, unit: str = "", note: str = "") -> Row:
    """A row whose value may not be above a limit."""
    measured = f"{value:.4g}{unit}" + (f" ({note})" if note else "")
    return Row(what, measured, f"≤ {limit:g}{unit}", value <= limit)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(rows: Sequence[Row]) -> str:
    """The table as text."""
    words = {True: "PASS", False: "FAIL", None: "not here"}
    lines = [(row.what, row.measured, row.target, words[row.passed]) for row in rows]
    widths = [max(len(line[n]) for line in lines) for n in range(4)]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in lines)
