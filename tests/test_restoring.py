"""The way back: copies, a damaged state mended by the doctor, and rows that go back in time."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desktop_session import bus, server
from devices import Device, Phone
from home import Home, home, wait_until
from household import DATE_NIGHT, MONDAY_MORNING, berlin
from notification_server import NotificationServer
from private_bus import PrivateBus
from servers import Server, radicale

from reconnectd.adapters.clock import SystemClock
from reconnectd.adapters.store import Store
from reconnectd.adapters.store.backups import back_up, copies, copy_to, folder_of, is_sound, restore

__all__ = ["bus", "radicale", "server"]

CONFIG = '[people]\nme = "Alex"\n[routine.tea]\non = "daily"\nat = "15:00"\n'


@pytest.fixture
def person() -> Iterator[Home]:
    """With one thing done, a copy after it, and one more thing done."""
    with home() as found:
        found.write(CONFIG)
        found.run("done", "tea")
        found.run("backup")
        yield found


def copy_of(person: Home) -> Path:
    (copy,) = copies(person.database)
    return copy


def harmed(path: Path) -> bytes:
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 300] = os.urandom(300)
    path.write_bytes(data)
    return bytes(data)


def database_check(person: Home) -> dict[str, object]:
    return next(check for check in person.json("doctor")["checks"] if check["name"] == "database")


def facts(path: Path) -> int:
    with closing(sqlite3.connect(path)) as state:
        return int(state.execute("SELECT count(*) FROM fact WHERE state = 'done'").fetchone()[0])


# backup


def test_a_copy_is_whole_private_and_never_overwrites(person: Home) -> None:
    target = person.folder / "kept.db"
    said = person.json("backup", str(target))
    assert said == {"file": str(target), "bytes": target.stat().st_size}
    assert (target.stat().st_mode & 0o777, is_sound(target), facts(target)) == (0o600, True, 1)
    before = target.read_bytes()
    again = person.run("backup", str(target))
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert target.read_bytes() == before
    assert [path.name for path in person.folder.glob("*kept*")] == ["kept.db"]


def test_a_copy_is_made_while_the_daemon_works_and_has_what_it_wrote(person: Home) -> None:
    with person.daemon():
        person.run("remember", "--at", "in 2 days", "-", stdin="now")
        said = person.json("backup", str(person.folder))
    with closing(sqlite3.connect(said["file"])) as copy:
        assert ("now",) in copy.execute("SELECT title FROM fact").fetchall()


def test_before_there_is_a_state_there_is_nothing_to_copy() -> None:
    with home() as nobody:
        ran = nobody.run("backup")
        assert (ran.returncode, "nothing to copy yet" in ran.stderr) == (1, True)
        assert not nobody.database.parent.exists()


def test_days_that_a_wrong_clock_made_up_go_before_real_ones(person: Home) -> None:
    day = dt.date(2026, 11, 23)
    for n in range(9):
        (folder_of(person.database) / f"reconnectd-2036-01-0{n + 1}.db").write_bytes(b"")
    assert back_up(person.database, day) is not None
    kept = [path.name for path in copies(person.database)]
    assert "reconnectd-2026-11-23.db" in kept
    assert len({name[:21] for name in kept}) == 7


# doctor --fix


def test_the_doctor_names_the_sound_copy_and_puts_it_in_place_when_told(person: Home) -> None:
    copy = copy_of(person)
    shutil.copy(copy, copy.with_name("reconnectd-2036-01-01.db"))
    harmed(copy.with_name("reconnectd-2036-01-01.db"))
    damaged = harmed(person.database)
    check = database_check(person)
    assert (check["ok"], copy.name in str(check["fix"])) == (False, True)

    for typed in ("", "n\n"):
        assert person.run("doctor", "--fix", stdin=typed).returncode == 1
        assert person.database.read_bytes() == damaged
    assert person.run("doctor", "--fix", "--json").returncode == 2

    said = person.json("doctor", "--fix", "--yes")
    (mended,) = said["mended"]
    assert mended["copy"] == str(copy)
    assert Path(mended["kept"]).read_bytes() == damaged
    assert Path(mended["kept"]).stat().st_mode & 0o777 == 0o600
    assert next(check["ok"] for check in said["checks"] if check["name"] == "database")
    assert facts(person.database) == 1
    assert person.run("next").returncode == 0


def test_a_yes_at_the_question_does_it_too(person: Home) -> None:
    person.database.write_bytes(b"")
    ran = person.run("doctor", "--fix", stdin="y\n")
    assert "is in its place" in ran.stdout
    assert facts(person.database) == 1


def test_a_state_that_is_gone_can_be_had_back(person: Home) -> None:
    person.database.unlink()
    assert database_check(person)["ok"] is False
    assert person.json("doctor", "--fix", "--yes")["mended"] == [{"copy": str(copy_of(person)), "kept": None}]
    assert facts(person.database) == 1


def test_a_sound_state_is_left_alone(person: Home) -> None:
    person.run("remember", "--at", "in 2 days", "-", stdin="after the copy")
    before = person.database.read_bytes()
    assert person.json("doctor", "--fix", "--yes")["mended"] == []
    assert person.database.read_bytes() == before


def test_without_a_sound_copy_nothing_is_touched(person: Home) -> None:
    harmed(copy_of(person))
    before = harmed(person.database)
    ran = person.run("doctor", "--fix", "--yes")
    assert (ran.returncode, "no copy in backups/ is sound" in ran.stderr) == (1, True)
    assert person.database.read_bytes() == before


def test_nothing_is_put_in_place_under_a_running_daemon(person: Home) -> None:
    with person.daemon() as daemon:
        wait_until(lambda: person.json("status")["calendar"]["last_sync"], "a sync")
        person.database.write_bytes(b"")
        ran = person.run("doctor", "--fix", "--yes")
        assert (ran.returncode, f"pid {daemon.pid}" in ran.stderr) == (75, True)
        assert person.database.read_bytes() == b""


# Ended with SIGKILL in between.

CRASHING = """
import sys
from pathlib import Path
from reconnectd.adapters.store import Store
from reconnectd.adapters.store.backups import copy_to, restore
path, copy = Path(sys.argv[2]), Path(sys.argv[3])
{"made": lambda: Store(path), "copied": lambda: copy_to(path, copy),
 "restored": lambda: restore(path, copy, "damaged")}[sys.argv[1]]()
"""


def crashes(point: str, path: Path, copy: Path) -> None:
    argv = [sys.executable, "-c", CRASHING, point, str(path), str(copy)]
    ran = subprocess.run(argv, env=os.environ | {"RECONNECTD_CRASH_AT": point}, check=False, timeout=30)
    assert ran.returncode == -signal.SIGKILL


def test_a_state_that_was_being_made_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "state" / "reconnectd.db"
    crashes("made", path, path)
    assert not path.exists()
    Store(path).close()
    assert is_sound(path)
    assert sorted(one.name for one in path.parent.iterdir()) == ["reconnectd.db", "state.id"]


def test_a_copy_that_was_being_made_never_has_its_name(tmp_path: Path) -> None:
    path, copy = tmp_path / "state" / "reconnectd.db", tmp_path / "copy.db"
    Store(path).close()
    crashes("copied", path, copy)
    assert not copy.exists()
    assert copy_to(path, copy) == copy


def test_a_state_that_was_being_restored_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    path, copy = tmp_path / "state" / "reconnectd.db", tmp_path / "copy.db"
    Store(path).close()
    copy_to(path, copy)
    harmed(path)
    crashes("restored", path, copy)
    assert path.exists()
    assert not is_sound(path)
    restore(path, copy, "damaged again")
    assert is_sound(path)


# Rows that go back in time.


def a_cue_just_now() -> str:
    at = SystemClock().now().astimezone(ZoneInfo("Europe/Berlin")) - dt.timedelta(minutes=2)
    return f'[people]\nme = "Alex"\n[routine.kind-word]\non = "daily"\nat = "{at:%H:%M}"\nlate = "2h"\n'


@pytest.fixture
def at_a_desktop(bus: PrivateBus) -> Iterator[Home]:
    with home(bus.address) as found:
        found.write(a_cue_just_now())
        yield found


async def nothing_more(server: NotificationServer, person: Home, said: int) -> None:
    """The daemon has planned anew and found nothing to say."""
    await asyncio.to_thread(wait_until, lambda: person.json("status")["calendar"]["last_sync"], "a sync")
    await asyncio.sleep(0.5)
    assert len(server.notified) == said


async def test_a_word_that_was_said_after_the_copy_is_not_said_again(
    at_a_desktop: Home, server: NotificationServer
) -> None:
    person = at_a_desktop
    person.run("next")
    copy = Path(person.json("backup")["file"])
    with person.daemon():
        await server.bubbles(1)
        await asyncio.to_thread(wait_until, lambda: shown(person.database), "the row")
    harmed(person.database)
    assert (await asyncio.to_thread(person.json, "doctor", "--fix", "--yes"))["mended"][0]["copy"] == str(copy)
    assert not shown(person.database)
    with person.daemon():
        await nothing_more(server, person, 1)


async def test_a_state_deleted_under_the_daemon_begins_anew_and_repeats_nothing(
    at_a_desktop: Home, server: NotificationServer
) -> None:
    person = at_a_desktop
    with person.daemon() as daemon:
        await server.bubbles(1)
        await asyncio.to_thread(wait_until, lambda: person.json("status")["calendar"]["last_sync"], "a sync")
        for end in ("", "-wal", "-shm"):
            person.database.with_name("reconnectd.db" + end).unlink(missing_ok=True)
        await asyncio.to_thread(wait_until, person.database.exists, "a new state")
        await nothing_more(server, person, 1)
        assert (await asyncio.to_thread(remembered, person)).returncode == 0
        assert (await server.bubbles(2))[-1].title == "Tea?"
        assert daemon.poll() is None


def remembered(person: Home) -> subprocess.CompletedProcess[str]:
    return person.run("remember", "--at", "in 1 s", "-", stdin="Tea?")


def shown(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as state:
        return bool(state.execute("SELECT 1 FROM reminder WHERE state = 'shown'").fetchall())


def test_with_old_rows_the_calendar_keeps_what_was_edited_since(radicale: Server, tmp_path: Path) -> None:
    """What was pushed and what was edited since the copy stands: writes are conditional, and the base is old."""
    device = Device(tmp_path / "one", radicale, radicale.account(), (DATE_NIGHT,))
    device.sync()
    path, copy = device.store.database.path, tmp_path / "copy.db"
    copy_to(path, copy)

    device.move("date-night@2026-11-27", berlin("2026-11-28 20:00"))
    device.sync()
    phone = Phone(radicale, device.account)
    phone.edit("SUMMARY:Date night", "SUMMARY:Cinema")
    device.store.close()
    restore(path, copy, "old")
    before = phone.only()[1]

    device.store = Store(path)
    report = device.sync()
    device.sync()
    assert (report.error, report.deleted) == ({}, 0)
    assert phone.only()[1] == before
    device.plan()
    row = device.row("date-night@2026-11-27")
    assert (row.start, row.pinned) == (berlin("2026-11-28 20:00"), True)
    assert row.start > MONDAY_MORNING
    device.store.close()
