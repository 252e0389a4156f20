"""The kinds of values that keys have: how each is read, written and described."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from reconnectd.config import spelling
from reconnectd.core import grammar, rrule
from reconnectd.core.expected import Expected

Read = Callable[[object], Any]

_STEERING = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")
_MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Form:
    """`read` takes what tomllib made and returns a value or raises Expected; `plain` is its inverse, into text,
    numbers, booleans, dates and lists of them; `schema` says the same in JSON Schema."""

    read: Read
    plain: Callable[[Any], Any]
    schema: Mapping[str, Any]


def _same(value: Any) -> Any:
    return value


def line_of_text(what: str, value: object, *, most: int = 200, empty: bool = False, lines: bool = False) -> str:
    """Text for people, trimmed; without what steers a terminal or turns the reading direction."""
    if not isinstance(value, str):
        raise Expected(what, value)
    text = value.strip()
    if _STEERING.search(text) or (not lines and ("\n" in text or "\t" in text)):
        raise Expected(f"{what}, without control characters", value)
    if len(text) > most:
        raise Expected(f"{what}, at most {most} characters", value)
    if not text and not empty:
        raise Expected(f"{what} (or leave the key out)", value)
    return text


def text(what: str, *, most: int = 200, empty: bool = False, lines: bool = False) -> Form:
    """Text of one line, or with `lines` of several."""
    read = partial(line_of_text, what, most=most, empty=empty, lines=lines)
    return Form(read, _same, {"type": "string", "maxLength": most, **({} if empty else {"minLength": 1})})


def choice(*values: str) -> Form:
    """One of a few words."""
    names = [f'"{value}"' for value in values]
    what = f"{', '.join(names[:-1])} or {names[-1]}"

    def read(value: object) -> str:
        found = value.strip().lower() if isinstance(value, str) else value
        if found not in values:
            raise Expected(what, value, word=str(found), names={name: name for name in values})
        return str(found)

    return Form(read, str, {"enum": list(values)})


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Expected("true or false", value)
    return value


def _argv(what: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise Expected(what, value)
    if any("\0" in word for word in value) or not value[0].strip() or len(value) > _MOST_ITEMS:
        raise Expected(what, value)
    return tuple(value)


def argv(what: str) -> Form:
    """A command as a list of its words, which no shell reads."""
    items = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return Form(partial(_argv, what), list, items)


def _list(read: Read, what: str, least: int, value: object) -> tuple[Any, ...]:
    if isinstance(value, list) and len(value) < least:
        raise Expected(f"at least one of {what}", value)
    if isinstance(value, list) and len(value) > _MOST_ITEMS:
        raise Expected(f"at most {_MOST_ITEMS} of {what}", value)
    return tuple(dict.fromkeys(grammar.several(value, read)))


def several(form: Form, what: str, least: int = 0) -> Form:
    """A list, or a single one of what it holds; nothing twice."""

    def plain(values: tuple[Any, ...]) -> list[Any]:
        return [form.plain(value) for value in values]

    items = {"type": "array", "items": dict(form.schema), "minItems": least, "maxItems": _MOST_ITEMS}
    return Form(partial(_list, form.read, what, least), plain, {"anyOf": [dict(form.schema), items]})


def duration(example: str, least: str = "0 min", most: str = "3660 days") -> Form:
    """A length of exact seconds, `least` to `most`."""
    bounds = [grammar.duration(bound) for bound in (least, most)]
    read = partial(grammar.duration, example=example, least=bounds[0], most=bounds[1])
    return Form(read, grammar.spell_duration, _pattern(r"^\s*(\d+\s*[A-Za-z]+\s*)+$", example))


def _pattern(pattern: str, *examples: object) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "examples": list(examples)}


def span(example: str) -> Form:
    """A calendar length."""
    pattern = _pattern(r"^\s*\d+\s*([Dd]ay|[Ww]eek|[Mm]onth|[Yy]ear)s?\s*$", example)
    return Form(partial(grammar.span, example=example), spelling.span, pattern)


def times(example: str) -> Form:
    """So many times a period."""
    pattern = _pattern(r"^\s*\d+\s+per\s+(day|week|month|year)s?\s*$", example)
    return Form(partial(grammar.times, example=example), spelling.times, pattern)


def _at_most(value: object) -> Any:
    if isinstance(value, str) and value.strip().lower() == "no limit":
        return None
    try:
        return grammar.times(value, "3 per day")
    except Expected as error:
        what = 'how often, such as "3 per day", or "no limit"'
        raise Expected(what, value, word=error.word, names=error.names) from None


def _every(value: object) -> Any:
    """A Span, or a bare number that takes its unit from `on`."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= 999:
            raise Expected('a number of periods such as "2 weeks", 1 to 999', value)
        return value
    return grammar.span(value)


def _paused(value: object) -> bool | dt.date:
    try:
        return value if isinstance(value, bool) else grammar.date(value)
    except Expected:
        raise Expected("true, false or a date such as 2026-11-20", value) from None


def _email(value: object) -> str:
    what = 'an address such as "sam@example.org"'
    found = line_of_text(what, value)
    if not _MAIL.match(found):
        raise Expected(what, value)
    return found


def _hex_digest(value: object) -> str:
    what = "a SHA-256 fingerprint of 64 hexadecimal digits"
    found = line_of_text(what, value).lower().removeprefix("sha256:").replace(":", "").replace(" ", "")
    if not _FINGERPRINT.match(found):
        raise Expected(what, value)
    return found


def _last_time(value: object) -> str:
    if value != "last time":
        raise Expected('"last time"', value, word=str(value), names={"last time": "last time"})
    return "last time"


_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "examples": ["2026-11-20"]}
_DAYS: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "examples": ["fri", "fri-sun", "daily", "1st sat", "15", "14 jun"]},
        {"type": "integer", "minimum": 1, "maximum": 31},
    ]
}
_HOURS = r"\d{1,2}:\d{2}(:\d{2})?\s*[-–—]\s*\d{1,2}:\d{2}(:\d{2})?"  # noqa: RUF001 (dashes people type)

FLAG = Form(_flag, _same, {"type": "boolean"})
TIME = Form(grammar.time, spelling.time, _pattern(r"^\s*\d{1,2}:\d{2}(:\d{2})?\s*$", "19:00"))
DATE = Form(grammar.date, _same, _DATE)
WEEKDAY = Form(grammar.weekday, spelling.weekday, _pattern(r"^\s*[A-Za-z]+\s*$", "mon"))
QUIET = Form(grammar.quiet, spelling.hours, _pattern(rf"^\s*{_HOURS}\s*$", "22:30-07:30"))
WINDOW = Form(grammar.window, spelling.window, _pattern(rf"^\s*(\S.*\s)?{_HOURS}\s*$", "fri-sun 17:30-23:00"))
LASTING = Form(grammar.lasting, spelling.lasting, _pattern(r"^\s*\d+\s*[A-Za-z]+.*$", "45 min", "90 min - 3h"))
IDEAL = Form(grammar.ideal, spelling.ideal, _pattern(r"^\s*([A-Za-z]+\s+)?\d{1,2}:\d{2}\s*$", "fri 19:30"))
AFTER = Form(grammar.after, spelling.after, _pattern(r"^\s*(unlock|event)\s+\S.*$", "unlock 17:30-21:00"))
ON = Form(grammar.on, spelling.on, {"anyOf": [*_DAYS["anyOf"], {"type": "array", "items": _DAYS, "minItems": 1}]})
AT_MOST = Form(_at_most, spelling.at_most, {"type": "string", "examples": ["3 per day", "no limit"]})
EVERY = Form(
    _every,
    spelling.every,
    {"anyOf": [dict(span("2 weeks").schema), {"type": "integer", "minimum": 1, "maximum": 999}]},
)
PAUSED = Form(_paused, _same, {"anyOf": [{"type": "boolean"}, _DATE]})
EMAIL = Form(_email, str, _pattern(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "sam@example.org"))
FINGERPRINT = Form(_hex_digest, str, {"type": "string", "minLength": 64})
LAST_TIME = Form(_last_time, str, {"const": "last time"})
RULE = Form(rrule.rule, str, {"type": "string", "maxLength": rrule.LONGEST, "pattern": "FREQ="})
