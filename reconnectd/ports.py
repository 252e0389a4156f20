"""What the use cases need from the world: small Protocols on the consumer's side.

Every instant is aware. A port raises a class of `errors` or nothing; foreign exceptions stay in the adapter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol


class Clock(Protocol):
    """The only way to know what time it is."""

    def now(self) -> dt.datetime:
        """The present instant, UTC-aware."""
        ...


class Slots(Protocol):
    """Where something could stand; whether it may is for the rules."""

    def starts(self, first: dt.datetime, last: dt.datetime, length: dt.timedelta) -> Iterator[dt.datetime]:
        """Beginnings in [first, last], UTC, ascending, from which on there is room for `length`."""
        ...


class Alarm(Protocol):
    """Calls at absolute instants, also after a suspend or a clock step."""

    def start(self, on_clock_set: Callable[[], None]) -> None:
        """Begin; `on_clock_set` is called in the loop whenever the wall clock was set or the machine woke."""
        ...

    def at(self, name: str, when: dt.datetime, call: Callable[[], Awaitable[None]]) -> None:
        """Call once at `when` (at once if it has passed); replaces the earlier one of that name."""
        ...

    def cancel(self, name: str) -> None:
        """Forget the one of that name, if there is one."""
        ...

    def stop(self) -> None:
        """Forget everything and give the timer back."""
        ...


@dataclass(frozen=True, slots=True)
class Bubble:
    """What is to be shown. `token` is random and part of every action key; `actions` are (verb, label) pairs,
    verbs of `ok`, `done`, `later`, `skip`, `default`, or one of these with a number. `title` and `body` are plain
    text, never markup; `otherwise` is a further line of the body for whoever gets no buttons."""

    token: str
    title: str
    body: str
    actions: tuple[tuple[str, str], ...] = ()
    urgency: Literal[0, 1] = 1
    replaces: int = 0
    otherwise: str = ""

    def unbuttoned(self) -> Bubble:
        """The same in words alone."""
        body = "\n".join(line for line in (self.body, self.otherwise) if line)
        return replace(self, body=body, actions=(), otherwise="")


@dataclass(frozen=True, slots=True)
class Shown:
    """A bubble that a server took: its id there, and which server (its unique name on which bus, "" without a bus)."""

    id: int
    server: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A person pressed a button (`verb`) of the bubble with `token`."""

    token: str
    verb: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A bubble is gone. `reason` as in the Desktop Notifications specification: 1 expired, 2 dismissed,
    3 closed by us, 4 undefined. Never an answer."""

    token: str
    reason: int


@dataclass(frozen=True, slots=True)
class NotifierState:
    """What speaks now: `backend` is "freedesktop", "plyer" or "log"; `server` its name and version or None;
    `actions` whether it has buttons; `ready` whether a word would be seen;
    `identity` is what `Shown.server` would be."""

    backend: str
    server: str | None
    actions: bool
    ready: bool
    identity: str = ""


class Notifier(Protocol):
    """Shows words on the desktop."""

    async def show(self, bubble: Bubble) -> Shown | None:
        """Show it; None when there is nobody to show it to now (hold it, and wait for `ready`)."""
        ...

    async def close(self, shown: Shown) -> None:
        """Take it off the screen; tolerates that it is gone."""
        ...

    def state(self) -> NotifierState:
        """What speaks at present."""
        ...


class NotifierEvents(Protocol):
    """What a notifier tells its owner, in the loop."""

    def answered(self, answer: Answer) -> None:
        """A button of one of our bubbles was pressed."""
        ...

    def closed(self, closed: Closed) -> None:
        """One of our bubbles is gone."""
        ...

    def server_changed(self) -> None:
        """A server appeared, went away or was replaced; `state()` says which. Old ids mean nothing."""
        ...


class Presence(Protocol):
    """Is somebody there to see a word, and is it only them?"""

    def may_show_details(self) -> bool:
        """Unlocked and not sharing the screen, as far as anybody can tell; unknown counts as yes."""
        ...


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A half-open stretch in which somebody is not free; no title, ever."""

    start: dt.datetime
    end: dt.datetime
    who: Literal["me", "partner"]


class Busy(Protocol):
    """When the two are not free."""

    def busy(self, start: dt.datetime, end: dt.datetime) -> Sequence[BusyTime]:
        """Merged busy times that touch [start, end)."""
        ...


class Secrets(Protocol):
    """Where a password comes from."""

    def password(self) -> str:
        """The password; Refused when there is none, Unreachable when its keeper doesn't answer in time."""
        ...


class Seal(Protocol):
    """Closes a person's own words, so that only whoever has their key can read them."""

    def close(self, plain: bytes) -> bytes:
        """Encrypted and authenticated."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """The words again; Refused where the key isn't theirs, or can't be had."""
        ...


@dataclass(frozen=True, slots=True)
class Remote:
    """An object as the server has it; `data` is None when the server did not send it along, `etag` None when
    it gave none or only a weak one."""

    href: str
    etag: str | None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a sync token (RFC 6578). `complete` says that this is everything (no token was given,
    or none is understood), so that what is not in `changed` is gone. `token` is never made up: None when the
    server has none."""

    token: str | None
    changed: tuple[Remote, ...]
    gone: tuple[str, ...] = ()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar collection, found once: everything needed to speak to it without asking again."""

    url: str
    name: str
    principal: str
    home: str
    auth_type: str
    data_in_sync: bool | None = None
    profile: str | None = None
    sync_collection: bool = True


class TokenExpired(Exception):
    """The server no longer understands the sync token: ask again with None."""


class PreconditionFailed(Exception):
    """412: somebody else wrote first, or it exists already. Fetch, merge, try again."""


class UidConflict(Exception):
    """The server has this UID at another address (`href`, None when it doesn't say where)."""

    def __init__(self, href: str | None = None) -> None:
        super().__init__(href or "")
        self.href = href


class ObjectGone(Exception):
    """404 or 410 for an object that was there: somebody deleted it."""


class CalendarGone(Exception):
    """404 or 410 for the collection itself."""


class ItemRefused(Exception):
    """The server won't take this one object (too large, locked, not to its taste, no room): leave it, go on
    with the others. `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the server refused it ({status})")
        self.status = status


class Calendar(Protocol):
    """One CalDAV collection. Every write is conditional."""

    @property
    def collection(self) -> Collection:
        """Where it is, with what was learnt about the server since it was opened."""
        ...

    def href(self, name: str) -> str:
        """The address of the object called `name` ("UID.ics") in this collection, as `changes` spells it."""
        ...

    def find(self, uid: str) -> str | None:
        """The address of the object with this UID, one request; None when there is none."""
        ...

    def changes(self, token: str | None) -> Changes:
        """What changed since `token`, in one request; None asks for everything. TokenExpired, CalendarGone."""
        ...

    def fetch(self, hrefs: Sequence[str]) -> Sequence[Remote]:
        """The objects with their data, in requests of 50; what is gone is left out."""
        ...

    def put(self, href: str, body: bytes, etag: str | None) -> str | None:
        """Write, if it still has `etag` (None: if nothing is there). The new strong ETag, or None if the
        server gave none. PreconditionFailed, UidConflict, ObjectGone, CalendarGone."""
        ...

    def delete(self, href: str, etag: str) -> None:
        """Delete, if it still has `etag`. PreconditionFailed, ObjectGone."""
        ...

    def requests(self) -> int:
        """How many HTTP requests were made since it was opened."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one run did; the fields of `sync --json`."""

    requests: int = 0
    pulled: int = 0
    pushed: int = 0
    deleted: int = 0
    adopted: int = 0
    conflicts: tuple[str, ...] = ()
    unchanged: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    would: tuple[str, ...] = ()
    error: Mapping[str, str | int] = field(default_factory=dict)


class Worker(Protocol):
    """Runs one sync in a child process."""

    async def run(self, *, offline: bool = False, look: bool = False, accept: bool = False) -> SyncReport | None:
        """Run it to its end or to its deadline (60 s); None when it had to be ended. `offline` only plans, `look`
        only reads what others did: one request when they did nothing. `accept` takes much gone for an answer."""
        ...
