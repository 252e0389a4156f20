"""Both state machines, move by move: what isn't in the table is refused by name and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TypeVar, get_args

import pytest
from household import MONDAY_MORNING, store_in

from reconnectd.core.lifecycle import IllegalMove, OccurrenceEvent, ReminderEvent, occurrence_after, reminder_after
from reconnectd.core.occurrence import OccurrenceId, Phase, Reminder, ReminderState, State

S = TypeVar("S", State, ReminderState)
E = TypeVar("E", OccurrenceEvent, ReminderEvent)

OCCURRENCES = """
planned    announce  announced
planned    do        done
planned    skip      skipped
planned    lapse     missed
announced  announce  announced
announced  do        done
announced  skip      skipped
announced  lapse     missed
done       do        done
done       skip      skipped
done       reopen    planned
skipped    do        done
skipped    skip      skipped
skipped    reopen    planned
missed     do        done
missed     skip      skipped
missed     reopen    planned
"""

REMINDERS = """
pending  claim     sending
pending  hold      held
pending  close     closed
pending  drop      dropped
pending  postpone  pending
held     claim     sending
held     hold      held
held     close     closed
held     drop      dropped
held     postpone  pending
sending  deliver   shown
sending  fail      held
sending  close     closed
sending  drop      dropped
sending  resend    sending
shown    close     closed
shown    postpone  pending
shown    hold      held
shown    resend    sending
closed   postpone  pending
dropped  postpone  pending
"""


def table(text: str) -> dict[tuple[str, str], str]:
    rows = [line.split() for line in text.strip().splitlines()]
    return {(state, event): after for state, event, after in rows}


def assert_moves_as(expected: dict[tuple[str, str], str], after: Callable[[S, E], S], state: S, event: E) -> None:
    if (state, event) in expected:
        assert after(state, event) == expected[state, event]
        return
    with pytest.raises(IllegalMove, match=f"{event} is not possible from {state}") as refused:
        after(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


@pytest.mark.parametrize(("state", "event"), list(product(State, get_args(OccurrenceEvent))))
def test_an_occurrence_moves_as_its_table_says_and_not_otherwise(state: State, event: OccurrenceEvent) -> None:
    assert_moves_as(table(OCCURRENCES), occurrence_after, state, event)


@pytest.mark.parametrize(("state", "event"), list(product(ReminderState, get_args(ReminderEvent))))
def test_a_reminder_moves_as_its_table_says_and_not_otherwise(state: ReminderState, event: ReminderEvent) -> None:
    assert_moves_as(table(REMINDERS), reminder_after, state, event)


def test_an_illegal_move_changes_no_row(tmp_path: Path) -> None:
    word = Reminder(
        OccurrenceId("morning-word", MONDAY_MORNING.date()), "0", MONDAY_MORNING, None, Phase.CUE,
        state=ReminderState.CLOSED, reason="answered",
    )  # fmt: skip
    with store_in(tmp_path) as store:
        store.reminders.put(word)
        with pytest.raises(IllegalMove):
            store.reminders.move_on(word, "claim", reason="again", bubble="token")
        assert store.reminders.of(word.occurrence) == [word]
        assert store.reminders.bubble("token") is None
