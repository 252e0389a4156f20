"""The shipped unit under a real `systemd --user`, with the programs of the environment that runs the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from needs import kernel_refuses, needs, require

HERE = Path(__file__).parent
UNIT = HERE.parent / "systemd" / "reconnectd.service"
PROGRAM = Path(sys.executable).parent / "reconnectd"
RIG = HERE / "systemd_user.sh"

REFUSED = 71

linux = pytest.mark.skipif(sys.platform != "linux", reason="systemd is of Linux")


def beside_systemd(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command next to a manager of its own, or skip where the kernel doesn't let anybody have one."""
    require("/lib/systemd/systemd", "systemctl", "journalctl", "dbus-daemon", "unshare")
    ran = subprocess.run([RIG, *command], capture_output=True, text=True, timeout=110, check=False)
    if ran.returncode == REFUSED:
        kernel_refuses(ran.stderr.strip().rpartition("refused: ")[2])
    return ran


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of the service in `unit_story.py`; one story for all tests of this file."""
    path = tmp_path_factory.mktemp("unit") / "told.json"
    ran = beside_systemd(sys.executable, HERE / "unit_story.py", UNIT, PROGRAM, path)
    assert ran.returncode == 0, ran.stderr
    story: dict[str, Any] = json.loads(path.read_text())
    return story


pytestmark = linux


def test_start_waits_until_the_daemon_is_ready(told: dict[str, Any]) -> None:
    started = told["started"]
    assert started["exit"] == 0, told["said"]
    assert (started["ActiveState"], started["SubState"]) == ("active", "running")
    assert "READY=1" in told["told by then"][0]


def test_status_shows_a_line_of_the_daemon(told: dict[str, Any]) -> None:
    assert told["reloaded"]["StatusText"]


def test_it_is_confined(told: dict[str, Any]) -> None:
    assert told["confined"] == {"NoNewPrivs": "1", "Seccomp": "2", "Umask": "0077"}


def test_it_starts_no_desktop_where_there_is_none(told: dict[str, Any]) -> None:
    assert told["desktop"] == "inactive"


def test_confined_as_it_is_the_embedded_calendar_and_the_sync_work(told: dict[str, Any]) -> None:
    assert told["events"] == 1, told["said"]
    assert told["children"] >= 1


def test_a_reload_is_announced_and_takes_the_new_config(told: dict[str, Any]) -> None:
    assert told["reloaded"]["exit"] == 0
    assert told["reloaded"]["MainPID"] == told["started"]["MainPID"]
    assert [said for said in told["notifications"] if "RELOADING=1" in said and "MONOTONIC_USEC=" in said]
    assert any("2 routines" in line for line in told["said"])


def test_a_broken_config_leaves_the_running_daemon_as_it_was(told: dict[str, Any]) -> None:
    after = told["reloaded with a broken config"]
    assert (after["ActiveState"], after["SubState"]) == ("active", "running")
    assert after["MainPID"] == told["started"]["MainPID"]


def test_a_crash_is_followed_by_a_new_start(told: dict[str, Any]) -> None:
    crashed = told["crashed"]
    assert (crashed["ActiveState"], crashed["NRestarts"]) == ("active", "1")
    assert crashed["MainPID"] != told["started"]["MainPID"]


def test_a_daemon_that_hangs_is_ended_by_the_watchdog_and_started_anew(told: dict[str, Any]) -> None:
    hung = told["hung"]
    assert (hung["ActiveState"], hung["NRestarts"]) == ("active", "2")
    assert hung["MainPID"] != told["crashed"]["MainPID"]
    assert len(told["watchdog"]) == 1


def test_stopping_is_a_success_and_leaves_no_process(told: dict[str, Any]) -> None:
    stopped = told["stopped"]
    assert stopped["exit"] == 0
    assert (stopped["ActiveState"], stopped["Result"]) == ("inactive", "success")
    assert (stopped["ExecMainCode"], stopped["ExecMainStatus"]) == ("1", "0")
    assert told["left over"] == []
    assert "STOPPING=1" in told["notifications"][-1]


def test_a_config_that_cannot_be_used_is_not_tried_again(told: dict[str, Any]) -> None:
    assert told["started with a broken config"]["exit"] != 0
    later = told["a second later"]
    assert (later["ActiveState"], later["ExecMainStatus"]) == ("failed", "78")
    assert later["NRestarts"] == "0"


def test_the_manager_of_an_ordinary_user_can_apply_every_directive(tmp_path: Path) -> None:
    unit = UNIT.read_text().replace("Type=notify", "Type=exec").replace("WatchdogSec=120\n", "")
    (tmp_path / "unit").write_text(unit.replace("%h/.local/bin/reconnectd", "/bin/sleep 60"))
    script = (
        'mkdir -p ~/.config/systemd/user && echo "$1" > ~/.config/systemd/user/reconnectd.service &&'
        "systemctl --user daemon-reload && systemctl --user start reconnectd && id -u"
    )
    ran = beside_systemd("--nobody", "bash", "-c", script, "bash", (tmp_path / "unit").read_text())
    assert (ran.returncode, ran.stdout) == (0, "65534\n"), ran.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home where the unit finds its program."""
    program = tmp_path / ".local" / "bin" / "reconnectd"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return tmp_path


def analyze(home: Path, *argv: str, unit: Path = UNIT) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    command = ["systemd-analyze", "--user", *argv, str(unit)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


@needs("systemd-analyze")
def test_systemd_finds_nothing_to_say_about_the_unit(home: Path) -> None:
    verified = analyze(home, "verify", "--man=no")
    assert (verified.returncode, verified.stderr) == (0, "")


@needs("systemd-analyze")
def test_the_exposure_is_at_most_six_point_three(home: Path) -> None:
    rated = analyze(home, "security", "--offline=true", "--threshold=63")
    assert rated.returncode == 0, rated.stdout[-200:]
