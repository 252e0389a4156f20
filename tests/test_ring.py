"""`ring`: who says a word before an event, this computer, the alarm in the event, or both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from desktop_session import bus, person, server
from devices import Device, Phone
from home import Home, wait_until
from household import BERLIN, DATE_NIGHT, HOUR, MINUTE, MONDAY_MORNING, MORNING_WORD, SUNDAY_TALK, fixed, settings
from notification_server import NotificationServer
from servers import PASSWORD, USER, Server
from test_end_to_end import EVENING, KIND_WORD, PEOPLE, in_an_hour_or_so, off_loop

from reconnectd.adapters.clock import SystemClock
from reconnectd.core.ics import read
from reconnectd.core.model import Daily
from reconnectd.core.occurrence import AFTERWARDS, BEGINS, SNOOZE, Fact, OccurrenceId, Standing
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.settings import CalendarAccount

__all__ = ["bus", "person", "server"]

FRIDAY = OccurrenceId.parse("date-night@2026-11-27")
OWN = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nDESCRIPTION:Shoes\nEND:VALARM\n"

Ring = Literal["computer", "phone", "both"]
MakeDevice = Callable[..., Device]


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    account = dav_server.account(seen_by="me")

    def make(ring: Ring, *routines: Any) -> Device:
        (tmp_path / "desk").mkdir()
        return Device(tmp_path / "desk", dav_server, replace(account, ring=ring), routines or (SUNDAY_TALK,))

    return make


def rings(one: Device, ring: Ring) -> None:
    """The config is saved with another `ring`."""
    one.account = replace(one.account, ring=ring)
    one.clock.forward(HOUR)


def words(ring: Ring, *, url: str | None = "https://cloud.example.org/", **known: Any) -> set[tuple[str, str]]:
    """(routine, lead) of everything that this computer will say."""
    account = CalendarAccount(url=url, seen_by="me", ring=ring)
    own_cue = replace(MORNING_WORD, slug="own-cue")
    config = settings(DATE_NIGHT, replace(SUNDAY_TALK, calendar=False), own_cue, calendar=account)
    standings = {"date-night": Standing("date-night", 1, "Europe/Berlin", MONDAY_MORNING)}
    outlook = Outlook(MONDAY_MORNING, BERLIN.zone, standings=standings, **known)
    return {(word.occurrence.slug, word.lead) for word in plan(config, outlook).reminders}


BEFORE = {("date-night", "86400"), ("date-night", "3600"), ("date-night", BEGINS)}
REST = {("date-night", AFTERWARDS), ("sunday-talk", "3600"), ("sunday-talk", AFTERWARDS), ("own-cue", "0")}


@pytest.mark.parametrize(("ring", "said"), [("computer", BEFORE | REST), ("phone", REST), ("both", BEFORE | REST)])
def test_before_an_event_in_the_calendar_the_phone_alone_rings_where_it_is_told_to(
    ring: Ring, said: set[tuple[str, str]]
) -> None:
    assert words(ring) == said


def test_no_phone_reads_a_calendar_on_this_machine_so_it_rings_here_too() -> None:
    assert words("phone", url=None) == BEFORE | REST


def test_config_check_says_so(person: Home) -> None:
    person.write(PEOPLE + '[calendar]\nring = "phone"\n')
    assert "so this computer speaks, too" in person.run("config", "check").stdout
    person.write(PEOPLE + '[calendar]\nring = "both"\n')
    assert "speaks, too" not in person.run("config", "check").stdout


def test_a_word_that_was_put_off_is_said_where_it_was_put_off() -> None:
    facts = {FRIDAY: Fact(FRIDAY, snoozed_until=MONDAY_MORNING + 5 * HOUR)}
    assert words("phone", facts=facts) - REST == {("date-night", SNOOZE)}


def test_without_an_agreement_nothing_is_in_the_calendar_and_it_rings_here() -> None:
    both = replace(
        settings(DATE_NIGHT), calendar=CalendarAccount(url="https://x.example/", seen_by="both", ring="phone")
    )
    shared = replace(both, people=replace(both.people, partner="Sam"))
    said = plan(shared, Outlook(MONDAY_MORNING, BERLIN.zone)).reminders
    assert {word.lead for word in said} == {"86400", "3600", BEGINS, AFTERWARDS}


@pytest.mark.parametrize("ring", ["phone", "both"])
def test_an_event_carries_one_alarm_with_its_title_at_its_nearest_lead(device: MakeDevice, ring: Ring) -> None:
    desk = device(ring, DATE_NIGHT)
    desk.sync()
    _, text = Phone(desk.server, desk.account).only()
    assert text.count("BEGIN:VALARM") == 1
    alarm = text.partition("BEGIN:VALARM")[2].partition("END:VALARM")[0].splitlines()
    assert {"ACTION:DISPLAY", "DESCRIPTION:Date night"} < set(alarm)
    assert read(text.encode()).alarms == (HOUR,)


def test_an_alarm_of_something_private_says_no_more_than_its_event(device: MakeDevice) -> None:
    desk = device("both", replace(SUNDAY_TALK, title="In bed", private=True))
    desk.sync()
    _, text = Phone(desk.server, desk.account).only()
    assert "DESCRIPTION:A reminder\n" in text
    assert "bed" not in text


def test_without_a_lead_there_is_no_alarm(device: MakeDevice) -> None:
    desk = device("phone", replace(SUNDAY_TALK, remind=()))
    desk.sync()
    assert "VALARM" not in Phone(desk.server, desk.account).only()[1]


def test_another_ring_is_one_write_in_place_and_nothing_but_the_alarm_changes(device: MakeDevice) -> None:
    desk = device("computer")
    desk.sync()
    phone = Phone(desk.server, desk.account)
    href, silent = phone.only()
    said: tuple[tuple[Ring, int], ...] = (("phone", 1), ("both", 1), ("computer", 0))
    for ring, alarms in said:
        rings(desk, ring)
        report = desk.sync()
        assert (report.deleted, report.adopted, report.error) == (0, 0, {})
        assert phone.only()[0] == href
        assert phone.only()[1].count("BEGIN:VALARM") == alarms
        assert report.pushed == (ring != "both")
    assert _lasting(phone.only()[1]) == _lasting(silent)
    assert desk.sync().requests == 1


def _lasting(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(("DTSTAMP", "LAST-MODIFIED"))]


@pytest.mark.parametrize("first", ["computer", "phone"])
def test_an_alarm_that_a_person_set_in_an_app_stays(device: MakeDevice, first: Ring) -> None:
    desk = device(first)
    desk.sync()
    phone = Phone(desk.server, desk.account)
    phone.edit("END:VEVENT", OWN + "END:VEVENT")
    desk.sync()
    later: tuple[Ring, ...] = ("both", "computer", "phone")
    for ring in later:
        rings(desk, ring)
        desk.sync()
        assert "DESCRIPTION:Shoes" in phone.only()[1]


def test_an_alarm_that_a_person_took_out_does_not_come_back(device: MakeDevice) -> None:
    desk = device("phone")
    desk.sync()
    phone = Phone(desk.server, desk.account)
    _, text = phone.only()
    alarm = text[text.index("BEGIN:VALARM") : text.index("END:VALARM") + len("END:VALARM\n")]
    phone.edit(alarm, "")
    desk.sync()
    rings(desk, "both")
    desk.sync()
    assert "VALARM" not in phone.only()[1]


def test_a_cue_in_the_calendar_rings_there_and_is_said_here() -> None:
    cue = fixed("kind", Daily(), "09:05", calendar=True)
    config = settings(cue, calendar=CalendarAccount(url="https://x.example/", seen_by="me", ring="phone"))
    (first, *_) = plan(config, Outlook(MONDAY_MORNING - 5 * MINUTE, BERLIN.zone)).reminders
    assert first.lead == "0"


async def test_with_the_installed_programs_the_event_is_silent_and_the_cue_is_said(
    person: Home, server: NotificationServer, radicale: Server
) -> None:
    (person.folder / "pw").write_text(PASSWORD)
    (person.folder / "pw").chmod(0o600)
    account = (
        f'[calendar]\nurl = "{radicale.url}"\nusername = "{USER}"\npassword_file = "{person.folder}/pw"\n'
        'calendar = "Ring"\nseen_by = "me"\nring = "phone"\n'
    )
    day, at = in_an_hour_or_so()
    now = (SystemClock().now() - 2 * MINUTE).astimezone(ZoneInfo("Europe/Berlin"))
    evening = EVENING.format(day=day, at=at, leads='["1 day", "1h"]')
    person.write(PEOPLE + account + evening + KIND_WORD.format(at=f"{now:%H:%M}"))
    with person.daemon():
        (bubble,) = await server.bubbles(1)
        assert bubble.title == "A kind word"
        synced = lambda: person.json("status")["calendar"]["ok"]  # noqa: E731
        await off_loop(wait_until, synced, "the first sync")
        row, *_ = (one for one in person.json("next", "-n", "9")["occurrences"] if one["routine"] == "date-night")
        assert (row["in_calendar"], len(row["reminders"])) == (True, 1), "only the question afterwards"
        assert row["reminders"][0] > row["end"]
    assert [one.title for one in server.notified] == ["A kind word"]
