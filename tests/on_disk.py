"""What a running server keeps in its folder."""

from __future__ import annotations

import os
from pathlib import Path


def objects_below(folder: Path) -> list[Path]:
    """Our objects, sorted; the server's own temporary folders come and go meanwhile, which os.walk doesn't mind."""
    found = [Path(where) / name for where, _, names in os.walk(folder) for name in names]
    mine = [path for path in found if path.match("rcd-*.ics")]
    return sorted(path for path in mine if ".Radicale.cache" not in path.parts)
