"""Opening the calendar of an account: found by name or address, made when it never was there."""

from __future__ import annotations

from reconnectd.adapters.dav.calendar import Dav
from reconnectd.adapters.dav.discovery import MAKE_ONE, Account, Listing, calendar_at, choose, discover, make_calendar
from reconnectd.adapters.dav.wire import Wire, check_address
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import Refused
from reconnectd.ports import CalendarGone, Collection


def open_calendar(
    account: CalendarAccount,
    password: str,
    cached: Collection | None,
    *,
    create: bool,
    url: str | None = None,
    user: str | None = None,
) -> Dav:
    """The calendar `account.calendar`. With `cached` no request is made. `create` allows making it when it is
    missing; without, CalendarGone. `url` and `user` replace the account's (the embedded server)."""
    name = user if user is not None else account.username
    if cached is not None:
        check_address(cached.url, account)
        return Dav(Wire(account, name, password, cached.auth_type), cached)
    wire = Wire(account, name, password, "")
    try:
        return _find(wire, account, url or account.url or "", create=create)
    except BaseException:
        wire.close()
        raise


def calendars_of(account: CalendarAccount, password: str) -> Account:
    """What this login finds behind the account's address; nothing is made or written there."""
    wire = Wire(account, account.username, password, "")
    try:
        return discover(wire, account.url or "")
    finally:
        wire.close()


def _find(wire: Wire, account: CalendarAccount, address: str, *, create: bool) -> Dav:
    found = discover(wire, address)
    listing = found.direct or choose(found.calendars, account.calendar)
    if listing is None and "/" in account.calendar:
        listing = calendar_at(wire, found.home, account.calendar)
    if listing is None:
        listing = _make(wire, found, account.calendar, create=create)
    collection = Collection(
        url=listing.url,
        name=listing.name,
        principal=found.principal,
        home=found.home,
        auth_type=wire.auth_type,
        profile=account.profile,
    )
    return Dav(wire, collection)


def _make(wire: Wire, found: Account, name: str, *, create: bool) -> Listing:
    if not create:
        raise CalendarGone
    if "/" in name:
        raise Refused(f"there is no calendar at {name}", MAKE_ONE)
    return make_calendar(wire, found.home, name)
