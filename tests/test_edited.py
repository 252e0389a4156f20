"""Words that people gave an event go along to the one that takes its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reconnectd.core.edited import as_edited
from reconnectd.core.ics import Intent

START = dt.datetime.combine(dt.date(2026, 11, 27), dt.time(19, 30))
PLAIN = Intent(
    "rcd-1", "date-night", 2, None, "Europe/Berlin", "Date night", START,
    dt.timedelta(hours=2), dt.datetime(2026, 11, 23, tzinfo=dt.UTC), description="Somewhere new",
)  # fmt: skip


@pytest.mark.parametrize(
    ("pins", "changes"),
    [
        ({}, {}),
        ({"summary": "Ours"}, {"summary": "Ours"}),
        ({"description": "", "location": "Rosa"}, {"description": "", "location": "Rosa"}),
        ({"transp": "TRANSPARENT", "class": "PRIVATE"}, {"transparent": True, "private": True}),
        ({"alarm": "3600,600"}, {"alarm": dt.timedelta(hours=1)}),
        ({"alarm": ""}, {"alarm": None}),
        ({"schedule": "{}"}, {}),
    ],
)
def test_what_was_edited_is_said_again(pins: dict[str, str], changes: dict[str, Any]) -> None:
    found = as_edited(PLAIN, pins, neutral=False)
    assert {name: getattr(found, name) for name in changes} == changes
    assert (found.start, found.uid, found.rrule) == (PLAIN.start, PLAIN.uid, PLAIN.rrule)


def test_where_it_is_neutral_no_words_come_back() -> None:
    found = as_edited(PLAIN, {"summary": "Ours", "location": "Rosa", "transp": "TRANSPARENT"}, neutral=True)
    assert (found.summary, found.location, found.transparent) == ("Date night", "", True)
