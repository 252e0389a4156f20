"""Examples below a command's help, each on its own line."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """An epilog that click leaves as it is."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
