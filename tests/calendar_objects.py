"""The objects that the tests of the calendar share: three intents of ours and what apps made of the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from reconnectd.core.ics import Intent
from reconnectd.core.identity import uid

CORPUS = Path(__file__).parent / "corpus"

at = dt.datetime.fromisoformat


def corpus(name: str) -> bytes:
    return (CORPUS / f"{name}.ics").read_bytes()


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


DATE_NIGHT = Intent(
    uid=uid("k3v9-rt2p", "date-night", 1),
    slug="date-night",
    generation=1,
    period=None,
    zone="Europe/Berlin",
    summary="Date night",
    start=at("2026-11-06T19:30"),
    duration=hours(2),
    stamp=at("2026-11-01T09:00Z"),
    rrule="FREQ=WEEKLY;BYDAY=FR",
    alarm=hours(1),
)

FULL = replace(
    DATE_NIGHT,
    summary="Date night, just us",
    description="Phones away; candles out.\nNo plans needed, really.",
    location="The small Italian place on the corner, behind the old cinema, Zürich",
    transparent=True,
    private=True,
    alarm=hours(1.5),
    skipped=frozenset({at("2026-11-13T18:30Z"), at("2027-04-02T17:30Z")}),
    moved={at("2026-11-27T18:30Z"): (at("2026-11-28T19:00Z"), at("2026-11-28T21:00Z"))},
)

WALK = Intent(
    uid=uid("k3v9-rt2p", "walk", 2, "2026-W48"),
    slug="walk",
    generation=2,
    period="2026-W48",
    zone="Europe/Lisbon",
    summary="A walk",
    start=at("2026-11-28T15:00"),
    duration=hours(0.75),
    stamp=at("2026-11-01T09:00Z"),
)
