"""The sync worker as a child process: a deadline, a process group of its own, one JSON line as its last word."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconnectd.ports import SyncReport

DEADLINE = 60.0
LINE = 1024 * 1024

log = logging.getLogger(__name__)


class ChildWorker:
    """`ports.Worker`: `python -m reconnectd worker …` with these arguments; `environ` is what it inherits.

    One malloc arena: with one for each thread the address space of a run is twice as large.
    """

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str], deadline: float = DEADLINE) -> None:
        self._argv = [sys.executable, "-m", "reconnectd", "worker", *arguments]
        self._environ = {**environ, "MALLOC_ARENA_MAX": "1"}
        self._deadline = deadline

    async def run(self, *, offline: bool = False, look: bool = False, accept: bool = False) -> SyncReport | None:
        """Run it to its end or to its deadline; None when it had to be ended, or ended without a word. Nobody is
        asked for anything on its way."""
        extra = ["--unasked"] + ["--offline"] * offline + ["--look"] * look + ["--yes"] * accept
        child = await asyncio.create_subprocess_exec(
            *self._argv, *extra, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=None, limit=LINE,
            env=self._environ, start_new_session=True,
        )  # fmt: skip
        try:
            output, _ = await asyncio.wait_for(child.communicate(), self._deadline)
        except TimeoutError:
            log.warning("the sync took longer than %d s and was ended; it is tried again", self._deadline)
            return None
        finally:
            if child.returncode is None:
                _end(child.pid)
                await _reaped(child)
        return last_report(output.decode(errors="replace").splitlines())

    def run_here(
        self, progress: Callable[[str], None], *, dry_run: bool = False, accept: bool = False, may_ask: bool = True,
        remove: bool = False,
    ) -> SyncReport | None:  # fmt: skip
        """The same for a caller without a loop; `progress` hears what is being done. `may_ask`: somebody is there, and
        may be asked to unlock the keyring. `remove`: nothing is synced, all of ours is taken out of the calendar."""
        extra = ["--dry-run"] * dry_run + ["--yes"] * accept + ["--unasked"] * (not may_ask) + ["--remove"] * remove
        lines: list[str] = []
        with subprocess.Popen(
            [*self._argv, *extra], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=self._environ,
            start_new_session=True,
        ) as child:  # fmt: skip
            timer = threading.Timer(self._deadline, _end, [child.pid])
            timer.start()
            try:
                assert child.stdout is not None
                for line in child.stdout:
                    lines.append(line)
                    if (said := _said(line)) and "progress" in said:
                        progress(str(said["progress"]))
            except BaseException:
                _end(child.pid)
                raise
            finally:
                timer.cancel()
        return last_report(lines)


def last_report(lines: Sequence[str]) -> SyncReport | None:
    """The report among the lines that the worker wrote; None when it ended without one."""
    for line in reversed(lines):
        said = _said(line)
        if said is not None and "report" in said:
            return report_of(said["report"])
    return None


def report_of(fields: Mapping[str, Any]) -> SyncReport:
    """The report that was written down as JSON."""
    lists = {key: tuple(fields.get(key, ())) for key in ("conflicts", "would")}
    return SyncReport(**{**fields, **lists})


def _said(line: str) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


async def _reaped(child: asyncio.subprocess.Process) -> None:
    """Wait until it is gone, which the end just sent brings at once, and also when cancelled again meanwhile: one that
    is still waited for as the loop closes would fill the log with faults."""
    while child.returncode is None:
        with contextlib.suppress(asyncio.CancelledError):
            await child.wait()


def _end(pid: int) -> None:
    """End the worker with everything it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
