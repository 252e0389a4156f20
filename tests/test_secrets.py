"""Where the password comes from, and that it goes nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reconnectd.adapters.secrets import AccountSecrets, password
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ReconnectdError, Refused, Unreachable, Waiting


def ask(environ: Mapping[str, str] | None = None, folder: Path = Path("/"), **keys: Any) -> str:
    account = CalendarAccount(username="alex", **keys)
    return password(account, os.environ if environ is None else environ, folder)


def command(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_command_gives_its_first_line() -> None:
    assert ask(password_command=command("print('hush hush '); print('login: alex')")) == "hush hush "


def test_a_command_is_not_a_line_for_a_shell() -> None:
    assert ask(password_command=("printf", "%s", "a;b $HOME `id` | cat")) == "a;b $HOME `id` | cat"


def test_a_command_sees_the_environment_that_is_given() -> None:
    code = command("import os; print(os.environ['KEY'])")
    assert ask({"KEY": "hush", "PATH": os.environ["PATH"]}, password_command=code) == "hush"


def test_a_command_has_room_where_the_worker_has_little() -> None:
    code = """
import os, resource, sys
from reconnectd.adapters.secrets import from_command
hard = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (256 * 2**20, hard))
tell = "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0])"
print(from_command([sys.executable, "-c", tell], os.environ) == str(hard))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "True\n"


FAILING = {
    "not there": ("/nowhere/pass", "show"),
    "ends badly": command("print('hush'); raise SystemExit(3)"),
    "silent": command(""),
    "an empty line": command("print(); print('hush')"),
    "not text": command("import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\n')"),
}


@pytest.mark.parametrize("argv", FAILING.values(), ids=FAILING)
def test_a_command_that_gives_nothing_is_refused_without_telling_what_it_said(
    argv: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused) as refused:
        ask(password_command=argv)
    assert "hush" not in f"{refused.value}{refused.value.fix}".replace("print('hush')", "")
    assert "password_command" in str(refused.value)
    assert capfd.readouterr() == ("", "")


def test_what_a_command_complains_about_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert ask(password_command=command("import sys; print('x', file=sys.stderr); print('hush')")) == "hush"
    assert capfd.readouterr().err == ""


def test_a_command_that_says_a_megabyte_still_ends() -> None:
    assert ask(password_command=command("print('hush'); print('x' * 2**20)")) == "hush"
    endless = ask(password_command=command("print('x' * 2**20)"))
    assert len(endless) == 4096


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconnectd.adapters.secrets.COMMAND_SECONDS", 0.5)
    left = tmp_path / "pid"
    script = f"sleep 60 & echo $! > '{left}'; wait"
    with pytest.raises(Unreachable, match="did not end"):
        ask(password_command=("sh", "-c", script))
    pid = int(left.read_text())
    assert ended(pid)


def ended(pid: int) -> bool:
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or ") Z " in state.read_text():
            return True
        time.sleep(0.02)
    return False


def test_something_left_behind_with_the_pipe_open_does_not_hold_us_up() -> None:
    began = time.monotonic()
    assert ask(password_command=("sh", "-c", "echo hush; sleep 4 &")) == "hush"
    assert time.monotonic() - began < 3.5


def test_a_file_gives_its_first_line_also_beside_the_config(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hush\r\nnote to self\n")
    file.chmod(0o600)
    assert ask(password_file=file) == ask(folder=tmp_path, password_file=Path("secret")) == "hush"


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    for mode in (0o640, 0o604, 0o644, 0o660):
        file.chmod(mode)
        with pytest.raises(Refused, match="read by others") as refused:
            ask(password_file=file)
        assert refused.value.fix == f"chmod 600 {file}"


@pytest.mark.parametrize("make", [str, Path.mkdir, os.mkfifo], ids=["none", "folder", "pipe"])
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "secret")
    with pytest.raises(Refused, match="password_file"):
        ask(password_file=tmp_path / "secret")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(0o600)
    with pytest.raises(Refused, match="gives nothing"):
        ask(password_file=tmp_path / "secret")


@pytest.mark.parametrize("name", ["reconnectd-password", "caldav-password"])
def test_a_systemd_credential_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("hush\n")
    assert ask({"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "hush"


def test_nothing_found_names_the_four_ways() -> None:
    with pytest.raises(Refused) as refused:
        ask({})
    words = ("password_command", "password_keyring", "password_file", "credential")
    assert all(word in refused.value.fix for word in words)


def test_the_order_is_command_keyring_file_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("file")
    (tmp_path / "file").chmod(0o600)
    (tmp_path / "reconnectd-password").write_text("credential")
    use_keyring(monkeypatch, lambda service, name: f"keyring {service} {name}")
    keys: dict[str, Any] = {
        "password_command": command("print('command')"),
        "password_keyring": True,
        "password_file": tmp_path / "file",
    }
    environ = {**os.environ, "CREDENTIALS_DIRECTORY": str(tmp_path)}
    found = []
    while keys:
        found.append(ask(environ, **keys))
        keys.pop(next(iter(keys)))
    assert [*found, ask(environ)] == ["command", "keyring reconnectd alex", "file", "credential"]


class Locked(Exception):
    pass


class Nobody(Exception):
    pass


def use_keyring(monkeypatch: pytest.MonkeyPatch, get: Callable[[str, str], str | None]) -> None:
    errors = types.ModuleType("keyring.errors")
    errors.KeyringLocked = Locked  # type: ignore[attr-defined]
    errors.NoKeyringError = errors.InitError = Nobody  # type: ignore[attr-defined]
    module = types.ModuleType("keyring")
    module.get_password = get  # type: ignore[attr-defined]
    module.errors = errors  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)


def raising(error: Exception) -> Callable[[str, str], str | None]:
    def get(_service: str, _name: str) -> str | None:
        raise error

    return get


KEYRINGS: list[tuple[Callable[[str, str], str | None], type[ReconnectdError], str]] = [
    (lambda *_: None, Refused, 'no password for "alex"'),
    (raising(Locked("hush")), Waiting, "is locked"),
    (raising(Nobody("hush")), Unreachable, "no keyring answers"),
    (raising(RuntimeError("hush")), Refused, "can't be used"),
    (lambda *_: time.sleep(1), Waiting, "did not answer"),
]


@pytest.mark.parametrize(("get", "exception", "words"), KEYRINGS, ids=[one[2] for one in KEYRINGS])
def test_a_keyring_in_trouble_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    get: Callable[[str, str], str | None],
    exception: type[ReconnectdError],
    words: str,
) -> None:
    monkeypatch.setattr("reconnectd.adapters.secrets.KEYRING_SECONDS", 0.3)
    use_keyring(monkeypatch, get)
    with pytest.raises(exception, match=words) as refused:
        ask(password_keyring=True)
    assert "hush" not in f"{refused.value!r}"


def test_the_port_asks_for_its_own_account(tmp_path: Path) -> None:
    account = CalendarAccount(password_command=command("print('hush')"))
    secrets = AccountSecrets(account, dict(os.environ), tmp_path)
    assert secrets.password() == "hush"
    assert "PATH" not in repr(secrets)


def test_the_keyring_is_not_imported_before_it_is_asked() -> None:
    code = "import sys; import reconnectd.adapters.secrets; print('keyring' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
