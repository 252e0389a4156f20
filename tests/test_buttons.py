"""The buttons of a bubble: each does what it says, once, also late; and one that both see asks a second time."""

from __future__ import annotations

import datetime as dt

import pytest
from desk import MakeDesk, desk
from household import DATE_NIGHT, MINUTE, MORNING_WORD, berlin

from reconnectd.core.model import Routine
from reconnectd.core.occurrence import FOR_BOTH, OccurrenceId, State
from reconnectd.core.settings import CalendarAccount
from reconnectd.ports import Answer

__all__ = ["desk"]

FRIDAY = "date-night@2026-11-27"


def both_see(**changes: object) -> dict[str, object]:
    return {"calendar": CalendarAccount(seen_by="both"), **changes}


@pytest.mark.parametrize(
    ("routine", "until", "verb", "labels"),
    [
        (DATE_NIGHT, "2026-11-26 19:30", "skip", ["OK", "Another time", "Not this time"]),
        (DATE_NIGHT, "2026-11-27 22:00", "done", ["It happened", "Not this time", "Another day"]),
        (DATE_NIGHT, "2026-11-27 22:00", "skip", ["It happened", "Not this time", "Another day"]),
        (MORNING_WORD, "2026-11-23 09:05", "done", ["Done", "Later", "Not today"]),
        (MORNING_WORD, "2026-11-23 09:05", "skip", ["Done", "Later", "Not today"]),
    ],
)
async def test_a_button_changes_fact_row_words_and_journal(
    desk: MakeDesk, routine: Routine, until: str, verb: str, labels: list[str]
) -> None:
    one = desk(routine)
    await one.at(berlin(until))
    assert [label for _, label in max(one.desktop.on_screen.items())[1].actions] == labels
    (changed,) = await one.press(verb)
    expected = {"done": State.DONE, "skip": State.SKIPPED}[verb]
    fact, note = one.store.facts.get(changed.id), one.store.journal.last()
    assert (changed.state, one.row(str(changed.id)).state, fact and fact.state) == (expected, expected, expected)
    assert note is not None
    assert (note.verb, note.subject) == (verb, str(changed.id))
    one.plan()
    assert one.row(str(changed.id)).state is expected
    assert set(one.words(str(changed.id)).values()) <= {"closed", "dropped"}
    assert one.store.reminders.open_bubbles() == []


async def test_ok_answers_nothing(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT)
    await one.at(berlin("2026-11-26 19:30"))
    assert await one.press("ok") == []
    assert one.row(FRIDAY).state is State.ANNOUNCED
    assert one.store.journal.last() is None


@pytest.mark.parametrize(
    ("quiet", "again"), [((), "2026-11-27 19:30"), (((dt.time(19), dt.time(20)),), "2026-11-27 20:00")]
)
async def test_later_is_an_hour_later_not_in_quiet_and_moves_nothing(
    desk: MakeDesk, quiet: tuple[tuple[dt.time, dt.time], ...], again: str
) -> None:
    one = desk(DATE_NIGHT, quiet=quiet)
    await one.at(berlin("2026-11-27 18:30"))
    (changed,) = await one.press("later")
    assert (changed.begins, changed.pinned, changed.snoozed_until) == (berlin("2026-11-27 19:30"), False, berlin(again))
    one.plan()
    assert await one.at(berlin(again) - MINUTE) == []
    assert await one.at(berlin(again)) == ["Date night"]
    assert await one.at(berlin("2026-11-27 22:00")) == ["Date night: did it come about?"]


async def test_a_cue_can_be_put_off_again_and_again(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    for hour in (10, 11, 12):
        await one.press("later")
        one.plan()
        assert await one.at(berlin(f"2026-11-23 {hour}:05")) == ["A kind word"]
    assert (await one.press("done"))[0].state is State.DONE


@pytest.mark.parametrize(("verb", "state"), [("done", State.DONE), ("skip", State.SKIPPED), ("later", State.PLANNED)])
async def test_a_button_still_counts_when_it_has_settled_itself(desk: MakeDesk, verb: str, state: State) -> None:
    """The bubble stays on the screen for hours; meanwhile the plan took it for done, or for not come about."""
    for routine, until, name in (
        (MORNING_WORD, "2026-11-23 12:00", "morning-word@2026-11-23"),
        (DATE_NIGHT, "2026-11-28 09:00", FRIDAY),
    ):
        one = desk(routine)
        await one.at(berlin(until))
        one.plan()
        assert one.row(name).state in {State.DONE, State.MISSED}
        (changed,) = await one.press(verb)
        one.plan()
        assert changed.state is state
        assert one.row(name).state in {state, State.ANNOUNCED}


async def test_what_was_answered_elsewhere_is_not_answered_again_by_an_old_bubble(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    one.actions.skip(one.row("morning-word@2026-11-23"), one.clock.now(), for_both=True)
    assert await one.press("done") == []
    assert one.row("morning-word@2026-11-23").state is State.SKIPPED


async def test_an_unknown_token_is_nobodys_answer(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    assert await one.speaker.answered(Answer("somebody else's", "done")) == []
    assert one.row("morning-word@2026-11-23").state is State.ANNOUNCED


@pytest.mark.parametrize("reason", [1, 2, 3, 4])
async def test_closing_a_bubble_is_no_answer(desk: MakeDesk, reason: int) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    one.close(1, reason)
    assert one.row("morning-word@2026-11-23").state is State.ANNOUNCED
    assert one.store.facts.get(OccurrenceId.parse("morning-word@2026-11-23")) is None
    assert await one.at(berlin("2026-11-23 09:30")) == []


async def test_a_press_that_is_told_after_the_closing_counts(desk: MakeDesk) -> None:
    one = desk(MORNING_WORD)
    await one.at(berlin("2026-11-23 09:05"))
    one.close(1)
    (changed,) = await one.speaker.answered(Answer("token1", "done"))
    assert changed.state is State.DONE


# An event that both see.


async def test_not_this_time_has_a_second_step_where_both_see_it(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT, **both_see())
    await one.at(berlin("2026-11-27 18:30"))
    await one.press("skip")
    fact = one.store.facts.get(OccurrenceId.parse(FRIDAY))
    assert fact is not None
    assert (fact.state, fact.for_both) == (State.SKIPPED, False)
    assert await one.speaker.speak() == 1
    assert one.desktop.shown[-1].title == "Date night: take it out of the calendar you both see, too?"
    assert one.desktop.shown[-1].actions == (("ok", "Only here"), ("skip", "For both of us"))
    await one.press("skip")
    fact = one.store.facts.get(OccurrenceId.parse(FRIDAY))
    assert fact is not None
    assert fact.for_both
    assert one.words(FRIDAY)[FOR_BOTH] == "closed"


async def test_only_here_stays_here(desk: MakeDesk) -> None:
    one = desk(DATE_NIGHT, **both_see())
    await one.at(berlin("2026-11-27 18:30"))
    await one.press("skip")
    await one.speaker.speak()
    await one.press("ok")
    fact = one.store.facts.get(OccurrenceId.parse(FRIDAY))
    assert fact is not None
    assert (fact.state, fact.for_both) == (State.SKIPPED, False)


@pytest.mark.parametrize(
    ("until", "changes"),
    [("2026-11-27 22:00", both_see()), ("2026-11-27 18:30", {})],
    ids=["it is behind", "only I see it"],
)
async def test_there_is_no_second_step_otherwise(desk: MakeDesk, until: str, changes: dict[str, object]) -> None:
    one = desk(DATE_NIGHT, **changes)
    await one.at(berlin(until))
    await one.press("skip")
    assert FOR_BOTH not in one.words(FRIDAY)
    assert await one.speaker.speak() == 0
