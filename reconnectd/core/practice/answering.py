"""Which routine answers a root, with what is known about the like of it, and how strong that is.

An offer, never more: a piece of config to paste. That a routine answers a root is our guess everywhere; what was
studied is said beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconnectd.core.model import Practice, Routine
from reconnectd.core.practice.pulse import Root


@dataclass(frozen=True, slots=True)
class Answer:
    """`schedule` is TOML. `by_practice`: any routine of that practice is an answer already, not only this one."""

    slug: str
    practice: Practice
    title: str
    schedule: str
    known: str
    by_practice: bool = True

    @property
    def fragment(self) -> str:
        """The piece of config."""
        head = f'[routine.{self.slug}]\npractice = "{self.practice.value}"\ntitle = "{self.title}"\n'
        return head + self.schedule


_PLANNED = (
    "This very routine was not studied. That a plan with a day and an hour is kept more often than a good intention is "
    "well tested (94 tests, Gollwitzer & Sheeran 2006)."
)
_CALM = 'on = "sat"\nevery = "2 weeks"\nat = "16:00"\nlasting = "30 min"\n'
_ARRIVING = Answer(
    "homecoming", Practice.LISTENING, "Twenty minutes to arrive",
    'on = ["tue", "thu"]\nat = "18:30"\nlasting = "20 min"\n',
    "Telling each other what is hard outside goes along with being content in 72 studies (Falconier 2015). Whether it "
    "is the cause, nobody showed.",
)  # fmt: skip
_EVENING_OUT = Answer(
    "date-night", Practice.QUALITY_TIME, "Date night",
    'on = "fri"\nat = "19:30"\nlasting = "2h"\n',
    "In a survey of 2000 people, those who keep an evening for each other are happier (Wilcox & Dew 2023). It may as "
    "well be the other way round.",
)  # fmt: skip

ANSWERS: Mapping[Root, Answer] = {
    Root.WORK: _ARRIVING,
    Root.FAMILY: _ARRIVING,
    Root.HEALTH: Answer(
        "easier-week", Practice.EMPATHY, "Ask what would make the week easier",
        'on = "mon"\nat = "19:00"\n',
        "Feeling understood went along with growing closer in a month with 405 couples who used an app: no comparison, "
        "by its makers.",
    ),
    Root.MONEY: Answer(
        "money-half-hour", Practice.CHECK_IN, "Half an hour about money",
        'on = "1st sat"\nat = "11:00"\nlasting = "30 min"\n', _PLANNED, by_practice=False,
    ),
    Root.CARE: Answer(
        "who-does-what", Practice.CHECK_IN, "Who does what this week",
        'on = "sun"\nat = "11:00"\nlasting = "20 min"\n', _PLANNED, by_practice=False,
    ),
    Root.PHONES: Answer(
        "screens-away", Practice.QUALITY_TIME, "An hour with nothing else on a screen",
        'on = "wed"\nat = "19:00"\nlasting = "1h"\n', _PLANNED, by_practice=False,
    ),
    Root.HURT: Answer(
        "calm-half-hour", Practice.REPAIR, "A calm half hour", _CALM,
        "Nobody tried this half hour. `reconnect reappraise` is writing about it: three times seven minutes a year "
        "halted a slow decline in a trial with 120 couples (Finkel 2013). Broken trust often takes more, and a "
        "counsellor knows the way.",
    ),
    Root.DESIRE: Answer(
        "open-evening", Practice.QUALITY_TIME, "An evening without a plan",
        'on = "sat"\nat = "20:30"\nlasting = "90 min"\n',
        "Nobody studied this evening. That it helps when nothing is expected of it is our guess.", by_practice=False,
    ),
    Root.UNSETTLED: Answer(
        "calm-half-hour", Practice.REPAIR, "A calm half hour", _CALM,
        "Short, by daylight and agreed beforehand: that is experience of people who work with couples, and no trial.",
    ),
    Root.TIME: _EVENING_OUT,
    Root.DRIFTED: Answer(
        "deeper-questions", Practice.OPENNESS, "Three questions for each other",
        'on = "wed"\nat = "20:30"\nlasting = "30 min"\n',
        "Questions that go deeper step by step brought strangers closer within an hour (Aron 1997). One session, and "
        "not couples.", by_practice=False,
    ),
}  # fmt: skip
"""None for "something else", which says nothing about what would help."""


def standing_answer(answer: Answer, routines: Sequence[Routine]) -> Routine | None:
    """The routine of the config that answers already; None when there is none."""
    fitting = [
        one for one in routines if one.slug == answer.slug or (answer.by_practice and one.practice is answer.practice)
    ]
    return next(iter(fitting), None)
