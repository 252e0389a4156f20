"""`reconnect service …`: the unit that is written, and what a real `systemd --user` makes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_here import Here, here
from hypothesis import given
from hypothesis import strategies as st
from needs import needs
from test_unit import beside_systemd, linux

from reconnectd.adapters import user_service
from reconnectd.adapters.desktop_entry import desktop_entry
from reconnectd.adapters.user_service import UNIT, argument, program, shipped, started_program, unit_for
from reconnectd.app.examination import ServiceFacts, service
from reconnectd.errors import ReconnectdError

__all__ = ["here"]

STORY = Path(__file__).parent / "service_story.py"


# The text of the unit.


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/usr/bin/reconnectd", "/usr/bin/reconnectd"),
        ("/home/a b/bin/reconnectd", '"/home/a b/bin/reconnectd"'),
        ("/srv/100%/reconnectd", "/srv/100%%/reconnectd"),
        ("/srv/$HOME/reconnectd", '"/srv/$HOME/reconnectd"'),
        ("/srv/größe/reconnectd", '"/srv/größe/reconnectd"'),
    ],
)
def test_the_path_of_the_program_is_quoted_as_systemd_reads_it(path: str, word: str) -> None:
    assert program(path) == word


@pytest.mark.parametrize("path", ['/a"b/reconnectd', "/it's/reconnectd", "/a\\b/reconnectd", "/a\nb/reconnectd"])
def test_what_systemd_cannot_start_is_refused_with_the_remedy(path: str) -> None:
    with pytest.raises(ReconnectdError, match="can't start") as refused:
        program(path)
    assert refused.value.fix


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("--config", "--config"),
        ("/a b.toml", '"/a b.toml"'),
        ("/$x/50%.toml", '"/$$x/50%%.toml"'),
        ('/a"\\.toml', '"/a\\"\\\\.toml"'),
    ],
)
def test_in_further_words_variables_stay_words(word: str, written: str) -> None:
    assert argument(word) == written


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="'\"\\"), min_size=1))
def test_the_program_is_found_again_in_the_unit(name: str) -> None:
    path = f"/home/some one/{name}"
    assert started_program(unit_for(shipped(UNIT), [path, "--config", "/x y"], {})) == Path(path)


def test_only_the_start_and_the_variables_are_added_to_the_shipped_unit() -> None:
    text, made = shipped(UNIT), unit_for(shipped(UNIT), ["/opt/reconnectd"], {"XDG_STATE_HOME": "/a b"})
    added = [line for line in made.splitlines() if line not in text.splitlines()]
    assert added == ["ExecStart=/opt/reconnectd", 'Environment="XDG_STATE_HOME=/a b"']
    assert len(made.splitlines()) == len(text.splitlines()) + 1


@needs("systemd-analyze")
@pytest.mark.parametrize("folder", ["a folder", "100% mine", "$HOME", "größe", "semi; colon"])
def test_systemd_starts_a_program_in_a_folder_of_such_a_name(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "reconnectd"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o700)
    unit = tmp_path / "reconnectd.service"
    unit.write_text(unit_for(shipped(UNIT), [str(path), "--config", str(tmp_path / "it's $5.toml")], {}))
    command = ["systemd-analyze", "--user", "verify", "--man=no", str(unit)]
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    verified = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_desktop_knows_the_program_and_shows_it_in_no_menu() -> None:
    lines = desktop_entry(Path("/a $b/100%/reconnect")).splitlines()
    assert lines[0] == "[Desktop Entry]"
    assert 'Exec="/a \\\\$b/100%%/reconnect" status' in lines
    assert {"NoDisplay=true", "X-GNOME-UsesNotifications=true", "Type=Application"} <= set(lines)


@needs("desktop-file-validate")
@pytest.mark.parametrize("folder", ["bin", "a $b", "100%", 'a "quoted" one', "größe"])
def test_the_entry_is_a_valid_one(tmp_path: Path, folder: str) -> None:
    entry = tmp_path / "reconnectd.desktop"
    entry.write_text(desktop_entry(Path("/opt") / folder / "reconnect"))
    checked = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


# Without a manager.


def test_a_bus_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "systemctl"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    monkeypatch.setattr(user_service.manager, "TO_ANSWER", 0.2)
    with pytest.raises(user_service.NoManager, match="did not answer"):
        user_service.UserManager({"PATH": f"{tmp_path}:/bin:/usr/bin"}).facts()


def test_files_left_behind_go_also_without_systemd(here: Here) -> None:
    units = here.home / ".config" / "systemd" / "user"
    (units / "default.target.wants").mkdir(parents=True)
    (units / "reconnectd.service").write_text("[Service]\nExecStart=/gone\n")
    (units / "default.target.wants" / "reconnectd.service").symlink_to(units / "reconnectd.service")
    assert here.said("service", "remove") == {"removed": [str(units / "reconnectd.service")]}
    assert not list(units.rglob("*.service"))
    assert "no service installed" in here.run("service", "remove").stdout


def test_logs_are_lines(here: Here) -> None:
    assert here.run("service", "logs", "--json").returncode == 2


@pytest.mark.parametrize(
    ("facts", "running", "ok", "says"),
    [
        (ServiceFacts(manager="nobody"), False, True, "nobody"),
        (ServiceFacts(), True, True, "not installed"),
        (ServiceFacts(program=Path("/gone")), False, False, "/gone, which is not there"),
        (ServiceFacts(program=Path("/x"), program_exists=True, active="failed"), False, False, "with an error"),
        (ServiceFacts(program=Path("/x"), program_exists=True), False, False, "installed, inactive"),
        (ServiceFacts(program=Path("/x"), program_exists=True, active="active"), True, True, "doesn't start by itself"),
        (
            ServiceFacts(program=Path("/x"), program_exists=True, active="active", to_reload=True),
            True,
            False,
            "an older text",
        ),
        (
            ServiceFacts(program=Path("/x"), program_exists=True, active="active", enabled=True, changed=True),
            True,
            True,
            "not as this version",
        ),
        (
            ServiceFacts(program=Path("/x"), program_exists=True, active="active", enabled=True, lingers=True),
            True,
            True,
            "when you log out",
        ),
        (
            ServiceFacts(program=Path("/x"), program_exists=True, active="active", enabled=True),
            True,
            True,
            "starts with",
        ),
    ],
)  # fmt: skip
def test_the_doctor_tells_how_the_service_stands(facts: ServiceFacts, *, running: bool, ok: bool, says: str) -> None:
    check = service(facts, running=running)
    assert (check.ok, says in check.detail) == (ok, True)
    assert check.fix or ok


# With a real one.


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of `service_story.py`: the programs lie in a folder with a space, a percent and a dollar sign."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "100% of $HOME").symlink_to(Path(sys.prefix))
    programs = folder / "100% of $HOME" / "bin"
    ran = beside_systemd(programs / "python", STORY, folder / "told.json")
    assert ran.returncode == 0, ran.stderr
    story: dict[str, Any] = json.loads((folder / "told.json").read_text())
    return {"programs": str(programs), **story}


@linux
def test_without_user_namespaces_the_hardened_one_is_refused_in_words_and_nothing_is_written(
    told: dict[str, Any],
) -> None:
    refused = told["hardened"]
    assert (refused["exit"], refused["stdout"], refused["LoadState"]) == (1, "", "not-found")
    assert "the kernel refuses you a user namespace" in refused["stderr"]
    assert "`reconnect service install`, without --hardened" in refused["stderr"]
    assert told["files of the hardened"] == []


@linux
def test_a_refused_hardening_leaves_the_running_service_alone(told: dict[str, Any]) -> None:
    afterwards = told["hardened afterwards"]
    assert (afterwards["exit"], afterwards["ActiveState"]) == (1, "active")
    assert afterwards["MainPID"] == told["again"]["MainPID"]


@linux
def test_installing_starts_it_and_it_will_start_again(told: dict[str, Any]) -> None:
    installed = told["installed"]
    assert (installed["exit"], installed["stderr"]) == (0, "")
    assert (installed["ActiveState"], installed["UnitFileState"]) == ("active", "enabled")
    assert f"path={told['programs']}/reconnectd ;" in installed["ExecStart"]
    assert told["files"] == [".config/systemd/user/reconnectd.service", ".local/share/applications/reconnectd.desktop"]


@linux
def test_the_service_and_the_commands_mean_the_same_state(told: dict[str, Any]) -> None:
    assert told["overview"]["daemon"]["pid"] == int(told["installed"]["MainPID"])


@linux
def test_its_status_is_told(told: dict[str, Any]) -> None:
    status = told["status"]
    assert (status["installed"], status["active"], status["enabled"]) == (True, "active", True)
    assert status["pid"] == int(told["installed"]["MainPID"])
    assert "active (running)" in told["status in words"]


@linux
def test_the_doctor_finds_it_in_order(told: dict[str, Any]) -> None:
    checks = {check["name"]: check for check in told["doctor"]["checks"]}
    assert (checks["service"]["ok"], checks["service"]["detail"]) == (True, "active, starts with the session")
    confined = "it writes its folders, gains no privileges, its system calls are filtered"
    assert (checks["confinement"]["ok"], checks["confinement"]["detail"]) == (True, confined)


@linux
def test_the_doctor_notices_a_unit_that_was_changed(told: dict[str, Any]) -> None:
    check = next(check for check in told["doctor after an edit"]["checks"] if check["name"] == "service")
    assert (check["ok"], "daemon-reload" in check["fix"]) == (False, True)


@linux
def test_its_log_can_be_read(told: dict[str, Any]) -> None:
    assert told["logs"]["exit"] == 0
    assert "Started reconnectd" in told["logs"]["stdout"]


@linux
def test_installing_again_starts_the_new_one(told: dict[str, Any]) -> None:
    assert told["again"]["exit"] == 0
    assert told["again"]["ActiveState"] == "active"
    assert told["again"]["MainPID"] != told["installed"]["MainPID"]


@linux
def test_stop_turns_it_off_and_resume_on_again(told: dict[str, Any]) -> None:
    stopped, resumed = told["stopped"], told["resumed"]
    assert (stopped["exit"], stopped["ActiveState"], stopped["UnitFileState"]) == (0, "inactive", "disabled"), stopped
    assert "The service is off." in stopped["stdout"]
    assert (resumed["exit"], resumed["ActiveState"], resumed["UnitFileState"]) == (0, "active", "enabled"), resumed
    assert "The service runs again." in resumed["stdout"]


@linux
def test_removing_stops_it_and_leaves_config_and_history(told: dict[str, Any]) -> None:
    removed = told["removed"]
    assert (removed["exit"], removed["ActiveState"], removed["LoadState"]) == (0, "inactive", "not-found")
    assert told["left"] == []
    assert told["kept"] == [True, True]


@linux
def test_a_daemon_in_a_terminal_is_not_joined_by_a_second(told: dict[str, Any]) -> None:
    refused = told["beside another"]
    assert refused["exit"] == 75
    assert "outside the service" in refused["stderr"]
    assert refused["LoadState"] == "not-found"


@linux
def test_only_put_in_its_place_it_does_not_start(told: dict[str, Any]) -> None:
    placed = told["not started"]
    assert (placed["exit"], placed["ActiveState"], placed["UnitFileState"]) == (0, "inactive", "enabled")
