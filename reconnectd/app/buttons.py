"""Buttons: what was pressed in a bubble becomes a fact about each occurrence that it spoke of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from reconnectd.adapters.store import Store
from reconnectd.app.actions import Actions
from reconnectd.app.bubbles import DAY_VERBS
from reconnectd.core.occurrence import FOR_BOTH, OTHER_DAYS, Occurrence, Phase, Reminder
from reconnectd.core.settings import Settings
from reconnectd.ports import Answer

SECOND_STEP = dt.timedelta(hours=1)
"""How long it is offered to take an event that was skipped out of the calendar that both see, or to choose a day."""

Days = Callable[[Occurrence, dt.datetime], Sequence[dt.datetime]]


class Buttons:
    """`later` says when "Later" speaks again, `days` which other days an event could have."""

    def __init__(
        self, store: Store, settings: Callable[[], Settings], later: Callable[[dt.datetime], dt.datetime], days: Days
    ) -> None:
        self._store = store
        self._settings = settings
        self._later = later
        self._days = days

    def press(self, answer: Answer, now: dt.datetime) -> list[Occurrence] | None:
        """The occurrences whose calendar may have to know; None when no bubble of ours had that button."""
        found = self._store.reminders.bubble(answer.token)
        if found is None:
            return None
        row, reminders = found
        with self._store.database.transaction():
            changed = self._apply(answer.verb, row.phase, reminders, now)
            self._store.reminders.close_bubble(answer.token, now)
        return changed

    def _apply(self, verb: str, phase: Phase, reminders: Sequence[Reminder], now: dt.datetime) -> list[Occurrence]:
        items = [item for reminder in reminders if (item := self._store.plan.get(reminder.occurrence)) is not None]
        open_items = [item for item in items if phase is Phase.FOR_BOTH or not self._has_answer(item)]
        actions = Actions(self._store)
        if verb == "done":
            return [actions.done(item, now, _happened(item, phase, now)).occurrence for item in open_items]
        if phase is Phase.OTHER_DAYS:
            return [self._move(actions, item, reminders[0].offers, verb, now) for item in open_items]
        if verb == "later":
            changed = [actions.snooze(item, self._later(now), now).occurrence for item in open_items]
            if phase is Phase.AFTERWARDS and len(changed) == 1:
                self._offer_days(changed[0], now)
            return changed
        if verb == "skip":
            return [self._skip(actions, item, phase, now) for item in open_items]
        return []

    def _has_answer(self, item: Occurrence) -> bool:
        """Did a person say what became of it? What settled itself meanwhile can still be answered."""
        fact = self._store.facts.get(item.id)
        return not item.state.is_open and fact is not None and fact.state is not None and not fact.assumed

    def _skip(self, actions: Actions, item: Occurrence, phase: Phase, now: dt.datetime) -> Occurrence:
        """Silenced here; an event that both see leaves the calendar only by the second step."""
        both_see = item.in_calendar and self._settings().seen_by_both
        for_both = not both_see or phase is Phase.FOR_BOTH
        changed = actions.skip(item, now, for_both=for_both).occurrence
        if not for_both and item.over > now and phase is Phase.BEFORE:
            self._store.reminders.put(Reminder(item.id, FOR_BOTH, now, now + SECOND_STEP, Phase.FOR_BOTH))
        return changed

    def _offer_days(self, item: Occurrence, now: dt.datetime) -> None:
        """Which day, then? Nothing is moved by closing that; the word comes back as it does for "Later"."""
        offers = tuple(self._days(item, now))
        if offers:
            step = Reminder(item.id, OTHER_DAYS, now, now + SECOND_STEP, Phase.OTHER_DAYS, offers=offers)
            self._store.reminders.put(step)

    def _move(
        self, actions: Actions, item: Occurrence, offers: Sequence[dt.datetime], verb: str, now: dt.datetime
    ) -> Occurrence:
        """To the day that was chosen; where it is when that has passed, and the bubble was only still there."""
        start = dict(zip(DAY_VERBS, offers, strict=False)).get(verb)
        return actions.move(item, start, now).occurrence if start is not None and start > now else item


def _happened(item: Occurrence, phase: Phase, now: dt.datetime) -> dt.datetime:
    """What is said to have happened afterwards happened when it was, not when that was said."""
    return item.over if phase is Phase.AFTERWARDS and item.over < now else now
