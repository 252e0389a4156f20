from __future__ import annotations

import asyncio
import ctypes
import datetime as dt
import logging
import os
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from needs import kernel_refuses, needs

from reconnectd.adapters.alarm import PollingAlarm, TimerfdAlarm, make_alarm
from reconnectd.adapters.clock import SystemClock
from reconnectd.ports import Alarm

ROOT = Path(__file__).parents[1]
linux = pytest.mark.skipif(sys.platform != "linux", reason="timerfd is of Linux")


class Bells:
    """Remembers what rang, and lets a test wait for it."""

    def __init__(self) -> None:
        self.rang: list[str] = []
        self.late: list[dt.timedelta] = []
        self._heard = asyncio.Condition()

    def bell(self, word: str, due: dt.datetime | None = None) -> Callable[[], Awaitable[None]]:
        async def ring() -> None:
            self.rang.append(word)
            if due is not None:
                self.late.append(SystemClock().now() - due)
            async with self._heard:
                self._heard.notify_all()

        return ring

    async def after(self, count: int) -> list[str]:
        async with asyncio.timeout(10), self._heard:
            await self._heard.wait_for(lambda: len(self.rang) >= count)
        return self.rang


def soon(milliseconds: float) -> dt.datetime:
    return SystemClock().now() + dt.timedelta(milliseconds=milliseconds)


@pytest.fixture(params=["kernel", "polling"])
async def alarm(request: pytest.FixtureRequest) -> Iterator[Alarm]:  # type: ignore[misc]
    made: Alarm = PollingAlarm(SystemClock())
    if request.param == "kernel":
        if sys.platform != "linux":
            pytest.skip("timerfd is of Linux")
        made = TimerfdAlarm()
    yield made
    made.stop()


async def test_what_is_set_rings_in_the_order_of_its_instants(alarm: Alarm) -> None:
    bells = Bells()
    alarm.start(lambda: None)
    alarm.at("third", soon(90), bells.bell("third"))
    alarm.at("first", soon(30), bells.bell("first"))
    alarm.at("second", soon(60), bells.bell("second"))
    assert await bells.after(3) == ["first", "second", "third"]


async def test_it_never_rings_before_its_instant(alarm: Alarm) -> None:
    bells = Bells()
    alarm.start(lambda: None)
    for n in range(20):
        due = soon(5 + 7 * n)
        alarm.at(f"bell {n}", due, bells.bell("rang", due))
    await bells.after(20)
    assert min(bells.late) >= dt.timedelta(0)


async def test_a_past_instant_rings_at_once(alarm: Alarm) -> None:
    bells = Bells()
    alarm.start(lambda: None)
    alarm.at("long ago", dt.datetime(1969, 7, 20, tzinfo=dt.UTC), bells.bell("1969"))
    assert await bells.after(1) == ["1969"]


async def test_what_was_set_before_the_start_rings(alarm: Alarm) -> None:
    bells = Bells()
    alarm.at("early", soon(10), bells.bell("first wish"))
    alarm.at("early", soon(20), bells.bell("second wish"))
    alarm.start(lambda: None)
    alarm.at("end", soon(60), bells.bell("end"))
    assert await bells.after(2) == ["second wish", "end"]


async def test_setting_a_name_again_replaces_it(alarm: Alarm) -> None:
    bells = Bells()
    alarm.start(lambda: None)
    alarm.at("speak", soon(20), bells.bell("old"))
    alarm.at("speak", soon(40), bells.bell("new"))
    alarm.at("end", soon(80), bells.bell("end"))
    assert await bells.after(2) == ["new", "end"]


async def test_a_cancelled_one_stays_silent(alarm: Alarm) -> None:
    bells = Bells()
    alarm.start(lambda: None)
    alarm.at("speak", soon(20), bells.bell("speak"))
    alarm.at("end", soon(60), bells.bell("end"))
    alarm.cancel("speak")
    alarm.cancel("nobody of that name")
    assert await bells.after(1) == ["end"]


async def test_a_job_may_set_itself_anew_for_this_very_moment(alarm: Alarm) -> None:
    bells = Bells()

    async def again() -> None:
        await bells.bell("again")()
        if len(bells.rang) < 5:
            alarm.at("again", SystemClock().now(), again)
            await asyncio.sleep(0.01)

    alarm.start(lambda: None)
    alarm.at("again", soon(0), again)
    assert len(await bells.after(5)) == 5


async def test_an_error_in_one_is_logged_and_the_next_one_rings(alarm: Alarm, caplog: pytest.LogCaptureFixture) -> None:
    bells = Bells()

    async def broken() -> None:
        raise RuntimeError("a bug")

    alarm.start(lambda: None)
    alarm.at("broken", soon(5), broken)
    alarm.at("whole", soon(30), bells.bell("whole"))
    assert await bells.after(1) == ["whole"]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "broken went wrong"
    ]


async def test_a_naive_instant_is_refused(alarm: Alarm) -> None:
    with pytest.raises(ValueError, match="aware"):
        alarm.at("when?", dt.datetime(2026, 11, 23, 19, 0), Bells().bell("?"))  # noqa: DTZ001


async def test_after_the_stop_nothing_rings_and_nothing_stays_open(
    alarm: Alarm, caplog: pytest.LogCaptureFixture
) -> None:
    bells, runs = Bells(), asyncio.Event()

    async def running() -> None:
        runs.set()
        await asyncio.sleep(60)

    alarm.start(lambda: None)
    alarm.at("too late", soon(500), bells.bell("too late"))
    alarm.at("running", soon(0), running)
    await asyncio.wait_for(runs.wait(), 10)
    alarm.stop()
    alarm.stop()
    await asyncio.sleep(0.6)
    assert bells.rang == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_it_can_be_started_again(alarm: Alarm) -> None:
    bells = Bells()
    alarm.start(lambda: None)
    alarm.stop()
    alarm.start(lambda: None)
    alarm.at("second life", soon(5), bells.bell("rang"))
    assert await bells.after(1) == ["rang"]


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@linux
async def test_a_stopped_alarm_has_given_its_descriptor_back() -> None:
    before = open_descriptors()
    alarm = TimerfdAlarm()
    alarm.start(lambda: None)
    assert open_descriptors() == before + 1
    alarm.stop()
    assert open_descriptors() == before


async def test_apscheduler_keeps_quiet_about_every_job(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    alarm = make_alarm(SystemClock())
    bells = Bells()
    alarm.start(lambda: None)
    alarm.at("speak", soon(0), bells.bell("rang"))
    await bells.after(1)
    alarm.stop()
    assert not [record for record in caplog.records if record.name.startswith("apscheduler")]


class Timex(ctypes.Structure):
    """The beginning of `struct timex` of adjtimex(2); the rest is padding."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("numbers", ctypes.c_long * 8),
        ("seconds", ctypes.c_long),
        ("nanoseconds", ctypes.c_long),
        ("rest", ctypes.c_long * 40),
    )


def step_clock(nanoseconds: int) -> None:
    """Set the machine's clock by so little that nobody else can notice; PermissionError where that isn't allowed."""
    seconds, nanoseconds = divmod(nanoseconds, 10**9)
    wish = Timex(modes=0x0100 | 0x2000, seconds=seconds, nanoseconds=nanoseconds)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.adjtimex(ctypes.byref(wish)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@pytest.fixture
def may_step_clock() -> None:
    try:
        step_clock(1)
        step_clock(-1)
    except OSError as error:
        kernel_refuses(f"setting the clock by a nanosecond ({error.strerror})")


@linux
@pytest.mark.usefixtures("may_step_clock")
@pytest.mark.parametrize("armed", [True, False], ids=["something is due", "nothing is due"])
async def test_a_step_of_the_clock_is_told(armed: bool) -> None:
    bells, told = Bells(), asyncio.Event()
    alarm = TimerfdAlarm()
    alarm.start(told.set)
    if armed:
        alarm.at("later", soon(100), bells.bell("rang"))
    await asyncio.sleep(0)
    step_clock(1)
    async with asyncio.timeout(5):
        await told.wait()
    step_clock(-1)
    if armed:
        assert await bells.after(1) == ["rang"]
    alarm.stop()


@linux
@pytest.mark.usefixtures("may_step_clock")
async def test_a_step_is_told_also_when_a_new_wish_comes_before_it_was_read() -> None:
    told = asyncio.Event()
    alarm = TimerfdAlarm()
    alarm.start(told.set)
    step_clock(1)
    alarm.at("later", soon(50), Bells().bell("rang"))
    async with asyncio.timeout(5):
        await told.wait()
    step_clock(-1)
    alarm.stop()


@linux
@pytest.mark.usefixtures("may_step_clock")
async def test_what_goes_wrong_after_a_step_keeps_nothing_from_ringing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bells = Bells()

    def broken() -> None:
        raise RuntimeError("a bug")

    alarm = TimerfdAlarm()
    alarm.start(broken)
    alarm.at("speak", soon(40), bells.bell("rang"))
    step_clock(1)
    step_clock(-1)
    assert await bells.after(1) == ["rang"]
    assert "after the clock was set" in caplog.text
    alarm.stop()


class SteppedClock:
    """The machine's clock and a step that a test makes."""

    def __init__(self) -> None:
        self.step = dt.timedelta(0)

    def now(self) -> dt.datetime:
        return SystemClock().now() + self.step


async def test_polling_tells_of_a_step_at_the_next_look() -> None:
    clock, told = SteppedClock(), asyncio.Event()
    alarm = PollingAlarm(clock, every=dt.timedelta(milliseconds=20))
    alarm.start(told.set)
    await asyncio.sleep(0.05)
    assert not told.is_set()
    clock.step = dt.timedelta(hours=-1)
    alarm.at("a wish between two looks", soon(600_000), Bells().bell("?"))
    async with asyncio.timeout(5):
        await told.wait()
    told.clear()
    await asyncio.sleep(0.05)
    assert not told.is_set()
    alarm.stop()


SUSPENDED = """
    import asyncio, datetime as dt, os, sys, time
    from reconnectd.adapters.alarm import PollingAlarm
    from reconnectd.adapters.clock import SystemClock

    async def main():
        rang = asyncio.Event()
        async def ring(): rang.set()
        alarm = PollingAlarm(SystemClock(), every=dt.timedelta(seconds=0.1))
        alarm.start(lambda: print("told"))
        alarm.at("speak", SystemClock().now() + dt.timedelta(hours=1), ring)
        await asyncio.sleep(0.3)
        print("silent" if not rang.is_set() else "early")
        with open(os.environ["FAKETIME_TIMESTAMP_FILE"], "w") as file: file.write("+2h")
        async with asyncio.timeout(5): await rang.wait()
        print("rang")
    asyncio.run(main())
"""


@linux
@needs("faketime")
def test_polling_rings_after_a_suspend_that_its_timer_slept_through(tmp_path: Path) -> None:
    step = tmp_path / "step"
    step.write_text("+0")
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    environ = os.environ | {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(step),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(ROOT),
    }
    program = [sys.executable, "-c", textwrap.dedent(SUSPENDED)]
    ran = subprocess.run(program, env=environ, capture_output=True, text=True, timeout=30, check=False)
    assert ran.stdout.split() == ["silent", "told", "rang"], ran.stderr
