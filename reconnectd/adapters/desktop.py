"""Words on the desktop through org.freedesktop.Notifications, and the answers back.

The specification leaves gaps that servers fill in their own ways: ids begin again after a restart, signals are
told to everybody, a button doesn't always close its bubble. So every action key carries the bubble's own random
token, and a signal counts only from the server that holds the name now.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from reconnectd.core.plain import plain
from reconnectd.ports import Answer, Bubble, Closed, NotifierEvents, NotifierState, Shown

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
TITLE_LIMIT, BODY_LIMIT, LABEL_LIMIT = 200, 1000, 60
REMEMBERED = 64
"""So many closed bubbles are still known: some servers say that a bubble closed before they say by which button."""

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class SessionBus(Protocol):
    """What this needs of a connection to the session bus."""

    @property
    def guid(self) -> str:
        """Another one for each bus that ever was."""
        ...

    async def subscribe(
        self,
        sender: str,
        interface: str,
        path: str | None,
        handler: Callable[[str, str, str, Sequence[Any]], None],
    ) -> None:
        """Hear signals as (sender, member, signature, body)."""
        ...

    async def watch_name(self, name: str, changed: Callable[[str], None]) -> None:
        """Hear who owns `name`, "" for nobody."""
        ...

    async def call(
        self,
        destination: str,
        path: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
        *,
        deadline: float | None = None,
        late: Callable[[Sequence[Any]], None] | None = None,
    ) -> Sequence[Any] | None:
        """Call without starting anything; None when there is no good reply within `deadline` seconds."""
        ...

    def variant(self, signature: str, value: Any) -> Any:
        """A value that carries its type."""
        ...


@dataclass(frozen=True, slots=True)
class _Server:
    """Who speaks: `owner` is its unique name. `known` once it was asked what it can."""

    owner: str
    known: bool = False
    name: str | None = None
    capabilities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Mine:
    """A bubble of ours on the present server: `keys` are the action keys it was given, with their verbs."""

    token: str
    keys: dict[str, str]


NOBODY = _Server("", known=True)


class Desktop:
    """The freedesktop `Notifier`. Once a bubble was answered nothing more is told about it."""

    def __init__(
        self, bus: SessionBus, events: NotifierEvents, *, app: str = "reconnectd", deadline: float = 5.0
    ) -> None:
        self._bus = bus
        self._events = events
        self._app = app
        self._deadline = deadline
        self._server = NOBODY
        self._open: dict[int, _Mine] = {}
        self._gone: dict[int, _Mine] = {}
        self._sending = 0
        self._early: deque[tuple[str, Sequence[Any]]] = deque(maxlen=REMEMBERED)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen. Whether somebody can be spoken to is told by `server_changed`, once it was asked
        what it can; a `show` before that waits for it."""
        await self._bus.subscribe(NAME, NAME, PATH, self._signal)
        await self._bus.watch_name(NAME, self._owner_changed)

    async def stop(self) -> None:
        """End what is under way; bubbles stay where they are."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def state(self) -> NotifierState:
        """What speaks at present."""
        ready = bool(self._server.owner) and self._server.known
        identity = self._identity(self._server.owner) if ready else ""
        return NotifierState("freedesktop", self._server.name, "actions" in self._server.capabilities, ready, identity)

    async def show(self, bubble: Bubble) -> Shown | None:
        """Show it. `replaces` counts only while that bubble is ours on the present server."""
        await self.settled()
        server = self._server
        if not server.owner or not server.known:
            return None
        bubble = _fitting(bubble, server)
        keys = _keys(bubble)
        self._sending += 1
        try:
            number = await self._notify(server, bubble, keys)
            if number is None or server != self._server:
                return None
            self._took(number, _Mine(bubble.token, keys))
        finally:
            self._sending -= 1
            if not self._sending:
                self._early.clear()
        return Shown(number, self._identity(server.owner))

    async def close(self, shown: Shown) -> None:
        """Take it off the screen, also one that was shown before a restart of ours; ids of another server, or
        of an earlier bus, are left alone."""
        if not self._server.owner or shown.server != self._identity(self._server.owner):
            return
        self._open.pop(shown.id, None)
        await self._take_down(self._server.owner, shown.id)

    def _identity(self, owner: str) -> str:
        return f"{owner}@{self._bus.guid}"

    async def settled(self) -> None:
        """Wait, with a deadline, until a server that has just come was asked what it can."""
        asking = [task for task in self._tasks if task.get_name() == self._server.owner]
        if asking and not self._server.known:
            await asyncio.wait(asking, timeout=self._deadline)

    async def _notify(self, server: _Server, bubble: Bubble, keys: dict[str, str]) -> int | None:
        labels = dict(bubble.actions)
        actions = [text for key, verb in keys.items() for text in (key, plain(labels[verb], limit=LABEL_LIMIT))]
        body = plain(bubble.body, limit=BODY_LIMIT, newlines=True)
        if "body-markup" in server.capabilities:
            body = body.translate(_MARKUP)
        replaces = bubble.replaces if bubble.replaces in self._open else 0
        title = plain(bubble.title, limit=TITLE_LIMIT) or self._app
        reply = await self._call(
            server.owner,
            "Notify",
            "susssasa{sv}i",
            [self._app, replaces, "", title, body, actions, self._hints(bubble), -1],
            late=lambda late: self._too_late(server.owner, late),
        )
        return _number(reply)

    def _hints(self, bubble: Bubble) -> dict[str, Any]:
        return {
            "urgency": self._bus.variant("y", min(bubble.urgency, 1)),
            "category": self._bus.variant("s", f"x-{self._app}.reminder"),
            "desktop-entry": self._bus.variant("s", self._app),
            "resident": self._bus.variant("b", False),  # noqa: FBT003 — the value of a hint
            "suppress-sound": self._bus.variant("b", True),  # noqa: FBT003 — the value of a hint
        }

    def _too_late(self, owner: str, reply: Sequence[Any]) -> None:
        """A bubble that was given up, and is said again later: one is enough."""
        number = _number(reply)
        if number is not None and number not in self._open and owner == self._server.owner:
            self._spawn(self._take_down(owner, number))

    def _took(self, number: int, mine: _Mine) -> None:
        self._open[number] = mine
        self._gone.pop(number, None)
        for member, body in [early for early in self._early if early[1][0] == number]:
            self._deliver(member, body)

    async def _take_down(self, owner: str, number: int) -> None:
        await self._call(owner, "CloseNotification", "u", [number])

    async def _call(
        self,
        owner: str,
        method: str,
        signature: str = "",
        body: Sequence[Any] = (),
        *,
        late: Callable[[Sequence[Any]], None] | None = None,
    ) -> Sequence[Any] | None:
        member = f"{NAME}.{method}"
        return await self._bus.call(owner, PATH, member, signature, body, deadline=self._deadline, late=late)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str | None = None) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _owner_changed(self, owner: str) -> None:
        """Old ids mean nothing. A new server is announced when it is known; that an old one went, at once."""
        before, self._server = self._server, _Server(owner) if owner else NOBODY
        self._open.clear()
        self._gone.clear()
        self._early.clear()
        if owner:
            self._spawn(self._get_to_know(owner), name=owner)
        if before.owner:
            self._events.server_changed()

    async def _get_to_know(self, owner: str) -> None:
        capabilities, information = await asyncio.gather(
            self._call(owner, "GetCapabilities"), self._call(owner, "GetServerInformation")
        )
        if self._server != _Server(owner):
            return
        self._server = _Server(owner, True, _server_name(information), _capabilities(capabilities))  # noqa: FBT003
        self._events.server_changed()

    def _signal(self, sender: str, member: str, signature: str, body: Sequence[Any]) -> None:
        if sender != self._server.owner or (member, signature) not in (
            ("ActionInvoked", "us"),
            ("NotificationClosed", "uu"),
        ):
            return
        if body[0] in self._open or body[0] in self._gone:
            self._deliver(member, body)
        elif self._sending:
            self._early.append((member, body))

    def _deliver(self, member: str, body: Sequence[Any]) -> None:
        number, what = body
        if member == "ActionInvoked":
            self._pressed(number, what)
        elif mine := self._open.pop(number, None):
            self._gone[number] = mine
            if len(self._gone) > REMEMBERED:
                del self._gone[next(iter(self._gone))]
            self._events.closed(Closed(mine.token, what))

    def _pressed(self, number: int, key: str) -> None:
        mine = self._open.get(number) or self._gone.get(number)
        verb = mine.keys.get(key) if mine else None
        if mine is None or verb is None or (key == "default" and number not in self._open):
            return
        still_open = self._open.pop(number, None)
        self._gone.pop(number, None)
        if still_open:
            self._spawn(self._take_down(self._server.owner, number))
        self._events.answered(Answer(mine.token, verb))


def _fitting(bubble: Bubble, server: _Server) -> Bubble:
    """Without buttons where there are none, and in the title alone where only that is shown."""
    if server.capabilities and "body" not in server.capabilities:
        title = ": ".join(line for line in (bubble.title, bubble.body) if line)
        bubble = replace(bubble, title=title, body="", otherwise="")
    return bubble if "actions" in server.capabilities else bubble.unbuttoned()


def _keys(bubble: Bubble) -> dict[str, str]:
    """Action keys with their verbs, in order: `done/TOKEN`; what a click on the bubble means is `default`."""
    return {verb if verb == "default" else f"{verb}/{bubble.token}": verb for verb, _ in bubble.actions}


def _number(reply: Sequence[Any] | None) -> int | None:
    return reply[0] if reply and isinstance(reply[0], int) else None


def _capabilities(reply: Sequence[Any] | None) -> frozenset[str]:
    listed = reply[0] if reply and isinstance(reply[0], list) else []
    return frozenset(word for word in listed if isinstance(word, str))


def _server_name(reply: Sequence[Any] | None) -> str | None:
    """Name and version of (name, vendor, version, spec_version)."""
    if not reply or len(reply) < 3 or not all(isinstance(word, str) for word in reply):
        return None
    return plain(f"{reply[0]} {reply[2]}", limit=80) or None
