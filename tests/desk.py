"""A desk for tests: a state, a clock, a desktop that remembers what it showed, and somebody who answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from household import BERLIN, HOUR, FakeClock, settings

from reconnectd.adapters.store import Store
from reconnectd.app.actions import Actions
from reconnectd.app.practice.other_days import OtherDays
from reconnectd.app.renewal import Place, renew
from reconnectd.app.speaking import Speaker
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Occurrence, OccurrenceId, Plan
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import Settings
from reconnectd.ports import Answer, Bubble, Closed, NotifierState, Shown


@dataclass
class FakeDesktop:
    """A notification server: `name` is who speaks, "" when nobody does. `while_asked` runs while it shows a bubble.
    `plain`: it gives no ids, as plyer; `hangs`: it is there, and answers nothing."""

    name: str = "first"
    shown: list[Bubble] = field(default_factory=list)
    closed: list[Shown] = field(default_factory=list)
    on_screen: dict[int, Bubble] = field(default_factory=dict)
    while_asked: Callable[[], None] = lambda: None
    plain: bool = False
    hangs: bool = False

    async def show(self, bubble: Bubble) -> Shown | None:
        self.while_asked()
        if not self.name or self.hangs:
            return None
        self.shown.append(bubble)
        self.on_screen.pop(bubble.replaces, None)
        self.on_screen[len(self.shown)] = bubble
        return Shown(0, "") if self.plain else Shown(len(self.shown), self.name)

    async def close(self, shown: Shown) -> None:
        self.closed.append(shown)
        if shown.server == self.name:
            self.on_screen.pop(shown.id, None)

    def state(self) -> NotifierState:
        return NotifierState("freedesktop", self.name or None, bool(self.name), bool(self.name), self.name)

    def restart(self, name: str) -> None:
        """Everything it showed is gone; `name` speaks now."""
        self.name = name
        self.on_screen.clear()

    def titles(self) -> list[str]:
        """What it was ever asked to show."""
        return [bubble.title for bubble in self.shown]


@dataclass
class FakePresence:
    unlocked: bool = True

    def may_show_details(self) -> bool:
        return self.unlocked


@dataclass
class Desk:
    """One person at one computer."""

    folder: Path
    config: Settings
    clock: FakeClock = field(default_factory=FakeClock)
    place: Place = BERLIN
    desktop: FakeDesktop = field(default_factory=FakeDesktop)
    presence: FakePresence = field(default_factory=FakePresence)
    database: Path | None = None

    def __post_init__(self) -> None:
        self.store = Store(self.database or self.folder / "state" / "reconnectd.db")
        self.store.database.connection.execute("PRAGMA synchronous=OFF")
        self.actions = Actions(self.store)
        self._tokens = count(1)
        self.speaker = self._new_speaker()
        self.plan()

    def _new_speaker(self) -> Speaker:
        return Speaker(
            self.store, lambda: self.config, self.clock, self.desktop, self.presence,
            token=lambda: f"token{next(self._tokens)}", later=self._later,
            days=OtherDays(self.store, lambda: self.config, lambda: ZoneInfo(self.place.zone)),
        )  # fmt: skip

    def _later(self, now: dt.datetime) -> dt.datetime:
        return Quiet(self.config.reminders.quiet).free_from(now + HOUR, ZoneInfo(self.place.zone))

    def restart(self) -> None:
        """The daemon ends and begins again; what is on the screen stays there."""
        self.speaker = self._new_speaker()

    def plan(self) -> Plan:
        return renew(self.store, self.config, self.place, self.clock.now())

    async def at(self, moment: dt.datetime) -> list[str]:
        """Live until then, planning every few hours and speaking at each instant; the titles said on the way."""
        before = len(self.desktop.shown)
        while (now := self.clock.now()) < moment:
            stop = min(moment, now + 4 * HOUR)
            upcoming = self.store.reminders.instants(now, stop)
            self.clock.time = upcoming[0] if upcoming else stop
            await self.speaker.speak()
            if not upcoming:
                self.plan()
        return self.desktop.titles()[before:]

    async def press(self, verb: str, number: int | None = None) -> list[Occurrence]:
        """A button of a bubble, of the newest one unless another number is given; the desktop takes it away."""
        number = number or max(self.desktop.on_screen)
        bubble = self.desktop.on_screen.pop(number)
        assert verb in dict(bubble.actions), bubble
        return await self.speaker.answered(Answer(bubble.token, verb))

    def close(self, number: int, reason: int = 2) -> None:
        bubble = self.desktop.on_screen.pop(number)
        self.speaker.closed(Closed(bubble.token, reason))

    def row(self, name: str) -> Occurrence:
        found = self.store.plan.get(OccurrenceId.parse(name))
        assert found is not None, f"{name} is not in the plan"
        return found

    def words(self, name: str) -> dict[str, str]:
        """lead → state of every word about an occurrence."""
        return {word.lead: str(word.state) for word in self.store.reminders.of(OccurrenceId.parse(name))}


MakeDesk = Callable[..., Desk]
"""`desk(*routines, **changes)`: the changes are those of `settings`."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    made: list[Desk] = []

    def make(*routines: Routine, **changes: object) -> Desk:
        made.append(Desk(tmp_path / str(len(made)), settings(*routines, **changes)))
        return made[-1]

    yield make
    for one in made:
        one.store.close()
