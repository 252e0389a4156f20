"""What one is thankful for, given back before the talk: the word about the talk says that something waits.

Never what it is: a bubble may be seen by others, and the words are nobody else's until they are spoken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from reconnectd.core.model import Practice
from reconnectd.core.occurrence import Occurrence

ONE_WAITS = "You kept a thanks for this talk: `reconnect thanks --one` shows it."


def next_talk(items: Sequence[Occurrence], now: dt.datetime) -> Occurrence | None:
    """The nearest check-in of the two that isn't over and that nobody answered; None where none is planned."""
    ahead = (one for one in items if one.practice == Practice.CHECK_IN and one.end and one.state.is_open)
    return min((one for one in ahead if one.over > now), key=lambda one: one.begins, default=None)


def before_the_talk(items: Sequence[Occurrence], now: dt.datetime) -> list[Occurrence]:
    """The same, the next talk with a line more in its word; no word is added."""
    talk = next_talk(items, now)
    if talk is None:
        return list(items)
    prompt = "\n".join(line for line in (talk.prompt, ONE_WAITS) if line)
    return [replace(one, prompt=prompt) if one is talk else one for one in items]
