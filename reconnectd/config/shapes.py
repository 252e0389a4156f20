"""The six shapes of a schedule: a routine has exactly one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconnectd.config.problems import KeyPath, Problems
from reconnectd.core import rrule
from reconnectd.core.model import (
    CountedFrom,
    Daily,
    Fixed,
    FixedRule,
    On,
    Period,
    Placed,
    Schedule,
    Span,
    Surprise,
    Weekdays,
    YearDates,
)

Values = Mapping[str, Any]
Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """`marks` are the keys that only this shape has; `needs` and `may` all that it has, `lasting` apart.
    `length` says whether it needs one (True), may have one (None) or is always a moment (False)."""

    name: str
    marks: tuple[str, ...]
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    length: bool | None = None


FIXED = Shape("on + at", ("on",), ("on", "at"), ("every", "starting", "until"))
RULE = Shape("rrule + at", ("rrule",), ("rrule", "at"), ("starting",))
SURPRISE = Shape("times + within + surprise", ("surprise",), ("times", "within", "surprise"), length=False)
PLACED = Shape("times + within + lasting", ("times", "within", "ideal"), ("times", "within"), ("ideal",), length=True)
COUNTED = Shape(
    "every + at + counted_from",
    ("counted_from", "no_later_than"),
    ("every", "at", "counted_from"),
    ("starting", "no_later_than"),
)
AFTER = Shape("after", ("after",), ("after",), length=False)
SHAPES = (FIXED, RULE, SURPRISE, PLACED, COUNTED, AFTER)
_KEYS = tuple(dict.fromkeys(key for shape in SHAPES for key in (*shape.needs, *shape.may)))
_UNITS: dict[Period, int] = {"day": 1, "week": 7, "month": 30, "year": 365}


def schedule(table: Values, values: Values, where: KeyPath, problems: Problems) -> Schedule | None:
    """The schedule of a routine; None when it has no shape, more than one, or an unreadable key of its shape.

    `table` is what the file says, `values` what of it could be read.
    """

    def tell(key: str, sentence: str) -> None:
        problems.add((*where, key) if key else where, sentence)

    present = [key for key in _KEYS if key in table and table[key] is not False]
    shape = _shape(present)
    if shape is None:
        tell("", _without_shape(present))
        return None
    if not _fits(shape, present, table, tell):
        return None
    if any(key not in values for key in (*shape.needs, *present)):
        return None
    return _make(shape, values, tell)


def _shape(present: list[str]) -> Shape | None:
    return next((shape for shape in SHAPES if any(mark in present for mark in shape.marks)), None)


def _without_shape(present: list[str]) -> str:
    if "every" in present:
        return 'on is needed to say which days, or counted_from = "last time"'
    if "at" in present:
        return 'on is needed to say which days, such as on = "fri"'
    return 'when? For instance on = "fri" and at = "19:00"'


def _fits(shape: Shape, present: list[str], table: Values, tell: Tell) -> bool:
    """Has it all that its shape needs, and nothing of another?"""
    fits = True
    for key in present:
        if key not in (*shape.needs, *shape.may):
            tell(key, f"doesn't go with {_seen(shape, present)}: a routine has one kind of schedule{_why(shape, key)}")
            fits = False
    missing = [key for key in shape.needs if key not in present]
    if missing:
        tell("", f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} needed with {_seen(shape, present)}")
    return _length_fits(shape, table, tell) and fits and not missing


def _seen(shape: Shape, present: list[str]) -> str:
    return " + ".join(
        key for key in (*shape.needs, *shape.may) if key in present and key in (*shape.needs, *shape.marks)
    )


def _why(shape: Shape, key: str) -> str:
    if shape is RULE and key in ("every", "until"):
        return f" (the rule says it: {'INTERVAL' if key == 'every' else 'UNTIL'})"
    return ""


def _length_fits(shape: Shape, table: Values, tell: Tell) -> bool:
    if shape.length is True and "lasting" not in table:
        tell("", "lasting is needed with times + within (or surprise = true, for a cue)")
        return False
    if shape.length is False and "lasting" in table:
        tell("lasting", f"a routine with {shape.marks[0]} is a moment: leave lasting out")
        return False
    return True


def _make(shape: Shape, values: Values, tell: Tell) -> Schedule | None:
    if shape is FIXED:
        return _fixed(values, tell)
    if shape is RULE:
        return _rule(values, tell)
    if shape is PLACED:
        return Placed(values["times"], values["within"], values.get("ideal"))
    if shape is SURPRISE:
        return Surprise(values["times"], values["within"])
    if shape is COUNTED:
        return _counted(values, tell)
    made: Schedule = values["after"]
    return made


def _fixed(values: Values, tell: Tell) -> Fixed | None:
    starting, until = values.get("starting"), values.get("until")
    if starting and until and until < starting:
        tell("until", f"expected a day not before starting ({starting}), got {until}")
        return None
    every = _fitting(values.get("every", 1), values["on"], tell)
    return Fixed(values["on"], values["at"], every, starting, until) if every else None


def _fitting(every: int | Span, on: On, tell: Tell) -> int | None:
    unit = unit_of(on)
    if isinstance(every, int):
        return every
    if every.unit == unit:
        return every.count
    got = f"{every.count} {every.unit}{'s' if every.count > 1 else ''}"
    tell("every", f'expected {unit}s such as "2 {unit}s", because of what on says, got "{got}"')
    return None


def unit_of(on: On) -> Period:
    """What `every` counts for these days."""
    match on:
        case Daily():
            return "day"
        case Weekdays():
            return "week"
        case YearDates():
            return "year"
        case _:
            return "month"


def _rule(values: Values, tell: Tell) -> FixedRule | None:
    text, starting = values["rrule"], values.get("starting")
    until = rrule.until(text)
    if starting is None and rrule.needs_starting(text):
        tell("", "starting is needed with COUNT or INTERVAL, to count from")
    elif starting and until and until < starting:
        tell("rrule", f"expected UNTIL not before starting ({starting}), got {until}")
    elif not rrule.ever_matches(text, starting):
        tell("rrule", "expected a rule that some day fulfils, got one that none ever does")
    else:
        return FixedRule(text, values["at"], starting)
    return None


def _counted(values: Values, tell: Tell) -> CountedFrom | None:
    every, limit = values["every"], values.get("no_later_than")
    if isinstance(every, int):
        tell("every", f'expected a number of days, weeks or months such as "{every} weeks", got {every}')
        return None
    if limit and limit.count * _UNITS[limit.unit] < every.count * _UNITS[every.unit]:
        tell("no_later_than", "expected at least as long as every")
        return None
    return CountedFrom(every, values["at"], limit, values.get("starting"))
