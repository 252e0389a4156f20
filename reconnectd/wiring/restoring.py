"""Putting a copy in the place of a state that is damaged or gone: only while nobody else works with it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconnectd.adapters.lock import Lock
from reconnectd.adapters.store.backups import copies, damage, restore, sound_copies
from reconnectd.errors import Busy

if TYPE_CHECKING:
    from reconnectd.wiring.session import Session


@dataclass(frozen=True, slots=True)
class Restored:
    """The copy that is the state now, and where the damaged one is (None: there was none)."""

    copy: Path
    kept: Path | None


@dataclass(frozen=True, slots=True)
class Restoration:
    """What could be done: `reason` why, `copy` the newest sound one (None: there is none)."""

    reason: str
    copy: Path | None
    session: Session

    def run(self) -> Restored:
        """Do it. Busy while the daemon or a sync has the state."""
        assert self.copy is not None
        where = self.session.places
        with _alone(where.daemon_lock, "reconnectd"), _alone(where.sync_lock, "a sync"):
            mark = f"damaged-{self.session.now.astimezone():%Y-%m-%dT%H%M%S}"
            return Restored(self.copy, restore(where.database, self.copy, mark))


def restoration(session: Session) -> Restoration | None:
    """None while the state is sound, or where one was never made."""
    database = session.places.database
    if not database.exists():
        if not copies(database):
            return None
        return Restoration(f"{database} is gone", next(sound_copies(database), None), session)
    found = damage(database)
    return Restoration(str(found), next(sound_copies(database), None), session) if found else None


@contextlib.contextmanager
def _alone(lock: Path, who: str) -> Iterator[None]:
    def taken(pid: int) -> Busy:
        return Busy(
            f"{who} works with the state (pid {pid})",
            f"stop it first, with `systemctl --user stop reconnectd` or `kill {pid}`; then again",
        )

    with Lock(lock, taken=taken):
        yield
