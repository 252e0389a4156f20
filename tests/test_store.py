"""The state file: private, durable, shared by several processes, and never silently begun anew."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from household import MONDAY_MORNING, store_in
from needs import kernel_refuses, require

from reconnectd.adapters.store import Store
from reconnectd.adapters.store import schema as schema_module
from reconnectd.adapters.store.database import Database
from reconnectd.errors import Busy, StateError, StateReadOnly

OPEN = "import sys; from pathlib import Path; from reconnectd.adapters.store import Store; s = Store(Path(sys.argv[1]))"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "reconnectd.db"


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@contextlib.contextmanager
def umask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


# Private.


def test_every_file_is_private_from_its_first_byte_whatever_the_umask(path: Path) -> None:
    with umask(0o022):
        store = Store(path)
        store.set_meta("word", "kept")
    assert mode(path.parent) == "0o700"
    assert {file.name: mode(file) for file in path.parent.iterdir()} == {
        "reconnectd.db": "0o600", "reconnectd.db-wal": "0o600", "reconnectd.db-shm": "0o600", "state.id": "0o600",
    }  # fmt: skip
    store.close()


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    Store(path).close()
    path.chmod(0o644)
    path.parent.chmod(0o755)
    Store(path).close()
    assert (mode(path), mode(path.parent)) == ("0o600", "0o700")


def test_a_folder_of_another_user_is_refused_and_left_alone(path: Path) -> None:
    if os.geteuid():
        kernel_refuses("giving a folder to another user, without being root")
    path.parent.mkdir()
    os.chown(path.parent, 12345, 12345)
    with pytest.raises(StateError, match="belongs to another user"):
        Store(path)
    assert list(path.parent.iterdir()) == []


# Durable and shared.


def test_it_is_written_ahead_and_flushed_at_each_commit(path: Path) -> None:
    with Database(path) as database:
        read = {
            name: database.read(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "secure_delete")
        }
        assert read == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_four_processes_count_together_without_an_error(path: Path) -> None:
    Store(path).close()
    count = (
        OPEN
        + """
for _ in range(50):
    with s.database.transaction():
        s.set_meta("count", str(int(s.meta("count") or 0) + 1))
"""
    )
    writers = [subprocess.Popen([sys.executable, "-c", count, path], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(one.communicate()[1], one.returncode) for one in writers] == [(b"", 0)] * 4
    store = Store(path)
    assert store.meta("count") == "200"
    store.close()


def test_a_kill_in_the_middle_loses_no_acknowledged_row(path: Path) -> None:
    Store(path).close()
    write = (
        OPEN
        + """
for n in range(10**9):
    s.set_meta(str(n), "kept")
    print(n, flush=True)
"""
    )
    for enough in (5, 60, 250):
        with subprocess.Popen([sys.executable, "-c", write, path], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            heard = [child.stdout.readline() for _ in range(enough)]
            child.send_signal(signal.SIGKILL)
            heard += child.stdout.readlines()
        store = Store(path)
        kept = {str(key) for (key,) in store.database.read("SELECT key FROM meta")}
        assert {line.strip() for line in heard if line.endswith("\n")} <= kept
        assert store.database.read("PRAGMA integrity_check") == [("ok",)]
        store.close()


def test_a_reader_is_not_held_up_by_a_writer_and_sees_the_last_commit(path: Path) -> None:
    writer, reader = Store(path), Store(path, readonly=True)
    writer.set_meta("word", "old")
    before = reader.database.data_version()
    with writer.database.transaction():
        writer.set_meta("word", "new")
        assert reader.meta("word") == "old"
    assert reader.meta("word") == "new"
    assert reader.database.data_version() != before
    writer.close()
    reader.close()


def test_two_writers_at_once_is_a_matter_of_trying_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconnectd.adapters.store.opening.BUSY_SECONDS", 0.05)
    one, other = Store(path), Store(path)
    with one.database.transaction(), pytest.raises(Busy, match="another program is writing"):
        other.set_meta("word", "new")
    other.set_meta("word", "new")
    one.close()
    other.close()


def test_a_transaction_is_all_or_nothing_also_when_it_is_nested(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        with contextlib.suppress(KeyError), store.database.transaction():
            store.set_meta("outer", "written")
            with store.database.transaction():
                store.set_meta("inner", "written")
            raise KeyError
        assert (store.meta("outer"), store.meta("inner")) == (None, None)


# What it refuses, in words.


def test_a_newer_format_is_refused_also_for_reading(path: Path) -> None:
    with Database(path) as database:
        database.connection.execute("PRAGMA user_version=99")
    for readonly in (False, True):
        with pytest.raises(StateError, match=r"newer reconnectd \(format 99, this one knows \d+\)"):
            Store(path, readonly=readonly)


def test_a_file_that_is_no_database_is_refused_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, but somebody's letter" * 200)
    with pytest.raises(StateError, match="can't be read as a database") as refused:
        Store(path)
    assert "backups/" in refused.value.fix
    assert path.read_bytes().startswith(b"not a database")


def test_a_file_that_lost_its_content_is_not_begun_anew(path: Path) -> None:
    Store(path).close()
    path.write_bytes(b"")
    for readonly in (False, True):
        with pytest.raises(StateError, match="is empty, and it was not before"):
            Store(path, readonly=readonly)
    path.unlink()
    Store(path).close()


def test_a_lost_wal_does_not_lose_the_tables(path: Path) -> None:
    store = Store(path)
    store.set_meta("word", "only in the wal")
    kept = path.read_bytes()
    store.close()
    path.write_bytes(kept)
    path.with_name("reconnectd.db-wal").unlink(missing_ok=True)
    store = Store(path)
    assert store.meta("word") is None
    store.close()


def test_without_a_database_there_is_nothing_to_look_at(path: Path) -> None:
    with pytest.raises(StateError, match="there is no database") as refused:
        Store(path, readonly=True)
    assert "makes one" in refused.value.fix


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    with pytest.raises(StateReadOnly, match="can't be written"):
        Store(tmp_path / "state" / "reconnectd.db")


# A full disk, a read-only one: in a mount namespace of a child's own.

IN_SMALL_TMPFS = """
mount -t tmpfs -o size=600k,mode=0700 small "$1" || exit 77
exec "$2" -c "$3" "$1/reconnectd.db" "$1"
"""


def in_small_tmpfs(folder: Path, code: str) -> str:
    require("unshare")
    argv = ["unshare", "-Urm", "sh", "-c", IN_SMALL_TMPFS, "sh", str(folder), sys.executable, OPEN + code]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode == 77 or "unshare:" in done.stderr:
        kernel_refuses("a mount in a namespace of one's own")
    return done.stdout + done.stderr


def test_a_full_disk_is_said_in_words_and_nothing_committed_is_lost(tmp_path: Path) -> None:
    fill = """
from reconnectd.errors import StateReadOnly
n = 0
try:
    while True:
        s.set_meta(str(n), "x" * 5000)
        n += 1
except StateReadOnly as full:
    print(full, "|", full.fix)
kept = s.database.read("SELECT count(*) FROM meta")[0][0]
print("kept", kept == n, n > 5, s.database.read("PRAGMA integrity_check"))
"""
    told = in_small_tmpfs(tmp_path, fill)
    assert "can't be written: database or disk is full | free some disk space, then try again" in told
    assert "kept True True [('ok',)]" in told


def test_a_read_only_disk_can_be_read_and_says_so_when_written(tmp_path: Path) -> None:
    look = """
import subprocess
from reconnectd.adapters.store.agenda import Agenda
from reconnectd.errors import StateReadOnly
s.set_meta("word", "kept")
s.close()
subprocess.run(["mount", "-o", "remount,ro", sys.argv[2]], check=True)
print(Store(Path(sys.argv[1]), readonly=True).meta("word"))
print("agenda", Agenda(Path(sys.argv[1])).upcoming(0, 3), Agenda(Path(sys.argv[1])).resting(0))
try:
    Store(Path(sys.argv[1])).set_meta("word", "new")
except StateReadOnly as refused:
    print("refused:", refused)
"""
    told = in_small_tmpfs(tmp_path, look)
    assert told.startswith("kept\n"), told
    assert "agenda [] []" in told
    assert "refused: " in told
    assert "can't be written" in told


# Migrations.


def test_migrations_run_in_one_transaction_and_only_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    broken = (*schema_module.MIGRATIONS, "CREATE TABLE half (n);\nCREATE TABLE half (n);\n")
    monkeypatch.setattr(schema_module, "MIGRATIONS", broken)
    monkeypatch.setattr(schema_module, "VERSION", len(broken))
    with pytest.raises(StateError, match="already exists"):
        Store(path)
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA user_version").fetchone() == (len(broken) - 1,)
    assert plain.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    plain.close()


def test_an_older_database_is_brought_up_to_date_and_keeps_its_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Store(path)
    first.set_meta("word", "kept")
    first.close()
    longer = (*schema_module.MIGRATIONS, "CREATE TABLE later (n);\n")
    monkeypatch.setattr(schema_module, "MIGRATIONS", longer)
    monkeypatch.setattr(schema_module, "VERSION", len(longer))
    for _ in range(2):
        store = Store(path)
        assert store.meta("word") == "kept"
        assert store.database.read("SELECT * FROM later") == []
        store.close()


def test_when_a_config_was_first_seen_is_kept_until_it_changes(tmp_path: Path) -> None:
    later = MONDAY_MORNING.replace(hour=12)
    with store_in(tmp_path) as store:
        assert store.config_since("one", MONDAY_MORNING) == MONDAY_MORNING
        assert store.config_since("one", later) == MONDAY_MORNING
        assert store.config_since("two", later) == later


@pytest.mark.parametrize(
    "name", ["a b", "100%", "who?", "no#1", "f\N{LATIN SMALL LETTER U WITH DIAERESIS}r uns", "a&b=c"]
)
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "reconnectd.db"
    Store(path).set_meta("word", "kept")
    assert Store(path).meta("word") == "kept"
    assert [found.parent.name for found in tmp_path.rglob("reconnectd.db")] == [name]
