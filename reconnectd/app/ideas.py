"""An idea for now: one prompt of a practice, fitted to the moment, and none twice before the deck is through.

What was shown is remembered among a person's own words (kind "idea"), because it is nobody else's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.config.decks import shelf
from reconnectd.core.model import Practice
from reconnectd.core.practice.choice import A_MOMENT, Moment, Order, Uses, at
from reconnectd.core.practice.deck import Energy, Prompt, Setting
from reconnectd.core.practice.ideas import household_seed
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings

IDEA = "idea"
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
    depth: int = 1


class IdeasNow:
    """Prompts for the present moment."""

    def __init__(self, store: Store, settings: Settings, zone: str) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone

    def choose(self, practice: Practice, wish: Wish, now: dt.datetime) -> Prompt | None:
        """One that was not shown before; when all that fit were, the one that was shown longest ago. None where no
        deck has any that fits. It is not noted as shown."""
        shown = [str(word.body["id"]) for word in self._store.words.of(IDEA)]
        local = now.astimezone(ZoneInfo(self._zone))
        moment = self._moment(practice, wish, local)
        order = Order(self._pool(practice, wish.deck), f"{household_seed(self._settings, private=True)}\0{practice}")
        turn, day = local.toordinal() + len(shown), local.date()
        found = order.choose(moment, turn, day, _Shown(shown, self._planned(now)))
        return found or order.choose(moment, turn, day, _Shown(shown, ()))

    def shown(self, practice: Practice, since: dt.datetime | None = None) -> Prompt | None:
        """The one of that practice that was shown last, if it is still in a deck."""
        ids = [word.body["id"] for word in self._store.words.of(IDEA, since) if word.body["practice"] == practice]
        known = {prompt.id: prompt for prompt in self._pool(practice, None)}
        return known.get(str(ids[-1])) if ids else None

    def note(self, prompt: Prompt, now: dt.datetime) -> None:
        """It was shown."""
        self._store.words.add(IDEA, {"id": prompt.id, "practice": prompt.practice}, now)

    def _planned(self, now: dt.datetime) -> Collection[str]:
        near = dt.timedelta(days=21)
        return [idea.prompt for idea in self._store.ideas.all().values() if abs(idea.at - now) <= near]

    def _moment(self, practice: Practice, wish: Wish, local: dt.datetime) -> Moment:
        rests = Rests(self._settings, self._store.rests.all(), ZoneInfo(self._zone))
        together = self._settings.together
        return at(
            local, self._zone, wish.minutes or ROOM.get(practice, A_MOMENT),
            energy=wish.energy,
            apart=rests.are_apart(local) if wish.apart is None else wish.apart,
            depth=wish.depth,
            money=together.money,
            kinds=frozenset(together.kinds),
            setting=wish.setting,
        )  # fmt: skip

    def _pool(self, practice: Practice, deck: str | None) -> list[Prompt]:
        decks = [one for one in shelf(self._settings.path).decks if deck is None or one.is_called(deck)]
        return [prompt for one in decks for prompt in one.prompts if prompt.practice is practice]
