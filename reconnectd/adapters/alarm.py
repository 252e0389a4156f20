"""Calls at absolute instants, also after a suspend or a step of the wall clock.

APScheduler keeps the jobs and runs them; when to look at them is taken out of its hands, because it counts
relative waits on the monotonic clock, which stands still in suspend and knows nothing of steps. A `_Timer` takes
that part: a timer of the kernel on CLOCK_REALTIME where there is one, a look at the clock every 20 s elsewhere.

Everything here belongs to one event loop and is called from its thread only.
"""

from __future__ import annotations

import asyncio
import ctypes
import datetime as dt
import errno
import functools
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Protocol

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.date import DateTrigger

from reconnectd.errors import ReconnectdError
from reconnectd.ports import Alarm, Clock

_log = logging.getLogger(__name__)

POLL = dt.timedelta(seconds=20)
"""How late a word may come after a suspend where the kernel has no timer that tells."""

_STEP = 2.0
"""Seconds by which two clocks may drift apart before that counts as a step."""

_OVERLAPS = 1_000
"""How often one name may be running at once; at 1 APScheduler drops a job that sets itself anew for now."""

Called = Callable[[], None]


class _Timer(Protocol):
    """Rings once at an instant, and whenever the wall clock was set."""

    def open(self, rang: Called, stepped: Called) -> None:
        """Begin: call `rang` at the instant, `stepped` after a step of the clock."""
        ...

    def set(self, due: dt.datetime | None) -> None:
        """Ring at `due` instead of at the earlier one; None only for steps of the clock."""
        ...

    def close(self) -> None: ...


class _Scheduler(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler without its timer: looks at its jobs at once when asked, then has the `_Timer` set."""

    def __init__(self, timer: _Timer) -> None:
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": _OVERLAPS}
        stores = {"default": MemoryJobStore()}
        super().__init__(timezone=dt.UTC, jobstores=stores, job_defaults=defaults)
        self._timer = timer

    def wakeup(self) -> None:
        """Start what is due; the original would first go round the loop."""
        if self.running:
            self._process_jobs()
            self._timer.set(self._jobstores["default"].get_next_run_time())

    def stop(self) -> None:
        """Forget the jobs and cancel those that run, now; the original would go round the loop."""
        BaseScheduler.shutdown(self, wait=False)


class _ScheduledAlarm:
    """The `Alarm` port on a `_Timer`."""

    def __init__(self, timer: _Timer) -> None:
        self._timer = timer
        self._scheduler = _Scheduler(timer)
        self._on_clock_set: Callable[[], None] = _nothing

    def start(self, on_clock_set: Callable[[], None]) -> None:
        """Begin, in the running loop. What was set before is kept."""
        self._on_clock_set = on_clock_set
        self._timer.open(self._scheduler.wakeup, self._stepped)
        self._scheduler.start()

    def at(self, name: str, when: dt.datetime, call: Callable[[], Awaitable[None]]) -> None:
        """Call once at `when`, at once if it has passed; replaces the earlier one of that name.

        One that is already running runs on beside the new one. What it raises is logged and goes no further.
        """
        if when.tzinfo is None:
            raise ValueError("an alarm is set for an aware instant")
        self._forget(name)
        ring = functools.partial(_run, name, call)
        self._scheduler.add_job(ring, DateTrigger(when.astimezone(dt.UTC), dt.UTC), id=name)

    def cancel(self, name: str) -> None:
        """Forget the one of that name, if there is one; one that is already running runs on."""
        if self._forget(name):
            self._scheduler.wakeup()

    def stop(self) -> None:
        """Forget everything, cancel what is running (also the caller, if that is a job), give the timer back."""
        if self._scheduler.running:
            self._scheduler.stop()
        self._timer.close()

    def _forget(self, name: str) -> bool:
        found = self._scheduler.get_job(name) is not None
        if found:
            self._scheduler.remove_job(name)
        return found

    def _stepped(self) -> None:
        try:
            self._on_clock_set()
        except Exception:  # noqa: BLE001 - whatever goes wrong in there, what is due must still ring
            _log.exception("after the clock was set")
        self._scheduler.wakeup()


class TimerfdAlarm(_ScheduledAlarm):
    """Rings by a timer of the kernel: no wakeups while nothing is due, told of every step of the clock.

    Raises OSError or AttributeError where the kernel or the C library has no such timer.
    """

    def __init__(self) -> None:
        super().__init__(_KernelTimer())


class PollingAlarm(_ScheduledAlarm):
    """Rings by a look at the clock every 20 s; after a suspend a call may come that much late."""

    def __init__(self, clock: Clock, every: dt.timedelta = POLL) -> None:
        super().__init__(_PollingTimer(clock, every))


def make_alarm(clock: Clock) -> Alarm:
    """The best alarm that this machine has, with APScheduler's own logging quiet."""
    quiet_apscheduler()
    try:
        return TimerfdAlarm()
    except (OSError, AttributeError):
        return PollingAlarm(clock)


def quiet_apscheduler() -> None:
    """Let APScheduler log only its own faults: two lines for each job would fill a journal, and what goes wrong
    inside a job is logged here."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)


async def _run(name: str, call: Callable[[], Awaitable[None]]) -> None:
    try:
        await call()
    except asyncio.CancelledError:
        _log.debug("%s was ended by the stop of the alarm", name)
    except ReconnectdError as error:
        _log.warning("%s: %s", name, error)
    except Exception:  # noqa: BLE001 - one bad job must not keep the others from ringing
        _log.exception("%s went wrong", name)


def _nothing() -> None:
    """What happens on a step of the clock before anybody asked to be told."""


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("value", _Timespec))


_REALTIME = 0
_ABSTIME_AND_TELL = 1 | 2
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NEVER = (2**33 if ctypes.sizeof(ctypes.c_long) > 4 else 2**31 - 1) * 10**9
"""As good as never (the year 2242). A timer that is not armed would not be told of steps."""


class _OsCalls:
    """timerfd by the standard library, from Python 3.13 on."""

    def create(self) -> int:
        return int(os.timerfd_create(_REALTIME, flags=os.O_NONBLOCK | os.O_CLOEXEC))  # type: ignore[attr-defined,unused-ignore]

    def settime(self, fd: int, at_ns: int) -> None:
        os.timerfd_settime_ns(fd, flags=_ABSTIME_AND_TELL, initial=at_ns)  # type: ignore[attr-defined,unused-ignore]


class _LibcCalls:
    """timerfd by the C library: plain calls and no callbacks, so that MemoryDenyWriteExecute doesn't mind."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def create(self) -> int:
        return _checked(self._libc.timerfd_create(_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC))

    def settime(self, fd: int, at_ns: int) -> None:
        spec = _Itimerspec(value=_Timespec(*divmod(at_ns, 10**9)))
        _checked(self._libc.timerfd_settime(fd, _ABSTIME_AND_TELL, ctypes.byref(spec), None))


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


class _KernelTimer:
    """timerfd(CLOCK_REALTIME, ABSTIME | CANCEL_ON_SET), read by the loop.

    A step of the clock (or waking up) is told once, as ECANCELED: by the next read, or by the next setting if
    that comes first. Both are listened to.
    """

    def __init__(self) -> None:
        self._calls = _OsCalls() if hasattr(os, "timerfd_create") else _LibcCalls()
        self._fd = self._calls.create()
        self._rang: Called = _nothing
        self._stepped: Called = _nothing

    def open(self, rang: Called, stepped: Called) -> None:
        if self._fd < 0:
            self._fd = self._calls.create()
        self._rang, self._stepped = rang, stepped
        asyncio.get_running_loop().add_reader(self._fd, self._readable)

    def set(self, due: dt.datetime | None) -> None:
        at = _NEVER if due is None else min(max(_nanoseconds(due), 1), _NEVER)
        if not self._armed(at):
            asyncio.get_running_loop().call_soon(self._told)
            self._armed(at)

    def close(self) -> None:
        if self._fd < 0:
            return
        if self._rang is not _nothing:
            asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)
        self._fd, self._rang, self._stepped = -1, _nothing, _nothing

    def _armed(self, at_ns: int) -> bool:
        """Arm it; False when that told that the clock was set meanwhile."""
        try:
            self._calls.settime(self._fd, at_ns)
        except OSError as error:
            if error.errno != errno.ECANCELED:
                raise
            return False
        return True

    def _readable(self) -> None:
        try:
            os.read(self._fd, 8)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.ECANCELED:
                raise
            self._stepped()
        else:
            self._rang()

    def _told(self) -> None:
        self._stepped()


def _nanoseconds(when: dt.datetime) -> int:
    return (when - _EPOCH) // dt.timedelta(microseconds=1) * 1_000


class _PollingTimer:
    """Waits at most `every` at a time, and compares the wall clock with the monotonic one."""

    def __init__(self, clock: Clock, every: dt.timedelta) -> None:
        self._clock = clock
        self._every = every.total_seconds()
        self._rang: Called = _nothing
        self._stepped: Called = _nothing
        self._handle: asyncio.TimerHandle | None = None
        self._offset = 0.0

    def open(self, rang: Called, stepped: Called) -> None:
        self._rang, self._stepped = rang, stepped
        self._offset = self._measured()

    def set(self, due: dt.datetime | None) -> None:
        self._drop()
        wait = self._every
        if due is not None:
            wait = min(max((due - self._clock.now()).total_seconds(), 0.0), wait)
        loop = asyncio.get_running_loop()
        self._handle = loop.call_later(wait, self._passed, loop.time() + wait)

    def close(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _measured(self) -> float:
        """Wall minus monotonic time, in seconds: changes by a step, and by a suspend on most systems."""
        return self._clock.now().timestamp() - asyncio.get_running_loop().time()

    def _passed(self, asked_for: float) -> None:
        offset, late = self._measured(), asyncio.get_running_loop().time() - asked_for
        stepped = abs(offset - self._offset) > _STEP or late > _STEP
        self._offset = offset
        if stepped:
            self._stepped()
        else:
            self._rang()
