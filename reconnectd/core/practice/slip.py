"""A slip: an event that a person jots down on a phone, titled "remember: …" or "thanks: …", to be taken up.

Only what is plainly that: one event by itself, that repeats for nobody, to which nobody is invited, that reconnectd
didn't make, that doesn't lie far back, and that says nothing but its title, which can be kept whole: what is removed
is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from reconnectd.core.ics import Reading
from reconnectd.core.identity import UID_PREFIX
from reconnectd.core.plain import plain

LONGEST = {"thanks": 500, "remember": 150}
"""In characters: as much of each as is kept."""
NOT_OLDER = dt.timedelta(days=7)
_TITLE = re.compile(r"\s*(remember|thanks)\s*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_LINES = re.IGNORECASE | re.MULTILINE
_PERHAPS = re.compile(rb"^SUMMARY[^\r\n]*:\s*(?:remember|thanks)(?:\s|\xc2\xa0|\xe2\x80\xaf)*\\?:", _LINES)
"""Also with the narrow blank that French keyboards put before a colon."""
_MORE = re.compile(rb"^(?:RDATE|RRULE|RECURRENCE-ID|ATTENDEE|ORGANIZER|ATTACH|CONFERENCE)[;:]", _LINES)
_APART = re.compile(rb"^BEGIN:(VTIMEZONE|VALARM).*?^END:\1", _LINES | re.DOTALL)
_EVENT = re.compile(rb"^BEGIN:(?!VCALENDAR)", _LINES)


@dataclass(frozen=True, slots=True)
class Slip:
    """What it is for, and its words: one line, without what steers a terminal."""

    kind: Literal["remember", "thanks"]
    text: str


def may_be_one(data: bytes) -> bool:
    """A quick look at an object's text: is it worth reading?"""
    if _PERHAPS.search(data) is None:
        return False
    alone = _APART.sub(b"", data)
    return _MORE.search(alone) is None and len(_EVENT.findall(alone)) == 1


def slip_of(theirs: Reading, now: dt.datetime) -> Slip | None:
    """The slip that an object is; None when it is anything else. Only of one that `may_be_one`."""
    match = _TITLE.fullmatch(theirs.summary)
    is_ours = theirs.slug is not None or theirs.uid.startswith(UID_PREFIX)
    if match is None or not theirs.uid or is_ours or theirs.rrule or theirs.has_attendees or theirs.cancelled:
        return None
    if theirs.end < now - NOT_OLDER or theirs.description.strip() or theirs.location.strip():
        return None
    kind: Literal["remember", "thanks"] = "thanks" if match[1].lower() == "thanks" else "remember"
    text = plain(match[2], limit=max(LONGEST.values()) + 1)
    return Slip(kind, text) if 0 < len(text) <= LONGEST[kind] else None
