"""What a person answers: `done`, `skip`, `snooze`, `move`.

Each writes the answer, makes the plan anew, tells the daemon and the calendar, and says what was understood.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from reconnectd.cli import clashes, listing, rows
from reconnectd.cli.examples import examples
from reconnectd.cli.names import Choice, Names, can_be_done, gap, is_open, when
from reconnectd.cli.practice import memories
from reconnectd.cli.waiting import Waiting
from reconnectd.core.occurrence import Occurrence, OccurrenceId, State
from reconnectd.core.outlook import BACK
from reconnectd.core.shape import follows_what_is_done
from reconnectd.core.when import EXAMPLES, names_only_a_day
from reconnectd.errors import UnknownName, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

NOON = dt.time(12)
A_DAY = dt.timedelta(days=1)
JUST_NOW = dt.timedelta(minutes=1)
TAKE_BACK = "`reconnect undo` takes it back."

WORDS = click.argument("words", nargs=-1, metavar="[NAME]")
WHEN_AND_NAME = click.argument("words", nargs=-1, required=True, metavar="WHEN [NAME]")


@click.command(
    epilog=examples(
        "reconnect done                               # what was just announced",
        'reconnect done date-night --at "yesterday 21:00"',
        "reconnect done small-touch@2026-11-27.2",
    )
)
@WORDS
@click.option("--at", "at", metavar="WHEN", help='When it happened, such as "yesterday 21:00".')
@click.pass_obj
def done(call: Call, words: tuple[str, ...], at: str | None) -> None:
    """It happened.

    NAME is a routine, or one day of it (date-night@2026-11-27). A routine alone means the one that was announced, else
    the nearest that isn't done: an open one, or one that has begun, whatever became of it. Without NAME: the one that
    was announced. With --at it is the nearest within a day of then, or an extra one for that day.
    """
    names = _names(call)
    name = _only_a_name(names, words, "done")
    at = at or call.at
    moment = None
    if at is not None:
        moment = _behind(call, at)
        item = _at(call, names, name, moment)
    else:
        item = names.one(name, can_be_done) if name else names.announced("done")
    outcome = call.session.actions.done(item, call.session.now, moment)
    routine = call.session.settings.routine(item.id.slug)
    moves = follows_what_is_done(routine, call.session.settings, call.session.now.date())
    _finish(call, outcome.occurrence, "done.", calendar=moves or _was_taken_out(item))
    memories.ask_after(call, outcome.occurrence)


@click.command(
    epilog=examples(
        "reconnect skip",
        "reconnect skip date-night --for-both",
    )
)
@WORDS
@click.option("--for-both", is_flag=True, help="Take it out of the calendar that both see, too.")
@click.pass_obj
def skip(call: Call, words: tuple[str, ...], *, for_both: bool) -> None:
    """Not this time.

    NAME is a routine (the one that was announced, else the nearest open one), or one day of it. An event that both of
    you see stays in the calendar, unless you say --for-both; that also takes out what you skipped for yourself before.
    """
    names = _names(call)
    name = _only_a_name(names, words, "skip")
    item = names.one(name, _standing(call) if for_both else is_open) if name else names.announced("skip")
    stays = item.in_calendar and call.session.settings.seen_by_both and not for_both
    outcome = call.session.actions.skip(item, call.session.now, for_both=not stays)
    _finish(call, outcome.occurrence, "not this time.", calendar=item.in_calendar)
    if stays:
        call.output.line(
            f"It stays in the calendar you both see; `reconnect skip --for-both {item.id}` takes it out there, too."
        )


@click.command(
    epilog=examples(
        "reconnect snooze 90 min",
        "reconnect snooze tea tomorrow 18:00",
    )
)
@WHEN_AND_NAME
@click.pass_obj
def snooze(call: Call, words: tuple[str, ...]) -> None:
    """Say it again later; the thing itself stays where it is.

    WHEN is a time such as `in 90 min`, `18:00` or `tomorrow` (at 09:00). NAME as for `skip`.
    """
    item, text = _named_with_time(call, words, "snooze")
    until = when(call, text)
    outcome = call.session.actions.snooze(item, until, call.session.now)
    _finish(call, outcome.occurrence, f"again {_moment(call, until)}.", calendar=_was_taken_out(item))


@click.command(
    epilog=examples(
        "reconnect move date-night sat 20:00",
        'reconnect move "tomorrow 18:00"             # what was just announced',
    )
)
@WHEN_AND_NAME
@click.pass_obj
def move(call: Call, words: tuple[str, ...]) -> None:
    """Put it elsewhere, this once.

    WHEN is a time such as `tomorrow 18:00` or `sat`; a day alone keeps its own time of day. NAME as for `skip`. What it
    overlaps with there, and quiet hours, are named; it is moved all the same.
    """
    item, text = _named_with_time(call, words, "move")
    start = when(call, text, at=item.start.time())
    if start < call.session.now - JUST_NOW:
        raise WrongUsage(
            "that time has passed",
            f'give a time ahead; `reconnect done --at "{text}" {item.id.slug}` is for what has been',
        )
    outcome = call.session.actions.move(item, start, call.session.now)
    _finish(call, outcome.occurrence, "moved there.", calendar=item.in_calendar, clash=True)


def _names(call: Call) -> Names:
    """The names that hold now: what settled itself meanwhile is settled first."""
    call.session.renew()
    return Names(call, call.session.now)


def _only_a_name(names: Names, words: tuple[str, ...], verb: str) -> str | None:
    """The NAME of a command that takes no WHEN."""
    name, rest = names.split(words)
    if not rest:
        return name
    if name and verb == "done":
        raise WrongUsage(f'"{listing.safe(rest)}" is one word too many', f'`reconnect done --at "{rest}" {name}`')
    raise names.unknown(rest)


def _standing(call: Call) -> Choice:
    """What is open, or was skipped here only and still stands in the calendar."""

    def stands(item: Occurrence, now: dt.datetime) -> bool:
        here_only = item.state is State.SKIPPED and item.in_calendar and item.over > now
        fact = call.session.store.facts.get(item.id) if here_only else None
        return is_open(item, now) or (fact is not None and not fact.for_both)

    return stands


def _was_taken_out(item: Occurrence) -> bool:
    """Did a skip take it out of the calendar?"""
    return item.in_calendar and item.state is State.SKIPPED


def _named_with_time(call: Call, words: tuple[str, ...], verb: str) -> tuple[Occurrence, str]:
    """(the occurrence, the words of the WHEN), both known to make sense."""
    names = _names(call)
    name, text = names.split(words)
    if not text:
        raise WrongUsage(f"{verb} until when?" if verb == "snooze" else "move it to when?", f"say it {EXAMPLES}")
    names.check(text)
    item = names.one(name, is_open) if name else names.announced(f"{verb} {text}")
    if item.state is State.DONE:
        raise WrongUsage(f"{item.id} is done already", "`reconnect undo` takes the last answer back")
    return item, text


# done --at


def _behind(call: Call, text: str) -> dt.datetime:
    now = call.session.now
    moment = when(call, text, at=NOON, behind=True)
    if names_only_a_day(text) and now < moment < now + A_DAY / 2:
        return now
    if moment > now:
        raise WrongUsage("that is still ahead", "`reconnect done` logs what has been")
    return moment


def _at(call: Call, names: Names, name: str | None, moment: dt.datetime) -> Occurrence:
    if name is None:
        return _only_one_around(names, moment)
    if "@" in name:
        return names.one(name, can_be_done)
    items = names.of(name)
    if moment < call.session.now - (BACK - 1) * A_DAY:
        items = [item for item in call.session.plan(moment, 2).occurrences if item.id.slug == name]
    near = [item for item in items if gap(item, moment) <= A_DAY]
    return min(near, key=lambda item: gap(item, moment)) if near else _extra(call, name, moment)


def _only_one_around(names: Names, moment: dt.datetime) -> Occurrence:
    everything = [item for slug in names.slugs for item in names.of(slug) if item.state is not State.DONE]
    for reach in (dt.timedelta(0), A_DAY / 4, A_DAY):
        found = [item for item in everything if gap(item, moment) <= reach]
        if len(found) == 1:
            return found[0]
        if found:
            raise names.which("done --at …", found)
    raise WrongUsage("nothing stood there", "name the routine: `reconnect done --at … NAME`")


def _extra(call: Call, slug: str, moment: dt.datetime) -> Occurrence:
    """One more than the schedule names, on the day on which it happened."""
    session = call.session
    routine = session.settings.routine(slug)
    if routine is None:
        raise UnknownName(slug)
    local = moment.astimezone(session.zone)
    taken = {item.id for item in session.store.plan.of(slug)}
    ids = (OccurrenceId(slug, local.date(), n) for n in range(1, 100))
    name = next(one for one in ids if one not in taken and session.store.facts.get(one) is None)
    return Occurrence(
        id=name, title=routine.title, kind="cue", start=local, end=None, zone=session.place.zone,
        practice=routine.practice, pinned=True, private=routine.private,
    )  # fmt: skip


# Afterwards.


def _finish(call: Call, changed: Occurrence, said: str, *, calendar: bool, clash: bool = False) -> None:
    """Make the plan anew, tell everybody, and say what was understood; `clash`: and what is in its way there."""
    call.session.renew()
    row = rows.stored(call, changed)
    also = clashes.overlapping(call, changed) if clash else []
    notes = clashes.remarks(call, changed, also) if clash else []
    if call.output.as_json:
        more = {"notes": notes} if notes else {}
        call.output.document({"occurrence": row, "also": [rows.stored(call, one) for one in also], **more})
    for line in (f"{named(call, row)}: {said} {TAKE_BACK}", *notes):
        call.output.line(line)
    told(call, calendar=calendar)


def told(call: Call, *, calendar: bool) -> None:
    """Tell the daemon, and with `calendar` the calendar; says what takes longer than a second."""
    with Waiting(call.output) as waiting:
        call.session.tell(calendar=calendar, progress=waiting.say)


def named(call: Call, row: rows.Row) -> str:
    """An occurrence with its time, for a sentence."""
    return f"{listing.safe(row['title'])} ({listing.when_words(row, call.session.now)})"


def _moment(call: Call, instant: dt.datetime) -> str:
    from reconnectd.core import wording

    return wording.moment(instant.astimezone(call.session.zone), call.session.now)
