"""Ideas in a plan: the same for both people and all devices, nothing twice within 21 days, settled once announced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from household import BERLIN, DATE_NIGHT, HOUR, MONDAY_MORNING, SMALL_TOUCH, SUNDAY_TALK, berlin, fixed, settings
from outlooks import FRIDAY, one, outlook
from prompts import deck

from reconnectd.config import parse
from reconnectd.config.decks import shipped
from reconnectd.config.first import Wishes, starter
from reconnectd.core.model import Lasting, Practice, Surprise, Times, Weekdays
from reconnectd.core.occurrence import Idea, Occurrence, OccurrenceId, Plan, Standing
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.practice.choice import A_MOMENT, Moment, Order, Uses, depth_after
from reconnectd.core.practice.deck import Deck
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.core.settings import People, Settings, Together
from reconnectd.core.wording import LOOK_UP, LOOK_UP_APART

DAY = dt.timedelta(days=1)
EVENINGS = (deck(60), deck(60, Practice.AFFECTION, "touches"))
A_LONG_WAY = Outlook(MONDAY_MORNING, BERLIN.zone, ahead=56, decks=EVENINGS)


def ideas(made: Plan, slug: str = "") -> list[str]:
    """What stands under the occurrences, by time."""
    return [item.prompt for item in made.occurrences if not slug or item.id.slug == slug]


# The same for everybody.


def test_what_both_see_has_the_same_idea_on_both_machines() -> None:
    alex = plan(settings(DATE_NIGHT, SMALL_TOUCH), A_LONG_WAY)
    other = replace(settings(DATE_NIGHT, SUNDAY_TALK), people=People("Sam", "Alex", "k3v9-rt2p"))
    sam = plan(other, replace(A_LONG_WAY, now=MONDAY_MORNING + 9 * HOUR))
    assert ideas(alex, "date-night") == ideas(sam, "date-night")
    assert all(text.startswith("Idea evenings-") for text in ideas(alex, "date-night"))


def test_a_device_that_joins_weeks_later_has_the_same_ideas() -> None:
    config = settings(SMALL_TOUCH)
    later = plan(config, replace(A_LONG_WAY, now=MONDAY_MORNING + 30 * DAY))
    early = plan(config, A_LONG_WAY)
    both = {item.id: item.prompt for item in early.occurrences}
    shared = [(both[item.id], item.prompt) for item in later.occurrences if item.id in both]
    assert len(shared) > 20
    assert all(mine == theirs for mine, theirs in shared)


def test_another_household_and_another_person_have_orders_of_their_own() -> None:
    def of(person: People) -> list[str]:
        return [text for text in ideas(plan(replace(settings(SMALL_TOUCH), people=person), A_LONG_WAY))
                if text not in LOOK_UP]  # fmt: skip

    mine = of(People("Alex", household="k3v9-rt2p"))
    assert of(People("Sam", household="k3v9-rt2p")) != mine
    assert of(People("Alex", household="other")) != mine


# Which occurrences, and where it stands.


def test_it_stands_below_the_routines_own_notes() -> None:
    made = plan(settings(replace(DATE_NIGHT, notes="Phones away.")), A_LONG_WAY)
    assert one(made, FRIDAY).prompt.startswith("Phones away.\nIdea evenings-")


@pytest.mark.parametrize(
    ("routine", "comes"),
    [
        (DATE_NIGHT, True),
        (replace(DATE_NIGHT, deck="none"), False),
        (replace(DATE_NIGHT, deck="Evenings"), True),
        (replace(DATE_NIGHT, deck="touches"), False),
        (SUNDAY_TALK, False),
        (replace(DATE_NIGHT, practice=None), False),
        (fixed("kiss", Weekdays((4,)), "22:00", practice=Practice.AFFECTION), False),
        (fixed("kiss", Weekdays((4,)), "22:00", practice=Practice.AFFECTION, deck="touches"), True),
    ],
)
def test_which_routines_have_ideas(routine: object, comes: bool) -> None:
    made = plan(settings(routine), A_LONG_WAY)  # type: ignore[arg-type]
    assert all(bool(text) == comes for text in ideas(made))


def test_a_plan_without_decks_is_as_it_was() -> None:
    made = plan(settings(DATE_NIGHT, SMALL_TOUCH), replace(A_LONG_WAY, decks=()))
    assert set(ideas(made)) == {""}
    assert made.ideas == ()


@pytest.mark.parametrize("times", [Times(1, "day"), Times(3, "week"), Times(4, "day"), Times(10, "month")])
def test_of_three_small_cues_in_a_row_one_has_a_prompt_at_most(times: Times) -> None:
    assert isinstance(SMALL_TOUCH.schedule, Surprise)
    cue = replace(SMALL_TOUCH, schedule=replace(SMALL_TOUCH.schedule, times=times))
    prompted = [text not in LOOK_UP for text in ideas(plan(settings(cue), A_LONG_WAY))]
    assert all(sum(prompted[at : at + 3]) <= 1 for at in range(len(prompted)))
    assert sum(prompted) >= len(prompted) // 4


def test_apart_cues_say_so_and_suggest_what_can_be_done_from_afar() -> None:
    near = deck(30, Practice.AFFECTION, "near", where="together")
    far = deck(30, Practice.AFFECTION, "far", where="apart")
    decks = replace(A_LONG_WAY, decks=(near, far))
    away = Rest(EVERYTHING, MONDAY_MORNING, MONDAY_MORNING + 28 * DAY, "apart")
    made = plan(settings(SMALL_TOUCH), replace(decks, rests=(away,)))
    for item in made.occurrences:
        lines, name = (LOOK_UP_APART, "Idea far") if away.covers(item.begins) else (LOOK_UP, "Idea near")
        assert item.prompt in lines or item.prompt.startswith(name)


def test_prompts_grow_deeper_with_the_months_since_the_series_began() -> None:
    decks = tuple(deck(20, stem=f"depth{depth}", depth=depth) for depth in (1, 2, 3))
    known = {"date-night": Standing("date-night", 1, None, MONDAY_MORNING - DAY)}
    far = replace(A_LONG_WAY, decks=decks, ahead=200, standings=known)
    texts = ideas(plan(settings(DATE_NIGHT), far))
    assert all(text.startswith("Idea depth1") for text in texts[:6])
    assert {text[:11] for text in texts[7:16]} >= {"Idea depth2"}
    assert not any(text.startswith("Idea depth3") for text in texts[:16])
    assert any(text.startswith("Idea depth3") for text in texts[18:])
    begun = {"date-night": dt.date(2026, 7, 3)}
    assert any(
        text.startswith("Idea depth3") for text in ideas(plan(settings(DATE_NIGHT), replace(far, begun=begun)))[:9]
    )


# What was settled stays.


def lived(config: Settings, decks: Sequence[Deck], rests: Sequence[Rest] = ()) -> list[Occurrence]:
    """What a person was shown in eight weeks, the plan made anew every few days from what is stored."""
    now = MONDAY_MORNING
    shown: dict[OccurrenceId, Occurrence] = {}
    stored: dict[OccurrenceId, Idea] = {}
    standings = {one.slug: Standing(one.slug, 1, None, MONDAY_MORNING) for one in config.routines}
    for _ in range(0, 56, 4):
        seen = Outlook(now, BERLIN.zone, ahead=8, decks=decks, ideas=stored, standings=standings, rests=rests)
        made = plan(config, seen)
        stored |= {idea.occurrence: idea for idea in made.ideas}
        now += 4 * DAY
        shown |= {item.id: item for item in made.occurrences if MONDAY_MORNING < item.begins <= now}
    return list(shown.values())


def test_another_deck_changes_what_comes_later_and_nothing_that_was_announced() -> None:
    config = settings(DATE_NIGHT)
    before = plan(config, A_LONG_WAY)
    known = {idea.occurrence: idea for idea in before.ideas}
    assert [str(name) for name in known] == ["date-night@2026-11-27"]
    grown = replace(A_LONG_WAY, decks=(deck(30), deck(90, stem="more")), ideas=known)
    after = plan(config, grown)
    assert one(after, FRIDAY).prompt == one(before, FRIDAY).prompt or "evenings" not in one(before, FRIDAY).prompt
    assert ideas(after)[1:] != ideas(before)[1:]


def test_what_does_not_fit_any_more_is_found_anew_until_it_was_announced() -> None:
    config = settings(DATE_NIGHT)
    decks = (deck(30, where="together"), deck(30, stem="far", where="apart"))
    first = plan(config, replace(A_LONG_WAY, decks=decks))
    known = {idea.occurrence: idea for idea in first.ideas}
    away = replace(
        A_LONG_WAY, decks=decks, ideas=known, rests=(Rest(EVERYTHING, MONDAY_MORNING, None, "apart"),)
    )  # fmt: skip
    assert one(plan(config, away), FRIDAY).prompt.startswith("Idea far")
    said = replace(away, announced=frozenset({FRIDAY}))
    assert one(plan(config, said), FRIDAY).prompt == one(first, FRIDAY).prompt


def test_what_a_person_kept_is_there_whatever_the_turn_says() -> None:
    kept = Idea(FRIDAY, "evenings-7", berlin("2026-11-27 19:30"), kept=True)
    made = plan(settings(DATE_NIGHT), replace(A_LONG_WAY, ideas={FRIDAY: kept}))
    assert one(made, FRIDAY).prompt == "Idea evenings-7."
    assert made.ideas == (kept,)


def test_a_deck_that_is_too_small_leaves_a_gap_rather_than_a_repeat() -> None:
    texts = ideas(plan(settings(DATE_NIGHT), replace(A_LONG_WAY, decks=(deck(2),))))
    assert texts[:2] != ["", ""]
    assert texts.count("") == len(texts) // 2
    assert set(texts[:4]) == {"Idea evenings-0.", "Idea evenings-1.", ""}


def test_two_routines_of_one_practice_do_not_repeat_each_other() -> None:
    lunch = fixed("lunch", Weekdays((1,)), "12:30", practice=Practice.QUALITY_TIME, lasting=Lasting(HOUR, HOUR))
    texts = ideas(plan(settings(DATE_NIGHT, lunch), A_LONG_WAY))
    assert len(texts) == len(set(texts)) == 17


# Eight weeks of the set to start from.

GENTLE = parse(starter(Wishes("Alex", "Sam", "k3v9-rt2p", routines="gentle")), Path("config.toml"))
TEXTS = {prompt.text: prompt for one_deck in shipped() for prompt in one_deck.prompts}
FILTERS = {
    "as it is": Together(),
    "apart": Together(place="apart"),
    "free": Together(money="free"),
    **{kind: Together(kinds=(kind,)) for kind in Together().kinds},
    **{f"{kind} apart": Together(kinds=(kind,), place="apart") for kind in ("words", "small favours", "play")},
}


@pytest.mark.parametrize("name", FILTERS)
def test_eight_weeks_of_the_gentle_set_repeat_nothing_within_21_days(name: str) -> None:
    together = FILTERS[name]
    shown = lived(replace(GENTLE, together=together), shipped())
    used: dict[str, dt.date] = {}
    for item in sorted(shown, key=lambda item: item.begins):
        prompt = TEXTS.get(item.prompt)
        if prompt is None:
            assert item.practice != Practice.QUALITY_TIME, "an evening has an idea under every filter"
            continue
        assert item.start.date() - used.get(prompt.id, dt.date.min) > 21 * DAY
        used[prompt.id] = item.start.date()
        assert prompt.where in ("either", together.place)
        assert prompt.kind in ("", *together.kinds)
        assert prompt.money == "free" or together.money != "free"
    cues = [item for item in shown if item.id.slug == "small-touch"]
    assert len(cues) // 3 - 1 <= sum(item.prompt in TEXTS for item in cues) <= len(cues) // 3 + 1


@pytest.mark.parametrize("place", ["together", "apart"])
def test_lighter_evenings_ask_for_little_strength_for_eight_weeks(place: Literal["together", "apart"]) -> None:
    lighter = Rest(EVERYTHING, MONDAY_MORNING, None, "lighter")
    shown = lived(replace(GENTLE, together=Together(place=place)), shipped(), (lighter,))
    prompts = [TEXTS[item.prompt] for item in shown if item.id.slug == "date-night"]
    assert len(prompts) == len({prompt.id for prompt in prompts}) == 8
    assert {prompt.energy for prompt in prompts} == {"low"}


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("kind", Together().kinds)
def test_the_shipped_touches_last_eight_weeks_of_low_energy_and_one_kind_only(kind: str, apart: bool) -> None:
    touches = [prompt for prompt in TEXTS.values() if prompt.practice is Practice.AFFECTION]
    order, uses = Order(touches, "k3v9-rt2p"), Uses()
    for week in range(8):
        day = dt.date(2026, 11, 23) + 7 * week * DAY
        moment = Moment(A_MOMENT, apart, energy="low", depth=depth_after(7 * week), kinds=frozenset({kind}))
        found = order.choose(moment, week, day, uses)
        if found is None:
            assert (kind, apart) == ("light touch", True), "nobody touches from afar"
            continue
        assert (found.kind, found.energy) == (kind, "low")
        uses.add(found.id, day)


def test_the_ideas_of_an_outlook_are_only_looked_for_where_somebody_wants_them() -> None:
    assert plan(settings(SUNDAY_TALK), outlook(decks=EVENINGS)).ideas == ()
