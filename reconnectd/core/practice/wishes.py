"""What is said before and after something that the other faces, and about good news: our own words, plain ones."""

from __future__ import annotations

NOTED = "You noted"
HOW_WAS_IT = "how was it?"

HARD, JOY, JOURNEY, LUCK = "hard", "joy", "journey", "luck"
"""What kind of thing it is."""

BEFORE = {
    LUCK: "A word of luck before it goes a long way.",
    HARD: "Let them know that you are with them, in a few words.",
    JOY: "A warm word early makes the day begin well.",
    JOURNEY: "Wish them a good way.",
}
AFTER = {
    LUCK: "Ask how it went, and stay with the answer for a while.",
    HARD: "Ask how they are now, and leave room for any answer.",
    JOY: "Ask what was best about it.",
    JOURNEY: "Ask how the way was, and whether they have landed softly.",
}

PERSPECTIVES = (
    "Before you ask, guess for yourself: what was the hardest moment of it?",
    "What may it have looked like from where they stood?",
    "Listen for the half sentence that they leave out.",
    "One question more than usual, and no advice until they want some.",
    "How did they seem when you last met or spoke? Tell them that you noticed.",
)
"""A thought for taking the other's view, one for each day in turn."""

WHOLE_STORY = "Ask for the whole story, from the beginning, and be glad out loud."
GLAD = (
    "What did it take them to get there? Ask for that, too.",
    "Which part are they proudest of?",
    "Whom did they want to tell first, and why?",
    "What does it change for them? Let them dream a little.",
)
"""A question about good news, one for each day in turn."""
