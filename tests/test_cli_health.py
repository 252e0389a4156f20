"""`reconnect status`, `doctor` and `notify --test`: with nothing set up, with the daemon stopped, with it running."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from cli_here import Here, a_home, daemon, here, living
from desktop_session import bus, server
from notification_server import NotificationServer
from private_bus import PrivateBus

__all__ = ["bus", "here", "server"]

CONFIG = """
[people]
me = "Alex"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"

[routine.a-word]
on = "daily"
at = "12:00"
"""

SHARED = """
[calendar]
url = "http://127.0.0.1:9/"
username = "alex"
password_command = ["echo", "hush"]
seen_by = "both"
"""

FORBIDDEN = ("due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target", "Traceback", "\x1b[31m")


@pytest.fixture
def configured(here: Here) -> Here:
    here.write(CONFIG)
    return here


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first sync."""
    person = a_home(tmp_path_factory.mktemp("once"))
    person.write(CONFIG)
    assert person.run("sync").returncode == 0
    return person.home


@pytest.fixture
def synced(here: Here, once: Path) -> Here:
    """A copy of it."""
    shutil.copytree(once, here.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    return here


@pytest.fixture
def on_desktop(configured: Here, bus: PrivateBus) -> Here:
    configured.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.address
    return configured


def checks(here: Here) -> dict[str, dict[str, object]]:
    return {check["name"]: check for check in here.said("doctor")["checks"]}


# status


def test_with_nothing_set_up_status_says_what_to_do(here: Here) -> None:
    ran = here.run("status")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "`reconnect init`" in ran.stdout
    found = here.said("status")
    assert found["daemon"] == {"running": False, "pid": None, "version": None, "since": None}
    assert found["notifications"] == {"backend": None, "server": None, "actions": None, "held": 0}
    assert (found["next"], found["calendar"]["url"], found["calendar"]["last_sync"]) == (None, None, None)
    assert "`reconnect init`" in found["problems"][0]["fix"]
    assert not here.state.exists()


def test_status_knows_the_calendar_with_the_daemon_stopped(synced: Here) -> None:
    found = synced.said("status")
    calendar = found["calendar"]
    assert set(calendar) == {"url", "name", "kind", "last_sync", "ok", "pending", "error"}
    assert (calendar["name"], calendar["kind"], calendar["ok"], calendar["pending"]) == ("Us", "embedded", True, 0)
    assert calendar["url"] == synced.said("calendar")["url"]
    assert dt.datetime.fromisoformat(calendar["last_sync"]).utcoffset() is not None
    assert found["problems"] == []


def test_status_has_the_next_occurrence_as_next_has_it(configured: Here) -> None:
    configured.write(CONFIG.replace("12:00", "23:59"))
    found = configured.said("status")["next"]
    assert found == configured.said("next", "-n", "1")["occurrences"][0]
    assert dt.datetime.fromisoformat(found["reminders"][0]) <= dt.datetime.fromisoformat(found["start"])


def test_status_keeps_the_moment_of_a_surprise(here: Here) -> None:
    here.write('[routine.touch]\ntimes = "1 per day"\nwithin = ["00:10-23:50"]\nsurprise = true\n')
    start = here.said("status")["next"]["start"]
    line = next(line for line in here.run("status").stdout.splitlines() if line.startswith("next"))
    assert "sometime" in line
    assert start[11:16] not in line


def test_status_has_the_daemon_when_it_runs(configured: Here) -> None:
    with daemon(configured) as process:
        found = configured.said("status")
        assert (found["daemon"]["running"], found["daemon"]["pid"]) == (True, process.pid)
        assert found["daemon"]["version"] in configured.run("--version").stdout
        assert dt.datetime.fromisoformat(found["daemon"]["since"]).utcoffset() is not None
        assert (found["notifications"]["backend"], found["notifications"]["server"]) == ("log", None)
        assert f"running since {found['daemon']['since'][:10]}" in configured.run("status").stdout
    assert configured.said("status")["daemon"]["running"] is False


def test_a_broken_config_is_a_problem_and_the_stored_plan_still_shows(synced: Here) -> None:
    synced.write(CONFIG.replace("19:30", "25:00"))
    ran = synced.run("status", "--json")
    found = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert "date-night.at" in found["problems"][0]["what"]
    assert found["next"] is not None
    assert found["calendar"]["kind"] == "embedded"


def test_what_the_partner_has_not_agreed_to_is_a_problem(here: Here) -> None:
    here.write(CONFIG.replace('me = "Alex"', 'me = "Alex"\npartner = "Sam"') + SHARED)
    here.run("sync")
    problems = here.said("status")["problems"]
    assert [problem for problem in problems if "partner_agrees" in problem["fix"]] == problems
    assert len(problems) == 1


def test_a_server_that_did_not_answer_is_a_problem_until_it_does(here: Here) -> None:
    here.write(CONFIG + SHARED)
    here.run("sync")
    found = here.said("status")
    assert (found["calendar"]["ok"], found["calendar"]["last_sync"]) == (False, None)
    assert [problem["what"] for problem in found["problems"]] == [found["calendar"]["error"]]


def test_a_series_that_was_taken_out_of_the_calendar_rests(synced: Here) -> None:
    with sqlite3.connect(synced.state / "reconnectd.db") as state:
        state.execute("UPDATE routine SET stopped = 1 WHERE slug = 'date-night'")
    problem = synced.said("status")["problems"][0]
    assert problem["what"].startswith('"Date night" was taken out of the calendar')
    assert "resume date-night --yes" in problem["fix"]


def test_a_calendar_that_is_gone_is_a_problem(synced: Here) -> None:
    with sqlite3.connect(synced.state / "reconnectd.db") as state:
        state.execute("UPDATE collection SET gone = 1")
    assert "is gone" in synced.said("status")["problems"][0]["what"]
    assert checks(synced)["calendar"]["ok"] is False


def test_a_database_that_is_none_is_told_by_both(configured: Here) -> None:
    configured.state.mkdir(parents=True, mode=0o700)
    (configured.state / "reconnectd.db").write_bytes(b"no database, for sure" * 100)
    assert "can't be read as a database" in configured.said("status")["problems"][0]["what"]
    assert checks(configured)["database"]["ok"] is False


def test_a_daemon_that_hangs_is_told(configured: Here) -> None:
    with daemon(configured) as process:
        process.send_signal(signal.SIGSTOP)
        found = configured.said("status")
        process.send_signal(signal.SIGCONT)
    assert (found["daemon"]["running"], found["daemon"]["since"]) == (True, None)
    assert "does not answer" in found["problems"][0]["what"]


def test_titles_from_a_calendar_steer_no_terminal(synced: Here) -> None:
    with sqlite3.connect(synced.state / "reconnectd.db") as state:
        state.execute("UPDATE occurrence SET title = 'Walk' || char(27) || ']0;x' || char(7) || char(27) || '[31m'")
    assert "\x1b" not in synced.run("status").stdout


# doctor


def test_with_nothing_set_up_the_doctor_names_each_cure(here: Here) -> None:
    ran = here.run("doctor")
    assert (ran.returncode, ran.stderr) == (1, "")
    found = checks(here)
    assert found["config"]["ok"] is False
    assert found["daemon"]["ok"] is False
    assert all(check["fix"] for check in found.values() if not check["ok"])
    assert not here.state.exists()


@pytest.mark.usefixtures("server")
async def test_on_a_desktop_with_everything_in_place_all_is_well(on_desktop: Here) -> None:
    async with living(on_desktop):
        await on_desktop.aside("sync")
        ran = await on_desktop.aside("doctor")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("All is well.\n")
    assert "test server 1.0, with buttons, can: actions, body, body-markup" in ran.stdout


def test_a_desktop_that_shows_nothing_is_told_apart_from_none(on_desktop: Here) -> None:
    found = checks(on_desktop)
    assert (found["session bus"]["ok"], found["notifications"]["ok"]) == (True, False)


def test_where_plyer_can_help_no_bus_is_no_trouble(configured: Here) -> None:
    configured.environ["DISPLAY"] = ":99"
    found = checks(configured)
    assert (found["session bus"]["ok"], found["notifications"]["ok"]) == (True, True)
    assert "plyer" in str(found["notifications"]["detail"])


def test_files_that_others_may_read_are_found(synced: Here) -> None:
    assert checks(synced)["private files"]["ok"] is True
    (synced.state / "reconnectd.db").chmod(0o644)
    found = checks(synced)["private files"]
    assert found["ok"] is False
    assert found["fix"] == f"chmod -R go= '{synced.state / 'reconnectd.db'}'"


def test_a_config_that_others_may_read_is_found(configured: Here) -> None:
    configured.config.chmod(0o644)
    found = checks(configured)["config file"]
    assert (found["ok"], found["fix"]) == (False, f"chmod 600 '{configured.config}'")


def test_keys_without_effect_are_listed(here: Here) -> None:
    here.write(CONFIG + '\n[guards]\nfreeze = "3 days"\n')
    found = checks(here)["config keys"]
    assert found["ok"] is True
    assert "guards.freeze" in str(found["detail"])


def test_a_clock_that_went_back_is_noticed(synced: Here) -> None:
    with sqlite3.connect(synced.state / "reconnectd.db") as state:
        state.execute("UPDATE run SET at = at + 86400")
    assert checks(synced)["clock"]["ok"] is False


def test_a_folder_that_is_not_absolute_is_told(configured: Here) -> None:
    found = {check["name"]: check for check in configured.said("doctor", XDG_STATE_HOME="here/it/is")["checks"]}
    assert found["folders"]["ok"] is False
    assert "$XDG_STATE_HOME" in found["folders"]["detail"]


# notify --test


async def test_a_running_daemon_shows_the_test(on_desktop: Here, server: NotificationServer) -> None:
    async with living(on_desktop):
        ran = await on_desktop.aside("notify", "--test")
        as_json = await on_desktop.aside("notify", "--test", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "test server 1.0" in ran.stdout
    assert json.loads(as_json.stdout) == {"shown": True, "backend": "freedesktop", "server": "test server 1.0"}
    assert len([bubble for bubble in server.notified if bubble.title == "A word from reconnectd"]) == 2


async def test_a_desktop_that_hangs_is_given_up(on_desktop: Here, server: NotificationServer) -> None:
    server.hangs.add("Notify")
    ran = await on_desktop.aside("notify", "--test")
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False)


async def test_with_the_daemon_stopped_the_command_shows_it_itself(
    on_desktop: Here, server: NotificationServer
) -> None:  # fmt: skip
    ran = await on_desktop.aside("notify", "--test")
    assert (ran.returncode, ran.stderr) == (0, "")
    (bubble,) = await server.bubbles(1)
    assert (bubble.app, bubble.title, bubble.actions) == ("reconnectd", "A word from reconnectd", [])


@pytest.mark.parametrize("desktop", [True, False])
def test_when_nobody_can_show_it_that_is_said(configured: Here, bus: PrivateBus, *, desktop: bool) -> None:
    if desktop:
        configured.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.address
    ran = configured.run("notify", "--test")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ("nobody on it shows" in ran.stderr) is desktop


def test_a_daemon_outside_the_desktop_is_told_apart(configured: Here) -> None:
    with daemon(configured):
        ran = configured.run("notify", "--test")
    assert (ran.returncode, "outside a desktop session" in ran.stderr) == (1, True)


def test_it_needs_no_config(here: Here) -> None:
    assert here.run("notify", "--test").returncode == 1
    assert here.run("notify").returncode == 2


# words


def test_no_screen_blames_or_alarms(synced: Here) -> None:
    screens = [synced.run(*words) for words in (("status",), ("doctor",), ("notify", "--test"), ("config", "check"))]
    said = " ".join(ran.stdout + ran.stderr for ran in screens).lower().replace(str(synced.home).lower(), "")
    words = set("".join(letter if letter.isalpha() else " " for letter in said).split())
    assert words.isdisjoint(FORBIDDEN)
    assert "\x1b" not in said


def test_status_as_of_a_time_names_what_comes_then(configured: Here) -> None:
    after = configured.said("status", "--at", "in 3 days")["next"]
    before = configured.said("--at", "in 3 days", "status")["next"]
    (coming,) = configured.said("next", "--at", "in 3 days", "-n", "1")["occurrences"]
    assert after["id"] == before["id"] == coming["id"]
    assert after["start"] > configured.said("status")["next"]["start"]
