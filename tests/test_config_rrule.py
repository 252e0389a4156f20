"""Which recurrence rules a routine may have."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core import rrule
from reconnectd.core.expected import Expected


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("rrule:freq=weekly;byday=tu,th", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("FREQ=MONTHLY;BYDAY=1SA,-1SU", "FREQ=MONTHLY;BYDAY=1SA,-1SU"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
        ("FREQ=DAILY;UNTIL=20271231", "FREQ=DAILY;UNTIL=20271231"),
        ("FREQ=DAILY;UNTIL=20271231T235959Z", "FREQ=DAILY;UNTIL=20271231T235959Z"),
        ("FREQ=WEEKLY;INTERVAL=999;COUNT=9999", "FREQ=WEEKLY;INTERVAL=999;COUNT=9999"),
    ],
)
def test_a_rule_is_kept_in_capitals(text: str, read: str) -> None:
    assert rrule.rule(text) == read


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "FREQ", "FREQ=", "FREQ=HOURLY", "FREQ=SECONDLY", "BYDAY=FR", "FREQ=DAILY;FREQ=DAILY"),
        *("FREQ=DAILY;BYHOUR=3", "FREQ=DAILY;BYMINUTE=3", "FREQ=DAILY;BYSECOND=3", "FREQ=DAILY;X=1"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=1000", "FREQ=DAILY;INTERVAL=1,2"),
        *("FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=1000000000000", "FREQ=DAILY;COUNT=2;UNTIL=20270101"),
        *("FREQ=DAILY;UNTIL=20270231", "FREQ=DAILY;UNTIL=x", "FREQ=DAILY;UNTIL=20270101T990000"),
        *("FREQ=MONTHLY;BYDAY=6SA", "FREQ=WEEKLY;BYDAY=1SA", "FREQ=MONTHLY;BYDAY=XX", "FREQ=YEARLY;BYDAY=54MO"),
        *("FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=WEEKLY;BYMONTHDAY=1"),
        *("FREQ=MONTHLY;BYWEEKNO=1", "FREQ=DAILY;BYYEARDAY=1", "FREQ=MONTHLY;BYSETPOS=1", "FREQ=DAILY;WKST=XX"),
        "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 300),
        "FREQ=DAILY;BYMONTH=\u0661",
    ],
)
def test_a_rule_that_a_routine_cannot_have_is_refused(text: str) -> None:
    with pytest.raises(Expected):
        rrule.rule(text)


@pytest.mark.parametrize(
    ("text", "starting", "ever"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", None, True),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", None, False),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", None, False),
        ("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", None, False),
        ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20", None, False),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", None, False),
        ("FREQ=YEARLY;BYYEARDAY=366", None, True),
        ("FREQ=YEARLY;BYMONTH=2", dt.date(2025, 1, 30), False),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", dt.date(2025, 1, 1), False),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", dt.date(2025, 1, 7), False),
        ("FREQ=WEEKLY;INTERVAL=999;BYMONTH=2;BYSETPOS=8;BYDAY=MO", None, False),
        ("FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=30", dt.date(2199, 12, 31), False),
    ],
)
def test_a_rule_that_no_day_fulfils_is_known(text: str, starting: dt.date | None, *, ever: bool) -> None:
    assert rrule.ever_matches(text, starting) is ever


PARTS = {
    "INTERVAL": ["2", "3", "4"],
    "BYMONTH": ["2", "4", "1,2", "12"],
    "BYMONTHDAY": ["30", "31", "29", "-31", "-1", "15"],
    "BYDAY": ["MO", "1MO", "5SU", "-5FR", "MO,TU"],
    "BYSETPOS": ["1", "6", "-2", "-32"],
}
RULES = st.builds(
    lambda freq, parts: ";".join([f"FREQ={freq}", *(f"{name}={value}" for name, value in parts.items())]),
    st.sampled_from(rrule.FREQUENCIES),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in PARTS.items()}),
)


@settings(max_examples=30, deadline=None)
@given(RULES, st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)))
def test_dateutil_finds_a_day_exactly_when_we_say_there_is_one(text: str, starting: dt.date) -> None:
    try:
        rrule.rule(text)
    except Expected:
        return
    interval = int(text.partition("INTERVAL=")[2][:1] or 1)
    bounded = f"{text};UNTIL={starting.year + 40 * interval}0101T000000"
    found = next(iter(rrulestr(bounded, dtstart=dt.datetime.combine(starting, dt.time()))), None)
    assert rrule.ever_matches(text, starting) is (found is not None)
