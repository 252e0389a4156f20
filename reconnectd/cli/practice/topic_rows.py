"""Topics on a screen and in JSON, and which one is meant."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli import listing
from reconnectd.cli.practice.kept import iso
from reconnectd.core.practice.topic import Stands
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.app.practice.topics import Told, Topics
    from reconnectd.cli.main import Call

LET_GO = "(its words were let go of)"
NUMBER = click.argument("number", type=click.IntRange(1, 999_999), required=False, metavar="[N]")


def topics_of(call: Call) -> Topics:
    """The verbs."""
    from reconnectd.app.practice.topics import Topics

    return Topics(call.session.store)


def chosen(call: Call, topics: Topics, number: int | None, verb: str, *among: Stands) -> Told:
    """The topic of that number; without one the only one that is not closed, or that stands as `among` says."""
    now = call.session.now
    if number is not None:
        return topics.one(number, now)
    found = [told for told in topics.all(now) if told.stands is not Stands.CLOSED]
    found = [told for told in found if told.stands in among] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise WrongUsage("nothing is on your list", "`reconnect topic add` keeps something for a calm time")
    numbers = ", ".join(str(told.topic.number) for told in found)
    raise WrongUsage(f"which one? {numbers}", f"`reconnect topic {verb} {found[0].topic.number}`, for instance")


def text_of(told: Told) -> str:
    """Its line, harmless on a terminal."""
    return listing.safe(str(told.words["text"])) if told.words else LET_GO


def state_words(call: Call, told: Told) -> str:
    """Where it stands, in words."""
    if told.stands is Stands.RESTING and told.topic.rests_until is not None:
        return f"rests until {day_and_time(call, told.topic.rests_until)[:10].strip()}"
    if told.begins is None:
        return str(told.stands)
    when = day_and_time(call, told.begins)
    return {Stands.PLANNED: f"planned for {when}", Stands.SET_ASIDE: f"{when} is set aside, for you alone"}.get(
        told.stands, f"{told.stands} {when}; `reconnect topic went well {told.topic.number}`, or badly"
    )


def day_and_time(call: Call, moment: dt.datetime) -> str:
    """Such as "Fri 27 Nov 18:30"."""
    local = moment.astimezone(call.session.zone)
    return f"{listing.day_words(local.date(), call.session.now)} {local:%H:%M}"


def fields(call: Call, told: Told) -> dict[str, Any]:
    """One topic in JSON."""
    topic = told.topic
    return {
        "number": topic.number,
        "text": told.words.get("text"),
        "my_part": told.words.get("part"),
        "prepared": told.words.get("prepared", ""),
        "next_step": told.words.get("step", ""),
        "temperature": topic.temperature,
        "state": str(told.stands),
        "opened": _iso(call, topic.opened),
        "talk": str(topic.talk) if told.begins else None,
        "start": _iso(call, told.begins),
        "rests_until": _iso(call, topic.rests_until) if told.stands is Stands.RESTING else None,
        "talks": topic.talks,
    }


def _iso(call: Call, moment: dt.datetime | None) -> str | None:
    return iso(call, moment) if moment else None


def show_one(call: Call, told: Told, *lines: str, **more: object) -> None:
    """What became of one, in words or as JSON."""
    if call.output.as_json:
        call.output.document({"topic": fields(call, told), **more})
    for line in lines:
        call.output.line(line)
