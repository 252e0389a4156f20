"""Occurrences on a screen: one line each, the same words on a terminal and in a pipe.

The name comes before the title, so that titles of any width and script can't push anything aside. The moment of a
surprise that is still to come is not shown, and it stands at the end of its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reconnectd.core.hidden import keeps_its_moment

if TYPE_CHECKING:
    from rich.text import Text

    from reconnectd.cli.output import Output
    from reconnectd.cli.rows import Row

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATES = {"planned": "", "announced": "said", "done": "done", "skipped": "not this time", "missed": ""}
SOMETIME = "sometime"
AIRY = 12
"""How wide the days are on a terminal, at the least."""
LONGEST_TITLE = 200
LONGEST_NAME = 20


def show(output: Output, rows: Sequence[Row], now: dt.datetime) -> None:
    """Print them; surprises that are still to come are told apart, so that they don't crowd out the rest."""
    surprises = [row for row in rows if is_veiled(row, now)]
    told = [row for row in rows if row not in surprises]
    days = max((len(day_words(day_of(row, now), now)) for row in told), default=0)
    days = max(days, AIRY if output.is_terminal else len(SOMETIME) + 2)
    _show_lines(output, told, now, days)
    for line in _in_between(surprises, days):
        output.line(line)


def _in_between(surprises: Sequence[Row], width: int) -> list[str]:
    """One line for each routine of surprises: "sometime  A small touch, 5 times"."""
    counts: dict[str, tuple[str, int]] = {}
    for row in surprises:
        counts[row["routine"]] = (safe(row["title"]), counts.get(row["routine"], ("", 0))[1] + 1)
    return [f"{SOMETIME:<{width}}  {title}, {'once' if n == 1 else f'{n} times'}" for title, n in counts.values()]


def _show_lines(output: Output, rows: Sequence[Row], now: dt.datetime, days: int) -> None:
    ordered = sorted(rows, key=lambda row: (day_of(row, now), row["start"]))
    if output.is_terminal:
        _draw(output, ordered, now, days)
        return
    width = max((len(row["id"]) for row in ordered), default=0)
    for row in ordered:
        state = state_words(row, now)
        name = f"{row['id']:<{width}}"
        title = safe(row["title"]) + (f" ({state})" if state else "")
        output.line(f"{day_words(day_of(row, now), now):<{days}}  {time_words(row, now):<11}  {name}  {title}")


def _draw(output: Output, rows: Sequence[Row], now: dt.datetime, days: int) -> None:
    """In columns, each row on one line; of what is too long the title gives way."""
    console = output.console()
    times = max((len(time_words(row, now)) for row in rows), default=0)
    names = min(max((len(row["routine"]) for row in rows), default=0), LONGEST_NAME)
    before = None
    for row in rows:
        day = day_of(row, now)
        head = "" if day == before else day_words(day, now)
        console.print(_line(row, now, (f"{head:<{days}}  ", times, names), console.width - 1), no_wrap=True, crop=True)
        before = day


def _line(row: Row, now: dt.datetime, columns: tuple[str, int, int], width: int) -> Text:
    from rich.text import Text

    day, times, names = columns
    behind = "dim" if row["state"] in {"done", "skipped", "missed"} else ""
    today = now.astimezone(dt.datetime.fromisoformat(row["start"]).tzinfo).date()
    line = Text()
    line.append(day, style="bold" if day_of(row, now) == today else "")
    line.append(f"{time_words(row, now):<{times}}  ", style=behind)
    name = row["routine"]
    shown = name if len(name) <= names else name[: names - 1] + "…"
    line.append(f"{shown:<{names}}  ", style="dim")
    state = state_words(row, now)
    title = Text(safe(row["title"]), style=behind)
    title.truncate(max(width - line.cell_len - len(state) - 2, 8), overflow="ellipsis")
    line.append_text(title)
    line.append(f"  {state}" if state else "", style="green" if row["state"] == "done" else "cyan")
    return line


def is_veiled(row: Row, now: dt.datetime) -> bool:
    """Is its moment kept to itself?"""
    if row.get("veiled"):
        return True
    start = dt.datetime.fromisoformat(row["start"])
    return keeps_its_moment(row["reason"], row["state"], start, now, pinned=row["pinned"])


def day_of(row: Row, now: dt.datetime) -> dt.date:
    """The day under which it stands: of a hidden surprise the one to which its window belongs."""
    return dt.date.fromisoformat(row["nominal"] if is_veiled(row, now) else row["start"][:10])


def day_words(day: dt.date, now: dt.datetime) -> str:
    """A day in ten letters, or in another year in fourteen: "Fri 27 Nov", "Fri  1 Jan '27"."""
    year = f" '{day.year % 100:02}" if day.year != now.year else ""
    return f"{DAYS[day.weekday()]} {day.day:>2} {MONTHS[day.month - 1]}{year}"


def time_words(row: Row, now: dt.datetime) -> str:
    """From when until when, as far as it may be told."""
    if is_veiled(row, now):
        return SOMETIME
    start, end = row["start"], row["end"]
    if end is None:
        return _clock(start)
    begins, ends = dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)
    day = f"{DAYS[ends.weekday()]} " if ends - begins >= dt.timedelta(days=1) else ""
    return f"{_clock(start)}-{day}{_clock(end)}"


def _clock(iso: str) -> str:
    return iso[11:16] if iso[16:19] == ":00" else iso[11:19]


def state_words(row: Row, now: dt.datetime) -> str:
    """What became of it so far, as one says it; "" when there is nothing to say."""
    until = row["snoozed_until"]
    if until is None or row["state"] not in {"planned", "announced"} or dt.datetime.fromisoformat(until) <= now:
        return STATES[row["state"]]
    day = dt.date.fromisoformat(until[:10])
    return f"again {'' if day == day_of(row, now) else day_words(day, now) + ' '}{_clock(until)}"


def safe(text: str) -> str:
    """Text from anywhere, harmless on a terminal."""
    if text.isascii() and text.isprintable() and len(text) <= LONGEST_TITLE:
        return text.strip()
    from reconnectd.core.plain import plain

    return plain(text, limit=LONGEST_TITLE)


def when_words(row: Row, now: dt.datetime) -> str:
    """When it is, in a sentence; of a hidden surprise only the day."""
    from reconnectd.core import wording

    start = dt.datetime.fromisoformat(row["start"])
    if is_veiled(row, now):
        return f"{day_words(dt.date.fromisoformat(row['nominal']), now)}, {SOMETIME}"
    end = dt.datetime.fromisoformat(row["end"]) if row["end"] else None
    return wording.span(start, end, now)


def show_unplaced(output: Output, unplaced: Sequence[dict[str, Any]]) -> None:
    """What found no place, and why."""
    for one in unplaced:
        output.line(f"No place for {one['routine']} ({one['period']}): {safe(one['reason'])}")
