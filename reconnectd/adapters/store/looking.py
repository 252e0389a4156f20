"""Opening the state only to read it, also on a read-only disk; nothing but sqlite3 is imported."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from reconnectd.adapters.store.uri import uri

PATIENCE = 5.0
"""Seconds to wait for somebody who writes."""


def look(path: Path) -> sqlite3.Connection:
    """A connection that can't write. On a read-only disk SQLite can't make the -wal it wants: without one the file
    can't change. sqlite3.Error when there is none that can be read."""
    connection = sqlite3.connect(uri(path, "mode=ro"), uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA user_version")
    except sqlite3.OperationalError:
        connection.close()
        if not path.exists() or Path(f"{path}-wal").exists():
            raise
        return sqlite3.connect(uri(path, "mode=ro&immutable=1"), uri=True, isolation_level=None)
    return connection
