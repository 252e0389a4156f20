"""A few of the days that `many_weeks.py` lives at random; it tells what is looked at, and lives many more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from household import HOUR, UTC
from many_weeks import DAY, begin


@pytest.mark.parametrize(("kind", "seed", "calm"), [("gentle", 1, True), ("heavy", 2, False)])
async def test_in_a_life_at_random_every_word_comes_once_and_none_where_it_is_to_be_still(
    tmp_path: Path, kind: str, seed: int, calm: bool
) -> None:
    life = begin(tmp_path, kind, seed, dt.datetime(2026, 10, 17, 12, tzinfo=UTC), calm=calm)
    await life.live(life.begun + 10 * DAY, 14 * HOUR)
    life.one.store.close()
    assert len(life.said) >= 5
    assert life.faults == []
