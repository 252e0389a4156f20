"""`stats`: what happened, in words and small counts; nothing about affection, nothing that reproaches."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import pytest
from cli_runner import Person, person
from home import PROGRAMS
from terminal import Terminal

from reconnectd.adapters.store import Store
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.practice.expectation import SLOW

__all__ = ["person"]

FRIDAY = dt.date(2026, 11, 20)


def tell(person: Person, slug: str, happened: str, *, every: int = 7, last: dt.date = FRIDAY) -> None:
    """ "yn.y": yes, no, nothing told, yes; the last one on `last`."""
    store = Store(person.home.database)
    days = [last - dt.timedelta(days=every * n) for n in range(len(happened))][::-1]
    for day, told in zip(days, happened, strict=True):
        at = dt.datetime.combine(day, dt.time(20), dt.UTC)
        state = State.DONE if told in "ya" else State.MISSED
        if told != ".":
            store.facts.put(Fact(OccurrenceId(slug, day), state, at=at, assumed=told != "y", asked=told == "n"))
    store.close()


def known_for(person: Person, weeks: int) -> None:
    """All routines began so long ago."""
    store = Store(person.home.database)
    since = (person.now - dt.timedelta(weeks=weeks)).timestamp()
    store.database.write("UPDATE routine SET first_seen = ?", since)
    store.close()


@pytest.mark.parametrize(
    ("happened", "line"),
    [
        ("", "nothing was told yet."), ("y", "once in four weeks. New."), ("yyyy", "4 times in four weeks. New."),
        ("yyyyyyy", "4 times in four weeks, 7 times in twelve. Growing."),
        ("yyyyy....", "5 times in twelve weeks. Growing."), ("nnn", "New."),
        ("y" * 12, "4 times in four weeks, 12 times in twelve. Holds by itself."),
        ("y" * 12 + "n", "3 times in four weeks, 11 times in twelve. Holds by itself."),
        ("ynnnnn", "once in twelve weeks. Finding its rhythm."),
    ],
)  # fmt: skip
def test_each_routine_is_told_in_a_line(person: Person, happened: str, line: str) -> None:
    known_for(person, 20)
    tell(person, "date-night", happened)
    assert f"Date night: {line}" in person.run("stats").out.splitlines()


def test_affection_is_not_in_it(person: Person) -> None:
    tell(person, "small-touch", "yyyyyyyy", every=1)
    assert [one["routine"] for one in person.json("stats")["routines"]] == ["date-night", "tea"]
    assert "touch" not in person.run("stats").out.lower()


def test_what_is_taken_for_done_counts_of_an_event_and_not_of_a_cue(person: Person) -> None:
    tell(person, "date-night", "aaa")
    tell(person, "tea", "aaa", every=1)
    event, cue = person.json("stats")["routines"]
    assert (event["times"], event["holding"]) == (3, None)
    assert (cue["times"], cue["holding"]) == (0, None)


def test_where_it_was_hard_for_long_smaller_is_offered(person: Person) -> None:
    known_for(person, 20)
    tell(person, "date-night", "nnn")
    assert person.run("stats").out.splitlines()[:2] == [
        "Date night: New.",
        "  If you like, smaller: every two weeks, or 1 h instead of 2 h.",
    ]
    assert person.json("stats")["routines"][0]["smaller"] == ["every two weeks", "1 h instead of 2 h"]


def test_as_json_it_has_every_field(person: Person) -> None:
    tell(person, "date-night", "yyyyyyy")
    assert person.json("stats")["routines"][0] == {
        "routine": "date-night", "title": "Date night", "times": 4, "times_12_weeks": 7, "holding": "growing",
        "smaller": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("weeks", "happened", "slow"), [(5, "y", True), (11, "y", False), (5, "", False), (5, "y" * 14, False)]
)
def test_that_weeks_feel_slow_is_said_while_it_is_true(person: Person, weeks: int, happened: str, slow: bool) -> None:
    known_for(person, weeks)
    tell(person, "date-night", happened)
    assert (SLOW in person.run("stats").out) is slow
    assert person.json("stats")["early"] is slow


def test_as_it_stood_then(person: Person) -> None:
    tell(person, "date-night", "yyy")
    assert person.json("stats", "--at", "2026-11-15")["routines"][0]["times"] == 2
    assert person.json("--at", "2026-11-01", "stats")["routines"][0]["holding"] is None


def test_what_is_answered_now_is_told_at_once(person: Person) -> None:
    person.run("done", "tea", "--at", "yesterday 21:00")
    assert person.json("stats")["routines"][1]["times"] == 1
    person.run("undo")
    assert person.json("stats")["routines"][1]["times"] == 0


def test_there_is_no_part_of_a_whole_and_no_reproach_in_it(person: Person) -> None:
    tell(person, "date-night", "ynynnnnn")
    tell(person, "tea", "y" * 60, every=1)
    out = person.run("stats").out
    forbidden = {"due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target", "should", "percent"}
    assert set(re.findall(r"[a-z]+", out.lower())).isdisjoint(forbidden)
    assert not re.search(r"%|\d+ ?(/|of|out of) ?\d+", out)


def test_why_says_that_a_cue_holds_and_not_that_it_did_not_happen(person: Person) -> None:
    tell(person, "tea", "y" * 40, every=1, last=dt.date(2026, 11, 22))
    silent, said = sorted(
        (person.run("why", f"tea@2026-11-{day}").out for day in (24, 25)), key=lambda out: "words " in out
    )
    assert "no word about it: it holds by itself" in silent
    assert "holds" not in said
    person.at("2026-11-26 09:00")
    past = "".join(person.run("why", f"tea@2026-11-{day}").out for day in (24, 25))
    assert "did not happen" not in past


def shown(lines: Sequence[str]) -> list[str]:
    return [line.rstrip() for line in lines if line.strip()]


def test_in_a_terminal_it_fits_and_has_no_red(person: Person) -> None:
    store = Store(person.home.database)
    since = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    store.facts.observe({"date-night": None, "tea": None, "small-touch": None}, since)
    store.close()
    with Terminal([PROGRAMS / "reconnect", "stats"], person.home.environ) as terminal:
        assert terminal.ended() == 0
        screen = terminal.screen(colours=True)
    assert shown(screen.splitlines())[:2] == ["Date night: nothing was told yet.", "Tea: nothing was told yet."]
    assert "\x1b[31m" not in screen
