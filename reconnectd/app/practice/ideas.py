"""An idea for now: one prompt of a practice, fitted to the moment, and none twice before the deck is through.

What was shown is remembered among a person's own words (kind "idea"), because it is nobody else's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.practice.topics import calm_since
from reconnectd.config.decks import shelf
from reconnectd.core.model import Practice
from reconnectd.core.occurrence import Idea, Occurrence, OccurrenceId
from reconnectd.core.practice.calming import calm_kinds
from reconnectd.core.practice.choice import A_MOMENT, REST, Moment, Order, Uses, at, depth_after
from reconnectd.core.practice.deck import Energy, Prompt, Setting
from reconnectd.core.practice.ideas import has_ideas, household_seed
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings
from reconnectd.errors import Refused

IDEA, KEPT = "idea", "kept idea"
A_DAY = dt.timedelta(days=1)
ROOM = {Practice.QUALITY_TIME: 120, Practice.LISTENING: 30, Practice.CHECK_IN: 45, Practice.REPAIR: 30}
"""Minutes there are for a practice when nobody says; a moment for the others."""


class _Shown(Uses):
    """What was shown, by place; what the plan has for these days rests."""

    def __init__(self, shown: Collection[str], planned: Collection[str]) -> None:
        super().__init__()
        self._places = {prompt: place for place, prompt in enumerate(shown, 1)}
        self._planned = frozenset(planned)

    def rests(self, prompt: str, day: dt.date) -> bool:  # noqa: ARG002
        return prompt in self._planned

    def last(self, prompt: str) -> int:
        return self._places.get(prompt, 0)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person says of the moment; None leaves it to the routines and the time."""

    minutes: int | None = None
    energy: Energy | None = None
    apart: bool | None = None
    setting: Setting = "either"
    deck: str | None = None


class IdeasNow:
    """Prompts for the present moment."""

    def __init__(self, store: Store, settings: Settings, zone: str) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone

    def show(self, practice: Practice, wish: Wish, now: dt.datetime) -> Prompt | None:
        """The same as `choose`, and noted as shown; where the words are sealed and can't be read, without a memory."""
        try:
            found = self.choose(practice, wish, now)
            if found is not None:
                self.note(found, now)
        except Refused:
            return self._choose(practice, wish, now, ())
        return found

    def choose(self, practice: Practice, wish: Wish, now: dt.datetime) -> Prompt | None:
        """One that was not shown before; when all that fit were, the one that was shown longest ago. None where no
        deck has any that fits. It is not noted as shown."""
        return self._choose(practice, wish, now, [str(word.body["id"]) for word in self._store.words.of(IDEA)])

    def _choose(self, practice: Practice, wish: Wish, now: dt.datetime, shown: Collection[str]) -> Prompt | None:
        moment, local = self._moment(practice, wish, now)
        order = Order(self._pool(practice, wish.deck), f"{household_seed(self._settings, private=True)}\0{practice}")
        turn, day = local.toordinal() + len(shown), local.date()
        found = order.choose(moment, turn, day, _Shown(shown, self._planned(now)))
        return found or order.choose(moment, turn, day, _Shown(shown, ()))

    def shown(self, practice: Practice, since: dt.datetime | None = None) -> Prompt | None:
        """The one of that practice that was shown last, if it is still in a deck."""
        ids = [word.body["id"] for word in self._store.words.of(IDEA, since) if word.body["practice"] == practice]
        known = {prompt.id: prompt for prompt in self._pool(practice, None)}
        return known.get(str(ids[-1])) if ids else None

    def is_calm_enough(self, prompt: Prompt, now: dt.datetime) -> bool:
        """May it be shown again, now?"""
        return not prompt.kind or prompt.kind in calm_kinds([prompt.kind], calm_since(self._store), now)

    def note(self, prompt: Prompt, now: dt.datetime) -> None:
        """It was shown."""
        self._store.words.add(IDEA, {"id": prompt.id, "practice": prompt.practice}, now)

    def keep(self, prompt: Prompt, now: dt.datetime) -> OccurrenceId | None:
        """Keep it, for the next time that is planned for its practice: which that is, None where there is none."""
        self._store.words.add(KEPT, {"id": prompt.id, "practice": prompt.practice, "text": prompt.text}, now)
        item = self._next(prompt.practice, now)
        if item is not None:
            self._store.ideas.put(Idea(item.id, prompt.id, item.begins, kept=True))
            self._store.plan.forget_key()
        return item.id if item else None

    def kept(self) -> list[Prompt]:
        """What was kept and is still in a deck, the newest first, each once."""
        known = {prompt.id: prompt for prompt in shelf(self._settings.path).prompts}
        ids = dict.fromkeys(str(word.body["id"]) for word in reversed(self._store.words.of(KEPT)))
        return [known[name] for name in ids if name in known]

    def _next(self, practice: Practice, now: dt.datetime) -> Occurrence | None:
        """The next occurrence that comes with ideas of that practice."""
        for item in self._store.plan.between(now, None):
            routine = self._settings.routine(item.id.slug)
            if (
                item.practice == practice
                and item.begins > now
                and item.state.is_open
                and routine
                and has_ideas(routine)
            ):
                return item
        return None

    def _planned(self, now: dt.datetime) -> Collection[str]:
        near = dt.timedelta(days=REST)
        return [idea.prompt for idea in self._store.ideas.all().values() if abs(idea.at - now) <= near]

    def _moment(self, practice: Practice, wish: Wish, now: dt.datetime) -> tuple[Moment, dt.datetime]:
        """Of the next event of that practice when it is within a day, else of now; and when that is, locally."""
        zone = ZoneInfo(self._zone)
        item = self._next(practice, now)
        soon = item if item is not None and item.end and item.begins - now < A_DAY else None
        start = (soon.begins if soon else now).astimezone(zone)
        room = round((soon.over - soon.begins).total_seconds() / 60) if soon else ROOM.get(practice, A_MOMENT)
        rests = Rests(self._settings, self._store.rests.all(), zone)
        together = self._settings.together
        moment = at(
            start, self._zone, wish.minutes or room,
            energy=wish.energy,
            apart=rests.are_apart(start) if wish.apart is None else wish.apart,
            depth=self._depth(now),
            money=together.money,
            kinds=calm_kinds(together.kinds, calm_since(self._store), now),
            setting=wish.setting,
        )  # fmt: skip
        return moment, start

    def _depth(self, now: dt.datetime) -> int:
        """As deep as after the time since the first of the routines began."""
        began = [standing.first_seen for standing in self._store.facts.standings().values()]
        return depth_after((now - min(began, default=now)).days)

    def _pool(self, practice: Practice, deck: str | None) -> list[Prompt]:
        decks = [one for one in shelf(self._settings.path).decks if deck is None or one.is_called(deck)]
        return [prompt for one in decks for prompt in one.prompts if prompt.practice is practice]
