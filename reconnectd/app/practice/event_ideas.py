"""The idea in the text of an event that both read: which it is, and what to make of the one that stands there.

A series carries the idea of its next time only, and is written anew once that is over: no overrides, one PUT a week.
Both people's devices come to the same idea by themselves. Where they don't (another deck, apart on one of them), the
one that wrote first is right: its idea is taken up for that time, and nothing is written back. A text that isn't known
as an idea is a person's, and stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.config.decks import shelf
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Idea, OccurrenceId
from reconnectd.core.practice.choice import Uses
from reconnectd.core.practice.deck import Prompt
from reconnectd.core.practice.ideas import carries_idea
from reconnectd.core.settings import Settings
from reconnectd.core.wanted import below_notes, leaves


class EventIdeas:
    """Asked anew each time, because ideas change during a run."""

    def __init__(self, store: Store, settings: Settings, zone: ZoneInfo) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone

    @cached_property
    def _prompts(self) -> dict[str, Prompt]:
        return {prompt.id: prompt for prompt in shelf(self._settings.path).prompts}

    def text(self, routine: Routine, stands: str, now: dt.datetime) -> str:
        """The idea that the event of a series says now; while none is settled for a time to come, the one in `stands`,
        the description that we last wanted. "" where there is none."""
        if not carries_idea(routine):
            return ""
        idea = self._shown(routine, now)
        if idea is not None:
            return self._text(idea)
        return stands.removeprefix(routine.notes).strip() if stands.startswith(routine.notes) else ""

    def text_of(self, routine: Routine, name: OccurrenceId) -> str:
        """The idea of one occurrence."""
        idea = self._store.ideas.all().get(name) if carries_idea(routine) else None
        return self._text(idea) if idea else ""

    def lacks(self, routine: Routine, now: dt.datetime) -> bool:
        """Is none settled for its next time?"""
        return self._shown(routine, now) is None

    def known_in(self, routine: Routine, description: str) -> Prompt | None:
        """The idea of a description that is the notes of the config and an idea, as a device of ours writes it; None
        where a person wrote it."""
        if not carries_idea(routine):
            return None
        said = _plain(description)
        for prompt in self._prompts.values():
            if said == _plain(below_notes(routine.notes, prompt.text)) and prompt.practice is routine.practice:
                return prompt
        return None

    def take_up(self, routine: Routine, prompt: Prompt, now: dt.datetime) -> None:
        """It is the idea of the next time, unless it was there lately: then it is of the time before, and only old.
        Asked once what else the calendar says is known: what was skipped or moved may not be the next one."""
        shown = self._shown(routine, now)
        if shown is not None and shown.prompt != prompt.id and not self._was_lately(routine, prompt, shown):
            self._store.ideas.put(Idea(shown.occurrence, prompt.id, shown.at, kept=True))
            self._store.plan.forget_key()

    def _was_lately(self, routine: Routine, prompt: Prompt, shown: Idea) -> bool:
        others = [idea for idea in self._ideas(routine) if idea.occurrence != shown.occurrence]
        uses = Uses((idea.prompt, idea.at.astimezone(self._zone).date()) for idea in others)
        return uses.rests(prompt.id, shown.at.astimezone(self._zone).date())

    def _shown(self, routine: Routine, now: dt.datetime) -> Idea | None:
        """Of the next time that isn't over."""
        length = routine.length or dt.timedelta(0)
        return next((idea for idea in self._ideas(routine) if idea.at + length > now), None)

    def _ideas(self, routine: Routine) -> list[Idea]:
        """Those of one routine by the time at which they stand by now, without what was taken out of the calendar."""
        found = []
        for idea in self._store.ideas.all().values():
            fact = self._store.facts.get(idea.occurrence) if idea.occurrence.slug == routine.slug else None
            if idea.occurrence.slug == routine.slug and (fact is None or not leaves(fact, self._settings)):
                found.append(replace(idea, at=fact.start) if fact and fact.start else idea)
        return sorted(found, key=lambda idea: idea.at)

    def _text(self, idea: Idea) -> str:
        prompt = self._prompts.get(idea.prompt)
        return prompt.text if prompt else ""


def _plain(text: str) -> str:
    """Without what calendar apps change about blanks and line ends."""
    return " ".join(text.split())
