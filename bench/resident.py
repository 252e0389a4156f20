"""What the resident process costs, and the quickest command."""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import sys
import time
from pathlib import Path

from home import PROGRAMS, Home

from bench.person import PEOPLE, person, remember
from bench.table import Row, at_most
from reconnectd.adapters.clock import SystemClock

FIFTY = PEOPLE + "".join(
    f'[routine.r{n}]\non = "daily"\nat = "{8 + n // 6:02d}:{n % 6 * 10:02d}"\nremind = ["10 min", "0 min"]\n'
    for n in range(50)
)


def memory() -> list[Row]:
    """Idle, 50 routines, bus connected."""
    with person(FIFTY) as (_, _, daemon):
        time.sleep(3)
        sizes = dict(
            line.split(":") for line in Path(f"/proc/{daemon.pid}/smaps_rollup").read_text().splitlines() if ":" in line
        )
        kib = {name: int(text.split()[0]) for name, text in sizes.items() if text.strip().endswith("kB")}
        private = (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024
        version = ".".join(map(str, sys.version_info[:3]))
        what = f"resident PSS, idle, 50 routines, Python {version}"
        return [at_most(what, kib["Pss"] / 1024, 28, " MiB", f"private {private:.1f} MiB")]


def switches() -> list[Row]:
    """Context switches a minute with 1,000 words waiting."""
    with person(PEOPLE) as (somebody, _, daemon):
        now = SystemClock().now()
        remember(somebody, [now + dt.timedelta(hours=1, seconds=n) for n in range(1000)], now)
        time.sleep(5)
        before = _switches(daemon.pid)
        time.sleep(60)
        count = _switches(daemon.pid) - before
        return [at_most("context switches a minute, 1,000 words waiting", count, 6)]


def _switches(pid: int) -> int:
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
    return total


def quick_command() -> list[Row]:
    """`reconnect next` against importing click alone."""
    with person(FIFTY) as (somebody, _, _):
        ours = [str(PROGRAMS / "reconnect"), "next"]
        click = [sys.executable, "-c", "import click"]
        ratios = [_wall(ours, somebody) / _wall(click, somebody) for _ in range(60)]
        note = f"{_wall(ours, somebody) * 1000:.0f} ms"
        return [at_most("`reconnect next` ÷ `import click`, wall", statistics.median(ratios), 2.0, "", note)]


def _wall(argv: list[str], somebody: Home) -> float:
    began = time.perf_counter()
    subprocess.run(argv, env=somebody.environ, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began
