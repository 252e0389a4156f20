"""What one command of the command line works with: files, clock, config, state, the daemon, the worker.

Everything is opened when it is first asked for, so that a quick command pays for nothing else.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconnectd.adapters.places import Places, places
from reconnectd.config.fingerprint import fingerprint
from reconnectd.core.plan_key import is_fresh
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.place import zone_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reconnectd.adapters.store import Store
    from reconnectd.adapters.store.agenda import Agenda
    from reconnectd.app.actions import Actions
    from reconnectd.app.practice.ideas import IdeasNow
    from reconnectd.app.renewal import Place
    from reconnectd.app.resting import Resting
    from reconnectd.app.undoing import Undone
    from reconnectd.core.occurrence import Plan
    from reconnectd.core.practice.deck import Prompt
    from reconnectd.core.settings import Settings
    from reconnectd.ports import SyncReport
    from reconnectd.wiring.account import SignIn

QUICK = 1.5
"""Seconds that a command waits for the daemon to take note of what it wrote."""


class Session:
    """One call of `reconnect`. `now` is the clock's, or what --at says."""

    def __init__(self, config: str | None = None) -> None:
        self._config = config
        self.yes = False
        self.writes_words = False
        self._agenda: Agenda | None = None

    @cached_property
    def places(self) -> Places:
        """Where the files are."""
        return places(os.environ, self._config)

    @cached_property
    def now(self) -> dt.datetime:
        """The present instant, the same throughout one command."""
        from reconnectd.adapters.clock import SystemClock

        return SystemClock().now()

    @cached_property
    def settings(self) -> Settings:
        """The config; ConfigError with every problem when it can't be used."""
        from reconnectd.config import load

        return load(self.places.config)

    @cached_property
    def store(self) -> Store:
        """The state, to be written; made when it isn't there."""
        from reconnectd.adapters.draft import sweep
        from reconnectd.adapters.store import Store
        from reconnectd.wiring.belonging import belong
        from reconnectd.wiring.sealing import set_seal

        os.umask(0o077)
        store = Store(self.places.database)
        belong(store, self.places.config, yes=self.yes)
        set_seal(store, at_once=self.writes_words)
        sweep(self.places.state)
        return store

    @cached_property
    def place(self) -> Place:
        """Where the person is."""
        from reconnectd.app.renewal import Place

        return Place(*zone_of(self.settings.time.timezone))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the person lives: what is shown to them is shown in it."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.place.zone)

    @property
    def today(self) -> dt.date:
        """The person's day, which begins at `[time] day_start`."""
        from reconnectd.core.recurrence import local_date

        return local_date(self.now, self.zone, self.settings.time.day_start)

    @cached_property
    def actions(self) -> Actions:
        """The verbs."""
        from reconnectd.app.actions import Actions

        return Actions(self.store)

    @cached_property
    def resting(self) -> Resting:
        """The verbs about rests."""
        from reconnectd.app.resting import Resting

        return Resting(self.store)

    def undo(self) -> Undone:
        """Take the newest answer back."""
        from reconnectd.app.undoing import undo

        return undo(self.store, self.now)

    def agenda(self) -> Agenda:
        """The stored plan, made anew first when it no longer holds."""
        if self._agenda is None:
            self._agenda = self._fresh_agenda()
        if self._agenda is None:
            self.renew()
            self._agenda = self._fresh_agenda() or self._any_agenda()
        return self._agenda

    def close(self) -> None:
        """Give the files back."""
        if self._agenda is not None:
            self._agenda.close()
        if "store" in self.__dict__:
            self.store.close()

    def _any_agenda(self) -> Agenda:
        from reconnectd.adapters.store.agenda import Agenda

        return Agenda(self.places.database)

    def _fresh_agenda(self) -> Agenda | None:
        from reconnectd.adapters.store.agenda import Agenda, NoPlan

        try:
            mark = fingerprint(self.places.config.read_bytes())
            agenda = Agenda(self.places.database)
            if is_fresh(agenda.key(), mark, self.now.timestamp(), zone_of):
                return agenda
            agenda.close()
        except (OSError, NoPlan):
            return None
        return None

    def renew(self) -> Plan:
        """Plan and store."""
        from reconnectd.app.renewal import renew

        return renew(self.store, self.settings, self.place, self.now)

    def plan(self, now: dt.datetime, ahead: int, *, rests: bool = True) -> Plan:
        """What the plan would be at another instant or farther ahead, or without `rests`; nothing is stored."""
        from dataclasses import replace

        from reconnectd.app.renewal import outlook
        from reconnectd.core.planning import plan

        known = outlook(self.store, self.settings, self.place, now, ahead)
        return plan(self.settings, known if rests else replace(known, rests=()))

    @cached_property
    def ideas(self) -> IdeasNow:
        """Prompts for the present moment."""
        from reconnectd.app.practice.ideas import IdeasNow

        return IdeasNow(self.store, self.settings, self.place.zone)

    def prompt(self, practice: str, minutes: int | None = None, **wish: Any) -> Prompt | None:
        """One prompt of a practice, chosen for now and noted as shown; None where no deck has one that fits. None
        comes twice before all that fit were shown. `wish`: energy, apart, setting, deck, as in
        `app.ideas.Wish`. Where what was shown is sealed and the key isn't there, one comes all the same."""
        from reconnectd.app.practice.ideas import Wish
        from reconnectd.core.model import Practice

        return self.ideas.show(Practice(practice), Wish(minutes=minutes, **wish), self.now)

    def ask(self, verb: str, *, wait: float = QUICK, **fields: object) -> dict[str, Any] | None:
        """Ask the daemon; None when it isn't running, or doesn't answer within `wait` seconds."""
        from reconnectd.adapters.ipc_client import ask, socket_path

        return ask(socket_path(os.environ, self.places.state), verb, timeout=wait, **fields)

    def tell(self, *, calendar: bool, progress: Callable[[str], None] = lambda _: None) -> None:
        """Rows were changed: the daemon is told, and the calendar is to know when `calendar`. Without a daemon the
        sync is run here, and nobody is asked for anything; what can't be written now waits."""
        if self.ask("changed", sync=calendar) is None and calendar:
            self.sync(progress, may_ask=False)

    def sync(
        self, progress: Callable[[str], None], *, dry_run: bool = False, accept: bool = False, may_ask: bool = True
    ) -> SyncReport | None:
        """Run the worker; None when it had to be ended. `accept` takes much gone at once for an answer. Where the
        password is for the service alone and that runs, it is the daemon's worker."""
        from reconnectd.adapters.child import DEADLINE, ChildWorker, report_of
        from reconnectd.adapters.secrets import is_for_the_service

        if not dry_run and is_for_the_service(self.settings.calendar, os.environ):
            answer = self.ask("sync", wait=DEADLINE * 2, accept=accept)
            if answer is not None and answer.get("ok"):
                return report_of(answer["report"]) if answer["report"] else None
        arguments = ["--config", str(self.places.config)]
        return ChildWorker(arguments, os.environ).run_here(progress, dry_run=dry_run, accept=accept, may_ask=may_ask)

    def remove_from_calendar(self, progress: Callable[[str], None]) -> SyncReport | None:
        """Take everything of ours out of the calendar; None when the worker had to be ended."""
        from reconnectd.adapters.child import ChildWorker

        return ChildWorker(["--config", str(self.places.config)], os.environ).run_here(progress, remove=True)

    def wipe(self) -> int:
        """Delete the state and all its copies; how many files went."""
        from reconnectd.adapters.draft import sweep
        from reconnectd.adapters.store.wiping import wipe
        from reconnectd.wiring.sealing import drop_key, key_name

        self.close()
        key = None
        with suppress(ReconnectdError):
            store = self.peek()
            key = key_name(store) if store else None
            if store:
                store.close()
        sweep(self.places.state, all_of_them=True)
        files = wipe(self.places.database)
        if key:
            drop_key(key)
        return files

    def daemon_pid(self) -> int | None:
        """The resident's process id, when it runs."""
        from reconnectd.adapters.lock import Lock

        return Lock(self.places.daemon_lock).holder()

    def read_config(self) -> Settings:
        """The config as it stands in the file at this moment."""
        from reconnectd.config import load

        return load(self.places.config)

    def make_config(self, me: str, partner: str | None) -> bool:
        """Write a config to start from; False when there is one, which is left as it is."""
        from reconnectd.config.first import Wishes
        from reconnectd.wiring.beginning import Beginning

        beginning = Beginning(self)
        wishes = Wishes(me=me, partner=partner, household=beginning.household)
        return beginning.write(beginning.with_first_talk(wishes), None)

    def speaks_per_week(self, settings: Settings) -> float:
        """How often a config would speak, in words a week."""
        from reconnectd.core.forecast import spoken_per_week

        return spoken_per_week(settings, zone_of(settings.time.timezone)[0], self.now)

    def peek(self) -> Store | None:
        """The state, only to be read; None when there is none yet."""
        from reconnectd.adapters.store import Store

        return Store(self.places.database, readonly=True) if self.places.database.exists() else None

    def back_up(self, target: Path | None) -> Path:
        """Make a sound copy of the state: a file of this name, in this folder, or beside the daily ones."""
        from reconnectd.adapters.store.backups import copy_to, folder_of
        from reconnectd.errors import StateError

        database = self.places.database
        if not database.exists():
            raise StateError("there is nothing to copy yet", "`reconnect sync` makes the state")
        if target is None or target.is_dir():
            name = f"reconnectd-{self.now.astimezone():%Y-%m-%dT%H%M%S}.db"
            target = (target or folder_of(database)) / name
        return copy_to(database, target)

    def sign_in(self) -> SignIn:
        """How a calendar app signs in."""
        from reconnectd.wiring.account import sign_in

        return sign_in(self.settings, self.places, self.peek())

    @property
    def calendar_kind(self) -> str:
        """Which kind of calendar: "embedded" or "caldav"."""
        return "embedded" if self.settings.calendar.embedded else "caldav"
