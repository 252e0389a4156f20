"""One's own half of a talk: what to bring to each turn, from the last weeks. For the person alone, never on a card.

A trend is said in words and never as a grade; what did not come about is said without a number, with three ways on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Fact, State
from reconnectd.core.practice.agenda import Turn
from reconnectd.core.practice.pulse import (
    FOUR_WEEKS,
    ROOT_WORDS,
    Pulse,
    Question,
    Root,
    is_change,
    trend,
)
from reconnectd.core.wording import and_

THREE_WEEKS = dt.timedelta(days=21)
A_FEW = 3
ELSEWHERE = {"load": "are", "open": "next"}
"""Where a short talk without that turn has room for it."""

TRENDS: Mapping[Question, tuple[str, str, str]] = {
    "close": (
        "You have felt closer than some weeks ago.",
        "You have felt farther away than some weeks ago.",
        "How close you feel is much the same as some weeks ago.",
    ),
    "heard": (
        "You have felt heard more than before.",
        "You have felt heard less than before.",
        "You feel heard about as much as before.",
    ),
    "load": ("The days have become heavier.", "The days have become lighter.", "The days weigh much what they did."),
}
"""Up, down, and neither."""

NO_TREND = "Four weeks of check-ins will say a little more about how it goes."
NO_PULSE = "`reconnect check-in`, two minutes alone, helps to find out how you are."


@dataclass(frozen=True, slots=True)
class Weeks:
    """What is known of the last weeks. `thanks`: one to give; `happened` and `silent`: titles of events that came
    about, and of those that did not; `topics`: how many are open."""

    pulses: Sequence[Pulse] = ()
    thanks: str | None = None
    happened: Sequence[str] = ()
    silent: Sequence[str] = ()
    topics: int = 0


def mine(weeks: Weeks, turns: Sequence[Turn], now: dt.datetime) -> dict[str, list[str]]:
    """What to bring to each of these turns."""
    found: dict[str, list[str]] = {turn.name: [] for turn in turns}
    for name, text in _notes(weeks, now):
        place = name if name in found else ELSEWHERE.get(name, "")
        found.get(place, []).append(text)
    return found


def _notes(weeks: Weeks, now: dt.datetime) -> Iterator[tuple[str, str]]:
    for text in good_things(weeks.pulses, now - THREE_WEEKS, now):
        yield "good", f"You noted: {text}"
    if weeks.happened:
        yield "good", f"It came about: {and_(weeks.happened)}."
    if weeks.thanks:
        yield "thanks", f"One to give: {weeks.thanks}"
    for text in trends(weeks.pulses, now):
        yield "are", text
    if roots := _roots(weeks.pulses, now):
        yield "load", roots
    if weeks.topics:
        open_ = "One matter is open" if weeks.topics == 1 else f"{weeks.topics} matters are open"
        yield "open", f"{open_} on your list: `reconnect topic list`."
    for title in weeks.silent:
        yield "next", f"{title} has not come about lately: keep it, make it smaller, or let it go."


def good_things(pulses: Sequence[Pulse], since: dt.datetime, now: dt.datetime, at_most: int = A_FEW) -> list[str]:
    """The newest good things from `since` on, the newest first."""
    found = [one for one in pulses if one.good and since <= one.at <= now]
    return [one.good for one in sorted(found, key=lambda one: one.at, reverse=True)[:at_most]]


def trends(pulses: Sequence[Pulse], now: dt.datetime) -> list[str]:
    """A sentence for each question that has a trend; one that says why there is none."""
    slopes = {question: trend(pulses, question, now) for question in TRENDS}
    said = [_sentence(question, slope) for question, slope in slopes.items() if slope is not None]
    recent = any(now - 2 * FOUR_WEEKS <= one.at <= now for one in pulses)
    return said or [NO_TREND if recent else NO_PULSE]


def _sentence(question: Question, slope: float) -> str:
    up, down, neither = TRENDS[question]
    if not is_change(slope):
        return neither
    return up if slope > 0 else down


def _roots(pulses: Sequence[Pulse], now: dt.datetime) -> str:
    recent = {root for one in pulses if now - THREE_WEEKS <= one.at <= now for root in one.roots}
    named = [ROOT_WORDS[root] for root in Root if root in recent]
    return f"Lately you named: {', '.join(named)}." if named else ""


def came_about(
    routines: Sequence[Routine], facts: Mapping[str, Sequence[Fact]], since: dt.date
) -> tuple[list[str], list[str]]:
    """(titles of events that came about from `since` on, titles of those that did not): the second twice or more
    without anybody having said a word, not even "not this time"."""
    happened, silent = [], []
    for routine in routines:
        states = [fact.state for fact in facts.get(routine.slug, ()) if fact.id.nominal >= since]
        if routine.lasting is None or routine.private:
            continue
        if State.DONE in states:
            happened.append(routine.title)
        elif states.count(State.MISSED) > 1 and State.SKIPPED not in states:
            silent.append(routine.title)
    return happened, silent
