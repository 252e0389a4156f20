"""The idea in an event that both read: one write a week, the same for both, and a person's words stay."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from devices import Phone, phone_of
from household import DATE_NIGHT, HOUR, MONDAY_MORNING, SMALL_TOUCH, SUNDAY_TALK, berlin
from prompts import as_toml, prompt
from test_two_people import Couple, couple
from two_people import Partner, shared

from reconnectd.app.practice.ideas import IdeasNow
from reconnectd.config.decks import shipped
from reconnectd.core.model import Practice, Routine
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.core.settings import Together

__all__ = ["couple", "shared"]

WEEK = dt.timedelta(days=7)
KNOWN = {one.text: one for deck in shipped() for one in deck.prompts}


def said(one: Partner) -> str:
    """What the date night says in the calendar."""
    (text,) = [text for text in phone_of(one).texts().values() if "Date night" in text]
    unfolded = text.replace("\r\n ", "").replace("\r\n", "\n")
    found = re.search(r"^DESCRIPTION:(.*)$", unfolded, re.MULTILINE)
    return re.sub(r"\\([,;\\])", r"\1", found[1]).replace("\\n", "\n") if found else ""


def planned(one: Partner) -> str:
    """What the next date night says on the screen."""
    rows = [item for item in one.store.plan.of("date-night") if item.over > one.clock.now()]
    return rows[0].prompt


def pushed(*both: Partner, after: dt.timedelta = HOUR) -> list[int]:
    for one in both:
        one.clock.time = both[0].clock.time
    for clock in {id(one.clock): one.clock for one in both}.values():
        clock.forward(after)
    return [one.sync().pushed for one in both]


@pytest.fixture
def pair(couple: Couple) -> tuple[Partner, Partner]:
    alex, sam = couple(DATE_NIGHT)
    alex.sync()
    sam.sync()
    return alex, sam


def test_both_read_the_same_idea_in_the_event_and_on_their_screens(pair: tuple[Partner, Partner]) -> None:
    alex, sam = pair
    assert KNOWN[said(alex)].practice is Practice.QUALITY_TIME
    assert said(alex) == said(sam) == planned(alex) == planned(sam)
    assert pushed(alex, sam) == [0, 0]
    assert alex.sync().requests == 1


def test_one_of_them_writes_once_a_week_and_nothing_comes_twice(pair: tuple[Partner, Partner]) -> None:
    seen = [said(pair[0])]
    for _ in range(6):
        first, second = pushed(*pair, after=WEEK)
        assert (first, second) == (1, 0)
        assert pushed(*pair, *reversed(pair)) == [0, 0, 0, 0]
        assert said(pair[0]) == planned(pair[0]) == planned(pair[1])
        seen.append(said(pair[0]))
    assert len(set(seen)) == 7


def test_words_that_a_person_writes_there_stay(pair: tuple[Partner, Partner]) -> None:
    alex, sam = pair
    phone = phone_of(sam)
    (href,) = phone.texts()
    own = phone.texts()[href].replace("\r\n ", "").replace("\r\n", "\n")
    phone.write(href, re.sub(r"DESCRIPTION:.*", "DESCRIPTION:The table is booked for eight", own))
    for _ in range(3):
        assert pushed(alex, sam, after=WEEK) == [0, 0]
        assert said(alex) == "The table is booked for eight"


def test_an_idea_that_a_person_took_out_stays_out(pair: tuple[Partner, Partner]) -> None:
    phone = phone_of(pair[0])
    (href,) = phone.texts()
    own = phone.texts()[href].replace("\r\n ", "").replace("\r\n", "\n")
    phone.write(href, re.sub(r"DESCRIPTION:.*\n", "", own))
    assert pushed(*pair, *pair, after=WEEK) == [0, 0, 0, 0]
    assert said(pair[0]) == ""


def test_what_one_keeps_is_what_both_read(pair: tuple[Partner, Partner]) -> None:
    alex, sam = pair
    kept = next(one for one in KNOWN.values() if one.practice is Practice.QUALITY_TIME and one.text != said(alex))
    IdeasNow(sam.store, sam.settings, "Europe/Berlin").keep(kept, sam.clock.now())
    assert pushed(sam, alex) == [1, 0]
    assert said(alex) == planned(alex) == planned(sam) == kept.text
    assert pushed(alex, sam) == [0, 0]
    assert pushed(alex, sam, after=WEEK) == [1, 0]


def test_apart_on_one_side_only_is_written_once_and_taken_up_by_the_other(pair: tuple[Partner, Partner]) -> None:
    alex, sam = pair
    sam.changes = {"together": Together(place="apart", money="free")}
    assert pushed(sam, alex)[1] == 0
    assert KNOWN[said(alex)].where in ("either", "apart")
    assert pushed(sam, alex, sam, alex) == [0, 0, 0, 0]
    for _ in range(4):
        assert sum(pushed(alex, sam, after=WEEK)) == 1
        assert pushed(alex, sam, alex, sam) == [0, 0, 0, 0]
        assert said(alex) == planned(alex) == planned(sam)


def test_with_decks_that_only_one_has_nobody_writes_against_the_other(couple: Couple, tmp_path: Path) -> None:
    alex, sam = couple(replace(DATE_NIGHT, deck="Evenings"))
    (tmp_path / "own" / "decks").mkdir(parents=True)
    own = [prompt(f"own-{number}", minutes=60) for number in range(30)]
    (tmp_path / "own" / "decks" / "evenings.toml").write_text(as_toml(*own))
    sam.changes = {"path": tmp_path / "own" / "config.toml"}
    alex.routines = (DATE_NIGHT,)
    assert sam.sync().pushed == 1
    assert alex.sync().pushed == 0
    for _ in range(4):
        pushed(sam, alex, after=WEEK)
        assert said(alex).startswith("Idea own-")
        assert pushed(alex, sam, alex, sam) == [0, 0, 0, 0]


@pytest.mark.parametrize("routine", [SUNDAY_TALK, replace(DATE_NIGHT, deck="none"), replace(DATE_NIGHT, practice=None)])
def test_nothing_but_time_together_has_an_idea_in_the_calendar(couple: Couple, routine: Routine) -> None:
    alex, _ = couple(routine, SMALL_TOUCH)
    alex.sync()
    alex.sync()
    assert not [text for text in Phone(alex.server, alex.account).texts().values() if "DESCRIPTION" in text]


def test_it_stands_below_the_notes_of_the_config(couple: Couple) -> None:
    alex, sam = couple(replace(DATE_NIGHT, notes="Phones stay in the hall."))
    assert [alex.sync().pushed, sam.sync().pushed] == [1, 0]
    notes, idea = said(sam).split("\n\n")
    assert (notes, idea in KNOWN) == ("Phones stay in the hall.", True)
    away = Rest(EVERYTHING, MONDAY_MORNING, None, "apart")
    alex.store.rests.replace([away])
    alex.store.plan.forget_key()
    pushed(alex, sam)
    assert said(sam).startswith("Phones stay in the hall.\n\n")


@pytest.mark.parametrize("seen_before", [True, False])
def test_moved_behind_the_next_time_it_costs_one_write_also_for_who_joins_later(
    couple: Couple, *, seen_before: bool
) -> None:
    alex, sam = couple(DATE_NIGHT)
    alex.sync()
    if seen_before:
        sam.sync()
    alex.move("date-night@2026-11-27", berlin("2026-12-05 15:00"))
    alex.plan()
    assert pushed(alex, sam, alex, sam) == [1, 0, 0, 0]
    assert said(alex) == sam.row("date-night@2026-12-04").prompt == alex.row("date-night@2026-12-04").prompt
