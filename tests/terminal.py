"""A real terminal of 80 columns (tmux), and somebody who reads it and types."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 30.0
ENDED = "[it ended with "


class Terminal:
    """Runs one command in `environ`. What it answered is on the screen, and its exit code after it."""

    def __init__(
        self,
        command: Sequence[str | Path],
        environ: Mapping[str, str],
        *,
        term: str = "xterm-256color",
        rows: int = 200,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rcd-t")
        self._environ = {"PATH": os.environ["PATH"], **environ, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        typed = shlex.join(map(str, command))
        line = f"trap : INT; TERM={term} {typed}; code=$?; echo; echo '{ENDED}'$code']'; exec sleep 100"
        self._tmux("new-session", "-d", "-x", "80", "-y", str(rows), "sh", "-c", line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tmux("kill-server")
        self._folder.cleanup()

    def _tmux(self, *words: str) -> str:
        argv = ["tmux", "-u", "-f", "/dev/null", "-S", str(Path(self._folder.name, "t")), *words]
        return subprocess.run(argv, env=self._environ, capture_output=True, text=True, check=True).stdout

    def screen(self, *, colours: bool = False, above: bool = False) -> str:
        """All that it shows; with its colours as escape sequences, with what one could scroll back to, if wanted."""
        more = [*(["-e"] if colours else []), *(["-S", "-"] if above else [])]
        return self._tmux("capture-pane", "-p", *more).rstrip()

    def asks(self, question: str) -> str:
        """Wait until its last line begins so; that line."""
        return self._last_line(lambda line: line.startswith(question), question)

    def types(self, text: str) -> None:
        """Some keys."""
        if text:
            self._tmux("send-keys", "-l", "--", text)

    def says(self, text: str) -> None:
        """Type a line."""
        self.types(text)
        self._tmux("send-keys", "Enter")

    def press(self, key: str) -> None:
        """A key by its name, such as "C-c"."""
        self._tmux("send-keys", key)

    def resize(self, columns: int, rows: int) -> None:
        """As when somebody drags the corner of the window."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def pid(self) -> int:
        """Of the shell that runs the command."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def state(self) -> dict[str, str]:
        """Is the second screen on, and is there a cursor? "1" or "0"."""
        wanted = ("alternate_on", "cursor_flag")
        found = self._tmux("display-message", "-p", " ".join(f"#{{{name}}}" for name in wanted))
        return dict(zip(wanted, found.split(), strict=True))

    def shows(self, *texts: str) -> str:
        """Wait until all of them are on the screen; the screen."""
        return self._until(lambda screen: all(text in screen for text in texts), " and ".join(texts))

    def changes(self, before: str) -> str:
        """Wait until it shows something else; the screen."""
        return self._until(lambda screen: screen not in {before, ""}, "another screen")

    def answers(self, *pairs: tuple[str, str]) -> None:
        """One question after another, each waited for."""
        for question, answer in pairs:
            self.asks(question)
            lines = self.screen().count("\n")
            self.says(answer)
            self._until(partial(_is_longer, lines), f"what follows {question}")

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; the exit code."""
        line = self._last_line(lambda line: line.startswith(ENDED), "its end", seconds)
        return int(line.removeprefix(ENDED).rstrip("]"))

    def _last_line(self, wanted: Callable[[str], bool], what: str, seconds: float = PATIENCE) -> str:
        return self._until(lambda screen: wanted(screen.rpartition("\n")[2]), what, seconds).rpartition("\n")[2]

    def _until(self, wanted: Callable[[str], bool], what: str, seconds: float = PATIENCE) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            screen = self.screen()
            if wanted(screen):
                return screen
            assert ENDED not in screen, f"it ended before {what}:\n{screen}"
            time.sleep(0.03)
        raise AssertionError(f"waited for {what}:\n{screen}")


def _is_longer(lines: int, screen: str) -> bool:
    return screen.count("\n") > lines
