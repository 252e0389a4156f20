"""The owner of a notifier, as the tests play it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from reconnectd.ports import Answer, Closed


@dataclass
class Told:
    """What a notifier told its owner."""

    events: list[Answer | Closed] = field(default_factory=list)
    changes: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def answered(self, answer: Answer) -> None:
        self.events.append(answer)
        self.news.set()

    def closed(self, closed: Closed) -> None:
        self.events.append(closed)
        self.news.set()

    def server_changed(self) -> None:
        self.changes += 1
        self.news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.news.clear()
                await self.news.wait()
