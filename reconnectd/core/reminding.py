"""When a word is said: leads, quiet hours, lateness, the question afterwards, and at most so many.

The rules, in the order in which they are applied to an occurrence:

1. A lead is counted back from the start as an instant. Of several leads that have already come, only the nearest
   to the start is said.
2. Quiet hours hold a word to their end when that is before the start, else bring it forward to their beginning.
   A word at the start itself (lead 0) rings: the person put it there. The one that comes there by itself (see
   `practice.beginning`) stays away in quiet.
3. A lead stays to be said until the start; a cue until `late` after its moment; the question afterwards until the
   first `day_start` after it. A word that was put off stays for a day; about an event that is to come, until its end.
4. The question afterwards is asked once for a day, 30 minutes after the last of its events has ended.
5. `at_most` counts bubbles: more than three words at one instant are one. One-offs are always said; then come
   leads, then the question, then cues and the word as an event begins, then surprises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.model import ONE_OFF, Routine, Surprise, Times
from reconnectd.core.occurrence import (
    AFTERWARDS,
    BEGINS,
    SNOOZE,
    Fact,
    Occurrence,
    OccurrenceId,
    Phase,
    Reminder,
    State,
)
from reconnectd.core.practice.beginning import has_own_word
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import day_bounds, local_date

ASK_AFTER = dt.timedelta(minutes=30)
SURPRISE_GRACE = dt.timedelta(minutes=2)
STAYS_TO_BE_SAID = dt.timedelta(days=1)
DIGEST_ABOVE = 3


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person wants to be spoken to. `late` is for cues; `at_most` None is no limit. `rings_elsewhere`: events
    that are in the calendar have an alarm there, and no word before them here."""

    zone: ZoneInfo
    quiet: Quiet
    late: dt.timedelta
    at_most: Times | None
    day_start: dt.time
    week_start: int
    rings_elsewhere: bool = False


def reminders(item: Occurrence, routine: Routine | None, manner: Manner, now: dt.datetime) -> list[Reminder]:
    """The words about one open occurrence that can still be said at `now`, the question afterwards left out.

    `routine` is None for a one-off. Of a snoozed occurrence it is the word that was put off; and when it was
    announced, by one of several, those that come after it.
    """
    if not item.state.is_open:
        return []
    leads = _leads(item, routine, manner)
    words = [_lead_word(item, routine, lead, manner) for lead in sorted(set(leads), reverse=True)]
    words += _as_it_begins(item, routine, manner)
    until = item.snoozed_until
    if until is not None:
        later = [word for word in words if word.due > until and item.state is State.ANNOUNCED]
        words = [snoozed_word(item, until), *later]
    alive = [word for word in words if word.expires is None or word.expires > now]
    return _nearest_of_the_come(alive, now)


def _leads(item: Occurrence, routine: Routine | None, manner: Manner) -> tuple[dt.timedelta, ...]:
    if routine is None:
        return (dt.timedelta(0),)
    return () if _rings_elsewhere(item, manner) else routine.remind


def _rings_elsewhere(item: Occurrence, manner: Manner) -> bool:
    return manner.rings_elsewhere and item.in_calendar and item.end is not None


def _as_it_begins(item: Occurrence, routine: Routine | None, manner: Manner) -> list[Reminder]:
    """The word at the start that nobody asked for by a lead: see `practice.beginning`."""
    if routine is None or not has_own_word(routine) or item.end is None or _rings_elsewhere(item, manner):
        return []
    if manner.quiet.holding(item.begins, manner.zone):
        return []
    until = item.begins + _lateness(item, routine, manner)
    return [Reminder(item.id, BEGINS, item.begins, until, Phase.BEFORE)]


def alarm_lead(leads: Iterable[dt.timedelta]) -> dt.timedelta | None:
    """The lead of the one alarm that an event may carry: the last that comes before it begins; None for none."""
    return min(leads, default=None)


def _lead_word(item: Occurrence, routine: Routine | None, lead: dt.timedelta, manner: Manner) -> Reminder:
    instant = item.begins - lead
    if lead:
        due, expires = _out_of_quiet(instant, item.begins, manner), item.begins
        phase = Phase.BEFORE
    else:
        due, expires = instant, item.begins + _lateness(item, routine, manner)
        phase = Phase.BEFORE if item.end else Phase.CUE
    return Reminder(item.id, str(int(lead.total_seconds())), due, expires, phase)


def _lateness(item: Occurrence, routine: Routine | None, manner: Manner) -> dt.timedelta:
    """How long after its moment a word may come; an event's until it ends, at most."""
    if routine is None:
        return dt.timedelta(days=1)
    late = manner.late if routine.late is None else routine.late
    if isinstance(routine.schedule, Surprise) and routine.late is None:
        late = SURPRISE_GRACE
    return min(late, item.over - item.begins) if item.end else late


def _out_of_quiet(instant: dt.datetime, start: dt.datetime, manner: Manner) -> dt.datetime:
    stretch = manner.quiet.holding(instant, manner.zone)
    if stretch is None:
        return instant
    begin, end = stretch
    return end if end < start else begin


def of_use_until(fact: Fact, due: dt.datetime) -> dt.datetime:
    """When the word of a one-off is dropped: luck is wished before, not after. Its fact names that as its end."""
    return min(due + STAYS_TO_BE_SAID, fact.end) if fact.end else due + STAYS_TO_BE_SAID


def snoozed_word(item: Occurrence, until: dt.datetime) -> Reminder:
    """The word that was put off."""
    if item.end and until < item.over:
        return Reminder(item.id, SNOOZE, until, item.over, Phase.BEFORE)
    phase = Phase.AFTERWARDS if item.end else Phase.CUE
    return Reminder(item.id, SNOOZE, until, until + STAYS_TO_BE_SAID, phase)


def _nearest_of_the_come(words: Sequence[Reminder], now: dt.datetime) -> list[Reminder]:
    """Drop what a nearer word has overtaken: one that has come too, or that comes at the same instant."""
    kept: list[Reminder] = []
    for word in words:
        while kept and (kept[-1].due >= word.due or (kept[-1].due <= now and word.due <= now)):
            kept.pop()
        kept.append(word)
    return kept


def questions(items: Iterable[Occurrence], manner: Manner, now: dt.datetime) -> list[Reminder]:
    """One question a day about the events of that day that ask for one and have no answer."""
    return [word for word in _questions(items, manner) if word.expires and word.expires > now]


def unanswered(items: Iterable[Occurrence], manner: Manner, now: dt.datetime) -> set[OccurrenceId]:
    """Events whose question, put off or not, has had its time: they did not happen, silently."""
    listed = list(items)
    late = {word.occurrence for word in _questions(listed, manner) if word.expires and word.expires <= now}
    put_off = (item for item in listed if _asks(item) and _is_asked_later(item))
    return late | {item.id for item in put_off if item.snoozed_until and item.snoozed_until + STAYS_TO_BE_SAID <= now}


def _questions(items: Iterable[Occurrence], manner: Manner) -> Iterator[Reminder]:
    days: dict[dt.date, list[Occurrence]] = {}
    for item in items:
        if _asks(item) and not _is_asked_later(item):
            days.setdefault(local_date(item.over, manner.zone, manner.day_start), []).append(item)
    return (word for day in days.values() for word in _question(day, manner))


def _asks(item: Occurrence) -> bool:
    return item.ask and item.state.is_open


def _is_asked_later(item: Occurrence) -> bool:
    """Was the question itself put off? A word about what is to come, put off, leaves the question alone."""
    return item.snoozed_until is not None and item.snoozed_until >= item.over


def _question(day: Sequence[Occurrence], manner: Manner) -> list[Reminder]:
    due = manner.quiet.free_from(max(item.over for item in day) + ASK_AFTER, manner.zone)
    expires = answer_until(due, manner)
    return [Reminder(item.id, AFTERWARDS, due, expires, Phase.AFTERWARDS) for item in day]


def answer_until(asked: dt.datetime, manner: Manner) -> dt.datetime:
    """The first `day_start` after an instant: from then on it did not happen, silently."""
    day = local_date(asked, manner.zone, manner.day_start)
    return day_bounds(day, manner.zone, manner.day_start)[1]


def limited(
    words: Sequence[Reminder], manner: Manner, said: Sequence[dt.datetime], rank: Callable[[OccurrenceId], int]
) -> tuple[list[Reminder], list[Reminder]]:
    """Apply `at_most`: (what may be said, what is left out).

    `said` are the instants of bubbles already shown. `rank` orders occurrences: 0 is never left out, lower first.
    """
    if manner.at_most is None:
        return _by_due(words), []
    used: dict[dt.date, int] = {}
    for instant in said:
        period = _period(instant, manner)
        used[period] = used.get(period, 0) + 1
    kept: list[Reminder] = []
    left: list[Reminder] = []
    for order, _, unit in _in_order(words, rank):
        period = _period(unit[0].due, manner)
        if order and used.get(period, 0) >= manner.at_most.count:
            left.extend(unit)
            continue
        used[period] = used.get(period, 0) + 1
        kept.extend(unit)
    return _by_due(kept), left


def _by_due(words: Iterable[Reminder]) -> list[Reminder]:
    return sorted(words, key=lambda word: (word.due, word.occurrence, word.lead))


def bubbles(words: Sequence[Reminder]) -> list[list[Reminder]]:
    """The words, parted into what is one bubble on the screen: the questions of one instant, or more words than
    three; else each on its own."""
    instants: dict[tuple[dt.datetime, bool], list[Reminder]] = {}
    for word in words:
        instants.setdefault((word.due, word.lead == AFTERWARDS), []).append(word)
    found: list[list[Reminder]] = []
    for (_, question), group in instants.items():
        found += [group] if question or len(group) > DIGEST_ABOVE else [[word] for word in group]
    return found


def _in_order(
    words: Sequence[Reminder], rank: Callable[[OccurrenceId], int]
) -> list[tuple[int, dt.datetime, list[Reminder]]]:
    units = ((min(_order(word, rank) for word in unit), unit[0].due, unit) for unit in bubbles(words))
    return sorted(units, key=lambda unit: unit[:2])


def _order(word: Reminder, rank: Callable[[OccurrenceId], int]) -> int:
    if word.lead == SNOOZE or rank(word.occurrence) == 0:
        return 0
    if word.phase is Phase.BEFORE:
        return 3 if word.lead == BEGINS else 1
    return 2 if word.phase is Phase.AFTERWARDS else 2 + rank(word.occurrence)


def ranks(routines: Mapping[str, Routine]) -> Callable[[OccurrenceId], int]:
    """0 for one-offs, 1 for what has a fixed time, 2 for surprises."""

    def rank(name: OccurrenceId) -> int:
        if name.slug == ONE_OFF:
            return 0
        routine = routines.get(name.slug)
        return 2 if routine and isinstance(routine.schedule, Surprise) else 1

    return rank


def _period(instant: dt.datetime, manner: Manner) -> dt.date:
    """The first date of the period of `at_most` that an instant belongs to."""
    day = local_date(instant, manner.zone, manner.day_start)
    unit = manner.at_most.period if manner.at_most else "day"
    if unit == "week":
        return day - dt.timedelta(days=(day.weekday() - manner.week_start) % 7)
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day
