"""What a person says about rests: pause, not today, lighter days, being apart, the end of it all, and coming back.

Each is one transaction: the rests, the facts that go with them, and the journal that `undo` reads. Nothing here plans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.journal import Before
from reconnectd.core.occurrence import Fact, Occurrence, State
from reconnectd.core.rest import Rest, ended


class Resting:
    """The verbs about rests, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, rest: Rest, let_go: Sequence[Occurrence] = ()) -> None:
        """Begin a rest in place of one of the same kind that holds. `let_go` is silently skipped with it."""
        now = rest.since
        with self._store.database.transaction():
            rests = self._store.rests.all()
            facts = {item.id: self._store.facts.get(item.id) for item in let_go}
            self._store.journal.note(rest.kind, rest.scope, Before(facts, rests, moment=rest.until), now)
            others = [one for one in rests if one.kind != rest.kind]
            same = [one for one in rests if one.kind == rest.kind]
            self._store.rests.replace([*others, *ended(same, rest.scope, now), rest])
            for item in let_go:
                self._let_go(item, facts[item.id], now)

    def _let_go(self, item: Occurrence, before: Fact | None, now: dt.datetime) -> None:
        fact = before or Fact(item.id)
        self._store.facts.put(replace(fact, state=State.SKIPPED, snoozed_until=None, at=now, assumed=False))
        self._store.plan.put(replace(item, state=State.SKIPPED, snoozed_until=None))
        self._store.reminders.close_all(item.id)

    def resume(self, scope: str, now: dt.datetime, *, anew: bool = False) -> list[Rest]:
        """End what holds of that scope; the rests that have ended. The first days end by it only where nothing else
        does. `anew`: its series was deleted in the calendar, and begins again."""
        with self._store.database.transaction():
            rests = self._store.rests.all()
            found = [rest for rest in rests if rest.scope == scope and (rest.until is None or rest.until > now)]
            held = [rest for rest in found if rest.kind != "first-days"] or found
            if not held and not anew:
                return []
            self._store.journal.note("resume", scope, Before(rests=rests, series=scope if anew else ""), now)
            self._store.rests.replace([*(rest for rest in rests if rest not in held), *ended(held, scope, now)])
            if anew:
                self._store.facts.new_generation(scope)
        return held
