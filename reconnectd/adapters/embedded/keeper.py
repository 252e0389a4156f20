"""The calendar on this machine: a CalDAV server of our own, for as long as somebody here needs it.

One at a time, by a lock that the server itself inherits, so that the next one waits until the last is gone.
Its password is handed out only while the listener on its port is proved to be that very process.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from reconnectd.adapters.embedded.files import Credentials, EmbeddedFiles, Running
from reconnectd.errors import Refused, StateError

START_SECONDS = 10.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.05
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


class EmbeddedCalendar:
    """The embedded server whose files are in `data`."""

    def __init__(self, data: Path) -> None:
        self._files = EmbeddedFiles(data)
        self._child: subprocess.Popen[bytes] | None = None
        self._leash: socket.socket | None = None

    def credentials(self) -> Credentials:
        """The account, without starting anything; StateError when it never ran. For people's eyes and for
        other apps: whoever sends the password asks `start` or `attach`."""
        return self._files.credentials()

    def start(self) -> Credentials:
        """Start it, or join the one that another process of ours runs. Returns when it listens; StateError
        when it doesn't within 10 s. It ends with `stop`, and with this process."""
        require_radicale()
        end = time.monotonic() + START_SECONDS
        if not self._begin_or_join(end):
            return self.attach()
        try:
            while not self._listening(end):
                time.sleep(POLL_SECONDS)
        except BaseException:
            self.stop()
            raise
        return self.credentials()

    def attach(self) -> Credentials:
        """The account of the server that another process of ours runs, StateError when none does, Refused
        when somebody else listens in its place."""
        running = self._files.running()
        if running is None or not self._files.locked_elsewhere():
            raise StateError("the embedded calendar is not running", "start reconnectd, or `reconnect sync`")
        if not running.proved():
            raise Refused(
                "something else listens where the embedded calendar should be; it gets no password",
                "stop reconnectd and start it again: it takes another port",
            )
        return self.credentials()

    def alive(self) -> bool:
        """Does it run, here or in another process of ours?"""
        if self._child is not None:
            return self._child.poll() is None
        running = self._files.running()
        return running is not None and self._files.locked_elsewhere() and running.proved()

    @property
    def pid(self) -> int | None:
        """The server's process id, if it is ours."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def stop(self) -> None:
        """End the server if it is ours: asked kindly, then not."""
        self._let_go()
        if self._child is not None:
            self._wait_or_kill(self._child)
            self._child = None
        self._files.release_lock()

    async def run(self, on_state: Callable[[bool], None]) -> None:
        """Keep it running until cancelled; `on_state` hears True when it serves and False when it doesn't.
        Restarted after 1, 2, 4 … 60 s when it dies; another process's server is joined and watched."""
        require_radicale()
        pause = 1.0
        while True:
            began = time.monotonic()
            try:
                await self._one_life(on_state)
            except (StateError, Refused, OSError) as error:
                log.warning("the embedded calendar is not there: %s", error)
            on_state(False)  # noqa: FBT003
            pause = 1.0 if time.monotonic() - began > LONGEST_PAUSE else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _one_life(self, on_state: Callable[[bool], None]) -> None:
        try:
            if self._begin():
                await self._until_listening()
                on_state(True)  # noqa: FBT003
                await self._until_ended()
            else:
                self.attach()
                on_state(True)  # noqa: FBT003
                await _while(self.alive, STOP_SECONDS)
        finally:
            await self._stop_in_loop()

    async def _until_listening(self) -> None:
        end = time.monotonic() + START_SECONDS
        await _while(lambda: not self._listening(end), POLL_SECONDS)

    async def _until_ended(self) -> None:
        if self._leash is not None:
            await asyncio.get_running_loop().sock_recv(self._leash, 1)  # it never writes: this is its end

    async def _stop_in_loop(self) -> None:
        self._let_go()
        child, end = self._child, time.monotonic() + STOP_SECONDS
        if child is not None:
            await _while(lambda: child.poll() is None and time.monotonic() < end, POLL_SECONDS)
            _kill(child)
        self.stop()

    def _begin_or_join(self, end: float) -> bool:
        """True when we started it, False when another process's server is there. Waits for one that is just
        coming up or going away."""
        while not self._begin():
            try:
                self.attach()
            except (StateError, Refused):
                if time.monotonic() > end:
                    raise
                time.sleep(POLL_SECONDS)
            else:
                return False
        return True

    def _begin(self) -> bool:
        """Spawn the server under the lock; False when another process has it."""
        self._files.prepare()
        if not self._files.take_lock():
            return False
        port = self._files.free_port()
        self._leash, end = socket.socketpair()
        self._leash.setblocking(False)  # noqa: FBT003
        with end:
            self._child = self._spawn(port, end.fileno())
        self._files.remember(Running(self._child.pid, os.getpid(), port))
        return True

    def _spawn(self, port: int, leash: int) -> subprocess.Popen[bytes]:
        module = "reconnectd.adapters.embedded.server"
        folder, lock = self._files.folder, self._files.lock
        assert lock is not None
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(folder), str(port), str(os.getpid())],
            stdin=leash,
            stdout=subprocess.DEVNULL,
            pass_fds=(lock,),
            cwd=folder,
            umask=0o077,
            process_group=0,
            env=_environment(),
        )

    def _listening(self, end: float) -> bool:
        """Does our child listen? StateError once it has ended, or `end` has passed."""
        running = self._files.running()
        if running is not None and running.proved():
            return True
        code = self._child.poll() if self._child is not None else None
        if code is not None:
            raise StateError(f"the embedded calendar ended at once ({code})", "`reconnect doctor` looks closer")
        if time.monotonic() > end:
            raise StateError("the embedded calendar did not start in time", "`reconnect doctor` looks closer")
        return False

    def _let_go(self) -> None:
        if self._leash is not None:
            self._leash.close()
            self._leash = None

    def _wait_or_kill(self, child: subprocess.Popen[bytes]) -> None:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _kill(child)


def require_radicale() -> None:
    """StateError with the remedy when the embedded server isn't installed."""
    if importlib.util.find_spec("radicale") is None:
        raise StateError(
            "the calendar on this machine needs Radicale, which isn't installed",
            'pip install "reconnectd[server]", or name a calendar server under [calendar] url',
        )


def _environment() -> dict[str, str]:
    """Ours without anything meant for another Radicale; one memory arena, for it has a thread a request."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("RADICALE")}
    return {**kept, "MALLOC_ARENA_MAX": "1"}


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


async def _while(condition: Callable[[], bool], seconds: float) -> None:
    """Come back when `condition` no longer holds; for what can only be looked at, not waited for."""
    while condition():  # noqa: ASYNC110
        await asyncio.sleep(seconds)
