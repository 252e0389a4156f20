"""Requests and bytes of a sync against a real Radicale, and what planning costs."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from devices import Device, Phone
from household import BERLIN, DATE_NIGHT, HOUR, MONDAY_MORNING, berlin, fixed
from servers import Server, run_radicale

from bench.table import Row, at_most
from reconnectd.adapters.dav import open_calendar
from reconnectd.app.renewal import uninterrupted
from reconnectd.core.model import Daily, Lasting, Routine, Weekdays
from reconnectd.core.outlook import Outlook
from reconnectd.core.planning import plan
from reconnectd.core.settings import Settings

FOREIGN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
    "DTSTAMP:20261123T080000Z\r\nDTSTART:20261124T080000Z\r\nDTEND:20261124T083000Z\r\nSUMMARY:{uid}\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def requests() -> list[Row]:
    """What a run asks of the server."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for server in run_radicale(Path(folder)):
            rows += _first_sync(server, Path(folder))
            rows += _changes(server, Path(folder))
            rows += [_no_change_bytes(server, Path(folder), count) for count in (10, 1000)]
    return rows


def _device(server: Server, folder: Path, name: str, *routines: Routine) -> Device:
    (folder / name).mkdir()
    return Device(folder / name, server, server.account(), routines)


def _first_sync(server: Server, folder: Path) -> list[Row]:
    routines = [
        fixed(f"r{n}", Weekdays((n % 7,)), "18:00", lasting=Lasting(HOUR, HOUR), calendar=True) for n in range(20)
    ]
    device = _device(server, folder, "first", *routines)
    calendar = open_calendar(device.account, server.password, None, create=True)
    discovery = calendar.requests()
    report = device.sync()
    device.store.close()
    assert report.pushed == 20
    return [at_most("requests, first sync of 20 after discovery", report.requests - _rediscovery(server, device), 21,
                    "", f"finding and making the calendar took {discovery} more")]  # fmt: skip


def _rediscovery(server: Server, device: Device) -> int:
    """The calendar was there already when the sync looked for it: what that looking costs."""
    calendar = open_calendar(device.account, server.password, None, create=False)
    return calendar.requests()


def _changes(server: Server, folder: Path) -> list[Row]:
    device = _device(server, folder, "changes", DATE_NIGHT)
    device.sync()
    device.sync()
    idle = device.sync().requests
    device.move("date-night@2026-11-27", berlin("2026-11-27 20:00"))
    local = device.sync().requests
    device.sync()
    look = device.sync(look=True).requests
    phone = Phone(server, device.account)
    for n in range(9):
        phone.dav.put(f"other-{n}.ics", FOREIGN.format(uid=f"other-{n}").encode(), None)
    href = next(href for href, text in phone.texts().items() if "Date night" in text)
    text = phone.texts()[href].replace("SUMMARY:Date night", "SUMMARY:Our evening")
    phone.write(href, text.replace("\r\n", "\n"))
    remote = device.sync()
    assert remote.pulled == 1
    device.store.close()
    return [
        Row("requests, no change", str(idle), "1", idle == 1),
        at_most("requests, 10 remote changes", remote.requests, 2),
        Row("requests, 1 local change", str(local), "2", local == 2),
        Row("requests, a look before a word", str(look), "1", look == 1),
    ]


def _no_change_bytes(server: Server, folder: Path, count: int) -> Row:
    device = _device(server, folder, f"bytes{count}", DATE_NIGHT)
    device.sync()
    phone = Phone(server, device.account)
    for n in range(count - 1):
        phone.dav.put(f"other-{n}.ics", FOREIGN.format(uid=f"other-{n}").encode(), None)
    device.sync()
    found = device.store.objects.collection()
    assert found is not None
    calendar = open_calendar(device.account, server.password, found[0], create=False)
    calendar.changes(found[1])
    received = calendar.received()
    device.store.close()
    return at_most(f"body bytes of a no-change run, {count} objects", received, 1000, " B")


def planning() -> list[Row]:
    """60 days, 1,000 routines against 10."""
    few, many = (_planning_time(count) for count in (10, 1000))
    return [at_most("plan over 60 days, 1,000 ÷ 10 routines", many / few, 130, "", f"{many:.2f} s for 1,000")]


def _planning_time(count: int) -> float:
    routines = tuple(
        fixed(f"r{n}", Daily() if n % 2 else Weekdays((n % 7,)), f"{n % 24:02d}:30", lasting=Lasting(HOUR, HOUR))
        for n in range(count)
    )
    config = replace(Settings(), routines=routines)
    outlook = Outlook(MONDAY_MORNING, BERLIN.zone, ahead=60)
    times = []
    for _ in range(5 if count > 100 else 50):
        began = time.perf_counter()
        with uninterrupted():
            plan(config, outlook)
        times.append(time.perf_counter() - began)
    return min(times)
