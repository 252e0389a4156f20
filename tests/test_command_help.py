"""--help of the everyday commands: what it does, and examples that can be typed."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from cli_runner import Person, person
from test_cli_answers import offline

__all__ = ["person"]

EVERYDAY = (
    "next", "week", "plan", "why", "done", "skip", "snooze", "move", "undo", "pause", "resume", "not-today", "lighter",
    "apart", "stop", "remember", "log", "conflicts", "stats", "report", "thanks", "feel", "reappraise",
)  # fmt: skip


def examples_of(person: Person, command: str) -> list[str]:
    _, _, told = person.run(command, "--help").out.partition("Examples:\n")
    return [line.strip() for line in told.splitlines() if line.strip()]


@pytest.mark.parametrize("command", EVERYDAY)
def test_each_example_in_the_help_is_understood(
    person: Person, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    person.home.write(person.home.config.read_text().replace("1 per day", "2 per day"))
    lines = examples_of(person, command)
    assert lines
    assert all(line.startswith("reconnect ") for line in lines)
    offline(person, "me")
    for line in lines:
        person.at("2026-11-23 15:00")
        if "tea" not in line and command in {"done", "skip", "move", "snooze"}:
            _announce_once(person)
        said = person.run(*shlex.split(line, comments=True)[1:], typed="flowers")
        assert "No such" not in said.err + said.out, line
        assert said.code == 0 or "--yes" in said.err or "nothing to take back" in said.err, (line, said)


def _announce_once(person: Person) -> None:
    if person.row("tea@2026-11-23")["state"] == "planned":
        person.announce("tea@2026-11-23")
