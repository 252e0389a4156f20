"""What a person does to an occurrence: done, skip, snooze, move, remember.

Each is one transaction: the fact, the row that every screen shows, the words about it, and the journal that `undo`
reads. Nothing here plans, so that the resident process can use it; a command makes the plan anew afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.journal import Before
from reconnectd.adapters.store.reminders import BubbleRow
from reconnectd.core import wording
from reconnectd.core.lifecycle import OccurrenceEvent, occurrence_after
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import Fact, Occurrence, OccurrenceId, Phase, Reminder, State
from reconnectd.core.practice.saying import Saying
from reconnectd.core.reminding import of_use_until, snoozed_word
from reconnectd.errors import WrongUsage

IN_A_DAY = 99_999
"""How many one-offs a day may have; their names end there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it, and the bubbles to take from the screen."""

    occurrence: Occurrence
    bubbles: tuple[BubbleRow, ...] = ()


class Actions:
    """The verbs, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def done(self, item: Occurrence, now: dt.datetime, at: dt.datetime | None = None) -> Outcome:
        """It happened, now or at `at`; to the second, because what counts from it may begin then."""
        return self._answer(item, "do", "done", now, at=(at or now).replace(microsecond=0))

    def skip(self, item: Occurrence, now: dt.datetime, *, for_both: bool) -> Outcome:
        """Not this time. `for_both`: it also leaves the calendar."""
        return self._answer(item, "skip", "skip", now, at=now, for_both=for_both)

    def _answer(
        self, item: Occurrence, event: OccurrenceEvent, verb: str, now: dt.datetime, *,
        at: dt.datetime, for_both: bool = False,
    ) -> Outcome:  # fmt: skip
        state = occurrence_after(item.state, event)
        changed = replace(item, state=state, snoozed_until=None)
        with self._store.database.transaction():
            before = self._store.facts.get(item.id)
            fact = before or Fact(item.id)
            fact = replace(fact, state=state, snoozed_until=None, at=at, for_both=for_both, assumed=False)
            self._write(verb, before, fact, changed, now, at if verb == "done" else None)
            bubbles = self._store.reminders.close_all(item.id)
        return Outcome(changed, tuple(bubbles))

    def snooze(self, item: Occurrence, until: dt.datetime, now: dt.datetime) -> Outcome:
        """Say it again at `until`; the occurrence itself stays where it is, and is open again if it was not.

        Of what was announced, words after `until` still come: put off two weeks before, it is not forgotten on its day.
        """
        if until <= now:
            raise WrongUsage("that time has passed", "give a time ahead, such as `in 90 min` or `tomorrow 18:00`")
        changed = replace(item, state=_reopened(item.state), snoozed_until=until)
        with self._store.database.transaction():
            before = self._store.facts.get(item.id)
            fact = replace(
                before or Fact(item.id), state=None, assumed=False, for_both=False, snoozed_until=until, at=now
            )
            self._write("snooze", before, fact, changed, now, until)
            bubbles = self._store.reminders.close_all(item.id, until if item.state is State.ANNOUNCED else None)
            self._store.reminders.put(snoozed_word(item, until))
        return Outcome(changed, tuple(bubbles))

    def move(self, item: Occurrence, start: dt.datetime, now: dt.datetime) -> Outcome:
        """Put it elsewhere; it keeps its name and its length, and is open again if it was not."""
        start = start.astimezone(dt.UTC)
        end = start + (item.over - item.begins) if item.end else None
        zone = item.start.tzinfo
        changed = replace(
            item, start=start.astimezone(zone), end=end.astimezone(zone) if end else None, pinned=True,
            state=State.PLANNED, snoozed_until=None,
        )  # fmt: skip
        with self._store.database.transaction():
            before = self._store.facts.get(item.id)
            fact = replace(
                before or Fact(item.id), state=None, assumed=False, for_both=False, start=start, end=end,
                snoozed_until=None, at=now,
            )  # fmt: skip
            self._write("move", before, fact, changed, now, start)
            bubbles = self._store.reminders.close_all(item.id)
            self._store.reminders.reset(item.id)
        return Outcome(changed, tuple(bubbles))

    def remember(self, text: str, at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> Outcome:
        """A one-off: a word at `at`, to the second."""
        return self.remember_all([Saying(at, text)], zone, now)[0]

    def remember_all(self, sayings: Sequence[Saying], zone: ZoneInfo, now: dt.datetime) -> list[Outcome]:
        """One-offs that belong together, at least one: `undo` takes them back as one answer."""
        with self._store.database.transaction():
            items = [self._one_off(saying, zone, now) for saying in sayings]
            before = Before({item.id: None for item in items}, moment=sayings[0].at)
            self._store.journal.note("remember", items[0].id, before, now)
        return [Outcome(item) for item in items]

    def _one_off(self, saying: Saying, zone: ZoneInfo, now: dt.datetime) -> Occurrence:
        local = saying.at.astimezone(zone)
        taken = self._store.facts.taken(ONE_OFF, local.date())
        if taken >= IN_A_DAY:
            raise WrongUsage(f"there are {taken} things to remember on that day", "choose another day")
        name = OccurrenceId(ONE_OFF, local.date(), taken + 1)
        fact = Fact(name, start=saying.at, end=saying.until, title=saying.title, body=saying.body, at=now)
        item = Occurrence(
            id=name, title=saying.title, kind="cue", start=local, end=None, zone=zone.key, pinned=True, private=True,
            prompt=saying.body, reason=wording.ONE_OFF_REASON, source="reconnect remember",
        )  # fmt: skip
        self._store.facts.put(fact)
        self._store.plan.put(item)
        self._store.reminders.put(Reminder(name, "0", saying.at, of_use_until(fact, saying.at), Phase.CUE))
        return item

    def _write(
        self, verb: str, before: Fact | None, fact: Fact, row: Occurrence, now: dt.datetime,
        moment: dt.datetime | None = None,
    ) -> None:  # fmt: skip
        self._store.journal.note(verb, fact.id, Before({fact.id: before}, moment=moment), now)
        self._store.facts.put(fact)
        self._store.plan.put(row)


def _reopened(state: State) -> State:
    return state if state.is_open else occurrence_after(state, "reopen")
