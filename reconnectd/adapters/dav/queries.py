"""The XML that is asked with, built from caldav's elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caldav.elements import cdav, dav


def _bytes(element: Any, *children: Any) -> bytes:
    return str(_of(element, *children)).encode()


def _of(element: Any, *children: Any) -> Any:
    return element.append(list(children))


def propfind(*properties: Any) -> bytes:
    """PROPFIND for these properties."""
    return _bytes(dav.Propfind(), _of(dav.Prop(), *properties))


def whereabouts() -> bytes:
    """PROPFIND: what is this, who am I here, and where are my calendars?"""
    return propfind(dav.CurrentUserPrincipal(), cdav.CalendarHomeSet(), dav.ResourceType(), dav.DisplayName())


def listing() -> bytes:
    """PROPFIND: which of these are calendars, what are they called, what do they hold?"""
    return propfind(dav.ResourceType(), dav.DisplayName(), cdav.SupportedCalendarComponentSet())


def etags() -> bytes:
    """PROPFIND: the state of every object."""
    return propfind(dav.GetEtag())


def sync_collection(token: str | None, *, with_data: bool) -> bytes:
    """RFC 6578 §3.2, level 1, without a limit."""
    wanted = _of(dav.Prop(), dav.GetEtag(), *([cdav.CalendarData()] if with_data else []))
    return _bytes(dav.SyncCollection(), dav.SyncToken(value=token or ""), dav.SyncLevel(value="1"), wanted)


def multiget(paths: Sequence[str]) -> bytes:
    """RFC 4791 §7.9: these objects with their data."""
    wanted = _of(dav.Prop(), dav.GetEtag(), cdav.CalendarData())
    return _bytes(cdav.CalendarMultiGet(), wanted, *(dav.Href(value=path) for path in paths))


def by_uid(uid: str) -> bytes:
    """RFC 4791 §7.8: the event with this UID."""
    exactly = _of(cdav.PropFilter("UID"), cdav.TextMatch(uid, collation="i;octet"))
    events = _of(cdav.CompFilter("VCALENDAR"), _of(cdav.CompFilter("VEVENT"), exactly))
    return _bytes(cdav.CalendarQuery(), _of(dav.Prop(), dav.GetEtag()), _of(cdav.Filter(), events))


def mkcalendar(name: str) -> bytes:
    """RFC 4791 §5.3.1: a calendar for events."""
    return _bytes(cdav.Mkcalendar(), _set(*_calendar_properties(name)))


def mkcol(name: str) -> bytes:
    """RFC 5689: the same where MKCALENDAR is not known."""
    kind = _of(dav.ResourceType(), dav.Collection(), cdav.Calendar())
    return _bytes(dav.Mkcol(), _set(kind, *_calendar_properties(name)))


def rename(name: str) -> bytes:
    """PROPPATCH of the display name."""
    return _bytes(dav.PropertyUpdate(), _set(dav.DisplayName(name)))


def _set(*properties: Any) -> Any:
    return _of(dav.Set(), _of(dav.Prop(), *properties))


def _calendar_properties(name: str) -> list[Any]:
    return [dav.DisplayName(name), _of(cdav.SupportedCalendarComponentSet(), cdav.Comp("VEVENT"))]
