"""The first talk: once, three to seven days after the beginning, half an hour.

It is a routine like any other, with a date that comes once: `on` says the day, `starting` and `until` that it is this
year's and no other. So it is one event, which can be moved, declined and found in the config, and needs no rule of its
own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from reconnectd.core.model import Fixed, FixedRule, Placed, Routine
from reconnectd.core.practice.agenda import Turn
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import nominal_dates, stretch
from reconnectd.core.settings import Settings
from reconnectd.core.wording import MONTHS

SLUG = "first-talk"
MINUTES = 30
DAYS_IN = range(3, 8)
WEEKEND = {5, 6}
_DAY = dt.timedelta(days=1)
_LENGTH = dt.timedelta(minutes=MINUTES)
_AT_THE_WEEKEND = ("17:00", "16:00", "11:00", "15:00", "18:00", "19:00", "14:00", "10:00")
_IN_THE_EVENING = ("19:00", "18:30", "20:00", "18:00", "20:30", "17:30")

_ROUTINE = """
# Once, to begin with: how we are, no blame, one root each, one wish each. `reconnect talk --first --card` prints it.
# (This very talk was not tried; a yearly one, with a therapist, did 215 couples good in a trial: Cordova 2014.)
[routine.{slug}]
practice = "check-in"
title = "A first talk"
on = "{day} {month}"
at = "{at:%H:%M}"
lasting = "{minutes} min"
starting = {date}
until = {date}
done = "assume"                    # nobody asks afterwards whether it took place
"""

BEFORE = (
    "Half an hour, notifications off. It isn't about who is right: nobody explains the other, and nothing has to be "
    'solved today. Each of you may say "let\'s stop here" at any time, without a reason.'
)
TURNS = (
    Turn(
        "are", "How we are", 9,
        "One speaks for three minutes, the other only listens and says back what they understood. Then the other way "
        "round. Speak about yourself: how close you feel, how heard, how tired.",
        '"These weeks I feel …"',
    ),
    Turn(
        "good", "What is good", 5,
        "One thing each that the other did lately and that you liked, however small.",
        '"I liked it when you …"',
    ),
    Turn(
        "root", "One root each", 9,
        "What lies under the distance, on your own side: work, health, money, family, the household, phones, a hurt, "
        "something that was never settled, too little time. One is enough. The other asks one question and explains "
        "nothing.",
        '"What takes me away from us is …"',
    ),
    Turn(
        "wish", "One wish each", 7,
        "Small enough for this week, and something to do rather than to leave off. The answer may be yes, no, or "
        "something smaller.",
        '"I would like it if we …"',
    ),
)  # fmt: skip
AFTER = "Then do something pleasant for ten minutes that has nothing to do with any of this. Keep the page, or don't."


def first_talk_at(settings: Settings, today: dt.date, zone: ZoneInfo) -> tuple[dt.date, dt.time]:
    """The day and the time for the first talk of somebody who begins on `today`: always 3 to 7 days ahead.

    In the order of what weighs most: outside quiet, over before `talk_not_after`, beside every event, on a day without
    one, on a day into which none may be put (`within`), at the weekend, early. So it is never in quiet, nor on the
    evening out, as long as one of the five days is free.
    """
    days = (today + ahead * _DAY for ahead in DAYS_IN)
    slots = [(day, dt.time.fromisoformat(at)) for day in days for at in _times(day)]
    return min(
        slots, key=lambda slot: (_against(settings, *slot, zone=zone), slot[0].weekday() not in WEEKEND, slot[0])
    )


def first_talk_routine(day: dt.date, at: dt.time) -> str:
    """Its piece of a config."""
    month = MONTHS[day.month - 1][:3].lower()
    return _ROUTINE.format(slug=SLUG, day=day.day, month=month, at=at, minutes=MINUTES, date=day)


def _times(day: dt.date) -> Sequence[str]:
    return _AT_THE_WEEKEND if day.weekday() in WEEKEND else _IN_THE_EVENING


def _against(settings: Settings, day: dt.date, at: dt.time, *, zone: ZoneInfo) -> tuple[bool, ...]:
    """What speaks against a slot, the heaviest first."""
    end = (dt.datetime.combine(day, at) + _LENGTH).time()
    quiet = Quiet(settings.reminders.quiet)
    events = [routine for routine in settings.routines if routine.lasting and _is_on(routine, day, settings)]
    return (
        not quiet.always and bool(quiet.stretches(*stretch(day, at, end, zone), zone)),
        end > settings.guards.talk_not_after,
        any(_overlaps(routine, at, end) for routine in events),
        bool(events),
        any(_may_be_on(routine, day) for routine in settings.routines),
    )


def _is_on(routine: Routine, day: dt.date, settings: Settings) -> bool:
    if not isinstance(routine.schedule, Fixed | FixedRule):
        return False
    dates = nominal_dates(
        routine.schedule, day, day + _DAY, week_start=settings.time.week_start, short_month=routine.short_month
    )
    return next(dates, None) is not None


def _overlaps(routine: Routine, at: dt.time, end: dt.time) -> bool:
    """On the clock; what lasts past midnight lasts as long as the day."""
    assert isinstance(routine.schedule, Fixed | FixedRule)
    assert routine.length is not None
    begin = dt.datetime.combine(dt.date(2024, 1, 1), routine.schedule.at)
    last = begin + routine.length
    return begin.time() < end and (last.date() > begin.date() or at < last.time())


def _may_be_on(routine: Routine, day: dt.date) -> bool:
    return isinstance(routine.schedule, Placed) and any(
        day.weekday() in window.days for window in routine.schedule.within
    )
