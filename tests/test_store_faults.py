"""The file system's part of the catalogue of bad inputs, F1 to F14, on the real programs: said in words, nothing of
the person's is lost, and what can go on goes on."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from home import PROGRAMS, Home, home, wait_until
from needs import kernel_refuses, require

from reconnectd.adapters.lock import Lock
from reconnectd.adapters.store import Store
from reconnectd.adapters.store import opening as opening_module
from reconnectd.adapters.store.disk import is_remote, kind_of

CONFIG = '[people]\nme = "Alex"\n[routine.tea]\non = "daily"\nat = "15:00"\n'
A_NOTE = "the blue vase"
Limit = Callable[[], None]


def sql(path: Path, statement: str) -> list[tuple[Any, ...]]:
    """One statement from outside, with nothing left open."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a history in it, and a copy of that."""
    person = Home(tmp_path_factory.mktemp("lived"))
    person.write(CONFIG)
    assert person.run("remember", "--at", "in 2 days", "-", stdin=A_NOTE).returncode == 0
    assert person.run("backup").returncode == 0
    return person.folder


@pytest.fixture
def person(lived: Path) -> Iterator[Home]:
    with home() as found:
        shutil.copytree(lived, found.folder, dirs_exist_ok=True)
        sql(found.database, "DELETE FROM meta WHERE key = 'config'")
        yield found


def limited(person: Home, limit: Limit, *words: str, program: str = "reconnect") -> subprocess.CompletedProcess[str]:
    """Without writing byte code: Python keeps half a file where there is no room for a whole one."""
    environ = person.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [PROGRAMS / program, *words], env=environ, preexec_fn=limit, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def in_words(ran: subprocess.CompletedProcess[str]) -> bool:
    """An error as people get it: words, no traceback."""
    return ran.returncode != 0 and bool(ran.stderr.strip()) and "Traceback" not in ran.stderr + ran.stdout


def is_whole(person: Home) -> bool:
    titles = sql(person.database, "SELECT title FROM fact")
    return sql(person.database, "PRAGMA integrity_check") == [("ok",)] and (A_NOTE,) in titles


# F1, F2: no room, no permission.


def no_large_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def test_f1_a_full_disk_is_said_and_costs_nothing_that_was_kept(person: Home) -> None:
    ran = limited(person, no_large_files, "done", "tea")
    assert in_words(ran)
    assert "can't be written" in ran.stderr
    assert "free some disk space" in ran.stderr
    assert is_whole(person)
    assert person.run("done", "tea").returncode == 0


def test_f1_where_nothing_can_be_made_nothing_half_made_is_left() -> None:
    with home() as person:
        person.write(CONFIG)
        assert in_words(limited(person, no_large_files, "next"))
        assert not person.database.exists()
        assert person.run("next").returncode == 0


ON_A_READ_ONLY_DISK = """
mount -t tmpfs -o size=20m,mode=0700 small "$1" || exit 77
cp -a "$2"/. "$1" && mount -o remount,ro "$1" || exit 77
shift 2
for verb in next status done; do "$1" $verb; echo "$verb: $?"; done
echo "# another day" >> "$2"
for verb in next status; do echo "then $verb: $("$1" $verb 2>&1)"; done
"""


def test_f2_on_a_read_only_disk_what_is_there_can_be_read(person: Home, tmp_path: Path) -> None:
    require("unshare")
    person.run("next")
    environ = person.environ | {"XDG_STATE_HOME": str(tmp_path)}
    argv = ["unshare", "-Urm", "sh", "-c", ON_A_READ_ONLY_DISK, "sh", str(tmp_path), str(person.folder / "state")]
    ran = subprocess.run(
        [*argv, str(PROGRAMS / "reconnect"), str(person.config)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if ran.returncode == 77 or "unshare:" in ran.stderr:
        kernel_refuses("a mount in a namespace of one's own")
    assert "next: 0" in ran.stdout
    assert "status: 0" in ran.stdout
    assert "done: 1" in ran.stdout
    asked, told = ran.stdout.partition("then next: ")[2].split("then status: ")
    assert len(asked.splitlines()) == 2, "a plan that doesn't hold any more: one sentence, and what to do"
    assert "nothing is planned" not in told
    assert told.count("can't be written") == 1
    assert "can't be written" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_f2_a_file_that_may_not_be_written_any_more_is_said(person: Home) -> None:
    require("setpriv")
    person.database.chmod(0o400)
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    ran = subprocess.run(
        [*bare, str(PROGRAMS / "reconnect"), "done", "tea"], env=person.environ, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert in_words(ran)
    assert "can't be written: permission denied" in ran.stderr


# F3 to F6: a file that isn't the state any more.


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(b"somebody's letter, and no database at all. " * 200)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def flipped_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 300] = os.urandom(300)
    path.write_bytes(data)


def of_another_program(path: Path) -> None:
    path.unlink()
    sql(path, "CREATE TABLE moz_places (url)")


def of_a_newer_version(path: Path) -> None:
    sql(path, "PRAGMA user_version = 99")


BROKEN = [
    pytest.param(emptied, "is empty, and it was not before", id="F3"),
    pytest.param(garbage, "can't be read as a database", id="F4"),
    pytest.param(cut_short, "can't be read as a database", id="F4-cut"),
    pytest.param(of_another_program, "not one of reconnectd's", id="F4-foreign"),
    pytest.param(flipped_pages, "can't be read as a database", id="F5"),
    pytest.param(of_a_newer_version, "written by a newer reconnectd", id="F6"),
]


@pytest.mark.parametrize(("harm", "words"), BROKEN)
def test_what_is_not_the_state_any_more_is_refused_and_left_as_it_is(
    person: Home, harm: Callable[[Path], None], words: str
) -> None:
    harm(person.database)
    before = person.database.read_bytes()
    for verb in (["done", "tea"], ["next"], ["sync"], ["backup", str(person.folder / "copy.db")]):
        ran = person.run(*verb)
        assert in_words(ran), (verb, ran)
        assert words in ran.stderr, (verb, ran.stderr)
        assert "backups/" in ran.stderr
    daemon = limited(person, lambda: None, program="reconnectd")
    assert (daemon.returncode, words in daemon.stderr) == (1, True)
    assert words in person.json("status")["problems"][0]["what"]
    assert person.database.read_bytes() == before
    assert not (person.folder / "copy.db").exists()


def test_f5_a_daemon_whose_state_is_damaged_stays_says_so_and_goes_on_when_it_is_restored(person: Home) -> None:
    with person.daemon() as daemon:
        wait_until(lambda: person.json("status")["calendar"]["last_sync"], "a sync")
        wait_until(lambda: Lock(person.database.with_name("sync.lock")).holder() is None, "the sync to end")
        sql(person.database, "PRAGMA wal_checkpoint(TRUNCATE)")
        flipped_pages(person.database)
        found = person.json("status")
        assert (found["daemon"]["pid"], found["daemon"]["since"] is not None) == (daemon.pid, True)
        assert any("can't be read as a database" in problem["what"] for problem in found["problems"])
        person.run("done", "tea")
        assert daemon.poll() is None
    assert "Traceback" not in person.log()
    assert person.run("doctor", "--fix", "--yes").stdout.count("is in its place") == 1
    assert is_whole(person)


# F7 to F10: what lies around it.


def killed_after(person: Home, *words: str, stdin: str = "") -> None:
    """A daemon that was killed right after a command, when nobody else had the state open any more."""
    with person.daemon() as child:
        person.run(*words, stdin=stdin)
        wait_until(lambda: person.json("status")["calendar"]["last_sync"], "a sync")
        child.kill()
        child.wait(10)
    sync = Lock(person.database.with_name("sync.lock"))
    wait_until(lambda: sync.holder() is None, "the sync to end")


def test_f7_a_deleted_wal_leaves_a_whole_database(person: Home) -> None:
    killed_after(person, "done", "tea")
    person.database.with_name("reconnectd.db-wal").unlink(missing_ok=True)
    assert is_whole(person)
    assert person.run("next").returncode == 0


def test_f7_a_wal_left_by_a_kill_is_taken_up(person: Home) -> None:
    wal = person.database.with_name("reconnectd.db-wal")
    for _ in range(5):  # a sync that ends after the kill is the last to close the state, and leaves none
        killed_after(person, "done", "tea")
        if wal.exists():
            break
    assert wal.stat().st_size > 0
    assert person.json("plan", "--days", "7")["occurrences"]
    assert ("done",) in sql(person.database, "SELECT state FROM fact")


def test_f7_a_copy_put_in_place_by_hand_does_not_get_the_pages_of_the_one_before(person: Home) -> None:
    (copy,) = (person.database.parent / "backups").glob("*.db")
    killed_after(person, "remember", "--at", "in 3 days", "-", stdin="something long after the copy" * 20)
    shutil.copyfile(copy, person.database)
    assert person.run("--yes", "next").returncode == 0
    assert is_whole(person)
    assert sql(person.database, "SELECT count(*) FROM fact WHERE title LIKE 'something%'") == [(0,)]


def test_f8_a_folder_that_others_could_look_into_is_closed(person: Home) -> None:
    person.database.parent.chmod(0o755)
    assert person.run("done", "tea").returncode == 0
    assert person.database.parent.stat().st_mode & 0o777 == 0o700


def test_f9_a_folder_of_another_user_is_refused_and_left_alone(person: Home) -> None:
    if os.geteuid():
        kernel_refuses("giving a folder to another user, without being root")
    os.chown(person.database.parent, 12345, 12345)
    before = sorted(person.database.parent.iterdir())
    ran = person.run("done", "tea")
    assert in_words(ran)
    assert "belongs to another user" in ran.stderr
    assert sorted(person.database.parent.iterdir()) == before


MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:31 / /home rw,relatime shared:20 - nfs4 server:/home rw,vers=4.2
41 40 8:2 / /home/sam/my\040disk rw - btrfs /dev/sdb1 rw
42 22 0:50 / /home/sam/far rw,nosuid - fuse.sshfs sam@far: rw
"""
DISKS = [
    ("/home/alex/.local/state/reconnectd/reconnectd.db", "nfs4", True),
    ("/home/sam/my disk/reconnectd.db", "btrfs", False),
    ("/home/sam/far/x.db", "fuse.sshfs", True),
    ("/homework/x.db", "ext4", False),
]


@pytest.mark.parametrize(("path", "kind", "remote"), DISKS)
def test_f10_a_disk_of_another_machine_is_recognised(path: str, kind: str, *, remote: bool) -> None:
    assert kind_of(Path(path), MOUNTS.strip()) == kind
    assert is_remote(kind) is remote


def test_f10_there_the_log_that_needs_shared_memory_is_not_used(person: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_module, "kind_of", lambda _: "nfs4")
    store = Store(person.database)
    assert store.database.read("PRAGMA journal_mode") == [("delete",)]
    store.set_meta("word", "kept")
    store.close()
    assert is_whole(person)


# F11 to F14: the daemon's surroundings.


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def test_f11_without_descriptors_it_works_or_says_so_and_harms_nothing(person: Home) -> None:
    for words in (["next"], ["done", "tea"]):
        ran = limited(person, few_files, *words)
        assert ran.returncode == 0 or in_words(ran), ran
    argv = [PROGRAMS / "reconnectd"]
    with subprocess.Popen(argv, env=person.environ, preexec_fn=few_files, stderr=subprocess.PIPE, text=True) as daemon:  # noqa: PLW1509
        wait_until(lambda: daemon.poll() is not None or person.json("status")["daemon"]["since"], "a word of it")
        daemon.send_signal(signal.SIGTERM)
        assert "Traceback" not in daemon.communicate(timeout=20)[1]
    assert is_whole(person)


@pytest.mark.parametrize("runtime", [None, "/nowhere/at/all"])
def test_f12_without_a_runtime_folder_they_meet_in_the_state_folder(person: Home, runtime: str | None) -> None:
    environ = {name: value for name, value in person.environ.items() if name != "XDG_RUNTIME_DIR"}
    environ |= {"XDG_RUNTIME_DIR": runtime} if runtime else {}
    argv = [PROGRAMS / "reconnectd"]
    with subprocess.Popen(argv, env=environ, stderr=subprocess.DEVNULL) as daemon:
        try:
            socket = person.database.with_name("reconnectd.sock")
            wait_until(lambda: socket.exists() and _pid(environ) == daemon.pid, "the daemon to answer")
            assert socket.stat().st_mode & 0o077 == 0
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(15)


def _pid(environ: dict[str, str]) -> int | None:
    argv = [str(PROGRAMS / "reconnect"), "status", "--json"]
    said = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=30, check=False).stdout
    found = json.loads(said)["daemon"]
    return found["pid"] if found["since"] else None


def test_f13_a_second_daemon_ends_with_75_and_names_the_first(person: Home) -> None:
    with person.daemon() as first:
        second = limited(person, lambda: None, program="reconnectd")
        assert (second.returncode, str(first.pid) in second.stderr) == (75, True)
        assert first.poll() is None


def test_f14_a_lock_and_a_socket_left_by_a_kill_stand_in_nobodys_way(person: Home) -> None:
    with person.daemon() as first:
        first.kill()
        first.wait(10)
    assert person.socket.exists()
    assert person.json("status")["daemon"]["running"] is False
    with person.daemon() as second:
        wait_until(lambda: person.json("status")["daemon"]["since"], "an answer")
        assert person.json("status")["daemon"]["pid"] == second.pid
