"""What a prompt may say: the rules for the words of a deck, as far as a program can tell.

Plain and kind, for everybody: no reproach, no duty, nobody's gender, nobody's brand, touch as an offer and never as an
order, and no two prompts that say nearly the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconnectd.core.model import Practice
from reconnectd.core.practice.deck import LONGEST_TEXT, Prompt

TOO_ALIKE = 0.5
"""Of the long words of two prompts, no more than this share is common to both."""

_LONG = 5
_OPENINGS = 4
_SAYS: Mapping[str, re.Pattern[str]] = {
    "speaks of duty": re.compile(
        r"\b(due|overdue|missed|failed|fails?|scores?|streaks?|must|owes?|targets?|should|guilt|guilty|debts?)\b"
    ),
    "speaks of a man or a woman": re.compile(
        r"\b(he|she|him|her|his|hers|himself|herself|husbands?|wife|wives|boyfriends?|girlfriends?|man|woman|men|women"
        r"|guys?|lady|ladies|gentleman)\b"
    ),
    "assumes what not everybody has": re.compile(r"\b(spouses?|marriage|married|wedding|honeymoon|sex|sexy|bedroom)\b"),
    "names a brand": re.compile(
        r"\b(netflix|spotify|instagram|whatsapp|facebook|tiktok|youtube|google|tinder|zoom|skype|facetime|snapchat|lego"
        r"|monopoly|scrabble|ikea|amazon|starbucks|uber|love languages?|love maps?|four horsemen|magic six hours"
        r"|state of the union|emotional bids|love tank)\b"
    ),
}
_TOUCH = re.compile(
    r"(?:please )?(?:kiss|hug|embrace|cuddle|snuggle|stroke|caress|massage|rub|squeeze|tickle|touch|nuzzle"
    r"|(?:hold|take) (?:their|your partner's|each other's) hands?"
    r"|(?:put|lay|place|rest) (?:a|an|your|one) (?:hand|arm|head)s?)\b",
    re.IGNORECASE,
)
_OFFERED = re.compile(r"\b(?:if|ask|asks|offer|whether|would|both|welcome|wherever)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”']*\s+")
_CLAUSE = re.compile(r"(?<=[.!?:;])\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 (the apostrophe that people type)


@dataclass(frozen=True, slots=True)
class Finding:
    """What isn't right about one prompt."""

    prompt: str
    sentence: str


def findings(prompts: Sequence[Prompt], known: Sequence[Prompt] = ()) -> list[Finding]:
    """Everything about `prompts`, by itself, among each other and beside those that are `known` already."""
    found = [Finding(prompt.id, why) for prompt in prompts for why in _alone(prompt)]
    return [*found, *_repeated(prompts, known), *_alike(prompts, known), *_openings(prompts)]


def _alone(prompt: Prompt) -> Iterator[str]:
    if len(prompt.text) > LONGEST_TEXT:
        yield f"is {len(prompt.text)} characters long: under {LONGEST_TEXT + 1} can be read at a glance"
    spoken = " ".join(_words(prompt.text))
    for why, words in _SAYS.items():
        if said := sorted(set(words.findall(spoken))):
            yield f"{why}: {', '.join(said)}"
    for sentence in _CLAUSE.split(prompt.text):
        if _TOUCH.match(sentence) and not _OFFERED.search(prompt.text):
            yield f'asks for touch like an order: "{sentence[:40]}"'


def _repeated(prompts: Sequence[Prompt], known: Sequence[Prompt]) -> Iterator[Finding]:
    """Sentences that stand in another prompt, too."""
    seen: dict[str, str] = {}
    for prompt in (*known, *prompts):
        for sentence in _SENTENCE.split(prompt.text):
            plain = " ".join(_words(sentence))
            if plain in seen and seen[plain] != prompt.id and prompt not in known and plain.count(" ") > 1:
                yield Finding(prompt.id, f'repeats a sentence of {seen[plain]}: "{sentence[:40]}"')
            seen.setdefault(plain, prompt.id)


def _alike(prompts: Sequence[Prompt], known: Sequence[Prompt]) -> Iterator[Finding]:
    """Pairs that have too many long words in common (Jaccard)."""
    listed = [(prompt, _long_words(prompt)) for prompt in (*known, *prompts)]
    for place in range(len(known), len(listed)):
        prompt, mine = listed[place]
        for other, theirs in listed[:place]:
            if likeness(mine, theirs) > TOO_ALIKE:
                yield Finding(prompt.id, f"is too much like {other.id}")


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that both have, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _openings(prompts: Sequence[Prompt]) -> Iterator[Finding]:
    """The first three words, where too many prompts begin with them."""
    begins = {prompt.id: " ".join(_words(prompt.text)[:3]) for prompt in prompts}
    often = {begin for begin, count in Counter(begins.values()).items() if count > _OPENINGS}
    for name, begin in begins.items():
        if begin in often:
            yield Finding(name, f'begins like more than {_OPENINGS - 1} others: "{begin} …"')


def counts(prompts: Iterable[Prompt]) -> dict[Practice, int]:
    """How many there are of each practice, in the order of the practices; those without are left out."""
    found = Counter(prompt.practice for prompt in prompts)
    return {practice: found[practice] for practice in Practice if found[practice]}


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]  # noqa: RUF001


def _long_words(prompt: Prompt) -> frozenset[str]:
    return frozenset(word for word in _words(prompt.text) if len(word) >= _LONG)
