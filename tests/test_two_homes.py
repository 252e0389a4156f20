"""Two people with the installed programs: two accounts, two addresses, one household word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from home import Home, home
from servers import PASSWORD, Server
from two_people import SharedCalendar, on_radicale

CONFIG = """
[people]
me = "{me}"
partner = "{partner}"
household = "{household}"
partner_agrees = 2026-11-01

[time]
timezone = "{zone}"

[calendar]
url = "{url}"
username = "{who}"
password_command = ["echo", "{password}"]
seen_by = "both"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"

[routine.small-touch]
practice = "affection"
on = "sat"
at = "19:30"
lasting = "1h"
"""


@pytest.fixture(scope="module")
def shared(radicale: Server) -> SharedCalendar:
    return on_radicale(radicale)


@pytest.fixture(scope="module")
def both(shared: SharedCalendar) -> Iterator[tuple[Home, Home]]:
    """Alex and Sam, who type the household word each in their own way."""
    with home() as alex, home() as sam:
        for one, who, partner, household, zone in (
            (alex, "alex", "sam", "k3v9-rt2p", "Europe/Berlin"),
            (sam, "sam", "alex", "K3V9-RT2P ", "Europe/Lisbon"),
        ):
            url = shared.addresses[who]
            one.write(
                CONFIG.format(
                    me=who.title(), partner=partner.title(), household=household, zone=zone, url=url, who=who,
                    password=PASSWORD,
                )
            )  # fmt: skip
        yield alex, sam


def test_one_event_for_both_then_silence_and_a_skip_that_is_one_for_oneself_first(
    both: tuple[Home, Home], shared: SharedCalendar
) -> None:
    alex, sam = both
    reports = [one.json("sync") for one in (alex, sam, alex, sam)]
    assert [report["pushed"] for report in reports] == [1, 0, 0, 0]
    assert [report["adopted"] for report in reports] == [0, 1, 0, 0]
    assert [report["requests"] for report in reports[-2:]] == [1, 1]
    (event,) = shared.folder.glob("*.ics")

    friday = alex.json("skip", "date-night")["occurrence"]
    assert "EXDATE" not in event.read_text()
    assert sam.json("sync")["pulled"] == 0
    again = alex.json("skip", "--for-both", "date-night")["occurrence"]
    assert (again["id"], again["state"]) == (friday["id"], "skipped")
    assert f"EXDATE;TZID=Europe/Berlin:{friday['start'][:10].replace('-', '')}T193000" in event.read_text()
    assert sam.json("sync")["pulled"] == 1
    assert {one["id"]: one["state"] for one in sam.json("plan", "--days", "9")["occurrences"]}[
        friday["id"]
    ] == "skipped"
