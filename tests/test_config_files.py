"""The file itself: there, small, one's own, and changed by nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from needs import kernel_refuses, needs

from reconnectd import config
from reconnectd.config import document
from reconnectd.errors import ConfigError


def refusal(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as raised:
        config.load(path)
    assert len(raised.value.problems) == 1
    assert raised.value.fix
    return raised.value


def written(path: Path, text: str = '[people]\nme = "Alex"\n') -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def given_away(path: Path) -> None:
    try:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    except PermissionError:
        kernel_refuses("giving a file to another user (run as root to try it)")


def test_a_file_that_is_not_there_yet_is_answered_with_init(tmp_path: Path) -> None:
    error = refusal(tmp_path / "config.toml")
    assert str(error) == f"{tmp_path}/config.toml: there is no config here yet; `reconnect init` makes one"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_a_file_of_ones_own_is_read(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / "a config.toml")
    path.chmod(mode)
    assert config.load(path).people.me == "Alex"


def test_a_link_to_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    written(tmp_path / "dotfiles.toml")
    (tmp_path / "config.toml").symlink_to(tmp_path / "dotfiles.toml")
    assert config.load(tmp_path / "config.toml").people.me == "Alex"


def test_a_file_that_anybody_can_change_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "config.toml")
    path.chmod(0o666)
    error = refusal(path)
    assert "can be changed by anybody" in str(error)
    assert error.fix == f"chmod 600 {path}"


def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "config.toml")
    given_away(path)
    assert "belongs to another user" in str(refusal(path))


def test_a_link_to_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    given_away(written(tmp_path / "theirs.toml"))
    (tmp_path / "config.toml").symlink_to(tmp_path / "theirs.toml")
    assert "belongs to another user" in str(refusal(tmp_path / "config.toml"))


def test_a_link_of_another_user_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "mine.toml")
    (tmp_path / "config.toml").symlink_to(tmp_path / "mine.toml")
    given_away(tmp_path / "config.toml")
    assert "is a link of another user" in str(refusal(tmp_path / "config.toml"))


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in str(refusal(tmp_path / "pipe"))
    assert "can't be read" in str(refusal(tmp_path)) or "is not a file" in str(refusal(tmp_path))


def test_a_name_that_no_file_can_have_is_answered(tmp_path: Path) -> None:
    assert "can't be read" in str(refusal(tmp_path / "a\0b"))
    assert "can't be read" in str(refusal(tmp_path / ("x" * 5000)))


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = written(tmp_path / "config.toml", "")
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)
    with pytest.raises(ConfigError, match="at most 1 MiB"):
        config.load(path)


def test_a_file_of_exactly_one_mebibyte_is_read(tmp_path: Path) -> None:
    text = '[people]\nme = "Alex"\n#'
    path = written(tmp_path / "config.toml", text + "x" * (1024 * 1024 - len(text)))
    assert config.load(path).people.me == "Alex"


@pytest.mark.parametrize(("section", "key"), [("calendar", "password_command"), ("reminders", "command")])
def test_a_program_that_others_can_change_is_not_run(tmp_path: Path, section: str, key: str) -> None:
    program = written(tmp_path / "secret")
    path = written(tmp_path / "config.toml", f'[{section}]\nurl = "https://x"\n{key} = ["{program}", "x"]\n')
    text = path.read_text() if section == "calendar" else path.read_text().replace('url = "https://x"\n', "")
    config.parse(text, path)
    program.chmod(0o777)
    with pytest.raises(ConfigError, match=f"{section}.{key}: this program can be changed by others"):
        config.parse(text, path)


def test_a_folder_in_which_others_could_replace_the_program_is_as_bad(tmp_path: Path) -> None:
    (tmp_path / "open" / "bin").mkdir(parents=True)
    program = written(tmp_path / "open" / "bin" / "bell")
    text = f'[reminders]\ncommand = ["{program}"]\n'
    for mode, refused in ((0o755, False), (0o777, True), (0o1777, False)):
        (tmp_path / "open").chmod(mode)
        assert document.writable_by_others(program) is refused
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(program)
    with pytest.raises(ConfigError, match="this program can be changed by others"):
        config.parse(text.replace(str(program), str(tmp_path / "link")), tmp_path / "config.toml")


@needs("unshare")
def test_where_root_is_not_known_its_programs_are_trusted_all_the_same(tmp_path: Path) -> None:
    """In the user namespace of a hardened unit all files of root seem to be nobody's."""
    theirs = written(tmp_path / "theirs")
    given_away(theirs)
    code = f"""
from pathlib import Path
from reconnectd.config import document
print(document.writable_by_others(Path({str(theirs)!r})))
"""
    inside = ["unshare", "--user", "--map-user=1000"]
    answers = []
    for before in ([], inside):
        ran = subprocess.run([*before, sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if "unshare" in ran.stderr:
            kernel_refuses(f"a user namespace ({ran.stderr.strip()})")
        answers.append(ran.stdout.strip())
    assert answers == ["True", "False"]
