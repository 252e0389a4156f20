"""`report`: a month in a few lines, without anything that didn't happen."""

from __future__ import annotations

import datetime as dt

import pytest
from cli_runner import Person, person
from test_stats import tell

from reconnectd.core.practice.month import Month, month_of

__all__ = ["person"]


def test_a_month_is_told_in_a_few_lines(person: Person) -> None:
    tell(person, "date-night", "ynyy")
    tell(person, "small-touch", "yyy", every=1)
    assert person.run("report").out.splitlines() == ["# November 2026", "", "- Date night: twice (on 13, 20)"]
    assert person.run("report", "--month", "2026-10").out.splitlines()[2:] == ["- Date night: once (on 30)"]


def test_a_month_about_which_nothing_is_known_says_so(person: Person) -> None:
    tell(person, "date-night", "nn")
    assert person.run("report").out.splitlines()[-1] == "Nothing is written down for this month."


def test_as_json_it_has_the_days(person: Person) -> None:
    tell(person, "date-night", "yy")
    assert person.json("report") == {
        "month": "2026-11",
        "routines": [
            {"routine": "date-night", "title": "Date night", "days": ["2026-11-13", "2026-11-20"]},
            {"routine": "tea", "title": "Tea", "days": []},
        ],
    }


@pytest.mark.parametrize("text", ["2026", "2026-13", "october", "0000-01", "9999-12", "2026-1"])
def test_what_is_no_month_is_wrong_usage(person: Person, text: str) -> None:
    said = person.run("report", "--month", text)
    assert (said.code, said.err) == (2, f'"{text}" is no month\na month is written 2026-10\n')


def test_a_month_ends_where_the_next_begins() -> None:
    assert month_of("2026-12") == Month(dt.date(2026, 12, 1))
    assert Month(dt.date(2026, 12, 1)).last == dt.date(2027, 1, 1)
    assert Month(dt.date(2028, 2, 1)).last == dt.date(2028, 3, 1)
