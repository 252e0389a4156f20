"""What the planner knows, and what it planned, in as few words as possible."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from household import MONDAY_MORNING, berlin

from reconnectd.core.occurrence import Fact, Occurrence, OccurrenceId, Plan, Standing
from reconnectd.core.outlook import Outlook

ZONE = "Europe/Berlin"
LONG_KNOWN = MONDAY_MORNING - dt.timedelta(days=100)
FRIDAY = OccurrenceId("date-night", dt.date(2026, 11, 27))


def outlook(now: str | dt.datetime = MONDAY_MORNING, **changes: object) -> Outlook:
    """Routines have been known for long, unless it says otherwise."""
    slugs = ("date-night", "sunday-talk", "morning-word", "small-touch", "anniversary", "event", "cue", "a", "b")
    known = {slug: Standing(slug, 1, None, LONG_KNOWN) for slug in slugs}
    moment = berlin(now) if isinstance(now, str) else now
    return replace(Outlook(now=moment, zone=ZONE, standings=known), **changes)  # type: ignore[arg-type]


def one(made: Plan, name: OccurrenceId | str) -> Occurrence:
    (found,) = [item for item in made.occurrences if str(item.id) == str(name)]
    return found


def words(made: Plan, slug: str = "") -> list[str]:
    zone = ZoneInfo(ZONE)
    return [
        f"{word.occurrence} {word.lead} {word.due.astimezone(zone):%a %H:%M}"
        for word in made.reminders
        if not slug or word.occurrence.slug == slug
    ]


def facts(*given: Fact) -> dict[OccurrenceId, Fact]:
    return {fact.id: fact for fact in given}
