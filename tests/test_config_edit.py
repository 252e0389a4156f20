"""`reconnect config edit`: whatever editor it is, what was saved is read, told, and never lost."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from cli_here import PROGRAMS, Here, here

__all__ = ["here"]

GOOD = """\
[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""
BROKEN = GOOD.replace("19:30", "25:00")
WALK = '[routine.walk]\non = "sun"\nat = "15:00"\n'


def an_editor(here: Here, does: str) -> str:
    """An editor with a space in its path, which wants an argument; `does` is what it does with the file "$2"."""
    script = here.home / "my editor.sh"
    script.write_text(f'#!/bin/sh\n[ "$1" = --wait ] || exit 3\n{does}\n')
    script.chmod(0o700)
    return f'"{script}" --wait'


def appends(here: Here, text: str) -> str:
    (here.home / "more").write_text(text)
    return an_editor(here, f'cat "{here.home}/more" >> "$2"')


def test_what_was_saved_is_read_and_told(here: Here) -> None:
    here.write(GOOD)
    edited = here.run("config", "edit", VISUAL=appends(here, WALK), EDITOR="false")
    assert (edited.returncode, edited.stderr) == (0, "")
    assert edited.stdout.splitlines()[0] == f"{here.config}: fine, 2 routines"
    assert edited.stdout.splitlines()[-1] == "speaks about 3 times a week"


def test_without_anybody_to_ask_problems_are_told_and_what_was_written_stays(here: Here) -> None:
    here.write(GOOD)
    edited = here.run("config", "edit", VISUAL="", EDITOR=appends(here, "[nonsense]\n"))
    assert (edited.returncode, edited.stdout) == (78, "")
    assert edited.stderr.splitlines() == [
        f"{here.config}:5: nonsense: there is no such section",
        "It is saved as you wrote it, and what runs goes on with the config it had before.",
        "`reconnect config edit` opens it again.",
    ]
    assert here.config.read_text() == GOOD + "[nonsense]\n"


def test_as_json_an_editor_that_talks_leaves_one_document(here: Here) -> None:
    here.write(BROKEN)
    edited = here.run("--json", "config", "edit", EDITOR=an_editor(here, "echo hello"))
    assert edited.returncode == 78
    assert json.loads(edited.stdout)["error"]["code"] == 78


def on_a_terminal(here: Here, typed: str, editor: str) -> tuple[int, str]:
    """`reconnect config edit` in a terminal into which somebody has typed: its exit code, and the screen."""
    ours, theirs = os.openpty()
    os.write(ours, typed.encode())
    with subprocess.Popen(
        [PROGRAMS / "reconnect", "config", "edit"], env={**here.environ, "EDITOR": editor, "TERM": "dumb"},
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    ) as child:  # fmt: skip
        os.close(theirs)
        screen = read_all(ours)
        return child.wait(60), screen


def read_all(terminal: int) -> str:
    found = b""
    try:
        while piece := os.read(terminal, 4096):
            found += piece
    except OSError:  # how Linux says that the other side has closed it
        pass
    os.close(terminal)
    return found.decode()


BREAKS_THEN_MENDS = 'if grep -q 19:30 "$2"; then sed -i s/19:30/25:00/ "$2"; else sed -i s/25:00/20:15/ "$2"; fi'


def test_on_a_terminal_it_is_opened_again_until_it_is_right(here: Here) -> None:
    here.write(GOOD)
    code, screen = on_a_terminal(here, "y\n", an_editor(here, BREAKS_THEN_MENDS))
    assert code == 0, screen
    assert 'routine.date-night.at: expected a time such as "19:00", got "25:00"' in screen
    assert "Open it again? [Y/n]" in screen
    assert "fine, 1 routine" in screen
    assert 'at = "20:15"' in here.config.read_text()


def test_on_a_terminal_one_may_stop_and_go_on_later(here: Here) -> None:
    here.write(GOOD)
    code, screen = on_a_terminal(here, "n\n", an_editor(here, BREAKS_THEN_MENDS))
    assert code == 78
    assert "It is saved as you wrote it" in screen
    assert here.config.read_text() == BROKEN


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("/nowhere/at-all", "the editor /nowhere/at-all can't be started: No such file or directory"),
        ("false", "the editor ended with 1; what is in"),
        ('"vi', "EDITOR has a quote that isn't closed"),
    ],
)
def test_an_editor_that_does_not_work_is_told(here: Here, editor: str, told: str) -> None:
    here.write(GOOD)
    edited = here.run("config", "edit", EDITOR=editor)
    assert edited.returncode == 1
    assert told in edited.stderr
    assert "Traceback" not in edited.stderr
    assert here.config.read_text() == GOOD


def test_without_any_editor_it_says_which_setting_names_one(here: Here, tmp_path: Path) -> None:
    here.write(GOOD)
    edited = here.run("config", "edit", PATH=str(tmp_path))
    assert edited.returncode == 1
    assert "no editor was found here" in edited.stderr
    assert "set EDITOR" in edited.stderr


def test_an_editor_that_goes_wrong_after_saving_has_lost_nothing(here: Here) -> None:
    here.write(GOOD)
    edited = here.run("config", "edit", EDITOR=an_editor(here, f"printf '%s' '{WALK}' >> \"$2\"; exit 7"))
    assert edited.returncode == 1
    assert "`reconnect config check`" in edited.stderr
    assert here.config.read_text() == GOOD + WALK


def test_what_somebody_else_saves_meanwhile_is_what_is_read(here: Here) -> None:
    """The editor works on the file itself, so that it notices such a change as with any file."""
    here.write(GOOD)
    edited = here.run("config", "edit", EDITOR=an_editor(here, f'echo "{BROKEN[:5]}" > "$2.new"; mv "$2.new" "$2"'))
    assert edited.returncode == 78
    assert f"{here.config}:1: not TOML" in edited.stderr


def test_a_link_to_a_file_elsewhere_stays_one_and_private(here: Here, tmp_path: Path) -> None:
    """Also with an editor that puts a new file in the place of the old one."""
    here.write(GOOD)
    real = here.config.rename(tmp_path / "dotfiles.toml")
    here.config.symlink_to(real)
    replaces = f'cp "{tmp_path}/new" "$2.tmp"; mv "$2.tmp" "$2"'
    (tmp_path / "new").write_text(GOOD + WALK)
    assert here.run("config", "edit", EDITOR=an_editor(here, replaces)).returncode == 0
    assert here.config.is_symlink()
    assert real.read_text() == GOOD + WALK
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_config_that_others_may_change_is_told_with_its_cure(here: Here) -> None:
    here.write(GOOD)
    here.config.chmod(0o666)
    edited = here.run("config", "edit", EDITOR="true")
    assert edited.returncode == 78
    assert f"chmod 600 {here.config}" in edited.stderr
