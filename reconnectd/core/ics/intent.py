"""What our config and our own commands want one calendar object to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

SUMMARY, DESCRIPTION, LOCATION = "summary", "description", "location"
TRANSP, CLASS, ALARM, SCHEDULE, REST = "transp", "class", "alarm", "schedule", "rest"
SKIP, MOVE = "skip:", "move:"


@dataclass(frozen=True, slots=True)
class Intent:
    """One object: a series (with `rrule`) or a single event (None).

    `start` is the wall clock of the first instance in `zone`, naive. `skipped` and `moved` are ours, keyed by
    nominal instants in UTC (the values of `moved` are new start and end); a person's own are in the object.
    A single event moves as `moved` says, and `skipped` cancels it (deleting the object is kinder).
    `rests_from` (UTC): from then on nothing stands there, until our user says otherwise; the schedule stays what it is.
    `alarm` is the lead of the one alarm, None for none. `stamp` is when the config changed, never now, so that
    two devices write the same bytes.
    """

    uid: str
    slug: str
    generation: int
    period: str | None
    zone: str
    summary: str
    start: dt.datetime
    duration: dt.timedelta
    stamp: dt.datetime
    rrule: str | None = None
    description: str = ""
    location: str = ""
    transparent: bool = False
    private: bool = False
    alarm: dt.timedelta | None = None
    rests_from: dt.datetime | None = None
    skipped: frozenset[dt.datetime] = frozenset()
    moved: Mapping[dt.datetime, tuple[dt.datetime, dt.datetime]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None:
            raise ValueError("start is a wall clock, its zone is in zone")
        if self.duration <= dt.timedelta(0):
            raise ValueError("an event is longer than nothing")

    @property
    def nominal(self) -> dt.datetime:
        """The instant of the first instance, UTC, moved by nobody."""
        return self.start.replace(tzinfo=ZoneInfo(self.zone)).astimezone(dt.UTC)

    @property
    def is_empty(self) -> bool:
        """Does nothing of it stand in the calendar, because it rests from before its beginning?"""
        return self.rests_from is not None and self.rests_from <= self.nominal

    @property
    def rule(self) -> str | None:
        """The rule as it is to be written: until its rest, if it has one."""
        return self.rrule if self.rrule is None else resting_rule(self.rrule, self.rests_from)


def resting_rule(rrule: str, since: dt.datetime | None) -> str:
    """A rule that ends before `since`, where that is earlier than its own end."""
    if since is None:
        return rrule
    parts = [part for part in rrule.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    until = f"{since.astimezone(dt.UTC) - dt.timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    own = [part.removeprefix("UNTIL=") for part in rrule.split(";") if part.startswith("UNTIL=")]
    return ";".join([*parts, f"UNTIL={min([until, *own])}"])


def intent_fields(intent: Intent) -> dict[str, str]:
    """The intent as text, one entry for each group that is written and adopted by itself. Kept beside the
    object; a group is written only when its text differs from the kept one."""
    seconds = int(intent.duration.total_seconds())
    fields = {
        SUMMARY: intent.summary,
        DESCRIPTION: intent.description,
        LOCATION: intent.location,
        TRANSP: "TRANSPARENT" if intent.transparent else "OPAQUE",
        CLASS: "PRIVATE" if intent.private else "",
        ALARM: "" if intent.alarm is None else str(int(intent.alarm.total_seconds())),
        SCHEDULE: f"{intent.zone} {intent.start:%Y%m%dT%H%M%S} {seconds} {intent.rrule or ''}".rstrip(),
    }
    if intent.rests_from is not None:
        fields[REST] = _utc(intent.rests_from)
    fields |= {f"{SKIP}{_utc(nominal)}": "EXDATE" for nominal in sorted(intent.skipped)}
    for nominal, (start, end) in sorted(intent.moved.items()):
        fields[f"{MOVE}{_utc(nominal)}"] = f"{_utc(start)}/{_utc(end)}"
    return fields


def nominal_of(field_name: str) -> dt.datetime | None:
    """The instant in the name of a `skip:` or `move:` group; None for any other."""
    for prefix in (SKIP, MOVE):
        if field_name.startswith(prefix):
            text = field_name.removeprefix(prefix)
            return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return None


def started(fields: Mapping[str, str]) -> dt.date | None:
    """The date on which a stored series begins; None where no date is stored."""
    try:
        return dt.datetime.strptime(fields.get(SCHEDULE, "").split(" ")[1], "%Y%m%dT%H%M%S").date()  # noqa: DTZ007
    except (IndexError, ValueError):
        return None


def _utc(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
