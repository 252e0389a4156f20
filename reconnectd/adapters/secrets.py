"""Where the calendar's password comes from.

In this order: `password_command`, `password_keyring`, `password_file`, a systemd credential called
`reconnectd-password` or `caldav-password` (`LoadCredential=` in the unit). What is found is never logged and
never part of an error.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ReconnectdError, Refused, Unreachable, Waiting

SERVICE = "reconnectd"
CREDENTIALS = ("reconnectd-password", "caldav-password")
COMMAND_SECONDS = 10.0
KEYRING_SECONDS = 15.0
MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class AccountSecrets:
    """`ports.Secrets` for one account."""

    account: CalendarAccount
    environ: Mapping[str, str] = field(repr=False)
    config_dir: Path
    may_ask: bool = True

    def password(self) -> str:
        """The password; Refused when there is none, Unreachable when its keeper doesn't answer in time, Waiting while
        it is locked."""
        return password(self.account, self.environ, self.config_dir, may_ask=self.may_ask)


def password(account: CalendarAccount, environ: Mapping[str, str], config_dir: Path, *, may_ask: bool = True) -> str:
    """The password of `account`. A relative `password_file` is looked for in `config_dir`. `may_ask`: somebody is
    there who may be asked to unlock the keyring."""
    if account.password_command:
        return from_command(account.password_command, environ)
    if account.password_keyring:
        return from_keyring(account.username or "", may_ask=may_ask)
    if account.password_file is not None:
        return from_file(config_dir / account.password_file.expanduser())
    found = from_systemd(environ)
    if found is None:
        raise Refused(
            "there is no password for the calendar",
            "set one of [calendar] password_command, password_keyring or password_file, "
            f"or give the service a credential called {CREDENTIALS[0]} and let it run",
        )
    return found


def from_command(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """The first line that the command writes. No shell; ended with all its children after 10 s."""
    name = argv[0]
    try:
        child = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
            preexec_fn=_unlimited,  # noqa: PLW1509 - it takes no lock
        )
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it can't be started"
        raise Refused(f"password_command could not run {name}: {why}", _TRY_COMMAND) from None
    return _first_line(_answer(child, name), "password_command")


def is_for_the_service(account: CalendarAccount, environ: Mapping[str, str]) -> bool:
    """Is the password a credential, which systemd hands to the service and to nobody else?"""
    named = account.password_command or account.password_keyring or account.password_file is not None
    return not account.embedded and not named and "CREDENTIALS_DIRECTORY" not in environ


def from_keyring(username: str, *, may_ask: bool = True) -> str:
    """The desktop's keyring, service "reconnectd"; asked in a thread, because it may wait for a person."""
    answer = in_keyring(username, may_ask=may_ask)
    if not answer:
        raise Refused(f'the keyring has no password for "{username}"', f"`keyring set {SERVICE} {username}` stores one")
    return answer


def in_keyring(username: str, *, may_ask: bool = True) -> str | None:
    """The same, None when it has none; Refused or Waiting when it can't be asked. To ask a locked one is to show
    its question to whoever sits there, so that without `may_ask` a locked one is only waited for."""

    def get(keyring: Any) -> str | None:
        if not may_ask and _is_locked(keyring):
            raise keyring.errors.KeyringLocked
        found: str | None = keyring.get_password(SERVICE, username)
        return found

    return _patiently(get)


def put_in_keyring(username: str, secret: str) -> None:
    """Store it there; Refused or Waiting when that can't be done."""
    _patiently(lambda keyring: keyring.set_password(SERVICE, username, secret))


def take_from_keyring(username: str) -> None:
    """Delete it there; Refused or Waiting when that can't be done, or there is none."""
    _patiently(lambda keyring: keyring.delete_password(SERVICE, username))


def _patiently(ask: Callable[[Any], str | None]) -> str | None:
    box: list[str | ReconnectdError | None] = []
    thread = threading.Thread(target=lambda: box.append(_with_keyring(ask)), daemon=True)
    thread.start()
    thread.join(KEYRING_SECONDS)
    if not box:
        raise Waiting(f"the keyring did not answer within {KEYRING_SECONDS:.0f} s; perhaps it is locked", _UNLOCK)
    if isinstance(box[0], ReconnectdError):
        raise box[0]
    return box[0]


def from_file(path: Path) -> str:
    """The first line of a file of our own that nobody else can read."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(f"password_file {path} can't be read: {error.strerror}", "check the path") from None
    try:
        state = os.fstat(fd)
        if not stat.S_ISREG(state.st_mode) or state.st_uid != os.getuid():
            raise Refused(f"password_file {path} is not a file of your own", "make one that is")
        if state.st_mode & 0o077:
            raise Refused(f"password_file {path} can be read by others", f"chmod 600 {path}")
        return _first_line(os.read(fd, MAX_BYTES), "password_file")
    finally:
        os.close(fd)


def from_systemd(environ: Mapping[str, str]) -> str | None:
    """A credential that the service manager handed over; None when there is none."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    for name in CREDENTIALS if folder else ():
        try:
            with Path(folder or "", name).open("rb") as file:
                return _first_line(file.read(MAX_BYTES), f"the credential {name}")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise Refused(f"the credential {name} can't be read: {error.strerror}", "check the unit") from None
    return None


def _unlimited() -> None:
    """The address space of the worker is small on purpose; password managers made with Node or Go reserve gigabytes
    that they never touch."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


_UNLOCK = "unlock it, or let `reconnect sync` ask for that; all else goes on meanwhile"
_TRY_COMMAND = "try it in a terminal: it should write the password and nothing else"


def _answer(child: subprocess.Popen[bytes], name: str) -> bytes:
    """The first line of the command, if it ends well and in time."""
    lines: list[bytes] = []
    told = threading.Event()
    threading.Thread(target=_read_line_and_drain, args=(child, lines, told), daemon=True).start()
    try:
        code = child.wait(COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        _end(child)
        raise Unreachable(f"password_command did not end within {COMMAND_SECONDS:.0f} s", _TRY_COMMAND) from None
    told.wait(1)  # not for the end: something it left behind may hold the pipe open for ever
    if code != 0:
        raise Refused(f"password_command ({name}) ended with {code}", _TRY_COMMAND)
    return lines[0] if lines else b""


def _read_line_and_drain(child: subprocess.Popen[bytes], lines: list[bytes], told: threading.Event) -> None:
    stream: Any = child.stdout
    with stream as out:
        lines.append(out.readline(MAX_BYTES))
        told.set()
        while out.read1(MAX_BYTES):
            pass


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the command and everything it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _with_keyring(ask: Callable[[Any], str | None]) -> str | ReconnectdError | None:
    import keyring
    import keyring.errors

    try:
        return ask(keyring)
    except keyring.errors.KeyringLocked:
        return Waiting("the keyring is locked; the calendar waits until somebody unlocks it", _UNLOCK)
    except (keyring.errors.NoKeyringError, keyring.errors.InitError):
        return Unreachable(
            "no keyring answers here; perhaps the session has just begun", "or set password_command instead"
        )
    except Exception as error:  # noqa: BLE001 - every keyring has failures of its own
        return Refused(f"the keyring can't be used ({type(error).__name__})", "or set password_command instead")


def _is_locked(keyring: Any) -> bool:
    """Only the Secret Service can be asked that without a question to a person; any other is taken for open."""
    from keyring.backends import SecretService

    chosen = keyring.get_keyring()
    if not any(isinstance(one, SecretService.Keyring) for one in (chosen, *getattr(chosen, "backends", ()))):
        return False
    library = vars(SecretService)["secretstorage"]
    with contextlib.closing(library.dbus_init()) as bus, contextlib.suppress(library.ItemNotFoundException):
        return bool(library.Collection(bus).is_locked())
    return False


def _first_line(data: bytes, source: str) -> str:
    line = data.split(b"\n", 1)[0].rstrip(b"\r")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Refused(f"what {source} gives is not text", "it should be the password on one line") from None
    if not text.strip():
        raise Refused(f"{source} gives nothing", "it should be the password on its first line")
    return text
