"""The resident process: `reconnectd`, in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import logging
import os
import random
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reconnectd import __version__
from reconnectd.adapters.alarm import make_alarm
from reconnectd.adapters.bus import Bus, system_address
from reconnectd.adapters.child import ChildWorker
from reconnectd.adapters.clock import SystemClock
from reconnectd.adapters.desktop import Desktop
from reconnectd.adapters.draft import sweep
from reconnectd.adapters.embedded import EmbeddedCalendar
from reconnectd.adapters.ipc import SocketServer
from reconnectd.adapters.ipc_client import socket_path
from reconnectd.adapters.lock import Lock
from reconnectd.adapters.machine import confinement
from reconnectd.adapters.places import Places, places
from reconnectd.adapters.plyer_desktop import NoDesktop, Plyer
from reconnectd.adapters.presence import Presence
from reconnectd.adapters.store import Store
from reconnectd.adapters.systemd import ServiceManager
from reconnectd.adapters.watch import FileWatch
from reconnectd.app.daemon import Daemon
from reconnectd.app.practice.other_days import OtherDays
from reconnectd.app.speaking import Speaker
from reconnectd.app.verbs import Handlers, Verbs
from reconnectd.app.voices import Voices
from reconnectd.config import load
from reconnectd.config.address import in_clear
from reconnectd.config.fingerprint import fingerprint
from reconnectd.core.plan_key import is_fresh
from reconnectd.core.quiet import Quiet
from reconnectd.core.settings import Settings
from reconnectd.core.wording import IN_CLEAR
from reconnectd.errors import ConfigError, ReconnectdError
from reconnectd.ports import Answer, Closed
from reconnectd.wiring.belonging import belong
from reconnectd.wiring.place import zone_of

log = logging.getLogger("reconnectd")

AN_HOUR = dt.timedelta(hours=1)
LOCALTIME = Path("/etc/localtime")


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM or Ctrl-C; the exit code."""
    chosen = options().parse_args(argv)
    os.umask(0o077)
    _log_to_stderr(verbose=chosen.verbose)
    if chosen.in_terminal:  # who looks at it is told in whole sentences what is held
        logging.getLogger("reconnectd.app.speaking").setLevel(logging.WARNING)
    try:
        return _live(places(os.environ, chosen.config), chosen.config)
    except ConfigError as error:
        sys.stderr.write("\n".join([*error.lines, ""]))
        return error.exit_code
    except ReconnectdError as error:
        sys.stderr.write(f"{error}\n" + (f"{error.fix}\n" if error.fix else ""))
        if chosen.verbose:
            log.exception("what led to it:")
        return error.exit_code


def options() -> argparse.ArgumentParser:
    """What can be said after `reconnectd`."""
    parser = argparse.ArgumentParser(prog="reconnectd", description="Keeps closeness in view, as a user service.")
    parser.add_argument("--config", metavar="FILE", help="the config file, in place of the usual one")
    parser.add_argument("--verbose", action="store_true", help="tell more in the log; never titles or words")
    parser.add_argument("--in-terminal", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"reconnectd {__version__}")
    return parser


def _log_to_stderr(*, verbose: bool) -> None:
    managed = "JOURNAL_STREAM" in os.environ
    layout = "%(message)s" if managed else "%(asctime)s %(message)s"
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, format=layout, stream=sys.stderr)
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def _live(where: Places, config: str | None) -> int:
    settings = load(where.config)
    if in_clear(settings.calendar):
        log.warning("%s", IN_CLEAR)
    with Lock(where.daemon_lock), contextlib.closing(Store(where.database)) as store:
        belong(store, where.config)
        sweep(where.state)
        store.catch_up(SystemClock().now())
        if sys.version_info < (3, 12):
            asyncio.set_child_watcher(asyncio.PidfdChildWatcher())
        return asyncio.run(_Resident(where, config, settings, store).run())


class _Events:
    """Hands what the desktop tells to the daemon, which is made after the desktop."""

    daemon: Daemon

    def answered(self, answer: Answer) -> None:
        self.daemon.answered(answer)

    def closed(self, closed: Closed) -> None:
        self.daemon.closed(closed)

    def server_changed(self) -> None:
        self.daemon.server_changed()


class _Resident:
    """Everything the resident process is made of."""

    def __init__(self, where: Places, config: str | None, settings: Settings, store: Store) -> None:
        self.where = where
        self.store = store
        self.clock = SystemClock()
        self.service = ServiceManager()
        self.embedded: asyncio.Task[None] | None = None
        events = _Events()
        self.bus, self.system_bus = Bus(), Bus(system_address)
        self.desktop = Desktop(self.bus, events)
        self.presence = Presence(self.system_bus, self._unlocked, self._locked)
        voices = Voices(self.desktop, self.bus, Plyer(), NoDesktop())
        environ = dict(os.environ)
        self.service.hide(environ)
        speaker = Speaker(
            store, lambda: self.daemon.settings, self.clock, voices, self.presence,
            token=lambda: secrets.token_hex(8), later=self._later,
            days=OtherDays(store, lambda: self.daemon.settings, self._zone),
        )  # fmt: skip
        self.daemon = Daemon(
            store=store, load=lambda: load(where.config), settings=settings, clock=self.clock,
            alarm=make_alarm(self.clock), notifier=voices, speaker=speaker,
            worker=ChildWorker(["--config", config] if config else [], environ), service=self.service,
            plan_holds=lambda key, now: is_fresh(key, now.fingerprint, self.clock.now().timestamp(), zone_of),
            jitter=random.random,
        )  # fmt: skip
        self.verbs = Verbs(self.daemon, notifier=voices, speaker=speaker, clock=self.clock, since=self.clock.now())
        events.daemon = self.daemon

    def _unlocked(self) -> None:
        self.daemon.unlocked()

    def _locked(self) -> None:
        self.daemon.locked()

    def _later(self, now: dt.datetime) -> dt.datetime:
        return Quiet(self.daemon.settings.reminders.quiet).free_from(now + AN_HOUR, self._zone())

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(zone_of(self.daemon.settings.time.timezone)[0])

    async def run(self) -> int:
        """Start everything in order, live, and stop it in the other order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.daemon.stop)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        server = SocketServer(socket_path(os.environ, self.where.state), self._handlers())
        watch = FileWatch([self.where.config, LOCALTIME, self.where.database], self._file_changed)
        await server.start()
        await self.system_bus.start()
        await self.presence.start()
        await self.bus.start()
        await self.desktop.start()
        watch.start()
        loop.call_soon(self._look_again)
        self._keep_calendar()
        watchdog = self._start_watchdog()
        try:
            await self.daemon.run()
        finally:
            watch.stop()
            for task in (watchdog, self.embedded):
                if task is not None:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
            await server.stop()
            await self.desktop.stop()
            await self.bus.stop()
            await self.presence.stop()
            await self.system_bus.stop()
        return 0

    def _handlers(self) -> Handlers:
        return {**self.verbs.handlers(), "confinement": self._confinement}

    async def _confinement(self, _: dict[str, Any]) -> dict[str, Any]:
        """For `reconnect doctor`: what only this process can feel."""
        return confinement({"state": self.where.state, "data": self.where.data})

    def _file_changed(self, path: Path) -> None:
        if path == LOCALTIME:
            self.daemon.zone_may_have_changed()
        elif path == self.where.database:
            self.daemon.state_was_touched()
        else:
            self._reload()

    def _look_again(self) -> None:
        """The config may have changed between its reading and the watching."""
        try:
            same = fingerprint(self.where.config.read_bytes()) == self.daemon.settings.fingerprint
        except OSError:
            same = False
        if not same:
            self._reload()

    def _reload(self) -> None:
        self.daemon.reload().add_done_callback(lambda done: None if done.cancelled() else self._keep_calendar())

    def _keep_calendar(self) -> None:
        """The embedded calendar runs while the config wants it."""
        wanted = self.daemon.settings.calendar.embedded
        if wanted and self.embedded is None:
            server = EmbeddedCalendar(self.where.calendar)
            self.embedded = asyncio.ensure_future(self._embedded(server))
        elif not wanted and self.embedded is not None:
            self.embedded.cancel()
            self.embedded = None

    async def _embedded(self, server: EmbeddedCalendar) -> None:
        try:
            await server.run(lambda up: self.daemon.sync_soon() if up else None)
        except ReconnectdError as error:
            log.warning("no embedded calendar: %s", error)

    def _start_watchdog(self) -> asyncio.Task[None] | None:
        interval = self.service.watchdog_interval
        return asyncio.ensure_future(self._pat(interval)) if interval else None

    async def _pat(self, interval: float) -> None:
        while True:
            self.store.database.data_version()
            self.service.watchdog()
            await asyncio.sleep(interval)
