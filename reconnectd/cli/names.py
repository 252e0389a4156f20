"""Words after a command → the occurrence that is meant, and the time.

The last word that is a known slug, or has an "@", is the NAME; the rest is the WHEN. A slug alone means the announced
one, else the nearest one that `choice` allows:

- `is_open`, for `skip`, `snooze` and `move`: nobody has answered it;
- `can_be_done`, for `done`: the same, or it has begun and was let go;
- `why` asks for an open one, and where there is none for any.

"Nearest" is reckoned from now to its beginning, or from its end to now; what is going on is nearest of all. Without a
NAME the announced one is meant, if there is exactly one.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from reconnectd.cli import listing, rows
from reconnectd.core.model import ONE_OFF, TALKS, After, Placed
from reconnectd.core.occurrence import Occurrence, OccurrenceId, State
from reconnectd.core.outlook import AHEAD
from reconnectd.core.recurrence import local_date
from reconnectd.core.when import NINE, parse_when
from reconnectd.errors import UnknownName, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

Choice = Callable[[Occurrence, dt.datetime], bool]
FARTHEST = 1000
"""Days on either side in which an occurrence that is named with its date is looked for."""


def is_open(item: Occurrence, now: dt.datetime) -> bool:  # noqa: ARG001 - a Choice
    """Nobody has answered it."""
    return item.state.is_open


def can_be_done(item: Occurrence, now: dt.datetime) -> bool:
    """It is open, or it has begun and was let go."""
    return is_open(item, now) or (item.state is not State.DONE and item.begins <= now)


def when(call: Call, text: str, *, at: dt.time = NINE, behind: bool = False) -> dt.datetime:
    """The instant that a WHEN means here; `at` is the time where only a day is named."""
    time = call.session.settings.time
    zone = call.session.zone
    return parse_when(
        text, call.session.now, zone, time.week_start, day_start=time.day_start, at=at, behind=behind
    )  # fmt: skip


class Names:
    """What can be named at `now`: from the stored plan at present, from one made for the question at another time."""

    def __init__(self, call: Call, now: dt.datetime) -> None:
        self._call = call
        self._now = now
        self._session = call.session
        self.slugs = (*(routine.slug for routine in self._session.settings.routines), ONE_OFF, TALKS)

    def split(self, words: Sequence[str]) -> tuple[str | None, str]:
        """(NAME or None, WHEN) of the words after a command."""
        tokens = " ".join(words).split()
        for index in reversed(range(len(tokens))):
            name = tokens[index].lower()
            if "@" in name or name in self.slugs:
                return name, " ".join(tokens[:index] + tokens[index + 1 :])
        return None, " ".join(tokens)

    def of(self, slug: str) -> list[Occurrence]:
        """The occurrences of one routine that the plan holds, by start."""
        if self._now == self._session.now:
            self._session.agenda()
            return self._session.store.plan.of(slug)
        return [item for item in self._session.plan(self._now, AHEAD).occurrences if item.id.slug == slug]

    def one(self, name: str, choice: Choice, *, else_any: bool = False) -> Occurrence:
        """The occurrence with this name; UnknownName when there is none, WrongUsage when none of it is allowed."""
        slug = self.slug_of(name)
        if "@" in name:
            return self._exactly(name, slug)
        return self._nearest(slug, choice, else_any=else_any)

    def announced(self, verb: str) -> Occurrence:
        """The one that was announced; WrongUsage, with what could be named, when there isn't exactly one."""
        self._session.agenda()
        everything = [item for slug in self.slugs for item in self.of(slug)]
        found = [item for item in everything if item.state is State.ANNOUNCED]
        if len(found) == 1:
            return found[0]
        raise self.which(verb, found or self._coming(everything))

    def check(self, text: str) -> None:
        """Is this a WHEN? WrongUsage when it isn't; UnknownName when a word in it can only be a name nobody knows."""
        try:
            when(self._call, text)
        except WrongUsage:
            tokens = text.split()
            for index, token in enumerate(tokens):
                if ":" in token:  # a time that can't be read, never a name
                    continue
                others = " ".join(tokens[:index] + tokens[index + 1 :])
                if _is_readable(self._call, others) if others else self._near(token):
                    raise self.unknown(token) from None
            raise

    def unknown(self, name: str) -> UnknownName:
        """Nobody is called that; with the nearest that somebody is."""
        return UnknownName(_short(name), self._near(name))

    def slug_of(self, name: str) -> str:
        """The routine that a name names; UnknownName when nobody knows it."""
        slug = name.lower().partition("@")[0]
        if slug not in self.slugs:
            raise self.unknown(slug)
        return slug

    def _near(self, slug: str) -> str | None:
        found = difflib.get_close_matches("-".join(slug.lower().split())[:60], self.slugs, n=1)
        return found[0] if found else None

    def _exactly(self, name: str, slug: str) -> Occurrence:
        try:
            wanted = OccurrenceId.parse(name)
        except ValueError:
            raise UnknownName(_short(name), self._an_id(slug)) from None
        held = next((item for item in self.of(slug) if item.id == wanted), None)
        found = held or self._far_away(wanted)
        if found is None:
            raise UnknownName(name, self._an_id(slug))
        return found

    def _far_away(self, wanted: OccurrenceId) -> Occurrence | None:
        """Outside the stored plan: far away, or in a rest."""
        today = local_date(self._now, self._session.zone, dt.time())
        days = (wanted.nominal - today).days
        if abs(days) > FARTHEST:
            return None
        present = self._now if days > 0 else self._now + dt.timedelta(days=days)
        planned = self._session.plan(present, max(days, 0) + 2, rests=False).occurrences
        return next((item for item in planned if item.id == wanted), None)

    def _an_id(self, slug: str) -> str | None:
        """The name of the nearest one."""
        items = self.of(slug)
        return str(min(items, key=self._distance).id) if items else None

    def _nearest(self, slug: str, choice: Choice, *, else_any: bool) -> Occurrence:
        items = self.of(slug)
        allowed = [item for item in items if choice(item, self._now)] or (items if else_any else [])
        announced = [item for item in allowed if item.state is State.ANNOUNCED]
        if not allowed:
            raise self._nothing_of(slug)
        return min(announced or allowed, key=self._distance)

    def _nothing_of(self, slug: str) -> WrongUsage:
        routine = self._session.settings.routine(slug)
        if routine is not None and isinstance(routine.schedule, Placed | After):
            return WrongUsage(
                f"{slug} has no days: its kind of schedule is of no effect in this release yet",
                "on + at, rrule, surprise and counted_from are; `reconnect config edit`",
            )
        return WrongUsage(
            f"nothing of {slug} is open just now",
            f"name one of its days, such as {slug}@2026-11-27; `reconnect plan --days 30` lists them",
        )

    def _distance(self, item: Occurrence) -> tuple[dt.timedelta, dt.datetime]:
        return gap(item, self._now), item.begins

    def _coming(self, everything: Iterable[Occurrence]) -> list[Occurrence]:
        """The next of each, at most three."""
        first: dict[str, Occurrence] = {}
        for item in sorted(everything, key=lambda item: item.begins):
            if is_open(item, self._now) and item.over >= self._now:
                first.setdefault(item.id.slug, item)
        return list(first.values())[:3]

    def which(self, verb: str, items: Sequence[Occurrence]) -> WrongUsage:
        """A question back: `items` could be meant."""
        if not items:
            return WrongUsage("nothing is open just now", "`reconnect plan --days 30` lists what there is")
        named = ", ".join(f"{item.id} ({listing.when_words(rows.row_of(item), self._now)})" for item in items)
        return WrongUsage(f"which one? {named}", f"name it: `reconnect {verb} {items[0].id.slug}`")


def gap(item: Occurrence, now: dt.datetime) -> dt.timedelta:
    """How far away it is, ahead or behind; nothing while it goes on."""
    return max(item.begins - now, now - item.over, dt.timedelta(0))


def _is_readable(call: Call, text: str) -> bool:
    try:
        when(call, text)
    except WrongUsage:
        return False
    return True


def _short(name: str) -> str:
    return listing.safe(name)[:60]
