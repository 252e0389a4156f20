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
    from reconnectd.cli.output import Output
    from reconnectd.cli.rows import Row

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATES = {"planned": "", "announced": "said", "done": "done", "skipped": "not this time", "missed": ""}
SOMETIME = "sometime"
LONGEST_TITLE = 200


def show(output: Output, rows: Sequence[Row], now: dt.datetime) -> None:
    """Print them."""
    ordered = sorted(rows, key=lambda row: (_day(row, now), is_hidden(row, now), row["start"]))
    if output.is_terminal:
        _table(output, ordered, now)
        return
    width = max((len(row["id"]) for row in ordered), default=0)
    for row in ordered:
        state = state_words(row, now)
        name = f"{row['id']:<{width}}"
        title = safe(row["title"]) + (f" ({state})" if state else "")
        output.line(f"{day_words(_day(row, now), now)}  {time_words(row, now):<11}  {name}  {title}")


def _table(output: Output, rows: Sequence[Row], now: dt.datetime) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for width in (14, 15, 22, None):
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=width)
    before = None
    for row in rows:
        day, today = _day(row, now), now.astimezone(dt.datetime.fromisoformat(row["start"]).tzinfo).date()
        words = day_words(day, now) if day != before else ""
        behind = row["state"] in {"done", "skipped", "missed"}
        title = Text(safe(row["title"]), style="dim" if behind else "")
        if state := state_words(row, now):
            title.append(f"  {state}", style="green" if row["state"] == "done" else "cyan")
        table.add_row(
            Text(words, style="bold" if day == today else ""),
            Text(time_words(row, now), style="dim" if behind else ""),
            Text(row["routine"], style="dim"),
            title,
        )
        before = day
    output.console().print(table)


def is_hidden(row: Row, now: dt.datetime) -> bool:
    """Is its moment kept to itself?"""
    start = dt.datetime.fromisoformat(row["start"])
    return keeps_its_moment(row["reason"], row["state"], start, now, pinned=row["pinned"])


def _day(row: Row, now: dt.datetime) -> dt.date:
    """The day under which it stands: of a hidden surprise the one to which its window belongs."""
    return dt.date.fromisoformat(row["nominal"] if is_hidden(row, now) else row["start"][:10])


def day_words(day: dt.date, now: dt.datetime) -> str:
    """A day in ten letters, or in another year in fourteen: "Fri 27 Nov", "Fri  1 Jan '27"."""
    year = f" '{day.year % 100:02}" if day.year != now.year else ""
    return f"{DAYS[day.weekday()]} {day.day:>2} {MONTHS[day.month - 1]}{year}"


def time_words(row: Row, now: dt.datetime) -> str:
    """From when until when, as far as it may be told."""
    if is_hidden(row, now):
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
    return f"again {'' if day == _day(row, now) else day_words(day, now) + ' '}{_clock(until)}"


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
    if is_hidden(row, now):
        return f"{day_words(dt.date.fromisoformat(row['nominal']), now)}, {SOMETIME}"
    end = dt.datetime.fromisoformat(row["end"]) if row["end"] else None
    return wording.span(start, end, now)


def show_unplaced(output: Output, unplaced: Sequence[dict[str, Any]]) -> None:
    """What found no place, and why."""
    for one in unplaced:
        output.line(f"No place for {one['routine']} ({one['period']}): {safe(one['reason'])}")
