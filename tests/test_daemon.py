"""The resident process: it arms, reloads, syncs and ends as it should, whatever happens around it."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk
from home import PROGRAMS, Home, home, wait_until
from household import HOUR, MINUTE, MORNING_WORD, SUNDAY_TALK, berlin, fixed, settings
from life import Life

from reconnectd.core.model import Daily
from reconnectd.core.occurrence import State
from reconnectd.errors import ConfigError
from reconnectd.ports import Answer, SyncReport

CONFIG = '[people]\nme = "Alex"\nhousehold = "k3v9-rt2p"\n'
FAILED = SyncReport(error={"code": 69, "message": "the server did not answer", "fix": ""})
LOCKED = SyncReport(error={"code": 75, "message": "the keyring is locked", "fix": ""})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, settings(MORNING_WORD, SUNDAY_TALK))
    yield made
    made.store.close()


@pytest.fixture
async def life(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Life]:
    monkeypatch.setattr("reconnectd.app.daemon.HALF_WRITTEN", 0.0)
    made = Life(desk)
    yield made
    for task in made.daemon._tasks:
        task.cancel()


# Instants.


async def test_it_arms_what_comes_in_the_next_day_and_a_half_and_speaks_then(life: Life) -> None:
    await life.daemon.rows_changed()
    assert life.alarm.says() == [berlin("2026-11-23 09:05"), berlin("2026-11-24 09:05")]
    life.desk.clock.time = berlin("2026-11-23 09:05") - dt.timedelta(microseconds=50)
    await life.alarm.ring(min(life.alarm.set, key=lambda name: life.alarm.set[name][0]))
    assert life.desk.desktop.titles() == ["A kind word"], "also when the clock is a hair behind the alarm"


async def test_changed_rows_are_armed_anew(life: Life) -> None:
    await life.daemon.rows_changed()
    life.desk.actions.skip(life.desk.row("morning-word@2026-11-24"), life.desk.clock.now(), for_both=True)
    await life.daemon.rows_changed()
    assert life.alarm.says() == [berlin("2026-11-23 09:05")]
    assert life.service.told[-1].startswith("next word at ")


async def test_the_plan_is_looked_at_when_its_day_ends(life: Life) -> None:
    await life.daemon.rows_changed()
    assert life.alarm.set["renew"][0] == life.desk.clock.now() + 6 * HOUR
    life.desk.clock.time = berlin("2026-11-24 01:00")
    await life.daemon.rows_changed()
    assert life.alarm.set["renew"][0] == berlin("2026-11-24 04:00")


async def test_after_a_step_of_the_clock_it_speaks_arms_and_syncs(life: Life) -> None:
    """The next sync was set for an instant that a step back has put far ahead."""
    life.desk.clock.time = berlin("2026-11-23 09:06")
    life.alarm.set["sync"] = (berlin("2036-01-01 00:00"), life.alarm.stop)  # type: ignore[assignment]
    life.daemon.clock_was_set()
    await life.settle()
    assert life.desk.desktop.titles() == ["A kind word"]
    assert life.next_sync() < MINUTE


async def test_a_server_that_took_no_word_is_asked_again_in_a_minute(life: Life) -> None:
    life.desk.desktop.hangs = True
    life.desk.clock.time = berlin("2026-11-23 09:05")
    await life.daemon.rows_changed()
    assert life.alarm.set["again"][0] == life.desk.clock.now() + MINUTE
    life.desk.desktop.hangs = False
    life.desk.clock.forward(MINUTE)
    await life.alarm.ring("again")
    assert life.desk.desktop.titles() == ["A kind word"]
    assert "again" not in life.alarm.set


# Sync.


async def test_several_wishes_are_one_run(life: Life) -> None:
    for _ in range(5):
        life.daemon.sync_soon()
    await life.alarm.ring("sync")
    assert life.worker.runs == 1
    assert life.next_sync() == dt.timedelta(minutes=15)


async def test_a_wish_during_a_run_is_another_run_soon(life: Life) -> None:
    life.worker.gate = asyncio.Event()
    life.daemon.sync_soon()
    running = asyncio.ensure_future(life.alarm.ring("sync"))
    await asyncio.sleep(0)
    life.daemon.sync_soon()
    life.worker.gate.set()
    await running
    assert life.next_sync() < dt.timedelta(seconds=1)


async def test_failures_back_off_and_a_success_ends_that(life: Life) -> None:
    quick = replace(life.desk.config.calendar, sync_every=dt.timedelta(minutes=1))
    life.daemon.settings = replace(life.desk.config, calendar=quick)
    life.worker.answers = [FAILED, None, FAILED, OSError("no process"), FAILED, FAILED, FAILED, FAILED, SyncReport()]
    minutes = []
    for _ in range(9):
        life.daemon.sync_soon()
        await life.alarm.ring("sync")
        minutes.append(life.next_sync() / MINUTE)
    assert minutes == [1, 2, 4, 8, 15, 30, 60, 60, 1]


async def test_refused_three_times_it_waits_until_something_changes(life: Life) -> None:
    no = SyncReport(error={"code": 77, "message": "the login was refused", "fix": ""})
    life.worker.answers = [no, no, no, SyncReport()]
    life.daemon.sync_soon()
    for _ in range(3):
        assert "sync" in life.alarm.set
        await life.alarm.ring("sync")
    assert "sync" not in life.alarm.set
    life.daemon.sync_soon()
    await life.alarm.ring("sync")
    assert life.next_sync() == dt.timedelta(minutes=15)


async def test_a_locked_keyring_is_waited_for_without_end_and_costs_no_patience(life: Life) -> None:
    life.worker.answers = [*[LOCKED] * 9, FAILED]
    life.daemon.sync_soon()
    for _ in range(9):
        await life.alarm.ring("sync")
        assert life.next_sync() == 2 * MINUTE
    await life.alarm.ring("sync")
    assert life.next_sync() == 15 * MINUTE, "the first failure, not the tenth"


async def test_when_somebody_is_there_again_a_locked_keyring_is_tried_at_once(life: Life) -> None:
    life.worker.answers = [LOCKED]
    await life.daemon.sync_now()
    life.daemon.unlocked()
    assert life.next_sync() < dt.timedelta(seconds=1)
    await life.alarm.ring("sync")
    await life.settle()
    life.daemon.unlocked()
    assert life.next_sync() == 15 * MINUTE, "nothing waits any more"


async def test_a_command_may_have_the_daemon_sync_and_hears_how_it_went(life: Life) -> None:
    life.worker.answers = [SyncReport(pushed=2), None]
    sync = life.verbs["sync"]
    assert (await sync({}))["report"]["pushed"] == 2
    assert (await sync({}))["report"] is None
    assert life.worker.runs == 2


async def test_what_a_run_brought_is_said(life: Life) -> None:
    life.desk.clock.time = berlin("2026-11-23 09:20")
    life.desk.config = settings(MORNING_WORD, fixed("tea", Daily(), "09:15"))
    life.daemon.sync_soon()
    await life.alarm.ring("sync")
    assert life.desk.desktop.titles() == ["A kind word", "Tea"]


# Reload.


def broken(*problems: str) -> ConfigError:
    return ConfigError(problems or ("config.toml:3: expected a time",))


async def test_a_broken_config_keeps_the_old_and_says_so_once(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    old = life.daemon.settings
    life.files = [broken()]
    for _ in range(3):
        await life.reload()
    assert life.daemon.settings is old
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    status = await life.verbs["status"]({})
    assert "expected a time" in status["problem"]["what"]
    assert life.service.told[-2:] == ["ready", "the config has a problem, the old one stays in use"]


async def test_a_half_written_file_is_read_once_more(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    fresh = replace(life.desk.config, fingerprint="two")
    life.files = [broken(), fresh]
    await life.reload()
    assert (life.daemon.settings, life.daemon.problem) == (fresh, None)
    assert not [record for record in caplog.records if record.levelname == "WARNING"]
    assert life.next_sync() < dt.timedelta(seconds=1)


async def test_a_mended_config_ends_the_problem(life: Life) -> None:
    life.files = [broken(), broken(), life.desk.config]
    await life.reload()
    await life.reload()
    assert (await life.verbs["status"]({}))["problem"] is None


async def test_a_reload_always_ends_also_with_what_nobody_foresaw(life: Life) -> None:
    life.files = [MemoryError()]
    await life.reload()
    assert life.service.told[-2] == "ready"


# Answers.


async def test_an_answer_about_something_in_the_calendar_is_synced(life: Life) -> None:
    await life.desk.at(berlin("2026-11-29 16:00"))
    life.desk.clock.time = berlin("2026-11-29 16:00")
    for number, in_calendar in ((1, False), (max(life.desk.desktop.on_screen), True)):
        life.alarm.set.pop("sync", None)
        life.daemon.answered(Answer(life.desk.desktop.on_screen[number].token, "skip"))
        await life.settle()
        assert ("sync" in life.alarm.set) is in_calendar


async def test_a_command_that_changed_rows_is_seen_on_the_screen(life: Life) -> None:
    await life.desk.at(berlin("2026-11-23 09:05"))
    life.desk.actions.done(life.desk.row("morning-word@2026-11-23"), life.desk.clock.now())
    await life.verbs["changed"]({"sync": True})
    assert life.desk.desktop.on_screen == {}
    assert life.next_sync() < dt.timedelta(seconds=1)


async def test_a_new_server_is_greeted_and_its_absence_is_not(life: Life) -> None:
    life.desk.desktop.restart("")
    await life.desk.at(berlin("2026-11-23 09:05"))
    life.daemon.server_changed()
    await life.settle()
    assert life.desk.desktop.shown == []
    life.desk.desktop.restart("second")
    life.daemon.server_changed()
    await life.settle()
    assert life.desk.desktop.titles() == ["A kind word"]


async def test_who_unlocks_may_be_asked(life: Life) -> None:
    await life.desk.at(berlin("2026-11-29 17:50"))
    life.daemon.unlocked()
    await life.settle()
    assert life.desk.desktop.titles()[-1] == "Sunday talk: did it come about?"


# Life.


async def test_it_is_ready_when_it_is_armed_and_stops_cleanly(life: Life) -> None:
    life.desk.clock.time = berlin("2026-11-23 09:05")
    living = asyncio.ensure_future(life.daemon.run())
    await asyncio.sleep(0)
    await life.settle()
    life.daemon.stop()
    await living
    assert (life.service.told[0], life.service.told[-1], life.alarm.stopped) == ("ready", "stopping", True)
    assert life.desk.row("morning-word@2026-11-23").state is State.ANNOUNCED


async def test_the_status_is_private(life: Life) -> None:
    status = await life.verbs["status"]({})
    assert status["notifications"] == {"backend": "freedesktop", "server": "first", "actions": True, "held": 0}
    assert "kind word" not in str(life.service.told)


# The program itself.


@pytest.fixture
def person() -> Iterator[Home]:
    with home() as found:
        found.write(CONFIG)
        yield found


def test_sigterm_ends_it_cleanly_and_sighup_does_not_end_it(person: Home) -> None:
    with person.daemon() as child:
        child.send_signal(signal.SIGHUP)
        wait_until(lambda: "config read" in person.log(), "the reload")
        child.send_signal(signal.SIGTERM)
        assert child.wait(15) == 0
    assert not person.socket.exists()
    assert "Traceback" not in person.log()


def test_a_second_one_names_the_first_and_leaves(person: Home) -> None:
    with person.daemon() as first:
        argv = [str(PROGRAMS / "reconnectd")]
        second = subprocess.run(argv, env=person.environ, capture_output=True, text=True, check=False, timeout=30)
        assert (second.returncode, first.poll()) == (75, None)
        assert f"already running on this database (pid {first.pid})" in second.stderr


def test_a_broken_file_does_not_stop_a_running_one(person: Home) -> None:
    with person.daemon() as child:
        person.write("[people\n")
        wait_until(lambda: "the config has 1 problem(s)" in person.log(), "the complaint")
        person.write(CONFIG + "# mended\n")
        wait_until(lambda: "config read" in person.log(), "the mended config")
        assert child.poll() is None


HEAVY = {
    "caldav", "click", "dateutil", "icalendar", "keyring", "lxml", "niquests", "plyer", "radicale", "rich",
    "tree_sitter",
}  # fmt: skip
TELL = """
import atexit, os, pathlib, sys
note = pathlib.Path(__file__).with_name(f"{os.getpid()}.modules")
atexit.register(lambda: note.write_text("\\n".join(sys.modules)))
"""


def test_it_stays_small(person: Home) -> None:
    """No library of the worker's or of the command line's is in the resident process, also after a sync."""
    (person.folder / "sitecustomize.py").write_text(TELL)
    with person.daemon(PYTHONPATH=str(person.folder)) as child:
        wait_until(lambda: list(person.folder.glob("*.modules")), "the worker's end")
        child.send_signal(signal.SIGTERM)
        child.wait(15)
    modules = (person.folder / f"{child.pid}.modules").read_text().split("\n")
    assert "reconnectd.app.daemon" in modules
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()


def test_a_config_that_changes_while_it_starts_is_read(person: Home) -> None:
    """The bus is slow to answer, so that the file changes between its reading and the watching."""
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(person.folder / "bus"))
        bus.listen()
        person.bus = f"unix:path={person.folder / 'bus'}"
        argv = [str(PROGRAMS / "reconnectd")]
        with subprocess.Popen(argv, env=person.environ, stderr=subprocess.PIPE, text=True) as child:
            bus.settimeout(20)
            slow, _ = bus.accept()
            person.write("[people\n")
            slow.close()
            bus.close()
            log = iter(child.stderr or ())
            assert any("the config has 1 problem(s)" in line for line in log)
            child.terminate()


def test_the_calendar_of_its_own_runs_as_soon_as_the_config_wants_it(person: Home) -> None:
    account = '[calendar]\nurl = "https://127.0.0.1:1/"\nusername = "a"\npassword_command = ["echo", "x"]\n'
    person.write(account + CONFIG)
    with person.daemon():
        assert not person.json("status")["calendar"]["ok"]
        person.write(CONFIG)
        wait_until(lambda: person.json("status")["calendar"]["ok"], "the calendar")


async def test_what_left_the_config_is_let_go_of_on_time(life: Life) -> None:
    life.desk.store.facts.observe({"gone-soon": None}, life.desk.clock.now())
    life.desk.store.facts.observe({}, life.desk.clock.now())
    await life.daemon.rows_changed()
    due, _ = life.alarm.set["let go"]
    assert due - life.desk.clock.now() == 10 * MINUTE
    life.desk.clock.forward(10 * MINUTE)
    await life.alarm.ring("let go")
    assert life.worker.runs == 1
    assert "let go" not in life.alarm.set


async def test_when_the_clock_was_set_the_wait_begins_anew(life: Life) -> None:
    life.desk.store.facts.observe({"gone-soon": None}, life.desk.clock.now())
    life.desk.store.facts.observe({}, life.desk.clock.now())
    life.desk.clock.forward(60 * MINUTE)
    life.daemon.clock_was_set()
    await life.settle()
    assert life.alarm.set["let go"][0] - life.desk.clock.now() == 10 * MINUTE
