"""One state, one config: a second config must say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from home import Home, home

KIND_WORD = '[people]\nme = "Alex"\n[routine.kind-word]\non = "daily"\nat = "09:00"\n'


@pytest.fixture
def person() -> Iterator[Home]:
    with home() as found:
        found.write(KIND_WORD)
        assert found.run("next").returncode == 0
        yield found


@pytest.fixture
def other(person: Home) -> Path:
    path = person.folder / "other.toml"
    path.write_text(KIND_WORD.replace("kind-word", "walk"))
    path.chmod(0o600)
    return path


def test_another_config_is_refused_and_changes_nothing(person: Home, other: Path) -> None:
    refused = person.run("next", "--config", str(other))
    assert refused.returncode == 78
    assert str(person.config) in refused.stderr
    assert "--yes" in refused.stderr
    assert "kind-word" in person.run("next").stdout


def test_with_yes_it_belongs_to_the_other_one_from_now_on(person: Home, other: Path) -> None:
    assert "walk" in person.run("--yes", "--config", str(other), "next").stdout
    assert "walk" in person.run("--config", str(other), "next").stdout
    assert person.run("next").returncode == 78


def test_a_config_that_was_moved_takes_its_state_along(person: Home, other: Path) -> None:
    person.config.rename(other)
    found = json.loads(person.run("--json", "--config", str(other), "next").stdout)
    assert found["occurrences"][0]["routine"] == "kind-word"


def test_the_daemon_refuses_it_too(person: Home, other: Path) -> None:
    import subprocess

    from home import PROGRAMS

    argv = [str(PROGRAMS / "reconnectd"), "--config", str(other)]
    done = subprocess.run(argv, env=person.environ, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 78
    assert "belongs to" in done.stderr
