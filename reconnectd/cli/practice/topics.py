"""`reconnect topic`: what lies between two people, kept private, planned calmly, followed until it is closed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconnectd.cli import listing, own_words
from reconnectd.cli.examples import examples
from reconnectd.cli.practice import topic_talks
from reconnectd.cli.practice.topic_rows import NUMBER, chosen, fields, show_one, state_words, text_of, topics_of
from reconnectd.core.plain import plain
from reconnectd.core.practice.topic import WARMTH, Stands
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

LONGEST = 200
DASH = click.argument("text", nargs=-1, metavar="[-]")


@click.group()
def topic() -> None:
    """What you would like to talk about: a private list, a calm time, and what comes after.

    The list stays on this machine, for you alone. What two of you may see in the calendar is "Time to talk", half an
    hour, and nothing of what it is about.
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


def _asked_for(text: tuple[str, ...], line: str = "", warmth: str = "3", part: str = "") -> tuple[str, str, str]:
    """(the line, the temperature, my part), from a pipe or a person; what is left empty is as it was."""
    if own_words.from_a_pipe(text):
        lines = [plain(line, limit=LONGEST) for line in sys.stdin.read(own_words.LONGEST).splitlines()]
        first, second, third = [*lines, "", "", ""][:3]
        return first or line, second or warmth, third or part
    words = own_words.line("What would you like to talk about, in one line", longest=LONGEST, default=line or None)
    click.echo(", ".join(f"{number} {meaning}" for number, meaning in WARMTH.items()) + ".", err=True)
    warmth = own_words.line("How hot is it, 1 to 5", default=warmth)
    part = own_words.line("Your own part in it, if you see one (Enter leaves it open)", longest=LONGEST, default=part)
    return words, warmth, part


def _temperature(text: str) -> int:
    if text in map(str, WARMTH):
        return int(text)
    raise WrongUsage("how hot it is goes from 1 to 5", "1 is a small thing, 5 is what burns; without a number it is 3")


@topic.command(
    short_help="Say a topic otherwise.",
    epilog=examples("reconnect topic edit 2", "reconnect topic edit 2 -    # from a pipe"),
)
@NUMBER
@DASH
@click.pass_obj
def edit(call: Call, number: int | None, text: tuple[str, ...]) -> None:
    """Say a topic otherwise: its line, how hot it is, your part in it. What you leave empty stays."""
    own_words.refuse_argument(text, "reconnect topic edit")
    topics = topics_of(call)
    told = chosen(call, topics, number, "edit")
    if not told.words:
        raise WrongUsage("its words were let go of", "`reconnect topic add` keeps new ones")
    before = str(told.words["text"]), str(told.topic.temperature), str(told.words.get("part", ""))
    line, warmth, part = _asked_for(text, *before)
    topics.edit(told, line, _temperature(warmth), part)
    show_one(call, topics.one(told.topic.number, call.session.now), f"Number {told.topic.number} is changed.")


@topic.command(short_help="One topic with all that you wrote about it.", epilog=examples("reconnect topic show 2"))
@NUMBER
@click.pass_obj
def show(call: Call, number: int | None) -> None:
    """One topic with all that you wrote about it: your part, what you prepared, the next step."""
    told = chosen(call, topics_of(call), number, "show")
    wrote = {"Your part": "part", "Next step": "step"}
    lines = [text_of(told), f"{WARMTH[told.topic.temperature]}; {state_words(call, told)}"]
    lines += [f"{label}: {listing.safe(str(told.words[key]))}" for label, key in wrote.items() if told.words.get(key)]
    prepared = plain(str(told.words.get("prepared", "")), limit=own_words.LONGEST, newlines=True)
    show_one(call, told, *lines, *(["", prepared] if prepared else []))


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
        if told.words.get("step"):
            call.output.line(f"     next step: {listing.safe(str(told.words['step']))}")
    if not found:
        call.output.line("Nothing is on your list. `reconnect topic add` keeps something for a calm time.")


@topic.command(short_help="Let a topic be.", epilog=examples("reconnect topic close 2"))
@NUMBER
@click.pass_obj
def close(call: Call, number: int | None) -> None:
    """Let a topic be: it is settled, or it doesn't matter any more.

    Its words are forgotten when [privacy] keep_words is over. A talk that stands in the calendar stays there;
    `reconnect skip topic` takes it away. `reconnect topic reopen` takes it up again.
    """
    topics = topics_of(call)
    told = chosen(call, topics, number, "close")
    if told.stands is Stands.CLOSED:
        raise WrongUsage(f"topic {told.topic.number} is closed already", "`reconnect topic reopen` takes it up again")
    topics.close(told, call.session.now)
    call.session.renew()
    call.session.tell(calendar=False)
    show_one(call, topics.one(told.topic.number, call.session.now), f"Number {told.topic.number} is closed.")


@topic.command(short_help="Take a topic up again that was closed.", epilog=examples("reconnect topic reopen 2"))
@NUMBER
@click.pass_obj
def reopen(call: Call, number: int | None) -> None:
    """Take a topic up again that was closed. `reconnect topic list --all` has its number."""
    topics, now = topics_of(call), call.session.now
    if number is None:
        raise WrongUsage("which one?", "`reconnect topic list --all` has the numbers, `reconnect topic reopen 2`")
    told = topics.one(number, now)
    if told.stands is not Stands.CLOSED:
        raise WrongUsage(f"topic {number} isn't closed", "`reconnect topic list` shows where it stands")
    if not told.words:
        raise WrongUsage(f"the words of topic {number} were let go of", "`reconnect topic add` keeps it anew")
    topics.reopen(told)
    call.session.renew()
    call.session.tell(calendar=False)
    show_one(call, topics.one(number, now), f"Number {number} is open again.")


for command in (topic_talks.plan, topic_talks.prepare, topic_talks.break_, topic_talks.went):
    topic.add_command(command)
