"""The fallbacks: plyer in a thread, and the log."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconnectd.adapters.plyer_desktop import LogOnly, Plyer
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


async def test_without_a_desktop_the_log_says_that_a_word_waits(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert await LogOnly().show(WORD) is None
    assert "a word is waiting" in caplog.text
    assert "Sam" not in caplog.text
    assert LogOnly().state() == NotifierState("log", None, actions=False, ready=False)


SAY = """
import asyncio
from reconnectd.adapters.plyer_desktop import Plyer
from reconnectd.ports import Bubble
print(asyncio.run(Plyer().show(Bubble("t", "-t", "- call Mum"))))
"""


def test_the_real_plyer_hands_a_leading_dash_on_as_text(tmp_path: Path) -> None:
    """notify-send is replaced by a script that writes down its arguments."""
    if Path("/app").is_dir():
        pytest.skip("plyer takes a machine with /app for Flatpak")
    script = tmp_path / "notify-send"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/said\n')
    script.chmod(0o755)
    (tmp_path / "dbus.py").write_text("raise ImportError")
    environ = {**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin", "DISPLAY": ":7", "PYTHONPATH": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", SAY], env=environ, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "Shown(id=0, server='')"
    assert run.stderr == ""
    assert (tmp_path / "said").read_text().splitlines()[:2] == [" -t", " - call Mum"]
