"""Recurrence rules (RFC 5545 §3.3.10): one text for one meaning, and a guard against those that never end."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping

from dateutil.rrule import rrulestr

from reconnectd.core.ics.lines import Line, Unreadable
from reconnectd.core.ics.values import FIRST_YEAR, LAST_YEAR, Moment, Zones

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDER = (
    "FREQ", "INTERVAL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE",
    "BYSECOND", "BYSETPOS", "WKST", "COUNT", "UNTIL",
)  # fmt: skip
_FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_RANGES = {
    "BYMONTH": (1, 12), "BYWEEKNO": (-53, 53), "BYYEARDAY": (-366, 366), "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 60), "BYSETPOS": (-366, 366),
}  # fmt: skip
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_LONGEST_RULE = 512
_DENSEST = 24
_MOST = 2000

Parts = dict[str, str]


def canonical_rule(value: str, start: Moment, zones: Zones) -> str:
    """The rule with everything that it implies said, in one order: `FREQ=WEEKLY` of a Friday is
    `FREQ=WEEKLY;BYDAY=FR`. UNTIL is an instant; one after the year 2199 is none. Unreadable for a rule that is
    none, never comes true or comes too often."""
    parts = _parts(value)
    _guard(parts)
    _numbers(parts)
    _imply(parts, start.wall)
    _simplify(parts)
    _until(parts, start, zones)
    return ";".join(f"{key}={parts[key]}" for key in _ORDER if key in parts)


def without_end(rule: str) -> str:
    """A canonical rule without its COUNT or UNTIL."""
    return ";".join(part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL=")))


def rule_parts(rule: str) -> Mapping[str, str]:
    """The parts of a canonical rule."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def end_of(rule: str, start: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """The last instant a canonical rule allows: its UNTIL, or the last instance of its COUNT; None for a rule
    without end, or one whose end can't be told quickly. `start` is the wall clock of the first instance in `zone`."""
    parts = rule_parts(rule)
    if "UNTIL" in parts:
        return _utc(parts["UNTIL"])
    if "COUNT" not in parts:
        return None
    found = instances(rule, start, zone)
    return found[-1] if found else None


def instances(rule: str, start: dt.datetime, zone: dt.tzinfo) -> list[dt.datetime]:
    """The first 2000 instants of a rule, in order; DTSTART counts as the first only where the rule has it.
    None at all for the kinds of rule that may never come true: looking for that takes seconds."""
    parts = dict(rule_parts(rule))
    if parts.keys() & {"BYWEEKNO", "BYYEARDAY", "BYSETPOS"}:
        return []
    until = _utc(parts.pop("UNTIL")) if "UNTIL" in parts else None
    text = ";".join(f"{key}={value}" for key, value in parts.items())
    walls = itertools.islice(iter(rrulestr(text, dtstart=start)), _MOST)
    found = (wall.replace(tzinfo=zone).astimezone(dt.UTC) for wall in walls)
    return list(itertools.takewhile(lambda instant: until is None or instant <= until, found))


def shifted_days(rule: str, days: int) -> str:
    """A canonical weekly rule on weekdays so many days later; any other rule as it is."""
    parts = dict(rule_parts(rule))
    if parts["FREQ"] != "WEEKLY" or not days % 7:
        return rule
    later = {WEEKDAYS[(WEEKDAYS.index(day) + days) % 7] for day in parts["BYDAY"].split(",")}
    parts["BYDAY"] = ",".join(sorted(later, key=WEEKDAYS.index))
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _parts(value: str) -> Parts:
    if len(value) > _LONGEST_RULE:
        raise Unreadable("a recurrence rule that is too long")
    parts: Parts = {}
    for piece in value.replace(" ", "").upper().strip(";").split(";"):
        key, equals, text = piece.partition("=")
        if not equals or not text or key in parts:
            raise Unreadable("a recurrence rule that is none")
        if key in _ORDER:
            parts[key] = text
    return parts


def _guard(parts: Parts) -> None:
    """Refuse what would keep a machine busy (catalogue I3 to I7)."""
    if parts.get("FREQ") not in _FREQUENCIES:
        raise Unreadable("a recurrence more often than hourly, or none")
    if not 1 <= _number(parts.get("INTERVAL", "1")) <= 9999:
        raise Unreadable("a recurrence rule with an impossible INTERVAL")
    if not 1 <= _number(parts.get("COUNT", "1")) <= 100_000:
        raise Unreadable("a recurrence rule with an impossible COUNT")
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise Unreadable("a recurrence rule with an impossible WKST")
    density = 1
    for key in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        density *= len(parts.get(key, "0").split(","))
    if density > _DENSEST:
        raise Unreadable("a recurrence rule that is too dense")


def _numbers(parts: Parts) -> None:
    for key, (low, high) in _RANGES.items():
        if key in parts:
            numbers = sorted({_number(text) for text in parts[key].split(",")})
            if not all(low <= number <= high for number in numbers) or (0 in numbers and low < 0):
                raise Unreadable(f"a recurrence rule with an impossible {key}")
            parts[key] = ",".join(str(number) for number in numbers)
    if "BYDAY" in parts:
        parts["BYDAY"] = ",".join(sorted(_days(parts["BYDAY"]), key=_day_order))
    _possible_dates(parts)


def _possible_dates(parts: Parts) -> None:
    """30 February never comes (I6)."""
    if "BYMONTH" in parts and "BYMONTHDAY" in parts:
        longest = max(_MONTH_LENGTHS[int(month) - 1] for month in parts["BYMONTH"].split(","))
        if all(abs(int(day)) > longest for day in parts["BYMONTHDAY"].split(",")):
            raise Unreadable("a recurrence rule that never comes true")


def _days(text: str) -> set[str]:
    found = set()
    for day in text.split(","):
        match = _BYDAY.match(day)
        if match is None or (match[1] is not None and not 1 <= abs(int(match[1])) <= 53):
            raise Unreadable("a recurrence rule with an impossible BYDAY")
        found.add(f"{int(match[1]) if match[1] else ''}{match[2]}")
    return found


def _day_order(day: str) -> tuple[int, int]:
    return WEEKDAYS.index(day[-2:]), int(day[:-2] or 0)


def _imply(parts: Parts, start: dt.datetime) -> None:
    """Say what DTSTART says when the rule is silent (the table under RFC 5545 §3.3.10)."""
    frequency = parts["FREQ"]
    by_date = parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
    if frequency == "WEEKLY" and "BYDAY" not in parts:
        parts["BYDAY"] = WEEKDAYS[start.weekday()]
    if frequency == "YEARLY" and not by_date and "BYMONTH" not in parts:
        parts["BYMONTH"] = str(start.month)
    if frequency in ("MONTHLY", "YEARLY") and not by_date:
        parts["BYMONTHDAY"] = str(start.day)
    if frequency != "HOURLY":
        for key, said in (("BYHOUR", start.hour), ("BYMINUTE", start.minute), ("BYSECOND", start.second)):
            if parts.get(key) == str(said):
                del parts[key]


def _simplify(parts: Parts) -> None:
    if parts.get("INTERVAL") is not None and int(parts["INTERVAL"]) == 1:
        del parts["INTERVAL"]
    elif "INTERVAL" in parts:
        parts["INTERVAL"] = str(int(parts["INTERVAL"]))
    matters = "BYWEEKNO" in parts or (parts["FREQ"] == "WEEKLY" and "INTERVAL" in parts)
    if parts.get("WKST") == "MO" or not matters:
        parts.pop("WKST", None)
    day, position = parts.get("BYDAY", ""), parts.get("BYSETPOS", "")
    if parts["FREQ"] == "MONTHLY" and day in WEEKDAYS and position.lstrip("-").isdigit() and "BYMONTHDAY" not in parts:
        parts["BYDAY"] = f"{position}{day}"
        del parts["BYSETPOS"]


def _until(parts: Parts, start: Moment, zones: Zones) -> None:
    """UNTIL as an instant; a date means the whole of that day, as its writers mean it."""
    text = parts.pop("UNTIL", None)
    if text is None:
        return
    if text[:4].isdigit() and int(text[:4]) > LAST_YEAR:
        return
    if len(text) == len("20261231") and not start.date_only:
        text += "T235959"
    moment = zones.moment(Line(b"", "UNTIL", {}, text), text, start)
    if moment is None:
        raise Unreadable(f"a recurrence rule with an UNTIL before {FIRST_YEAR}, or none")
    parts["UNTIL"] = f"{moment.instant:%Y%m%dT%H%M%SZ}"


def _utc(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def _number(text: str) -> int:
    if not re.match(r"[+-]?\d{1,6}\Z", text):
        raise Unreadable("a recurrence rule with a number that is none")
    return int(text)
