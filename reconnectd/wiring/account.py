"""The calendar's account: what tells it from another one, and how an app signs in to it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from reconnectd.adapters.embedded import EmbeddedCalendar
from reconnectd.core.settings import Settings
from reconnectd.ports import Collection

if TYPE_CHECKING:
    from reconnectd.adapters.places import Places
    from reconnectd.adapters.store import Store


def account(settings: Settings) -> str:
    """What tells one account's calendar from another's."""
    calendar = settings.calendar
    return "\n".join([calendar.url or "embedded", calendar.username or "", calendar.calendar])


def rebased(known: Collection, url: str) -> Collection:
    """The same collection at the host and port of `url`: the embedded server may have had to take another port."""
    host = urlsplit(url).netloc
    moved = {
        name: urlunsplit(urlsplit(getattr(known, name))._replace(netloc=host)) for name in ("url", "principal", "home")
    }
    return dataclasses.replace(known, **moved)


@dataclass(frozen=True, slots=True)
class SignIn:
    """For a calendar app. `url` is the calendar's own address once it is known, `server` the one to begin at;
    `password` is None where it is the person's own, which is never repeated."""

    server: str
    url: str
    name: str
    user: str | None
    password: str | None = field(repr=False)


def sign_in(settings: Settings, where: Places, store: Store | None) -> SignIn:
    """How to sign in, from what is written down: nothing is started. StateError when the embedded calendar never
    ran."""
    known = store.objects.collection() if store is not None and store.objects.account() == account(settings) else None
    found = known[0] if known else None
    name = found.name if found else settings.calendar.calendar
    if not settings.calendar.embedded:
        url = settings.calendar.url or ""
        return SignIn(url, found.url if found else url, name, settings.calendar.username, None)
    own = EmbeddedCalendar(where.calendar).credentials()
    return SignIn(own.url, rebased(found, own.url).url if found else own.url, name, own.user, own.password)
