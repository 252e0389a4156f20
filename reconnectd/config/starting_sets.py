"""The sets of routines to start from: each a piece of a config, and what is known about the like of it.

What is known is said with how strong it is; nothing of it was tried with this program.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StarterSet:
    """`at_most` is how many words a week it comes to, or fewer; `holds` and `evidence` are said to a person;
    `routines` is TOML."""

    name: str
    at_most: int
    holds: str
    evidence: str
    routines: str


_EVENING = """
# An evening that is yours. (Surveys find couples who go out together happier; that it is the cause, nobody showed:
# Wilcox & Dew 2023, 2000 people.)
[routine.date-night]
practice = "quality-time"
title = "Date night"
on = "fri"
at = "19:30"
lasting = "2h"
{remind}
"""

_AS_IT_BEGINS = 'remind = ["0 min"]                 # as it begins; "1h" tells you ahead, too'
_AND_BEFORE = 'remind = ["1 day", "1h"]           # one more comes as it begins: phones away'

_TALK = """
# How are we? What was good, what would help. (A talk like this once a year, with a therapist, helped for two years
# in a trial with 215 couples: Cordova 2014. A talk of your own every week is a smaller thing, and not tried.)
[routine.sunday-talk]
practice = "check-in"
title = "Sunday talk"
on = "sun"
at = "17:00"
lasting = "45 min"
"""

_TOUCH = """
# One small kindness{often}, at a time nobody can guess. It is never written to a calendar that both see.
# (Couples who practised warm touch for a month were less tense, in one small trial: 34 couples, Holt-Lunstad 2008.)
[routine.small-touch]
practice = "affection"
title = "A small touch"
times = "{times}"
within = ["17:00-21:30"]
surprise = true
"""

_THANKS = """
# Say thanks for one thing, however small. (In diaries, days with thanks are followed by closer ones, for both:
# Algoe 2010. A link from day to day, no trial.)
[routine.thanks]
practice = "openness"
title = "Say thanks for one thing"
on = "wed"
at = "20:30"
"""

_HOMECOMING = """
# Twenty minutes for each other when both are home: phones away, no session, no plan. (Couples who share what weighs on
# them are more content, in 72 studies with 17,000 people: Falconier 2015. A link, no proof of a cause.)
[routine.homecoming]
practice = "listening"
title = "Twenty minutes, phones away"
on = ["tue", "thu"]
at = "18:30"
"""

_CALL = """
# A long call, as if you went out. (Couples who share what weighs on them are more content, in 72 studies with 17,000
# people: Falconier 2015. A link, no proof of a cause.)
[routine.long-call]
practice = "listening"
title = "A long call"
on = "wed"
at = "20:00"
lasting = "1h"
remind = ["0 min"]                 # as it begins; "1h" tells you ahead, too
"""

_SIGN = """
# A sign of life, at a time nobody can guess. It is never written to a calendar that both see. (Answering each other's
# small signs went with staying together, in one small study: an observation, of newlyweds.)
[routine.small-sign]
practice = "affection"
title = "Send a small sign"
times = "2 per week"
within = ["12:00-21:00"]
surprise = true
"""

SETS = (
    StarterSet(
        "gentle",
        7,
        "an evening, a talk on Sunday, two small touches, a first talk",
        "Couples who keep time for each other are happier: surveys, no proof.",
        _EVENING.format(remind=_AS_IT_BEGINS) + _TALK + _TOUCH.format(often=", twice a week", times="2 per week"),
    ),
    StarterSet(
        "steady",
        14,
        "the same, four touches, two homecomings, and thanks once a week",
        "Thanks bring the next day closer (diaries); touch calms (one small trial).",
        _EVENING.format(remind=_AND_BEFORE)
        + _TALK
        + _TOUCH.format(often=", four times a week", times="4 per week")
        + _HOMECOMING
        + _THANKS,
    ),
    StarterSet(
        "from apart",
        7,
        "a long call, a talk on Sunday, a sign now and then, a first talk",
        "Sharing what weighs on you goes with being content: 72 studies, a link.",
        _CALL + _TALK + _SIGN,
    ),
)

USUAL = _EVENING.format(remind=_AND_BEFORE) + _TALK + _TOUCH.format(often=" a day", times="1 per day")
"""For whoever asks for no set: `init --defaults`."""


def set_called(name: str) -> StarterSet | None:
    """The set of this name; None for what `--defaults` gives."""
    return next((one for one in SETS if one.name == name), None)
