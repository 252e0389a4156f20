"""The user's own systemd: the unit file of the service, and what `systemctl --user` and `journalctl` do with it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from reconnectd.errors import ReconnectdError

UNIT = "reconnectd.service"
TO_ANSWER, TO_ACT = 5.0, 90.0
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
            "let your desktop start `reconnectd` with the session, or run it in a terminal",
        )


def shipped_unit() -> str:
    """The text of the unit as it was shipped: inside the package, or beside it in a checkout."""
    package = files("reconnectd")
    for place in (package / "systemd" / UNIT, Path(str(package)).parent / "systemd" / UNIT):
        if place.is_file():
            return place.read_text("utf-8")
    raise ReconnectdError("the unit file is not part of this installation", "install reconnectd again")


def unit_for(text: str, argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """The unit with the program's own command line, and variables that the manager may not have."""
    start = " ".join(["ExecStart=" + program(argv[0]), *(argument(word) for word in argv[1:])])
    lines = [start, *(f"Environment={_quoted(f'{name}={value}')}" for name, value in environment.items())]
    fresh, count = re.subn(r"^ExecStart=.*$", lambda _: "\n".join(lines), text, flags=re.MULTILINE)
    if count != 1:
        raise ReconnectdError("the shipped unit file is not as it should be", "install reconnectd again")
    return fresh


def program(path: str) -> str:
    """The first word of ExecStart=: no variables there, and no quotes or backslashes in the name of a program
    (systemd.service(5), and string_is_safe() in its source)."""
    if set(path) & set("'\"\\") or not path.isprintable():
        raise ReconnectdError(
            f"systemd can't start a program whose path has quotes or backslashes in it: {path}",
            "install reconnectd in another folder, for instance with pipx",
        )
    return _quoted(path)


def argument(word: str) -> str:
    """A further word: here variables are filled in, so that a dollar is written twice."""
    return _quoted(word).replace("$", "$$")


def _quoted(word: str) -> str:
    """C quoting and doubled specifiers (systemd.syntax(7), systemd.unit(5))."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n").replace("\t", "\\t")
    return f'"{plain}"' if re.search(r"[^\w@%+=:,./-]", plain, re.ASCII) or not plain else plain


def started_program(unit: str) -> Path | None:
    """What the text of a unit starts; the opposite of `program`."""
    found = re.search(r'^ExecStart=(?:"((?:[^"\\]|\\.)*)"|(\S+))', unit, re.MULTILINE)
    if found is None:
        return None
    word = found[1] if found[1] is not None else found[2]
    return Path(word.replace('\\"', '"').replace("\\\\", "\\").replace("%%", "%"))


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
