"""What an editor makes of the JSON Schema: taplo is what most of them use for TOML."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconnectd import config
from reconnectd.config.keys import ROUTINE, SECTIONS, Key

TAPLO = Path(sys.executable).with_name("taplo")
EXAMPLE = Path(__file__).parents[1] / "config" / "config.example.toml"
CONTRACT = Path(__file__).with_name("corpus") / "config" / "contract.toml"
README = Path(__file__).parents[1] / "README.md"
IN_AN_EDITOR = pytest.mark.skipif(platform.machine() == "aarch64", reason="there is no taplo for this machine")


def lint(folder: Path, text: str, *, names_it: bool = False) -> subprocess.CompletedProcess[str]:
    """`taplo lint` of a config beside its schema; `names_it` when the config itself says where that is."""
    schema = folder / "schema.json"
    schema.write_text(json.dumps(config.schema()))
    path = folder / "config.toml"
    path.write_text(f"#:schema ./schema.json\n{text}" if names_it else text)
    how = [] if names_it else ["--schema", schema.as_uri()]
    return subprocess.run([TAPLO, "lint", *how, path], capture_output=True, text=True, check=False, cwd="/", timeout=60)


GOOD = {
    "example": EXAMPLE.read_text(),
    "contract": CONTRACT.read_text(),
    "starter": config.starter("Alex", "Sam", "k3v9-rt2p"),
    "starter for one": config.starter("Alex", None, "k3v9-rt2p"),
    "shown": config.show(config.load(CONTRACT)),
    "values of TOML": "[people]\npartner_agrees = 2026-11-01\n[routine.x]\non = 15\nat = 19:30:00\nuntil = 2027-01-01",
    "empty": "",
}


@IN_AN_EDITOR
@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_an_editor_finds_nothing_wrong_with_what_is_right(tmp_path: Path, text: str) -> None:
    found = lint(tmp_path, text)
    assert (found.returncode, found.stdout) == (0, ""), found.stderr


WRONG = {
    "key": ('[people]\npartnr = "Sam"', "partnr"),
    "section": ("[calender]", "calender"),
    "type": ("[people]\nme = 5", "5 is not of type"),
    "word": ('[calendar]\nring = "compter"', '"compter" is not one of'),
    "time": ('[routine.x]\non = "fri"\nat = "7pm"', '"7pm" does not match'),
    "table": ('[routine.x]\nquiet = "22:00-07:00"', "quiet"),
    "two shapes": ('[routine.x]\non = "fri"\nrrule = "FREQ=DAILY"\nat = "9:00"', "oneOf"),
    "half a shape": ('[routine.x]\non = "fri"', "oneOf"),
    "name": ('[routine."Date Night"]\non = "fri"\nat = "9:00"', "Date Night"),
}


@IN_AN_EDITOR
@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_an_editor_marks_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    found = lint(tmp_path, text)
    assert found.returncode == 1
    assert told in found.stderr


@IN_AN_EDITOR
@pytest.mark.parametrize(("text", "code"), [('me = "Alex"', 0), ("me = 5", 1)])
def test_a_config_may_name_its_schema_as_the_example_says(tmp_path: Path, text: str, code: int) -> None:
    for told in (EXAMPLE.read_text(), README.read_text()):
        assert "#:schema ./schema.json" in told
        assert "`reconnect config schema" in " ".join(told.split())
    assert lint(tmp_path, f"[people]\n{text}", names_it=True).returncode == code


SCHEMA = config.schema()
TABLES = [(section.name, section.keys, SCHEMA["properties"][section.name]) for section in SECTIONS]
TABLES += [("routine", ROUTINE, SCHEMA["$defs"]["routine"])]
KEYS = [(name, key, table["properties"][key.name]) for name, keys, table in TABLES for key in keys]


def offers(schema: dict[str, Any]) -> Iterator[Any]:
    """What an editor can put there: examples, defaults, the words of a choice."""
    yield from [schema[word] for word in ("default", "const") if word in schema]
    yield from [*schema.get("examples", []), *schema.get("enum", [])]
    yield from [True, False] if schema.get("type") == "boolean" else []
    for one in schema.get("anyOf", []):
        yield from offers(one)


@pytest.mark.parametrize(("key", "schema"), [row[1:] for row in KEYS], ids=[f"{row[0]}.{row[1].name}" for row in KEYS])
def test_an_editor_explains_each_key_and_offers_what_is_read(key: Key, schema: dict[str, Any]) -> None:
    assert schema["description"] == key.doc
    offered = list(offers(schema))
    assert offered
    for value in offered:
        key.form.read(value)


@pytest.mark.parametrize(("name", "keys", "schema"), TABLES, ids=[name for name, _, _ in TABLES])
def test_nothing_else_is_offered(name: str, keys: tuple[Key, ...], schema: dict[str, Any]) -> None:
    assert schema["description"], name
    assert list(schema["properties"]) == [key.name for key in keys]
    assert schema["additionalProperties"] is False
