"""Which config a state belongs to: a second one would write its routines over the first one's history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reconnectd.errors import OtherConfig

if TYPE_CHECKING:
    from reconnectd.adapters.store import Store


def belong(store: Store, config: Path, *, yes: bool = False) -> None:
    """Let a state that belongs to nobody, or to a file that is gone, belong to `config`; any with `yes`."""
    known = store.meta("config")
    if known == str(config):
        return
    if known is not None and not yes and Path(known).exists():
        raise OtherConfig(known, str(config))
    store.set_meta("config", str(config))
