"""dunst and xfce4-notifyd on a screen nobody sees, clicked with a real pointer."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from needs import needs
from told import Told

from reconnectd.adapters.bus import Bus
from reconnectd.adapters.desktop import Desktop
from reconnectd.ports import Answer, Bubble, Closed, Shown

SCRIPT = Path(__file__).with_name("desktop_session.sh")
XFCE = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd"
CUE = Bubble(
    "t0ken",
    "Light touch",
    "A <b>hand</b> & a word",
    (("done", "Done"), ("later", "Later"), ("skip", "Not today")),
)
BUTTONS = [("done", 0), ("later", 1), ("skip", 2)]

with_dunst = needs("Xvfb", "dbus-run-session", "dunst", "dunstctl", "xdotool")
with_xfce = needs("Xvfb", "dbus-run-session", XFCE, "xdotool")


@dataclass(frozen=True)
class Screen:
    """A running desktop session, and a hand in it."""

    display: str
    address: str
    folder: Path

    def run(self, *command: str) -> str:
        environ = {**os.environ, "DISPLAY": self.display, "DBUS_SESSION_BUS_ADDRESS": self.address}
        environ.pop("WAYLAND_DISPLAY", None)
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=False)
        return done.stdout.strip()

    async def bubble(self, window_class: str) -> tuple[int, int, int, int]:
        """x, y, width and height of the bubble, once it is on the screen and stands still."""
        async with asyncio.timeout(10):
            before = None
            while True:
                found = self._largest(window_class)
                if found is not None and found == before:
                    return found
                before = found
                await asyncio.sleep(0.1)

    async def cleared(self, window_class: str) -> None:
        """Returns when no bubble is on the screen any more."""
        async with asyncio.timeout(10):
            while self._largest(window_class) is not None:  # noqa: ASYNC110 — the screen tells nobody
                await asyncio.sleep(0.1)

    def click(self, x: int, y: int, button: int = 1) -> None:
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def _largest(self, window_class: str) -> tuple[int, int, int, int] | None:
        ids = self.run("xdotool", "search", "--onlyvisible", "--class", window_class).split()
        shapes = [self._shape(window) for window in ids]
        return max((s for s in shapes if s and s[2] > 20), key=lambda s: s[2] * s[3], default=None)

    def _shape(self, window: str) -> tuple[int, int, int, int] | None:
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        said = dict(line.split("=", 1) for line in lines if "=" in line)
        if "HEIGHT" not in said:
            return None
        return int(said["X"]), int(said["Y"]), int(said["WIDTH"]), int(said["HEIGHT"])


@contextmanager
def session(server: str) -> Iterator[Screen]:
    """A desktop with this server, until its standard input ends."""
    say = 'echo "$DISPLAY"; echo "$DBUS_SESSION_BUS_ADDRESS"; echo "$DESKTOP_DIR"; cat >/dev/null'
    command = [str(SCRIPT), server, "sh", "-c", say]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(3)]
        assert all(said), f"the session with {server} did not start"
        yield Screen(said[0], said[1], Path(said[2]))
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)


@pytest.fixture(scope="module")
def dunst() -> Iterator[Screen]:
    with session("dunst") as screen:
        yield screen


@pytest.fixture(scope="module")
def xfce() -> Iterator[Screen]:
    with session("xfce4-notifyd") as screen:
        yield screen


@asynccontextmanager
async def notifier(screen: Screen) -> AsyncIterator[tuple[Desktop, Told]]:
    bus, told = Bus(lambda: screen.address), Told()
    desktop = Desktop(bus, told)
    await bus.start()
    await desktop.start()
    await told.until(lambda: desktop.state().ready)
    try:
        yield desktop, told
    finally:
        await desktop.stop()
        await bus.stop()


async def shown(desktop: Desktop, bubble: Bubble = CUE) -> Shown:
    result = await desktop.show(bubble)
    assert result is not None
    return result


async def xfce_click(screen: Screen, index: int, of: int = 3) -> None:
    """A button of xfce4-notifyd: a row of equal ones along the lower edge."""
    x, y, width, height = await screen.bubble("xfce4-notifyd")
    screen.click(x + width * (2 * index + 1) // (2 * of), y + height - 30)


async def after(told: Told, condition: Callable[[], bool]) -> list[Answer | Closed]:
    await told.until(condition)
    await asyncio.sleep(0.3)
    return told.events


@with_dunst
async def test_dunst_says_who_it_is_and_has_actions(dunst: Screen) -> None:
    async with notifier(dunst) as (desktop, _):
        state = desktop.state()
        assert (state.server or "").startswith("dunst ")
        assert state.actions


@with_dunst
async def test_dunst_shows_markup_as_it_was_written(dunst: Screen) -> None:
    async with notifier(dunst) as (desktop, _):
        word = await shown(desktop)
        await dunst.bubble("Dunst")
        await desktop.close(word)
        await dunst.cleared("Dunst")
        assert "A &lt;b&gt;hand&lt;/b&gt; &amp; a word" in dunst.run("dunstctl", "history")


@with_dunst
@pytest.mark.parametrize(("verb", "index"), BUTTONS)
async def test_dunsts_menu_answers_and_the_bubble_goes(dunst: Screen, verb: str, index: int) -> None:
    async with notifier(dunst) as (desktop, told):
        await shown(desktop)
        await dunst.bubble("Dunst")
        (dunst.folder / "want").write_text(CUE.actions[index][1])
        dunst.run("dunstctl", "context")
        assert await after(told, lambda: bool(told.events)) == [Answer("t0ken", verb)]
        await dunst.cleared("Dunst")


@with_dunst
async def test_a_click_on_dunsts_bubble_is_the_default_action(dunst: Screen) -> None:
    async with notifier(dunst) as (desktop, told):
        await shown(desktop, replace(CUE, actions=(("later", "Later"), ("default", "Open"))))
        x, y, width, height = await dunst.bubble("Dunst")
        dunst.click(x + width // 2, y + height // 2)
        assert await after(told, lambda: bool(told.events)) == [Answer("t0ken", "default")]
        await dunst.cleared("Dunst")


@with_dunst
async def test_a_bubble_of_dunst_that_is_put_aside_is_no_answer(dunst: Screen) -> None:
    async with notifier(dunst) as (desktop, told):
        await shown(desktop)
        x, y, width, height = await dunst.bubble("Dunst")
        dunst.click(x + width // 2, y + height // 2, button=3)
        assert await after(told, lambda: bool(told.events)) == [Closed("t0ken", 2)]


@with_xfce
@pytest.mark.parametrize(("verb", "index"), BUTTONS)
async def test_a_button_of_xfce_is_an_answer_and_the_bubble_goes(xfce: Screen, verb: str, index: int) -> None:
    async with notifier(xfce) as (desktop, told):
        await shown(desktop)
        await xfce_click(xfce, index)
        assert await after(told, lambda: bool(told.events)) == [Answer("t0ken", verb)]
        await xfce.cleared("xfce4-notifyd")


@with_xfce
async def test_a_bubble_of_xfce_that_is_put_aside_is_no_answer(xfce: Screen) -> None:
    async with notifier(xfce) as (desktop, told):
        await shown(desktop)
        x, y, _, _ = await xfce.bubble("xfce4-notifyd")
        xfce.click(x + 60, y + 22)
        assert await after(told, lambda: bool(told.events)) == [Closed("t0ken", 2)]


@with_xfce
async def test_the_button_of_another_program_is_not_ours_though_xfce_tells_everybody(xfce: Screen) -> None:
    async with notifier(xfce) as (desktop, told), notifier(xfce) as (other, others):
        await desktop.close(await shown(desktop))
        await xfce.cleared("xfce4-notifyd")
        await shown(other, replace(CUE, token="0ther"))
        await xfce_click(xfce, 0)
        assert await after(others, lambda: bool(others.events)) == [Answer("0ther", "done")]
        assert told.events == []
