"""The talk of two: its turns and times, the cards, the first one and its day."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cli_runner import CONFIG, Person, person
from household import DATE_NIGHT, SMALL_TOUCH, SUNDAY_TALK, fixed, settings
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from reconnectd import config
from reconnectd.config.first import Wishes, starter
from reconnectd.config.starting_sets import SETS
from reconnectd.core.model import Daily, Lasting, Placed, Practice, Routine, Times, Window
from reconnectd.core.practice import talk
from reconnectd.core.practice.agenda import shared_out
from reconnectd.core.practice.choice import Moment
from reconnectd.core.practice.deck import Prompt
from reconnectd.core.practice.first_talk import DAYS_IN, TURNS, first_talk_at, first_talk_routine
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import nominal_dates, stretch
from reconnectd.core.settings import Settings

__all__ = ["person"]

BERLIN = ZoneInfo("Europe/Berlin")
CARDS = Path(__file__).parent / "corpus" / "cards"
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1))
TIMES = st.times().map(lambda time: time.replace(microsecond=0))
A_DAY = dt.timedelta(days=1)
TALK = '[routine.sunday-talk]\npractice = "check-in"\non = "sun"\nat = "17:00"\nlasting = "45 min"\n'
TWO = CONFIG.replace('me = "Alex"', 'me = "Alex"\npartner = "Sam"') + TALK


@given(st.integers(0, 600), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_time_is_shared_out_to_the_minute_and_each_gets_some(minutes: int, weights: list[int]) -> None:
    parts = shared_out(minutes, weights)
    assert min(parts) >= 1
    assert sum(parts) == max(minutes, len(weights))
    pairs = sorted(zip(weights, parts, strict=True))
    assert all(a <= b + 1 for (_, a), (_, b) in itertools.pairwise(pairs))


@given(st.integers(4, 240), DAYS)
def test_a_talk_has_four_to_six_turns_that_fit_its_length(minutes: int, day: dt.date) -> None:
    turns = talk.turns(minutes, day)
    assert 4 <= len(turns) <= 6
    assert sum(turn.minutes for turn in turns) == minutes
    assert [turns[0].name, turns[-1].name] == ["good", "next"]


def test_the_openings_are_the_same_all_week_and_change_with_the_next() -> None:
    week = {talk.turns(45, dt.date(2026, 11, 23) + n * A_DAY) for n in range(7)}
    assert len(week) == 1
    assert talk.turns(45, dt.date(2026, 11, 30)) not in week


PROMPTS = [
    Prompt(name, Practice.CHECK_IN, f"What about {name}?", minutes, depth=depth)
    for name, minutes, depth in [("tea", 5, 1), ("soup", 10, 2), ("rain", 8, 2), ("long", 20, 1), ("deep", 5, 3)]
] + [Prompt("walk", Practice.LISTENING, "Walk.", 5)]


@given(DAYS, st.text(max_size=4), st.permutations(PROMPTS))
def test_no_question_comes_again_before_all_that_fit_came(day: dt.date, seed: str, prompts: list[Prompt]) -> None:
    moment = Moment(10, depth=2, money="free")
    asked = [talk.question(prompts, moment, seed, day + 7 * n * A_DAY) for n in range(6)]
    assert {one.id for one in asked[:3] if one} == {"tea", "soup", "rain"}
    assert asked[:3] == asked[3:] == [talk.question(PROMPTS, moment, seed, day + 7 * n * A_DAY) for n in range(3)]
    assert talk.question(prompts[:0], moment, seed, day) is None


def test_a_talk_that_names_a_deck_has_the_question_that_stands_in_its_event(person: Person) -> None:
    person.home.write(TWO + 'deck = "honest-talk"\n')
    person.run("next")
    turns = {turn["name"]: turn for turn in person.json("talk")["turns"]}
    with sqlite3.connect(person.home.database) as database:
        (prompt,) = database.execute("SELECT prompt FROM occurrence WHERE id = 'sunday-talk@2026-11-29'").fetchone()
    assert turns["are"]["question"] in prompt
    assert turns["are"]["question"]


def test_the_length_is_that_of_the_weekly_talk_or_45_minutes() -> None:
    half = Lasting(dt.timedelta(minutes=30), dt.timedelta(minutes=30))
    assert talk.minutes_of((DATE_NIGHT, SMALL_TOUCH)) == 45
    assert (
        talk.minutes_of((DATE_NIGHT, fixed("walk", Daily(), "18:00", practice=Practice.CHECK_IN, lasting=half))) == 30
    )


DECK = '[deck]\nname = "Tiny"\nlanguage = "en"\nlicence = "CC0-1.0"\n' + "".join(
    f'[[prompt]]\nid = "p{n}"\npractice = "check-in"\ntext = "What would a kettle say of this week?"\nminutes = 5\n'
    'where = "either"\nenergy = "low"\ndepth = 1\n'
    for n in range(6)
)


def two_people(person: Person, more: str = "") -> None:
    """A config for two, whose talk has a deck of one's own."""
    person.home.write(TWO + 'deck = "tiny"\n' + more)
    decks = person.home.config.parent / "decks"
    decks.mkdir(exist_ok=True)
    (decks / "tiny.toml").write_text(DECK)


@pytest.mark.parametrize(
    ("words", "name"), [(("talk", "--card"), "talk"), (("talk", "--first", "--card"), "first-talk")]
)
def test_a_card_reads_as_it_always_did(person: Person, words: tuple[str, ...], name: str) -> None:
    two_people(person)
    assert person.run(*words).out == (CARDS / f"{name}.txt").read_text()


def test_a_card_fits_a_page_and_names_nobody_who_is_not_in_the_config(person: Person) -> None:
    for words in (["talk", "--card"], ["talk", "--card", "--first"]):
        card = person.run(*words).out
        assert max(map(len, card.splitlines())) <= 72
        assert len(card.splitlines()) <= 60
        assert ("One of us:" in card, "Sam" in card) == (True, False)


def test_the_first_talk_is_one_document_too(person: Person) -> None:
    said = json.loads(person.run("--json", "talk", "--first").out)
    assert (said["minutes"], len(said["turns"])) == (30, 4)


def test_the_first_talk_takes_half_an_hour() -> None:
    assert sum(turn.minutes for turn in TURNS) == 30
    assert [turn.name for turn in TURNS] == ["are", "good", "root", "wish"]


def with_quiet(*routines: Routine, quiet: tuple[tuple[dt.time, dt.time], ...] = ()) -> Settings:
    return settings(*routines, quiet=quiet)


@given(
    DAYS,
    st.lists(st.tuples(TIMES, TIMES), max_size=2).map(tuple),
    st.sampled_from(["Europe/Berlin", "America/New_York"]),
)
def test_the_first_talk_is_three_to_seven_days_in_beside_every_event(
    today: dt.date, quiet: tuple[tuple[dt.time, dt.time], ...], zone: str
) -> None:
    day, at = first_talk_at(with_quiet(DATE_NIGHT, SUNDAY_TALK, quiet=quiet), today, ZoneInfo(zone))
    assert (day - today).days in DAYS_IN
    assert day.weekday() >= 5 or at >= dt.time(17)
    end = (dt.datetime.combine(day, at) + dt.timedelta(minutes=30)).time()
    assert not (day.weekday() == 4 and dt.time(19, 0) < end and at < dt.time(21, 30))
    assert not (day.weekday() == 6 and dt.time(17) < end and at < dt.time(17, 45))


@few(max_examples=40)
@given(DAYS)
def test_the_first_talk_is_not_in_an_ordinary_quiet_nor_late_nor_on_the_evening_out(today: dt.date) -> None:
    night = ((dt.time(18, 30), dt.time(7, 30)),)
    asked = with_quiet(DATE_NIGHT, SUNDAY_TALK, quiet=night)
    day, at = first_talk_at(asked, today, BERLIN)
    end = (dt.datetime.combine(day, at) + dt.timedelta(minutes=30)).time()
    assert not Quiet(night).stretches(*stretch(day, at, end, BERLIN), BERLIN)
    assert end <= asked.guards.talk_not_after
    assert day.weekday() not in {4, 6}


@pytest.mark.parametrize(
    ("today", "routines", "expected"),
    [
        ("2026-11-23", (DATE_NIGHT, SUNDAY_TALK), "Sat 28 17:00"),
        ("2026-11-20", (DATE_NIGHT, SUNDAY_TALK), "Mon 23 19:00"),
        ("2026-11-23", (fixed("supper", Daily(), "19:00", lasting=Lasting(A_DAY / 24, A_DAY / 24)),), "Sat 28 17:00"),
        ("2026-11-20", (fixed("supper", Daily(), "19:00", lasting=Lasting(A_DAY / 24, A_DAY / 24)),), "Mon 23 18:30"),
        ("2026-11-23", (fixed("all-day", Daily(), "00:00", lasting=Lasting(A_DAY, A_DAY)),), "Sat 28 17:00"),
    ],
)  # fmt: skip
def test_the_first_talk_finds_its_evening(today: str, routines: tuple[Routine, ...], expected: str) -> None:
    day, at = first_talk_at(with_quiet(*routines), dt.date.fromisoformat(today), BERLIN)
    assert f"{day:%a} {day.day} {at:%H:%M}" == expected


def test_a_weekend_that_may_hold_the_evening_out_is_left_to_it() -> None:
    weekend = Window(frozenset({4, 5, 6}), dt.time(17, 30), dt.time(23))
    out = Routine("out", "Out", Placed(Times(1, "week"), (weekend,)), lasting=DATE_NIGHT.lasting)
    assert first_talk_at(with_quiet(out), dt.date(2026, 11, 23), BERLIN)[0] == dt.date(2026, 11, 26)


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
@pytest.mark.parametrize("today", [dt.date(2026, 11, 23), dt.date(2028, 2, 24), dt.date(2026, 12, 27)], ids=str)
def test_its_piece_of_a_config_is_one_event_once(one: object, today: dt.date) -> None:
    text = starter(Wishes("Alex", "Sam", routines=one.name))  # type: ignore[attr-defined]
    day, at = first_talk_at(config.parse(text, Path("config.toml")), today, BERLIN)
    routine = config.parse(text + first_talk_routine(day, at), Path("config.toml")).routine("first-talk")
    assert routine is not None
    assert routine.length == dt.timedelta(minutes=30)
    around = nominal_dates(routine.schedule, dt.date(2000, 1, 1), dt.date(2100, 1, 1))  # type: ignore[arg-type]
    assert list(around) == [day]


def test_the_first_talk_says_that_it_comes_once_and_is_one_event(person: Person) -> None:
    person.home.write(CONFIG + first_talk_routine(dt.date(2026, 11, 28), dt.time(17)))
    row = person.row("first-talk@2026-11-28")
    assert (row["reason"], row["practice"]) == ("once, on 28 November at 17:00", "check-in")
    assert [
        row["id"] for row in person.json("plan", "--days", "400")["occurrences"] if row["routine"] == "first-talk"
    ] == ["first-talk@2026-11-28"]
