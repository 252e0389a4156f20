"""A routine that may answer what somebody named most often: shown, explained, never put anywhere by itself."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from reconnectd.cli.questions import WIDEST
from reconnectd.core.plain import plain
from reconnectd.core.practice.answering import ANSWERS, standing_answer
from reconnectd.core.practice.pulse import ROOT_WORDS, Root
from reconnectd.core.settings import Settings

IF_IT_IS_FEAR = (
    "If it is your partner you are afraid of, none of this is for now: `reconnect help safety` says where to turn."
)


def offer_lines(root: Root, settings: Settings) -> Iterator[str]:
    """The root, and the routine that may answer it, or the one that does already; at most 79 columns."""
    if root is Root.HURT:
        yield from (*textwrap.wrap(IF_IT_IS_FEAR, WIDEST), "")
    named = f"What you named most often these weeks: {ROOT_WORDS[root]}."
    answer = ANSWERS[root]
    standing = standing_answer(answer, settings.routines)
    if standing is not None:
        title = plain(standing.title)
        yield from textwrap.wrap(f"{named} You have a routine that may answer it: {title}. Perhaps keep it.", WIDEST)
        return
    yield from textwrap.wrap(
        f"{named} A routine that may answer it, if you both like: {answer.title}. {answer.known}", WIDEST
    )
    yield ""
    yield "To try it, put this into your config (`reconnect config edit`):"
    yield ""
    yield from textwrap.indent(answer.fragment, "  ").splitlines()


def offer_fields(root: Root, settings: Settings) -> dict[str, Any]:
    """The same as JSON; `routine` is the slug of the one that stands already, `config` the piece to paste."""
    answer = ANSWERS[root]
    standing = standing_answer(answer, settings.routines)
    return {
        "root": root.value,
        "practice": answer.practice.value,
        "routine": standing.slug if standing else None,
        "config": None if standing else answer.fragment,
        "known": answer.known,
    }
