"""Answers as lines of text, for a pipe: `close: 7`, one a line; the colon may be left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from reconnectd.core.plain import plain
from reconnectd.core.practice.pulse import MOST
from reconnectd.errors import WrongUsage

Name = TypeVar("Name")
_LINE = re.compile(r"(?P<label>[^\s:]+)\s*:?\s*(?P<answer>.*)")


def labelled(text: str, labels: Sequence[str], longest: int) -> dict[str, str]:
    """{label: answer} of the lines of `text`; empty lines and answers are left out. WrongUsage names a line by its
    number only: what stands in it is the person's own."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.match(plain(line, limit=longest + 40))
        if match is None:
            continue
        label, answer = match["label"].lower(), plain(match["answer"], limit=longest)
        if label not in labels:
            raise WrongUsage(f"line {number} begins with none of {', '.join(labels)}", f"such as `{labels[0]}: …`")
        if label in found:
            raise WrongUsage(f"line {number} answers {label} a second time", "one line for each")
        if answer:
            found[label] = answer
    return found


def number(label: str, answers: Mapping[str, str]) -> int | None:
    """An answer from 0 to 10; None when it was left out."""
    answer = answers.get(label)
    if answer is None:
        return None
    if not is_number(answer):
        raise WrongUsage(f"{label} is a whole number from 0 to {MOST}", f"such as `{label}: 7`, or leave the line out")
    return int(answer)


def is_number(answer: str) -> bool:
    """Is it a whole number from 0 to 10?"""
    return answer.isascii() and answer.isdigit() and len(answer) < 3 and int(answer) <= MOST


def several(label: str, answers: Mapping[str, str], names: Mapping[str, Name]) -> list[Name]:
    """An answer with names between commas, each once, in their order."""
    found = [one.strip().lower() for one in answers.get(label, "").split(",") if one.strip()]
    if any(one not in names for one in found):
        raise WrongUsage(f"{label} takes {', '.join(names)}", "several with commas between them")
    return [names[one] for one in dict.fromkeys(found)]
