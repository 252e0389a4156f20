"""`reconnect listen`: the two of you by turns, with a timer; or the card of it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli import rows
from reconnectd.cli.card import card
from reconnectd.cli.examples import examples
from reconnectd.cli.practice.countdown import LEAVE, Face, run
from reconnectd.cli.practice.digits import cell
from reconnectd.cli.practice.timer_page import Page, lines, name
from reconnectd.core.practice.countdown import Card, Countdown, clock_face, length
from reconnectd.core.practice.listening import (
    CLOSING,
    LEFT_EARLY,
    MOST_MINUTES,
    MOST_TURNS,
    RULES,
    Pair,
    Round,
    pair_of,
    reflecting_cards,
    speaking_cards,
    themes_on,
)
from reconnectd.core.recurrence import local_date
from reconnectd.errors import ConfigError, ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

TWO_DAYS = 2 * 86400.0
KEYS = ("enter begin", "s swap", "t theme", "q leave")


@click.command(epilog=examples("reconnect listen", "reconnect listen --turns 1 --minutes 5", "reconnect listen --card"))
@click.option("--turns", type=int, default=2, show_default=True, help=f"Turns for each of you, 1 to {MOST_TURNS}.")
@click.option("--minutes", type=int, default=8, show_default=True, help=f"Minutes a turn, 1 to {MOST_MINUTES}.")
@click.option("--card", "as_card", is_flag=True, help="Print what each of you does, to lay on the table; no timer.")
@click.option(
    "--seconds", type=click.FloatRange(0, 3600, min_open=True), hidden=True, help="The length of a turn, to try it."
)
@click.pass_obj
def listen(call: Call, turns: int, minutes: int, *, as_card: bool, seconds: float | None) -> None:
    """Listen to each other by turns, with a timer.

    One speaks, the other listens and gives back what was heard; then the other way round. About something light, from
    outside the two of you: never in the middle of a quarrel. Nothing of it is kept.

    Space pauses, n goes on to the next part, q ends it, at any moment. It waits while the computer sleeps. With --json
    the plan of it is printed, and nothing is started.
    """
    _checked(turns, minutes)
    themes = _themes(call)
    chosen = Round(_pair(call), themes[0], turns, seconds or minutes * 60)
    if call.output.as_json:
        call.output.document(_document(chosen, turns, minutes, as_card=as_card))
    elif as_card:
        call.output.line(_card(chosen))
    else:
        _hold(call, chosen, themes)


def _checked(turns: int, minutes: int) -> None:
    if not 1 <= turns <= MOST_TURNS:
        raise WrongUsage(
            f"--turns is from 1 to {MOST_TURNS}, for each of you; {turns} is not", "`reconnect listen --turns 2`"
        )
    if not 1 <= minutes <= MOST_MINUTES:
        raise WrongUsage(
            f"--minutes is from 1 to {MOST_MINUTES}, for one turn; {minutes} is not", "`reconnect listen --minutes 8`"
        )


def _pair(call: Call) -> Pair:
    """By name where a config says them; a timer needs none."""
    try:
        people = call.session.settings.people
    except ConfigError:
        return pair_of("", None)
    return pair_of(name(people.me), name(people.partner) if people.partner else None)


def _themes(call: Call) -> tuple[str, ...]:
    return themes_on(call.session.now.astimezone().date())


def _document(chosen: Round, turns: int, minutes: int, *, as_card: bool) -> dict[str, Any]:
    parts = [{"heading": stage.heading, "place": stage.place, "seconds": stage.seconds} for stage in chosen.stages()]
    made = {"card": _card(chosen)} if as_card else {}
    return {**made, "theme": chosen.theme, "turns": turns, "minutes": minutes, "parts": parts}


def _card(chosen: Round) -> str:
    """One page."""
    one = Pair("Whoever speaks", "Whoever listens")
    return card(
        "Listening to each other",
        (
            *RULES,
            f"Theme: {chosen.theme}",
            f"First {chosen.pair.first}, then {chosen.pair.second}: {chosen.summary()}.",
            f"Speaking ({length(chosen.speaking)})",
            *_said(speaking_cards(one)),
            f"Giving back ({length(chosen.reflection)})",
            *_said(reflecting_cards(one)),
            CLOSING,
        ),
    )


def _said(cards: tuple[Card, ...]) -> list[str]:
    return [f"{one.who}: {one.text}" for one in cards]


def _over(call: Call) -> Iterator[str]:
    """Said at the end. How to say that a routine of today happened, where there is one for this, is looked up then."""
    yield CLOSING
    with contextlib.suppress(ReconnectdError):
        yield from (f"`reconnect done {routine}` says that it happened." for routine in _open_today(call))


def _open_today(call: Call) -> dict[str, None]:
    from reconnectd.wiring.overview import Overview

    agenda = Overview(call.session).agenda()
    if agenda is None:
        return {}
    now = call.session.now
    today = local_date(now, rows.zone_of(agenda), call.session.settings.time.day_start).isoformat()
    near = agenda.between(now.timestamp() - TWO_DAYS, now.timestamp() + TWO_DAYS)
    ours = [row for row in near if row["practice"] == "listening" and row["nominal"] == today and rows.is_open(row)]
    return dict.fromkeys(row["routine"] for row in ours)


def _hold(call: Call, chosen: Round, themes: tuple[str, ...]) -> None:
    run(
        call,
        chosen.countdown(),
        theme=chosen.theme,
        over=_over(call),
        early=(LEFT_EARLY,),
        begin=lambda face: choose(face, chosen, themes),
    )


def choose(face: Face, chosen: Round, themes: tuple[str, ...]) -> tuple[Countdown, str] | None:
    """The first screen: who begins, and about what."""
    number = 0
    while True:
        chosen = dataclasses.replace(chosen, theme=themes[number % len(themes)])
        face.draw(lines(_first_page(chosen), *face.size(), cell()))
        heard = face.wait(None)
        if heard in LEAVE:
            return None
        if heard in {"\n", "\r", " "}:
            return chosen.countdown(), chosen.theme
        if heard == "s":
            chosen = dataclasses.replace(chosen, pair=chosen.pair.swapped())
        number += heard == "t"


def _first_page(chosen: Round) -> Page:
    first = f"First {chosen.pair.first}, then {chosen.pair.second}"
    cards = (
        Card("", f"{first}: {chosen.summary()}.", f"{first}: {chosen.summary()}"),
        *(Card("", rule, "") for rule in RULES),
    )
    return Page("Listening to each other", clock_face(chosen.seconds), KEYS, "", "", chosen.theme, cards)
