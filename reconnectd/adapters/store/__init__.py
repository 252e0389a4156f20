"""The state on this machine: the only owner of sqlite3.

Importing this package costs nothing: the quickest commands only need its `agenda`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconnectd.adapters.store.store import Store

__all__ = ["Store"]


def __getattr__(name: str) -> Any:
    if name == "Store":
        from reconnectd.adapters.store.store import Store as Whole

        return Whole
    raise AttributeError(name)
