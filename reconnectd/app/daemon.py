"""The resident process: one alarm, one bus, one database, no network.

Start: lock → database → socket → desktop → alarm → READY. Everything is re-derived from rows on each occasion (an
instant has come, the clock was set, the config changed, somebody poked), so that no occasion needs a special case.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from reconnectd.adapters.store import Store
from reconnectd.app.look import Look
from reconnectd.app.pace import Pace
from reconnectd.app.runs import Runs
from reconnectd.app.speaking import EARLY, Speaker
from reconnectd.core.departure import GONE_AFTER
from reconnectd.core.plan_key import holds_until
from reconnectd.core.settings import Settings
from reconnectd.errors import ConfigError, ReconnectdError
from reconnectd.ports import Alarm, Answer, Clock, Closed, Notifier, SyncReport, Worker

log = logging.getLogger(__name__)

LOOK_AHEAD = dt.timedelta(hours=36)
LOOK_AGAIN = dt.timedelta(hours=6)
HALF_WRITTEN = 1.0
"""Seconds after which a file that can't be read is looked at once more, before anybody is told."""

AGAIN = dt.timedelta(minutes=1)


class Service(Protocol):
    """What the service manager is told."""

    def ready(self) -> None:
        """It works; also the end of a reload."""
        ...

    def reloading(self) -> None:
        """The config is read anew."""
        ...

    def stopping(self) -> None:
        """It is about to end."""
        ...

    def status(self, text: str) -> None:
        """One line for people, with nothing private in it."""
        ...


class Daemon:
    """The use case; `run` is its life. What it needs is given, so that a test can give other things."""

    def __init__(
        self, *, store: Store, load: Callable[[], Settings], settings: Settings, clock: Clock, alarm: Alarm,
        notifier: Notifier, speaker: Speaker, worker: Worker, service: Service,
        plan_holds: Callable[[str, Settings], bool], jitter: Callable[[], float],
    ) -> None:  # fmt: skip
        self.settings = settings
        self.problem: ReconnectdError | None = None
        self._store = store
        self._load = load
        self._clock = clock
        self._alarm = alarm
        self._notifier = notifier
        self._speaker = speaker
        self._service = service
        self._plan_holds = plan_holds
        self._runs = Runs(
            store, clock, alarm, worker, Pace(jitter),
            every=lambda: self.settings.calendar.sync_every, rows_changed=self.rows_changed,
        )  # fmt: skip
        self._tasks: set[asyncio.Task[Any]] = set()
        self._armed: set[str] = set()
        self._look = Look(store, clock, alarm, self._runs.look)
        self._stop = asyncio.Event()

    # Life.

    async def run(self) -> None:
        """From ready to stopped."""
        self._alarm.start(self.clock_was_set)
        self._arm()
        self._service.ready()
        self._say_status()
        self._spawn(self._speaker.speak())
        self.sync_soon()
        await self._stop.wait()
        self._service.stopping()
        self._alarm.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop(self) -> None:
        """End cleanly (SIGTERM, Ctrl-C)."""
        self._stop.set()

    def reload(self) -> asyncio.Task[None]:
        """Read the config again (SIGHUP, or the file changed); done when it was read. A broken one is reported, and
        the old one stays."""
        return self._spawn(self._reload())

    async def _reload(self) -> None:
        self._service.reloading()
        try:
            fresh = await self._load_patiently()
        except ReconnectdError as error:
            self._keep_old(error)
        else:
            changed = fresh.fingerprint != self.settings.fingerprint
            self.settings, self.problem = fresh, None
            log.info("config read: %d routines%s", len(fresh.routines), "" if changed else ", nothing new")
            self.sync_soon()
        finally:
            self._service.ready()
            self._say_status()

    async def _load_patiently(self) -> Settings:
        try:
            return self._load()
        except ReconnectdError:
            await asyncio.sleep(HALF_WRITTEN)
            return self._load()

    def _keep_old(self, error: ReconnectdError) -> None:
        if self.problem is None or str(self.problem) != str(error):
            count = len(error.problems) if isinstance(error, ConfigError) else 1
            log.warning("the config has %d problem(s), the old one stays in use; `reconnect config check`", count)
        self.problem = error

    # Instants.

    def _arm(self) -> None:
        """One alarm for each distinct instant at which something is to be said, one for the next day."""
        now = self._clock.now()
        instants = self._store.reminders.instants(now, now + LOOK_AHEAD)
        wanted = {f"say {instant.timestamp()}": instant for instant in instants}
        for name in self._armed - set(wanted):
            self._alarm.cancel(name)
        for name, instant in wanted.items():
            if name not in self._armed:
                self._alarm.at(name, instant - EARLY, self._say_at(name, instant))
        self._armed = set(wanted)
        if instants:
            self._speaker.prepare(instants[0])
        self._look.arm()
        self._alarm.at("renew", self._next_renewal(now), self._renew)
        self._arm_endings(now)

    def _arm_endings(self, now: dt.datetime) -> None:
        """What left the config a while ago is let go of on time; a wait that is over is the next sync's."""
        self._alarm.cancel("let go")
        ends = [since + GONE_AFTER for since in self._store.facts.gone().values()]
        if ahead := [end for end in ends if end > now]:
            self._alarm.at("let go", min(ahead), self._runs.run_or_wait)

    def _say_at(self, name: str, instant: dt.datetime) -> Callable[[], Awaitable[None]]:
        async def say() -> None:
            self._armed.discard(name)
            await self._speaker.speak(instant)
            self._say_status()
            self._prepare_next(instant)
            self._soon_again()

        return say

    def _prepare_next(self, instant: dt.datetime) -> None:
        coming = self._store.reminders.instants(instant, self._clock.now() + LOOK_AHEAD)
        if coming:
            self._speaker.prepare(coming[0])

    def _next_renewal(self, now: dt.datetime) -> dt.datetime:
        """The plan is made for a day; when that ends, or is over already, it is made anew."""
        ends = dt.datetime.fromtimestamp(holds_until(self._store.plan.key()), dt.UTC)
        return ends if now < ends < now + LOOK_AGAIN else now + LOOK_AGAIN

    async def _renew(self) -> None:
        if not self._plan_holds(self._store.plan.key(), self.settings):
            self.sync_soon()
        self._arm()

    def clock_was_set(self) -> None:
        """The wall clock was set, or the machine woke up: everything may be different."""
        self._spawn(self._look_again())

    async def _look_again(self) -> None:
        """A step back may have put the next sync years ahead, and after a suspend others have written."""
        self._store.facts.wait_anew(self._clock.now())
        await self._speaker.speak()
        self._arm()
        self._say_status()
        self.sync_soon()

    def zone_may_have_changed(self) -> None:
        """The machine's time zone file changed."""
        self.clock_was_set()

    # Sync.

    def sync_soon(self) -> None:
        """Run the worker in a moment; several wishes are one run, and one that comes during a run is another."""
        self._runs.soon()

    async def sync_now(self, *, accept: bool = False) -> SyncReport | None:
        """One sync, after one that is under way; None when it had to be ended. `accept` as in the worker."""
        return await self._runs.now(accept=accept)

    async def rows_changed(self) -> None:
        """Somebody wrote rows (the worker, a command): say what is to be said, take away what was answered."""
        self._store.was_replaced(self._clock.now())
        await self._speaker.tidy()
        await self._speaker.speak()
        self._arm()
        self._say_status()
        self._soon_again()

    def _soon_again(self) -> None:
        """A server that is there and took no word (it hung, it refused) is asked once more in a moment."""
        state = self._notifier.state()
        if state.ready and state.backend == "freedesktop" and self._store.reminders.held():
            self._alarm.at("again", self._clock.now() + AGAIN, self.rows_changed)

    def state_was_touched(self) -> None:
        """Something happened to the file of the database; perhaps it is another one now, or gone."""
        self._spawn(self._look_at_state())

    async def _look_at_state(self) -> None:
        if self._store.was_replaced(self._clock.now()):
            await self.rows_changed()
            self.sync_soon()

    # What the desktop tells.

    def answered(self, answer: Answer) -> None:
        """A button of one of our bubbles was pressed."""
        self._spawn(self._answered(answer))

    async def _answered(self, answer: Answer) -> None:
        changed = await self._speaker.answered(answer)
        await self.rows_changed()
        if any(item.in_calendar or item.pinned or self.settings.counts(item.id.slug) for item in changed):
            self.sync_soon()

    def closed(self, closed: Closed) -> None:
        """One of our bubbles is gone."""
        self._speaker.closed(closed)

    def server_changed(self) -> None:
        """A notification server appeared, went away or was replaced."""
        if self._notifier.state().ready:
            self._spawn(self._speaker.repost(self._notifier.state().identity))

    def unlocked(self) -> None:
        """Somebody is there: the moment to show it in full, to ask about what is just over, and to look whether
        the keyring was unlocked as well."""
        if self._runs.waits:
            self.sync_soon()
        self._spawn(self._speaker.redraw())
        self._spawn(self._speaker.ask_now())

    def locked(self) -> None:
        """Others may see the screen now."""
        self._spawn(self._speaker.redraw())

    # Housekeeping.

    def _say_status(self) -> None:
        upcoming = self._store.reminders.instants(self._clock.now(), self._clock.now() + LOOK_AHEAD)
        text = f"next word at {upcoming[0].astimezone():%a %H:%M}" if upcoming else "nothing to say for now"
        self._service.status("the config has a problem, the old one stays in use" if self.problem else text)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _logged(work: Coroutine[Any, Any, Any]) -> None:
    """The one place where an unforeseen error ends: the next tick starts afresh from the rows."""
    try:
        await work
    except asyncio.CancelledError:
        raise
    except ReconnectdError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("something went wrong; it is tried again at the next occasion")
