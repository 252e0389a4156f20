"""Notes that somebody jots down on a phone, as events of a calendar."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from devices import Device, MakeDevice, Phone, devices_of, phone_of
from household import DATE_NIGHT, berlin
from servers import Server

INTERVIEW = "remember: interview, nervous"
THURSDAY = "DTSTART;TZID=Europe/Berlin:20261126T100000"


def slip(summary: str, *lines: str, uid: str = "a-phone-made-this", start: str = THURSDAY) -> bytes:
    words = re.sub(r"(?<!\\),", r"\\,", summary)
    text = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//A phone//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261123T080000Z
SUMMARY:{words}
{start}
""" + "".join(f"{line}\n" for line in lines)
    return (text + "END:VEVENT\nEND:VCALENDAR\n").replace("\n", "\r\n").encode()


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return private(dav_server, tmp_path)


@pytest.fixture
def near(tmp_path: Path, radicale: Server) -> MakeDevice:
    return private(radicale, tmp_path)


def private(server: Server, folder: Path) -> MakeDevice:
    """Devices of a calendar that only one person sees, in step with it."""
    make = devices_of(server, folder, DATE_NIGHT)

    def seen_by_me(*routines: Any, name: str = "desk", seen_by: Literal["me", "both"] | None = "me") -> Device:
        found = make(*routines, name=name)
        found.account = replace(found.account, seen_by=seen_by)
        found.sync()
        return found

    return seen_by_me


def jot(device: Device, data: bytes, name: str = "jotted.ics") -> Phone:
    phone = phone_of(device)
    phone.dav.put(phone.dav.href(name), data, None)
    return phone


def titles(phone: Phone) -> set[str]:
    return {line for text in phone.texts().values() for line in text.splitlines() if line.startswith("SUMMARY:")}


def kept(device: Device) -> list[tuple[str, str]]:
    """The one-offs: (local time, title)."""
    facts = device.store.facts.of("remember").values()
    return sorted((f"{(one.start or berlin('2000-01-01')):%a %H:%M}", str(one.title)) for one in facts)


TWO_WORDS = [("Thu 07:30", "interview, Thursday 10:00"), ("Thu 12:00", "interview: how was it?")]
"""Each in UTC."""
