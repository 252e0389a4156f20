"""The screen: our bubbles that stand there, from the rows that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.reminders import BubbleRow
from reconnectd.app.bubbles import Word, bubble, is_answered
from reconnectd.core.occurrence import Reminder, ReminderState
from reconnectd.core.settings import Settings
from reconnectd.ports import Clock, Closed, Notifier, Presence, Shown


class Screen:
    """Takes away and redraws. `posted` says which bubbles this process has posted, and whether in full: the buttons
    of an earlier one's are dead."""

    def __init__(
        self, store: Store, settings: Callable[[], Settings], clock: Clock, notifier: Notifier, presence: Presence
    ) -> None:
        self.posted: dict[str, bool] = {}
        self._store = store
        self._settings = settings
        self._clock = clock
        self._notifier = notifier
        self._presence = presence

    def mine(self) -> list[BubbleRow]:
        """Open bubbles that this process has posted."""
        return [row for row in self._store.reminders.open_bubbles() if row.token in self.posted]

    def closed(self, closed: Closed) -> None:
        """A bubble went from the screen: that is no answer."""
        self._store.reminders.close_bubble(closed.token, self._clock.now())

    async def tidy(self) -> None:
        """Take bubbles away whose words were answered elsewhere."""
        for row in self._store.reminders.answered_bubbles():
            self._store.reminders.close_bubble(row.token, self._clock.now())
            await self._take_away(row)

    async def _take_away(self, row: BubbleRow) -> None:
        if row.server_id is not None and row.server is not None:
            await self._notifier.close(Shown(row.server_id, row.server))

    async def redraw(self) -> None:
        """The screen was locked or unlocked: what stands there in full, or discreetly, is put the other way."""
        details, server = self._presence.may_show_details(), self._notifier.state().identity
        for row in self.mine():
            if row.server == server and row.server_id is not None and self.posted[row.token] is not details:
                await self._redraw(row, row.server_id, details=details)

    async def _redraw(self, row: BubbleRow, number: int, *, details: bool) -> None:
        now = self._clock.now()
        items = [(one, self._store.plan.get(one.occurrence)) for one in self.shown_in(row)]
        words = sorted((Word(one, item) for one, item in items if item is not None), key=lambda word: word.item.begins)
        if not words:
            return
        text, before = (
            bubble(row.phase, words, self._settings(), token=row.token, details=full, now=now)
            for full in (details, not details)
        )
        shown = await self._notifier.show(replace(text, replaces=number)) if text != before else None
        if shown is not None:
            self.posted[row.token] = details
            self._store.reminders.delivered(row.token, shown.id, shown.server)

    async def take_back(self, rows: Sequence[BubbleRow], now: dt.datetime) -> list[Word]:
        """Their bubbles go; the words that may still be said."""
        words: list[Word] = []
        for row in rows:
            again = [word for one in self.shown_in(row) if (word := self._still(one, now)) is not None]
            if again:
                self._store.reminders.take_back(row.token, now)
            else:
                self._store.reminders.close_bubble(row.token, now)
            await self._take_away(row)
            words += again
        return words

    def shown_in(self, row: BubbleRow) -> list[Reminder]:
        """The words of a bubble that nobody has answered."""
        found = self._store.reminders.bubble(row.token)
        return [one for one in found[1] if one.state is ReminderState.SHOWN] if found else []

    def _still(self, reminder: Reminder, now: dt.datetime) -> Word | None:
        item = self._store.plan.get(reminder.occurrence)
        gone = reminder.expires is not None and reminder.expires <= now
        if item is None or gone or is_answered(reminder, item):
            self._store.reminders.move_on(reminder, "close")
            return None
        return Word(reminder, item)
