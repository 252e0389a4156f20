"""Who is invited to an event, and what each of them answered, is kept by the server alone."""

from __future__ import annotations

from reconnectd.core.ics.lines import Component, line, parse, serialise

SOMEBODY = "urn:x-reconnectd:somebody"
"""Stands in what is kept for whoever is invited; such an event is never written."""

_GUESTS = ("ATTENDEE", "ORGANIZER")


def without_guests(data: bytes) -> bytes:
    """The object as it may be kept: that somebody is invited, not who, nor what they said. `data` itself when
    nobody is."""
    root = parse(data)
    invited = [event for event in root.walk("VEVENT") if any(event.lines(name) for name in _GUESTS)]
    for event in invited:
        _forget(event)
    return serialise(root) if invited else data


def has_somebody(data: bytes) -> bool:
    """Is this a text in which guests were left out?"""
    return SOMEBODY.encode() in data


def _forget(event: Component) -> None:
    for name in _GUESTS:
        event.drop(name)
    event.insert(line("ATTENDEE", SOMEBODY))
