"""`reconnect` at a chosen instant, in a home of its own and without a daemon; or the installed program, at present."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from home import Home, home
from household import berlin

from reconnectd.adapters.store import Store
from reconnectd.cli.main import Call, anywhere, run
from reconnectd.cli.output import Output
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.ports import Bubble
from reconnectd.wiring.session import Session

FIELDS = [
    "id", "routine", "practice", "title", "kind", "start", "end", "nominal", "state", "snoozed_until", "pinned",
    "reminders", "in_calendar", "reason",
]  # fmt: skip
"""The fields of an occurrence, as the public face names them."""

CONFIG = """\
[people]
me = "Alex"
household = "k3v9-rt2p"

[time]
timezone = "Europe/Berlin"

[routine.date-night]
practice = "quality-time"
title = "Date night"
on = "fri"
at = "19:30"
lasting = "2h"
remind = ["1 day", "1h"]
calendar = false

[routine.tea]
on = "daily"
at = "15:00"

[routine.small-touch]
practice = "affection"
times = "1 per day"
within = ["17:00-21:30"]
surprise = true
"""


@dataclass(frozen=True)
class Said:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class Person:
    """Somebody at a terminal. `now` is what the clock shows; `run` is one command."""

    def __init__(self, where: Home, now: dt.datetime) -> None:
        self.home = where
        self.now = now
        self.home.write(CONFIG)

    def at(self, text: str) -> None:
        """The clock shows this, in Berlin."""
        self.now = berlin(text)

    def run(self, *words: str, typed: str = "") -> Said:
        """In this process, at `now`."""
        rest, config, as_json, verbose = anywhere(words)
        session = Session(config)
        session.__dict__["now"] = self.now
        if "sync" not in rest:  # a worker has the machine's clock, and would plan by that
            session.__dict__["sync"] = lambda *_, **__: None
        out, err, stdin = io.StringIO(), io.StringIO(), sys.stdin
        sys.stdin = io.StringIO(typed)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run(rest, Call(session, Output(as_json=as_json)), verbose=verbose)
        finally:
            sys.stdin = stdin
            session.close()
        return Said(code, out.getvalue(), err.getvalue())

    def json(self, *words: str, typed: str = "") -> Any:
        """The one document of a command that succeeds."""
        said = self.run("--json", *words, typed=typed)
        assert (said.code, said.err) == (0, ""), said
        return said.document

    def row(self, name: str) -> dict[str, Any]:
        """One occurrence of the plan."""
        rows = {row["id"]: row for row in self.json("plan", "--days", "40")["occurrences"]}
        rows |= {row["id"]: row for row in self.json("week")["occurrences"]}
        found: dict[str, Any] = rows[name]
        return found

    def announce(self, name: str) -> None:
        """The words about it whose time has come were said on a desktop."""
        self.run("next")
        store = Store(self.home.database)
        words = [word for word in store.reminders.waiting(self.now) if word.occurrence == OccurrenceId.parse(name)]
        assert words, f"no word about {name} is to be said yet"
        bubble = Bubble(f"token-{name}", "", "")
        store.reminders.claim(words, bubble.token, words[0].phase, self.now)
        store.reminders.delivered(bubble.token, 1, "a server")
        store.plan.forget_key()
        store.close()


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Monday 23 November 2026, 09:00 in Berlin; the routines are known for a week."""
    with home() as where:
        for name, value in where.environ.items():
            monkeypatch.setenv(name, value)
        found = Person(where, berlin("2026-11-16 08:00"))
        found.run("next")
        found.at("2026-11-23 09:00")
        yield found
