"""What to expect of the weeks: a note after 14, 30 and 66 days, with the study behind it and how far it goes.

The numbers: Lally, van Jaarsveld, Potts and Wardle 2010 (European Journal of Social Psychology 40:998; 96 people, 84
days, simple acts of health; median 66 days to 95 % of where it levels off, 18 to 254 as modelled, the model fitted well
in 39 of 62; one day without it "did not materially affect" it). Singh and others 2024 (Healthcare 12:2488; 20 studies,
medians 59 to 66 days, range 4 to 335, stronger where people chose for themselves; 11 of 20 at high risk of bias).
Neither is about couples, and the notes say so.
"""

from __future__ import annotations

from typing import NamedTuple


class Milestone(NamedTuple):
    """A note that comes once, `day` days after the first routine began."""

    day: int
    title: str
    body: str


MILESTONES = (
    Milestone(
        14,
        "Two weeks. Weeks feel slow",
        "In a study with 96 people a small daily act came by itself after 66 days in the middle, reckoned from 18 to"
        " 254. One day without it made no real difference (Lally and others, 2010). It was about health, not about"
        " two people: take it as a hint to be patient.",
    ),
    Milestone(
        30,
        "A month. About halfway, for many",
        "Twenty studies of new habits find about two months in the middle, and anything from 4 to 335 days; what"
        " people had chosen themselves took hold better (Singh and others, 2024). Half of them are not very certain,"
        " and none is about couples.",
    ),
    Milestone(
        66,
        "Sixty-six days, the number people quote",
        "It was only the middle: about half of the people needed longer (Lally and others, 2010). Nothing is decided"
        " today. What is heavy may become smaller, what is good may stay: `reconnect stats` tells what happened.",
    ),
)
LATEST = 10
"""A note whose day went by this many days ago isn't said any more: it would be another day's note."""

SLOW = "In the middle it takes about two months until something comes by itself.\nWeeks feel slow; that is how it goes."


def milestone(days: int) -> Milestone | None:
    """The note for somebody who began so many days ago."""
    return next((one for one in MILESTONES if one.day <= days < one.day + LATEST), None)


WELCOME_TITLE = "Good to see you again"
WELCOME_BODY = (
    "Everything is where you left it, and nothing was counted while you were away. Begin with whatever is easiest. For"
    " a quieter start: `reconnect lighter --until sun`."
)


def smaller_title(title: str) -> str:
    """The offer to make a routine smaller."""
    return f"{title}: would smaller suit you better?"


def smaller_body(ways: list[str]) -> str:
    """What smaller could mean, in words."""
    hint = f"It could be {', or '.join(ways)}." if ways else "It could be shorter, or less often."
    return f"{hint} Small things that happen are worth more than big ones that wait. Leaving it as it is is fine, too."
