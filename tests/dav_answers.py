"""A calendar that the fake server keeps, and what a server would say about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from servers import FakeServer, Said

from reconnectd.adapters.dav import Dav, open_calendar
from reconnectd.core.settings import CalendarAccount
from reconnectd.ports import Collection

NS = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'


def opened(fake: FakeServer, **known: Any) -> Dav:
    at = Collection(fake.url + "cal/", "Us", fake.url + "me/", fake.url, "basic")
    account = CalendarAccount(url=fake.url, username="alex")
    return open_calendar(account, "secret", replace(at, **known), create=False)


def thing(href: str, etag: str = '"1"', data: str = "", status: str = "") -> str:
    if status:
        return f"<response><href>{href}</href><status>HTTP/1.1 {status}</status></response>"
    props = f"<getetag>{etag}</getetag>" if etag else ""
    props += f"<C:calendar-data>{data}</C:calendar-data>" if data else ""
    found = f"<propstat><prop>{props}</prop><status>HTTP/1.1 200 OK</status></propstat>"
    return f"<response><href>{href}</href>{found}</response>"


def multistatus(*things: str, token: str | None = "t2") -> Said:
    end = f"<sync-token>{token}</sync-token>" if token else ""
    return Said(207, f"<multistatus {NS}>{''.join(things)}{end}</multistatus>".encode())


def error(status: int, condition: str) -> Said:
    return Said(status, f"<error {NS}>{condition}</error>".encode())
