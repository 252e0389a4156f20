"""README and CHANGELOG say what is so: their commands, configs, links, keys and pictures are tried."""

from __future__ import annotations

import datetime as dt
import gc
import re
import shlex
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest
from cli_runner import Person, person

from reconnectd import __version__, config
from reconnectd.cli.main import anywhere, root
from reconnectd.config.keys import ROUTINE, SECTIONS
from reconnectd.core.agreement import may_write

__all__ = ["person"]

ROOT = Path(__file__).parent.parent
PAPERS = {name: (ROOT / name).read_text() for name in ("README.md", "CHANGELOG.md")}
README = PAPERS["README.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

PROSE = re.sub(r"(?ms)^```.*?^```$", "", "\n".join(PAPERS.values()))
SPANS = [re.sub(r"\s+", " ", span) for span in re.findall(r"`([^`]+)`", PROSE)]


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", README)


LINES = [words for block in blocks("sh") for line in block.splitlines() if (words := shlex.split(line, comments=True))]
TYPED = [*LINES, *(shlex.split(span) for span in SPANS)]


def called(program: str) -> list[list[str]]:
    return [words[1:] for words in TYPED if words[0] == program]


@pytest.mark.parametrize("words", called("reconnect"), ids=" ".join)
def test_every_command_is_one_that_reconnect_understands(words: list[str]) -> None:
    command: click.Command | None = root
    context, rest = click.Context(root), anywhere(words)[0]
    while isinstance(command, click.Group) and rest:
        name, command, rest = command.resolve_command(context, rest)
        assert command is not None
        context = click.Context(command, info_name=name, parent=context)
    assert command is not None
    if rest or not needs_more_words(command):
        command.make_context(context.info_name, rest)


def needs_more_words(command: click.Command) -> bool:
    """Is it one that can only be named in a sentence, as `reconnect move`?"""
    return isinstance(command, click.Group) or any(one.required for one in command.params)


def test_the_commands_of_a_day_can_be_typed_one_after_another(person: Person) -> None:
    person.home.write(next(block for block in blocks("toml") if "[routine." in block))
    person.at("2026-11-23 18:16")
    person.announce("good-news@2026-11-23")
    day = next(block for block in blocks("sh") if "reconnect next" in block)
    for line in day.splitlines():
        said = person.run(*shlex.split(line, comments=True)[1:])
        assert (said.code, said.err) == (0, ""), line
        gc.collect()  # a real command takes its connections with it when it ends


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"(?m)^(\w+):", (ROOT / "Makefile").read_text()))
    asked = {words[0] for words in called("make")}
    assert {"run", "test"} <= asked <= targets


def test_pipx_installs_this_folder_with_an_extra_that_there_is() -> None:
    asked = {word for words in called("pipx") for word in words[1:]}
    extras = {f".[{extra}]" for extra in PROJECT["optional-dependencies"]}
    assert {"."} <= asked <= {".", "keyring", *extras}


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.split()[0])
def test_every_config_can_be_used_as_it_stands(block: str) -> None:
    settings = config.parse(block, ROOT / "README.md")
    assert settings.inactive == ()
    assert may_write(settings, dt.date(2026, 11, 23))


def test_each_way_to_a_password_is_shown() -> None:
    accounts = [config.parse(block, ROOT / "README.md").calendar for block in blocks("toml") if "url = " in block]
    assert any(one.password_command for one in accounts)
    assert any(one.password_keyring for one in accounts)
    assert any(one.password_file for one in accounts)
    assert any(not (one.password_command or one.password_keyring or one.password_file) for one in accounts)


def test_what_has_no_effect_yet_is_named_and_nothing_else_is() -> None:
    said = re.sub(r"\s+", " ", README.partition("without effect yet")[2].partition(".\n")[0])
    named = set(re.findall(r"`([^`]+)`", said)) - {"reconnect doctor"}
    keys = {key.name for section in SECTIONS for key in section.keys if not key.active}
    placed = {"times", "lasting", "ideal"}
    assert named == keys | {key.name for key in ROUTINE if not key.active} | placed | {"[guards]"}


@pytest.mark.parametrize("text", PAPERS.values(), ids=PAPERS)
def test_every_linked_file_is_there(text: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in links if not (ROOT / link).is_file()] == []


@pytest.mark.parametrize("text", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize(
    "word", ["due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target"]
)  # fmt: skip
def test_the_words_are_kind(text: str, word: str) -> None:
    assert not re.search(rf"\b{word}s?\b", text, re.IGNORECASE)


@pytest.mark.parametrize("text", PAPERS.values(), ids=PAPERS)
def test_no_package_index_is_named(text: str) -> None:
    assert not re.search(r"pypi|pythonhosted|--(extra-)?index-url|anaconda|piwheels", text, re.IGNORECASE)


def test_the_changelog_begins_with_this_version() -> None:
    assert re.findall(r"(?m)^## (\S+)", PAPERS["CHANGELOG.md"])[0] == __version__
    assert __version__ in README


def test_the_pictures_are_small_and_load_nothing() -> None:
    drawn = (ROOT / "docs" / "week.svg").read_text()
    ET.fromstring(drawn)
    assert re.findall(r"\w+://[^\"' ]+", drawn) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@import|url\(|href|<script", drawn)
    photo = (ROOT / "docs" / "bubble.png").read_bytes()
    assert photo.startswith(b"\x89PNG\r\n")
    assert len(photo) < 100_000
