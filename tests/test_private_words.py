"""What a person writes for themselves is looked for wherever it has no business: calendar, log, bus, /proc, exports."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from home import Home, home, wait_until
from notification_server import NotificationServer
from private_bus import private_bus
from test_canary import Onlooker

from reconnectd.adapters.store import schema

CANARY = "canary-in-private-words"
IN_MIND, TENDER = "canary-kept-in-mind", "canary-of-a-deck"
"""What was asked to be said again, and what a deck says under an affection cue: on the own screen only."""
CONFIG = """\
[people]
me = "Alex"
partner = "Sam"

[routine.sunday-talk]
practice = "check-in"
on = "sun"
at = "17:00"
lasting = "45 min"

[routine.evening]
practice = "quality-time"
on = "daily"
at = "00:00"
lasting = "1h"

[routine.date-night]
practice = "quality-time"
on = "fri"
at = "19:30"
lasting = "2h"

[routine.small-touch]
practice = "affection"
on = "daily"
at = "18:00"
deck = "own"

[routine.mend]
practice = "repair"
on = "sat"
at = "11:00"
lasting = "30 min"
"""

DECK = f"""\
[deck]
name = "own"
language = "en"
licence = "CC0-1.0"

[[prompt]]
id = "one"
practice = "affection"
text = "{TENDER}"
minutes = 1
where = "either"
energy = "low"
depth = 1
kind = "words"
"""

WRITTEN = {
    "check-in -": f"close: 3\nheard: 4\nload: 8\ngood: {CANARY}-good\nroots: work, hurt\n",
    "talk --look-back": f"well: {CANARY}-well\nlighter: {CANARY}-lighter\n",
    "thanks -": f"{CANARY}-thanks\n",
    "done evening": "",
    "memory -": f"{CANARY}-memory\n",
    "feel --keep -": f"I feel {CANARY}-feel when it is late. I would like a cup of tea.\n",
    "topic add -": f"{CANARY}-topic\n4\n{CANARY}-my-part\n",
    "topic prepare 1 -": f"I feel {CANARY}-prepared\n",
    "topic plan 1 --asked": "",
    "topic went well 1 -": f"{CANARY}-step\nin 3 days\n",
    "reappraise --keep -": f"{CANARY}-writing\n",
    "topic edit 1 -": f"{CANARY}-otherwise\n",
    "remember --at sat -": f"{IN_MIND}\n",
    "idea affection": "",
    "idea affection --keep": "",
}
"""Command → what is piped into it."""

READING = (
    "next",
    "week",
    "plan --days 30",
    "log",
    "conflicts",
    "status",
    "doctor",
    "sync --verbose",
    "stats",
    "letter",
)


def everything_but_the_words(where: Home) -> dict[str, bytes]:
    """Every file there is but the state itself, whose tables are looked through one by one."""
    found = {str(path): path.read_bytes() for path in where.folder.rglob("*") if path.is_file()}
    return {name: text for name, text in found.items() if "/state/" not in name}


def files_with(mark: str, files: dict[str, bytes]) -> list[str]:
    """Those that hold it; a deck is the person's own file."""
    return [name for name, text in files.items() if mark.encode() in text and not name.endswith("/own.toml")]


def tables_with(mark: str, database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}
    return {name for name, text in rows.items() if mark in text}


async def test_nothing_private_leaves_its_table() -> None:
    with private_bus() as bus, home(bus.address) as where:
        where.write(CONFIG)
        (where.config.parent / "decks").mkdir()
        (where.config.parent / "decks" / "own.toml").write_text(DECK)
        desktop = NotificationServer(bus.address)
        await desktop.start()
        said = await asyncio.to_thread(_live, where)
        heard = repr([(call.member, call.body) for call in desktop.calls])
        await desktop.stop()
        assert "Notify" in heard
        assert CANARY not in heard
        assert CANARY not in said
        for mark in (CANARY, IN_MIND, TENDER):
            assert files_with(mark, everything_but_the_words(where)) == [], mark
        assert [name for name, text in everything_but_the_words(where).items() if b"kept a thanks" in text] == []
        assert tables_with(CANARY, where.database) == {"word"}
        assert tables_with(IN_MIND, where.database) == {"fact", "occurrence"}
        assert tables_with(TENDER, where.database) == {"occurrence"}
        private = json.dumps(where.json("export", "--private"))
        assert IN_MIND not in json.dumps(where.json("export"))
        assert IN_MIND in private
        names = ("good", "thanks", "memory", "feel", "my-part", "prepared", "step", "writing", "otherwise")
        assert {f"{CANARY}-{name}" in private for name in names} == {True}
        wiped = await asyncio.to_thread(where.run, "wipe", "--calendar", "--yes")
        assert wiped.returncode == 0
        left = {str(path): path.read_bytes() for path in where.folder.rglob("*") if path.is_file()}
        assert [found for mark in (CANARY, IN_MIND) for found in files_with(mark, left)] == []


def _live(where: Home) -> str:
    """Everything is written, and then everything that reads is asked; what those said, and what /proc showed."""
    said = []
    with Onlooker(where) as onlooker, where.daemon():
        for words, typed in WRITTEN.items():
            ran = where.run(*words.split(), stdin=typed)
            assert ran.returncode == 0, (words, ran.stderr)
        where.run("notify", "--test")
        wait_until(lambda: where.json("status")["calendar"]["ok"], "the calendar to be in step")
        for words in (*READING, "export", "--json log", "--json week", "--json stats"):
            ran = where.run(*words.split())
            said.append(ran.stdout + ran.stderr)
    assert IN_MIND not in where.log() + repr(onlooker.seen)
    said.append(where.log())
    assert len(onlooker.seen) >= 3
    return "\n".join([*said, *(text.decode(errors="replace") for text in onlooker.seen)])


BY_WHOM = re.compile(r"\b(who|whom|author|declin\w*|refus\w*|by_partner|moved_by|deleted_by|blame|mood|fault)\b")


def test_no_table_and_no_export_can_say_who_declined_moved_or_deleted() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in schema.MIGRATIONS:
            connection.executescript(script)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            f"{table}.{row[1]}"
            for table in tables
            for row in connection.execute(f"SELECT * FROM pragma_table_info('{table}')")
        }
    assert len(columns) > 100
    assert [name for name in columns if BY_WHOM.search(name.replace("_", " "))] == []


@pytest.mark.parametrize("options", [(), ("--private",)], ids=["plain", "private"])
def test_the_fields_of_an_export_are_these(options: tuple[str, ...]) -> None:
    with home() as where:
        where.write(CONFIG)
        for words in ("done mend", "skip sunday-talk", "pause mend", "remember tea"):
            where.run(*words.split())
        where.run("thanks", "-", stdin="for the tea\n")
        made = where.json("export", *options)
    fields = {key for rows in made.values() if isinstance(rows, list) for row in rows for key in row}
    plain = {"id", "state", "start", "at", "routine", "first_seen", "scope", "since", "kind", "until"}
    assert fields <= plain | {"end", "assumed"} | ({"title", "body"} if options else set())
    assert fields >= plain - {"start"}
