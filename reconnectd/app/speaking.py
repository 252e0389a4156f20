"""Speaking: words whose time has come become bubbles, and a pressed button becomes a fact.

Rows before words: a word is marked as being sent and committed before the desktop hears of it, so that a kill in
between is found afterwards (`sending`) and said again, once. Nothing is kept in memory that isn't in the rows, but
which bubbles this process has posted (`screen`), and words that a full disk didn't take.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconnectd.adapters.store import Store
from reconnectd.app.bubbles import Word, bubble, grouped, is_answered
from reconnectd.app.buttons import Buttons, Days
from reconnectd.app.screen import Screen
from reconnectd.core.lifecycle import occurrence_after
from reconnectd.core.occurrence import (
    AFTERWARDS,
    SECOND_STEPS,
    Occurrence,
    OccurrenceId,
    Phase,
    Reminder,
    ReminderState,
    State,
)
from reconnectd.core.reminding import ASK_AFTER, DIGEST_ABOVE
from reconnectd.core.settings import Settings
from reconnectd.crash import crashpoint
from reconnectd.errors import Busy, ReconnectdError, StateError
from reconnectd.ports import Answer, Clock, Closed, Notifier, Presence

log = logging.getLogger(__name__)

AT_ONCE = dt.timedelta(seconds=1)
JUST_NOW = dt.timedelta(minutes=1)
EARLY = dt.timedelta(milliseconds=15)
"""How long before its instant a word is marked as being sent, so that the disk isn't what makes it late."""

A_TURN = dt.timedelta(milliseconds=2)
TRIES, A_PAUSE = 12, 1.0
"""How often an answer is tried to be kept, and the seconds between; SQLite itself waits 5 s each time."""

TURNS = 2_000
"""A sleep of the event loop ends up to 1 ms late: what is left is waited for in single turns, so many at most."""


class Speaker:
    """Speaks from the stored rows and hears the answers.

    `settings` is asked for each time, so that a reload needs no word; `later` says when "Later" speaks again,
    `days` which other days an event could have.
    """

    def __init__(
        self, store: Store, settings: Callable[[], Settings], clock: Clock, notifier: Notifier, presence: Presence, *,
        token: Callable[[], str], later: Callable[[dt.datetime], dt.datetime], days: Days,
    ) -> None:  # fmt: skip
        self._store = store
        self._settings = settings
        self._clock = clock
        self._notifier = notifier
        self._presence = presence
        self._token = token
        self._screen = Screen(store, settings, clock, notifier, presence)
        self._buttons = Buttons(store, settings, later, days)
        self._unwritten: set[tuple[OccurrenceId, str]] = set()
        self._prepared: tuple[dt.datetime, tuple[int, int], list[Word]] | None = None
        self.trouble: ReconnectdError | None = None
        self._turn = asyncio.Lock()

    async def speak(self, instant: dt.datetime | None = None) -> int:
        """Say what is to be said now, or at `instant`, which an alarm was set for and which is EARLY ahead at most.

        How many bubbles were posted.
        """
        async with self._turn:
            now = max(self._clock.now(), instant) if instant else self._clock.now()
            words = self._prepared_for(instant, now)
            if words is None:
                words = self._words(self._store.reminders.sending() + self._store.reminders.waiting(now), now)
            posted = await self._say_all(self._sayable(words), now, instant)
        await self._screen.tidy()
        return posted

    def _sayable(self, words: Sequence[Word]) -> Sequence[Word]:
        """What is held already stays so, without another word about it, until there is a desktop."""
        if self._notifier.state().ready:
            return words
        return [word for word in words if word.reminder.state is not ReminderState.HELD]

    async def _say_all(self, words: Sequence[Word], now: dt.datetime, instant: dt.datetime | None = None) -> int:
        posted = 0
        for phase, group in grouped([*words, *await self._joined(words, now)]):
            posted += await self._say(phase, group, now, instant)
        return posted

    async def _joined(self, words: Sequence[Word], now: dt.datetime) -> list[Word]:
        """Words on the screen for hardly a minute that become one digest with others that come late, when they are
        too many together: some desktops (GNOME) keep three bubbles and take away the rest, unread."""
        late = [word for word in words if word.reminder.phase in _ONE_BY_ONE and now - word.reminder.due > AT_ONCE]
        if not late:
            return []
        fresh = [row for row in self._screen.mine() if now - JUST_NOW < row.posted <= now]
        rows = [row for row in fresh if row.phase in _ONE_BY_ONE | {Phase.DIGEST}]
        there = sum(len(self._screen.shown_in(row)) for row in rows)
        coming = sum(word.reminder.phase in _ONE_BY_ONE for word in words)
        return await self._screen.take_back(rows, now) if there + coming > DIGEST_ABOVE else []

    def held(self) -> int:
        """How many words wait for a desktop; 0, and `trouble`, where that can't be read."""
        try:
            return self._store.reminders.held()
        except (StateError, Busy) as error:
            self.trouble = error
            return 0

    def prepare(self, instant: dt.datetime) -> None:
        """Read ahead what is to be said at the next instant, so that reading isn't what makes it late."""
        reminders = self._store.reminders.sending() + self._store.reminders.waiting(instant)
        words, gone = self._sorted(reminders, instant)
        self._prepared = None if gone else (instant, self._store.database.version(), words)

    def _prepared_for(self, instant: dt.datetime | None, now: dt.datetime) -> list[Word] | None:
        """What was read ahead, if not one row of the database has changed since and it is that very moment."""
        prepared, self._prepared = self._prepared, None
        if prepared is None or instant is None or now - instant > AT_ONCE:
            return None
        ready, version, words = prepared
        return words if ready == instant and version == self._store.database.version() else None

    def _words(self, reminders: Sequence[Reminder], now: dt.datetime) -> list[Word]:
        """The ones that may still come; the others are dropped, silently."""
        words, gone = self._sorted(reminders, now)
        for reminder, reason in gone:
            self._drop(reminder, reason)
        return words

    def _sorted(self, reminders: Sequence[Reminder], now: dt.datetime) -> tuple[list[Word], list[tuple[Reminder, str]]]:
        """(what may still be said, what may not, each with the reason)."""
        words: list[Word] = []
        gone: list[tuple[Reminder, str]] = []
        items = self._store.plan.all_of({reminder.occurrence for reminder in reminders})
        for reminder in reminders:
            item = items.get(reminder.occurrence)
            if item is None or is_answered(reminder, item):
                gone.append((reminder, "answered"))
            elif reminder.expires is not None and reminder.expires <= now:
                gone.append((reminder, "its time went by"))
            elif (reminder.occurrence, reminder.lead) not in self._unwritten:
                words.append(Word(reminder, item))
        return _nearest(words, gone), gone

    def _drop(self, reminder: Reminder, reason: str) -> None:
        try:
            self._store.reminders.move_on(reminder, "drop", reason=reason)
        except (StateError, Busy) as error:
            self.trouble = error

    async def ask_now(self) -> None:
        """Somebody is there: what is over and would be asked about in a moment is asked about at once."""
        async with self._turn:
            now = self._clock.now()
            coming = [one for one in self._store.reminders.waiting(now + ASK_AFTER) if one.lead == AFTERWARDS]
            words = self._words([one for one in coming if one.due > now], now)
            if any(map(_comes_without_quiet, words)) and all(word.item.over <= now for word in words):
                await self._say_all(words, now)

    async def _say(
        self, phase: Phase, words: Sequence[Word], now: dt.datetime, instant: dt.datetime | None = None
    ) -> int:
        token = self._token()
        reminders = [word.reminder for word in words]
        try:
            self._store.reminders.claim(reminders, token, phase, now)
        except (StateError, Busy) as error:
            return await self._say_unwritten(error, phase, words, now)
        self.trouble = None
        crashpoint("claimed")
        details = self._presence.may_show_details()
        text = bubble(phase, words, self._settings(), token=token, details=details, now=now)
        await self._until(instant)
        shown = await self._notifier.show(text)
        crashpoint("notified")
        if shown is None:
            self._store.reminders.undelivered(token, "no desktop to say it on")
            log.info("held: %s, %d in it; there is no desktop to say it on", phase, len(words))
            return 0
        self._screen.posted[token] = details
        self._store.note_said(now)
        try:
            with self._store.database.transaction():
                self._store.reminders.delivered(token, shown.id, shown.server)
                self._announce(words)
        except (StateError, Busy) as error:
            self._remember_unwritten(error, words, now)
        log.info("said: %s, %d in it", phase, len(words))
        return 1

    async def _until(self, instant: dt.datetime | None) -> None:
        """Nothing is said before its instant."""
        if instant is None or not A_TURN < instant - self._clock.now() <= EARLY:
            return
        await asyncio.sleep((instant - self._clock.now() - A_TURN).total_seconds())
        for _ in range(TURNS):
            if self._clock.now() >= instant:
                return
            await asyncio.sleep(0)

    async def _say_unwritten(
        self, error: ReconnectdError, phase: Phase, words: Sequence[Word], now: dt.datetime
    ) -> int:  # fmt: skip
        """A full disk is no reason to be silent: said once, remembered for as long as this process lives."""
        details = self._presence.may_show_details()
        text = bubble(phase, words, self._settings(), token=self._token(), details=details, now=now)
        if await self._notifier.show(text) is None:
            self.trouble = error
            return 0
        self._remember_unwritten(error, words, now)
        return 1

    def _remember_unwritten(self, error: ReconnectdError, words: Sequence[Word], now: dt.datetime) -> None:
        if self.trouble is None:
            log.warning("%s; words are still said, answers can't be kept", error)
        self.trouble = error
        self._unwritten |= {(word.reminder.occurrence, word.reminder.lead) for word in words}
        self._store.note_said(now)

    def _announce(self, words: Sequence[Word]) -> None:
        """The rows are read again: while the desktop was asked, somebody may have answered or moved it."""
        for word in words:
            item = self._store.plan.get(word.item.id)
            if item is not None and item.state is State.PLANNED:
                self._store.plan.put(replace(item, state=occurrence_after(item.state, "announce")))

    # Answers.

    async def answered(self, answer: Answer) -> list[Occurrence]:
        """A button was pressed: make it a fact. The occurrences whose calendar may have to know.

        Whoever pressed it doesn't do so again: somebody else who writes at the moment is waited for.
        """
        for _ in range(TRIES):
            try:
                return await self._heard(answer)
            except Busy as error:
                self.trouble = error
                await asyncio.sleep(A_PAUSE)
        return await self._heard(answer)

    async def _heard(self, answer: Answer) -> list[Occurrence]:
        async with self._turn:
            crashpoint("answered")
            changed = self._buttons.press(answer, self._clock.now())
        if changed is None:
            return []
        await self._screen.tidy()
        return changed

    # The screen.

    def closed(self, closed: Closed) -> None:
        """A bubble went from the screen: that is no answer."""
        self._screen.closed(closed)

    async def tidy(self) -> None:
        """Take bubbles away whose words were answered elsewhere."""
        await self._screen.tidy()

    async def redraw(self) -> None:
        """The screen was locked or unlocked: what stands there in full, or discreetly, is put the other way."""
        async with self._turn:
            await self._screen.redraw()

    async def repost(self, server: str) -> None:
        """Say on `server` what waits, and once more what is open elsewhere or was posted before this process began,
        if its time has not gone. What plyer said is gone from sight, and was read."""
        async with self._turn:
            now = self._clock.now()
            rows = [
                row for row in self._store.reminders.open_bubbles()
                if row.server is not None and not (row.server == server and row.token in self._screen.posted)
            ]  # fmt: skip
            waiting = self._store.reminders.sending() + self._store.reminders.waiting(now)
            words = await self._screen.take_back(rows, now)
            await self._say_all([*words, *self._words(waiting, now)], now)


def _nearest(words: Sequence[Word], gone: list[tuple[Reminder, str]]) -> list[Word]:
    """Of several words ahead of one thing that have come, asleep or switched off, the last; as the planner has it."""
    last = {word.item.id: word for word in sorted(words, key=lambda word: word.reminder.due) if _is_ahead(word)}
    overtaken = [word for word in words if _is_ahead(word) and last[word.item.id] is not word]
    gone += [(word.reminder, "a nearer word came") for word in overtaken]
    return [word for word in words if word not in overtaken]


def _is_ahead(word: Word) -> bool:
    return word.reminder.lead not in SECOND_STEPS and word.reminder.phase in _ONE_BY_ONE


def _comes_without_quiet(question: Word) -> bool:
    """Is it about the last event of its day, and does no quiet hold it?"""
    return question.reminder.due == question.item.over + ASK_AFTER


_ONE_BY_ONE = frozenset({Phase.BEFORE, Phase.CUE})
