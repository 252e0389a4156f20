"""What a shell completes: commands, options, and the names of one's own routines."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cli_runner import Person, person
from home import PROGRAMS, wait_until
from needs import needs
from terminal import Terminal
from test_cli_agenda import LOADED, OURS, SLOW

from reconnectd.cli.completion import following, split
from reconnectd.cli.main import COMMANDS, TAKE_NAMES, root
from reconnectd.wiring.session import Session

__all__ = ["person"]

SLUGS = ["date-night", "small-touch", "tea"]


def offered(line: str) -> list[str]:
    """The words that could stand at the end of this line."""
    words, begun = split(line)
    return [word for word, _ in following(words[1:], begun)]


def said(line: str) -> dict[str, str]:
    words, begun = split(line)
    return dict(following(words[1:], begun))


@pytest.fixture(autouse=True)
def _planned(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "now", person.now)
    person.run("next")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("reconnect do", ["done", "doctor"]),
        ("reconnect --json sn", ["snooze"]),
        ("reconnect config s", ["show", "schema"]),
        ("reconnect service ", ["install", "remove", "status", "logs"]),
        ("reconnect service install --no", ["--no-start"]),
        ("reconnect skip --f", ["--for-both"]),
        ("reconnect done --js", ["--json"]),
        ("reconnect completion ", ["bash", "zsh", "fish"]),
        ("reconnect week --svg ", [""]),
        ("reconnect next --config ", [""]),
        ("reconnect done da", ["date-night"]),
        ("reconnect done --json da", ["date-night"]),
        ("reconnect move 'fri 20:00' ", SLUGS),
        ("reconnect pause ", SLUGS),
        ("reconnect why tea@2026-11-24", ["tea@2026-11-24"]),
        ("reconnect done --at ", []),
        ("reconnect remember -- da", []),
        ("reconnect nonsense ", list(COMMANDS)),
        ("reconnect done nobody", []),
        ('reconnect done "da', ["date-night"]),
    ],
)
def test_what_is_offered(line: str, words: list[str]) -> None:
    assert sorted(offered(line)) == sorted(words)


def test_all_commands_are_offered_with_what_they_are_for() -> None:
    assert said("reconnect ") == {name: words for name, (_, _, words) in COMMANDS.items()}


def test_a_routine_comes_with_its_title_and_a_day_with_its_time() -> None:
    assert said("reconnect done da") == {"date-night": "Date night"}
    days = said("reconnect done date-night@")
    assert days["date-night@2026-11-27"].endswith("19:30-21:30")
    assert all(name.startswith("date-night@2026-") for name in days)


def test_the_moment_of_a_surprise_is_kept() -> None:
    days = said("reconnect skip small-touch@")
    assert days
    assert {words.split()[-1] for words in days.values()} <= {"sometime"} | {w.split()[-1] for w in past(days)}


def past(days: dict[str, str]) -> list[str]:
    return [words for name, words in days.items() if name < "small-touch@2026-11-23"]


def test_a_routine_that_was_just_written_is_offered(person: Person) -> None:
    person.home.write(person.home.config.read_text() + '[routine.walk]\non = "sat"\nat = "10:00"\n')
    assert offered("reconnect done w") == ["walk"]


def test_without_a_plan_the_config_has_the_names(person: Person) -> None:
    person.home.database.unlink()
    assert sorted(offered("reconnect done ")) == SLUGS
    assert offered("reconnect done tea@") == []


def test_without_anything_nothing_is_offered_and_nothing_made(person: Person) -> None:
    shutil.rmtree(person.home.database.parent)
    person.home.config.unlink()
    assert offered("reconnect done ") == []
    assert not person.home.database.parent.exists()


def test_another_config_is_asked_when_the_line_names_one(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('[routine.elsewhere]\non = "sat"\nat = "10:00"\n')
    assert "elsewhere" in offered(f"reconnect --config {other} done ")


def test_the_commands_that_take_a_name_are_those_whose_help_says_so() -> None:
    context = click.Context(root)
    found = set()
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        if any("NAME" in (param.metavar or "") for param in command.params):
            found.add(name)
    assert found == TAKE_NAMES


def test_asking_for_names_imports_next_to_nothing(person: Person) -> None:
    ours = OURS - {"reconnectd.cli.agenda"} | {"reconnectd.cli.completion"}
    environ = {**person.home.environ, "_RECONNECT_COMPLETE": "bash", "_RECONNECT_LINE": "reconnect done da"}
    argv = [sys.executable, "-c", LOADED.format(words=[])]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert done.stdout == "\tdate-night\tDate night\n"
    assert not loaded & (SLOW - {"shlex"})
    assert {name for name in loaded if name.partition(".")[0] == "reconnectd"} <= ours


START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(reconnect completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -Uz compinit; compinit -D -u; eval "$(reconnect completion zsh)"'),
    "fish": (["fish", "--no-config", "-i"], "reconnect completion fish | source"),
}


@contextlib.contextmanager
def shell(name: str, person: Person) -> Iterator[Terminal]:
    """Somebody's shell, with the completion in it and an empty screen."""
    argv, line = START[name]
    environ = {**person.home.environ, "PATH": f"{PROGRAMS}:{person.home.environ['PATH']}", "PS1": "> "}
    with Terminal(argv, environ) as terminal:
        wait_until(lambda: terminal.screen()[-1:] in {">", "%", "#", "$"}, "a prompt")
        terminal.says(f"{line}; clear; echo ready")
        wait_until(lambda: "ready" in terminal.screen().splitlines()[:1], "the completion")
        yield terminal


SHELLS = [pytest.param(name, marks=needs(name, "tmux")) for name in START]


def completed(terminal: Terminal, typed: str, wanted: str) -> None:
    """Type it with a tab behind, and wait for what the line becomes, or for what is offered."""
    terminal.types(typed)
    wait_until(lambda: typed in unfolded(terminal), typed)
    terminal.press("Tab")
    wait_until(lambda: wanted in unfolded(terminal), f"{wanted} after {typed}")


def unfolded(terminal: Terminal) -> str:
    return terminal.screen().replace("\n", "")


def cleared(terminal: Terminal) -> None:
    """An empty line again."""
    terminal.press("C-u")
    wait_until(lambda: "reconnect" not in terminal.screen(), "an empty line")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", SHELLS)
def test_a_real_shell_completes_commands_names_and_days(name: str, person: Person) -> None:
    with shell(name, person) as terminal:
        completed(terminal, "reconnect sno", "reconnect snooze")
        cleared(terminal)
        completed(terminal, "reconnect done date-", "reconnect done date-night")
        cleared(terminal)
        completed(terminal, "reconnect skip date-night@2026-12-0", "reconnect skip date-night@2026-12-04")
        cleared(terminal)
        completed(terminal, "reconnect skip --for", "reconnect skip --for-both")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", SHELLS)
def test_a_real_shell_completes_files(name: str, person: Person, tmp_path: Path) -> None:
    (tmp_path / "my-picture.svg").touch()
    with shell(name, person) as terminal:
        completed(terminal, f"reconnect week --svg {tmp_path}/my-p", "my-picture.svg")


@pytest.mark.parametrize(
    ("line", "word", "replies"),
    [
        ("reconnect done date-night@2026-11-27", "@2026-11-27", ["@2026-11-27"]),
        ("reconnect done date-night@2026-11-27", "2026-11-27", ["2026-11-27"]),
        ("reconnect done date-night@2026-11-27", "date-night@2026-11-27", ["date-night@2026-11-27"]),
        ("reconnect done date-n", "date-n", ["date-night"]),
        ("reconnect config sc", "sc", ["schema"]),
    ],
)
@needs("bash")
def test_bash_gets_what_it_takes_for_the_word(person: Person, line: str, word: str, replies: list[str]) -> None:
    script = """
        eval "$(reconnect completion bash)"
        COMP_LINE=$1 COMP_POINT=${#1}
        _reconnect reconnect "$2"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    environ = {**person.home.environ, "PATH": f"{PROGRAMS}:{person.home.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-c", script, "bash", line, word], env=environ, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == replies
