"""The JSON Schema of a config, for editors: made from the same table that reads it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from reconnectd.config.keys import ROUTINE, SECTIONS, Key, Section
from reconnectd.config.reading import MOST_ROUTINES
from reconnectd.config.routines import FIRM, LONGEST_SLUG
from reconnectd.config.shapes import SHAPES, Shape
from reconnectd.config.shown import default
from reconnectd.core.model import ONE_OFF, TALKS, Routine

_SETTLED = {field.name: field.default for field in fields(Routine) if field.name in FIRM}
"""Those defaults of a routine that don't depend on its other keys."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Draft 2020-12. TOML dates and times count as text."""
    return {
        "$schema": DRAFT,
        "title": "reconnectd config",
        "type": "object",
        "additionalProperties": False,
        "properties": {**{section.name: _section(section) for section in SECTIONS}, "routine": _routines()},
        "$defs": {"routine": _routine()},
    }


def _section(section: Section) -> dict[str, Any]:
    defaults = section.defaults()
    return _table(section.doc, {key.name: _key(key, defaults.get(key.name)) for key in section.keys})


def _table(doc: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": doc, "additionalProperties": False, "properties": properties}


def _key(key: Key, value: object = None) -> dict[str, Any]:
    """What an editor shows of a key: its explanation, its default, and what it may look like."""
    said = default(key, value)
    described = {**key.form.schema, "description": key.doc}
    if key.example is not None:
        described["examples"] = [list(key.example) if isinstance(key.example, tuple) else key.example]
    return described if said is None else {**described, "default": said}


def _routines() -> dict[str, Any]:
    slugs = {
        "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        "maxLength": LONGEST_SLUG,
        "not": {"enum": [ONE_OFF, TALKS]},
    }
    return {
        "type": "object",
        "description": "What you'd like to do, each under a name of its own",
        "propertyNames": slugs,
        "maxProperties": MOST_ROUTINES,
        "additionalProperties": {"$ref": "#/$defs/routine"},
    }


def _routine() -> dict[str, Any]:
    table = _table("One routine", {key.name: _key(key, _SETTLED.get(key.name)) for key in ROUTINE})
    return {**table, "oneOf": [_shape(shape) for shape in SHAPES]}


def _shape(shape: Shape) -> dict[str, Any]:
    required = [*shape.needs, *(["lasting"] if shape.length else [])]
    whole: dict[str, Any] = {"title": shape.name, "required": required}
    if "surprise" in shape.needs:
        whole["properties"] = {"surprise": {"const": True}}
    elif shape.length:
        whole["properties"] = {"surprise": {"const": False}}
    return whole
