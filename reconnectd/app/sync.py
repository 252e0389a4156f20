"""One sync: pull → merge → plan → push, in a process of its own.

The network is spoken to outside transactions; what was fetched is merged and committed together with the token that
covers it. The plan is made even when the pull failed. Every write waits in the outbox before it is sent.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.adapters.store import Store
from reconnectd.app.adopting import Adopter
from reconnectd.app.examination import CALENDAR_GONE, CALENDAR_GONE_FIX
from reconnectd.app.intents import Intents
from reconnectd.app.practice.slips import Slips
from reconnectd.app.pulling import Pulled, Puller, TooMuchGone
from reconnectd.app.pushing import Pusher
from reconnectd.app.removal import remove_all
from reconnectd.app.renewal import Place, observe, renew, settle_ideas
from reconnectd.app.tally import Tally
from reconnectd.core.agreement import may_write, refusal
from reconnectd.core.settings import Settings
from reconnectd.core.shape import is_hidden
from reconnectd.crash import crashpoint
from reconnectd.errors import ReconnectdError, Refused
from reconnectd.ports import Calendar, CalendarGone, Clock, Collection, SyncReport

log = logging.getLogger(__name__)

Open = Callable[[Collection | None, bool], Calendar]
"""Opens the calendar: what was found before, and whether it may be made."""


class _DryRun(Exception):
    """Nothing of this is kept."""


@dataclass(frozen=True, slots=True)
class Sync:
    """The use case. `progress` hears what is being done, in words for a person."""

    store: Store
    settings: Settings
    place: Place
    clock: Clock
    open: Open
    account: str
    progress: Callable[[str], None] = lambda _: None

    def run(
        self, *, offline: bool = False, look: bool = False, dry_run: bool = False, accept: bool = False
    ) -> SyncReport:
        """One run. `look` only reads, and only where the calendar is known already; `accept` takes much gone at once
        for an answer.

        A failure that a person can act on is in the report, not raised.
        """
        began = self.clock.now()
        tally = Tally()
        requests = 0
        error: ReconnectdError | None = None
        calendar: Calendar | None = None
        try:
            if not offline:
                calendar = self._open(look=look)
            try:
                self._exchange(calendar, tally, look=look, dry_run=dry_run, accept=accept)
            except CalendarGone:
                calendar = self._make_anew(calendar, allowed=accept and not dry_run)
                self._exchange(calendar, tally, look=look, dry_run=dry_run, accept=accept)
        except _DryRun:
            pass
        except ReconnectdError as failure:
            error = failure
            self._plan_alone(dry_run=dry_run)
        finally:
            if calendar is not None:
                requests = calendar.requests()
                calendar.close()
        seconds = (self.clock.now() - began).total_seconds()
        if not dry_run and not offline:
            self._remember(began, error, requests, seconds)
        return _report(tally, error, requests, seconds, dry_run=dry_run)

    def remove_all(self) -> SyncReport:
        """Take everything out of the calendar that reconnectd made, its past, too; ReconnectdError when it can't be
        reached. What is left is in `conflicts`."""
        self.store.objects.begin(self.account)
        no = refusal(self.settings, self.clock.now().date(), stands=bool(self.store.objects.all()))
        if no is not None:
            raise no
        known = self.store.objects.collection()
        tally = Tally()
        if known is None:
            return _report(tally, None, 0, 0.0, dry_run=False)
        self.progress("taking everything out of the calendar")
        create = False
        calendar = self.open(known[0], create)
        try:
            remove_all(self.store, self.settings, calendar, tally)
        except CalendarGone:
            self.store.objects.collection_is_gone()
        finally:
            calendar.close()
        return _report(tally, None, calendar.requests(), 0.0, dry_run=False)

    def _open(self, *, look: bool) -> Calendar | None:
        """The calendar, found again or for the first time; None for a look into one that was never found."""
        self.store.objects.begin(self.account)
        no = refusal(self.settings, self.clock.now().date(), stands=bool(self.store.objects.all()))
        if no is not None:
            raise no
        known = self.store.objects.collection()
        if known is None and look:
            return None
        self.progress("looking for the calendar" if known is None else "asking the calendar")
        calendar = self.open(known[0] if known else None, known is None)
        if known is None:
            self.store.objects.recognise(self.account, calendar.collection.url)
        return calendar

    def _make_anew(self, calendar: Calendar | None, *, allowed: bool) -> Calendar:
        """A calendar that was seen once and is gone: made again when a person says so, never by itself."""
        if not allowed:
            raise Refused(CALENDAR_GONE, CALENDAR_GONE_FIX)
        if calendar is not None:
            calendar.close()
        self.progress("making the calendar again")
        self.store.objects.forget()
        create = True
        return self.open(None, create)

    def _exchange(self, calendar: Calendar | None, tally: Tally, *, look: bool, dry_run: bool, accept: bool) -> None:
        observe(self.store, self.settings, self.place, self.clock.now())
        fetched = self._pull(calendar, accept=accept) if calendar else None
        crashpoint("pulled")
        slips = Slips(self.store, self.settings, ZoneInfo(self.place.zone), tally)
        adopter, pusher = self._parts(tally, slips)
        now = self.clock.now()
        all_kept = fetched is None or slips.look(fetched.changed, now)
        known = self.store.objects.collection()
        never_found = known is None
        accident: ReconnectdError | None = None
        with self.store.database.transaction():
            if never_found:
                self.store.objects.let_nothing_wait()
            settle_ideas(self.store, self.settings, self.place, now)
            if calendar is not None and fetched is not None:
                adopter.merge(fetched.changed, fetched.gone, now)
                slips.take(now, first=never_found)
                token = fetched.token if all_kept else known[1] if known else None
                self.store.objects.put_collection(self.account, calendar.collection, token)
            self.progress("making the plan")
            settle_ideas(self.store, self.settings, self.place, now)
            if calendar is not None or self._may_wait(now):
                accident = pusher.queue(now, accept=accept)
            renew(self.store, self.settings, self.place, now)
            if dry_run and accident is None:
                tally.would.extend(pusher.would())
                raise _DryRun
        if accident is not None:
            raise accident
        if calendar is not None and not look:
            self.progress("writing to the calendar")
            pusher.send(calendar, self.clock)

    def _parts(self, tally: Tally, slips: Slips | None = None) -> tuple[Adopter, Pusher]:
        zone = ZoneInfo(self.place.zone)
        slips = slips or Slips(self.store, self.settings, zone, tally)
        intents = Intents(self.store, self.settings, zone)
        adopter = Adopter(self.store, self.settings, zone, intents, tally, self._settle_anew)
        return adopter, Pusher(self.store, self.settings, zone, intents, adopter, slips, tally)

    def _settle_anew(self) -> None:
        self.store.plan.forget_key()
        settle_ideas(self.store, self.settings, self.place, self.clock.now())

    def _pull(self, calendar: Calendar, *, accept: bool) -> Pulled:
        known = self.store.objects.collection()
        try:
            hidden = {routine.slug for routine in self.settings.routines if is_hidden(routine, self.settings)}
            return Puller(self.store, hidden=hidden, accept=accept).fetch(calendar, known[1] if known else None)
        except CalendarGone:
            self.store.objects.collection_is_gone()
            raise
        except TooMuchGone as accident:
            self.store.history.decide(self.clock.now(), "*", str(accident))
            raise

    def _plan_alone(self, *, dry_run: bool) -> None:
        if dry_run:
            return
        now = self.clock.now()
        with self.store.database.transaction():
            observe(self.store, self.settings, self.place, now)
            if self.store.objects.collection() is None:
                self.store.objects.let_nothing_wait()
            settle_ideas(self.store, self.settings, self.place, now)
            if self._may_wait(now):
                self._parts(Tally())[1].queue(now)
            renew(self.store, self.settings, self.place, now)

    def _may_wait(self, now: dt.datetime) -> bool:
        """May writes wait for the calendar? What waits for one that was never found is counted, and made anew in each
        run: another account may be named meanwhile, or another config."""
        return self.store.objects.collection() is not None or may_write(self.settings, now.date())

    def _remember(self, at: dt.datetime, error: ReconnectdError | None, requests: int, seconds: float) -> None:
        self.store.objects.run(
            at,
            code=error.exit_code if error else 0,
            error=str(error) if error else "",
            fix=error.fix if error else "",
            requests=requests,
            seconds=seconds,
        )


def _report(tally: Tally, error: ReconnectdError | None, requests: int, seconds: float, *, dry_run: bool) -> SyncReport:
    return SyncReport(
        requests=requests,
        pulled=tally.pulled,
        pushed=tally.pushed,
        deleted=tally.deleted,
        adopted=tally.adopted,
        conflicts=tuple(tally.conflicts),
        unchanged=tally.unchanged,
        seconds=round(seconds, 3),
        dry_run=dry_run,
        would=tuple(tally.would),
        error={"code": error.exit_code, "message": str(error), "fix": error.fix} if error else {},
    )
