"""Calendar objects: intent → bytes, bytes → reading, bytes edited in place (RFC 5545, RFC 9074).

`compose` makes a new object, `revise` changes named groups of one and keeps every other byte, `read` says what
one means whoever wrote it, `ended` and `successor` split a series, `canonical` tells whether two say the same. The
only room that knows icalendar.
"""

from reconnectd.core.ics.canonical import canonical
from reconnectd.core.ics.guests import has_somebody, without_guests
from reconnectd.core.ics.intent import Intent, intent_fields
from reconnectd.core.ics.lines import Unreadable
from reconnectd.core.ics.reading import Override, Reading, read
from reconnectd.core.ics.revising import revise
from reconnectd.core.ics.succession import ended, successor
from reconnectd.core.ics.writing import compose

__all__ = [
    "Intent", "Override", "Reading", "Unreadable", "canonical", "compose", "ended", "has_somebody", "intent_fields",
    "read", "revise", "successor", "without_guests",
]  # fmt: skip
