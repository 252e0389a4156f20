"""A calendar that both look at is written only with a yes of both; without, not one request is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
from cli_here import Here, here
from devices import Phone
from household import DATE_NIGHT, HOUR, MONDAY_MORNING, SUNDAY_TALK, berlin
from servers import Server
from two_people import Partner

from reconnectd.adapters.dav import open_calendar
from reconnectd.app import examination
from reconnectd.app.resting import Resting
from reconnectd.core.agreement import Agreement, agreement, asked_again
from reconnectd.core.occurrence import State
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.core.wording import ASK_AGAIN
from reconnectd.ports import Calendar, Collection

__all__ = ["here"]

TODAY = MONDAY_MORNING.date()
FRIDAY = "date-night@2026-11-27"
NO = "it is seen by both of you, and partner_agrees"
AHEAD = f'nothing is written to "{{name}}" yet: {NO} is a day ahead, '

NEEDED = {
    # (partner, seen_by, where): is a yes needed?
    ("Sam", "both", "remote"): True,
    ("Sam", None, "remote"): True,
    ("Sam", "me", "remote"): False,
    ("Sam", "both", "embedded"): False,
    ("Sam", None, "embedded"): False,
    ("Sam", "me", "embedded"): False,
    (None, "both", "remote"): False,
    (None, None, "remote"): False,
    (None, "me", "remote"): False,
    (None, "both", "embedded"): False,
    (None, None, "embedded"): False,
    (None, "me", "embedded"): False,
}
YES = {
    # partner_agrees: (how it stands where it is needed, the exit code, the beginning of what is said)
    None: (Agreement.NONE, 77, f'nothing is written to "{{name}}": {NO} is not set'),
    dt.date(2027, 11, 1): (Agreement.AHEAD, 77, AHEAD + "2027-11-01"),
    dt.date(2026, 11, 25): (Agreement.AHEAD, 77, AHEAD + "2026-11-25"),
    dt.date(2026, 11, 24): (Agreement.GIVEN, 0, ""),
    TODAY: (Agreement.GIVEN, 0, ""),
    dt.date(2026, 5, 24): (Agreement.GIVEN, 0, ""),
    dt.date(2026, 5, 23): (Agreement.OLD, 0, ""),
    dt.date(2020, 2, 29): (Agreement.OLD, 0, ""),
}  # fmt: skip
WHATEVER = (None, dt.date(2027, 11, 1), dt.date(2020, 2, 29))
"""What partner_agrees may say where nobody asks for it."""


@dataclass
class Somebody(Partner):
    """Whose calendar may be the embedded one; `asked` says whether it was opened."""

    asked: int = 0

    def _open(self, known: Collection | None, create: bool) -> Calendar:
        self.asked += 1
        return open_calendar(
            self.account, self.server.password, known, create=create, url=self.server.url, user=self.server.user
        )


MakeOne = Callable[..., Somebody]


@pytest.fixture
def somebody(tmp_path: Path, radicale: Server) -> MakeOne:
    def make(
        agrees: dt.date | None = TODAY, partner: str | None = "Sam", seen_by: Literal["me", "both"] | None = "both",
        where: str = "remote",
    ) -> Somebody:  # fmt: skip
        account = radicale.account(seen_by=seen_by)
        account = replace(account, url=None) if where == "embedded" else account
        people = {"partner": partner, "partner_agrees": agrees}
        return Somebody(tmp_path, radicale, account, (DATE_NIGHT,), people=people)

    return make


def written(one: Somebody) -> int:
    """How many events are on the server."""
    if one.store.objects.collection() is None:
        return 0
    return len(Phone(one.server, replace(one.account, url=one.server.url)).texts())


@pytest.mark.parametrize(
    ("partner", "seen_by", "where", "agrees"),
    [(*who, agrees) for who, needed in NEEDED.items() for agrees in (YES if needed else WHATEVER)],
    ids=str,
)
def test_the_rule_in_every_direction(
    somebody: MakeOne, partner: str | None, seen_by: Literal["me", "both"] | None, where: str, agrees: dt.date | None
) -> None:
    needed = NEEDED[partner, seen_by, where]
    stands, code, words = YES[agrees] if needed else (Agreement.NOT_NEEDED, 0, "")
    one = somebody(agrees, partner, seen_by, where)
    assert agreement(one.settings, TODAY) is stands
    report = one.sync()
    assert report.error.get("code", 0) == code
    assert str(report.error.get("message", "")) == words.format(name=one.account.calendar)
    assert (one.asked, written(one), report.requests > 0) == ((0, 0, False) if code else (1, 1, True))
    assert {row.in_calendar for row in one.store.plan.of("date-night")} == {code == 0}
    check = examination.agreement(one.settings, TODAY, stands=False)
    assert (check.ok, bool(check.fix)) == (code == 0, stands not in {Agreement.NOT_NEEDED, Agreement.GIVEN})


# Taken back, and given again.


def test_taken_back_nothing_more_is_written_and_what_stands_stays(somebody: MakeOne) -> None:
    one = somebody()
    one.sync()
    one.people["partner_agrees"] = None
    one.routines = (replace(DATE_NIGHT, title="Another title"), SUNDAY_TALK)
    one.plan()
    one.move(FRIDAY, berlin("2026-11-27 20:00"))
    asked = one.asked
    for _ in range(2):
        report = one.sync()
        assert (report.error["code"], report.requests, one.asked) == (77, 0, asked)
        assert str(report.error["message"]).endswith(f"{NO} is not set any more; what stands there stays")
    _, text = Phone(one.server, one.account).only()
    assert "SUMMARY:Date night" in text
    assert "T200000" not in text
    assert one.row(FRIDAY).begins == berlin("2026-11-27 20:00"), "here it goes on"
    assert not examination.agreement(one.settings, TODAY, stands=True).ok


def test_given_again_it_goes_on_where_it_was_and_nothing_is_there_twice(somebody: MakeOne) -> None:
    one = somebody()
    one.sync()
    one.people["partner_agrees"] = None
    one.sync()
    one.move(FRIDAY, berlin("2026-11-27 20:00"))
    one.sync()
    Phone(one.server, one.account).edit("SUMMARY:Date night", "LOCATION:Rosa\nSUMMARY:Date night")
    one.people["partner_agrees"] = TODAY
    report = one.sync()
    assert (report.error, report.pushed, report.pulled) == ({}, 1, 1)
    _, text = Phone(one.server, one.account).only()
    assert "DTSTART;TZID=Europe/Berlin:20261127T200000" in text
    assert "LOCATION:Rosa" in text
    assert (one.sync().requests, one.sync().pushed) == (1, 0)


def test_taken_back_by_one_it_still_holds_for_the_other(somebody: MakeOne, tmp_path: Path) -> None:
    """Each has a config of their own, and only that is asked."""
    one = somebody()
    one.sync()
    (tmp_path / "other").mkdir()
    other = Somebody(tmp_path / "other", one.server, one.account, (DATE_NIGHT,), who="sam", people={"partner": "Alex"})
    one.people["partner_agrees"] = None
    one.sync()
    assert (other.sync().adopted, other.sync().error) == (1, {})


# Asked again.


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (dt.date(2026, 5, 23), dt.date(2026, 11, 23)), (dt.date(2026, 8, 31), dt.date(2027, 2, 28)),
        (dt.date(2027, 8, 31), dt.date(2028, 2, 29)), (dt.date(2026, 12, 31), dt.date(2027, 6, 30)),
    ],
)  # fmt: skip
def test_a_yes_is_asked_for_again_after_six_months(said: dt.date, asked: dt.date) -> None:
    assert asked_again(said) == asked


def test_an_old_yes_is_asked_for_once_at_noon_and_writing_goes_on(somebody: MakeOne) -> None:
    one = somebody(dt.date(2026, 5, 1))
    for _ in range(3):
        assert one.sync().error == {}
        one.clock.forward(HOUR)
    (word,) = one.store.plan.of("remember")
    assert (word.title, word.begins, word.private) == (ASK_AGAIN, berlin("2026-11-23 12:00"), True)
    one.skip(str(word.id))
    one.clock.forward(24 * 30 * HOUR)
    assert one.sync().error == {}
    asked = [row.state for row in one.store.plan.of("remember") if row.title == ASK_AGAIN]
    assert asked in ([], [State.SKIPPED])


def test_it_is_not_asked_for_while_everything_rests_and_comes_afterwards(somebody: MakeOne) -> None:
    one = somebody(dt.date(2026, 5, 1))
    one.sync()
    Resting(one.store).begin(Rest(EVERYTHING, one.clock.now(), None))
    one.sync()
    assert one.store.plan.of("remember") == []
    one.clock.forward(48 * HOUR)
    Resting(one.store).resume(EVERYTHING, one.clock.now())
    one.sync()
    (word,) = one.store.plan.of("remember")
    assert (word.title, word.begins > one.clock.now()) == (ASK_AGAIN, True)


@pytest.mark.parametrize("now", [None, TODAY], ids=["taken out", "renewed"])
def test_what_was_answered_in_the_config_is_not_asked(somebody: MakeOne, now: dt.date | None) -> None:
    one = somebody(dt.date(2026, 5, 1))
    one.sync()
    one.people["partner_agrees"] = now
    one.sync()
    assert one.store.plan.of("remember") == []
    assert one.store.reminders.instants(berlin("2026-11-23 11:59"), berlin("2026-11-23 12:01")) == []


# As a person sees it.

CONFIG = """
[people]
me = "Alex"
partner = "Sam"
{yes}

[calendar]
url = "{url}"
username = "alex"
password_command = ["echo", "correct horse"]
calendar = "{name}"
seen_by = "both"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""


def test_its_life_with_the_installed_command(here: Here, radicale: Server) -> None:
    name = radicale.account().calendar

    def config(yes: str) -> None:
        here.write(CONFIG.format(yes=yes, url=radicale.url, name=name))

    def problems() -> str:
        return " ".join(one["what"] for one in here.said("status")["problems"])

    config("")
    assert here.run("sync").returncode == 77
    assert f"{NO} is not set" in problems()
    config("partner_agrees = 2020-02-29")
    assert NO not in problems(), "what was refused before the yes is no trouble any more"
    assert (here.said("status")["calendar"]["ok"], here.said("status")["calendar"]["error"]) == (None, None)
    ran = here.run("sync")
    assert ran.returncode == 0
    assert ASK_AGAIN in ran.stdout
    assert "2020-02-29" in problems()
    config("")
    ran = here.run("sync")
    assert ran.returncode == 77
    assert "nothing more is written" in ran.stderr
    check = {one["name"]: one for one in here.said("doctor")["checks"]}["agreement"]
    assert (check["ok"], "take it out in a calendar app" in check["fix"]) == (False, True)
