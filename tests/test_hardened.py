"""The hardened drop-in: its text, its rating, and what the service can and can't do with it, seen from inside."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_here import Here, here
from needs import kernel_refuses, needs
from test_unit import UNIT, analyze, beside_systemd, home, linux

from reconnectd.adapters.user_service import DROP_IN, Reach, hardened_for, properties, shipped
from reconnectd.errors import ReconnectdError

__all__ = ["here", "home"]

pytestmark = linux

STORY = Path(__file__).parent / "hardened_story.py"
TEXT = UNIT.with_name(DROP_IN).read_text()
NO_NAMESPACE = 217


# Its text.


def bound(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("ReadWrite", "Bind"))]


def test_folders_in_a_home_are_brought_back_to_be_written_and_the_home_to_be_read() -> None:
    alex = Path("/home/alex")
    reach = Reach((alex / "state",), (alex, Path("/usr/lib"), alex / ".venv", Path("/run/user/1000")))
    assert bound(hardened_for(TEXT, reach)) == [
        "BindReadOnlyPaths=-/home/alex", "BindReadOnlyPaths=-/run/user/1000", "BindPaths=-/home/alex/state",
    ]  # fmt: skip


def test_what_is_not_hidden_is_only_opened_for_writing() -> None:
    assert bound(hardened_for(TEXT, Reach((Path("/srv/state"),), (Path("/srv/alex"),)))) == [
        "ReadWritePaths=-/srv/state"
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/home/a b", 'BindPaths="-/home/a b"'),
        ("/home/100%", "BindPaths=-/home/100%%"),
        ("/home/a:b", 'BindPaths="-/home/a\\:b"'),
        ("/srv/a:b", "ReadWritePaths=-/srv/a:b"),
        ("/tmp/a", "BindPaths=-/tmp/a"),
        ("/var/tmp/a", "BindPaths=-/var/tmp/a"),
        ("/homes/a", "ReadWritePaths=-/homes/a"),
    ],
)
def test_paths_are_written_as_systemd_reads_them(path: str, words: str) -> None:
    assert bound(hardened_for(TEXT, Reach((Path(path),), ()))) == [words]


def test_only_folders_are_changed_in_the_shipped_text() -> None:
    made = hardened_for(TEXT, Reach((Path("/srv/s"),), ()))
    assert [line for line in made.splitlines() if line not in TEXT.splitlines()] == ["ReadWritePaths=-/srv/s"]


def test_another_text_is_not_taken_for_it() -> None:
    with pytest.raises(ReconnectdError, match="not as it should be"):
        hardened_for("[Service]\nPrivateUsers=yes\n", Reach((), ()))


def test_what_is_tried_out_is_what_will_be_installed_but_for_the_runtime_folder() -> None:
    tried = properties("# BindPaths=no\n[Service]\nPrivateUsers=yes\nRuntimeDirectory=r\nReadWritePaths=-/a%%b\n")
    assert tried == ["PrivateUsers=yes", "ReadWritePaths=-/a%b"]


def test_it_is_shipped() -> None:
    assert shipped(DROP_IN) == TEXT


# What systemd says.


@pytest.fixture
def both(home: Path) -> Path:
    """The unit with its drop-in, as they are shipped."""
    shutil.copy(UNIT, home)
    (home / f"{UNIT.name}.d").mkdir()
    shutil.copy(UNIT.with_name(DROP_IN), home / f"{UNIT.name}.d")
    return home


@needs("systemd-analyze")
def test_systemd_finds_nothing_to_say_about_them(both: Path) -> None:
    verified = analyze(both, "verify", "--man=no", unit=both / UNIT.name)
    assert (verified.returncode, verified.stderr) == (0, "")


@needs("systemd-analyze")
def test_the_exposure_is_at_most_two_point_eight(both: Path) -> None:
    rated = analyze(both, "security", "--offline=true", "--threshold=28", unit=both / UNIT.name)
    assert rated.returncode == 0, rated.stdout[-200:]


def test_the_manager_of_an_ordinary_user_can_apply_every_directive() -> None:
    unit = UNIT.read_text().replace("Type=notify", "Type=exec").replace("WatchdogSec=120\n", "")
    unit = unit.replace("%h/.local/bin/reconnectd", "/bin/sleep 60")
    script = (
        "cd; mkdir -p .config/systemd/user/reconnectd.service.d && cd .config/systemd/user &&"
        'echo "$1" >reconnectd.service && echo "$2" >reconnectd.service.d/hardened.conf &&'
        "systemctl --user daemon-reload && systemctl --user start reconnectd && id -u;"
        "systemctl --user show --value --property=ExecMainStatus reconnectd"
    )
    ran = beside_systemd("--nobody", "bash", "-c", script, "bash", unit, TEXT)
    if ran.stdout == f"{NO_NAMESPACE}\n":
        kernel_refuses("a user namespace, to an ordinary user")
    assert (ran.returncode, ran.stdout) == (0, "65534\n0\n"), ran.stderr


SYSTEMCTL = """#!/bin/sh
case "$*" in *UnitPath*) echo "$HOME/.config/systemd/user" ;; *) echo MainPID=0 ;; esac
"""


@pytest.mark.parametrize(
    ("hardened", "bare", "words"),
    [
        (226, 0, "reconnectd doesn't start in there, and nothing was installed: systemd-run ended with 226"),
        (203, 0, "reconnectd doesn't start in there, and nothing was installed: systemd-run ended with 203"),
        (217, 217, "the kernel refuses you a user namespace"),
    ],
)
def test_what_the_trial_says_is_told_and_nothing_is_written(here: Here, hardened: int, bare: int, words: str) -> None:
    programs = here.home / "bin"
    programs.mkdir()
    trial = f'#!/bin/sh\ncase "$*" in *--version) exit {hardened} ;; *true) exit {bare} ;; esac\n'
    for name, text in (("systemctl", SYSTEMCTL), ("systemd-run", trial)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o700)
    here.run("init", "--defaults")
    before = sorted(here.home.rglob("*"))
    ran = here.run("service", "install", "--hardened", PATH=f"{programs}:{here.environ['PATH']}")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert words in ran.stderr
    assert "without --hardened" in ran.stderr
    assert sorted(here.home.rglob("*")) == before


# What it is like in there.


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of `hardened_story.py`; one story for all tests below."""
    probe = ("systemd-run", "--user", "--wait", "--quiet", "--property=PrivateUsers=yes", "true")
    if beside_systemd("--namespaces", *probe).returncode == NO_NAMESPACE:
        kernel_refuses("a user namespace, to anybody")
    path = tmp_path_factory.mktemp("hardened") / "told.json"
    ran = beside_systemd("--namespaces", sys.executable, STORY, path)
    assert ran.returncode == 0, ran.stderr
    story: dict[str, Any] = json.loads(path.read_text())
    return story


def writes(told: dict[str, Any], result: str) -> set[str]:
    names = {path: name for name, path in told["places"].items()}
    return {names[path] for path, found in told["inside"]["writes"].items() if found == result}


def test_it_starts_and_says_that_it_is_confined(told: dict[str, Any]) -> None:
    hardened = told["hardened"]
    assert (hardened["exit"], hardened["stderr"], hardened["ActiveState"]) == (0, "", "active")
    assert "It is confined" in hardened["stdout"]
    assert hardened["drop-ins"] == [DROP_IN]


def test_it_writes_its_history_and_its_calendar_and_nothing_else(told: dict[str, Any]) -> None:
    assert told["copies"] >= 1
    assert writes(told, "written") == {"state", "backups", "calendar", "runtime"}
    assert writes(told, "EROFS") == set(told["places"]) - {"state", "backups", "calendar", "runtime"}


def test_it_sees_no_other_home_and_few_devices(told: dict[str, Any]) -> None:
    assert told["inside"]["homes"] == ["alex"]
    assert told["inside"]["devices"] < 30


def test_the_kernel_holds_it_to_that(told: dict[str, Any]) -> None:
    assert told["kernel"] == {"NoNewPrivs": "1", "Seccomp": "2", "CapBnd": "0" * 16, "CapEff": "0" * 16}


def test_the_main_job_is_done_in_there(told: dict[str, Any]) -> None:
    assert len(told["events"]) == 1
    assert told["bubbles"] == ["buy flowers"]
    assert (told["overview"]["calendar"]["ok"], told["overview"]["calendar"]["pending"]) == (True, 0)


def test_commands_outside_and_the_service_inside_are_of_one_mind(told: dict[str, Any]) -> None:
    assert told["overview"]["daemon"]["pid"] == int(told["hardened"]["MainPID"])
    assert told["sync"]["unchanged"] == 1
    assert told["doctor"]["confinement"]["ok"]
    assert told["doctor"]["service"] == {
        "name": "service", "ok": True, "detail": "active, starts with the session", "fix": "",
    }  # fmt: skip


def test_its_status_says_which_of_the_two_it_is(told: dict[str, Any]) -> None:
    assert (told["plain"]["hardened"], told["hardened"]["hardened"]) == (False, True)
    assert "confined to its own folders" in told["words"]


def test_it_can_be_installed_twice_taken_back_and_put_on_again(told: dict[str, Any]) -> None:
    stages = {name: told[name] for name in ("twice", "plain again", "hardened again")}
    assert {name: (one["exit"], one["ActiveState"]) for name, one in stages.items()} == dict.fromkeys(
        stages, (0, "active")
    )
    assert [one["hardened"] for one in stages.values()] == [True, False, True]
    assert [one["drop-ins"] for one in stages.values()] == [
        [DROP_IN, "override.conf"], ["override.conf"], [DROP_IN, "override.conf"],
    ]  # fmt: skip


def test_a_credential_is_its_own_and_a_typed_sync_has_it_do_the_work(told: dict[str, Any]) -> None:
    assert told["typed sync"]["exit"] == 0, told["typed sync"]
    assert told["at the server"] == 1


def test_removing_takes_it_along_and_leaves_a_drop_in_of_ones_own(told: dict[str, Any]) -> None:
    assert (told["removed"]["exit"], told["removed"]["LoadState"]) == (0, "not-found")
    assert told["left"] == ["override.conf", "reconnectd.service.d"]


def test_folders_in_tmp_with_odd_names_are_its_own_and_all_else_there_is_hidden(told: dict[str, Any]) -> None:
    assert (told["in /tmp"]["exit"], told["in /tmp"]["ActiveState"]) == (0, "active")
    assert len(told["events in /tmp"]) == 1
    assert list(told["inside in /tmp"]["writes"].values()) == ["EROFS", "written", "written"]
    assert told["stranger in /tmp"] not in told["inside in /tmp"]["tmp"]
