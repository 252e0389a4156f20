"""`reconnect not-today`, `lighter` and `apart`: a day or some weeks that are different."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from reconnectd.cli import listing, rows
from reconnectd.cli.answers import TAKE_BACK, named, told
from reconnectd.cli.examples import examples
from reconnectd.cli.names import Names, is_open
from reconnectd.cli.rest_words import what_holds
from reconnectd.cli.rests import say, until_when
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import State
from reconnectd.core.recurrence import day_bounds, local_date
from reconnectd.core.rest import EVERYTHING, Rest, RestKind
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence

UNTIL = click.option("--until", "until", metavar="DATE", required=True, help="Until that day begins.")


@click.command(
    "not-today",
    epilog=examples(
        "reconnect not-today                          # everything, until the next day begins",
        "reconnect not-today tea",
        "reconnect undo",
    ),
)
@click.argument("name", required=False, metavar="[NAME]")
@click.pass_obj
def not_today(call: Call, name: str | None) -> None:
    """Let go of today's words, quietly: of one routine, or of all.

    Cues that were said and not answered are let go of, those to come don't come, and events stay, without
    a further word. It holds until the next day begins ([time] day_start). What you asked to be reminded of (`reconnect
    remember`) comes all the same, unless NAME is such a one.
    """
    session = call.session
    session.renew()
    names = Names(call, session.now)
    until = _end_of_today(call)
    if name is not None and (single := _single(names, name.lower(), until)) is not None:
        _skip(call, single)
        return
    scope = EVERYTHING if name is None else names.slug_of(name)
    slugs = [slug for slug in names.slugs if scope in {EVERYTHING, slug} and slug != ONE_OFF]
    going = [item for slug in slugs for item in names.of(slug) if _has_come(item, session.now, until)]
    rest = Rest(scope, session.now, until, "not-today")
    session.resting.begin(rest, going)
    session.renew()
    text = f"{what_holds(call, rest)}; events stay where they are. {TAKE_BACK}"
    say(call, text, let_go=[rows.stored(call, item) for item in going])
    _say_what_comes(call, names, scope, until)
    told(call, calendar=any(item.in_calendar for item in going))


def _end_of_today(call: Call) -> dt.datetime:
    zone, day_start = call.session.zone, call.session.settings.time.day_start
    return day_bounds(local_date(call.session.now, zone, day_start), zone, day_start)[1]


def _has_come(item: Occurrence, now: dt.datetime, until: dt.datetime) -> bool:
    """Is it a cue that was said, is being put off, or has its moment just now?"""
    put_off = item.snoozed_until is not None and item.snoozed_until < until
    return item.end is None and is_open(item, now) and (item.begins <= now or item.state is State.ANNOUNCED or put_off)


def _single(names: Names, name: str, until: dt.datetime) -> Occurrence | None:
    """One cue or one-off that is meant by itself; None where NAME is a routine, or the day of an event."""
    if "@" not in name and name != ONE_OFF:
        return None
    item = names.one(name, is_open)
    if not (item.snoozed_until or item.begins) < until:
        raise WrongUsage(f"{item.id} isn't today", f"`reconnect skip {item.id}` lets go of it")
    return None if item.end else item


def _skip(call: Call, item: Occurrence) -> None:
    outcome = call.session.actions.skip(item, call.session.now, for_both=True)
    call.session.renew()
    row = rows.stored(call, outcome.occurrence)
    say(call, f"{named(call, row)}: not today. {TAKE_BACK}", let_go=[row])
    told(call, calendar=item.in_calendar)


def _say_what_comes(call: Call, names: Names, scope: str, until: dt.datetime) -> None:
    """One-offs that are still to be said today."""
    asked_for = names.of(ONE_OFF) if scope == EVERYTHING else []
    for item in asked_for:
        if is_open(item, call.session.now) and call.session.now < (item.snoozed_until or item.begins) < until:
            row = rows.row_of(item)
            when = listing.when_words(row, call.session.now)
            call.output.line(f"You asked for it, so it comes: {listing.safe(item.title)}, {when}.")


@click.command(epilog=examples("reconnect lighter --until sat", 'reconnect lighter --until "in 2 weeks"'))
@UNTIL
@click.pass_obj
def lighter(call: Call, until: str) -> None:
    """Fewer words for a while: one a day at most, and small cues rest.

    Cues that come weekly or more often rest, surprises too. Events stay where they are; of the words about them, and
    about what comes once a month or a year, the first of each day is said. `reconnect resume` ends it.
    """
    _begin(call, "lighter", until)


@click.command(epilog=examples('reconnect apart --until "5 dec"', "reconnect resume"))
@UNTIL
@click.pass_obj
def apart(call: Call, until: str) -> None:
    """You are in different places for a while.

    Small touches (the practice affection) go on, and say that they are meant from afar; everything else stays as it is.
    `[together] place = "apart"` in the config says the same for longer. `reconnect resume` ends it.
    """
    _begin(call, "apart", until)


def _begin(call: Call, kind: RestKind, until: str) -> None:
    session = call.session
    rest = Rest(EVERYTHING, session.now, until_when(call, until), kind)
    session.resting.begin(rest)
    session.renew()
    say(call, f"{what_holds(call, rest)}. `reconnect resume` ends it.")
    told(call, calendar=False)
