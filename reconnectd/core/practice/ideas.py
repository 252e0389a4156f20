"""The ideas of a plan: which occurrences have one, which, and what stands under a cue that has none.

An occurrence keeps its idea once it was announced, is over, or a person (or the calendar) said so; what is nearer than
a week, and the next of each routine, keeps it while it fits. The others are found anew with each plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from reconnectd.core import wording
from reconnectd.core.cues import Counting
from reconnectd.core.model import ONE_OFF, Practice, Routine, Surprise
from reconnectd.core.occurrence import Idea, Occurrence, OccurrenceId
from reconnectd.core.outlook import Outlook
from reconnectd.core.practice.choice import A_MOMENT, Moment, Order, Uses, at, depth_after, number
from reconnectd.core.practice.deck import NO_DECK, Prompt
from reconnectd.core.practice.turns import turn
from reconnectd.core.quiet import Quiet
from reconnectd.core.rest import Rests
from reconnectd.core.settings import Settings

SETTLED = dt.timedelta(days=7)
EVERY_THIRD = 3
"""Of so many small cues in a row one has a prompt; the others say to look up."""


@dataclass(frozen=True, slots=True)
class Given:
    """The occurrences with their ideas, and what of that is settled."""

    occurrences: list[Occurrence]
    settled: tuple[Idea, ...]


def has_ideas(routine: Routine) -> bool:
    """Do the occurrences of this routine come with ideas? Time together and surprises of affection do; what has a title
    that says what to do only where it names a deck."""
    if routine.deck is not None or routine.practice is None:
        return routine.practice is not None and routine.deck != NO_DECK
    return routine.practice is Practice.QUALITY_TIME or is_small(routine)


def carries_idea(routine: Routine) -> bool:
    """Does its event in the calendar hold an idea? Only time together, and nothing that is one's own."""
    return routine.practice is Practice.QUALITY_TIME and has_ideas(routine) and not routine.private


def is_small(routine: Routine) -> bool:
    """Is it a surprise of affection: a cue to notice?"""
    return routine.practice is Practice.AFFECTION and isinstance(routine.schedule, Surprise)


def household_seed(settings: Settings, *, private: bool) -> str:
    """What an order is drawn from: the same for both people, unless it is one's own."""
    people = settings.people
    return f"{people.household}\0{people.me}" if private else people.household


def with_ideas(items: Sequence[Occurrence], settings: Settings, outlook: Outlook, rests: Rests, secret: bytes) -> Given:
    """The same occurrences, in the same order, with ideas below their own notes."""
    if not outlook.decks:
        return Given(list(items), ())
    giver = _Giver(settings, outlook, rests, secret, {item.id for item in items})
    for item in sorted(items, key=lambda item: (item.private, item.begins, item.id)):
        giver.give(item)
    return Given([_with(item, giver.lines.get(item.id)) for item in items], giver.settled(items))


def _with(item: Occurrence, line: str | None) -> Occurrence:
    return replace(item, prompt="\n".join(text for text in (item.prompt, line) if text)) if line else item


class _Giver:
    """One pass over a plan, by time; what both see first, so that it never depends on what is one's own."""

    def __init__(
        self, settings: Settings, outlook: Outlook, rests: Rests, secret: bytes, planned: Collection[OccurrenceId]
    ) -> None:
        self._settings = settings
        self._outlook = outlook
        self._rests = rests
        self._secret = secret
        self._zone = ZoneInfo(outlook.zone)
        self._prompts = {prompt.id: prompt for deck in outlook.decks for prompt in deck.prompts}
        self._planned = planned
        self._orders: dict[str, Order] = {}
        self._counting: dict[str, Counting] = {}
        self._uses = {False: Uses(self._known(private=False)), True: Uses(self._known(private=True))}
        self.lines: dict[OccurrenceId, str] = {}
        self._chosen: dict[OccurrenceId, Idea] = {}

    def _known(self, *, private: bool) -> Iterable[tuple[str, dt.date]]:
        """What was used before, or is settled; what both see doesn't look at what is one's own. What was settled for a
        time that isn't planned any more was never used."""
        for idea in self._outlook.ideas.values():
            if idea.at > self._outlook.now and not idea.kept and idea.occurrence not in self._planned:
                continue
            routine = self._settings.routine(idea.occurrence.slug)
            if private or routine is None or not routine.private:
                yield idea.prompt, idea.at.astimezone(self._zone).date()

    def give(self, item: Occurrence) -> None:
        routine = self._settings.routine(item.id.slug)
        if routine is None or item.id.slug == ONE_OFF or not has_ideas(routine):
            return
        if is_small(routine):
            self._cue(item, routine)
        else:
            self._choose(item, routine, self._turn(routine, item.id))

    def _cue(self, item: Occurrence, routine: Routine) -> None:
        """A small cue: to notice, now and then with a prompt."""
        count = self._turn(routine, item.id)
        third = number(self._seed(routine), routine.slug, "third") % EVERY_THIRD
        kept = self._outlook.ideas.get(item.id)
        if count % EVERY_THIRD == third or (kept is not None and kept.kept):
            self._choose(item, routine, count // EVERY_THIRD)
        if item.id not in self.lines:
            lines = wording.LOOK_UP_APART if self._rests.are_apart(item.begins) else wording.LOOK_UP
            self.lines[item.id] = lines[count % len(lines)]

    def _choose(self, item: Occurrence, routine: Routine, count: int) -> None:
        moment = self._moment(item, routine)
        known = self._outlook.ideas.get(item.id)
        prompt = self._prompts.get(known.prompt) if known else None
        if known is None or prompt is None or not self._stays(item, known, prompt, moment):
            known = None
            prompt = self._order(routine).choose(moment, count, item.start.date(), self._uses[item.private])
        if prompt is None:
            return
        self.lines[item.id] = prompt.text
        self._chosen[item.id] = Idea(item.id, prompt.id, item.begins, kept=known is not None and known.kept)
        for private in {item.private, True}:
            self._uses[private].add(prompt.id, item.start.date())

    def _stays(self, item: Occurrence, known: Idea, prompt: Prompt, moment: Moment) -> bool:
        said = item.id in self._outlook.announced or item.begins <= self._outlook.now
        return known.kept or said or (moment.allows(prompt) and self._order_has(item, prompt))

    def _order_has(self, item: Occurrence, prompt: Prompt) -> bool:
        routine = self._settings.routine(item.id.slug)
        return routine is not None and prompt in self._pool(routine)

    def _moment(self, item: Occurrence, routine: Routine) -> Moment:
        """In the zone of the routine, where it has one of its own: so it is for both."""
        together = self._settings.together
        minutes = round((item.over - item.begins).total_seconds() / 60) or A_MOMENT
        light = any(rest.kind == "lighter" and rest.covers(item.begins) for rest in self._outlook.rests)
        return at(
            item.start.astimezone(ZoneInfo(item.zone)), item.zone, minutes,
            energy="low" if light else None,
            apart=self._rests.are_apart(item.begins),
            depth=depth_after(self._age(routine, item)),
            money=together.money,
            kinds=frozenset(together.kinds),
        )  # fmt: skip

    def _age(self, routine: Routine, item: Occurrence) -> int:
        """Days since the routine began: by its series, which both have, else since it is known here."""
        standing = self._outlook.standings.get(routine.slug)
        first = (standing.first_seen if standing else self._outlook.now).astimezone(self._zone).date()
        return (item.id.nominal - self._outlook.begun.get(routine.slug, first)).days

    def _turn(self, routine: Routine, name: OccurrenceId) -> int:
        if not isinstance(routine.schedule, Surprise):
            return turn(routine.schedule, name, self._settings.time.week_start)
        if routine.slug not in self._counting:
            zone = ZoneInfo(routine.timezone or self._outlook.zone)
            quiet = Quiet(self._settings.reminders.quiet)
            self._counting[routine.slug] = Counting(
                routine.slug, routine.schedule, self._secret, zone, quiet, self._settings.time.week_start
            )
        return self._counting[routine.slug].before(name.nominal, name.n)

    def _seed(self, routine: Routine) -> str:
        return household_seed(self._settings, private=routine.private)

    def _order(self, routine: Routine) -> Order:
        if routine.slug not in self._orders:
            self._orders[routine.slug] = Order(self._pool(routine), f"{self._seed(routine)}\0{routine.slug}")
        return self._orders[routine.slug]

    def _pool(self, routine: Routine) -> Sequence[Prompt]:
        decks = [deck for deck in self._outlook.decks if routine.deck is None or deck.is_called(routine.deck)]
        return [prompt for deck in decks for prompt in deck.prompts if prompt.practice is routine.practice]

    def settled(self, items: Iterable[Occurrence]) -> tuple[Idea, ...]:
        """What is near, over, or the next of its routine."""
        soon = self._outlook.now + SETTLED
        nexts: dict[str, Occurrence] = {}
        for item in items:
            if item.begins > self._outlook.now:
                known = nexts.setdefault(item.id.slug, item)
                nexts[item.id.slug] = min(known, item, key=lambda one: one.begins)
        near = {item.id for item in nexts.values()}
        return tuple(idea for idea in self._chosen.values() if idea.at <= soon or idea.occurrence in near or idea.kept)
