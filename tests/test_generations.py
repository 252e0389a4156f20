"""A routine whose schedule changes: rewritten while nothing hangs on it, else ended and begun anew."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from devices import Device, MakeDevice, devices_of, phone_of
from household import DATE_NIGHT, HOUR, berlin
from servers import Server

from reconnectd.core.model import Fixed, Lasting, Routine, Weekdays
from reconnectd.core.occurrence import State

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
LATER = replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 15)))
SATURDAY = replace(DATE_NIGHT, schedule=Fixed(Weekdays((5,)), dt.time(19, 30)))


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT)


def generation_of(text: str) -> int:
    (number,) = re.findall(r"X-RECONNECTD-ID:date-night\\?;(\d+)", text)
    return int(number)


def changed(device: Device, *routines: Routine, after: dt.timedelta = HOUR) -> None:
    device.routines = routines
    device.clock.forward(after)


def test_a_series_without_a_past_or_exceptions_is_rewritten_in_place(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    href, _ = phone_of(desk).only()
    changed(desk, SATURDAY)
    assert desk.sync().pushed == 1
    assert phone_of(desk).only()[0] == href
    assert "DTSTART;TZID=Europe/Berlin:20261128T193000" in phone_of(desk).only()[1]
    assert desk.sync().pushed == 0


def test_a_series_with_a_past_ends_and_a_new_one_begins(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    changed(desk, LATER, after=WEEK)
    assert desk.sync().pushed == 2
    texts = list(phone_of(desk).texts().values())
    (old,) = [text for text in texts if "T193000" in text]
    (new,) = [text for text in texts if "T201500" in text]
    assert "UNTIL=20261130T080000Z" in old
    assert "DTSTART;TZID=Europe/Berlin:20261204T201500" in new
    assert desk.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
    assert [desk.sync().pushed, desk.sync().requests] == [0, 1]


def test_exceptions_go_along_by_date(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.move("date-night@2026-12-18", berlin("2026-12-19 18:00"))
    desk.sync()
    changed(desk, LATER, after=WEEK)
    desk.sync()
    texts = list(phone_of(desk).texts().values())
    (new,) = [text for text in texts if "20261204T201500" in text]
    assert "EXDATE;TZID=Europe/Berlin:20261211T201500" in new
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261218T201500" in new
    (old,) = [text for text in texts if "UNTIL=" in text]
    assert "EXDATE" not in old
    assert "RECURRENCE-ID" not in old
    assert desk.row("date-night@2026-12-11").state is State.SKIPPED
    assert desk.row("date-night@2026-12-18").begins == berlin("2026-12-19 18:00")


def test_a_series_with_exceptions_only_ahead_is_replaced(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.sync()
    changed(desk, LATER)
    report = desk.sync()
    assert (report.pushed, report.deleted) == (1, 1)
    assert "EXDATE;TZID=Europe/Berlin:20261211T201500" in phone_of(desk).only()[1]
    assert desk.sync().pushed == 0


def test_of_another_weekday_no_exception_is_left_and_that_is_said(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip("date-night@2026-12-11")
    desk.move("date-night@2026-12-18", berlin("2026-12-19 18:00"))
    desk.sync()
    changed(desk, SATURDAY, after=WEEK)
    said = desk.sync().conflicts
    assert [one.split(":")[0] for one in said] == ["date-night 2026-12-11", "date-night 2026-12-18"]
    (new,) = [text for text in phone_of(desk).texts().values() if "UNTIL=" not in text]
    assert "EXDATE" not in new
    assert new.count("BEGIN:VEVENT") == 1
    assert {item.id.nominal.weekday() for item in desk.store.plan.between(desk.clock.now(), None)} == {5}
    assert desk.sync().pushed == 0


def test_exceptions_of_the_past_stay_in_the_past(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    desk.skip("date-night@2026-11-27")
    desk.move("date-night@2026-12-04", berlin("2026-12-05 18:00"))
    desk.sync()
    changed(desk, LATER, after=2 * WEEK)
    desk.sync()
    (old,) = [text for text in phone_of(desk).texts().values() if "UNTIL=" in text]
    (new,) = [text for text in phone_of(desk).texts().values() if "UNTIL=" not in text]
    assert ["EXDATE" in old, "RECURRENCE-ID" in old] == [True, True]
    assert ["EXDATE" in new, "RECURRENCE-ID" in new] == [False, False]


def test_words_alarms_and_what_is_unknown_go_along(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    phone.edit("SUMMARY:Date night", "SUMMARY:Us two\nX-COLOR:teal\nCATEGORIES:love")
    desk.sync()
    phone.add_component(own_words(phone.only()[1], "20261211T193000", "Oysters"))
    desk.sync()
    changed(desk, replace(LATER, location="Harbour"), after=WEEK)
    desk.sync()
    (new,) = [text for text in phone.texts().values() if "UNTIL=" not in text]
    for line in ("SUMMARY:Us two", "X-COLOR:teal", "CATEGORIES:love", "SUMMARY:Oysters", "LOCATION:Harbour"):
        assert line in new
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261211T201500" in new
    assert "UID:rcd-" in new
    assert len(set(re.findall("UID:(.*)", new))) == 1
    assert desk.row("date-night@2026-12-11").title == "Oysters"
    assert desk.row("date-night@2026-12-18").title == "Us two"
    assert [desk.sync().pushed, desk.sync().requests] == [0, 1]


def own_words(text: str, at: str, title: str) -> str:
    """The component of one instance that an app writes when only its title was edited."""
    uid = re.findall("UID:(.*)", text)[0]
    end = f"{at[:9]}{int(at[9:11]) + 2}{at[11:]}"
    return (
        f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261123T080000Z\nRECURRENCE-ID;TZID=Europe/Berlin:{at}\n"
        f"DTSTART;TZID=Europe/Berlin:{at}\nDTEND;TZID=Europe/Berlin:{end}\nSUMMARY:{title}\nEND:VEVENT"
    )


def test_no_day_has_two_when_the_schedule_changes_on_the_day_itself(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    changed(desk, LATER, after=4 * DAY + 11 * HOUR)
    desk.sync()
    (new,) = [text for text in phone_of(desk).texts().values() if "UNTIL=" not in text]
    assert "DTSTART;TZID=Europe/Berlin:20261204T201500" in new


@pytest.mark.parametrize(
    "change",
    [{"title": "Evening out"}, {"notes": "Phones away"}, {"location": "Harbour"}, {"show_as": "free"}],
)
def test_other_words_are_written_into_the_series_that_stands(device: MakeDevice, change: dict[str, str]) -> None:
    desk = device()
    desk.sync()
    changed(desk, replace(DATE_NIGHT, **change), after=WEEK)  # type: ignore[arg-type]
    assert desk.sync().pushed == 1
    assert "UNTIL" not in phone_of(desk).only()[1]


@pytest.mark.parametrize(
    "change", [{"lasting": Lasting(3 * HOUR, 3 * HOUR)}, {"timezone": "Europe/Lisbon"}, {"schedule": SATURDAY.schedule}]
)
def test_other_times_never_change_the_past(device: MakeDevice, change: dict[str, Any]) -> None:
    desk = device()
    desk.sync()
    changed(desk, replace(DATE_NIGHT, **change), after=WEEK)
    assert desk.sync().pushed == 2
    (old,) = [text for text in phone_of(desk).texts().values() if "UNTIL=" in text]
    assert "DTSTART;TZID=Europe/Berlin:20261127T193000" in old
    assert "DTEND;TZID=Europe/Berlin:20261127T213000" in old
    assert desk.sync().pushed == 0


def test_a_schedule_changed_and_changed_back_before_a_sync_is_no_change(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    for routine in (LATER, SATURDAY, DATE_NIGHT):
        changed(desk, routine, after=WEEK)
        desk.sync(offline=True)
    desk.sync()
    (text,) = phone_of(desk).texts().values()
    assert (generation_of(text), "UNTIL=" in text) == (1, False)


def test_a_schedule_changed_twice_offline_makes_one_new_generation(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    for routine in (LATER, SATURDAY):
        changed(desk, routine, after=WEEK)
        desk.sync(offline=True)
    assert desk.sync().pushed == 2
    texts = phone_of(desk).texts().values()
    assert sorted((generation_of(text), "UNTIL=" in text) for text in texts) == [(1, True), (2, False)]
    assert any("DTSTART;TZID=Europe/Berlin:20261212T193000" in text for text in texts)


def test_a_schedule_changed_back_after_a_sync_is_a_third_generation(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    for routine in (LATER, DATE_NIGHT):
        changed(desk, routine, after=WEEK)
        desk.sync()
    texts = phone_of(desk).texts().values()
    assert sorted("UNTIL=" in text for text in texts) == [False, True, True]
    assert desk.row("date-night@2026-12-11").begins == berlin("2026-12-11 19:30")


def test_an_end_that_somebody_else_was_faster_than_is_made_good(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    href = phone.only()[0]
    changed(desk, LATER, after=WEEK)
    edited = phone.texts()[href].replace("\r\n", "\n").replace("SUMMARY:Date night", "SUMMARY:Us two")
    desk.before_the_first_put = lambda: phone.write(href, edited)
    desk.sync()
    desk.sync()
    assert sorted("UNTIL=" in text for text in phone.texts().values()) == [False, True]


def test_a_series_at_a_day_is_ended_by_a_day(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    phone = phone_of(desk)
    text = phone.only()[1].replace("DTSTART;TZID=Europe/Berlin:20261127T193000", "DTSTART;VALUE=DATE:20261127")
    phone.write(phone.only()[0], text.replace("DTEND;TZID=Europe/Berlin:20261127T213000", "DTEND;VALUE=DATE:20261128"))
    desk.sync()
    changed(desk, LATER, after=WEEK)
    desk.sync()
    (old,) = [text for text in phone.texts().values() if "UNTIL=" in text]
    assert re.search(r"UNTIL=20261130[;\s]", old)
    assert "DTSTART;VALUE=DATE:20261127" in old
    assert desk.sync().pushed == 0


def test_a_routine_that_is_only_a_cue_now_leaves_the_calendar(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    changed(desk, replace(DATE_NIGHT, lasting=None, calendar=False))
    assert [desk.sync().deleted, phone_of(desk).texts()] == [1, {}]
    changed(desk, DATE_NIGHT)
    desk.sync()
    assert generation_of(phone_of(desk).only()[1]) == 2


def test_another_device_with_the_old_config_follows_and_undoes_nothing(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    for one in (desk, laptop):
        one.clock.forward(WEEK)
    changed(desk, LATER)
    desk.sync()
    assert [laptop.sync().pushed, desk.sync().pushed, laptop.sync().pushed] == [0, 0, 0]
    assert laptop.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
    changed(laptop, LATER)
    assert [laptop.sync().pushed, desk.sync().pushed] == [0, 0]
    assert len(phone_of(desk).texts()) == 2


def test_a_deleted_series_comes_back_only_as_a_new_generation(device: MakeDevice) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.sync()
    phone_of(desk).delete(phone_of(desk).only()[0])
    desk.sync()
    laptop.sync()
    assert [desk.store.plan.of("date-night"), laptop.store.plan.of("date-night")] == [[], []]
    assert phone_of(desk).texts() == {}
    desk.store.facts.new_generation("date-night")
    assert desk.sync().pushed == 1
    laptop.sync()
    assert laptop.row("date-night@2026-11-27").title == "Date night"
    assert [laptop.sync().pushed, len(phone_of(desk).texts())] == [0, 1]


def test_what_was_skipped_here_before_the_first_sync_is_written_when_another_device_was_first(
    device: MakeDevice,
) -> None:
    desk, laptop = device(name="desk"), device(name="laptop")
    desk.sync()
    laptop.plan()
    laptop.skip("date-night@2026-12-04")
    laptop.sync()
    assert "EXDATE;TZID=Europe/Berlin:20261204T193000" in phone_of(desk).only()[1]
    desk.sync()
    assert desk.row("date-night@2026-12-04").state is State.SKIPPED


def test_deleting_an_old_generation_ends_nothing(device: MakeDevice) -> None:
    desk = device()
    desk.sync()
    changed(desk, LATER, after=WEEK)
    desk.sync()
    phone = phone_of(desk)
    phone.delete(next(href for href, text in phone.texts().items() if "UNTIL=" in text))
    desk.sync()
    assert desk.row("date-night@2026-12-04").begins == berlin("2026-12-04 20:15")
