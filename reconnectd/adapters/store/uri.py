"""How SQLite is told which file to open, and how."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


def uri(path: Path, how: str) -> str:
    """A URI filename as SQLite reads it; `how` is its query ("mode=ro").

    `Path.as_uri` would do, but since Python 3.14 it imports an HTTP client, and `reconnect next` has no time for that.
    """
    return f"file://{quote(os.fsencode(path.absolute()))}?{how}"
