"""The service of the user's own systemd: where its files go and in which order things are done."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from reconnectd.adapters.desktop_entry import ENTRY, desktop_entry
from reconnectd.adapters.machine import lingers
from reconnectd.adapters.private_file import make_folder, replace
from reconnectd.adapters.user_service import (
    DROP_IN,
    UNIT,
    NoManager,
    Reach,
    UserManager,
    hardened_for,
    properties,
    shipped,
    started_program,
    unit_for,
)
from reconnectd.app.examination import ServiceFacts
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.starter import Program, Standing

WITHOUT = "`reconnect service install`, without --hardened, confines it as far as this machine can"


class SystemdService:
    """The unit file, its drop-in, the desktop's entry, and the manager that runs the service."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.manager = UserManager(program.environ)

    def install(self, *, start: bool, hardened: bool) -> Path:
        """NoManager where there is nobody to give it to, Busy when a daemon runs that is not the service. What is
        refused has written nothing."""
        home = self._home()
        folder = next((place for place in home if self.manager.looks_in(place)), home[-1])
        if start:
            self._program.refuse_broken()
            self._program.refuse_second(int(self.manager.facts().get("MainPID") or 0))
        unit = unit_for(shipped(UNIT), self._program.argv, self._program.variables)
        confined = self._tried_out() if hardened else None
        replace(folder / UNIT, unit)
        self._confine(self._drop_in(folder / UNIT), confined)
        replace(self._entry, desktop_entry(self._program.path("reconnect")))
        self._do("daemon-reload")
        self._do("enable", "--quiet", UNIT)
        if start:
            self._do("restart", UNIT, fix="`reconnect service logs -n 20` says why")
        return folder / UNIT

    def remove(self) -> list[Path]:
        """Also where no manager is there any more."""
        managed = self._is_managed()
        if managed and self.unit is not None:
            self._do("disable", "--quiet", "--now", UNIT)
        gone = [path for path in self._files() if path.exists()]
        links = [folder / "default.target.wants" / UNIT for folder in self._home()]
        for path in (*gone, *links):
            path.unlink(missing_ok=True)
        for folder in self._home():
            _away_if_empty(folder / f"{UNIT}.d")
        if managed and gone:
            self._do("daemon-reload")
            self.manager.do("reset-failed", UNIT)
        return gone

    def rest(self) -> bool:
        """Off, also with the next session."""
        return self._turned("disable")

    def wake(self) -> bool:
        """On again."""
        return self._turned("enable")

    def standing(self) -> Standing:
        """NoManager when there is nobody to ask."""
        known = self.manager.facts()
        pid = int(known.get("MainPID") or 0)
        return Standing(
            starter="systemd",
            unit=self.unit,
            active=known.get("ActiveState", "unknown"),
            state=known.get("SubState", "unknown"),
            enabled=known.get("UnitFileState") == "enabled",
            hardened=self.hardened,
            pid=pid or None,
            since=known.get("ActiveEnterTimestamp") or None,
            restarts=int(known.get("NRestarts") or 0),
            says=known.get("StatusText", ""),
        )

    def facts(self) -> ServiceFacts:
        """Why there is no manager is a fact, too."""
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
            lingers=lingers(self._program.environ),
        )

    def _is_changed(self) -> bool:
        """Is what is installed another thing than would be installed now?"""
        if self.unit is None:
            return False
        try:
            return any(path.read_text("utf-8") != text for path, text in self._wanted(self.unit))
        except (OSError, ValueError, ReconnectdError):
            return True

    def _wanted(self, unit: Path) -> Iterator[tuple[Path, str]]:
        yield unit, unit_for(shipped(UNIT), self._program.argv, self._program.variables)
        if self.hardened:
            yield self._drop_in(unit), self._hardened_text()

    def logs(self, lines: int | None, *, follow: bool) -> int:
        """From the journal."""
        return self.manager.journal(lines, follow=follow)

    @property
    def unit(self) -> Path | None:
        """The installed unit file."""
        return next((folder / UNIT for folder in self._home() if (folder / UNIT).is_file()), None)

    @property
    def hardened(self) -> bool:
        """Is the drop-in beside the unit?"""
        return self.unit is not None and self._drop_in(self.unit).is_file()

    def _drop_in(self, unit: Path) -> Path:
        return unit.parent / f"{UNIT}.d" / DROP_IN

    def _hardened_text(self) -> str:
        return hardened_for(shipped(DROP_IN), self._reach())

    def _tried_out(self) -> str:
        """The drop-in, after the daemon's program was seen to start with it."""
        text = self._hardened_text()
        code = self.manager.tried(properties(text), self._program.argv[0], "--version")
        if code == 0:
            return text
        if self.manager.tried(["PrivateUsers=yes"], "true") == 0:
            said = f"systemd-run ended with {code}" if code is not None else "systemd-run did not run"
            raise ReconnectdError(f"reconnectd doesn't start in there, and nothing was installed: {said}", WITHOUT)
        raise ReconnectdError(
            "the kernel refuses you a user namespace, without which the hardened service can't be had; nothing was"
            " installed",
            f"{WITHOUT}; or somebody with the rights to it allows namespaces (kernel.unprivileged_userns_clone,"
            " user.max_user_namespaces; on Ubuntu kernel.apparmor_restrict_unprivileged_userns)",
        )

    def _reach(self) -> Reach:
        """Links are followed here, because what they lead to may be what is hidden."""
        where, runtime = self._program.places, self._program.environ.get("XDG_RUNTIME_DIR")
        see = [self._program.home, where.config.parent, where.config.resolve().parent, *self._program.parts]
        write = [one for path in (where.state, where.data) for one in (path, path.resolve())]
        return Reach(tuple(write), (*see, *([Path(runtime)] if runtime else [])))

    def _confine(self, path: Path, text: str | None) -> None:
        """The drop-in is there or not, as was asked for; other drop-ins beside it are somebody else's."""
        if text is None:
            for folder in self._home():
                self._drop_in(folder / UNIT).unlink(missing_ok=True)
                _away_if_empty(folder / f"{UNIT}.d")
            return
        for folder in (self._program.places.state, self._program.places.data):
            make_folder(folder)
        replace(path, text)

    def _turned(self, verb: str) -> bool:
        if self.unit is None or not self._is_managed():
            return False
        self._do(verb, "--quiet", "--now", UNIT)
        return True

    @property
    def _entry(self) -> Path:
        return self._program.places.data.parent / "applications" / ENTRY

    def _files(self) -> Iterator[Path]:
        for folder in self._home():
            yield folder / UNIT
            yield self._drop_in(folder / UNIT)
        yield self._entry

    def _home(self) -> list[Path]:
        """Where a user's units can be. The manager may not know of an XDG_CONFIG_HOME that a shell has set."""
        usual = self._program.home / ".config"
        return [folder / "systemd" / "user" for folder in dict.fromkeys((self._program.config_home, usual))]

    def _is_managed(self) -> bool:
        try:
            self.manager.facts()
        except NoManager:
            return False
        return True

    def _do(self, *words: str, fix: str = "`systemctl --user status` says more") -> None:
        if said := self.manager.do(*words):
            raise ReconnectdError(f"systemd did not {words[0]} the service: {said.splitlines()[0]}", fix)


def _away_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
