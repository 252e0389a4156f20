"""The service on this machine: which of those who could start reconnectd with the session does it here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reconnectd.adapters.launchd import Launchd, Run, launched
from reconnectd.adapters.user_service import NoManager
from reconnectd.wiring.autostart import Autostart
from reconnectd.wiring.launch_agent import LaunchAgent
from reconnectd.wiring.starter import Program, Standing, Starter
from reconnectd.wiring.systemd_service import SystemdService

if TYPE_CHECKING:
    from reconnectd.app.examination import ServiceFacts
    from reconnectd.wiring.session import Session


class Installation:
    """launchd on macOS; elsewhere the user's own systemd, and where there is none the desktop's autostart."""

    def __init__(
        self, session: Session, environ: Mapping[str, str] = os.environ, *, platform: str = sys.platform,
        run: Run = launched,
    ) -> None:  # fmt: skip
        program = Program(session, environ)
        self._systemd = SystemdService(program)
        self._autostart = Autostart(program)
        self._agent = LaunchAgent(program, Launchd(os.getuid(), run)) if platform == "darwin" else None

    def install(self, *, start: bool, hardened: bool = False) -> Path:
        """Put everything in its place, and start it; the path of the file that says what to start. One starter is
        enough: another one's file is taken away."""
        if self._agent is not None:
            return self._agent.install(start=start, hardened=hardened)
        try:
            unit = self._systemd.install(start=start, hardened=hardened)
        except NoManager:
            if self._systemd.unit is not None:
                raise
            return self._autostart.install(start=start, hardened=hardened)
        if self._autostart.unit is not None:
            self._autostart.unit.unlink(missing_ok=True)
        return unit

    def remove(self) -> list[Path]:
        """Stop it and take everything away; what was there."""
        if self._agent is not None:
            return self._agent.remove()
        return [*self._systemd.remove(), *self._autostart.remove()]

    def rest(self) -> bool:
        """Off, and not with the next session either; everything stays in its place. False when there is none."""
        return self._starter().rest()

    def wake(self) -> bool:
        """On again, as it was before `rest`. False when there is none."""
        return self._starter().wake()

    def standing(self) -> Standing:
        """How it stands; NoManager when a systemd should be there and isn't."""
        return self._starter().standing()

    def facts(self) -> ServiceFacts:
        """How it stands; told, never raised."""
        return self._starter().facts()

    def logs(self, lines: int | None, *, follow: bool) -> int:
        """Show what it wrote; the exit code of what showed it."""
        return self._starter().logs(lines, follow=follow)

    def _starter(self) -> Starter:
        """Whose file is there; systemd, when there is none."""
        if self._agent is not None:
            return self._agent
        only_desktop = self._systemd.unit is None and self._autostart.unit is not None
        return self._autostart if only_desktop else self._systemd
