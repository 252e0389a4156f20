"""The service on macOS: an agent of launchd."""

from __future__ import annotations

import subprocess
from pathlib import Path

from reconnectd.adapters.launchd import PLIST, Launchd, agent, program_of
from reconnectd.adapters.private_file import make_folder, replace
from reconnectd.app.examination import ServiceFacts
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.starter import Program, Standing, facts_of


class LaunchAgent:
    """The property list in ~/Library/LaunchAgents, and launchd, which runs what it says."""

    def __init__(self, program: Program, launchd: Launchd) -> None:
        self._program = program
        self._launchd = launchd

    def install(self, *, start: bool, hardened: bool) -> Path:
        """Busy when a daemon runs that is not the service."""
        if hardened:
            raise ReconnectdError(
                "only systemd can confine the service; nothing was installed",
                "`reconnect service install`, without --hardened, lets launchd start it",
            )
        if start:
            self._program.refuse_broken()
            self._program.refuse_second(self._pid())
        make_folder(self._log.parent)
        text = agent(self._program.argv, self._program.variables, self._log)
        replace(self._plist, text.decode())
        if start:
            self._launchd.unload()
            self._launchd.load(self._plist)
        return self._plist

    def remove(self) -> list[Path]:
        """Its log goes, too."""
        if not self._plist.exists():
            return []
        self._launchd.unload()
        gone = [path for path in (self._plist, self._log) if path.exists()]
        for path in gone:
            path.unlink(missing_ok=True)
        return gone

    def rest(self) -> bool:
        """Off, also with the next session."""
        if not self._plist.exists():
            return False
        self._launchd.unload()
        self._launchd.disable()
        return True

    def wake(self) -> bool:
        """On again."""
        if not self._plist.exists():
            return False
        self._launchd.load(self._plist)
        return True

    def standing(self) -> Standing:
        """From what launchctl prints."""
        known = self._launchd.facts()
        there = self._plist.exists()
        runs = int((known or {}).get("runs") or 0)
        return Standing(
            starter="launchd",
            unit=self._plist if there else None,
            active="active" if known and known.get("pid") else "inactive",
            state=(known or {}).get("state", "not loaded"),
            enabled=there and not self._launchd.is_disabled(),
            pid=self._pid(),
            restarts=max(runs - 1, 0),
        )

    def facts(self) -> ServiceFacts:
        """For the doctor."""
        program = program_of(self._plist.read_bytes()) if self._plist.is_file() else None
        return facts_of(self.standing(), program)

    def logs(self, lines: int | None, *, follow: bool) -> int:
        """With tail(1); an empty one is not an error."""
        if not self._log.exists():
            return 0
        count = "+1" if lines is None else str(lines)
        return subprocess.run(["tail", "-n", count, *(["-f"] if follow else []), self._log], check=False).returncode

    def _pid(self) -> int | None:
        known = self._launchd.facts() or {}
        return int(known["pid"]) if known.get("pid", "").isdigit() else None

    @property
    def _plist(self) -> Path:
        return self._program.home / "Library" / "LaunchAgents" / PLIST

    @property
    def _log(self) -> Path:
        return self._program.home / "Library" / "Logs" / "reconnectd.log"
