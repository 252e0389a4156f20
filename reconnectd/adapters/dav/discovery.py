"""Finding the account's calendars, and making one; done once, then remembered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from reconnectd.adapters.dav import queries
from reconnectd.adapters.dav.address import canonical_url, folder, origin, path_here
from reconnectd.adapters.dav.locate import same_site, starting_points
from reconnectd.adapters.dav.multistatus import CALDAV, DAV, Item, Nonsense, parse_multistatus
from reconnectd.adapters.dav.transport import Answer
from reconnectd.adapters.dav.wire import Wire
from reconnectd.core.loopback import is_loopback
from reconnectd.errors import ConfigError, Refused, Unreachable

MAX_HOPS = 5
MAKE_ONE = "make one with that name there (its web page or an app), or name another under [calendar] calendar"


@dataclass(frozen=True, slots=True)
class Listing:
    """A calendar of the account."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """What discovery found; `direct` is set when the address was a calendar itself."""

    principal: str
    home: str
    calendars: tuple[Listing, ...]
    direct: Listing | None = None


def discover(wire: Wire, address: str) -> Account:
    """The account behind `address` (a host, a full address, or a calendar). Three requests where the server
    says who one is at the address given; Unreachable when there is no calendar server."""
    trouble: Unreachable | None = None
    for start in starting_points(address, wire.features if wire.account.profile else None):
        try:
            found = _look(wire, start)
        except Nonsense as nonsense:
            trouble = nonsense
            continue
        if found is not None:
            return _account(wire, *found)
    raise trouble or Unreachable(
        f"there is no calendar account at {urlsplit(start).hostname}",
        "check [calendar] url; the server's help page calls it the CalDAV address",
    )


def choose(calendars: Sequence[Listing], wanted: str) -> Listing | None:
    """The calendar with that name, address or last part of its address; None when there is none."""
    if "/" in wanted:
        there = [one for one in calendars if _same_address(one.url, wanted)]
        return there[0] if there else None
    alike = wanted.strip().casefold()
    for matching in (
        [one for one in calendars if one.name == wanted],
        [one for one in calendars if one.name.strip().casefold() == alike],
        [one for one in calendars if one.url.rstrip("/").endswith("/" + wanted)],
    ):
        if len(matching) > 1:
            raise ConfigError(
                [f'calendar.calendar: there are {len(matching)} calendars called "{wanted}"'],
                "write the address of one instead: " + ", ".join(one.url for one in matching[:5]),
            )
        if matching:
            return matching[0]
    return None


def calendar_at(wire: Wire, home: str, address: str) -> Listing | None:
    """The calendar at an address (seen from `home`, where it isn't listed): one that somebody shares. None when there
    is none that we may see."""
    url = canonical_url(_next_hop(home, address))
    answer = wire.send("PROPFIND", url, queries.listing(), {"Depth": "0"})
    if answer.status != 207:
        return None
    item = next(iter(_items(answer, url)), None)
    found = _calendar_url(item, url) if item is not None else None
    return Listing(found, _name(item, found)) if item is not None and found is not None else None


def make_calendar(wire: Wire, home: str, name: str) -> Listing:
    """Make a calendar for events. Its address follows from its name, so that two devices make one, not two."""
    url = urljoin(origin(home), folder(home)) + _identifier(name) + "/"
    answer = wire.send("MKCALENDAR", url, queries.mkcalendar(name))
    if answer.status in (400, 405, 415, 500, 501) and not _is_there(wire, home, url):
        answer = wire.send("MKCOL", url, queries.mkcol(name))
    listed = choose(list_calendars(wire, home), url)
    if listed is None:
        raise Refused(f'the server did not make the calendar "{name}" ({answer.status})', MAKE_ONE)
    if answer.status == 201 and listed.name != name:
        wire.send("PROPPATCH", url, queries.rename(name))
    return listed


def list_calendars(wire: Wire, home: str) -> tuple[Listing, ...]:
    """Every calendar for events in `home`."""
    answer = wire.send("PROPFIND", home, queries.listing(), {"Depth": "1"})
    if answer.status in (403, 404, 410):
        raise Refused("the server does not show the calendars of this account", "check [calendar] url")
    items = _items(answer, home)
    return tuple(Listing(url, _name(item, url)) for item in items if (url := _calendar_url(item, home)))


def _look(wire: Wire, start: str) -> tuple[str, Item] | None:
    """Ask one URL who we are there, following its redirects; None when it knows nothing of calendars."""
    url = start
    for _ in range(MAX_HOPS):
        answer = wire.send("PROPFIND", url, queries.whereabouts(), {"Depth": "0"})
        if answer.status not in (301, 302, 303, 307, 308):
            return _whoami(wire, url, answer)
        url = _next_hop(url, answer.headers.get("location", ""))
    raise Unreachable(f"{urlsplit(start).hostname} sends us in circles", "check [calendar] url")


def _next_hop(url: str, location: str) -> str:
    target = urljoin(url, location)
    here, there = urlsplit(url), urlsplit(target)
    neighbour = is_loopback(here.hostname or "") and here.netloc != there.netloc  # another port is another program
    if neighbour or not same_site(here.hostname or "", there.hostname or ""):
        raise Refused(
            f"{here.netloc} sends us to another site ({there.netloc})",
            "write that address under [calendar] url if you trust it with the password",
        )
    if here.scheme == "https" and there.scheme != "https":
        raise Refused(f"{here.hostname} sends us to an address without encryption", "check [calendar] url")
    return target


def _whoami(wire: Wire, url: str, answer: Answer) -> tuple[str, Item] | None:
    if answer.status in (400, 403, 404, 405, 410, 501):
        return None
    item = next(iter(_items(answer, url)), None)
    if item is None or item.status in (404, 410):
        return None
    anonymous = item.found.get(f"{DAV}current-user-principal")
    if anonymous is not None and anonymous.find(f"{DAV}unauthenticated") is not None and wire.introduce():
        return _look(wire, url)
    knows_us = item.href_in(f"{DAV}current-user-principal") or item.href_in(f"{CALDAV}calendar-home-set")
    return (url, item) if knows_us or _is_calendar(item) else None


def _account(wire: Wire, url: str, item: Item) -> Account:
    principal = _elsewhere(url, item.href_in(f"{DAV}current-user-principal")) or ""
    if _is_calendar(item):
        here = Listing(canonical_url(url), _name(item, url))
        return Account(principal, "", (here,), here)
    home = _elsewhere(url, item.href_in(f"{CALDAV}calendar-home-set"))
    if home is None:
        home = _home_of(wire, principal)
    return Account(principal, home, list_calendars(wire, home))


def _home_of(wire: Wire, principal: str) -> str:
    answer = wire.send("PROPFIND", principal, queries.whereabouts(), {"Depth": "0"})
    item = next(iter(_items(answer, principal)), None)
    home = item.href_in(f"{CALDAV}calendar-home-set") if item else None
    return _elsewhere(principal, home) or principal


def _elsewhere(url: str, href: str | None) -> str | None:
    """An address that the server names: on its own site, never less protected."""
    return canonical_url(_next_hop(url, href)) if href else None


def _items(answer: Answer, url: str) -> tuple[Item, ...]:
    host = urlsplit(url).hostname or ""
    if 300 <= answer.status < 400:
        raise Unreachable(f"moved: {host} sends us elsewhere", "check [calendar] url")
    if answer.status != 207:
        raise Nonsense(host) if answer.status < 300 else Unreachable(f"{host} has trouble ({answer.status})")
    return parse_multistatus(answer.body, host).items


def _is_calendar(item: Item) -> bool:
    kind = item.found.get(f"{DAV}resourcetype")
    return kind is not None and kind.find(f"{CALDAV}calendar") is not None


def _calendar_url(item: Item, home: str) -> str | None:
    holds = item.found.get(f"{CALDAV}supported-calendar-component-set")
    kinds = [comp.get("name") for comp in holds] if holds is not None else []
    path = path_here(item.href, home)
    if path is None or not _is_calendar(item) or (kinds and "VEVENT" not in kinds):
        return None
    return origin(home) + path.rstrip("/") + "/"


def _name(item: Item, url: str) -> str:
    return item.text(f"{DAV}displayname") or urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _same_address(url: str, wanted: str) -> bool:
    return canonical_url(url).rstrip("/") == canonical_url(urljoin(url, wanted)).rstrip("/")


def _is_there(wire: Wire, home: str, url: str) -> bool:
    return choose(list_calendars(wire, home), url) is not None


def _identifier(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if plain and name.isascii():
        return plain
    return f"{plain or 'calendar'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
