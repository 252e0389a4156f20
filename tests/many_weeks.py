"""Ninety days of two people's reminders, lived at random: what is said, when, and how often.

No test by itself (it takes a minute): `python tests/many_weeks.py [SEEDS]`, and `test_many_weeks.py` lives a few of the
days. Buttons are pressed at random or left, things are moved, paused and made lighter, people travel, the daemon is
ended at any moment, the desktop begins anew, and the plan is made again and again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from desk import Desk, FakeDesktop
from household import BERLIN, HOUR, MINUTE, UTC, FakeClock

from reconnectd import config
from reconnectd.app.practice.notes import OURS
from reconnectd.app.renewal import Place
from reconnectd.app.resting import Resting
from reconnectd.config.first import Wishes, starter
from reconnectd.core.forecast import spoken_per_week
from reconnectd.core.model import ONE_OFF, Surprise
from reconnectd.core.occurrence import AFTERWARDS, BEGINS, SECOND_STEPS, SNOOZE, OccurrenceId, Reminder
from reconnectd.core.practice.first_talk import first_talk_at
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import local_date
from reconnectd.core.rest import EVERYTHING, Rest, Rests
from reconnectd.core.settings import Settings
from reconnectd.ports import Answer, Bubble, Shown

DAY = 24 * HOUR
WEEK = 7 * DAY
DAYS = 90
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
HEAVY = """
[people]
me = "Alex"
household = "k3v9-rt2p"
[reminders]
quiet = ["22:30-07:30"]
at_most = "3 per day"
[routine.morning]
practice = "openness"
on = "daily"
at = "08:00"
[routine.noon]
on = "weekdays"
at = "12:00"
remind = ["1h", "0 min"]
[routine.home]
practice = "listening"
on = "daily"
at = "18:30"
lasting = "20 min"
[routine.walk]
practice = "quality-time"
on = ["sat", "sun"]
at = "10:00"
lasting = "2h"
remind = ["1 day", "1h"]
[routine.touch]
practice = "affection"
times = "2 per day"
within = ["12:00-23:00"]
surprise = true
[routine.night]
on = "daily"
at = "23:30"
[routine.letter]
every = "10 days"
at = "20:00"
counted_from = "last time"
[routine.anniversary]
on = "14 nov"
at = "09:00"
remind = ["14 days", "1 day", "0 min"]
"""


class Killed(Exception):
    """The daemon ended between a bubble and the commit after it."""


@dataclass
class Desktop(FakeDesktop):
    """Kills whoever it shows the next bubble to, when that is wished for."""

    kills: bool = False

    async def show(self, bubble: Bubble) -> Shown | None:
        shown = await super().show(bubble)
        if self.kills and not bubble.replaces:
            self.kills = False
            raise Killed
        return shown


@dataclass
class Life:
    """One person's days, and what was wrong in them."""

    one: Desk
    dice: random.Random
    begun: dt.datetime
    calm: bool = False
    faults: list[str] = field(default_factory=list)
    said: list[tuple[dt.datetime, list[Reminder]]] = field(default_factory=list)
    again: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often more than once a word may be said: it was put off, moved, or its bubble had to be posted anew."""

    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    counted: Counter[dt.date] = field(default_factory=Counter)

    @property
    def now(self) -> dt.datetime:
        return self.one.clock.now()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.one.place.zone)

    def fault(self, text: str, *about: object) -> None:
        self.faults.append(f"{self.now.astimezone(self.zone):%a %Y-%m-%d %H:%M:%S} {text}: {' '.join(map(str, about))}")

    def listen(self) -> None:
        """From now on, look at each bubble that a desktop took."""
        reminders, seen = self.one.store.reminders, set[str]()
        deliver, take_back = reminders.delivered, reminders.take_back

        def delivered(token: str, number: int, server: str) -> None:
            deliver(token, number, server)
            found = reminders.bubble(token)
            if found and token not in seen:
                seen.add(token)
                self.hear(found[1])

        def taken_back(token: str, now: dt.datetime) -> None:
            found = reminders.bubble(token)
            for word in found[1] if found else ():
                self.again[str(word.occurrence), word.lead] += 1
            take_back(token, now)

        reminders.delivered, reminders.take_back = delivered, taken_back  # type: ignore[method-assign,assignment]

    def day(self) -> dt.date:
        return local_date(self.now, self.zone, self.one.config.time.day_start)

    def hear(self, words: list[Reminder]) -> None:
        fresh = [word for word in words if not self.times[str(word.occurrence), word.lead]]
        counts = any(word.lead not in SECOND_STEPS | {SNOOZE} for word in fresh)
        self.said.extend([(self.now, words)] if counts else [])
        for word in words:
            key = (str(word.occurrence), word.lead)
            self.times[key] += 1
            if self.times[key] > 1 + self.again[key] and word.lead not in SECOND_STEPS:
                self.fault("said again", *key)
            self.look_at_quiet(word)
            self.look_at_rest(word)
        if counts:
            self.look_at_limits(words)
            self.counted[self.day()] += 1

    def look_at_quiet(self, word: Reminder) -> None:
        quiet = Quiet(self.one.config.reminders.quiet)
        held = quiet.holding(self.now, self.zone)
        ours = str(word.occurrence) in (self.one.store.meta(OURS) or "").split()
        routine = self.one.config.routine(word.occurrence.slug)
        by_hand = word.lead in {"0", SNOOZE, *SECOND_STEPS} and not ours
        surprise = routine is not None and isinstance(routine.schedule, Surprise) and word.lead == "0"
        late = self.now - word.due > MINUTE
        item = self.one.store.plan.get(word.occurrence)
        moved = item is not None and item.pinned and not ours
        if held and not late and not moved and (not by_hand or surprise) and word.due != held[0]:
            self.fault("in quiet", word.occurrence, word.lead, word.due)

    def look_at_rest(self, word: Reminder) -> None:
        routine = self.one.config.routine(word.occurrence.slug)
        if routine is None or word.lead in {SNOOZE, *SECOND_STEPS} or self.now - word.due > MINUTE:
            return
        rests = Rests(self.one.config, self.one.store.rests.all(), self.zone).of(routine.slug)
        if any(rest.covers(self.now) for rest in rests):
            self.fault("in a rest", word.occurrence, word.lead)

    def look_at_limits(self, words: list[Reminder]) -> None:
        if any(word.occurrence.slug == ONE_OFF or word.lead == SNOOZE for word in words):
            return
        most = self.one.config.reminders.at_most
        if most and most.period == "day" and self.counted[self.day()] >= most.count:
            today = [f"{at:%H:%M} " + " ".join(f"{w.occurrence} {w.lead}" for w in ws) for at, ws in self.said[-7:]]
            self.fault("beyond at_most", [f"{w.occurrence} {w.lead} {w.due:%d %H:%M}" for w in words], today)
        if self.now < self.begun + WEEK and self.counted[self.day()] >= 1:
            self.fault("a second one in the first days", [f"{word.occurrence} {word.lead}" for word in words])

    # What happens.

    async def live(self, until: dt.datetime, pause: dt.timedelta) -> None:
        await self.speak()
        while self.now < until:
            stop = min(until, self.now + self.dice.random() * 2 * pause)
            await self.pass_time(stop)
            await self.something()

    async def pass_time(self, stop: dt.datetime) -> None:
        """As the daemon does: at each instant what is to be said; what was announced and nobody changed comes."""
        while self.now < stop:
            instants = self.one.store.reminders.instants(self.now, stop)
            self.one.clock.time = instants[0] if instants else stop
            if not instants:
                return
            wanted = [word for word in self.one.store.reminders.waiting(self.now) if word.due == instants[0]]
            await self.speak()
            if self.one.desktop.name:
                for word in wanted:
                    if not self.times[str(word.occurrence), word.lead]:
                        self.fault("announced, and did not come", word.occurrence, word.lead)
            if self.dice.random() < 0.5:
                await self.answer()

    async def speak(self) -> None:
        try:
            await self.one.speaker.speak()
        except Killed:
            await self.after_a_kill()

    async def after_a_kill(self) -> None:
        for word in self.one.store.reminders.sending():
            self.again[str(word.occurrence), word.lead] += 1
        await self.begin_anew()

    async def begin_anew(self) -> None:
        self.one.restart()
        await self.speak()
        await self.repost()

    async def repost(self) -> None:
        try:
            await self.one.speaker.repost(self.one.desktop.name)
        except Killed:
            await self.after_a_kill()

    async def answer(self) -> None:
        shown = self.one.desktop.on_screen
        if not shown:
            return
        bubble = shown.pop(self.dice.choice(sorted(shown)))
        verb = self.dice.choice([verb for verb, _ in bubble.actions])
        found = self.one.store.reminders.bubble(bubble.token)
        for word in found[1] if found else ():
            for one in self.one.store.reminders.of(word.occurrence):
                self.again[str(word.occurrence), one.lead] += verb in {"later", "later2"}
            self.again[str(word.occurrence), SNOOZE] += verb == "later"
            self.again[str(word.occurrence), AFTERWARDS] += verb == "later"
        await self.one.speaker.answered(Answer(bubble.token, verb))
        await self.speak()
        if self.dice.random() < 0.5:
            self.plan()

    def plan(self) -> None:
        self.one.plan()
        once = self.waiting()
        self.one.plan()
        if once != self.waiting():
            self.fault("a plan made twice differs", set(once.items()) ^ set(self.waiting().items()))

    def waiting(self) -> dict[tuple[str, str], dt.datetime]:
        sql = "SELECT id, lead, due FROM reminder WHERE state IN ('pending', 'held')"
        return {(str(a), str(b)): c for a, b, c in self.one.store.database.read(sql)}  # type: ignore[misc]

    async def something(self) -> None:
        """One of the things that happen to reminders."""
        kinds = ["plan"] * 6 + ["restart", "kill", "desktop", "answer", "lock"]
        if not self.calm:
            kinds += ["move", "rest", "travel", "remember", "done", "asleep"]
        kind = self.dice.choice(kinds)
        if kind == "restart":
            await self.begin_anew()
        elif kind == "kill":
            self.one.desktop.kills = True  # type: ignore[attr-defined]
        elif kind == "desktop":
            self.one.desktop.restart(f"server {self.dice.random()}")
            await self.repost()
        elif kind == "answer":
            await self.answer()
        elif kind == "lock":
            self.one.presence.unlocked = not self.one.presence.unlocked
            await self.one.speaker.redraw()
        elif kind == "asleep":
            self.one.clock.time += self.dice.random() * 10 * HOUR
            await self.speak()
        elif kind != "plan":
            self.act(kind)
        self.plan()
        await self.one.speaker.tidy()
        await self.speak()

    def act(self, kind: str) -> None:
        coming = [item for item in self.one.store.plan.between(self.now, self.now + 3 * DAY) if item.state.is_open]
        if kind == "rest":
            self.rest()
        elif kind == "travel":
            self.one.place = Place(self.dice.choice(ZONES), "rules")
        elif kind == "remember":
            self.one.actions.remember("call", self.now + self.dice.random() * DAY, self.zone, self.now)
        elif coming and kind == "move":
            item = self.dice.choice(coming)
            self.forgive(item.id)
            self.one.actions.move(item, self.now + self.dice.random() * 2 * DAY, self.now)
        elif coming:
            self.one.actions.done(self.dice.choice(coming), self.now)

    def rest(self) -> None:
        kind = self.dice.choice(["pause", "lighter", "apart", "not-today"])
        length = DAY * self.dice.choice([0.5, 1, 3, 16])
        slug = self.dice.choice([EVERYTHING, *(one.slug for one in self.one.config.routines)])
        scope = slug if kind == "pause" else EVERYTHING
        Resting(self.one.store).begin(Rest(scope, self.now, self.now + length, kind))  # type: ignore[arg-type]

    def forgive(self, name: OccurrenceId) -> None:
        for lead in {word.lead for word in self.one.store.reminders.of(name)} | {"0", BEGINS, AFTERWARDS}:
            self.again[str(name), lead] += 1

    def weeks(self) -> list[int]:
        """Bubbles in each week, second steps and what is put back left out."""
        found: Counter[int] = Counter()
        for at, _ in self.said:
            found[(at - self.begun) // WEEK] += 1
        return [found[number] for number in range(max(found, default=0) + 1)]


def of_set(name: str, now: dt.datetime) -> Settings:
    """What somebody begins with."""
    wishes = Wishes(partner="Sam", household="a", routines=name)
    settings = config.parse(starter(wishes), Path("config.toml"))
    first = first_talk_at(settings, now.date(), ZoneInfo(BERLIN.zone))
    return config.parse(starter(replace(wishes, first_talk=first)), Path("config.toml"))


def begin(folder: Path, kind: str, seed: int, start: dt.datetime, *, calm: bool = False) -> Life:
    """A person who has just chosen their routines."""
    settings = config.parse(HEAVY, Path("config.toml")) if kind == "heavy" else of_set(kind, start)
    one = Desk(folder, settings, clock=FakeClock(start), desktop=Desktop())
    one.store.rests.replace([Rest(EVERYTHING, start, start + WEEK, "first-days")])
    one.plan()
    life = Life(one, random.Random(seed), start, calm)
    life.listen()
    return life


def main() -> None:
    """Live through them, and tell."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for kind in ("gentle", "steady", "from apart", "heavy"):
        for seed in range(seeds):
            start = dt.datetime(2026, 9, 28, 12, tzinfo=UTC) + dt.timedelta(days=seed * 23, hours=seed)
            for calm in (True, False):
                with tempfile.TemporaryDirectory() as folder:
                    life = begin(Path(folder), kind, seed, start, calm=calm)
                    asyncio.run(life.live(start + DAYS * DAY, 8 * HOUR))
                    life.one.store.close()
                told = spoken_per_week(life.one.config, BERLIN.zone, start)
                print(kind, seed, "calm" if calm else "wild", "told", told, "weeks", life.weeks(), flush=True)  # noqa: T201
                for fault in life.faults[:12]:
                    print("   ", fault)  # noqa: T201


if __name__ == "__main__":
    main()
