"""A copy of the state for each day, beside it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from household import MONDAY_MORNING, store_in

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.backups import back_up, folder_of
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.errors import StateError

NAME = OccurrenceId("date-night", dt.date(2026, 11, 20))
TODAY = dt.date(2026, 11, 23)
LAST_SEVEN = ("11-26", "11-27", "11-28", "11-29", "11-30", "12-01", "12-02")


def test_a_copy_holds_everything_and_is_private(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        store.facts.put(Fact(NAME, state=State.DONE, at=MONDAY_MORNING))
        copy = back_up(store.database.path, TODAY)
        assert copy is not None
        assert (copy.stat().st_mode & 0o777, copy.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        store.facts.remove(NAME)
        restored = tmp_path / "restored" / "reconnectd.db"
        restored.parent.mkdir()
        copy.rename(restored)
    again = Store(restored)
    fact = again.facts.get(NAME)
    again.close()
    assert fact is not None
    assert fact.state is State.DONE


def test_one_a_day_and_the_last_seven(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        for n in range(10):
            assert back_up(store.database.path, TODAY + dt.timedelta(days=n)) is not None
            assert back_up(store.database.path, TODAY + dt.timedelta(days=n)) is None
        kept = sorted(path.name for path in folder_of(store.database.path).iterdir())
    assert kept == [f"reconnectd-2026-{day}.db" for day in LAST_SEVEN]


def test_where_no_copy_can_be_made_it_says_so_and_the_state_goes_on(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        folder_of(store.database.path).write_text("in the way")
        with pytest.raises(StateError):
            back_up(store.database.path, TODAY)
        store.facts.put(Fact(NAME, state=State.DONE, at=MONDAY_MORNING))
        assert store.facts.get(NAME) is not None
