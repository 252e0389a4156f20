"""The weekly honest conversation: four to six turns, each with a time box and an opening without blame.

The turns follow from how long there is, and from the week, so that both find the same on their card; what a person
brings to each turn (`mine`) is for them alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconnectd.core.model import Practice, Routine
from reconnectd.core.practice import first_talk
from reconnectd.core.practice.agenda import Turn, shared_out
from reconnectd.core.practice.choice import Moment, number
from reconnectd.core.practice.deck import Prompt

MIDDLE = "are"
"""The turn that has room for a question for both."""

USUAL = 45
"""Minutes, where no routine says how long."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A turn before it has its time: `weight` is its share, `needs` how many minutes the whole talk has at least."""

    name: str
    title: str
    weight: int
    needs: int
    how: str
    openings: tuple[str, ...]


_PARTS = (
    _Part(
        "good", "What was good", 2, 0,
        "One moment each from the last days that you would gladly have again: where you were, what the other did.",
        ('"I liked it when you …"', '"I still smile about …"', '"It did me good that …"'),
    ),
    _Part(
        "thanks", "A thank-you", 1, 0,
        "One each, for something definite. Whoever is thanked just takes it in.",
        ('"Thank you for …; it made my day easier."', '"I saw that you …, and I was glad."'),
    ),
    _Part(
        "are", "How we are", 3, 0,
        "One speaks, the other listens and says back what they understood; then the other way round. Each speaks of "
        "their own side only.",
        (
            '"I noticed that I …"',
            '"Close to you I felt when …, and farther away when …"',
            '"What I would like you to know about my week is …"',
            '"I noticed how much I like it when …"',
        ),
    ),
    _Part(
        "load", "What weighs on each of us", 2, 25,
        'Mostly it comes from outside. Ask "would you like an idea, or an ear?" before you give either.',
        (
            '"What takes my strength at present is …"',
            '"It would be lighter for me if …"',
            '"I noticed that I am tired of …"',
        ),
    ),
    _Part(
        "open", "One thing that is open", 3, 40,
        "The smallest that one of you has: what each needs, then one next step. If voices rise, have a break of "
        "twenty minutes and come back. Is nothing open? Leave it out.",
        ('"When …, I feel …, and I would like …"', '"I noticed …, and my part in it is …"'),
    ),
    _Part(
        "next", "The week ahead", 2, 0,
        "One wish each, and the evening that you keep for each other. What doesn't fit you now may become smaller, or "
        "go.",
        ('"I look forward to …"', '"It would be lovely if we …"', '"One small thing I would like this week is …"'),
    ),
)  # fmt: skip

BEFORE = (
    "Notifications off, on every device. It isn't about who is right, and either of you may stop at any time, without "
    "a reason."
)
AFTER = "Enough for today: what is still open keeps until next time."


def turns(minutes: int, day: dt.date, question: str = "") -> tuple[Turn, ...]:
    """Four of them, five from 25 minutes on, six from 40; together they last `minutes`. The openings change from
    week to week. `question` is one for both, in the middle."""
    parts = [part for part in _PARTS if minutes >= part.needs]
    boxes = shared_out(minutes, [part.weight for part in parts])
    return tuple(
        Turn(
            part.name,
            part.title,
            box,
            part.how,
            part.openings[_week(day) % len(part.openings)],
            question=question if part.name == MIDDLE else "",
        )
        for part, box in zip(parts, boxes, strict=True)
    )


def question(prompts: Iterable[Prompt], moment: Moment, seed: str, day: dt.date) -> Prompt | None:
    """The question of that week for both, from the decks: what fits the moment, in an order of the household's own,
    one after another, so that none comes twice before all came. None where nothing fits."""
    fitting = [one for one in prompts if one.practice is Practice.CHECK_IN and moment.allows(one)]
    pool = sorted(
        (one for one in fitting if not moment.strains(one)), key=lambda one: (number(seed, "talk", one.id), one.id)
    )
    return pool[_week(day) % len(pool)] if pool else None


def _week(day: dt.date) -> int:
    """The number of its week; weeks begin on Monday."""
    return (day.toordinal() - 1) // 7


def talk_of(routines: Sequence[Routine]) -> Routine | None:
    """The routine of the weekly talk: the longest of those that are one; None when there is none."""
    talks = [
        one for one in routines if one.practice is Practice.CHECK_IN and one.length and one.slug != first_talk.SLUG
    ]
    return max(talks, key=lambda one: one.length or dt.timedelta(0), default=None)


def minutes_of(routines: Sequence[Routine]) -> int:
    """How long the weekly talk is."""
    routine = talk_of(routines)
    return int(routine.length.total_seconds()) // 60 if routine and routine.length else USUAL
