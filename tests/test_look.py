"""The look into the calendar two minutes before a word about something that stands there."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import Desk
from devices import Device, Phone
from home import home
from household import DATE_NIGHT, HOUR, MINUTE, MORNING_WORD, SUNDAY_TALK, FakeClock, berlin, fixed, settings
from life import Life
from servers import PASSWORD, Server

from reconnectd.adapters.child import ChildWorker
from reconnectd.adapters.clock import SystemClock
from reconnectd.config import load
from reconnectd.core.model import Lasting, Weekdays
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.ports import SyncReport

BERLIN_ZONE = ZoneInfo("Europe/Berlin")
TALK = OccurrenceId.parse("sunday-talk@2026-11-29")
WORD = berlin("2026-11-29 16:00")
LOOK = WORD - 2 * MINUTE
REFUSED = SyncReport(error={"code": 77, "message": "the login was refused", "fix": ""})
DOWN = SyncReport(error={"code": 69, "message": "the server did not answer", "fix": ""})


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    """On the Sunday of the talk; its word comes at 16:00."""
    desk = Desk(tmp_path, settings(MORNING_WORD, SUNDAY_TALK))
    desk.clock.time = berlin("2026-11-29 10:00")
    desk.plan()
    made = Life(desk)
    await made.daemon.rows_changed()
    yield made
    for task in made.daemon._tasks:
        task.cancel()
    desk.store.close()


async def look(life: Life) -> None:
    """It is two minutes before."""
    when = life.next_look()
    assert when is not None
    life.desk.clock.time = when
    await life.alarm.ring("look")


def dragged(life: Life, **fact: object) -> None:
    """What the worker will find done on a phone."""
    life.worker.while_running = lambda: life.desk.store.facts.put(replace(Fact(TALK), **fact))  # type: ignore[arg-type]


# When.


async def test_it_is_set_for_two_minutes_before_the_first_word_about_the_calendar(life: Life) -> None:
    """The word at 09:05 tomorrow is about nothing that stands there."""
    assert life.next_look() == LOOK
    await look(life)
    assert (life.worker.looks, life.worker.runs) == (1, 0)


async def test_without_a_word_about_the_calendar_there_is_none(life: Life) -> None:
    life.desk.actions.skip(life.desk.row(str(TALK)), life.desk.clock.now(), for_both=False)
    await life.daemon.rows_changed()
    assert life.next_look() is None


async def test_a_sync_a_moment_ago_spares_it(life: Life) -> None:
    life.desk.store.objects.run(LOOK - MINUTE, code=0, error="", fix="", requests=1, seconds=0.1)
    await look(life)
    assert life.worker.looks == 0


@pytest.mark.parametrize(
    ("at", "code"), [(LOOK - 2 * MINUTE, 0), (LOOK - MINUTE, 69), (LOOK + 60 * MINUTE, 0)],
    ids=["too long ago", "in vain", "by a clock that was wrong"],
)  # fmt: skip
async def test_a_sync_that_tells_nothing_does_not_spare_it(life: Life, at: dt.datetime, code: int) -> None:
    life.desk.store.objects.run(at, code=code, error="x" * code, fix="", requests=1, seconds=0.1)
    await look(life)
    assert life.worker.looks == 1


async def test_words_near_each_other_share_one(life: Life) -> None:
    short = {"lasting": Lasting(MINUTE, MINUTE), "calendar": True, "remind": (HOUR,)}
    near = [fixed(f"r{n}", Weekdays((6,)), f"17:0{n}", **short) for n in (0, 1, 2)]
    life.desk.config = settings(SUNDAY_TALK, *near)
    life.desk.plan()
    await life.daemon.rows_changed()
    rung = []
    while (when := life.next_look()) is not None and when < WORD + 30 * MINUTE:
        rung.append(when)
        await look(life)
    assert rung[0] == LOOK
    assert rung[:3] == [LOOK, LOOK + MINUTE, LOOK + 2 * MINUTE]
    assert life.worker.looks == 2, "for 16:00 and 16:01 together, and for 16:02"


async def test_a_sync_under_way_is_enough(life: Life) -> None:
    life.worker.gate = asyncio.Event()
    life.daemon.sync_soon()
    running = asyncio.ensure_future(life.alarm.ring("sync"))
    await asyncio.sleep(0)
    await look(life)
    life.worker.gate.set()
    await running
    assert (life.worker.runs, life.worker.looks) == (1, 0)


# What comes of it.


async def test_what_was_dragged_to_later_is_said_later_only(life: Life) -> None:
    dragged(life, start=berlin("2026-11-29 20:00"), end=berlin("2026-11-29 20:45"))
    await look(life)
    assert WORD not in life.alarm.says()
    assert berlin("2026-11-29 19:00") in life.alarm.says()
    assert life.next_look() == berlin("2026-11-29 18:58")
    assert await life.desk.at(WORD + MINUTE) == []
    assert await life.desk.at(berlin("2026-11-29 19:01")) == ["Sunday talk"]


async def test_of_what_was_deleted_nothing_is_said(life: Life) -> None:
    dragged(life, state=State.SKIPPED)
    await look(life)
    assert [at for at in life.alarm.says() if at.date() == WORD.date()] == []


async def test_a_server_that_hangs_holds_no_word_back(life: Life) -> None:
    life.worker.gate = asyncio.Event()
    looking = asyncio.ensure_future(look(life))
    await asyncio.sleep(0)
    life.desk.clock.time = WORD
    await life.alarm.ring(f"say {WORD.timestamp()}")
    assert life.desk.desktop.titles() == ["Sunday talk"]
    life.worker.gate.set()
    await looking


@pytest.mark.parametrize("answer", [DOWN, REFUSED, None, OSError("no process")], ids=str)
async def test_a_look_in_vain_loses_no_word(life: Life, answer: SyncReport | OSError | None) -> None:
    life.worker.answers = [answer]
    await look(life)
    assert WORD in life.alarm.says()
    assert await life.desk.at(WORD) == ["Sunday talk"]


async def test_where_logins_were_refused_it_is_not_tried_again(life: Life) -> None:
    life.worker.answers = [REFUSED, REFUSED, REFUSED]
    for _ in range(2):
        life.daemon.sync_soon()
        await life.alarm.ring("sync")
    assert "sync" in life.alarm.set
    await look(life)
    assert "sync" not in life.alarm.set, "the look was the third time"
    life.desk.clock.time = LOOK - MINUTE
    await life.daemon.rows_changed()
    await look(life)
    assert life.worker.looks == 1


async def test_a_look_leaves_the_next_sync_where_it_was(life: Life) -> None:
    life.daemon.sync_soon()
    await life.alarm.ring("sync")
    before = life.alarm.set["sync"][0]
    await look(life)
    assert life.alarm.set["sync"][0] == before


async def test_a_look_that_succeeds_after_failures_brings_the_next_sync_on(life: Life) -> None:
    life.worker.answers = [DOWN]
    life.daemon.sync_soon()
    await life.alarm.ring("sync")
    await look(life)
    assert life.next_sync() < dt.timedelta(seconds=1)


# On real servers.

CONFIG = """
[people]
me = "Alex"
household = "k3v9-rt2p"

[calendar]
url = "{url}"
username = "alex"
password_file = "{password}"
calendar = "{name}"
seen_by = "me"

[routine.evening]
on = "daily"
at = "{at:%H:%M}"
lasting = "1h"
remind = ["1h"]
"""


@pytest.fixture
async def real(radicale: Server) -> AsyncIterator[tuple[Life, Phone, dt.datetime]]:
    """A daemon with the real worker and a real server; an event some hours ahead, and a phone that sees it."""
    start = (SystemClock().now().astimezone(BERLIN_ZONE) + 3 * HOUR).replace(second=0, microsecond=0)
    account = radicale.account()
    with home() as person:
        password = person.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o600)
        person.write(CONFIG.format(url=radicale.url, password=password, name=account.calendar, at=start))
        assert person.json("sync")["pushed"] == 1
        desk = Desk(person.folder, load(person.config), FakeClock(SystemClock().now()), database=person.database)
        life = Life(desk, child=ChildWorker([], person.environ))
        await life.daemon.rows_changed()
        yield life, Phone(radicale, account), start.astimezone(dt.UTC)
        desk.store.close()


async def test_an_event_moved_by_another_client_is_said_at_its_new_time_only(
    real: tuple[Life, Phone, dt.datetime],
) -> None:
    life, phone, start = real
    later = start + 30 * MINUTE
    _, text = phone.only()
    uid = next(line for line in text.splitlines() if line.startswith("UID:"))
    phone.add_component(
        f"BEGIN:VEVENT\n{uid}\nDTSTAMP:20261123T080000Z\nRECURRENCE-ID:{start:%Y%m%dT%H%M%SZ}\n"
        f"DTSTART:{later:%Y%m%dT%H%M%SZ}\nDTEND:{later + HOUR:%Y%m%dT%H%M%SZ}\nSUMMARY:Evening\nEND:VEVENT"
    )
    assert life.next_look() == start - HOUR - 2 * MINUTE
    await look(life)
    assert [at for at in life.alarm.says() if at < start] == [later - HOUR]
    assert await life.desk.at(later - HOUR - MINUTE) == []
    assert await life.desk.at(later - HOUR) == ["Evening"]


async def test_of_an_event_deleted_by_another_client_nothing_is_said(real: tuple[Life, Phone, dt.datetime]) -> None:
    life, phone, start = real
    phone.edit("SUMMARY:Evening", f"EXDATE:{start:%Y%m%dT%H%M%SZ}\nSUMMARY:Evening")
    await look(life)
    assert await life.desk.at(start) == []


def test_it_is_one_request_and_writes_nothing(tmp_path: Path, dav_server: Server) -> None:
    desk = Device(tmp_path, dav_server, dav_server.account(), (DATE_NIGHT,))
    assert desk.sync(look=True).requests == 0, "a calendar that was never found is not looked for now"
    desk.sync()
    desk.move("date-night@2026-12-04", berlin("2026-12-04 21:00"))
    for _ in range(2):
        report = desk.sync(look=True)
        assert (report.requests, report.pushed, report.error) == (1, 0, {})
    assert "210000" not in Phone(dav_server, desk.account).only()[1]
    assert desk.sync().pushed == 1
