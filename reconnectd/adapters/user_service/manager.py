"""What `systemctl --user`, `systemd-run --user` and `journalctl` do with the service."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconnectd.adapters.user_service.unit import UNIT
from reconnectd.errors import ReconnectdError

TO_ANSWER, TO_TRY, TO_ACT = 5.0, 20, 90.0
"""Seconds. A start waits until the daemon says that it is ready; the unit gives it 60 s."""

PROPERTIES = (
    "ActiveState,SubState,UnitFileState,MainPID,StatusText,NRestarts,Result,ActiveEnterTimestamp,"
    "FragmentPath,NeedDaemonReload"
)


class NoManager(ReconnectdError):
    """There is no user manager (`systemd --user`) to talk to."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"there is no systemd of your own here: {why}",
            "`reconnect service install` lets your desktop start it instead; or run it in a terminal",
        )


class UserManager:
    """`systemctl --user` and `journalctl --user`, as this user's environment finds them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = {**environ, "SYSTEMD_PAGER": "cat", "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"}

    def looks_in(self, folder: Path) -> bool:
        """Are units in this folder found? NoManager when there is nobody to ask."""
        shown = self._asked("show", "--property=UnitPath", "--value")
        return f" {folder} " in f" {shown.strip()} "

    def facts(self) -> dict[str, str]:
        """What it knows of the service, by property; NoManager when there is none."""
        shown = self._asked("show", f"--property={PROPERTIES}", UNIT)
        return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)

    def do(self, *words: str) -> str:
        """Run a verb; "" when it went well, else what systemctl said."""
        ran = self._systemctl(*words, seconds=TO_ACT)
        return "" if ran.returncode == 0 else ran.stderr.strip() or f"systemctl ended with {ran.returncode}"

    def tried(self, properties: Sequence[str], *argv: str) -> int | None:
        """Run a program once under such properties of a service; its exit code, systemd's own for what it could not
        set up (systemd.exec(5), "Process Exit Codes"), None when it could not even be begun."""
        options = [f"--property={one}" for one in (f"RuntimeMaxSec={TO_TRY}", *properties)]
        command = ["systemd-run", "--user", "--quiet", "--wait", "--collect", *options, "--", *argv]
        try:
            ran = subprocess.run(
                command, env=self._environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=TO_ACT, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return ran.returncode

    def journal(self, lines: int | None, *, follow: bool) -> int:
        """Show what the service wrote, on this program's own output; journalctl's exit code. Not by --user: that
        looks into the user's own files only, and a journal that is kept in memory has none."""
        argv = ["journalctl", f"--user-unit={UNIT}", "--no-pager", "--quiet", "--output=short-iso"]
        argv += [f"--lines={lines}"] if lines is not None else []
        argv += ["--follow"] if follow else []
        try:
            return subprocess.run(argv, env=self._environ, check=False).returncode
        except OSError as error:
            raise NoManager(f"journalctl can't be started ({error.strerror})") from None

    def _asked(self, *words: str) -> str:
        ran = self._systemctl(*words, seconds=TO_ANSWER)
        if ran.returncode:
            raise NoManager("nobody answers `systemctl --user`")
        return ran.stdout

    def _systemctl(self, *words: str, seconds: float) -> subprocess.CompletedProcess[str]:
        argv = ["systemctl", "--user", "--no-pager", "--no-ask-password", *words]
        try:
            return subprocess.run(argv, env=self._environ, capture_output=True, text=True, timeout=seconds, check=False)
        except OSError as error:
            raise NoManager(f"systemctl can't be started ({error.strerror})") from None
        except subprocess.TimeoutExpired:
            raise NoManager(f"it did not answer within {seconds:.0f} s") from None
