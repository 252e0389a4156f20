"""`reconnect talk`: an agenda for the two of you, and one's own half of it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli.card import card as card_of
from reconnectd.cli.examples import examples
from reconnectd.cli.offers import offer_fields, offer_lines
from reconnectd.cli.questions import WIDEST
from reconnectd.core.practice import first_talk
from reconnectd.core.practice import talk as weekly
from reconnectd.core.practice.agenda import Turn, heading, on_a_card
from reconnectd.core.practice.mine import THREE_WEEKS, Weeks, came_about, mine
from reconnectd.core.practice.pulse import most_frequent
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from reconnectd.cli.main import Call

SIX_WEEKS = "Six weeks have passed: `reconnect talk --look-back` looks at what went well."
FOR_YOU = "What stands after a dot is for you alone. `reconnect talk --card` prints the rest, for both of you."
IN_TEXT, DOT = "     ", "   · "


@click.command(
    epilog=examples(
        "reconnect talk",
        "reconnect talk --card                        # to print, for both of you",
        "reconnect talk --first --card",
        "reconnect talk --look-back",
    )
)
@click.option("--first", "first", is_flag=True, help="The first talk, half an hour.")
@click.option("--card", "card", is_flag=True, help="A card to print, for both of you; nothing that you wrote is on it.")
@click.option("--look-back", "look_back", is_flag=True, help="Look at the last six weeks, alone: four questions.")
@click.pass_obj
def talk(call: Call, *, first: bool, card: bool, look_back: bool) -> None:
    """The two of you: an agenda in four to six turns, each with a time box and an opening.

    It fits the length of your weekly talk, 45 minutes where there is none. With each turn stands what you may bring to
    it, from your check-ins, thanks, topics and routines: for you alone, never on the card.
    """
    if look_back:
        if first or card:
            raise WrongUsage("--look-back stands alone")
        from reconnectd.cli.practice.look_back import look_back as look

        look(call)
        return
    turns = first_talk.TURNS if first else _turns(call)
    if card:
        _card(call, turns, first=first)
    elif first:
        _show(call, turns, {}, first_talk.BEFORE, first_talk.AFTER)
    else:
        _weekly(call, turns)


def _turns(call: Call) -> Sequence[Turn]:
    """Those of the weekly talk, with the question of the week."""
    minutes, day = weekly.minutes_of(call.session.settings.routines), call.session.today
    room = next(turn.minutes for turn in weekly.turns(minutes, day) if turn.name == weekly.MIDDLE)
    return weekly.turns(minutes, day, question_of(call, room, day))


def question_of(call: Call, minutes: int, day: dt.date) -> str:
    """What the decks have for both that week; the idea of the talk itself, where its routine names a deck."""
    from reconnectd.config.decks import shelf
    from reconnectd.core.practice.choice import Moment, by_id
    from reconnectd.core.practice.ideas import has_ideas, household_seed

    session, settings = call.session, call.session.settings
    prompts = shelf(settings.path).prompts
    routine = weekly.talk_of(settings.routines)
    if routine is not None and has_ideas(routine):
        session.renew()
        ideas = [one for one in session.store.ideas.all().values() if one.occurrence.slug == routine.slug]
        ahead = min((one for one in ideas if one.at >= session.now), key=lambda one: one.at, default=None)
        found = by_id(prompts).get(ahead.prompt) if ahead else None
        return found.text if found else ""
    apart = settings.together.place == "apart"
    moment = Moment(minutes, apart=apart, depth=2, money="free")
    chosen = weekly.question(prompts, moment, household_seed(settings, private=False), day)
    return chosen.text if chosen else ""


def _card(call: Call, turns: Sequence[Turn], *, first: bool) -> None:
    """Nothing private is read for it."""
    title, before, after = (
        ("A first talk", first_talk.BEFORE, first_talk.AFTER) if first else ("A talk", weekly.BEFORE, weekly.AFTER)
    )
    text = card_of(title, [before, *on_a_card(turns, call.session.settings.people), after])
    if call.output.as_json:
        call.output.document(fields(turns) | {"card": text})
    call.output.line(text)


def _weekly(call: Call, turns: Sequence[Turn]) -> None:
    """With one's own half."""
    from reconnectd.app.practice.look_back import is_welcome

    session = call.session
    weeks = weeks_of(call)
    session.renew()
    own = mine(weeks, turns, session.now)
    root = most_frequent(weeks.pulses, session.now)
    welcome = is_welcome(session.store, session.settings, call.session.today, session.zone)
    if call.output.as_json:
        offer = offer_fields(root, session.settings) if root else None
        call.output.document(fields(turns, own) | {"offer": offer, "look_back": welcome})
        return
    _show(call, turns, own, weekly.BEFORE, weekly.AFTER)
    call.output.line("\n" + "\n".join(textwrap.wrap(FOR_YOU, WIDEST)))
    for line in ["", *offer_lines(root, session.settings)] if root else []:
        call.output.line(line)
    if welcome:
        call.output.line(f"\n{SIX_WEEKS}")


def weeks_of(call: Call) -> Weeks:
    """What the state knows of the last weeks. A thanks is taken for the next talk: the plan is to be made anew."""
    from reconnectd.app.practice.check_in import pulses
    from reconnectd.app.practice.thanks import for_talk
    from reconnectd.core.practice.thanks import next_talk

    talk = next_talk(call.session.renew().occurrences, call.session.now)
    store, routines = call.session.store, call.session.settings.routines
    since = call.session.today - THREE_WEEKS
    facts = {routine.slug: list(store.facts.of(routine.slug).values()) for routine in routines if routine.lasting}
    happened, silent = came_about(routines, facts, since)
    one = for_talk(store, talk.id if talk else None)
    return Weeks(
        pulses=pulses(store),
        thanks=one.text if one else None,
        happened=happened,
        silent=silent,
        topics=sum(topic.closed is None for topic in store.topics.all()),
    )


def _show(call: Call, turns: Sequence[Turn], own: Mapping[str, Sequence[str]], before: str, after: str) -> None:
    if call.output.as_json:
        call.output.document(fields(turns))
    for text in _lines(turns, own, before, after):
        call.output.line(text)


def _lines(turns: Sequence[Turn], own: Mapping[str, Sequence[str]], before: str, after: str) -> Iterator[str]:
    yield from textwrap.wrap(before, WIDEST)
    for number, turn in enumerate(turns, 1):
        yield ""
        yield heading(number, turn)
        for text in turn.texts:
            yield from textwrap.wrap(text, WIDEST, initial_indent=IN_TEXT, subsequent_indent=IN_TEXT)
        for text in own.get(turn.name, ()):
            yield from textwrap.wrap(text, WIDEST, initial_indent=DOT, subsequent_indent=IN_TEXT)
    yield ""
    yield from textwrap.wrap(after, WIDEST)


def fields(turns: Sequence[Turn], own: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """The agenda as JSON; `mine` is what one brings, where it was asked for."""
    return {"minutes": sum(turn.minutes for turn in turns), "turns": [_turn(turn, own) for turn in turns]}


def _turn(turn: Turn, own: Mapping[str, Sequence[str]] | None) -> dict[str, Any]:
    said = {
        "name": turn.name, "title": turn.title, "minutes": turn.minutes, "how": turn.how, "opening": turn.opening,
        "question": turn.question or None,
    }  # fmt: skip
    return said if own is None else {**said, "mine": list(own[turn.name])}
