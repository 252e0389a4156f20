"""Words where no notification server can be asked directly: plyer (macOS, Windows, a desktop without a session
bus), and nobody where there is no desktop at all. Neither has buttons."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reconnectd.core.plain import plain
from reconnectd.ports import Bubble, NotifierState, Shown

log = logging.getLogger(__name__)

Notify = Callable[[str, str, str], None]
"""Shows (title, body, app name); raises whatever it likes."""

FLATPAK = Path("/.flatpak-info")

_LINUX = str.maketrans({"'": "’", "\\": "⧵", "<": "‹", ">": "›"})  # noqa: RUF001 — look-alikes on purpose
"""plyer builds a portal call by joining strings, and its other ways show markup that it was not told about."""


class Plyer:
    """The `Notifier` that asks plyer, in a thread of its own: a backend that hangs holds up nothing, not even
    the end of the program. What it says is gone from sight by itself, so it has no id (0) and can't be closed."""

    def __init__(
        self,
        *,
        app: str = "reconnectd",
        deadline: float = 5.0,
        notify: Notify | None = None,
        environ: Mapping[str, str] = os.environ,
        platform: str = sys.platform,
    ) -> None:
        self._app = app
        self._deadline = deadline
        self._notify = notify or _plyer
        self._environ = environ
        self._linux = platform.startswith("linux")

    def state(self) -> NotifierState:
        """Ready where there is a screen; on Linux plyer doesn't say when it fails, so a display must be there."""
        there = not self._linux or bool(self._environ.get("DISPLAY") or self._environ.get("WAYLAND_DISPLAY"))
        return NotifierState("plyer", None, actions=False, ready=there)

    async def show(self, bubble: Bubble) -> Shown | None:
        """Show title and body; None when plyer can't, or takes longer than the deadline."""
        if not self.state().ready:
            return None
        bubble = bubble.unbuttoned()
        title, body = plain(bubble.title, limit=200) or self._app, plain(bubble.body, limit=1000, newlines=True)
        if self._linux:
            title, body = _for_linux(title), _for_linux(body)
        why = await self._in_thread(title, body)
        if why:
            log.info("plyer could not show a word: %s", why)
            return None
        return Shown(0, "")

    async def close(self, shown: Shown) -> None:
        """Nothing: plyer gives no id."""

    async def _in_thread(self, title: str, body: str) -> str:
        """Why it did not work, "" when it did; without what was to be shown."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[str] = loop.create_future()

        def finish(why: str) -> None:
            if not outcome.done():
                outcome.set_result(why)

        def work() -> None:
            why = self._attempt(title, body)
            if not loop.is_closed():
                loop.call_soon_threadsafe(finish, why)

        threading.Thread(target=work, name="plyer", daemon=True).start()
        await asyncio.wait({outcome}, timeout=self._deadline)
        return outcome.result() if outcome.done() else "no answer in time"

    def _attempt(self, title: str, body: str) -> str:
        try:
            self._notify(title, body, self._app)
        except Exception as error:  # noqa: BLE001 — each plyer backend raises what its platform raises
            return type(error).__name__
        return ""


class NoDesktop:
    """The `Notifier` where there is no desktop: the word is held, and whoever says it logs that."""

    async def show(self, bubble: Bubble) -> Shown | None:  # noqa: ARG002 — nobody sees it
        """Never shown."""
        return None

    async def close(self, shown: Shown) -> None:
        """Nothing was shown."""

    def state(self) -> NotifierState:
        """Nobody would see it."""
        return NotifierState("log", None, actions=False, ready=False)


def _for_linux(text: str) -> str:
    """A leading "-" would be read as an option by notify-send, and the word lost: a space keeps it."""
    text = text.translate(_LINUX)
    return f" {text}" if text.startswith("-") else text


def _plyer(title: str, body: str, app: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # plyer tells about every way that it doesn't take
        backend = _linux_backend() if sys.platform.startswith("linux") else _any_backend()
        backend.notify(title=title, message=body, app_name=app)


def _any_backend() -> Any:
    from plyer import notification

    return notification


def _linux_backend() -> Any:
    """One of plyer's, chosen here: plyer takes every machine with a folder /app for a Flatpak, and doesn't look how
    the program ended that was to show the word."""
    from plyer.platforms.linux import notification as ways

    ways.subprocess = _Checked
    if FLATPAK.exists():
        return ways.NotifyDesktopPortals()
    return ways.NotifyDbus() if find_spec("dbus") else ways.NotifySendNotification()


class _Checked:
    """As much of `subprocess` as plyer uses, with an error where it would go on."""

    DEVNULL = subprocess.DEVNULL

    @staticmethod
    def call(argv: Sequence[str]) -> None:
        _Checked.run(argv)

    @staticmethod
    def run(argv: Sequence[str], **_: object) -> None:
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
