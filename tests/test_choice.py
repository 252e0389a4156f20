"""Choosing prompts: nothing twice for long, the same everywhere, fitted to the moment, deeper over months."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompts import deck, prompt

from reconnectd.core.model import Practice
from reconnectd.core.practice.choice import REST, Moment, Order, Uses, at, depth_after, tired
from reconnectd.core.practice.deck import ENERGIES, LIGHTS, MONEY, SEASONS, SETTINGS, WHERE, Prompt
from reconnectd.core.practice.seasons import is_south, light, season

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 11, 27)
TWO_HOURS = Moment(120)


def walk(order: Order, days: list[dt.date], moment: Moment = TWO_HOURS, start: int = 0) -> list[Prompt | None]:
    """What an order gives on those days, one after another."""
    uses, found = Uses(), []
    for count, day in enumerate(days, start):
        chosen = order.choose(moment, count, day, uses)
        found.append(chosen)
        if chosen is not None:
            uses.add(chosen.id, day)
    return found


PROMPTS = st.lists(
    st.builds(
        prompt,
        st.integers(0, 60).map(lambda number: f"p{number}"),
        minutes=st.integers(1, 240), where=st.sampled_from(WHERE), energy=st.sampled_from(ENERGIES),
        depth=st.integers(1, 3), money=st.sampled_from(MONEY), setting=st.sampled_from(SETTINGS),
        season=st.sets(st.sampled_from(SEASONS), min_size=1).map(tuple), light=st.sampled_from(LIGHTS),
    ),
    max_size=40, unique_by=lambda one: one.id,
)  # fmt: skip
MOMENTS = st.builds(
    Moment, minutes=st.integers(1, 240), apart=st.booleans(), energy=st.sampled_from(ENERGIES),
    depth=st.integers(1, 3), money=st.sampled_from(MONEY), setting=st.sampled_from(SETTINGS),
    season=st.sampled_from(SEASONS), light=st.sampled_from(LIGHTS),
)  # fmt: skip


@given(PROMPTS, st.lists(st.tuples(st.integers(0, 9), MOMENTS), max_size=60), st.integers(-1000, 10**6))
def test_whatever_fits_when_nothing_comes_twice_within_21_days(
    prompts: list[Prompt], steps: list[tuple[int, Moment]], start: int
) -> None:
    order, uses, day = Order(prompts, "seed"), Uses(), FIRST
    last: dict[str, dt.date] = {}
    for count, (gap, moment) in enumerate(steps, start):
        day += gap * DAY
        found = order.choose(moment, count, day, uses)
        if found is None:
            continue
        assert moment.allows(found)
        assert day - last.get(found.id, dt.date.min) > REST * DAY
        last[found.id] = day
        uses.add(found.id, day)


@given(st.integers(4, 60), st.integers(-1000, 10**6), st.text(max_size=5))
def test_nothing_comes_twice_before_the_deck_is_through(count: int, start: int, seed: str) -> None:
    days = [FIRST + 7 * number * DAY for number in range(3 * count)]
    ids = [found.id for found in walk(Order(deck(count).prompts, seed), days, start=start) if found]
    for number in range(3):
        assert len(set(ids[number * count : (number + 1) * count])) == count


@given(PROMPTS, MOMENTS)
def test_every_prompt_that_fits_has_its_turn(prompts: list[Prompt], moment: Moment) -> None:
    fitting = {one.id for one in prompts if moment.allows(one) and not moment.strains(one)}
    days = [FIRST + (REST + 1) * number * DAY for number in range(len(fitting))]
    assert {found.id for found in walk(Order(prompts, ""), days, moment) if found} == fitting


@given(PROMPTS, MOMENTS, st.integers(0, 10**6), st.randoms())
def test_the_order_of_the_file_and_what_was_asked_before_change_nothing(
    prompts: list[Prompt], moment: Moment, turn: int, random: object
) -> None:
    chosen = Order(prompts, "seed").choose(moment, turn, FIRST, Uses())
    random.shuffle(prompts)  # type: ignore[attr-defined]
    other = Order(prompts, "seed")
    other.choose(TWO_HOURS, turn + 1, FIRST, Uses())
    assert other.choose(moment, turn, FIRST, Uses()) == chosen


def test_two_households_and_two_routines_go_through_a_deck_in_orders_of_their_own() -> None:
    days = [FIRST + 7 * number * DAY for number in range(50)]
    orders = {seed: [one and one.id for one in walk(Order(deck(50).prompts, seed), days)] for seed in ("a", "b", "c")}
    assert len({tuple(ids) for ids in orders.values()}) == 3


def test_where_none_is_short_enough_a_short_one_comes() -> None:
    order = Order([prompt(f"p{minutes}", minutes=minutes) for minutes in (10, 60, 90, 120, 150)], "seed")
    found = [order.choose(Moment(5), turn, FIRST, Uses()) for turn in range(5)]
    assert [one and one.minutes for one in found] == [10] * 5


@pytest.mark.parametrize(
    ("given_one", "moment", "fits"),
    [
        ({"where": "together"}, Moment(60, apart=True), False),
        ({"where": "apart"}, Moment(60), False),
        ({"where": "either"}, Moment(60, apart=True), True),
        ({"money": "any"}, Moment(60, money="modest"), False),
        ({"money": "modest"}, Moment(60, money="any"), True),
        ({"season": ("summer",)}, Moment(60, season="winter"), False),
        ({"light": "day"}, Moment(60, light="dark"), False),
        ({"light": "dark"}, Moment(60), False),
        ({"setting": "out"}, Moment(60, setting="in"), False),
        ({"setting": "either"}, Moment(60, setting="in"), True),
        ({"setting": "out"}, Moment(60), True),
    ],
)
def test_what_never_gives_way(given_one: dict[str, Any], moment: Moment, fits: bool) -> None:
    order = Order([prompt("one", **given_one)], "")
    assert (order.choose(moment, 0, FIRST, Uses()) is not None) == fits


def test_only_kinds_that_both_like_are_ever_suggested() -> None:
    touch = prompt("touch", Practice.AFFECTION, kind="light touch")
    order = Order([touch], "")
    assert order.choose(Moment(5, kinds=frozenset({"words"})), 0, FIRST, Uses()) is None
    assert order.choose(Moment(5, kinds=frozenset({"words", "light touch"})), 0, FIRST, Uses()) == touch


def test_where_too_little_fits_depth_gives_way_then_energy_then_minutes() -> None:
    prompts = [
        prompt("long", minutes=90), prompt("lively", energy="high"), prompt("deep", depth=3),
        prompt("lively-long", energy="high", minutes=90), prompt("fits"),
    ]  # fmt: skip
    days = [FIRST + number * DAY for number in range(6)]
    found = walk(Order(prompts, ""), days, Moment(30, energy="low", depth=1))
    assert [one and one.id for one in found[:3]] == ["fits", "deep", "lively"]
    assert {one.id for one in found[3:5] if one} == {"long", "lively-long"}
    assert found[5] is None


def test_what_fills_the_time_comes_before_what_is_soon_over() -> None:
    prompts = [prompt(f"short{n}", minutes=2) for n in range(30)] + [prompt(f"long{n}", minutes=90) for n in range(30)]
    days = [FIRST + 7 * number * DAY for number in range(30)]
    early = [one.id for one in walk(Order(prompts, "k3v9"), days) if one]
    assert sum(name.startswith("long") for name in early) > 22


def test_prompts_grow_deeper_over_months() -> None:
    assert [depth_after(days) for days in (-3, 0, 41, 42, 118, 119, 999)] == [1, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("when", "energy"),
    [
        ("2026-11-23T09:00", "high"),  # a Monday morning
        ("2026-11-23T18:00", "medium"),
        ("2026-11-27T18:00", "high"),  # a Friday
        ("2026-11-28T21:30", "low"),
    ],
)
def test_evenings_of_weekdays_and_late_hours_ask_for_less(when: str, energy: str) -> None:
    assert tired(dt.datetime.fromisoformat(when)) == energy


@pytest.mark.parametrize(
    ("day", "zone", "name"),
    [
        ("2026-03-01", "Europe/Berlin", "spring"),
        ("2026-07-01", "Europe/Berlin", "summer"),
        ("2026-11-30", "America/New_York", "autumn"),
        ("2026-12-01", "Asia/Tokyo", "winter"),
        ("2026-12-01", "Australia/Sydney", "summer"),
        ("2026-06-01", "America/Argentina/Buenos_Aires", "winter"),
        ("2026-10-01", "Pacific/Auckland", "spring"),
        ("2026-04-01", "Africa/Johannesburg", "autumn"),
    ],
)
def test_seasons_turn_round_south_of_the_equator(day: str, zone: str, name: str) -> None:
    assert season(dt.date.fromisoformat(day), zone) == name


@pytest.mark.parametrize(
    ("when", "zone", "found"),
    [
        ("2026-11-27T19:30", "Europe/Berlin", "dark"),
        ("2026-11-27T12:00", "Europe/Berlin", "day"),
        ("2026-11-27T16:30", "Europe/Berlin", "any"),
        ("2026-06-20T19:30", "Europe/Berlin", "day"),
        ("2026-12-20T19:30", "Australia/Sydney", "day"),
        ("2026-06-20T19:30", "Australia/Sydney", "dark"),
    ],
)
def test_daylight_is_told_from_month_and_hour(when: str, zone: str, found: str) -> None:
    assert light(dt.datetime.fromisoformat(when), zone) == found


def test_a_moment_knows_its_season_and_its_light() -> None:
    moment = at(dt.datetime(2026, 7, 3, 15, 0, tzinfo=dt.UTC), "Europe/Berlin", 60, apart=True)
    assert (moment.season, moment.light, moment.energy, moment.apart) == ("summer", "day", "high", True)
    assert not is_south("Europe/Berlin")
