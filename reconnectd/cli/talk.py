"""`reconnect talk`: an agenda for the two of you, and one's own half of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from reconnectd.cli.card import card as card_of
from reconnectd.cli.examples import examples
from reconnectd.core.practice import first_talk
from reconnectd.core.practice import talk as weekly
from reconnectd.core.practice.agenda import Turn, on_a_card
from reconnectd.core.recurrence import local_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from reconnectd.cli.main import Call


@click.command(
    epilog=examples(
        "reconnect talk --card                        # to print, for both of you",
        "reconnect talk --first --card",
    )
)
@click.option("--first", "first", is_flag=True, help="The first talk, half an hour.")
@click.option("--card", "card", is_flag=True, help="A card to print, for both of you; nothing that you wrote is on it.")
@click.pass_obj
def talk(call: Call, *, first: bool, card: bool) -> None:
    """The two of you: an agenda in four to six turns, each with a time box and an opening.

    It fits the length of your weekly talk, 45 minutes where there is none.
    """
    turns = first_talk.TURNS if first else weekly.turns(weekly.minutes_of(call.session.settings.routines), today(call))
    text = first_card(call) if first else weekly_card(call, turns)
    if call.output.as_json:
        call.output.document(fields(turns) | ({"card": text} if card else {}))
    call.output.line(text)


def today(call: Call) -> dt.date:
    """The person's day."""
    session = call.session
    return local_date(session.now, ZoneInfo(session.place.zone), session.settings.time.day_start)


def first_card(call: Call) -> str:
    """The card of the first talk."""
    turns = on_a_card(first_talk.TURNS, call.session.settings.people)
    return card_of("A first talk", [first_talk.BEFORE, *turns, first_talk.AFTER])


def weekly_card(call: Call, turns: Sequence[Turn]) -> str:
    """The card of a weekly talk."""
    return card_of("A talk", [weekly.BEFORE, *on_a_card(turns, call.session.settings.people), weekly.AFTER])


def fields(turns: Sequence[Turn]) -> dict[str, Any]:
    """The agenda as JSON."""
    return {
        "minutes": sum(turn.minutes for turn in turns),
        "turns": [
            {"name": turn.name, "title": turn.title, "minutes": turn.minutes, "how": turn.how, "opening": turn.opening}
            for turn in turns
        ],
    }
