"""What a person does to an occurrence: one transaction for fact, row, words and journal; and `undo` takes it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import Desk
from household import DATE_NIGHT, HOUR, MINUTE, MONDAY_MORNING, MORNING_WORD, berlin, settings

from reconnectd.app.undoing import undo
from reconnectd.core.occurrence import SNOOZE, Fact, Occurrence, OccurrenceId, State
from reconnectd.errors import WrongUsage

ZONE = ZoneInfo("Europe/Berlin")
FRIDAY = "date-night@2026-11-27"
TODAY = "morning-word@2026-11-23"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, settings(DATE_NIGHT, MORNING_WORD))
    yield made
    made.store.close()


def fact(desk: Desk, name: str) -> Fact:
    found = desk.store.facts.get(OccurrenceId.parse(name))
    assert found is not None
    return found


def remembered(desk: Desk, text: str, at: str) -> Occurrence:
    return desk.actions.remember(text, berlin(at), ZONE, desk.clock.now()).occurrence


# Done and skip.


def test_done_is_done_and_says_no_more(desk: Desk) -> None:
    desk.actions.done(desk.row(FRIDAY), MONDAY_MORNING)
    assert (desk.row(FRIDAY).state, fact(desk, FRIDAY).at) == (State.DONE, MONDAY_MORNING)
    assert set(desk.words(FRIDAY).values()) == {"closed"}
    desk.plan()
    assert set(desk.words(FRIDAY).values()) == {"closed"}


def test_done_at_the_very_moment_of_a_cue_is_a_persons_word(desk: Desk) -> None:
    desk.clock.time = berlin("2026-11-23 09:10")
    desk.actions.done(desk.row(TODAY), desk.clock.now(), at=berlin("2026-11-23 09:05"))
    desk.plan()
    assert desk.row(TODAY).state is State.DONE


@pytest.mark.parametrize("for_both", [True, False])
def test_skip_says_whether_it_leaves_the_calendar(desk: Desk, *, for_both: bool) -> None:
    desk.actions.skip(desk.row(FRIDAY), MONDAY_MORNING, for_both=for_both)
    assert (fact(desk, FRIDAY).state, fact(desk, FRIDAY).for_both) == (State.SKIPPED, for_both)


@pytest.mark.parametrize(
    ("first", "then", "state"),
    [("done", "skip", State.SKIPPED), ("skip", "done", State.DONE), ("done", "done", State.DONE)],
)
def test_the_later_word_counts(desk: Desk, first: str, then: str, state: State) -> None:
    for verb in (first, then):
        item = desk.row(FRIDAY)
        if verb == "done":
            desk.actions.done(item, MONDAY_MORNING)
        else:
            desk.actions.skip(item, MONDAY_MORNING, for_both=True)
    desk.plan()
    assert desk.row(FRIDAY).state is state


async def test_what_did_not_come_about_can_still_be_done(desk: Desk) -> None:
    await desk.at(berlin("2026-11-29 12:00"))
    assert desk.row(FRIDAY).state is State.MISSED
    desk.actions.done(desk.row(FRIDAY), desk.clock.now(), at=berlin("2026-11-27 20:00"))
    desk.plan()
    assert (desk.row(FRIDAY).state, fact(desk, FRIDAY).at) == (State.DONE, berlin("2026-11-27 20:00"))


# Snooze and move.


def test_snooze_leaves_it_where_it_is_with_one_word(desk: Desk) -> None:
    until = berlin("2026-11-27 19:00")
    desk.actions.snooze(desk.row(FRIDAY), until, MONDAY_MORNING)
    row = desk.row(FRIDAY)
    assert (row.begins, row.pinned, row.snoozed_until) == (berlin("2026-11-27 19:30"), False, until)
    assert {lead for lead, state in desk.words(FRIDAY).items() if state == "pending"} == {SNOOZE}
    desk.plan()
    assert {lead for lead, state in desk.words(FRIDAY).items() if state == "pending"} == {SNOOZE, "after"}


@pytest.mark.parametrize("until", [MONDAY_MORNING, MONDAY_MORNING - MINUTE])
def test_nothing_is_put_off_to_what_has_passed(desk: Desk, until: dt.datetime) -> None:
    with pytest.raises(WrongUsage, match="that time has passed"):
        desk.actions.snooze(desk.row(FRIDAY), until, MONDAY_MORNING)
    assert desk.store.journal.last() is None


@pytest.mark.parametrize(("name", "length"), [(FRIDAY, 2 * HOUR), (TODAY, None)])
def test_a_moved_one_keeps_its_name_and_its_length(desk: Desk, name: str, length: dt.timedelta | None) -> None:
    start = berlin("2026-11-28 18:00")
    desk.actions.move(desk.row(name), start, MONDAY_MORNING)
    rows = [desk.row(name)]
    desk.plan()
    for row in [*rows, desk.row(name)]:
        assert (row.begins, row.pinned, row.end and row.over - row.begins) == (start, True, length)


def test_an_event_moved_across_the_change_of_the_clocks_keeps_its_length(desk: Desk) -> None:
    desk.actions.move(desk.row(FRIDAY), berlin("2027-03-28 01:30"), MONDAY_MORNING)
    desk.plan()
    row = desk.row(FRIDAY)
    assert (row.over - row.begins, row.end and f"{row.end:%H:%M}") == (2 * HOUR, "04:30")


@pytest.mark.parametrize("answer", ["done", "skip"])
@pytest.mark.parametrize(
    ("verb", "waiting"), [("move", ["86400", "3600", "begins", "after"]), ("snooze", ["snooze", "after"])]
)
def test_what_is_moved_or_put_off_is_open_again_and_speaks(
    desk: Desk, answer: str, verb: str, waiting: list[str]
) -> None:
    if answer == "done":
        desk.actions.done(desk.row(FRIDAY), MONDAY_MORNING)
    else:
        desk.actions.skip(desk.row(FRIDAY), MONDAY_MORNING, for_both=True)
    act = desk.actions.move if verb == "move" else desk.actions.snooze
    act(desk.row(FRIDAY), berlin("2026-11-27 18:00"), MONDAY_MORNING)
    desk.plan()
    assert (desk.row(FRIDAY).state, fact(desk, FRIDAY).for_both) == (State.PLANNED, False)
    assert [lead for lead, state in desk.words(FRIDAY).items() if state == "pending"] == waiting


async def test_what_did_not_happen_can_be_moved_and_is_asked_about_there(desk: Desk) -> None:
    await desk.at(berlin("2026-11-29 12:00"))
    desk.actions.move(desk.row(FRIDAY), berlin("2026-11-30 20:00"), desk.clock.now())
    desk.plan()
    assert desk.row(FRIDAY).state is State.PLANNED
    assert list(desk.words(FRIDAY).values()) == ["pending"] * 4


# One-offs.


def test_one_offs_of_a_day_are_numbered_and_never_share_a_name(desk: Desk) -> None:
    names = [str(remembered(desk, text, "2026-11-24 10:00").id) for text in ("one", "two", "three")]
    assert names == ["remember@2026-11-24", "remember@2026-11-24.2", "remember@2026-11-24.3"]
    desk.store.facts.remove(OccurrenceId.parse(names[0]))
    assert str(remembered(desk, "four", "2026-11-24 10:00").id) == "remember@2026-11-24.4"


def test_a_day_has_room_for_more_than_anybody_has_in_mind(desk: Desk) -> None:
    last = OccurrenceId("remember", dt.date(2026, 11, 24), 99_998)
    desk.store.facts.put(Fact(last, start=berlin("2026-11-24 10:00"), title="the last but one"))
    assert remembered(desk, "the last", "2026-11-24 10:00").id.n == 99_999
    with pytest.raises(WrongUsage, match="99999 things to remember on that day"):
        remembered(desk, "one too many", "2026-11-24 10:00")
    assert len(desk.plan().occurrences) > 2


async def test_a_one_off_rings_to_the_second_and_is_private(desk: Desk) -> None:
    at = berlin("2026-11-23 09:00") + dt.timedelta(seconds=3)
    item = desk.actions.remember("Water the ferns", at, ZONE, MONDAY_MORNING).occurrence
    assert (item.private, item.in_calendar, item.kind) == (True, False, "cue")
    assert await desk.at(at - dt.timedelta(seconds=1)) == []
    assert await desk.at(at) == ["Water the ferns"]


# Undo.


Act = Callable[[Desk], object]
ACTS: dict[str, Act] = {
    "done": lambda desk: desk.actions.done(desk.row(FRIDAY), MONDAY_MORNING),
    "skip": lambda desk: desk.actions.skip(desk.row(FRIDAY), MONDAY_MORNING, for_both=True),
    "snooze": lambda desk: desk.actions.snooze(desk.row(FRIDAY), berlin("2026-11-27 19:00"), MONDAY_MORNING),
    "move": lambda desk: desk.actions.move(desk.row(FRIDAY), berlin("2026-11-28 18:00"), MONDAY_MORNING),
}


@pytest.mark.parametrize("verb", ACTS)
def test_undo_restores_row_and_words(desk: Desk, verb: str) -> None:
    before = (desk.row(FRIDAY), desk.words(FRIDAY))
    ACTS[verb](desk)
    desk.plan()
    undone = undo(desk.store, MONDAY_MORNING)
    assert desk.store.plan.key() == "", "the plan is to be made anew"
    desk.plan()
    assert (undone.verb, str(undone.name), undone.calendar) == (verb, FRIDAY, verb in {"skip", "move"})
    assert (desk.row(FRIDAY), desk.words(FRIDAY)) == before


@pytest.mark.parametrize("first", ACTS)
@pytest.mark.parametrize("second", ACTS)
def test_undo_goes_back_one_step_at_a_time(desk: Desk, first: str, second: str) -> None:
    ACTS[first](desk)
    desk.plan()
    between = desk.row(FRIDAY)
    ACTS[second](desk)
    assert undo(desk.store, MONDAY_MORNING).verb == second
    desk.plan()
    assert desk.row(FRIDAY) == between
    assert undo(desk.store, MONDAY_MORNING).verb == first
    with pytest.raises(WrongUsage, match="nothing to take back"):
        undo(desk.store, MONDAY_MORNING)


async def test_an_undone_one_off_is_gone_from_the_screen_and_never_rings(desk: Desk) -> None:
    remembered(desk, "on the screen", "2026-11-23 09:01")
    await desk.at(berlin("2026-11-23 09:02"))
    undo(desk.store, desk.clock.now())
    await desk.speaker.speak()
    assert desk.desktop.on_screen == {}
    remembered(desk, "not yet", "2026-11-23 09:03")
    undo(desk.store, desk.clock.now())
    assert "not yet" not in await desk.at(berlin("2026-11-23 09:04"))


async def test_an_undone_move_says_its_words_again_at_the_old_time(desk: Desk) -> None:
    desk.actions.move(desk.row(FRIDAY), berlin("2026-11-25 19:30"), MONDAY_MORNING)
    desk.plan()
    assert (await desk.at(berlin("2026-11-25 19:00"))).count("Date night") == 2
    undo(desk.store, desk.clock.now())
    desk.plan()
    said = await desk.at(berlin("2026-11-27 18:30"))
    assert said.count("Date night") == 2


async def test_an_answer_on_a_bubble_can_be_taken_back_too(desk: Desk) -> None:
    await desk.at(berlin("2026-11-23 09:05"))
    await desk.press("skip")
    assert undo(desk.store, desk.clock.now()).verb == "skip"
    desk.plan()
    assert desk.row(TODAY).state is State.ANNOUNCED


def test_an_action_that_fails_half_way_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: OccurrenceId) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(desk.store.reminders, "close_all", full)
    with pytest.raises(OSError, match="no space left"):
        desk.actions.done(desk.row(FRIDAY), MONDAY_MORNING)
    assert desk.row(FRIDAY).state is State.PLANNED
    assert desk.store.journal.last() is None
    assert desk.store.facts.get(OccurrenceId.parse(FRIDAY)) is None
