"""The states of an occurrence and of a reminder: one table each, one function.

A move that the table does not name is illegal: it raises, names state and event, and changes nothing.
"""

from __future__ import annotations

from typing import Literal

from reconnectd.core.occurrence import ReminderState, State

OccurrenceEvent = Literal["announce", "do", "skip", "lapse", "reopen"]
ReminderEvent = Literal["claim", "deliver", "fail", "hold", "close", "drop", "postpone", "resend"]

_P, _A, _D, _S, _M = State.PLANNED, State.ANNOUNCED, State.DONE, State.SKIPPED, State.MISSED

OCCURRENCE: dict[tuple[State, OccurrenceEvent], State] = {
    (_P, "announce"): _A,
    (_A, "announce"): _A,
    # The commands win, also later: what was missed or skipped can still be done, and the other way round; what was
    # assumed to be done is done when somebody says so.
    (_P, "do"): _D,
    (_A, "do"): _D,
    (_S, "do"): _D,
    (_M, "do"): _D,
    (_D, "do"): _D,
    (_P, "skip"): _S,
    (_A, "skip"): _S,
    (_D, "skip"): _S,
    (_M, "skip"): _S,
    (_S, "skip"): _S,
    # Nobody answered: it did not happen, silently.
    (_P, "lapse"): _M,
    (_A, "lapse"): _M,
    (_D, "reopen"): _P,
    (_S, "reopen"): _P,
    (_M, "reopen"): _P,
}

_PE, _SE, _SH = ReminderState.PENDING, ReminderState.SENDING, ReminderState.SHOWN
_HE, _CL, _DR = ReminderState.HELD, ReminderState.CLOSED, ReminderState.DROPPED

REMINDER: dict[tuple[ReminderState, ReminderEvent], ReminderState] = {
    (_PE, "claim"): _SE,
    (_HE, "claim"): _SE,
    (_SE, "deliver"): _SH,
    (_SE, "fail"): _HE,
    (_PE, "hold"): _HE,
    (_HE, "hold"): _HE,
    (_SH, "close"): _CL,
    (_SE, "close"): _CL,
    (_HE, "close"): _CL,
    (_PE, "close"): _CL,
    (_PE, "drop"): _DR,
    (_HE, "drop"): _DR,
    (_SE, "drop"): _DR,
    # "Later": the same word again at another time.
    (_SH, "postpone"): _PE,
    (_CL, "postpone"): _PE,
    (_PE, "postpone"): _PE,
    (_HE, "postpone"): _PE,
    (_DR, "postpone"): _PE,
    # A kill between the bubble and the commit, or a server that forgot it: said again, once; held until it is.
    (_SE, "resend"): _SE,
    (_SH, "resend"): _SE,
    (_SH, "hold"): _HE,
}


class IllegalMove(Exception):
    """A state machine was asked for a move that its table does not have."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"{event} is not possible from {state}")
        self.state = state
        self.event = event


def occurrence_after(state: State, event: OccurrenceEvent) -> State:
    """The state of an occurrence after `event`; IllegalMove when the table has no such move."""
    try:
        return OCCURRENCE[state, event]
    except KeyError:
        raise IllegalMove(state, event) from None


def reminder_after(state: ReminderState, event: ReminderEvent) -> ReminderState:
    """The state of a reminder after `event`; IllegalMove when the table has no such move."""
    try:
        return REMINDER[state, event]
    except KeyError:
        raise IllegalMove(state, event) from None
