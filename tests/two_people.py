"""Alex and Sam: two accounts, one calendar at two addresses, each with a machine and a config of their own."""

from __future__ import annotations

import base64
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from devices import Device
from servers import PASSWORD, Server, run_radicale

from reconnectd.core.settings import CalendarAccount, People, Settings

PARTNERS = {"alex": "sam", "sam": "alex"}


@dataclass(frozen=True)
class SharedCalendar:
    """One collection at two addresses; each signs in under their own name. `folder` is where it really is."""

    server: Server
    addresses: dict[str, str]
    folder: Path

    def account(self, who: str, **changes: Any) -> CalendarAccount:
        own = CalendarAccount(url=self.addresses[who], username=who, seen_by="both")
        return replace(own, **changes)


def on_radicale(server: Server) -> SharedCalendar:
    """Each may write below their own name only, and finds the calendar there."""
    (server.folder / "users").write_text(f"alex:{PASSWORD}\nsam:{PASSWORD}\n")
    return _shared(server, server.folder / "collections" / "collection-root", {who: who for who in PARTNERS})


def on_xandikos(server: Server) -> SharedCalendar:
    return _shared(server, server.folder / "data", {who: f"{who}/calendars" for who in PARTNERS})


def _shared(server: Server, root: Path, homes: dict[str, str]) -> SharedCalendar:
    """Made by Alex; in Sam's folder it is the same one under another name."""
    name = f"us-{uuid.uuid4().hex[:8]}"
    mine, yours = (f"{homes[who]}/{name}{'-of-alex' * (who == 'sam')}" for who in PARTNERS)
    for folder in homes.values():
        (root / folder).mkdir(parents=True, exist_ok=True)
    made = _ask("MKCALENDAR", f"{server.url}{mine}/")
    assert made == 201, made
    (root / yours).symlink_to(root / mine)
    return SharedCalendar(server, {"alex": f"{server.url}{mine}/", "sam": f"{server.url}{yours}/"}, root / mine)


def _ask(method: str, url: str) -> int:
    basic = base64.b64encode(f"alex:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"Basic {basic}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


@pytest.fixture(params=["radicale", "xandikos"])
def shared(request: pytest.FixtureRequest) -> SharedCalendar:
    server = request.getfixturevalue(request.param)
    return on_radicale(server) if request.param == "radicale" else on_xandikos(server)


@dataclass
class Partner(Device):
    """One of the two at their computer. `people` and `changes` are what their config says otherwise."""

    who: str = "alex"
    people: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        base = super().settings
        agreed = self.clock.now().date()
        people = People(self.who.title(), PARTNERS[self.who].title(), "k3v9-rt2p", partner_agrees=agreed)
        people = replace(people, **self.people)
        return replace(base, people=people, **self.changes, fingerprint=repr((self.routines, people, self.changes)))


RIGHTS = """
[all]
user: .+
collection: .*
permissions: RrWw
"""


@pytest.fixture
def shared_by_rights(tmp_path: Path) -> Iterator[SharedCalendar]:
    """A Radicale on which Sam may write in Alex's calendar, at Alex's address; Sam's own home doesn't list it."""
    (tmp_path / "rights").write_text(RIGHTS)
    for server in run_radicale(tmp_path, rights=f"type = from_file\nfile = {tmp_path}/rights"):
        (tmp_path / "users").write_text(f"alex:{PASSWORD}\nsam:{PASSWORD}\n")
        assert _ask("MKCALENDAR", f"{server.url}alex/us/") == 201
        address = f"{server.url}alex/us/"
        folder = tmp_path / "collections" / "collection-root" / "alex" / "us"
        yield SharedCalendar(server, {"alex": server.url, "sam": address}, folder)
