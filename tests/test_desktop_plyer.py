"""The fallbacks: plyer in a thread, and the log."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from needs import needs
from notification_server import NotificationServer
from private_bus import private_bus

from reconnectd.adapters.plyer_desktop import NoDesktop, Plyer
from reconnectd.ports import Bubble, NotifierState, Shown

SCREEN = {"DISPLAY": ":7"}
WORD = Bubble("t0ken", "Date night", "with Sam")


class Heard:
    """A stand-in for plyer's notify."""

    def __init__(self, trouble: Callable[[], None] = lambda: None) -> None:
        self.words: list[tuple[str, str, str]] = []
        self.trouble = trouble

    def __call__(self, title: str, body: str, app: str) -> None:
        self.trouble()
        self.words.append((title, body, app))


async def test_a_word_is_shown_without_buttons_and_without_an_id() -> None:
    heard = Heard()
    plyer = Plyer(notify=heard, environ=SCREEN, platform="linux")
    assert await plyer.show(WORD) == Shown(0, "")
    assert heard.words == [("Date night", "with Sam", "reconnectd")]
    assert plyer.state() == NotifierState("plyer", None, actions=False, ready=True)


@pytest.mark.parametrize(
    ("platform", "body", "expected"),
    [
        ("linux", "- call Mum", " - call Mum"),
        ("linux", "--help", " --help"),
        ("linux", "Mum's <b>", "Mum’s ‹b›"),  # noqa: RUF001 — look-alikes on purpose
        ("darwin", "- Mum's <b>", "- Mum's <b>"),
        ("win32", "one\ntwo\x1b[31m", "one\ntwo"),
    ],
)
async def test_words_are_made_safe_for_what_plyer_does_with_them(platform: str, body: str, expected: str) -> None:
    heard = Heard()
    await Plyer(notify=heard, environ=SCREEN, platform=platform).show(Bubble("t", "Hello", body))
    assert heard.words[0][1] == expected


@pytest.mark.parametrize(
    ("platform", "environ", "ready"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
async def test_on_linux_a_display_must_be_there(platform: str, environ: dict[str, str], *, ready: bool) -> None:
    plyer = Plyer(notify=Heard(), environ=environ, platform=platform)
    assert plyer.state().ready is ready
    assert (await plyer.show(WORD) is not None) is ready


def fail() -> None:
    raise RuntimeError("Date night with Sam could not be shown")


async def test_a_failing_plyer_is_logged_without_the_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert await Plyer(notify=Heard(fail), environ=SCREEN).show(WORD) is None
    assert "RuntimeError" in caplog.text
    assert "Sam" not in caplog.text
    assert "Date" not in caplog.text


async def test_a_hanging_plyer_costs_the_deadline() -> None:
    release = threading.Event()
    assert await Plyer(notify=Heard(release.wait), environ=SCREEN, deadline=0.05).show(WORD) is None  # type: ignore[arg-type]
    release.set()


async def test_without_a_desktop_nobody_is_shown_anything() -> None:
    assert await NoDesktop().show(WORD) is None
    assert NoDesktop().state() == NotifierState("log", None, actions=False, ready=False)


async def test_what_to_type_stands_in_place_of_the_buttons() -> None:
    heard = Heard()
    await Plyer(notify=heard, environ=SCREEN).show(Bubble("t", "Tea", "", (("done", "Done"),), otherwise="type this"))
    assert heard.words[0][:2] == ("Tea", "type this")


SAY = """
import asyncio
from reconnectd.adapters.plyer_desktop import Plyer
from reconnectd.ports import Bubble
print(asyncio.run(Plyer().show(Bubble("t", "-t", "- call Mum's <b>"))))
"""
NO_DBUS = """
import sys
sys.path = [place for place in sys.path if "dist-packages" not in place]
"""


def real_plyer(folder: Path, way: str, script: str, prelude: str = "") -> str:
    """What `Plyer` says when notify-send or gdbus (`way`) is this script, and no dbus-python is there."""
    (folder / way).write_text(f"#!/bin/sh\n{script}\n")
    (folder / way).chmod(0o755)
    environ = {**os.environ, "PATH": f"{folder}:/usr/bin:/bin", "DISPLAY": ":7"}
    run = subprocess.run(
        [sys.executable, "-c", prelude + NO_DBUS + SAY], env=environ, capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    return run.stdout.strip()


def test_the_real_plyer_hands_a_leading_dash_on_as_text(tmp_path: Path) -> None:
    said = real_plyer(tmp_path, "notify-send", f'printf "%s\\n" "$@" > {tmp_path}/said')
    assert said == "Shown(id=0, server='')"
    assert (tmp_path / "said").read_text().splitlines()[:2] == [" -t", " - call Mum's ‹b›".replace("'", "’")]  # noqa: RUF001


def test_a_word_that_notify_send_could_not_show_is_not_taken_for_shown(tmp_path: Path) -> None:
    assert real_plyer(tmp_path, "notify-send", "exit 1") == "None"


def test_without_any_way_to_show_it_a_word_is_not_taken_for_shown(tmp_path: Path) -> None:
    nowhere = f"import os\nos.environ['PATH'] = {str(tmp_path)!r}\n"
    assert real_plyer(tmp_path, "unused", "", nowhere) == "None"


def test_a_folder_called_app_makes_no_flatpak(tmp_path: Path) -> None:
    app = "import os.path\nos.path.isdir = lambda path, real=os.path.isdir: path == '/app' or real(path)\n"
    said = real_plyer(tmp_path, "notify-send", f"touch {tmp_path}/asked", app)
    assert said == "Shown(id=0, server='')"
    assert (tmp_path / "asked").exists()


@needs("gdbus")
def test_in_a_flatpak_the_portal_can_read_the_words(tmp_path: Path) -> None:
    """The text that plyer builds for gdbus is one that GLib can parse: gdbus says so before it looks for a bus."""
    flatpak = (
        "from pathlib import Path\nimport reconnectd.adapters.plyer_desktop as desktop\n"
        f"desktop.FLATPAK = Path({str(tmp_path)!r})\n"
    )
    script = f'DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent exec /usr/bin/gdbus "$@" 2>{tmp_path}/why'
    assert real_plyer(tmp_path, "gdbus", script, flatpak) == "None"
    why = (tmp_path / "why").read_text()
    assert "Error connecting" in why or "No such file" in why, why


@needs("notify-send")
async def test_what_plyer_says_arrives_at_a_notification_server_whole() -> None:
    with private_bus() as daemon:
        server = NotificationServer(daemon.address)
        await server.start()
        environ = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": daemon.address, "DISPLAY": ":7"}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", NO_DBUS + SAY, env=environ, stdout=asyncio.subprocess.DEVNULL
        )
        (sent,) = await server.bubbles(1)
        assert await child.wait() == 0
        assert (sent.app, sent.title, sent.body) == ("reconnectd", " -t", " - call Mum’s ‹b›")  # noqa: RUF001
        assert sent.hints["urgency"] == 1
        await server.stop()
