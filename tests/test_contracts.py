"""The rooms: each contract of `.importlinter` is seen to break, and to name what broke it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import reconnectd

ROOT = Path(__file__).parent.parent
PACKAGE = Path(reconnectd.__file__).parent
CONTRACTS = ROOT / ".importlinter"

ROOMS = "A room knows only the rooms below it"
ADAPTERS = "An adapter knows none of its siblings"
CORE = "The core decides: no I/O, no clock, no randomness, no log"
OWNERS = "A library has one owner"
RESIDENT = "The resident process is free of the worker and of the screen"

# (a module, a line that must not stand in it, the contracts that it breaks)
VIOLATIONS = [
    ("errors", "import reconnectd.core.model", {ROOMS}),
    ("core/cues", "import reconnectd.config.fingerprint", {ROOMS}),
    ("config/keys", "import reconnectd.ports", {ROOMS}),
    ("ports", "import reconnectd.app.tally", {ROOMS}),
    ("crash", "import reconnectd.ports", {ROOMS}),
    ("app/sync", "import reconnectd.adapters.dav", {ROOMS}),
    ("app/actions", "import reconnectd.adapters.clock", {ROOMS}),
    ("adapters/store/facts", "import reconnectd.app.actions", {ROOMS}),
    ("wiring/session", "import reconnectd.cli.output", {ROOMS}),
    ("somewhere_else", "import reconnectd.errors", {ROOMS}),
    ("adapters/desktop", "import reconnectd.adapters.bus", {ADAPTERS}),
    ("adapters/embedded/server", "def _():\n    import reconnectd.adapters.lock", {ADAPTERS}),
    ("adapters/some_new_one", "import reconnectd.adapters.clock", {ADAPTERS}),
    ("core/planning", "import logging", {CORE}),
    ("core/recurrence", "def _():\n    import time", {CORE}),
    ("core/cues", "import random", {CORE}),
    ("core/ics/lines", "import os", {CORE}),
    ("core/plain", "import pathlib", {CORE}),
    ("core/planning", "import sqlite3", {CORE, OWNERS}),
    ("adapters/watch", "import apscheduler", {OWNERS}),
    ("app/pulling", "import caldav", {OWNERS}),
    ("wiring/session", "import click", {OWNERS}),
    ("adapters/store/words", "import cryptography.fernet", {OWNERS, RESIDENT}),
    ("core/quiet", "import dateutil.rrule", {OWNERS}),
    ("adapters/desktop", "import dbus_fast", {OWNERS}),
    ("adapters/dav/locate", "import dns.resolver", {OWNERS}),
    ("app/pulling", "import icalendar", {OWNERS}),
    ("wiring/worker", "import keyring", {OWNERS}),
    ("adapters/dav/multistatus", "import lxml.etree", {OWNERS}),
    ("adapters/embedded/listener", "import niquests", {OWNERS, RESIDENT}),
    ("wiring/session", "import platformdirs", {OWNERS}),
    ("app/voices", "import plyer", {OWNERS}),
    ("adapters/embedded/keeper", "import radicale", {OWNERS, RESIDENT}),
    ("core/recurrence", "import recurring_ical_events", {OWNERS}),
    ("wiring/worker", "import rich", {OWNERS}),
    ("app/renewal", "import sqlite3", {OWNERS}),
    ("config/document", "import tree_sitter_toml", {OWNERS, RESIDENT}),
    ("adapters/clock", "import tzlocal", {OWNERS}),
    ("wiring/resident", "import reconnectd.adapters.dav", {RESIDENT}),
    ("wiring/resident", "def _():\n    import reconnectd.app.sync", {RESIDENT}),
    ("app/daemon", "import reconnectd.core.ics", {RESIDENT}),
    ("wiring/place", "import reconnectd.wiring.worker", {RESIDENT}),
    ("wiring/belonging", "import reconnectd.wiring.sealing", {RESIDENT}),
]

NEVER_RESIDENT = [
    "caldav",
    "click",
    "cryptography",
    "dateutil",
    "icalendar",
    "keyring",
    "lxml",
    "niquests",
    "plyer",
    "radicale",
    "requests",
    "rich",
    "tree_sitter",
    "tree_sitter_toml",
    "urllib3",
    "vobject",
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and its contracts, to be spoilt."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(PACKAGE, folder / "reconnectd", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CONTRACTS, folder)
    return folder


def broken(folder: Path) -> set[str]:
    """The names of the contracts that don't hold there."""
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([program, "--no-logo"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert re.search(r"^Contracts: \d+ kept, \d+ broken\.$", ran.stdout, re.MULTILINE), ran.stdout + ran.stderr
    found = set(re.findall(r"^(.+?) BROKEN\b", ran.stdout, re.MULTILINE))
    assert bool(found) == bool(ran.returncode)
    return found


def test_all_contracts_hold(copy: Path) -> None:
    assert broken(copy) == set()


@pytest.mark.parametrize(("module", "line", "contracts"), VIOLATIONS)
def test_a_contract_breaks_when_it_is_violated(copy: Path, module: str, line: str, contracts: set[str]) -> None:
    path = copy / "reconnectd" / f"{module}.py"
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        assert broken(copy) == contracts
    finally:
        path.unlink() if before is None else path.write_text(before)


def test_every_contract_is_seen_to_break() -> None:
    named = set(re.findall(r"^name = (.+)$", CONTRACTS.read_text(), re.MULTILINE))
    assert named == set().union(*(contracts for _, _, contracts in VIOLATIONS))


def test_every_library_has_its_owner_in_the_contract() -> None:
    graph = grimp.build_graph("reconnectd", include_external_packages=True, cache_dir=None)
    libraries = {name for name in graph.modules if not name.startswith("reconnectd")} - set(sys.stdlib_module_names)
    owned = re.findall(r"^    \S+ -> (\w+)$", CONTRACTS.read_text(), re.MULTILINE)
    assert libraries <= set(owned)


@pytest.mark.parametrize("module", ["reconnectd.wiring.resident", "reconnectd.adapters.alarm"])
def test_what_the_resident_process_never_loads(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert set(ran.stdout.split()) & set(NEVER_RESIDENT) == set()


def test_a_config_without_problems_is_read_without_the_parser_with_positions(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    shutil.copy(ROOT / "config" / "config.example.toml", config)
    program = f"""
import sys
from pathlib import Path
import reconnectd.wiring.resident
from reconnectd.config import load
assert load(Path({str(config)!r})).routines
print(*sorted({{name.partition('.')[0] for name in sys.modules}}))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert set(ran.stdout.split()) & set(NEVER_RESIDENT) == set()
