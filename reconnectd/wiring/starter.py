"""Whoever starts reconnectd with the session: systemd, the desktop, or launchd; and what each has to know of it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import reconnectd
from reconnectd.adapters.places import CONFIG_VARIABLE, Places, places
from reconnectd.errors import Busy, ReconnectdError

if TYPE_CHECKING:
    from reconnectd.app.examination import ServiceFacts
    from reconnectd.wiring.session import Session

BASE_DIRECTORIES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service stands. `unit` is its file, None when there is none; `active` and `state` are in the words of
    the starter, `since` in its form; `hardened`: its drop-in is there."""

    starter: str
    unit: Path | None = None
    active: str = "unknown"
    state: str = "unknown"
    enabled: bool = False
    hardened: bool = False
    pid: int | None = None
    since: str | None = None
    restarts: int = 0
    says: str = ""


def facts_of(stands: Standing, program: Path | None) -> ServiceFacts:
    """For the doctor, of a starter that tells no more; `program` is what it starts."""
    from reconnectd.app.examination import ServiceFacts

    there = program is not None and program.exists()
    return ServiceFacts(
        starter=stands.starter, program=program, program_exists=there, active=stands.active, enabled=stands.enabled
    )


class Starter(Protocol):
    """What can be done with one of them; errors are ReconnectdErrors."""

    def install(self, *, start: bool, hardened: bool) -> Path:
        """Put everything in its place; the path of the file that says what to start."""
        ...

    def remove(self) -> list[Path]:
        """Stop it and take everything away; what was there."""
        ...

    def rest(self) -> bool:
        """Off, and not with the next session either; everything stays in its place. False when there is none."""
        ...

    def wake(self) -> bool:
        """On again, as it was before `rest`. False when there is none."""
        ...

    def standing(self) -> Standing:
        """How it stands."""
        ...

    def facts(self) -> ServiceFacts:
        """The same for an examination: told, never raised."""
        ...

    def logs(self, lines: int | None, *, follow: bool) -> int:
        """Show what the service wrote, on this program's own output; the exit code of what showed it."""
        ...


class Program:
    """What is to be started, as this environment means it."""

    def __init__(self, session: Session, environ: Mapping[str, str]) -> None:
        self._session = session
        self.environ = environ

    @property
    def places(self) -> Places:
        """Its files."""
        return self._session.places

    @property
    def home(self) -> Path:
        """Whose service it is."""
        return Path(self.environ.get("HOME") or Path.home())

    @property
    def config_home(self) -> Path:
        """Where programs of this user look for their settings."""
        return self._usual_config.parent.parent

    @property
    def argv(self) -> list[str]:
        """The daemon's command line; with --config where that isn't the usual one."""
        config = self.places.config
        return [str(self.path("reconnectd")), *(["--config", str(config)] if config != self._usual_config else [])]

    @property
    def variables(self) -> dict[str, str]:
        """What a shell says of the folders, so that the service and the commands mean the same ones."""
        said = {name: self.environ.get(name, "") for name in BASE_DIRECTORIES}
        return {name: value for name, value in said.items() if Path(value).is_absolute()}

    def path(self, name: str) -> Path:
        """Beside the interpreter that runs this, as in every virtual environment; else wherever PATH has it."""
        beside = Path(sys.executable).parent / name
        if beside.is_file():
            return beside
        found = shutil.which(name, path=self.environ.get("PATH"))
        if found is None:
            raise ReconnectdError(
                f"the program {name} was not found", "install reconnectd again, for instance with pipx"
            )
        return Path(found).absolute()

    @property
    def parts(self) -> list[Path]:
        """The folders that it can't run without: interpreter, libraries, its own modules."""
        found = [Path(sys.prefix), Path(sys.base_prefix), Path(reconnectd.__file__).parent]
        found += [self.path("reconnectd").parent, *(Path(folder) for folder in sys.path if folder)]
        return [one for path in found for one in (path, path.resolve()) if one.is_dir()]

    def refuse_broken(self) -> None:
        """ConfigError when it could not be used."""
        self._session.read_config()

    def refuse_second(self, pid: int | None) -> None:
        """Busy when a daemon runs that is not this one."""
        running = self.running
        if running is not None and running != pid:
            raise Busy(
                f"reconnectd runs already, outside the service (pid {running})",
                f"end that one first (`kill {running}`, or Ctrl-C where it runs), then again",
            )

    @property
    def running(self) -> int | None:
        """The pid of the daemon, whoever started it."""
        return self._session.daemon_pid()

    @property
    def _usual_config(self) -> Path:
        return places({**self.environ, CONFIG_VARIABLE: ""}).config
