from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconnectd.adapters.lock import Lock
from reconnectd.errors import AlreadyRunning, Busy, StateError

ROOT = Path(__file__).parents[1]

HOLDER = """
import sys, time
from pathlib import Path
from reconnectd.adapters.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(program, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "reconnectd.lock"


def test_a_second_one_is_refused_with_the_pid_of_the_first(path: Path) -> None:
    with holder(path) as process, pytest.raises(AlreadyRunning) as refused:
        Lock(path).acquire()
    assert refused.value.pid == process.pid
    assert refused.value.exit_code == 75


def test_the_error_can_be_of_another_kind(path: Path) -> None:
    with Lock(path), pytest.raises(Busy, match="another sync"):
        Lock(path, taken=lambda pid: Busy(f"another sync is running (pid {pid})")).acquire()


def test_the_holder_is_told_without_taking_the_lock(path: Path) -> None:
    with holder(path) as process:
        assert [Lock(path).holder() for _ in range(3)] == [process.pid] * 3
    with Lock(path) as lock:
        assert lock.holder() == os.getpid()
        assert Lock(path).holder() == os.getpid()


def test_looking_for_the_holder_never_gets_in_the_way_of_taking_it(path: Path) -> None:
    with Lock(path):
        pass
    watcher = Lock(path)
    for _ in range(200):
        watcher.holder()
        with Lock(path):
            assert watcher.holder() == os.getpid()


def test_nobody_holds_a_lock_that_was_never_taken_released_or_whose_holder_was_killed(path: Path) -> None:
    assert Lock(path).holder() is None
    assert not path.exists()
    with Lock(path):
        pass
    assert Lock(path).holder() is None
    with holder(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert Lock(path).holder() is None
        with Lock(path) as lock:
            assert lock.holder() == os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_number_that_now_belongs_to_somebody_else_holds_nothing(path: Path) -> None:
    path.parent.mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:
        path.write_text(f"{other.pid:<20}\n")
        assert Lock(path).holder() is None
        other.kill()


def test_the_file_is_private_and_stays(path: Path) -> None:
    old = os.umask(0)
    try:
        with Lock(path):
            assert path.stat().st_mode & 0o777 == 0o600
            assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.exists()
    finally:
        os.umask(old)


def test_children_do_not_inherit_it(path: Path) -> None:
    lock = Lock(path)
    lock.acquire()
    with subprocess.Popen(["sleep", "60"], close_fds=False) as child:
        lock.release()
        with Lock(path):
            child.kill()


def test_a_holder_whose_pid_was_not_written_is_still_a_holder(path: Path) -> None:
    with Lock(path):
        path.write_text("")
        with pytest.raises(Busy, match="another run holds"):
            Lock(path).acquire()


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_not_a_file_of_ours_is_refused_in_words(path: Path, kind: str) -> None:
    path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/null")
    with pytest.raises(StateError, match="can't be taken"):
        Lock(path).acquire()


def test_an_error_inside_lets_go(path: Path) -> None:
    with pytest.raises(KeyError), Lock(path):
        raise KeyError("something")
    assert Lock(path).holder() is None
    with Lock(path):
        pass
