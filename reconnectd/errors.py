"""What can go wrong in a way that a person can act on.

Each class carries the exit code of the command line (sysexits.h where it has one), one sentence that says
what happened and to what, and `fix`, the next step. Anything that is not one of these is a bug.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


class ReconnectdError(Exception):
    """A failure with words: `str(error)` is the sentence, `fix` the next step ("" when there is none)."""

    exit_code = 1

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix


class WrongUsage(ReconnectdError):
    """The command was called in a way that it does not understand."""

    exit_code = 2


class UnknownName(WrongUsage):
    """A routine or an occurrence that nobody knows."""

    def __init__(self, name: str, near: str | None = None) -> None:
        hint = f'did you mean "{near}"?' if near else "`reconnect plan --days 30` lists what there is"
        super().__init__(f'nothing here is called "{name}"', hint)


class ConfigError(ReconnectdError):
    """The config file can't be used; `problems` has one line for each thing that is wrong in it."""

    exit_code = 78

    def __init__(self, problems: Sequence[str], fix: str = "mend the file, then `reconnect config check`") -> None:
        super().__init__("\n".join(problems), fix)
        self.problems = tuple(problems)

    @property
    def lines(self) -> tuple[str, ...]:
        """What a person reads, line by line: each problem says itself what to write."""
        return self.problems


class UnreadableConfig(ConfigError):
    """The file itself can't be taken: it isn't there, isn't one's own, or is open to others."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The problem, and its cure, which the file can't say."""
        return (*self.problems, self.fix)


class OtherConfig(ReconnectdError):
    """A state that belongs to another config."""

    exit_code = 78

    def __init__(self, known: str, config: str) -> None:
        super().__init__(
            f"what is stored here belongs to {known}, not to {config}",
            f"`reconnect --yes --config {config} next` lets it belong to this one from now on; or set XDG_STATE_HOME"
            " to another folder",
        )


class StateError(ReconnectdError):
    """The database can't be used as it is."""


class StateReadOnly(StateError):
    """The database can be read but not written (a full disk, a read-only file system)."""


class StateDamaged(StateError):
    """The file isn't the state any more: broken, emptied, or another program's. A copy can take its place."""


class Busy(ReconnectdError):
    """Another run holds the lock: nothing is wrong, later it will work."""

    exit_code = 75


class Waiting(Busy):
    """Something has to be unlocked by a person first."""


class AlreadyRunning(Busy):
    """A second daemon on one database."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"reconnectd is already running on this database (pid {pid})",
            "`reconnect status` shows it; stop that one first if you want another",
        )
        self.pid = pid


class Unreachable(ReconnectdError):
    """The calendar server did not answer, or not as one does. Passing: the next run tries again."""

    exit_code = 69

    def __init__(self, message: str, fix: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, fix)
        self.retry_after = retry_after


class Refused(ReconnectdError):
    """Somebody said no: a login, a permission, an agreement that has not been given."""

    exit_code = 77


class NoAgreement(Refused):
    """A calendar that both look at, and no word that both agree to it: none yet, one that holds from a day ahead
    (`begins`), or none any more (`stands`: something was written there before)."""

    SHARED = "it is seen by both of you, and partner_agrees"
    """In each of its sentences."""

    def __init__(self, calendar: str, *, begins: dt.date | None = None, stands: bool = False) -> None:
        shared = self.SHARED
        message = f'nothing is written to "{calendar}": {shared} is not set'
        fix = (
            "show your partner what this does, then set [people] partner_agrees = the date you both said yes, "
            'or [calendar] seen_by = "me"'
        )
        if begins is not None:
            message = f'nothing is written to "{calendar}" yet: {shared} is a day ahead, {begins.isoformat()}'
            fix = "if you both said yes already, set [people] partner_agrees = that day"
        elif stands:
            message = f'nothing more is written to "{calendar}": {shared} is not set any more; what stands there stays'
            fix = "take it out in a calendar app, or, if it is a yes again, set [people] partner_agrees = that day"
        super().__init__(message, fix)
