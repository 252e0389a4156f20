"""A daemon among fakes: alarms that ring when they are told to, a worker that says what it is told to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from desk import Desk

from reconnectd.app.daemon import Daemon
from reconnectd.app.speaking import EARLY
from reconnectd.app.verbs import Verbs
from reconnectd.core.settings import Settings
from reconnectd.ports import SyncReport, Worker


@dataclass
class FakeAlarm:
    """Alarms that ring when they are told to."""

    set: dict[str, tuple[dt.datetime, Callable[[], Awaitable[None]]]] = field(default_factory=dict)
    stopped: bool = False

    def start(self, on_clock_set: Callable[[], None]) -> None: ...

    def at(self, name: str, when: dt.datetime, call: Callable[[], Awaitable[None]]) -> None:
        self.set[name] = (when, call)

    def cancel(self, name: str) -> None:
        self.set.pop(name, None)

    def stop(self) -> None:
        self.stopped = True

    async def ring(self, name: str) -> None:
        await self.set.pop(name)[1]()

    def says(self) -> list[dt.datetime]:
        """The instants of the words; each is rung for a moment before."""
        return sorted(when + EARLY for name, (when, _) in self.set.items() if name.startswith("say "))


@dataclass
class FakeWorker:
    """Answers in turn; plans as the real one does. With `gate` it waits until it is let through."""

    desk: Desk
    answers: list[SyncReport | OSError | None] = field(default_factory=list)
    runs: int = 0
    looks: int = 0
    gate: asyncio.Event | None = None
    while_running: Callable[[], None] = lambda: None

    async def run(self, *, offline: bool = False, look: bool = False, accept: bool = False) -> SyncReport | None:  # noqa: ARG002
        self.runs += not look
        self.looks += look
        if self.gate is not None:
            await self.gate.wait()
        self.while_running()
        answer = self.answers.pop(0) if self.answers else SyncReport()
        if isinstance(answer, OSError):
            raise answer
        self.desk.plan()
        return answer


@dataclass
class FakeService:
    told: list[str] = field(default_factory=list)

    def ready(self) -> None:
        self.told.append("ready")

    def reloading(self) -> None:
        self.told.append("reloading")

    def stopping(self) -> None:
        self.told.append("stopping")

    def status(self, text: str) -> None:
        self.told.append(text)


@dataclass
class Life:
    """A daemon among fakes. `files` are what reading the config gives, in turn; the last one stays. `child`: a
    real worker."""

    desk: Desk
    files: list[Settings | Exception] = field(default_factory=list)
    child: Worker | None = None

    def __post_init__(self) -> None:
        self.alarm, self.worker, self.service = FakeAlarm(), FakeWorker(self.desk), FakeService()
        self.daemon = Daemon(
            store=self.desk.store, load=self._load, settings=self.desk.config, clock=self.desk.clock, alarm=self.alarm,
            notifier=self.desk.desktop, speaker=self.desk.speaker, service=self.service,
            worker=self.child or self.worker, plan_holds=lambda _key, _settings: True, jitter=lambda: 0.5,
        )  # fmt: skip
        self.verbs = Verbs(
            self.daemon, notifier=self.desk.desktop, speaker=self.desk.speaker, clock=self.desk.clock,
            since=self.desk.clock.now(),
        ).handlers()  # fmt: skip

    def _load(self) -> Settings:
        found = self.files.pop(0) if len(self.files) > 1 else self.files[0]
        if isinstance(found, Exception):
            raise found
        return found

    async def settle(self) -> None:
        while waiting := list(self.daemon._tasks):
            await asyncio.gather(*waiting)

    async def reload(self) -> None:
        self.daemon.reload()
        await self.settle()

    def next_look(self) -> dt.datetime | None:
        return self.alarm.set["look"][0] if "look" in self.alarm.set else None

    def next_sync(self) -> dt.timedelta:
        return self.alarm.set["sync"][0] - self.desk.clock.now()
