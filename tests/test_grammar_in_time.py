"""The grammar of the config, rule by rule: on which days what is written comes, and when a word about it is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reconnectd import config
from reconnectd.core.occurrence import AFTERWARDS, Plan, Standing
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan

ZONE = ZoneInfo("Europe/Berlin")
BERLIN = '[time]\ntimezone = "Europe/Berlin"\n'
PLANNED: list[tuple[str, str, str, list[str]]] = [
    (
        "civil dates: Saturday 01:00 is a Saturday",
        'on = "sat"\nat = "01:00"', "2026-11-27 20:00", ["Sat 2026-11-28 01:00+01:00", "Sat 2026-12-05 01:00+01:00"],
    ),
    (
        "every counts from Monday 2024-01-01 without starting",
        'on = "fri"\nat = "9:00"\nevery = "2 weeks"', "2026-11-23 09:00",
        ["Fri 2026-12-04 09:00+01:00", "Fri 2026-12-18 09:00+01:00"],
    ),
    (
        "every counts from the week that holds starting",
        'on = "fri"\nat = "9:00"\nevery = "2 weeks"\nstarting = 2026-11-25', "2026-11-23 09:00",
        ["Fri 2026-11-27 09:00+01:00", "Fri 2026-12-11 09:00+01:00"],
    ),
    (
        "until is inclusive",
        'on = "daily"\nat = "9:00"\nuntil = 2026-11-24', "2026-11-23 08:00",
        ["Mon 2026-11-23 09:00+01:00", "Tue 2026-11-24 09:00+01:00"],
    ),
    (
        "the 31st is skipped in short months",
        'on = 31\nat = "9:00"', "2027-01-20 09:00", ["Sun 2027-01-31 09:00+01:00"],
    ),
    (
        "or comes on their last day",
        'on = 31\nat = "9:00"\nshort_month = "last day"', "2027-01-20 09:00",
        ["Sun 2027-01-31 09:00+01:00", "Sun 2027-02-28 09:00+01:00"],
    ),
    (
        "the 5th Friday, too",
        'on = "5th fri"\nat = "9:00"\nshort_month = "last day"', "2027-01-20 09:00",
        ["Fri 2027-01-29 09:00+01:00", "Fri 2027-02-26 09:00+01:00"],
    ),
    (
        "a time in the gap comes with the offset before it (RFC 5545 §3.3.5)",
        'on = "daily"\nat = "02:30"', "2027-03-27 12:00", ["Sun 2027-03-28 03:30+02:00", "Mon 2027-03-29 02:30+02:00"],
    ),
    (
        "a time that comes twice is the first of them",
        'on = "daily"\nat = "02:30"', "2027-10-30 12:00", ["Sun 2027-10-31 02:30+02:00", "Mon 2027-11-01 02:30+01:00"],
    ),
    (
        "a rule names its days from starting on",
        'rrule = "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR"\nat = "9:00"\nstarting = 2026-12-01', "2026-11-23 09:00",
        ["Fri 2026-12-25 09:00+01:00"],
    ),
]  # fmt: skip


def planned(text: str, now: str) -> Plan:
    """Of a routine that has been known for long, on a machine in Berlin."""
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=ZONE).astimezone(dt.UTC)
    known = {"x": Standing("x", 1, None, moment - dt.timedelta(days=60))}
    settings = config.parse(BERLIN + text, Path("c.toml"))
    return plan(settings, Outlook(now=moment, zone=ZONE.key, standings=known, ahead=70))


@pytest.mark.parametrize(("keys", "now", "starts"), [row[1:] for row in PLANNED], ids=[row[0] for row in PLANNED])
def test_what_is_written_comes_on_these_days(keys: str, now: str, starts: list[str]) -> None:
    made = planned(f'[routine.x]\nlasting = "30 min"\n{keys}', now)
    coming = [item.begins.astimezone(ZONE) for item in made.occurrences]
    found = [f"{at:%a} {at.isoformat(' ', 'minutes')}" for at in coming if at.replace(tzinfo=None).isoformat(" ") > now]
    assert found[: len(starts)] == starts
    if "until" in keys:
        assert len(found) == len(starts)


NIGHT = '[reminders]\nquiet = ["22:30-07:30"]\n[routine.x]\n'
SAID: list[tuple[str, str, str, list[str]]] = [
    (
        "a lead is held to the end of quiet when that is before the start",
        NIGHT + 'on = "sat"\nat = "10:00"\nlasting = "1h"\nremind = "4h"', "2026-11-27 12:00", ["Sat 07:30"],
    ),
    (
        "else it is brought forward to the beginning of quiet",
        NIGHT + 'on = "sat"\nat = "05:00"\nlasting = "1h"\nremind = "2h"', "2026-11-27 12:00", ["Fri 22:30"],
    ),
    (
        "a time that the person put into quiet rings",
        NIGHT + 'on = "fri"\nat = "23:00"', "2026-11-27 12:00", ["Fri 23:00"],
    ),
    (
        "of several leads that have come, the nearest is said",
        '[routine.x]\non = "fri"\nat = "19:00"\nlasting = "1h"\nremind = ["1 day", "2h", "1h"]', "2026-11-27 18:15",
        ["Fri 18:00"],
    ),
    (
        "a lead stays to be said until the start, whatever late says",
        '[routine.x]\non = "fri"\nat = "19:00"\nlasting = "1h"\nremind = "2h"\nlate = "1 min"', "2026-11-27 18:59",
        ["Fri 17:00"],
    ),
    (
        "a cue may come late",
        '[routine.x]\non = "fri"\nat = "19:00"', "2026-11-27 19:29", ["Fri 19:00"],
    ),
    (
        "but not later than late",
        '[routine.x]\non = "fri"\nat = "19:00"', "2026-11-27 19:31", [],
    ),
    (
        "the late of a routine goes before that of [reminders]",
        '[reminders]\nlate = "1 min"\n[routine.x]\non = "fri"\nat = "19:00"\nlate = "2h"', "2026-11-27 20:59",
        ["Fri 19:00"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "now", "said"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_a_word_about_it_comes_then(text: str, now: str, said: list[str]) -> None:
    day = dt.date.fromisoformat(now[:10])
    words = [word for word in planned(text, now).reminders if word.lead != AFTERWARDS]
    near = [word.due for word in words if word.occurrence.nominal - day < dt.timedelta(days=2)]
    assert [f"{due.astimezone(ZONE):%a %H:%M}" for due in near] == said


def test_the_question_comes_once_half_an_hour_after_the_end_and_lapses_at_day_start() -> None:
    event = '[routine.x]\non = "fri"\nat = "19:00"\nlasting = "1h"\nremind = []'
    [word, *_] = planned(event, "2026-11-27 21:00").reminders
    assert f"{word.due.astimezone(ZONE):%a %H:%M}" == "Fri 20:30"
    states = {
        now: {str(item.id): item.state.value for item in planned(event, now).occurrences}["x@2026-11-27"]
        for now in ("2026-11-28 03:59", "2026-11-28 04:01")
    }
    assert states == {"2026-11-28 03:59": "planned", "2026-11-28 04:01": "missed"}


def test_at_most_leaves_the_question_out_before_the_lead() -> None:
    event = '[reminders]\nat_most = "1 per day"\n[routine.x]\non = "fri"\nat = "19:00"\nlasting = "1h"\n'
    words = planned(event, "2026-11-27 12:00").reminders
    assert [word.lead for word in words][:2] == ["3600", "3600"]
