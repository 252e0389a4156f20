"""What is said around a talk about something hard: a private sheet, a card for both, and what may come after."""

from __future__ import annotations

SHEET = (
    ("What happened, as a camera would have seen it", '"On Sunday, when …", not "you always …".'),
    ("What I feel", "A feeling, not a verdict: sad, tired, alone, ashamed, afraid. `reconnect feel` has more words."),
    ("What I would like", 'A wish that can be answered with no: "I would like us to …".'),
    ("What I need, and what they may need", "Rest, help, a say, being seen … Two needs can both be right."),
    ("My part in it", "However small. It is the one part that is in your own hands."),
    ("One next step", "Small enough for the coming week."),
)  # fmt: skip
"""The private preparation: (heading, what helps)."""

SHEET_OPENING = (
    "For you alone, before the talk. Write as much or as little as you like; it stays on this machine, and an"
    " empty sheet is fine."
)

CARD_TITLE = "Time to talk"
CARD_OPENING = (
    "Half an hour, one thing. Sit side by side or walk; phones away. Each of you can ask for a break of twenty minutes,"
    " or for another day, and needs no reason. One speaks, the other says back what they heard; then you change."
)
CARD_FIELDS = (
    "What happened, without blame:", "I feel:", "I would like:", "What I need:", "What you may need:",
)  # fmt: skip
CARD_CLOSING = "Stop when the time is up, even in the middle. What is left keeps for another day."
NEXT_STEP = "One next step, and who begins:"
WHEN_AGAIN = "We look at it again on:"

APART = "You are apart just now: a call will do, with your faces to see if you both like that."
HOT = "It is a hot one: agree on a break before you begin. `reconnect topic break` counts twenty minutes."
SAFETY = (
    "A talk like this is for two who can both say no. If you are afraid of what it would set off, don't plan it:"
    " `reconnect help safety` says where to turn."
)

WARM = (
    "If you both like: something warm to drink together, and not a word more about it today.",
    "If you both like: a breath of fresh air together, talking about anything else.",
    "If you like: tell them one thing they said that you are glad of.",
    "If you both like: put on a song that you both know, and let it play to its end.",
)
"""Offered after a talk that went well; nobody needs to."""

AFTER_A_HARD_ONE = (
    "That can happen; it says how much it matters to you both. It rests for a week now, and for a day nothing tender is"
    " suggested."
)
COUNSELLOR = (
    "Three of your talks about this one were hard. Some matters go better with a third person in the room: a couples"
    " counsellor hears both sides, and asking for one is a step towards each other. If you are afraid of your partner,"
    " see somebody alone first: `reconnect help safety`."
)
FOLLOW_UP = "A small follow-up waits: `reconnect topic list`"
RESTS_TODAY = "it rests today"

SET_ASIDE_TITLE = "The half hour that you kept in mind"
SET_ASIDE_BODY = "For a talk, if you both want to. Ask first; `reconnect topic list` has the rest."


def warm(number: int) -> str:
    """One of them, another each time."""
    return WARM[number % len(WARM)]
