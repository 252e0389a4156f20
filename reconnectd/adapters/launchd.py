"""launchd, which starts programs with the session on macOS: the property list of the agent, and launchctl."""

from __future__ import annotations

import plistlib
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reconnectd.errors import ReconnectdError

LABEL = "local.reconnectd"
PLIST = f"{LABEL}.plist"
SECONDS = 30.0

Run = Callable[[Sequence[str]], tuple[int, str]]
"""Runs a command: its exit code, and all that it said."""


def launched(argv: Sequence[str]) -> tuple[int, str]:
    """`Run`, for real."""
    try:
        ran = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
    except OSError as error:
        return 127, f"{argv[0]} can't be started ({error.strerror})"
    except subprocess.TimeoutExpired:
        return 124, f"{argv[0]} did not answer within {SECONDS:.0f} s"
    return ran.returncode, f"{ran.stdout}{ran.stderr}".strip()


def agent(argv: Sequence[str], environment: Mapping[str, str], log: Path) -> bytes:
    """The property list (launchd.plist(5)): with the session, again after a crash, its log in one file."""
    keys: dict[str, Any] = {
        "Label": LABEL,
        "ProgramArguments": list(argv),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 60,
        "ProcessType": "Background",
        "Umask": 0o077,
        "HardResourceLimits": {"Core": 0},
        "StandardOutPath": str(log),
        "StandardErrorPath": str(log),
    }
    if environment:
        keys["EnvironmentVariables"] = dict(environment)
    return plistlib.dumps(keys)


def program_of(plist: bytes) -> Path | None:
    """What such a list starts; None when it isn't one."""
    try:
        return Path(plistlib.loads(plist)["ProgramArguments"][0])
    except (plistlib.InvalidFileException, ValueError, LookupError, TypeError):
        return None


class Launchd:
    """What launchctl does with the agent, in the session of one user."""

    def __init__(self, uid: int, run: Run = launched) -> None:
        self._domain = f"gui/{uid}"
        self._target = f"{self._domain}/{LABEL}"
        self._run = run

    def load(self, plist: Path) -> None:
        """Start it now, and with every session."""
        self._run(["launchctl", "enable", self._target])
        code, said = self._run(["launchctl", "bootstrap", self._domain, str(plist)])
        if code:
            raise ReconnectdError(
                f"launchd did not take the service: {said.splitlines()[0] if said else code}",
                "`reconnect service logs -n 20` may say why",
            )

    def unload(self) -> bool:
        """Stop it; False when it wasn't loaded."""
        return self._run(["launchctl", "bootout", self._target])[0] == 0

    def disable(self) -> None:
        """Not with the next session either, though its file stays."""
        self._run(["launchctl", "disable", self._target])

    def facts(self) -> dict[str, str] | None:
        """The top of what `launchctl print` says: state, pid, runs, last exit code; None when it isn't loaded."""
        code, said = self._run(["launchctl", "print", self._target])
        if code:
            return None
        found = re.findall(r"(?m)^\t(state|pid|runs|last exit code) = (.*)$", said)
        return dict(reversed(found))

    def is_disabled(self) -> bool:
        """Was it turned off by `disable`?"""
        _, said = self._run(["launchctl", "print-disabled", self._domain])
        return re.search(rf'"{re.escape(LABEL)}" => (true|disabled)', said) is not None
