"""`reconnect week --svg`: the week as a picture that loads nothing from anywhere."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from reconnectd.adapters.private_file import create, replace
from reconnectd.cli import listing
from reconnectd.cli.output import Output
from reconnectd.core.wording import MONTHS
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.rows import Row

WIDEST, NARROWEST, MARGIN = 120, 40, 3

PAPER, INK = (253, 250, 244), (59, 54, 48)
GREEN, CYAN = (63, 125, 74), (42, 111, 126)
COLOURS = [INK, (164, 72, 60), GREEN, (150, 109, 30), (66, 95, 150), (133, 77, 122), CYAN, INK]
THEME = TerminalTheme(PAPER, INK, COLOURS)

# Rich fills in what stands in braces. Its own frame asks another host for a font; this one takes what is there.
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>TITLE</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 20px }}
.{unique_id}-title {{ font: bold 18px ui-sans-serif, "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #3b3630 }}
{styles}
</style>
<rect width="100%" height="100%" rx="8" fill="#fdfaf4" stroke="#d9d2c3" stroke-width="2"/>
<text class="{unique_id}-title" x="{terminal_x}" y="29">TITLE</text>
<g transform="translate({terminal_x}, {terminal_y})">{backgrounds}<g class="{unique_id}-matrix">
{matrix}</g></g>
</svg>
"""

TEXT = re.compile(r'<text class="([^"]*)" x="([^"]*)" y="([^"]*)" textLength[^>]*>([^<]*)</text>\n?')
WORDS = re.compile(r"\S+(?:\s\S+)*")
COLUMN = 12.2
"""The width of a column in Rich's pictures, at its letters' height of 20."""


class Canvas(Output):
    """An output that remembers what a terminal of `width` columns would show."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._console = Console(
            file=io.StringIO(), record=True, force_terminal=True, color_system="standard", legacy_windows=False,
            width=width, highlight=False, emoji=False, markup=False,
        )  # fmt: skip

    @property
    def is_terminal(self) -> bool:
        """Somebody will look at it."""
        return True

    def console(self) -> Console:
        """The one that remembers."""
        return self._console

    def line(self, text: str = "") -> None:
        """One line of it."""
        self._console.print(text)


def svg(found: Sequence[Row], unplaced: Sequence[dict[str, Any]], first: dt.date, now: dt.datetime) -> str:
    """The week that begins on `first`, as far as a list of it tells: of a surprise still to come only the day."""
    text = _drawn(WIDEST, found, unplaced, now).export_text()
    width = min(max([NARROWEST, *(cell_len(line.rstrip()) + MARGIN for line in text.splitlines())]), WIDEST)
    frame = FRAME.replace("TITLE", f"The week of {first.day} {MONTHS[first.month - 1]} {first.year}")
    picture = _drawn(width, found, unplaced, now).export_svg(theme=THEME, code_format=frame, unique_id="week")
    return TEXT.sub(_placed, picture)


def _drawn(width: int, found: Sequence[Row], unplaced: Sequence[dict[str, Any]], now: dt.datetime) -> Console:
    canvas = Canvas(width)
    if not found:
        canvas.line("Nothing is planned: a free stretch.")
    listing.show(canvas, found, now)
    listing.show_unplaced(canvas, unplaced)
    return canvas.console()


def _placed(found: re.Match[str]) -> str:
    """Each stretch of words at its own column: Rich sets columns apart by spaces, which viewers squeeze or drop, and
    reckons one column a letter."""
    style, x, y, text = found.groups()
    line = html.unescape(text)
    return "".join(
        f'<text class="{style}" x="{float(x) + cell_len(line[: words.start()]) * COLUMN:g}" y="{y}" '
        f'textLength="{cell_len(words[0]) * COLUMN:g}">{html.escape(words[0], quote=False)}</text>\n'
        for words in WORDS.finditer(line)
    )


def save(path: Path, picture: str) -> None:
    """Write it, for one's own eyes; in place of an older picture, never of anything else. WrongUsage, Refused."""
    if create(path, picture):
        return
    if not _is_picture(path):
        raise WrongUsage(f"{path} is there already, and is no picture of a week", "give another name")
    replace(path, picture)


def _is_picture(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) == b"<svg"
    except OSError:
        return False
