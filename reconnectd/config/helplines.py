"""The shipped list of helplines, as values. It is read from the package: no network, nothing that was typed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reconnectd.core.practice.safety import Helpline, Helplines


@dataclass(frozen=True, slots=True)
class Directory:
    """All countries by their code (ISO 3166), what holds elsewhere, and as of when."""

    countries: Mapping[str, Helplines]
    elsewhere: Helplines

    def of(self, code: str | None) -> Helplines:
        """Those of a country; those of elsewhere where it isn't listed."""
        return self.countries.get((code or "").upper(), self.elsewhere)


@cache
def directory() -> Directory:
    """What the package holds."""
    text = resources.files("reconnectd").joinpath("safety", "helplines.toml").read_text("utf-8")
    found = tomllib.loads(text)
    countries = {code: _helplines(table, found["known"]) for code, table in found["country"].items()}
    return Directory(countries, _helplines(found["elsewhere"], found["known"]))


def _helplines(table: Mapping[str, object], known: str) -> Helplines:
    return Helplines(
        country=str(table.get("name", "")),
        emergency=str(table["emergency"]),
        lines=_lines(table["lines"]),
        own=_lines(table.get("own", ())),
        known=known,
    )


def _lines(found: object) -> tuple[Helpline, ...]:
    assert isinstance(found, Sequence)
    return tuple(Helpline(str(number), str(who)) for number, who in found)
