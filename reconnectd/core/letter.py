"""Half a page for the partner: what this writes, what it never does, how to move, decline and stop.

Each sentence stands there only where it is true for this config.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from reconnectd.core import wording
from reconnectd.core.agreement import Agreement, agreement
from reconnectd.core.arranged_talk import TITLE
from reconnectd.core.model import Routine
from reconnectd.core.practice.ideas import carries_idea
from reconnectd.core.settings import Settings
from reconnectd.core.shape import written_with_a_yes

WIDTH = 72
AT_MOST = 6
"""Routines that are named; the others are counted, so that it stays half a page."""


WHAT_IT_IS = (
    "I use reconnectd, a small program that keeps a few routines for the two of us in view and says a word on my "
    "computer at the right moment."
)
A_TALK = (
    f'When we agree on a talk, it stands there once, as "{TITLE}", with a line on how to go about it and nothing of '
    "what it is about."
)
INVITATION = (
    "It is an invitation. A no needs no reason, today or later. It is not therapy either; if anything about it feels "
    "like pressure, that alone is a reason to stop it."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """`written` are the routines that stand in the calendar, or would with a yes, as (title, when)."""

    to: str | None
    sender: str | None
    written: tuple[tuple[str, str], ...]
    text: str


def letter(settings: Settings, today: dt.date) -> Letter:
    """The letter that is true on `today`."""
    people = settings.people
    sender = people.me if people.me != "you" else None
    written = tuple(
        (routine.title, wording.reason(routine.schedule, pinned=False))
        for routine in written_with_a_yes(settings, today)
    )
    parts = [
        f"Hello{f' {people.partner}' if people.partner else ''},",
        WHAT_IT_IS,
        *_what_it_writes(settings, today, written),
        _what_it_never_does(settings),
        _what_you_can_do(settings, today),
        INVITATION,
        *([sender] if sender else []),
    ]
    return Letter(people.partner, sender, written, "\n\n".join(_filled(part) for part in parts) + "\n")


def _shared(settings: Settings) -> bool:
    """Could the partner see what is written?"""
    return settings.seen_by_both and not settings.calendar.embedded


def _what_it_writes(settings: Settings, today: dt.date, written: tuple[tuple[str, str], ...]) -> Iterator[str]:
    name = f'"{settings.calendar.calendar}"'
    if settings.calendar.embedded:
        yield "What it writes stays in a calendar on my computer; nothing of it is in yours."
        return
    if not _shared(settings):
        yield f"What it writes stands in my calendar {name}, which you don't see."
        return
    yield _since_when(settings, today, name)
    yield "\n".join(_listed(written)) or "  nothing"
    yield _what_an_event_says(settings)


def _since_when(settings: Settings, today: dt.date, name: str) -> str:
    said, standing = settings.people.partner_agrees, agreement(settings, today)
    if said is None:
        return f"It writes nothing into our calendar {name}: that takes a yes from both of us. With it, it would write:"
    if standing is Agreement.AHEAD:
        return f"From {_day(said)} on, as we both said, it writes into our calendar {name}:"
    return f"Since {_day(said)}, when we both said yes, it writes into our calendar {name}:"


def _listed(written: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for title, when in written[:AT_MOST]:
        yield f"  {title}, {when}"
    if len(written) > AT_MOST:
        yield f"  and {len(written) - AT_MOST} more"


def _what_an_event_says(settings: Settings) -> str:
    shown = [routine for routine in settings.routines if not routine.private]
    more = [
        what
        for what, has in (("place", any(one.location for one in shown)), ("note", any(one.notes for one in shown)))
        if has
    ]
    with_it = f", and the {' and the '.join(more)} I gave it" if more else ""
    ideas = " Time together brings an idea along, for us both." if any(map(_brings_an_idea, shown)) else ""
    says = f"An event says its title and its time{with_it}.{ideas}"
    alarm = "It carries an alarm, which rings on every device that rings for this calendar, so perhaps on yours."
    quiet = "It carries no alarm: what reconnectd says to me, it says on my computer."
    rings = settings.calendar.ring != "computer" and any(routine.remind for routine in shown)
    return f"{says} {alarm if rings else quiet} {A_TALK}"


def _brings_an_idea(routine: Routine) -> bool:
    return routine.calendar and carries_idea(routine)


def _what_it_never_does(settings: Settings) -> str:
    sentences = [
        "What we did or didn't do is never written into a calendar.",
        "Who moved, declined or deleted something is kept nowhere.",
    ]
    if _shared(settings):
        sentences.append("In our calendar it changes only what it made itself, and nothing private is ever in there.")
    if not settings.calendar.partner_busy:
        sentences.append("It reads no calendar of yours.")
    if not settings.people.partner_email and not any(routine.invite for routine in settings.routines):
        sentences.append("It sends you nothing, no mail and no messages.")
    return " ".join(["What it never does:", *sentences])


def _what_you_can_do(settings: Settings, today: dt.date) -> str:
    if not _shared(settings):
        return (
            "There is nothing you have to do. If a routine is not to your liking, say so: I can let one rest "
            "(`reconnect pause`), or end all of it (`reconnect stop`)."
        )
    yes = agreement(settings, today) in {Agreement.GIVEN, Agreement.OLD}
    sentences = [
        "Your calendar app is all you need. To move an event, drag it: it stays where you put it.",
        "To decline one, delete it: it is let go of, without a question.",
        "To stop a routine, delete its whole series: it doesn't come back unless I ask for it by name.",
    ]
    if yes:
        sentences.append(
            "To stop all of it, tell me: `reconnect stop --clear` takes out what is still to come, and without our yes "
            "in my config nothing more is written. After half a year it asks me whether our yes still holds."
        )
    return " ".join(sentences)


def _day(day: dt.date) -> str:
    return f"{day.day} {wording.MONTHS[day.month - 1]} {day.year}"


def _filled(part: str) -> str:
    if part.startswith("  "):
        return part
    return textwrap.fill(part, WIDTH, break_long_words=False, break_on_hyphens=False)
