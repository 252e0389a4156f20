"""What is coming, and why there: `next`, `week`, `plan`, `why`.

`next` is asked for more often than anything else. With a fresh stored plan it imports what reading a few rows takes
and nothing more; everything else is imported where it is needed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli import listing, rows
from reconnectd.cli.examples import examples

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.cli.rows import Row
    from reconnectd.core.occurrence import Occurrence, Reminder

A_FEW = 5
ROOM_FOR_SURPRISES = 12
"""How many rows a person's list looks through for one with a moment to be told."""

FARTHEST = 1000
"""Days ahead in which `next` looks for as many as are wanted."""

AT = click.option("--at", "at", metavar="WHEN", help="Answer as of then.")


@click.command("next", epilog=examples("reconnect next", "reconnect next -n 20", 'reconnect next --at "sat 18:00"'))
@click.option(
    "-n", "count", type=click.IntRange(1, 1000), metavar="N", help=f"How many, however far ahead.  [default: {A_FEW}]"
)
@AT
@click.pass_obj
def next_(call: Call, count: int | None, at: str | None) -> None:
    """What comes next: what is open and not over."""
    now = as_of(call, at)
    wanted = (count or A_FEW) * (1 if call.output.as_json else ROOM_FOR_SURPRISES)
    found, unplaced = _upcoming(call, now, wanted)
    if now != call.session.now or len(found) < (count or 0):
        found = looked_for(call, now, wanted)
    _say(call, found if call.output.as_json else _first(found, count or A_FEW, now), unplaced, now)


def _first(found: list[Row], count: int, now: dt.datetime) -> list[Row]:
    """So many that have a moment to be told, with the surprises in between."""
    kept: list[Row] = []
    told = 0
    for row in found:
        told += not listing.is_veiled(row, now)
        if told > count:
            break
        kept.append(row)
    return kept


def _upcoming(call: Call, now: dt.datetime, count: int) -> tuple[list[Row], list[dict[str, Any]]]:
    """From the stored plan, if it is the present that is asked for; it may hold fewer than are wanted."""
    if now != call.session.now:
        return [], []
    agenda = call.session.agenda()
    found = rows.local(agenda.upcoming(now.timestamp(), count), rows.zone_of(agenda))
    return found, agenda.unplaced()


def looked_for(call: Call, now: dt.datetime, count: int) -> list[Row]:
    """Look farther and farther ahead until there are as many."""
    ahead = 35
    while True:
        planned = [_as_seen(call, row) for row in rows.rows_of(call.session.plan(now, ahead), now)]
        found = [row for row in planned if rows.is_open(row) and rows.over(row) >= now]
        if len(found) >= count or ahead >= FARTHEST:
            return found[:count]
        ahead = min(ahead * 3, FARTHEST)


@click.command(epilog=examples("reconnect week", "reconnect week --svg week.svg", 'reconnect week --at "in 7 days"'))
@click.option("--svg", "file", metavar="FILE", help="Draw it as a picture, too.")
@AT
@click.pass_obj
def week(call: Call, at: str | None, file: str | None) -> None:
    """The week that holds today, from its first day to its last, and what became of it."""
    from reconnectd.core.planning import manner, window
    from reconnectd.core.recurrence import local_date

    now, settings = as_of(call, at), call.session.settings
    how = manner(settings, call.session.place.zone)
    today = local_date(now, how.zone, how.day_start)
    first = today - dt.timedelta(days=(today.weekday() - how.week_start) % 7)
    begin, end = window(first, 7, how)
    found, unplaced = _between(call, begin, end, now)
    _say(call, found, unplaced, now)
    if file is not None:
        from reconnectd.cli import picture

        picture.save(Path(file), picture.svg(found, unplaced, first, now))
    if now == call.session.now:
        from reconnectd.cli.practice import memories

        memories.say_that_one_could_be_kept(call)


@click.command(epilog=examples("reconnect plan --days 30"))
@click.option(
    "--days", type=click.IntRange(1, FARTHEST), default=14, metavar="N", show_default=True, help="How many, with today."
)
@AT
@click.pass_obj
def plan(call: Call, days: int, at: str | None) -> None:
    """The days ahead: what is not over, whatever was said about it."""
    from reconnectd.core.planning import manner, window
    from reconnectd.core.recurrence import local_date

    now = as_of(call, at)
    how = manner(call.session.settings, call.session.place.zone)
    _, end = window(local_date(now, how.zone, how.day_start), days, how)
    found, unplaced = _between(call, now - dt.timedelta(days=32), end, now)
    _say(call, [row for row in found if rows.over(row) >= now], unplaced, now)


def _between(
    call: Call, begin: dt.datetime, end: dt.datetime, now: dt.datetime
) -> tuple[list[Row], list[dict[str, Any]]]:
    """What starts in [begin, end): the stored rows where they reach so far, else as it would be planned."""
    from reconnectd.core.outlook import AHEAD

    if now == call.session.now and end - now <= dt.timedelta(days=AHEAD):
        agenda = call.session.agenda()
        found = agenda.between(begin.timestamp(), end.timestamp())
        return rows.local(found, rows.zone_of(agenda)), agenda.unplaced()
    made = call.session.plan(now, max(AHEAD, (end - now).days + 1))
    unplaced = [{"routine": one.routine, "period": one.period, "reason": one.reason} for one in made.unplaced]
    found = [_as_seen(call, row) for row in rows.rows_of(made, now)]
    return [row for row in found if begin <= rows.starts(row) < end], unplaced


def _as_seen(call: Call, row: Row) -> Row:
    """On a person's screen no time that is asked about tells the moment of a surprise."""
    return row if call.output.as_json else rows.veiled(row, call.session.now)


def as_of(call: Call, at: str | None) -> dt.datetime:
    """The present, or what --at says, before the command or after it."""
    words = at or call.at
    if words is None:
        return call.session.now
    from reconnectd.cli.names import when

    return when(call, words, at=call.session.settings.time.day_start)


def _say(call: Call, found: list[Row], unplaced: list[dict[str, Any]], now: dt.datetime) -> None:
    if call.output.as_json:
        call.output.document({"occurrences": found, "unplaced": unplaced})
        return
    if found:
        listing.show(call.output, found, now)
    else:
        _say_nothing_is_planned(call)
    listing.show_unplaced(call.output, unplaced)
    _say_what_rests(call)


def _say_nothing_is_planned(call: Call) -> None:
    call.output.line("Nothing is planned: a free stretch.")
    call.output.line("`reconnect config edit` opens the routines, `reconnect remember` keeps a single thing in mind.")


def _say_what_rests(call: Call) -> None:
    resting = call.session.agenda().resting(call.session.now.timestamp())
    if not resting:
        return
    from reconnectd.cli.rest_words import holds, rest_of

    for row in resting:
        call.output.line(holds(call, rest_of(row)) + ".")


@click.command(epilog=examples("reconnect why date-night", "reconnect why date-night@2026-11-27"))
@click.argument("name", nargs=-1, required=True, metavar="NAME")
@AT
@click.pass_obj
def why(call: Call, name: tuple[str, ...], at: str | None) -> None:
    """Why something stands where it stands: NAME is a routine, or one day of it (date-night@2026-11-27)."""
    from reconnectd.cli.names import Names, is_open

    now = as_of(call, at)
    item = Names(call, now).one(" ".join(name), is_open, else_any=True)
    words = call.session.store.reminders.of(item.id)
    waiting = [word.due for word in words if word.state in {"pending", "held"}]
    row = _as_seen(call, rows.row_of(item, waiting))
    if call.output.as_json:
        spoken = [{"at": _local(word, item), "state": str(word.state), "reason": word.reason} for word in words]
        call.output.document({"occurrence": row, "reason": item.reason, "source": item.source, "words": spoken})
        return
    for line in _explained(row, item, words, now):
        call.output.line(line)


def _explained(row: Row, item: Occurrence, words: list[Reminder], now: dt.datetime) -> list[str]:
    hidden = listing.is_veiled(row, now)
    lines = [listing.safe(item.title), f"  when      {listing.when_words(row, now)}"]
    state = "did not happen" if row["state"] == "missed" and item.ask else listing.state_words(row, now)
    lines += [f"  so far    {state}"] if state else []
    lines += [f"  why       {listing.safe(item.reason)}", f"  from      {listing.safe(item.source)}"]
    lines.append(f"  calendar  {'it goes there, too' if item.in_calendar else 'not in it'}")
    if hidden and words:
        return [*lines, "  words     one, at a moment of its own"]
    spoken = [f"{_said_at(word, item, now)}{_became(word)}" for word in words]
    return [*lines, *(f"  {'words' if number == 0 else '':<9} {text}" for number, text in enumerate(spoken))]


def _local(word: Reminder, item: Occurrence) -> str:
    return word.due.astimezone(item.start.tzinfo).isoformat()


def _said_at(word: Reminder, item: Occurrence, now: dt.datetime) -> str:
    from reconnectd.core import wording

    return wording.moment(word.due.astimezone(item.start.tzinfo), now)


_BECAME = {"pending": "", "held": "waiting for a desktop", "sending": "", "shown": "said", "closed": "", "dropped": ""}


def _became(word: Reminder) -> str:
    said = word.reason or _BECAME[word.state]
    return f" ({listing.safe(said)})" if said else ""
