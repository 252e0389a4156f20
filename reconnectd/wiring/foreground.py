"""The daemon for as long as a terminal wants it: a child, looked at from outside as any other program would."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar

from reconnectd.adapters.clock import SystemClock
from reconnectd.adapters.ipc_client import ask, socket_path
from reconnectd.adapters.places import Places
from reconnectd.adapters.user_service import NoManager, UserManager
from reconnectd.core.hidden import keeps_its_moment
from reconnectd.core.occurrence import AFTERWARDS, Occurrence
from reconnectd.errors import Busy, ReconnectdError
from reconnectd.wiring.account import SignIn
from reconnectd.wiring.session import Session

PATIENCE = 20.0
"""Seconds in which a daemon listens, and its first sync ends, on a slow machine."""

TO_SHOW = 6.0
"""Seconds to wait for the notification server; it has five."""

AHEAD = dt.timedelta(days=60)

T = TypeVar("T")


class RunsAlready(Busy):
    """A daemon, or the installed service, has this state."""

    def __init__(self, pid: int, *, service: bool) -> None:
        how, stop = (
            (", as the installed service", "systemctl --user stop reconnectd") if service else ("", f"kill {pid}")
        )
        super().__init__(
            f"reconnectd runs already{how} (pid {pid}), and that is fine",
            f"`reconnect status` shows how it is; to have it in this terminal instead, stop that one first: {stop}",
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A word to come, and what it is about. `hidden`: the moment would spoil a surprise."""

    due: dt.datetime
    about: Occurrence
    hidden: bool


class Foreground:
    """One run. SIGINT, SIGTERM and a closed terminal raise KeyboardInterrupt in the caller."""

    def __init__(self, config: str | None) -> None:
        self._config = config
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def places(self) -> Places:
        """Where the files are."""
        return Session(self._config).places

    def start(self) -> None:
        """Start the daemon; RunsAlready when there is one."""
        if pid := Session(self._config).daemon_pid():
            raise RunsAlready(pid, service=_is_service(pid))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        chosen = ["--config", self._config] if self._config else []
        argv = [sys.executable, "-m", "reconnectd", "--in-terminal", *chosen]
        self._child = subprocess.Popen(argv, stdin=subprocess.DEVNULL)

    def listens(self) -> bool:
        """Wait until it answers; False when it ended, or never does."""
        return self._patiently(lambda: self._ask("status")) is not None

    def account(self) -> SignIn | None:
        """How to look at the calendar, after the first sync; None when that takes too long."""
        self._patiently(lambda: self._last_run() or None)
        try:
            return Session(self._config).sign_in()
        except ReconnectdError:
            return None

    def _last_run(self) -> bool:
        store = Session(self._config).peek()
        return store is not None and store.objects.last_run() is not None

    def words(self, at_most: int) -> list[Word]:
        """The next words about what is to come, by the time at which they are said."""
        now = SystemClock().now()
        store = Session(self._config).peek()
        if store is None:
            return []
        found = []
        for reminder in store.reminders.waiting(now + AHEAD):
            about = store.plan.get(reminder.occurrence)
            if about is not None and reminder.due > now and reminder.lead != AFTERWARDS:
                hidden = keeps_its_moment(about.reason, about.state, about.start, now, pinned=about.pinned)
                found.append(Word(reminder.due.astimezone(about.start.tzinfo), about, hidden))
        return found[:at_most]

    def says_it_is_alive(self) -> bool:
        """Show one notification; was there anybody to show it?"""
        return bool((self._ask("alive", TO_SHOW) or {}).get("shown"))

    def has_desktop(self) -> bool:
        """Is there a session bus, even if nobody on it shows notifications yet?"""
        notifications = (self._ask("status") or {}).get("notifications") or {}
        return notifications.get("backend") != "log"

    def held(self) -> int:
        """How many words wait for somebody to show them."""
        store = Session(self._config).peek()
        return len(store.reminders.waiting(SystemClock().now())) if store else 0

    def wait(self) -> int:
        """Until it ends by itself; its exit code."""
        assert self._child is not None
        code = self._child.wait()
        return code if code >= 0 else 1

    def stop(self) -> None:
        """End it, and wait until it has ended; a second Ctrl-C changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(PATIENCE)

    def _ask(self, verb: str, timeout: float = 2.0) -> dict[str, Any] | None:
        answer = ask(socket_path(os.environ, self.places.state), verb, timeout=timeout)
        return answer if answer is not None and answer.get("ok") else None

    def _patiently(self, look: Callable[[], T | None]) -> T | None:
        """The first thing that is seen while the daemon lives and patience lasts."""
        assert self._child is not None
        end = time.monotonic() + PATIENCE
        while self._child.poll() is None and time.monotonic() < end:
            if (seen := look()) is not None:
                return seen
            time.sleep(0.05)
        return None


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _is_service(pid: int) -> bool:
    try:
        return UserManager(os.environ).facts().get("MainPID") == str(pid)
    except NoManager:
        return False
