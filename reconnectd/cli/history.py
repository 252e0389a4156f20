"""`reconnect log` and `conflicts`: what happened, and what was decided from the calendar."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from reconnectd.cli import listing
from reconnectd.cli.examples import examples
from reconnectd.cli.names import when
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.rest import EVERYTHING
from reconnectd.core.wording import ONE_OFF_TITLE

if TYPE_CHECKING:
    from reconnectd.adapters.store.history import Entry
    from reconnectd.cli.main import Call

A_PAGE = 20
COUNT = click.option(
    "-n", "count", type=click.IntRange(1, 10_000), default=A_PAGE, metavar="N", show_default=True, help="How many."
)
AT = click.option("--at", "at", metavar="WHEN", help="Only what happened until then.")
ANSWERS = {
    "done": "done", "skip": "not this time", "snooze": "put off to {moment}", "move": "moved to {moment}",
    "remember": "to be said {moment}", "pause": "rests{until}", "not-today": "no more words that day",
    "lighter": "lighter{until}", "apart": "apart{until}", "stop": "stopped", "resume": "resumed",
    "arrange": "arranged for {moment}",
}  # fmt: skip


@click.command("log", epilog=examples("reconnect log -n 50", "reconnect log --at yesterday", "reconnect --json log"))
@COUNT
@AT
@click.pass_obj
def log(call: Call, count: int, at: str | None) -> None:
    """What happened, when: your answers, what was taken from the calendar, and words that were said.

    It is kept on this machine only, and forgotten as `[privacy] keep_words` says. The oldest stands first.
    """
    entries = call.session.store.history.newest(count, _until(call, at))
    _tell(call, "entries", entries, "Nothing has happened yet.")


@click.command(epilog=examples("reconnect conflicts", "reconnect conflicts -n 100"))
@COUNT
@AT
@click.pass_obj
def conflicts(call: Call, count: int, at: str | None) -> None:
    """What was decided from the calendar: events moved, deleted or renamed there, and where both had changed.

    What a person does in a calendar app is the answer, so nothing is left to be decided by you. Who did it is kept
    nowhere. The oldest stands first.
    """
    entries = call.session.store.history.decisions(count, _until(call, at))
    _tell(call, "conflicts", entries, "Nothing had to be decided from the calendar.")


def _until(call: Call, at: str | None) -> dt.datetime:
    words = at or call.at
    return call.session.now if words is None else when(call, words, behind=True)


def _tell(call: Call, name: str, entries: list[Entry], nothing: str) -> None:
    zone = call.session.zone
    found = [_fields(call, entry, zone) for entry in entries]
    if call.output.as_json:
        call.output.document({name: found})
        return
    for entry, fields in zip(entries, found, strict=True):
        local = entry.at.astimezone(zone)
        back = " (taken back)" if entry.undone else ""
        day = listing.day_words(local.date(), call.session.now)
        call.output.line(f"{day}  {local:%H:%M}  {fields['title']}{_of(entry)}: {fields['words']}{back}")
    if not found:
        call.output.line(nothing)


def _of(entry: Entry) -> str:
    return f" ({entry.subject})" if "@" in entry.subject else ""


def _fields(call: Call, entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    slug = entry.subject.partition("@")[0]
    return {
        "at": entry.at.astimezone(zone).isoformat(),
        "kind": entry.kind,
        "what": entry.what,
        "occurrence": entry.subject if "@" in entry.subject else None,
        "routine": None if slug == EVERYTHING else slug,
        "title": _title(call, entry.subject, slug),
        "moment": entry.moment.astimezone(zone).isoformat() if entry.moment else None,
        "undone": entry.undone,
        "words": listing.safe(_words(call, entry, zone)),
    }


def _title(call: Call, subject: str, slug: str) -> str:
    if slug == EVERYTHING:
        return "Everything"
    routine = call.session.settings.routine(slug)
    if routine is not None:
        return listing.safe(routine.title)
    fact = call.session.store.facts.get(OccurrenceId.stored(subject)) if slug == ONE_OFF else None
    return listing.safe(fact.title) if fact and fact.title else (ONE_OFF_TITLE if slug == ONE_OFF else slug)


def _words(call: Call, entry: Entry, zone: ZoneInfo) -> str:
    if entry.kind == "said":
        return "asked about" if entry.what == "afterwards" else "said"
    if entry.kind == "calendar":
        return entry.what
    moment = _moment(call, entry.moment.astimezone(zone)) if entry.moment else ""
    until = f" until {moment}" if moment else ""
    words = ANSWERS.get(entry.what, entry.what).format(moment=moment, until=until).strip()
    was = f" ({moment})" if entry.what == "done" and _is_another_time(entry) else ""
    return words + was


def _is_another_time(entry: Entry) -> bool:
    return entry.moment is not None and abs(entry.moment - entry.at) > dt.timedelta(minutes=1)


def _moment(call: Call, local: dt.datetime) -> str:
    day = " ".join(listing.day_words(local.date(), call.session.now).split())
    return f"{day} {local:%H:%M}"
