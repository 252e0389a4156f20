"""The planner: the same input gives the same plan, and what is known changes it as it should."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from household import (
    ANNIVERSARY,
    DATE_NIGHT,
    HOUR,
    MONDAY_MORNING,
    MORNING_WORD,
    SMALL_TOUCH,
    SUNDAY_TALK,
    berlin,
    fixed,
    settings,
)
from outlooks import FRIDAY, LONG_KNOWN, facts, one, outlook, words

from reconnectd.core.model import Daily, FixedRule, Lasting, MonthDays, Routine, Times, Weekdays
from reconnectd.core.occurrence import (
    AFTERWARDS,
    BEGINS,
    SNOOZE,
    Fact,
    OccurrenceId,
    Standing,
    State,
)
from reconnectd.core.planning import plan
from reconnectd.core.rest import Rest
from reconnectd.core.settings import CalendarAccount, People

TWO_HOURS = Lasting(2 * HOUR, 2 * HOUR)


# The same input, the same plan; how far it looks.


def test_the_order_of_the_routines_changes_nothing() -> None:
    routines = [DATE_NIGHT, SUNDAY_TALK, MORNING_WORD, SMALL_TOUCH, ANNIVERSARY]
    made = plan(settings(*routines), outlook())
    for seed in range(5):
        random.Random(seed).shuffle(routines)
        assert plan(settings(*routines), outlook()) == made


def test_it_looks_two_weeks_back_and_five_weeks_ahead() -> None:
    days = [item.id.nominal for item in plan(settings(MORNING_WORD), outlook()).occurrences]
    assert (days[0], days[-1]) == (dt.date(2026, 11, 9), dt.date(2026, 12, 28))


@pytest.mark.parametrize(
    ("routine", "next_one"),
    [
        (ANNIVERSARY, "anniversary@2027-06-14"),
        (fixed("event", MonthDays((31,)), "09:00", lasting=TWO_HOURS), "event@2026-12-31"),
        (
            Routine("event", "Leap day", FixedRule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", dt.time(9))),
            "event@2028-02-29",
        ),
    ],
    ids=["yearly", "monthly", "leap day by rule"],
)
def test_the_next_one_is_in_the_plan_however_far_away(routine: Routine, next_one: str) -> None:
    made = plan(settings(routine), outlook())
    assert next(str(item.id) for item in made.occurrences if item.begins > MONDAY_MORNING) == next_one


def test_a_lead_of_two_weeks_is_seen_coming() -> None:
    assert words(plan(settings(ANNIVERSARY), outlook("2027-04-20 12:00"))) == [
        "anniversary@2027-06-14 1209600 Mon 09:00", "anniversary@2027-06-14 86400 Sun 09:00",
        "anniversary@2027-06-14 0 Mon 09:00",
    ]  # fmt: skip


# Facts.


def test_a_moved_one_keeps_its_name_and_its_words_go_with_it() -> None:
    fact = Fact(FRIDAY, start=berlin("2026-11-28 18:00"), end=berlin("2026-11-28 20:00"))
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(fact)))
    row = one(made, FRIDAY)
    assert (row.begins, row.pinned, row.state) == (berlin("2026-11-28 18:00"), True, State.PLANNED)
    assert row.reason == "moved here by hand; the routine says Fri 19:30"
    assert words(made)[:2] == [f"{FRIDAY} 86400 Fri 18:00", f"{FRIDAY} 3600 Sat 17:00"]


@pytest.mark.parametrize("nominal", ["2026-10-30", "2027-02-26"], ids=["from long ago", "from far ahead"])
def test_one_that_was_moved_here_from_beyond_the_horizon_is_in_the_plan(nominal: str) -> None:
    name = OccurrenceId("date-night", dt.date.fromisoformat(nominal))
    fact = Fact(name, start=berlin("2026-11-25 18:00"), end=berlin("2026-11-25 20:00"))
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(fact)))
    assert one(made, name).begins == berlin("2026-11-25 18:00")
    assert f"{name} 3600 Wed 17:00" in words(made)


def test_a_moved_one_without_an_end_takes_as_long_as_its_routine() -> None:
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(Fact(FRIDAY, start=berlin("2026-11-28 18:00")))))
    assert one(made, FRIDAY).over == berlin("2026-11-28 20:00")


@pytest.mark.parametrize("state", [State.SKIPPED, State.DONE, State.MISSED])
def test_what_was_answered_has_no_words_and_stays_in_the_plan(state: State) -> None:
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(Fact(FRIDAY, state=state))))
    assert one(made, FRIDAY).state is state
    assert not [word for word in words(made) if word.startswith(str(FRIDAY))]


def test_something_done_on_another_day_is_in_the_plan_too() -> None:
    extra = OccurrenceId("date-night", dt.date(2026, 11, 18))
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(Fact(extra, State.DONE, at=berlin("2026-11-18 20:00")))))
    assert (one(made, extra).state, one(made, extra).kind) == (State.DONE, "cue")


def test_a_one_off_rings_at_its_moment_and_stays_for_a_day() -> None:
    name = OccurrenceId("remember", dt.date(2026, 11, 24))
    fact = Fact(name, start=berlin("2026-11-24 23:00"), title="Call the plumber")
    quiet = settings(quiet=((dt.time(22, 30), dt.time(7, 30)),))
    assert words(plan(quiet, outlook(facts=facts(fact)))) == [f"{name} 0 Tue 23:00"]
    assert one(plan(quiet, outlook("2026-11-25 22:59", facts=facts(fact))), name).state is State.PLANNED
    assert one(plan(quiet, outlook("2026-11-25 23:01", facts=facts(fact))), name).state is State.MISSED


# Put off.


def test_what_was_put_off_before_an_event_is_still_asked_about_afterwards() -> None:
    fact = Fact(FRIDAY, snoozed_until=berlin("2026-11-27 19:00"))
    made = plan(settings(DATE_NIGHT), outlook(facts=facts(fact)))
    assert words(made)[:2] == [f"{FRIDAY} {SNOOZE} Fri 19:00", f"{FRIDAY} {AFTERWARDS} Fri 22:00"]


def test_a_cue_that_was_put_off_is_open_until_its_word_has_had_its_time() -> None:
    name = OccurrenceId("morning-word", dt.date(2026, 11, 23))
    put_off = facts(Fact(name, snoozed_until=berlin("2026-11-23 11:00")))
    said = frozenset({(name, SNOOZE)})
    for now, spoken, state in (
        ("2026-11-23 11:01", frozenset(), State.ANNOUNCED),
        ("2026-11-24 10:59", frozenset(), State.ANNOUNCED),
        ("2026-11-24 11:01", frozenset(), State.DONE),
        ("2026-11-23 11:29", said, State.ANNOUNCED),
        ("2026-11-23 11:31", said, State.DONE),
    ):
        known = outlook(now, facts=put_off, announced=frozenset({name}), spoken=spoken)
        assert one(plan(settings(MORNING_WORD), known), name).state is state, now


# What nobody said anything about.


@pytest.mark.parametrize(
    ("routine", "announced", "now", "state"),
    [
        (MORNING_WORD, True, "2026-11-27 09:34", State.ANNOUNCED),
        (MORNING_WORD, True, "2026-11-27 09:36", State.DONE),
        (MORNING_WORD, False, "2026-11-27 09:36", State.MISSED),
        (DATE_NIGHT, True, "2026-11-28 03:59", State.ANNOUNCED),
        (DATE_NIGHT, True, "2026-11-28 04:01", State.MISSED),
        (replace(DATE_NIGHT, done="assume"), False, "2026-11-27 21:29", State.PLANNED),
        (replace(DATE_NIGHT, done="assume"), False, "2026-11-27 21:31", State.DONE),
    ],
)
def test_how_it_settles_by_itself(routine: Routine, announced: bool, now: str, state: State) -> None:
    name = OccurrenceId(routine.slug, dt.date(2026, 11, 27))
    known = outlook(now, announced=frozenset({name} if announced else ()))
    assert one(plan(settings(routine), known), name).state is state


def test_it_does_not_lapse_before_it_was_asked_about() -> None:
    """It ends at 22:15, quiet begins at 22:30: the question comes in the morning, after `day_start`."""
    evening = fixed("event", Weekdays((4,)), "20:15", lasting=TWO_HOURS, done="ask")
    config = settings(evening, quiet=((dt.time(22, 30), dt.time(7, 30)),))
    made = plan(config, outlook("2026-11-28 05:00"))
    assert one(made, "event@2026-11-27").state is State.PLANNED
    assert words(made)[0] == f"event@2026-11-27 {AFTERWARDS} Sat 07:30"
    assert one(plan(config, outlook("2026-11-29 04:01")), "event@2026-11-27").state is State.MISSED


def test_events_that_are_asked_about_together_lapse_together() -> None:
    day = [
        fixed("a", Weekdays((4,)), "10:00", lasting=TWO_HOURS, done="ask"),
        fixed("b", Weekdays((4,)), "20:30", lasting=TWO_HOURS, done="ask"),
    ]
    config = settings(*day, quiet=((dt.time(22, 30), dt.time(7, 30)),))
    known = outlook("2026-11-28 07:31")
    assert [word.partition(" ")[0] for word in words(plan(config, known)) if AFTERWARDS in word][:2] == [
        "a@2026-11-27", "b@2026-11-27",
    ]  # fmt: skip
    assert one(plan(config, outlook("2026-11-29 04:01")), "a@2026-11-27").state is State.MISSED


def test_nothing_lies_before_the_day_on_which_a_routine_was_known() -> None:
    fresh = {"morning-word": Standing("morning-word", 1, None, berlin("2026-11-22 12:00"))}
    made = plan(settings(MORNING_WORD, DATE_NIGHT), replace(outlook(), standings=fresh))
    assert min(item.begins for item in made.occurrences) >= berlin("2026-11-23 00:00")


# Rests.


@pytest.mark.parametrize("scope", ["*", "date-night"])
def test_a_rest_is_silent_and_what_stands_stays(scope: str) -> None:
    pause = Rest(scope, MONDAY_MORNING, None)
    made = plan(settings(DATE_NIGHT, MORNING_WORD), outlook(rests=[pause]))
    assert one(made, FRIDAY).state is State.PLANNED
    assert words(made, "date-night") == []
    assert bool(words(made, "morning-word")) is (scope != "*")


def test_a_cue_that_rests_is_not_planned_and_a_rest_is_no_miss() -> None:
    pause = Rest("*", berlin("2026-11-16 00:00"), berlin("2026-12-01 00:00"))
    made = plan(settings(DATE_NIGHT, MORNING_WORD), outlook(rests=[pause]))
    past = [item for item in made.occurrences if berlin("2026-11-16 00:00") < item.begins < MONDAY_MORNING]
    assert past == []
    cues = [str(item.id) for item in made.occurrences if item.id.slug == "morning-word"]
    assert cues[-1] > next(cue for cue in cues if cue > "morning-word@2026-11-17") == "morning-word@2026-12-01"


def test_a_word_that_would_come_during_a_rest_comes_at_its_end_or_not_at_all() -> None:
    pause = Rest("*", MONDAY_MORNING, berlin("2026-11-27 12:00"))
    assert words(plan(settings(DATE_NIGHT), outlook(rests=[pause])))[:2] == [
        f"{FRIDAY} 86400 Fri 12:00", f"{FRIDAY} 3600 Fri 18:30",
    ]  # fmt: skip
    later = replace(pause, until=berlin("2026-11-27 19:00"))
    assert words(plan(settings(DATE_NIGHT), outlook(rests=[later])))[:2] == [
        f"{FRIDAY} 3600 Fri 19:00", f"{FRIDAY} {BEGINS} Fri 19:30",
    ]  # fmt: skip
    long = replace(pause, until=None)
    assert words(plan(settings(DATE_NIGHT), outlook(rests=[long]))) == []


@pytest.mark.parametrize(
    ("paused", "first"),
    [(True, None), (dt.date(2026, 12, 1), "morning-word@2026-12-01"), (False, "morning-word@2026-11-23")],
)
def test_a_routine_rests_as_the_config_says(paused: bool | dt.date, first: str | None) -> None:
    made = plan(settings(replace(MORNING_WORD, paused=paused)), outlook())
    ahead = [str(item.id) for item in made.occurrences if item.begins > MONDAY_MORNING]
    assert (ahead[0] if ahead else None) == first
    assert bool(words(made)) is (first is not None)


def test_a_one_off_rings_through_a_rest() -> None:
    fact = Fact(OccurrenceId("remember", dt.date(2026, 11, 24)), start=berlin("2026-11-24 10:00"), title="Flowers")
    made = plan(settings(), outlook(facts=facts(fact), rests=[Rest("*", LONG_KNOWN, None)]))
    assert len(words(made)) == 1


# At most so many.


def test_what_was_said_counts_once() -> None:
    """Its word was said at 18:30 and would still be alive: it must not take the place of the evening's cue."""
    cue = fixed("cue", Daily(), "21:00")
    config = settings(DATE_NIGHT, cue, at_most=Times(2, "day"))
    known = outlook(
        "2026-11-27 18:31", said=(berlin("2026-11-27 18:30"),), spoken=frozenset({(FRIDAY, "86400"), (FRIDAY, "3600")})
    )
    assert words(plan(config, known))[0] == f"{FRIDAY} {AFTERWARDS} Fri 22:00", "the question comes before cues"
    three = replace(config, reminders=replace(config.reminders, at_most=Times(3, "day")))
    assert words(plan(three, known))[0] == f"{FRIDAY} {BEGINS} Fri 19:30", "and what begins sooner before the others"


def test_what_is_left_out_says_so() -> None:
    config = settings(fixed("a", Daily(), "09:00"), fixed("b", Daily(), "10:00"), at_most=Times(1, "day"))
    made = plan(config, outlook("2026-11-24 00:30"))
    assert one(made, "b@2026-11-24").reason == "every day at 10:00; no word about it: at most 1 a day"
    assert one(made, "a@2026-11-24").reason == "every day at 09:00"


# Private, and what stands in a calendar.


@pytest.mark.parametrize(
    ("routine", "seen_by", "agreed", "written"),
    [
        (DATE_NIGHT, "both", True, True),
        (DATE_NIGHT, "both", False, False),
        (DATE_NIGHT, None, False, False),
        (DATE_NIGHT, "me", False, True),
        (replace(DATE_NIGHT, private=True), "both", True, False),
        (replace(DATE_NIGHT, private=True), "me", True, True),
        (MORNING_WORD, "me", True, False),
    ],
)
def test_what_stands_in_a_calendar(routine: Routine, seen_by: str | None, *, agreed: bool, written: bool) -> None:
    people = People("Alex", "Sam", partner_agrees=dt.date(2026, 11, 1) if agreed else None)
    account = CalendarAccount(url="https://cloud.example.org/", seen_by=seen_by)  # type: ignore[arg-type]
    made = plan(settings(routine, people=people, calendar=account), outlook())
    assert {item.in_calendar for item in made.occurrences} == {written}
    assert {item.private for item in made.occurrences} == {routine.private}


def test_fifty_routines_are_planned_at_once() -> None:
    routines = [fixed(f"r{n}", Daily(), f"{n % 24:02}:10", lasting=TWO_HOURS, done="ask") for n in range(50)]
    assert len(plan(settings(*routines), outlook()).reminders) > 50 * 30 * 2
