"""Measure everything, or the rows whose function is named: prints the table, exits 1 when a row fails."""

from __future__ import annotations

import os
import sys

from bench import resident, speaking, syncing
from bench.table import show

MEASURES = {
    "lateness": speaking.lateness,
    "step": speaking.clock_step,
    "memory": resident.memory,
    "switches": resident.switches,
    "next": resident.quick_command,
    "requests": syncing.requests,
    "planning": syncing.planning,
}


def main() -> int:
    os.umask(0o077)
    wanted = sys.argv[1:] or list(MEASURES)
    rows = [row for name in wanted for row in MEASURES[name]()]
    print(show(rows))
    return int(any(row.passed is False for row in rows))


sys.exit(main())
