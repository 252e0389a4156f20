"""A calm time for a talk, from all that is known of the coming weeks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reconnectd.app.practice.topics import last_hard
from reconnectd.core.arranged_talk import LENGTH, TALK
from reconnectd.core.occurrence import State
from reconnectd.core.outlook import AHEAD as PLANNED
from reconnectd.core.practice.calm import AHEAD, LOOK, Against, Around, Taken, WindowSlots, against, calm_slot
from reconnectd.core.quiet import Quiet
from reconnectd.core.rest import Rests

if TYPE_CHECKING:
    from reconnectd.ports import Slots
    from reconnectd.wiring.session import Session


def calm_time(session: Session, slots: Slots | None = None) -> dt.datetime | None:
    """The first half hour that no guard speaks against; None when there is none in the coming weeks."""
    now = session.now
    found = slots or WindowSlots(session.zone)
    return calm_slot(found.starts(now + AHEAD, now + LOOK, LENGTH), now, _around(session))


def objections(session: Session, start: dt.datetime) -> tuple[Against, ...]:
    """What a time of one's own is against."""
    return against(start, session.now, _around(session))


def are_apart(session: Session, moment: dt.datetime) -> bool:
    """Are the two in different places then?"""
    return _rests(session).are_apart(moment)


def _rests(session: Session) -> Rests:
    return Rests(session.settings, session.store.rests.all(), session.zone)


def _around(session: Session) -> Around:
    settings, zone = session.settings, session.zone
    theirs = settings.time.partner_timezone
    rests = _rests(session).of(TALK.slug)
    return Around(
        zones=(zone, ZoneInfo(theirs)) if theirs else (zone,),
        quiet=Quiet(settings.reminders.quiet),
        guards=settings.guards,
        day_start=settings.time.day_start,
        week_start=settings.time.week_start,
        taken=_taken(session),
        talks=[
            fact.start
            for fact in session.store.facts.of(TALK.slug).values()
            if fact.start and fact.state in {None, State.DONE}
        ],
        hard=last_hard(session.store),
        rests=lambda moment: any(rest.covers(moment) for rest in rests),
    )


def _taken(session: Session) -> list[Taken]:
    items = session.plan(session.now, PLANNED).occurrences
    return [Taken(item.begins, item.over, item.practice) for item in items if item.end and item.state.is_open]
