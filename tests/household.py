"""Routines, settings and a clock for tests, in as few words as possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconnectd.adapters.store import Store
from reconnectd.app.renewal import Place
from reconnectd.core.model import (
    Daily,
    Fixed,
    Lasting,
    Practice,
    Routine,
    Surprise,
    Times,
    Weekdays,
    Window,
    YearDates,
)
from reconnectd.core.settings import CalendarAccount, People, Reminders, Settings

UTC = dt.UTC
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
BERLIN = Place("Europe/Berlin", "rules")
MONDAY_MORNING = dt.datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Berlin."""

DATE_NIGHT = Routine(
    "date-night", "Date night", Fixed(Weekdays((4,)), dt.time(19, 30)), practice=Practice.QUALITY_TIME,
    lasting=Lasting(2 * HOUR, 2 * HOUR), calendar=True, remind=(24 * HOUR, HOUR), done="ask",
)  # fmt: skip
SUNDAY_TALK = Routine(
    "sunday-talk", "Sunday talk", Fixed(Weekdays((6,)), dt.time(17)), practice=Practice.CHECK_IN,
    lasting=Lasting(45 * MINUTE, 45 * MINUTE), calendar=True, remind=(HOUR,), done="ask",
)  # fmt: skip
MORNING_WORD = Routine("morning-word", "A kind word", Fixed(Daily(), dt.time(9, 5)), practice=Practice.OPENNESS)
SMALL_TOUCH = Routine(
    "small-touch", "Small touch",
    Surprise(Times(1, "day"), (Window(frozenset(range(7)), dt.time(17), dt.time(21, 30)),)),
    practice=Practice.AFFECTION, private=True,
)  # fmt: skip
ANNIVERSARY = Routine(
    "anniversary", "Anniversary", Fixed(YearDates(((6, 14),)), dt.time(9)),
    remind=(14 * 24 * HOUR, 24 * HOUR, 0 * HOUR),
)  # fmt: skip


def settings(*routines: Routine, **changes: Any) -> Settings:
    """A config in Berlin; `quiet`, `at_most`, `calendar`, `people` … may be given."""
    reminders = Reminders(quiet=changes.pop("quiet", ()), at_most=changes.pop("at_most", None))
    base = Settings(
        people=People(me="Alex", household="k3v9-rt2p"), reminders=reminders, routines=routines, fingerprint="one",
        calendar=CalendarAccount(),
    )  # fmt: skip
    return replace(base, **changes)


def fixed(slug: str, on: Any, at: str, **changes: Any) -> Routine:
    """A fixed cue, or with `lasting` an event."""
    return Routine(slug, slug.replace("-", " ").capitalize(), Fixed(on, dt.time.fromisoformat(at)), **changes)


def berlin(text: str) -> dt.datetime:
    """ "2026-11-27 19:30" on a clock in Berlin, as an instant in UTC."""
    from zoneinfo import ZoneInfo

    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@dataclass
class FakeClock:
    """A clock that stands still until it is told to go on."""

    time: dt.datetime = MONDAY_MORNING

    def now(self) -> dt.datetime:
        return self.time

    def forward(self, by: dt.timedelta) -> None:
        self.time += by


@contextmanager
def store_in(folder: Path) -> Iterator[Store]:
    """A fresh state."""
    store = Store(folder / "state" / "reconnectd.db")
    try:
        yield store
    finally:
        store.close()
