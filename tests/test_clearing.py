"""A rest that takes its events out of the calendar, and brings them back: the same object, nothing twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from devices import Device, MakeDevice, Phone, devices_of, phone_of
from household import DATE_NIGHT, MORNING_WORD, SUNDAY_TALK, berlin
from servers import Server

from reconnectd.app.resting import Resting
from reconnectd.app.undoing import undo
from reconnectd.core.ics import read
from reconnectd.core.ics.rules import instances
from reconnectd.core.rest import Rest

FRIDAY = "date-night@2026-11-27"
A_WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT)


def there(device: Device) -> dict[str, list[str]]:
    """UID → the first days on which each object stands, as an app would expand it."""
    found = {}
    for text in phone_of(device).texts().values():
        reading = read(text.encode())
        assert reading.rrule is not None
        days = [at for at in instances(reading.rrule, reading.local_start, dt.UTC) if at.replace(tzinfo=None)]
        nominal = {at.replace(tzinfo=None).date() for at in reading.exdates | reading.overrides.keys()}
        moved = [each.start.date() for each in reading.overrides.values() if not each.cancelled]
        found[reading.uid] = [
            f"{day:%m-%d}" for day in sorted([d.date() for d in days if d.date() not in nominal] + moved)
        ]
    return found


def rest(device: Device, until: str | None = None, scope: str = "*") -> None:
    now = device.clock.now()
    Resting(device.store).begin(Rest(scope, now, berlin(until) if until else None, cleared=True))


def resume(device: Device, scope: str = "*") -> None:
    Resting(device.store).resume(scope, device.clock.now())


def test_a_series_that_has_not_begun_goes_and_comes_back_as_the_same_object(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT, SUNDAY_TALK)
    desk.sync()
    before = there(desk)
    rest(desk)
    assert desk.sync().deleted == 2
    assert there(desk) == {}
    assert desk.sync().pushed == 0
    resume(desk)
    desk.sync()
    assert there(desk) == before
    assert desk.store.facts.standings()["date-night"].generation == 1


def test_a_series_under_way_keeps_its_past_and_what_lay_in_the_rest_stays_out(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    (uid,) = there(desk)
    desk.clock.forward(A_WEEK)
    desk.sync()
    rest(desk)
    desk.sync()
    assert there(desk) == {uid: ["11-27"]}
    desk.clock.forward(2 * A_WEEK)
    desk.sync()
    assert there(desk) == {uid: ["11-27"]}
    resume(desk)
    desk.sync()
    assert there(desk)[uid][:3] == ["11-27", "12-18", "12-25"]
    assert desk.store.facts.standings()["date-night"].generation == 1
    assert desk.sync().pushed == 0


def test_a_rest_with_an_end_takes_out_what_lies_in_it_and_ends_by_itself(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    rest(desk, "2026-12-08 04:00")
    desk.sync()
    (days,) = there(desk).values()
    assert days[:2] == ["12-11", "12-18"]
    assert [str(item.id) for item in desk.store.plan.of("date-night")][:1] == ["date-night@2026-12-11"]
    desk.clock.forward(A_WEEK)
    resume(desk)
    desk.sync()
    (days,) = there(desk).values()
    assert days[:2] == ["12-04", "12-11"]


def test_a_moved_one_goes_and_comes_back_where_it_was_moved_to(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.move(FRIDAY, berlin("2026-11-28 20:00"))
    desk.sync()
    before = there(desk)
    rest(desk)
    desk.sync()
    assert there(desk) == {}
    resume(desk)
    desk.sync()
    assert there(desk) == before


def test_what_was_moved_out_of_the_rest_stays(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.move(FRIDAY, berlin("2026-12-09 20:00"))
    rest(desk, "2026-12-08 04:00")
    desk.sync()
    (days,) = there(desk).values()
    assert days[:2] == ["12-09", "12-11"]


def test_undo_puts_it_back_before_anybody_was_asked(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    before = there(desk)
    rest(desk)
    desk.sync(offline=True)
    assert desk.store.objects.pending() == 1
    assert undo(desk.store, desk.clock.now()).calendar
    desk.sync()
    assert desk.store.objects.pending() == 0
    assert there(desk) == before


def test_undo_of_resume_takes_it_out_again(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    rest(desk)
    desk.sync()
    resume(desk)
    desk.sync()
    assert undo(desk.store, desk.clock.now()).verb == "resume"
    desk.sync()
    assert there(desk) == {}


def test_one_routine_goes_and_the_others_stay(device: MakeDevice) -> None:
    desk = device(DATE_NIGHT, SUNDAY_TALK, MORNING_WORD)
    desk.sync()
    rest(desk, scope="date-night")
    desk.sync()
    ((first, *_),) = there(desk).values()
    assert first == "11-29"


def test_on_another_device_it_is_gone_and_comes_back_too(device: MakeDevice) -> None:
    desk, other = device(), device(name="other")
    desk.sync()
    other.sync()
    rest(desk)
    desk.sync()
    other.sync()
    other.plan()
    assert other.store.plan.of("date-night") == []
    assert other.sync().pushed == 0
    resume(desk)
    desk.sync()
    other.sync()
    other.plan()
    assert str(other.store.plan.of("date-night")[0].id) == FRIDAY
    assert len(there(desk)) == 1
    assert (desk.sync().pushed, other.sync().pushed) == (0, 0)


def test_a_word_in_the_calendar_is_kept_through_a_rest(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.clock.forward(A_WEEK)
    desk.sync()
    Phone(desk.server, desk.account).edit("SUMMARY:Date night", "SUMMARY:Our evening")
    desk.sync()
    rest(desk)
    desk.sync()
    resume(desk)
    desk.sync()
    assert "SUMMARY:Our evening" in Phone(desk.server, desk.account).only()[1]


def test_on_another_device_a_series_under_way_ends_and_goes_on(device: MakeDevice) -> None:
    desk, other = device(), device(name="other")
    for each in (desk, other):
        each.sync()
        each.clock.forward(A_WEEK)
        each.sync()
    rest(desk)
    desk.sync()
    other.sync()
    assert [str(item.id) for item in other.store.plan.of("date-night") if item.begins > other.clock.now()] == []
    resume(desk)
    for each in (desk, other, desk, other):
        each.sync()
    ahead = [str(item.id) for item in other.store.plan.of("date-night") if item.begins > other.clock.now()]
    assert ahead[0] == "date-night@2026-12-04"
    assert len(there(desk)) == 1
    assert (desk.sync().pushed, other.sync().pushed) == (0, 0)


def test_a_series_that_is_moved_in_the_calendar_during_a_rest_goes_on_there(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.clock.forward(A_WEEK)
    desk.sync()
    rest(desk)
    desk.sync()
    Phone(desk.server, desk.account).edit("T193000", "T203000")
    desk.sync()
    resume(desk)
    desk.sync()
    text = Phone(desk.server, desk.account).only()[1]
    assert "UNTIL" not in text
    assert "DTSTART;TZID=Europe/Berlin:20261127T203000" in text
    desk.plan()
    assert desk.row("date-night@2026-12-04").start.hour == 20


@pytest.mark.parametrize("written", [True, False])
def test_undo_of_a_series_that_began_anew_lets_it_stay_away_as_before(device: MakeDevice, *, written: bool) -> None:
    desk = device()
    desk.sync()
    phone = Phone(desk.server, desk.account)
    phone.delete(phone.only()[0])
    desk.sync()
    Resting(desk.store).resume("date-night", desk.clock.now(), anew=True)
    desk.sync(offline=not written)
    assert len(there(desk)) == int(written)
    assert undo(desk.store, desk.clock.now()).calendar
    desk.sync()
    assert there(desk) == {}
    assert desk.store.facts.standings()["date-night"].stopped
    assert desk.sync().pushed == 0
