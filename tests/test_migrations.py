"""A state of any earlier format becomes one of this format, whole: from dumps of lived states, and under SIGKILL."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from household import BERLIN, DATE_NIGHT, MORNING_WORD, settings

from reconnectd.adapters.store import Store
from reconnectd.adapters.store import schema as schema_module
from reconnectd.adapters.store.backups import folder_of, is_sound
from reconnectd.app.renewal import renew
from reconnectd.core.occurrence import OccurrenceId, State

DUMPS = Path(__file__).parent / "corpus" / "state"
EARLIER = range(1, schema_module.VERSION + 1)
A_COLUMN_MORE = "ALTER TABLE fact ADD COLUMN mood TEXT;\nCREATE TABLE feeling (at REAL);\nUPDATE fact SET mood = 'calm'"

Rows = dict[str, list[dict[str, object]]]


def state_of(version: int, folder: Path) -> Path:
    """A stored state of that format, as it lay on a disk."""
    path = folder / "state" / "reconnectd.db"
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DUMPS / f"{version}.sql").read_text())
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def rows(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name: _rows(connection, name) for (name,) in names.fetchall()}


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    found = connection.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found]


def keeps(before: Rows, after: Rows) -> bool:
    """Every row and every value that was there is there; the rests of format 1 in a table of another name."""
    return all(
        old.items() <= new.items()
        for table, found in before.items()
        for old, new in zip(found, after["rest" if table == "pause" else table], strict=True)
    )


def one_more(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    longer = (*schema_module.MIGRATIONS, script)
    monkeypatch.setattr(schema_module, "MIGRATIONS", longer)
    monkeypatch.setattr(schema_module, "VERSION", len(longer))


def test_there_is_a_stored_state_of_every_format_with_rows_in_every_table(tmp_path: Path) -> None:
    assert {path.name for path in DUMPS.iterdir()} == {f"{version}.sql" for version in EARLIER}
    for version in EARLIER:
        (tmp_path / str(version)).mkdir()
        found = rows(state_of(version, tmp_path / str(version)))
        assert [name for name, some in found.items() if not some] == []


@pytest.mark.parametrize("version", EARLIER)
def test_a_stored_state_is_brought_up_to_date_and_goes_on(tmp_path: Path, version: int) -> None:
    path = state_of(version, tmp_path)
    before = rows(path)
    store = Store(path)
    assert keeps(before, rows(path))
    assert store.database.read("PRAGMA user_version") == [(schema_module.VERSION,)]
    assert store.database.read("PRAGMA integrity_check") == [("ok",)]
    renew(store, settings(DATE_NIGHT, MORNING_WORD), BERLIN, dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC))
    moved = store.plan.get(OccurrenceId.parse("date-night@2026-11-27"))
    done = store.facts.get(OccurrenceId.parse("morning-word@2026-11-23"))
    assert moved is not None
    assert done is not None
    assert (moved.pinned, done.state) == (True, State.DONE)
    note = store.journal.last()
    assert note is not None
    assert note.verb == "skip"
    (rest,) = store.rests.all()
    assert (rest.scope, rest.kind) == ("morning-word", "pause")
    assert store.objects.pending() == 1
    store.close()


@pytest.mark.parametrize("version", EARLIER)
def test_before_its_format_changes_a_copy_is_kept_from_which_the_older_program_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    path = state_of(version, tmp_path)
    before = rows(path)
    one_more(monkeypatch, A_COLUMN_MORE)
    Store(path).close()
    assert keeps(before, rows(path))
    assert {row["mood"] for row in rows(path)["fact"]} == {"calm"}
    monkeypatch.undo()
    copy = folder_of(path) / f"format-{version}.db"
    assert rows(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    assert is_sound(copy)
    assert not is_sound(path)


MIGRATING = """
import sys
from pathlib import Path
from reconnectd.adapters.store import Store, schema
schema.MIGRATIONS += (sys.argv[2],)
schema.VERSION += 1
Store(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("version", EARLIER)
def test_ended_in_the_middle_it_is_whole_and_of_the_old_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    path = state_of(version, tmp_path)
    before = rows(path)
    ran = subprocess.run(
        [sys.executable, "-c", MIGRATING, path, A_COLUMN_MORE],
        env=os.environ | {"RECONNECTD_CRASH_AT": "migrated"}, check=False, timeout=30,
    )  # fmt: skip
    assert ran.returncode == -signal.SIGKILL
    assert rows(path) == before
    one_more(monkeypatch, A_COLUMN_MORE)
    Store(path).close()
    assert keeps(before, rows(path))
    assert "feeling" in rows(path)
