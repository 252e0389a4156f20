"""A long walk every three weeks, counted from the last one; the events of it in a real calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from devices import Device, phone_of
from household import HOUR, berlin

from reconnectd.app.actions import Actions
from reconnectd.core.model import CountedFrom, Lasting, Routine, Span
from reconnectd.core.occurrence import State

TWO_HOURS = Lasting(2 * HOUR, 2 * HOUR)
THREE_WEEKS = CountedFrom(Span(3, "week"), dt.time(14), starting=dt.date(2026, 11, 9))
WALK = Routine(
    "long-walk", "Long walk", THREE_WEEKS, lasting=TWO_HOURS, calendar=True,
    remind=(HOUR,), done="ask",
)  # fmt: skip
FIRST = "long-walk@2026-11-30"
AT_THE_LATEST = replace(THREE_WEEKS, no_later_than=Span(4, "week"))


def starts(device: Device) -> list[str]:
    """The wall clocks at which events stand in the calendar."""
    lines = [line for text in phone_of(device).texts().values() for line in text.splitlines()]
    return sorted(line.rpartition(":")[2][:13] for line in lines if line.startswith("DTSTART;TZID=Europe/Berlin"))


def done(device: Device, name: str, at: str | None = None) -> None:
    Actions(device.store).done(device.row(name), device.clock.now(), berlin(at) if at else None)


def next_one(device: Device) -> str:
    device.plan()
    coming = [item for item in device.store.plan.of("long-walk") if item.state in {State.PLANNED, State.ANNOUNCED}]
    return f"{coming[-1].id} {coming[-1].start:%a %d %b %H:%M}"
