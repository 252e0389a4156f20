"""The example config and the JSON Schema: what they promise holds for every key there is."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reconnectd import config
from reconnectd.config.keys import ROUTINE, SECTIONS, Key
from reconnectd.core.settings import Settings

EXAMPLE = Path(__file__).parents[1] / "config" / "config.example.toml"
CONTRACT = Path(__file__).with_name("corpus") / "config" / "contract.toml"
TEXT = EXAMPLE.read_text()
SECTION_KEYS = [(section.name, key) for section in SECTIONS for key in section.keys]
NOT_YET = TEXT.partition("# The following two")[2]


NAMED = {
    "people": "me partner household partner_email partner_agrees",
    "time": "timezone partner_timezone day_start week_start",
    "calendar": "url username password_command password_keyring password_file calendar seen_by busy partner_busy "
    "sync_every ring sync_ack ca_file client_cert tls_fingerprint allow_insecure_http profile",
    "reminders": "quiet at_most show_details late command command_input",
    "together": "kinds place money",
    "guards": "freeze talk_not_after repair_at_most",
    "privacy": "keep_counts keep_words neutral_title",
    "routine.fixed": "on at every starting until title practice lasting calendar private show_as remind done late "
    "short_month deck location notes invite paused timezone",
    "routine.rule": "rrule at starting",
    "routine.placed": "times within ideal lasting",
    "routine.surprise": "times within surprise",
    "routine.counted": "every at counted_from no_later_than",
    "routine.after": "after",
}
"""Every key that the public face names, where it stands."""

SHAPES = """
[routine.fixed]
on = "fri"
at = "9:00"
[routine.rule]
rrule = "FREQ=DAILY"
at = "9:00"
[routine.placed]
times = "1 per week"
within = "17:00-21:00"
lasting = "1h"
[routine.surprise]
times = "1 per week"
within = "17:00-21:00"
surprise = true
[routine.counted]
every = "1 week"
at = "9:00"
counted_from = "last time"
[routine.after]
after = "event Work"
"""


@pytest.mark.parametrize(("table", "names"), NAMED.items(), ids=NAMED)
def test_every_key_there_is_has_a_line_in_what_is_shown(table: str, names: str) -> None:
    shown = config.show(config.parse(SHAPES, EXAMPLE)).partition(f"\n[{table}]\n")[2].partition("\n\n")[0]
    found = [re.match(r"# (\w+): not set$|(\w+) = ", line) for line in shown.splitlines()]
    assert set(names.split()) <= {match[1] or match[2] for match in found if match}


def part(section: str) -> str:
    """The lines of one section of the example."""
    return TEXT.partition(f"\n[{section}]\n")[2].partition("\n\n")[0]


def line(text: str, key: Key) -> str:
    """The line that sets a key, or that shows how."""
    found = [line for line in text.splitlines() if re.match(rf"(# )?{key.name} = ", line)]
    assert found, f"{key.name} is not in the example"
    return found[0]


def test_it_is_a_config_of_defaults() -> None:
    settings = config.load(EXAMPLE)
    for section in SECTIONS:
        assert getattr(settings, section.name) == getattr(Settings(), section.name)
    assert [one.slug for one in settings.routines] == [
        *("date-night", "first-saturday", "anniversary", "small-touch", "long-walk"),
    ]


@pytest.mark.parametrize(("section", "key"), SECTION_KEYS, ids=[f"{s}.{k.name}" for s, k in SECTION_KEYS])
def test_every_key_of_a_section_stands_there_with_its_explanation(section: str, key: Key) -> None:
    found = line(part(section), key)
    assert found.endswith(f"# {key.doc}")
    server = "url = 'https://x'" if section == "calendar" and key.name != "url" else ""
    config.parse(f"[{section}]\n{server}\n{found.removeprefix('# ')}", EXAMPLE)


@pytest.mark.parametrize("key", ROUTINE, ids=[key.name for key in ROUTINE])
def test_every_key_of_a_routine_stands_there_with_its_explanation(key: Key) -> None:
    assert line(TEXT.partition("# Your routines")[2], key).endswith(f"# {key.doc}")


def test_the_defaults_of_a_routine_are_those_that_hold_without_the_line() -> None:
    whole = config.load(EXAMPLE).routines[0]
    short = config.parse('[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"', EXAMPLE).routines[0]
    assert whole == short


def test_a_routine_key_that_is_commented_out_can_be_used_as_it_is() -> None:
    text = TEXT.partition("\n[routine.date-night]\n")[2].partition("\n\n")[0]
    used = re.sub(r"(?m)^# (?=\w+ = )", "", text)
    assert len(config.parse(f"[routine.x]\n{used}", EXAMPLE).routines) == 1


def test_the_shapes_that_are_not_active_yet_can_be_used_and_are_listed() -> None:
    used = re.sub(r"(?m)^# (?=\w+ = |\[)", "", NOT_YET.partition("\n")[2])
    settings = config.parse(used, EXAMPLE)
    assert [one.slug for one in settings.routines] == ["evening-out", "coming-home"]
    assert {name.split(".")[1] for name in settings.inactive} == {"evening-out", "coming-home"}


def test_the_homecoming_is_active_when_its_marks_are_taken_away() -> None:
    homecoming = TEXT.partition("# Coming home")[2].partition("\n\n")[0].partition("\n")[2]
    settings = config.parse(re.sub(r"(?m)^# ", "", homecoming), EXAMPLE)
    (one,) = settings.routines
    assert one.lasting is not None
    assert (one.practice, one.lasting.shortest, one.calendar) == ("listening", dt.timedelta(minutes=20), False)
    assert not settings.inactive


def jsonable(value: Any) -> Any:
    """A TOML document as a JSON Schema checker of an editor sees it: dates and times are text."""
    if isinstance(value, dict):
        return {name: jsonable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [jsonable(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


class Checker:
    """As much of JSON Schema 2020-12 as our schema uses; a word that it doesn't know is an error."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.root = schema

    def accepts(self, value: Any, schema: dict[str, Any] | None = None) -> bool:
        schema = self.root if schema is None else schema
        return all(getattr(self, f"_{word.strip('$')}")(value, said, schema) for word, said in schema.items())

    def _nothing(self, _value: Any, _said: Any, _schema: Any) -> bool:
        return True

    _schema = _title = _description = _default = _examples = _defs = _nothing

    def _ref(self, value: Any, said: str, _schema: Any) -> bool:
        return self.accepts(value, self.root["$defs"][said.rpartition("/")[2]])

    def _type(self, value: Any, said: str, _schema: Any) -> bool:
        return isinstance(value, TYPES[said]) and (said == "boolean" or not isinstance(value, bool))

    def _enum(self, value: Any, said: list[Any], _schema: Any) -> bool:
        return value in said

    def _const(self, value: Any, said: Any, _schema: Any) -> bool:
        return bool(value == said)

    def _not(self, value: Any, said: dict[str, Any], _schema: Any) -> bool:
        return not self.accepts(value, said)

    def _anyOf(self, value: Any, said: list[Any], _schema: Any) -> bool:  # noqa: N802 (a word of the schema)
        return any(self.accepts(value, one) for one in said)

    def _oneOf(self, value: Any, said: list[Any], _schema: Any) -> bool:  # noqa: N802
        return sum(self.accepts(value, one) for one in said) == 1

    def _pattern(self, value: Any, said: str, _schema: Any) -> bool:
        return not isinstance(value, str) or re.search(said, value) is not None

    def _minLength(self, value: Any, said: int, _schema: Any) -> bool:  # noqa: N802
        return not isinstance(value, str) or len(value) >= said

    def _maxLength(self, value: Any, said: int, _schema: Any) -> bool:  # noqa: N802
        return not isinstance(value, str) or len(value) <= said

    def _minimum(self, value: Any, said: int, _schema: Any) -> bool:
        return not isinstance(value, int) or value >= said

    def _maximum(self, value: Any, said: int, _schema: Any) -> bool:
        return not isinstance(value, int) or value <= said

    def _items(self, value: Any, said: dict[str, Any], _schema: Any) -> bool:
        return not isinstance(value, list) or all(self.accepts(item, said) for item in value)

    def _minItems(self, value: Any, said: int, _schema: Any) -> bool:  # noqa: N802
        return not isinstance(value, list) or len(value) >= said

    def _maxItems(self, value: Any, said: int, _schema: Any) -> bool:  # noqa: N802
        return not isinstance(value, list) or len(value) <= said

    def _required(self, value: Any, said: list[str], _schema: Any) -> bool:
        return not isinstance(value, dict) or all(name in value for name in said)

    def _maxProperties(self, value: Any, said: int, _schema: Any) -> bool:  # noqa: N802
        return not isinstance(value, dict) or len(value) <= said

    def _propertyNames(self, value: Any, said: dict[str, Any], _schema: Any) -> bool:  # noqa: N802
        return not isinstance(value, dict) or all(self.accepts(name, said) for name in value)

    def _properties(self, value: Any, said: dict[str, Any], _schema: Any) -> bool:
        known = said.keys() & value.keys() if isinstance(value, dict) else set()
        return all(self.accepts(value[name], said[name]) for name in known)

    def _additionalProperties(self, value: Any, said: Any, schema: dict[str, Any]) -> bool:  # noqa: N802
        others = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else set()
        return not others if said is False else all(self.accepts(value[name], said) for name in others)


def accepted(text: str) -> bool:
    """By the schema, after a way through JSON."""
    schema = json.loads(json.dumps(config.schema()))
    return Checker(schema).accepts(jsonable(tomllib.loads(text)))


@pytest.mark.parametrize("path", [EXAMPLE, CONTRACT], ids=["example", "contract"])
def test_the_schema_accepts_what_is_shipped_and_what_is_shown(path: Path) -> None:
    assert accepted(path.read_text())
    assert accepted(config.show(config.load(path)))


def test_the_schema_accepts_the_starter_and_the_shapes_to_come() -> None:
    assert accepted(config.starter("Alex", "Sam", "k3v9-rt2p"))
    assert accepted(re.sub(r"(?m)^# (?=\w+ = |\[)", "", NOT_YET.partition("\n")[2]))


@pytest.mark.parametrize(
    "text",
    [
        '[people]\npartnr = "Sam"',
        "[people]\nme = 5",
        "[calender]",
        '[calendar]\npassword_command = "pass show"',
        '[calendar]\nring = "compter"',
        '[routine."Date Night"]\non = "fri"\nat = "9:00"',
        '[routine.remember]\non = "fri"\nat = "9:00"',
        '[routine.x]\non = "fri"',
        '[routine.x]\non = "fri"\nat = "7pm"',
        '[routine.x]\non = 32\nat = "9:00"',
        '[routine.x]\non = "fri"\nrrule = "FREQ=DAILY"\nat = "9:00"',
        '[routine.x]\ntimes = "1 per day"\nwithin = "9:00-10:00"',
    ],
)
def test_the_schema_refuses_what_a_reader_would(text: str) -> None:
    assert not accepted(text)


def test_the_schema_says_every_key_with_its_explanation_and_default() -> None:
    schema = config.schema()
    for section, key in SECTION_KEYS:
        assert schema["properties"][section]["properties"][key.name]["description"] == key.doc
    for key in ROUTINE:
        assert schema["$defs"]["routine"]["properties"][key.name]["description"] == key.doc
    assert schema["properties"]["privacy"]["properties"]["keep_words"]["default"] == "90 days"
    assert schema["properties"]["reminders"]["properties"]["at_most"]["default"] == "no limit"


FORBIDDEN = ("due", "overdue", "missed", "failed", "score", "streak", "must", "owe", "target")


def test_the_words_are_kind() -> None:
    said = [TEXT, config.starter("you", None, "a"), json.dumps(config.schema())]
    for word in FORBIDDEN:
        assert not [text for text in said if re.search(rf"\b{word}\b", text, re.IGNORECASE)], word
