"""Where there is no systemd of one's own: the desktop's autostart, and launchd on macOS."""

from __future__ import annotations

import plistlib
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cli_here import Here, daemon, here
from hypothesis import given
from hypothesis import strategies as st
from needs import needs
from test_unit import linux

from reconnectd.adapters.desktop_entry import autostart_entry, is_on, started, turned_off, turned_on
from reconnectd.adapters.launchd import LABEL, Launchd, agent, program_of
from reconnectd.app.examination import service
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.service import Installation
from reconnectd.wiring.session import Session

__all__ = ["here"]

FOLDERS = ["bin", "a folder", "100% mine", "a $b `c`", 'a "quoted" one', "größe", "back\\slash", "X=1"]


# What the desktop starts.


@needs("desktop-file-validate")
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_autostart_entry_is_a_valid_one(tmp_path: Path, folder: str) -> None:
    entry = tmp_path / "reconnectd.desktop"
    text = autostart_entry([f"/opt/{folder}/reconnectd", "--config", "/a b/100%.toml"], {"XDG_STATE_HOME": "/c d"})
    for state in (text, turned_off(text)):
        entry.write_text(state)
        checked = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@needs("gio")
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_desktop_starts_just_this_program_with_just_these_words(tmp_path: Path, folder: str) -> None:
    program, told = tmp_path / folder / "reconnectd", tmp_path / "told"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "$XDG_STATE_HOME" >"{told}.new"; mv "{told}.new" "{told}"\n')
    program.chmod(0o700)
    entry = tmp_path / "reconnectd.desktop"
    entry.write_text(autostart_entry([str(program), "--config", '/a "b" $c/100%f.toml'], {"XDG_STATE_HOME": "/50% e"}))
    ran = subprocess.run(["gio", "launch", entry], capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 0, ran.stderr
    wait_for(told.exists)
    assert told.read_text().splitlines() == ["--config", '/a "b" $c/100%f.toml', "/50% e"]


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), st.booleans())
def test_the_program_is_found_again_in_the_entry(name: str, variables: bool) -> None:
    path = f"/home/some one/{name.replace('/', '')}x"
    assert started(autostart_entry([path, "--config", "/x=y"], {"XDG_DATA_HOME": "/a"} if variables else {})) == Path(
        path
    )


def test_an_entry_is_turned_off_and_on_again() -> None:
    text = autostart_entry(["/opt/reconnectd"], {})
    assert is_on(text)
    assert not is_on(turned_off(turned_off(text)))
    assert turned_on(turned_off(text)) == text


def autostart(here: Here) -> Path:
    return here.home / ".config" / "autostart" / "reconnectd.desktop"


@linux
def test_without_systemd_the_desktop_is_asked_to_start_it(here: Here) -> None:
    here.run("init", "--defaults")
    ran = here.run("service", "install")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "your desktop starts it, from the next session on" in ran.stdout
    assert "`reconnectd` in a terminal" in ran.stdout
    assert autostart(here).stat().st_mode & 0o777 == 0o600
    assert not (here.home / ".config" / "systemd").exists()
    again = here.said("service", "install")
    assert again == {"unit": str(autostart(here)), "started": False, "hardened": False, "starter": "autostart"}


@linux
def test_its_status_says_who_starts_it_and_whether_it_runs(here: Here) -> None:
    here.run("init", "--defaults")
    here.run("service", "install")
    found = here.said("service", "status")
    assert (found["starter"], found["active"], found["enabled"], found["pid"]) == ("autostart", "inactive", True, None)
    with daemon(here) as running:
        assert here.said("service", "status")["pid"] == running.pid
        assert "with every session, by your desktop" in here.run("service", "status").stdout


@linux
def test_what_the_desktop_starts_is_taken_away_and_nothing_else(here: Here) -> None:
    here.run("init", "--defaults")
    here.run("service", "install")
    stranger = autostart(here).with_name("other.desktop")
    stranger.write_text("[Desktop Entry]\n")
    gone = here.said("service", "remove")["removed"]
    assert set(gone) == {str(autostart(here)), str(here.home / ".local/share/applications/reconnectd.desktop")}
    assert list(autostart(here).parent.iterdir()) == [stranger]
    assert here.config.exists()
    assert "no service installed" in here.run("service", "remove").stdout


@linux
def test_stop_keeps_the_desktop_from_starting_it_and_resume_lets_it(here: Here) -> None:
    here.run("init", "--defaults")
    here.run("service", "install")
    assert here.run("stop", "--keep").returncode == 0
    assert "Hidden=true" in autostart(here).read_text().splitlines()
    assert not here.said("service", "status")["enabled"]
    assert here.run("resume").returncode == 0
    assert here.said("service", "status")["enabled"]


@linux
def test_without_systemd_nobody_confines_it_and_that_is_said(here: Here) -> None:
    here.run("init", "--defaults")
    ran = here.run("service", "install", "--hardened")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "only systemd can confine" in ran.stderr
    assert not autostart(here).exists()


@linux
def test_a_unit_that_is_there_is_not_doubled_by_the_desktop(here: Here) -> None:
    here.run("init", "--defaults")
    unit = here.home / ".config" / "systemd" / "user" / "reconnectd.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/gone\n")
    ran = here.run("service", "install")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no systemd of your own" in ran.stderr
    assert not autostart(here).exists()


@linux
def test_logs_are_where_the_desktop_keeps_them(here: Here) -> None:
    here.run("init", "--defaults")
    here.run("service", "install")
    ran = here.run("service", "logs")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ".xsession-errors" in ran.stderr


@linux
def test_a_config_that_cannot_be_used_is_not_installed(here: Here) -> None:
    here.write("[people]\nme = 3\n")
    assert here.run("service", "install").returncode == 78
    assert not autostart(here).exists()


# launchd.


class FakeLaunchd:
    """launchctl, with one agent that is loaded or not."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.loaded = self.disabled = False
        self.refuses = ""

    def __call__(self, argv: Sequence[str]) -> tuple[int, str]:
        self.asked.append(list(argv))
        verb = getattr(self, "do_" + argv[1].replace("-", "_"))
        answer: tuple[int, str] = verb()
        return answer

    def do_bootstrap(self) -> tuple[int, str]:
        if self.refuses:
            return 5, self.refuses
        self.loaded = not self.disabled
        return 0, ""

    def do_bootout(self) -> tuple[int, str]:
        was, self.loaded = self.loaded, False
        return (0, "") if was else (3, "Boot-out failed: 3: No such process")

    def do_enable(self) -> tuple[int, str]:
        self.disabled = False
        return 0, ""

    def do_disable(self) -> tuple[int, str]:
        self.disabled = True
        return 0, ""

    def do_print_disabled(self) -> tuple[int, str]:
        state = "disabled" if self.disabled else "enabled"
        return 0, f'\tdisabled services = {{\n\t\t"{LABEL}" => {state}\n\t}}'

    def do_print(self) -> tuple[int, str]:
        if not self.loaded:
            return 113, f'Could not find service "{LABEL}" in domain for user gui: 501'
        return 0, (
            f"gui/501/{LABEL} = {{\n\tactive count = 1\n\tstate = running\n\n\tprogram = /opt/reconnectd\n"
            "\truns = 3\n\tpid = 4711\n\tlast exit code = 1\n\n\tspawn type = daemon (3)\n\tendpoints = {\n"
            "\t\tstate = inactive\n\t}\n}"
        )


@pytest.fixture
def mac(here: Here) -> tuple[Installation, FakeLaunchd, Path]:
    """The same home, as macOS sees it."""
    here.run("init", "--defaults")
    launchd = FakeLaunchd()
    installation = Installation(Session(str(here.config)), here.environ, platform="darwin", run=launchd)
    return installation, launchd, here.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"


Mac = tuple[Installation, FakeLaunchd, Path]


def test_the_property_list_says_what_launchd_needs() -> None:
    log = Path("/Users/alex/Library/Logs/reconnectd.log")
    told = plistlib.loads(agent(["/opt/a b/100%/reconnectd", "--config", "/<&>"], {"XDG_STATE_HOME": "/s"}, log))
    assert told["Label"] == LABEL
    assert told["ProgramArguments"] == ["/opt/a b/100%/reconnectd", "--config", "/<&>"]
    assert told["EnvironmentVariables"] == {"XDG_STATE_HOME": "/s"}
    assert (told["RunAtLoad"], told["KeepAlive"], told["Umask"]) == (True, {"SuccessfulExit": False}, 0o077)
    assert told["HardResourceLimits"] == {"Core": 0}
    assert told["StandardErrorPath"] == told["StandardOutPath"] == str(log)


def test_installing_loads_the_agent_and_installing_again_the_new_one(mac: Mac) -> None:
    installation, launchd, plist = mac
    assert installation.install(start=True) == plist
    assert (launchd.loaded, plist.stat().st_mode & 0o777) == (True, 0o600)
    assert program_of(plist.read_bytes()).name == "reconnectd"  # type: ignore[union-attr]
    installation.install(start=True)
    said = [words[1] for words in launchd.asked]
    assert said[-3:] == ["bootout", "enable", "bootstrap"]
    assert launchd.asked[-1][-1] == str(plist)


def test_only_put_in_its_place_it_is_not_loaded(mac: Mac) -> None:
    installation, launchd, plist = mac
    installation.install(start=False)
    assert (plist.exists(), launchd.loaded) == (True, False)


def test_launchd_saying_no_is_a_sentence(mac: Mac) -> None:
    installation, launchd, _ = mac
    launchd.refuses = "Bootstrap failed: 5: Input/output error"
    with pytest.raises(ReconnectdError, match="did not take the service: Bootstrap failed"):
        installation.install(start=True)


def test_what_launchctl_prints_is_told(mac: Mac) -> None:
    installation, _, plist = mac
    installation.install(start=True)
    stands = installation.standing()
    assert (stands.starter, stands.unit, stands.active, stands.state) == ("launchd", plist, "active", "running")
    assert (stands.pid, stands.enabled, stands.restarts) == (4711, True, 2)
    facts = installation.facts()
    assert (facts.starter, facts.program_exists) == ("launchd", True)
    assert service(facts, running=True).ok


def test_an_agent_that_is_not_loaded_is_told_with_the_cure(mac: Mac) -> None:
    installation, _, _ = mac
    installation.install(start=False)
    check = service(installation.facts(), running=False)
    assert (check.ok, check.fix) == (False, "`reconnect service install` starts it")


def test_rest_is_off_also_with_the_next_session_and_wake_is_on_again(mac: Mac) -> None:
    installation, launchd, _ = mac
    assert not installation.rest()
    installation.install(start=True)
    assert installation.rest()
    assert (launchd.loaded, installation.standing().enabled) == (False, False)
    assert installation.wake()
    assert (launchd.loaded, installation.standing().enabled) == (True, True)


def test_removing_unloads_and_takes_list_and_log_away(mac: Mac) -> None:
    installation, launchd, plist = mac
    installation.install(start=True)
    log = plist.parent.parent / "Logs" / "reconnectd.log"
    log.write_text("hello\n")
    assert installation.remove() == [plist, log]
    assert (launchd.loaded, plist.exists(), log.exists()) == (False, False, False)
    assert installation.remove() == []


def test_its_log_is_one_file(mac: Mac, capfd: pytest.CaptureFixture[str]) -> None:
    installation, _, plist = mac
    installation.install(start=True)
    assert installation.logs(None, follow=False) == 0
    (plist.parent.parent / "Logs" / "reconnectd.log").write_text("one\ntwo\nthree\n")
    assert installation.logs(2, follow=False) == 0
    assert installation.logs(None, follow=False) == 0
    assert capfd.readouterr().out == "two\nthree\none\ntwo\nthree\n"


def test_hardened_is_systemds(mac: Mac) -> None:
    installation, _, plist = mac
    with pytest.raises(ReconnectdError, match="only systemd"):
        installation.install(start=True, hardened=True)
    assert not plist.exists()


def test_a_launchctl_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReconnectdError, match="launchctl can't be started"):
        Launchd(501).load(tmp_path / "x.plist")


@pytest.mark.parametrize("data", [b"", b"not one", b"<plist/>", plistlib.dumps({"ProgramArguments": []})])
def test_a_list_of_somebody_else_starts_nothing_that_is_known(data: bytes) -> None:
    assert program_of(data) is None
