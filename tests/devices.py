"""A device of the household: a state of its own, syncing with a real server; and the phone of somebody who edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from household import BERLIN, MONDAY_MORNING, FakeClock, settings
from servers import Server

from reconnectd.adapters.dav import Dav, open_calendar
from reconnectd.adapters.store import Store
from reconnectd.app.actions import Actions
from reconnectd.app.renewal import Place, renew
from reconnectd.app.sync import Sync
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Occurrence, OccurrenceId
from reconnectd.core.settings import CalendarAccount, Settings
from reconnectd.ports import Calendar, Collection, SyncReport
from reconnectd.wiring.account import account


@dataclass
class Device:
    """One computer. `plan()` is what it thinks, `sync()` one run against the server."""

    folder: Path
    server: Server
    account: CalendarAccount
    routines: tuple[Routine, ...]
    clock: FakeClock = field(default_factory=FakeClock)
    place: Place = BERLIN
    before_the_first_put: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.store = Store(self.folder / "reconnectd.db")
        self.store.database.connection.execute("PRAGMA synchronous=OFF")

    @property
    def settings(self) -> Settings:
        config = settings(*self.routines)
        return replace(config, calendar=self.account, fingerprint=repr(self.routines))

    def sync(self, **options: bool) -> SyncReport:
        return self._run().run(**options)

    def remove_all(self) -> SyncReport:
        """Everything of ours out of the calendar."""
        return self._run().remove_all()

    def _run(self) -> Sync:
        return Sync(self.store, self.settings, self.place, self.clock, self._open, account(self.settings))

    def _open(self, known: Collection | None, create: bool) -> Calendar:
        opened = open_calendar(self.account, self.server.password, known, create=create)
        return cast("Calendar", Interrupted(opened, self._once)) if self.before_the_first_put else opened

    def _once(self) -> None:
        happens, self.before_the_first_put = self.before_the_first_put, None
        if happens:
            happens()

    def plan(self) -> None:
        renew(self.store, self.settings, self.place, self.clock.now())

    def row(self, name: str) -> Occurrence:
        found = self.store.plan.get(OccurrenceId.parse(name))
        assert found is not None, f"{name} is not in the plan"
        return found

    def skip(self, name: str, *, for_both: bool = True) -> None:
        Actions(self.store).skip(self.row(name), self.clock.now(), for_both=for_both)

    def move(self, name: str, start: dt.datetime) -> None:
        Actions(self.store).move(self.row(name), start, self.clock.now())


class Interrupted:
    """A calendar in which something happens right before a write."""

    def __init__(self, calendar: Dav, happens: Callable[[], None]) -> None:
        self._calendar = calendar
        self._happens = happens

    def put(self, href: str, body: bytes, etag: str | None) -> str | None:
        self._happens()
        return self._calendar.put(href, body, etag)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calendar, name)


class Phone:
    """Reads and writes the calendar as an app would: whole objects, under the ETag that it read."""

    def __init__(self, server: Server, account: CalendarAccount) -> None:
        self.dav: Dav = open_calendar(account, server.password, None, create=False)

    def texts(self) -> dict[str, str]:
        """Every object, by path."""
        hrefs = [one.href for one in self.dav.changes(None).changed]
        return {one.href: (one.data or b"").decode() for one in self.dav.fetch(hrefs)}

    def only(self) -> tuple[str, str]:
        """(path, text) of the one object there is."""
        ((href, text),) = self.texts().items()
        return href, text.replace("\r\n", "\n")

    def write(self, href: str, text: str) -> None:
        (found,) = self.dav.fetch([href])
        self.dav.put(href, text.replace("\n", "\r\n").encode(), found.etag)

    def delete(self, href: str) -> None:
        (found,) = self.dav.fetch([href])
        assert found.etag is not None
        self.dav.delete(href, found.etag)

    def edit(self, old: str, new: str) -> None:
        """Replace a piece of the one object; the piece must be there."""
        href, text = self.only()
        assert old in text, text
        self.write(href, text.replace(old, new))

    def add_component(self, component: str) -> None:
        """Put a component at the end of the one object."""
        self.edit("END:VCALENDAR", f"{component.strip()}\nEND:VCALENDAR")


def devices_of(server: Server, folder: Path, *usual: Routine) -> MakeDevice:
    """Makes devices that share a new account, each in a folder of its name, with these routines if it isn't told."""
    account = server.account()

    def make(*routines: Routine, name: str = "desk") -> Device:
        (folder / name).mkdir()
        return Device(folder / name, server, account, routines or usual)

    return make


def phone_of(device: Device) -> Phone:
    return Phone(device.server, device.account)


MakeDevice = Callable[..., Device]
__all__ = ["MONDAY_MORNING", "Device", "MakeDevice", "Phone", "devices_of", "phone_of"]
