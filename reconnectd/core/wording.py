"""Every sentence a person reads that is not an error: plain, warm, an invitation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reconnectd.core.hidden import SURPRISE
from reconnectd.core.model import (
    CountedFrom,
    Daily,
    Fixed,
    FixedRule,
    MonthDays,
    NthWeekdays,
    Schedule,
    Span,
    Surprise,
    Times,
    Weekdays,
)

ONE_OFF_TITLE = "Something to remember"
ONE_OFF_REASON = "you asked to be reminded of it"
ASK_AGAIN = "Half a year ago you both said yes to the shared calendar: ask each other again"
ARRANGED_REASON = "you arranged it, just this once"
EXTRA_REASON = "it happened outside the routine's own days"


APART_REASON = "you are apart: as it can be from afar"
APART_PROMPT = "You are apart just now: a few words, a voice message or a photo travel well."
LOOK_UP = (
    "Look up. Nothing more than that.",
    "Look up: what did your partner just do, unasked?",
    "Look up. A breath, and a thought of the two of you.",
    "Look up: what is good between you today?",
    "Look up. Which small thing went by nearly unnoticed?",
    "Look up. How does your partner seem this evening?",
    "Look up, just so. The rest of the hour is yours.",
)
LOOK_UP_APART = (
    "Look up. Where might your partner be right now?",
    "Look up: what would you tell them first, if they were here?",
    "Look up. Something in this room would make your partner smile.",
    "Look up: whose voice would be good to have near?",
    "Look up. A kind thought travels, even with no word sent.",
    "Look up. Which moment with your partner comes back to you?",
    "Look up, and let today's distance be a little smaller.",
)
"""What stands under a small cue that has no prompt: to notice, not to perform."""

LIGHTER_REASON = "no word about it: it is lighter for a while"
HOLDS_REASON = "no word about it: it holds by itself"
FEWER_REASON = "no word about it: with time these grow fewer"


def no_such_day(zone: str) -> str:
    """Why a date has no occurrence: the clocks of the zone jumped over it."""
    return f"that day doesn't exist in {zone}"


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_DAYS = tuple(day[:3] for day in DAYS)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


def reason(schedule: Schedule, *, pinned: bool) -> str:
    """Why the occurrences of a routine stand where they stand."""
    if isinstance(schedule, Surprise):
        return SURPRISE
    return "as the series was moved in the calendar" if pinned else _rule(schedule)


def counted(schedule: CountedFrom, ground: str, since: dt.date | None) -> str:
    """Why a routine that counts from the last time is next on a day; `ground` is a `counting.Ground`."""
    every = spell(schedule.every)
    last = f", on {since.day} {MONTHS[since.month - 1]}" if since else ""
    if ground == "limit" and schedule.no_later_than:
        return f"no later than {spell(schedule.no_later_than)} after you last did it{last}"
    reasons = {
        "first": f"the first time; from then on {every} after you last did it",
        "done": f"{every} after you last did it{last}",
        "again": f"{every} after the one before",
        "unheard": "nobody heard the one before",
    }
    return reasons[ground]


def spell(span: Span) -> str:
    """A calendar length in words: "3 weeks"."""
    return f"{span.count} {span.unit}{'s' if span.count > 1 else ''}"


def moved_by_hand(nominal: dt.datetime) -> str:
    """Why one of them stands elsewhere. `nominal` is local, in the routine's zone."""
    return f"moved here by hand; the routine says {SHORT_DAYS[nominal.weekday()]} {nominal:%H:%M}"


def _rule(schedule: Schedule) -> str:
    if isinstance(schedule, FixedRule):
        return f"by its rule, at {schedule.at:%H:%M}"
    assert isinstance(schedule, Fixed)
    return f"{once(schedule) or _days(schedule)} at {schedule.at:%H:%M}"


def once(schedule: Fixed) -> str:
    """The one day of what begins and ends on the same; "" for what comes again."""
    day = schedule.starting
    return f"once, on {day.day} {MONTHS[day.month - 1]}" if day and day == schedule.until else ""


def _days(schedule: Fixed) -> str:
    on, every = schedule.on, schedule.every
    if isinstance(on, Daily):
        return "every day" if every == 1 else f"every {every} days"
    if isinstance(on, Weekdays):
        named = and_([DAYS[day] for day in on.days])
        return f"every {named}" if every == 1 else f"{named} of every {every} weeks"
    if isinstance(on, NthWeekdays):
        named = and_([f"{ORDINALS[n]} {DAYS[day]}" for n, day in on.pairs])
        return f"the {named} of " + ("the month" if every == 1 else f"every {every} months")
    if isinstance(on, MonthDays):
        named = and_([str(day) for day in on.days])
        return f"day {named} of " + ("the month" if every == 1 else f"every {every} months")
    named = and_([f"{day} {MONTHS[month - 1]}" for month, day in on.dates])
    return f"every {named}" if every == 1 else f"{named}, every {every} years"


def and_(words: Sequence[str]) -> str:
    """The words as one says them: "a", "a and b", "a, b and c"; at least one."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def left_out(at_most: Times | None) -> str:
    """Why no word comes about something."""
    return f"no word about it: at most {at_most.count} a {at_most.period}" if at_most else "no word about it"


# Bubbles.

OK, ANOTHER_TIME, NOT_THIS_TIME = "OK", "Another time", "Not this time"
HAPPENED, ANOTHER_DAY = "It happened", "Another day"
DONE, LATER, NOT_TODAY = "Done", "Later", "Not today"
OPEN = "Open"

BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    "before": (("ok", OK), ("later", ANOTHER_TIME), ("skip", NOT_THIS_TIME)),
    "afterwards": (("done", HAPPENED), ("skip", NOT_THIS_TIME), ("later", ANOTHER_DAY)),
    "cue": (("done", DONE), ("later", LATER), ("skip", NOT_TODAY)),
    "digest": (("later", LATER), ("default", OPEN)),
    "for both": (("ok", "Only here"), ("skip", "For both of us")),
}

OTHERWISE: dict[str, str] = {
    "before": "In a terminal: reconnect snooze in 1h, or reconnect skip",
    "afterwards": "In a terminal: reconnect done, reconnect skip, or reconnect move sat",
    "cue": "In a terminal: reconnect done, reconnect snooze in 1h, or reconnect skip",
    "digest": "In a terminal: reconnect week",
    "for both": "In a terminal: reconnect skip --for-both",
}
"""What stands in place of the buttons on a desktop that has none."""


RINGS_HERE_TOO = 'ring = "phone": no phone reads a calendar on this machine, so this computer speaks, too'
IN_CLEAR = (
    "the calendar is spoken to without encryption, because allow_insecure_http says so: "
    "who is on that network can read the password and everything else"
)
"""A warning, at every start."""


def moment(start: dt.datetime, now: dt.datetime) -> str:
    """When something is, as one says it: "today at 19:30", "tomorrow at 09:00", "Friday at 19:30", "on 14 June"."""
    days = (start.date() - now.astimezone(start.tzinfo).date()).days
    if days == 0:
        return f"today at {start:%H:%M}"
    if days == 1:
        return f"tomorrow at {start:%H:%M}"
    if days == -1:
        return f"yesterday at {start:%H:%M}"
    if 1 < days < 7:
        return f"{DAYS[start.weekday()]} at {start:%H:%M}"
    return f"{SHORT_DAYS[start.weekday()]} {start.day} {MONTHS[start.month - 1]} at {start:%H:%M}"


def full_moment(start: dt.datetime, now: dt.datetime, *, timed: bool = True) -> str:
    """The same in full, so that it can be checked: "Thursday 26 November at 10:00"; without its time if not `timed`."""
    year = f" {start.year}" if start.year != now.astimezone(start.tzinfo).year else ""
    day = f"{DAYS[start.weekday()]} {start.day} {MONTHS[start.month - 1]}{year}"
    return f"{day} at {start:%H:%M}" if timed else day


def asked(titles: list[str]) -> str:
    """The question after an event."""
    return f"{and_(titles)}: did it come about?"


def digest_title(count: int) -> str:
    """The title of a bubble that stands for several."""
    return f"{count} small things are waiting"


def span(start: dt.datetime, end: dt.datetime | None, now: dt.datetime) -> str:
    """When an event is: "today at 19:30, until 21:30"."""
    return f"{moment(start, now)}, until {end:%H:%M}" if end else moment(start, now)


def leave_for_both(title: str) -> str:
    """The second step of "Not this time"."""
    return f"{title}: take it out of the calendar you both see, too?"


OTHER_DAYS_BODY = "Leave it, and you are asked again later."


def which_day(title: str) -> str:
    """The second step of "Another day"."""
    return f"{title}: which day suits?"


def day_button(start: dt.datetime, now: dt.datetime) -> str:
    """A day to choose: "Saturday 19:30"."""
    days = (start.date() - now.astimezone(start.tzinfo).date()).days
    if days < 7:
        return f"{DAYS[start.weekday()] if days else 'Today'} {start:%H:%M}"
    return f"{SHORT_DAYS[start.weekday()]} {start.day} {MONTHS[start.month - 1]} {start:%H:%M}"


def move_there(start: dt.datetime, slug: str, now: dt.datetime) -> str:
    """The same in a terminal; `slug` "" where it isn't to be shown."""
    days = (start.date() - now.astimezone(start.tzinfo).date()).days
    day = SHORT_DAYS[start.weekday()].lower() if 0 < days < 7 else start.date().isoformat()
    return f'In a terminal: reconnect move "{day} {start:%H:%M}" {slug}'.rstrip()


ALIVE_TITLE = "reconnectd is here"
ALIVE_BODY = "It will speak up now and then, and stay quiet otherwise."
TEST_TITLE = "A word from reconnectd"
TEST_BODY = "This is how it will look. Nothing else to do."


def listing(titles: list[str], at_most: int) -> str:
    """Titles one under another; what doesn't fit is counted."""
    rest = len(titles) - at_most
    return "\n".join([*titles[:at_most], f"and {rest} more"] if rest > 0 else titles)


TIMER_MOVED_ON = ("Time to change", "Your timer has moved on.")
TIMER_IS_OVER = ("The time is up", "Your timer has come to its end.")
"""Title and body when a timer rings; what it is for is nobody else's business."""
