"""The user service on this machine: where its files go and in which order things are done."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reconnectd.adapters.desktop_entry import ENTRY, desktop_entry
from reconnectd.adapters.machine import lingers
from reconnectd.adapters.places import CONFIG_VARIABLE, places
from reconnectd.adapters.private_file import replace
from reconnectd.adapters.user_service import UNIT, NoManager, UserManager, shipped_unit, started_program, unit_for
from reconnectd.app.examination import ServiceFacts
from reconnectd.errors import Busy, ReconnectdError

if TYPE_CHECKING:
    from reconnectd.wiring.session import Session

BASE_DIRECTORIES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")


class Installation:
    """The unit file, the desktop's entry, and the manager that runs the service."""

    def __init__(self, session: Session, environ: Mapping[str, str] = os.environ) -> None:
        self._session = session
        self._environ = environ
        self.manager = UserManager(environ)

    def install(self, *, start: bool) -> Path:
        """Put everything in its place, and start it; the path of the unit. NoManager where there is nobody to
        give it to, Busy when a daemon runs that is not the service."""
        home = self._home()
        folder = next((place for place in home if self.manager.looks_in(place)), home[-1])
        if start:
            self._session.read_config()
            self._refuse_second()
        replace(folder / UNIT, unit_for(shipped_unit(), self._argv(), self._variables()))
        replace(self._entry, desktop_entry(self._program("reconnect")))
        self._do("daemon-reload")
        self._do("enable", "--quiet", UNIT)
        if start:
            self._do("restart", UNIT, fix="`reconnect service logs -n 20` says why")
        return folder / UNIT

    def remove(self) -> list[Path]:
        """Stop it and take everything away; what was there."""
        managed = self._is_managed()
        if managed and self.unit is not None:
            self._do("disable", "--quiet", "--now", UNIT)
        gone = [path for path in (*(folder / UNIT for folder in self._home()), self._entry) if path.exists()]
        links = [folder / "default.target.wants" / UNIT for folder in self._home()]
        for path in (*gone, *links):
            path.unlink(missing_ok=True)
        if managed and gone:
            self._do("daemon-reload")
            self.manager.do("reset-failed", UNIT)
        return gone

    def rest(self) -> bool:
        """Off, and not with the next session either; everything stays in its place. False when there is none."""
        return self._turned("disable")

    def wake(self) -> bool:
        """On again, as it was before `rest`. False when there is none."""
        return self._turned("enable")

    def _turned(self, verb: str) -> bool:
        if self.unit is None or not self._is_managed():
            return False
        self._do(verb, "--quiet", "--now", UNIT)
        return True

    @property
    def unit(self) -> Path | None:
        """The installed unit file."""
        return next((folder / UNIT for folder in self._home() if (folder / UNIT).is_file()), None)

    def facts(self) -> ServiceFacts:
        """How it stands; told, never raised."""
        program = started_program(self.unit.read_text("utf-8", "replace")) if self.unit else None
        there = program is not None and program.exists()
        try:
            known = self.manager.facts()
        except NoManager as why:
            return ServiceFacts(str(why), program, program_exists=there)
        return ServiceFacts(
            program=program,
            program_exists=there,
            active=known.get("ActiveState", "inactive"),
            enabled=known.get("UnitFileState") == "enabled",
            changed=self._is_changed(),
            to_reload=known.get("NeedDaemonReload") == "yes",
            lingers=lingers(self._environ),
        )

    def _is_changed(self) -> bool:
        """Is the installed unit another one than would be installed now?"""
        if self.unit is None:
            return False
        try:
            return self.unit.read_text("utf-8") != unit_for(shipped_unit(), self._argv(), self._variables())
        except (OSError, ValueError, ReconnectdError):
            return True

    @property
    def _entry(self) -> Path:
        return self._session.places.data.parent / "applications" / ENTRY

    def _home(self) -> list[Path]:
        """Where a user's units can be. The manager may not know of an XDG_CONFIG_HOME that a shell has set."""
        usual = Path(self._environ.get("HOME") or Path.home()) / ".config"
        named = places({**self._environ, CONFIG_VARIABLE: ""}).config.parent.parent
        return [folder / "systemd" / "user" for folder in dict.fromkeys((named, usual))]

    def _is_managed(self) -> bool:
        try:
            self.manager.facts()
        except NoManager:
            return False
        return True

    def _argv(self) -> list[str]:
        config = self._session.places.config
        usual = places({**self._environ, CONFIG_VARIABLE: ""}).config
        return [str(self._program("reconnectd")), *(["--config", str(config)] if config != usual else [])]

    def _variables(self) -> dict[str, str]:
        """What a shell says of the folders, so that the service and the commands mean the same ones."""
        said = {name: self._environ.get(name, "") for name in BASE_DIRECTORIES}
        return {name: value for name, value in said.items() if Path(value).is_absolute()}

    def _program(self, name: str) -> Path:
        """Beside the interpreter that runs this, as in every virtual environment; else wherever PATH has it."""
        beside = Path(sys.executable).parent / name
        if beside.is_file():
            return beside
        found = shutil.which(name, path=self._environ.get("PATH"))
        if found is None:
            raise ReconnectdError(
                f"the program {name} was not found", "install reconnectd again, for instance with pipx"
            )
        return Path(found).absolute()

    def _refuse_second(self) -> None:
        running = self._session.daemon_pid()
        if running is not None and self.manager.facts().get("MainPID") != str(running):
            raise Busy(
                f"reconnectd runs already, outside the service (pid {running})",
                f"end that one first (`kill {running}`, or Ctrl-C where it runs), then again",
            )

    def _do(self, *words: str, fix: str = "`systemctl --user status` says more") -> None:
        if said := self.manager.do(*words):
            raise ReconnectdError(f"systemd did not {words[0]} the service: {said.splitlines()[0]}", fix)
