"""Words for feelings, by family, and a sentence to begin with: "I feel … when … I would like …".

The families are a choice of ours to find a word by, no theory of what there is. What each often asks for is a guess to
hold lightly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Words that lie near each other; `often` goes on from "often asks for"."""

    name: str
    words: tuple[str, ...]
    often: str


FAMILIES = (
    Family(
        "sad", ("sad", "low", "lonely", "hurt", "disappointed", "homesick", "heavy"),
        "comfort, or for somebody who stays beside you a while",
    ),
    Family(
        "afraid", ("afraid", "anxious", "worried", "uneasy", "insecure", "overwhelmed", "tense"),
        "safety, and for knowing what comes next",
    ),
    Family(
        "angry", ("angry", "annoyed", "irritated", "frustrated", "bitter", "furious", "impatient"),
        "something to change, or for a limit to be respected",
    ),
    Family(
        "ashamed", ("ashamed", "embarrassed", "awkward", "sorry", "small", "exposed"),
        "being taken as you are, or for a way to put something right",
    ),
    Family(
        "tired", ("tired", "exhausted", "drained", "stretched", "numb", "listless", "empty"),
        "rest, or for a hand with the load",
    ),
    Family(
        "distant", ("distant", "cut off", "closed", "bored", "indifferent", "wistful", "out of step"),
        "time with each other, or for one small first word",
    ),
    Family(
        "torn", ("torn", "confused", "unsure", "restless", "jealous", "doubtful", "hesitant"),
        "clarity, or for time before there is an answer",
    ),
    Family(
        "close", ("close", "tender", "loving", "grateful", "touched", "trusting", "at home"),
        "being said aloud, because nobody else can see it",
    ),
    Family(
        "glad", ("glad", "cheerful", "playful", "excited", "proud", "relieved", "content", "hopeful"),
        "somebody to be glad with",
    ),
)  # fmt: skip

OPEN_END = "…"
DRAFT = "I feel {word}\nwhen …\nI would like …\n"
FEAR = "afraid"
"""The family beside which stands where help is found."""


def family_of(word: str) -> Family | None:
    """The family in which a word stands, or whose name it is; None for a word of one's own."""
    wanted = " ".join(word.casefold().split())
    return next((one for one in FAMILIES if wanted in one.words or wanted == one.name), None)


def finished(text: str) -> str:
    """A draft without the lines that were left open."""
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if not line.endswith(OPEN_END)).strip()


_DEEDS = {
    "ignored": "lonely or hurt", "left out": "lonely or sad", "attacked": "afraid or hurt", "blamed": "ashamed or hurt",
    "criticised": "small or hurt", "criticized": "small or hurt", "rejected": "hurt or sad", "abandoned": "lonely",
    "betrayed": "hurt or angry", "used": "hurt or tired", "controlled": "tense or angry", "judged": "ashamed",
    "neglected": "lonely", "unappreciated": "sad or tired", "misunderstood": "lonely or frustrated",
    "manipulated": "unsure or angry", "taken for granted": "tired or hurt",
}  # fmt: skip
"""Words that follow "I feel" and say what another did; and what often lies under them."""

_THOUGHT = re.compile(r"\bI feel (?:that\b|like\b|as (?:if|though)\b|(?:you|he|she|they|we|it)\b)", re.IGNORECASE)
_DEED = re.compile(rf"\bI feel (?:so |very |quite |a bit )?({'|'.join(_DEEDS)})\b", re.IGNORECASE)
_EVER = re.compile(r"\byou(?:'re)? (always|never)\b", re.IGNORECASE)
_MAKES = re.compile(r"\byou (?:make|made) me\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\bI would like you (?:to stop\b|not to\b|to not\b|to never\b)", re.IGNORECASE)


def hints(text: str) -> list[str]:
    """What might make a draft easier to hear, at most one line of each kind. Hints: nothing is wrong with a draft."""
    found = []
    if _THOUGHT.search(text):
        found.append("What follows “I feel” there is more of a thought. Which feeling lies under it?")
    if deed := _DEED.search(text):
        word = deed[1].casefold()
        found.append(f"“{word}” tells what somebody did. Is it {_DEEDS[word]} that you feel?")
    if ever := _EVER.search(text):
        found.append(f"One moment you both remember is easier to hear than “{ever[1].casefold()}”.")
    if _MAKES.search(text):
        found.append("“When … I feel …” stays yours; “you make me” is easily heard as a charge.")
    if _INSTEAD.search(text):
        found.append("What would you like to see in its place? That is easier to give than to stop.")
    return found
