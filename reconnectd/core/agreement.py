"""Have both said yes to a calendar that both look at? Without that nothing is written there."""

from __future__ import annotations

import calendar
import datetime as dt
from enum import StrEnum

from reconnectd.core.settings import Settings
from reconnectd.errors import NoAgreement

MONTHS = 6
SLACK = dt.timedelta(days=1)
"""Where the partner lives it may be tomorrow already."""


class Agreement(StrEnum):
    """How it stands. OLD is as good as GIVEN, and both are asked again."""

    NOT_NEEDED = "not needed"
    GIVEN = "given"
    OLD = "old"
    AHEAD = "ahead"
    NONE = "none"


def agreement(settings: Settings, today: dt.date) -> Agreement:
    """How it stands on `today`. Needed with a partner, for an account whose calendar both see, or of which it isn't
    said who does; never for the embedded calendar."""
    people = settings.people
    if settings.calendar.embedded or people.partner is None or not settings.seen_by_both:
        return Agreement.NOT_NEEDED
    if people.partner_agrees is None:
        return Agreement.NONE
    if people.partner_agrees > today + SLACK:
        return Agreement.AHEAD
    return Agreement.OLD if asked_again(people.partner_agrees) <= today else Agreement.GIVEN


def refusal(settings: Settings, today: dt.date, *, stands: bool) -> NoAgreement | None:
    """Why nothing is written, None where it may be. `stands`: something was written there before."""
    said = settings.people.partner_agrees
    begins = said if agreement(settings, today) is Agreement.AHEAD else None
    if may_write(settings, today):
        return None
    return NoAgreement(settings.calendar.calendar, begins=begins, stands=stands)


def may_write(settings: Settings, today: dt.date) -> bool:
    """May anything be written to the calendar?"""
    return agreement(settings, today) not in {Agreement.NONE, Agreement.AHEAD}


def asked_again(said: dt.date) -> dt.date:
    """The day on which a yes is half a year old; the last of a shorter month."""
    month = said.month + MONTHS
    year, month = said.year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, min(said.day, calendar.monthrange(year, month)[1]))
