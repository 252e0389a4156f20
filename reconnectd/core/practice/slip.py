"""A slip: an event that a person jots down on a phone, titled "remember: …" or "thanks: …", to be taken up.

Only what is plainly that: one event by itself, that repeats for nobody, to which nobody is invited, that reconnectd
didn't make, and that doesn't lie far back.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from reconnectd.core.ics import Reading
from reconnectd.core.identity import UID_PREFIX
from reconnectd.core.plain import plain

LONGEST = 200
NOT_OLDER = dt.timedelta(days=7)
_TITLE = re.compile(r"\s*(remember|thanks)\s*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_PERHAPS = re.compile(rb"^SUMMARY[^\r\n]*:\s*(?:remember|thanks)\s*\\?:", re.IGNORECASE | re.MULTILINE)
_MORE = re.compile(rb"^(?:RDATE|RRULE|RECURRENCE-ID|ATTENDEE|ORGANIZER)[;:]", re.IGNORECASE | re.MULTILINE)
_ZONES = re.compile(rb"^BEGIN:VTIMEZONE.*?^END:VTIMEZONE", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_EVENT = re.compile(rb"^BEGIN:(?!VCALENDAR|VALARM)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Slip:
    """What it is for, and its words: one line, without what steers a terminal."""

    kind: Literal["remember", "thanks"]
    text: str


def may_be_one(data: bytes) -> bool:
    """A quick look at an object's text: is it worth reading?"""
    if _PERHAPS.search(data) is None:
        return False
    alone = _ZONES.sub(b"", data)
    return _MORE.search(alone) is None and len(_EVENT.findall(alone)) == 1


def slip_of(theirs: Reading, now: dt.datetime) -> Slip | None:
    """The slip that an object is; None when it is anything else. Only of one that `may_be_one`."""
    match = _TITLE.fullmatch(theirs.summary)
    is_ours = theirs.slug is not None or theirs.uid.startswith(UID_PREFIX)
    if match is None or not theirs.uid or is_ours or theirs.rrule or theirs.has_attendees or theirs.cancelled:
        return None
    if theirs.end < now - NOT_OLDER:
        return None
    text = plain(match[2], limit=LONGEST)
    return Slip("thanks" if match[1].lower() == "thanks" else "remember", text) if text else None
