"""The keys of a deck: what its file may say of itself and of each prompt."""

from __future__ import annotations

import re

from reconnectd.config import forms
from reconnectd.config.forms import choice, several, text
from reconnectd.config.keys import KIND, PRACTICE, Key
from reconnectd.core.expected import Expected
from reconnectd.core.model import SLUG
from reconnectd.core.practice.deck import (
    DEPTHS,
    ENERGIES,
    LIGHTS,
    LONGEST_TEXT,
    MONEY,
    MOST_MINUTES,
    SEASONS,
    SETTINGS,
    WHERE,
)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def _id(value: object) -> str:
    what = 'a name of a-z, 0-9 and - such as "hand-on-shoulder"'
    if not isinstance(value, str) or not SLUG.match(value) or len(value) > 64:
        raise Expected(what, value)
    return value


def _whole(what: str, least: int, most: int, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Expected(what, value)
    return value


def _language(value: object) -> str:
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        raise Expected('a language such as "en"', value)
    return value


def _minutes(value: object) -> int:
    return _whole(f"minutes, 1 to {MOST_MINUTES}, such as 20", 1, MOST_MINUTES, value)


def _depth(value: object) -> int:
    return _whole("1 (light), 2 or 3 (close to the heart)", DEPTHS[0], DEPTHS[-1], value)


ID = forms.Form(_id, str, {"type": "string"})
MINUTES = forms.Form(_minutes, int, {"type": "integer", "minimum": 1, "maximum": MOST_MINUTES})
DEPTH = forms.Form(_depth, int, {"type": "integer", "enum": list(DEPTHS)})

HEAD = (
    Key("name", text('a name such as "Small touches"'), "what it is called"),
    Key("language", forms.Form(_language, str, {"type": "string"}), "the language of its prompts"),
    Key("licence", text('a licence such as "CC0-1.0"'), "who may use it"),
)
PROMPT = (
    Key("id", ID, "a name that no other prompt has"),
    Key("practice", PRACTICE, "which practice it is for"),
    Key("text", text("text", most=LONGEST_TEXT), "the words that are shown"),
    Key("minutes", MINUTES, "how long it takes"),
    Key("where", choice(*WHERE), "does it need you together, apart, or either?"),
    Key("energy", choice(*ENERGIES), "how much strength it asks for"),
    Key("depth", DEPTH, "how close it goes"),
    Key("kind", KIND, "affection only: the kind of it"),
    Key("money", choice(*MONEY), "what it costs"),
    Key("setting", choice(*SETTINGS), "indoors, outdoors or either"),
    Key("season", several(choice(*SEASONS), "seasons", least=1), "when in the year"),
    Key("light", choice(*LIGHTS), "does it need daylight, or the dark?"),
)
NEEDED = ("id", "practice", "text", "minutes", "where", "energy", "depth")
NEEDED_OF_A_DECK = ("name", "language", "licence")
