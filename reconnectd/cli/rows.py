"""Occurrences as the fields of the JSON, whether they come from the stored plan or from one made for the question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reconnectd.core.hidden import SURPRISE

if TYPE_CHECKING:
    from reconnectd.adapters.store.agenda import Agenda
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence, Plan

Row = dict[str, Any]


def local(rows: list[Row], zone: ZoneInfo) -> list[Row]:
    """Rows of the quick reader with their instants as the person's local time in ISO 8601."""
    for row in rows:
        row["snoozed_until"] = _iso(row["snoozed_until"], zone)
        row["reminders"] = [_iso(due, zone) for due in row["reminders"]]
    return rows


def _iso(seconds: float | None, zone: ZoneInfo) -> str | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, zone).isoformat()


def row_of(item: Occurrence, reminders: Iterable[dt.datetime] = ()) -> Row:
    """One occurrence; `reminders` are the instants of the words that are still to come."""
    zone = item.start.tzinfo
    return {
        "id": str(item.id),
        "routine": item.id.slug,
        "practice": item.practice,
        "title": item.title,
        "kind": item.kind,
        "start": item.start.isoformat(),
        "end": item.end.isoformat() if item.end else None,
        "nominal": item.id.nominal.isoformat(),
        "state": str(item.state),
        "snoozed_until": item.snoozed_until.astimezone(zone).isoformat() if item.snoozed_until else None,
        "pinned": item.pinned,
        "reminders": [due.astimezone(zone).isoformat() for due in sorted(reminders)],
        "in_calendar": item.in_calendar,
        "reason": item.reason,
    }


def rows_of(plan: Plan, now: dt.datetime) -> list[Row]:
    """A whole plan, by start; of its words those that are ahead of `now`."""
    words: dict[str, list[dt.datetime]] = {}
    for word in plan.reminders:
        if word.due > now:
            words.setdefault(str(word.occurrence), []).append(word.due)
    return [row_of(item, words.get(str(item.id), ())) for item in plan.occurrences]


def stored(call: Call, item: Occurrence) -> Row:
    """One occurrence as the store has it now, with the words that wait; as given when the plan doesn't hold it."""
    found = call.session.store.plan.get(item.id) or item
    return row_of(found, call.session.store.reminders.pending([item.id])[item.id])


def zone_of(agenda: Agenda) -> ZoneInfo:
    """The person's zone, as the stored plan has it."""
    import json

    return ZoneInfo(str(json.loads(agenda.key())[2]))


def veiled(row: Row, present: dt.datetime) -> Row:
    """A row of another time for a person's screen: a surprise that is still to come keeps its moment, and what would
    have become of it by then."""
    started = row["reason"].startswith(SURPRISE) and not row["pinned"]
    return {**row, "veiled": True, "state": "planned"} if started and starts(row) > present else row


def is_open(row: Row) -> bool:
    """Has nobody answered it yet?"""
    return row["state"] in {"planned", "announced"}


def starts(row: Row) -> dt.datetime:
    """Its beginning, in UTC."""
    return dt.datetime.fromisoformat(row["start"]).astimezone(dt.UTC)


def over(row: Row) -> dt.datetime:
    """When it is behind, in UTC; what was put off isn't before it comes again."""
    ends = [row["end"] or row["start"], *([row["snoozed_until"]] if row["snoozed_until"] else [])]
    found = max(dt.datetime.fromisoformat(end).astimezone(dt.UTC) for end in ends)
    if row.get("veiled"):  # not before its day is over: when it goes would tell when it comes
        return max(found, dt.datetime.fromisoformat(row["start"]).replace(hour=23, minute=59).astimezone(dt.UTC))
    return found
