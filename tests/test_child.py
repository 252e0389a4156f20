"""The worker as a child of the daemon: however its run ends, it is gone."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from home import wait_until

from reconnectd.adapters.child import ChildWorker

SLEEPER = """
import os, pathlib, time
pathlib.Path(os.environ["TELL"]).write_text(str(os.getpid()))
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def sleeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name which sleeps instead of syncing, where Python looks first."""
    package = tmp_path / "reconnectd"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(SLEEPER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


async def test_cancelled_again_it_is_still_waited_for(tmp_path: Path) -> None:
    """The alarm cancels what runs as the daemon stops, and then the end of the loop does."""
    run = asyncio.create_task(worker(tmp_path).run())
    pid = await started(tmp_path)
    for _ in range(5):
        run.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await run
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert await worker(tmp_path, deadline=1).run() is None
    with pytest.raises(ProcessLookupError):
        os.kill(await started(tmp_path), 0)


def worker(folder: Path, deadline: float = 60) -> ChildWorker:
    return ChildWorker([], {**os.environ, "TELL": str(folder / "pid")}, deadline)


async def started(folder: Path) -> int:
    """The pid that it wrote down."""
    pid = folder / "pid"
    await asyncio.to_thread(wait_until, lambda: pid.exists() and pid.read_text(), "the start")
    return int(pid.read_text())
