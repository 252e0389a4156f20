"""Where there is no systemd of one's own, the desktop starts reconnectd with the session: one file, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reconnectd.adapters.desktop_entry import (
    ENTRY,
    autostart_entry,
    desktop_entry,
    is_on,
    started,
    turned_off,
    turned_on,
)
from reconnectd.adapters.private_file import replace
from reconnectd.app.examination import ServiceFacts
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.starter import Program, Standing, facts_of


class Autostart:
    """The entry in the desktop's autostart folder; the desktop reads it when a session begins, and never again."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def install(self, *, start: bool, hardened: bool) -> Path:
        """Only put in its place: nobody is there to start it now."""
        if hardened:
            raise ReconnectdError(
                "only systemd can confine the service, and there is none of your own here; nothing was installed",
                "`reconnect service install`, without --hardened, lets your desktop start it",
            )
        if start:
            self._program.refuse_broken()
        replace(self._path, autostart_entry(self._program.argv, self._program.variables))
        replace(self._entry, desktop_entry(self._program.path("reconnect")))
        return self._path

    def remove(self) -> list[Path]:
        """What runs goes on until the session ends, or somebody ends it."""
        gone = [path for path in (self._path, self._entry) if path.exists()]
        for path in gone:
            path.unlink(missing_ok=True)
        return gone

    def rest(self) -> bool:
        """From the next session on."""
        return self._rewritten(turned_off)

    def wake(self) -> bool:
        """From the next session on."""
        return self._rewritten(turned_on)

    def standing(self) -> Standing:
        """Whether it runs is known from its lock."""
        pid, text = self._program.running, self.text
        state = "running" if pid else "dead"
        return Standing(
            "autostart", self.unit, "active" if pid else "inactive", state, text is not None and is_on(text), pid=pid
        )

    def facts(self) -> ServiceFacts:
        """For the doctor."""
        return facts_of(self.standing(), started(self.text or ""))

    def logs(self, lines: int | None, *, follow: bool) -> int:  # noqa: ARG002
        """A desktop keeps them wherever it likes."""
        raise ReconnectdError(
            "your desktop starts it, and keeps what it writes with its own log",
            "often in ~/.xsession-errors or ~/.local/share/sddm; or run `reconnectd` in a terminal",
        )

    @property
    def unit(self) -> Path | None:
        """The installed entry."""
        return self._path if self._path.is_file() else None

    @property
    def text(self) -> str | None:
        """What it says."""
        return self._path.read_text("utf-8", "replace") if self._path.is_file() else None

    def _rewritten(self, change: Callable[[str], str]) -> bool:
        if self.text is None:
            return False
        replace(self._path, change(self.text))
        return True

    @property
    def _path(self) -> Path:
        return self._program.config_home / "autostart" / ENTRY

    @property
    def _entry(self) -> Path:
        return self._program.places.data.parent / "applications" / ENTRY
