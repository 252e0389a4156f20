"""A break from a talk that became too hot: time apart, long enough for a body to calm down.

Twenty minutes are a starting point of ours, from what is known about how slowly a pulse comes down; not a finding.
"""

from __future__ import annotations

from reconnectd.core.practice.countdown import Card, Countdown, Stage

MINUTES = 20
WORDS = Card(
    "",
    "Go where you can breathe: some steps, some water, some music. No need to find better arguments meanwhile; the"
    " matter will keep. It rings when the time is up.",
    "some steps, some water, some music",
)
OVER = (
    "The break is over. Come back when you are both calm; if that takes longer, tell each other when.",
    "Another day is a good answer, too.",
)
LEFT_EARLY = ("The break ends here. Go on when you are both calm.",)


def breather(seconds: float) -> Countdown:
    """At its beginning; it goes on while the machine sleeps."""
    return Countdown((Stage(seconds, "A break", "", (WORDS,)),), waits=False)
