"""`reconnect topic`: what lies between two people, kept private, planned calmly, followed until it is closed."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from reconnectd.cli import listing, own_words
from reconnectd.cli.examples import examples
from reconnectd.core.plain import plain
from reconnectd.core.practice.topic import WARMTH, Stands
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.app.topics import Told, Topics
    from reconnectd.cli.main import Call

LONGEST = 200
LET_GO = "(its words were let go of)"
DASH = click.argument("text", nargs=-1, metavar="[-]")
NUMBER = click.argument("number", type=click.IntRange(1, 999_999), required=False, metavar="[N]")


@click.group()
def topic() -> None:
    """What you would like to talk about: a private list, a calm time, and what comes after.

    Nobody else sees the list. What two of you may see in the calendar is "Time to talk", half an hour, and nothing of
    what it is about.
    """


@topic.command(epilog=examples("reconnect topic add", "reconnect topic add -    # three lines from a pipe"))
@DASH
@click.pass_obj
def add(call: Call, text: tuple[str, ...]) -> None:
    """Keep something to talk about, in one line.

    It asks for the line, how hot it is (1 a small thing to 5 it burns), and for your own part in it, if you see
    one. From a pipe these are the first three lines; only the first is needed.
    """
    own_words.refuse_argument(text, "reconnect topic add")
    words, warmth, part = _asked_for(text)
    if not words:
        raise WrongUsage("there is nothing to keep in that", "one line is enough: `reconnect topic add`")
    told = topics_of(call).add(words, _temperature(warmth), part, call.session.now)
    show_one(
        call, told, f"Kept as number {told.topic.number}, for you alone. `reconnect topic plan` finds a calm time."
    )


def _asked_for(text: tuple[str, ...]) -> tuple[str, str, str]:
    """(the line, the temperature, my part), from a pipe or a person."""
    if own_words.from_a_pipe(text):
        lines = [plain(line, limit=LONGEST) for line in sys.stdin.read(own_words.LONGEST).splitlines()]
        first, second, third = [*lines, "", "", ""][:3]
        return first, second, third
    words = own_words.line("What would you like to talk about, in one line?", longest=LONGEST)
    click.echo(", ".join(f"{number} {meaning}" for number, meaning in WARMTH.items()) + ".", err=True)
    warmth = own_words.line("How hot is it, 1 to 5?", default="3")
    part = own_words.line("Is there a part in it that is yours? (Enter leaves it open)", longest=LONGEST, default="")
    return words, warmth, part


def _temperature(text: str) -> int:
    if text in {"", *map(str, WARMTH)}:
        return int(text or 3)
    raise WrongUsage("how hot it is goes from 1 to 5", "1 is a small thing, 5 is what burns; without a number it is 3")


@topic.command("list", epilog=examples("reconnect topic list", "reconnect topic list --all"))
@click.option("--all", "everything", is_flag=True, help="Closed ones, too.")
@click.pass_obj
def list_(call: Call, *, everything: bool) -> None:
    """Your list, by number: open ones, and where each stands."""
    found = [told for told in topics_of(call).all(call.session.now) if everything or told.stands is not Stands.CLOSED]
    if call.output.as_json:
        call.output.document({"topics": [fields(call, told) for told in found]})
        return
    for told in found:
        call.output.line(f"{told.topic.number:>3}  {text_of(told)}")
        call.output.line(f"     {WARMTH[told.topic.temperature]}; {state_words(call, told)}")
    if not found:
        call.output.line("Nothing is on your list. `reconnect topic add` keeps something for a calm time.")


@topic.command(epilog=examples("reconnect topic close 2"))
@NUMBER
@click.pass_obj
def close(call: Call, number: int | None) -> None:
    """Let a topic be: it is settled, or it doesn't matter any more.

    Its words are forgotten when [privacy] keep_words is over. A talk that stands in the calendar stays there;
    `reconnect skip topic` takes it away.
    """
    topics = topics_of(call)
    told = chosen(call, topics, number, "close")
    if told.stands is Stands.CLOSED:
        raise WrongUsage(f"topic {told.topic.number} is closed already", "`reconnect topic list` shows what is open")
    topics.close(told, call.session.now)
    call.session.renew()
    call.session.tell(calendar=False)
    show_one(call, topics.one(told.topic.number, call.session.now), f"Number {told.topic.number} is closed.")


def topics_of(call: Call) -> Topics:
    """The verbs."""
    from reconnectd.app.topics import Topics

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
    local = moment.astimezone(ZoneInfo(call.session.place.zone))
    return f"{listing.day_words(local.date(), call.session.now)} {local:%H:%M}"


def fields(call: Call, told: Told) -> dict[str, Any]:
    """One topic in JSON."""
    topic = told.topic
    return {
        "number": topic.number,
        "text": told.words.get("text"),
        "my_part": told.words.get("part"),
        "prepared": told.words.get("prepared", ""),
        "temperature": topic.temperature,
        "state": str(told.stands),
        "opened": _iso(call, topic.opened),
        "talk": str(topic.talk) if told.begins else None,
        "start": _iso(call, told.begins),
        "rests_until": _iso(call, topic.rests_until) if told.stands is Stands.RESTING else None,
        "talks": topic.talks,
    }


def _iso(call: Call, moment: dt.datetime | None) -> str | None:
    return moment.astimezone(ZoneInfo(call.session.place.zone)).isoformat() if moment else None


def show_one(call: Call, told: Told, *lines: str, **more: object) -> None:
    """What became of one, in words or as JSON."""
    if call.output.as_json:
        call.output.document({"topic": fields(call, told), **more})
    for line in lines:
        call.output.line(line)
