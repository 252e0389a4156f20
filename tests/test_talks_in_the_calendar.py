"""A talk that was arranged: one plain event, neutral and honest, that both may move, tick or delete."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from devices import Device, MakeDevice, devices_of, phone_of
from household import BERLIN, DATE_NIGHT, HOUR, MORNING_WORD, berlin
from servers import Server
from test_two_people import LISBON, in_step, partner
from two_people import SharedCalendar, shared

from reconnectd.app.practice.topics import Topics
from reconnectd.app.undoing import undo
from reconnectd.core.identity import uid
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.practice.topic import Stands
from reconnectd.core.rest import EVERYTHING, Rest

__all__ = ["shared"]

THURSDAY = OccurrenceId("topic", dt.date(2026, 11, 26))
NAME = str(THURSDAY)


@pytest.fixture
def device(tmp_path: Path, dav_server: Server) -> MakeDevice:
    return devices_of(dav_server, tmp_path, DATE_NIGHT)


def arrange(desk: Device, start: str = "2026-11-26 18:30") -> None:
    begins = berlin(start)
    name = OccurrenceId("topic", begins.date())
    desk.store.facts.put(Fact(name, start=begins, end=begins + HOUR / 2, at=desk.clock.now()))
    desk.plan()


def talks(desk: Device) -> dict[str, str]:
    """The texts of the talks in the calendar, by path."""
    texts = {href: text.replace("\r\n", "\n") for href, text in phone_of(desk).texts().items()}
    return {href: text for href, text in texts.items() if "UID:" + uid("k3v9-rt2p", "date-night", 1) not in text}


def only(desk: Device) -> tuple[str, str]:
    ((href, text),) = talks(desk).items()
    return href, text


def state(desk: Device) -> State | None:
    fact = desk.store.facts.get(THURSDAY)
    assert fact is not None
    return fact.state


def test_it_is_one_plain_event_with_the_uid_of_its_date_and_a_neutral_title(device: MakeDevice) -> None:
    desk = device()
    arrange(desk)
    assert desk.sync().error == {}
    href, text = only(desk)
    name = uid("k3v9-rt2p", "topic", 1, "2026-11-26")
    assert href.endswith(f"/{name}.ics")
    for line in (
        f"UID:{name}",
        "DTSTART;TZID=Europe/Berlin:20261126T183000",
        "DTEND;TZID=Europe/Berlin:20261126T190000",
        "SUMMARY:Time to talk",
    ):
        assert line in text
    assert "X-RECONNECTD-ID:topic;1;2026-11-26" in text.replace("\\;", ";")
    assert "RRULE" not in text.partition("BEGIN:VEVENT")[2]
    item = desk.row(NAME)
    assert (item.title, item.kind, item.in_calendar, item.pinned) == ("Time to talk", "fixed", True, False)
    in_step(desk)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["here", "there"])
def test_moved_here_or_in_the_calendar_even_to_another_day_it_is_the_same_talk(device: MakeDevice, how: str) -> None:
    desk = device()
    arrange(desk)
    desk.sync()
    if how == "here":
        desk.move(NAME, berlin("2026-11-28 11:00"))
    else:
        href, text = only(desk)
        moved = text.replace("20261126T183000", "20261128T110000").replace("20261126T190000", "20261128T113000")
        phone_of(desk).write(href, moved)
    assert desk.sync().error == {}
    assert desk.row(NAME).begins == berlin("2026-11-28 11:00")
    assert "DTSTART;TZID=Europe/Berlin:20261128T110000" in only(desk)[1]
    in_step(desk)  # type: ignore[arg-type]


def test_deleted_in_the_calendar_it_is_called_off_and_can_be_arranged_anew_for_the_same_day(
    device: MakeDevice,
) -> None:
    desk = device()
    arrange(desk)
    desk.sync()
    phone_of(desk).delete(only(desk)[0])
    desk.sync()
    assert state(desk) is State.SKIPPED
    assert talks(desk) == {}
    arrange(desk, "2026-11-26 19:00")
    desk.sync()
    assert "T190000" in only(desk)[1]
    assert state(desk) is None


def test_ticked_it_is_done_renamed_it_stays_so_and_called_off_it_is_skipped(device: MakeDevice) -> None:
    desk = device()
    arrange(desk)
    desk.sync()
    for old, new, expected in (
        ("SUMMARY:Time to talk", "SUMMARY:Us two", (None, "Us two")),
        ("SUMMARY:Us two", "SUMMARY:✓ Us two", (State.DONE, "Us two")),
        ("SUMMARY:✓ Us two", "SUMMARY:Us two", (None, "Us two")),
        ("SUMMARY:Us two", "SUMMARY:Us two\nSTATUS:CANCELLED", (State.SKIPPED, "Us two")),
    ):
        href, text = only(desk)
        phone_of(desk).write(href, text.replace(old, new).replace("STATUS:CONFIRMED\n", ""))
        desk.sync()
        fact = desk.store.facts.get(THURSDAY)
        assert fact is not None
        assert (fact.state, fact.title) == expected


def test_undone_skipped_or_in_a_cleared_rest_it_leaves_the_calendar(device: MakeDevice) -> None:
    desk = device()
    arrange(desk)
    desk.sync()
    desk.skip(NAME)
    desk.sync()
    assert talks(desk) == {}
    undo(desk.store, desk.clock.now())
    desk.plan()
    desk.sync()
    assert len(talks(desk)) == 1
    desk.store.rests.replace([Rest(EVERYTHING, desk.clock.now(), None, cleared=True)])
    desk.sync()
    assert talks(desk) == {}


def test_nothing_new_is_written_while_everything_rests_and_what_is_over_stays(device: MakeDevice) -> None:
    desk = device()
    arrange(desk)
    desk.sync()
    desk.clock.forward(dt.timedelta(days=5))
    desk.sync()
    desk.store.facts.remove(THURSDAY)
    desk.store.rests.replace([Rest(EVERYTHING, desk.clock.now(), None)])
    arrange(desk, "2026-12-03 18:30")
    desk.sync()
    assert len(talks(desk)) == 1
    assert "20261126T183000" in only(desk)[1]


def test_both_have_the_same_talk_each_in_their_own_zone(tmp_path: Path, shared: SharedCalendar) -> None:
    alex, sam = (
        partner(tmp_path, shared, who, (DATE_NIGHT,), place) for who, place in (("alex", BERLIN), ("sam", LISBON))
    )
    alex.sync()
    sam.sync()
    arrange(alex)
    alex.sync()
    assert sam.sync().adopted == 1
    assert sam.row(NAME).begins == alex.row(NAME).begins
    assert sam.row(NAME).title == "Time to talk"
    in_step(alex, sam)
    sam.move(NAME, berlin("2026-11-26 20:00"))
    sam.sync()
    alex.sync()
    assert alex.row(NAME).begins == berlin("2026-11-26 20:00")
    sam.skip(NAME, for_both=False)
    sam.sync()
    alex.sync()
    assert (state(alex), state(sam)) == (None, State.SKIPPED)
    sam.skip(NAME)
    sam.sync()
    alex.sync()
    assert state(alex) is State.SKIPPED
    in_step(alex, sam)


def test_arranged_by_both_for_one_day_the_first_one_stands(tmp_path: Path, shared: SharedCalendar) -> None:
    alex, sam = (partner(tmp_path, shared, who, (DATE_NIGHT,), BERLIN) for who in ("alex", "sam"))
    alex.sync()
    sam.sync()
    arrange(alex, "2026-11-26 18:30")
    arrange(sam, "2026-11-26 20:00")
    alex.sync()
    sam.before_the_first_put = None
    sam.sync()
    assert len(talks(alex)) == 1
    assert sam.row(NAME).begins == berlin("2026-11-26 18:30")
    in_step(alex, sam)


def test_what_it_is_about_is_nowhere_and_deleted_by_whomever_the_topic_is_open_again(device: MakeDevice) -> None:
    desk = device()
    zone, now = ZoneInfo("Europe/Berlin"), desk.clock.now()
    topics = Topics(desk.store)
    told = topics.add("canary: the blue vase", 4, "canary: my part", now)
    topics.write(told, prepared="canary: I feel tired")
    topics.set_aside(topics.one(1, now), berlin("2026-11-26 18:30"), zone, now)
    desk.plan()
    desk.sync()
    assert talks(desk) == {}, "nobody was asked yet"
    topics.arrange(topics.one(1, now), berlin("2026-11-26 18:30"), zone, now)
    desk.plan()
    desk.sync()
    assert "canary" not in str(phone_of(desk).texts())
    assert topics.one(1, now).stands is Stands.PLANNED
    phone_of(desk).delete(only(desk)[0])
    desk.sync()
    assert topics.one(1, now).stands is Stands.OPEN


def test_a_routine_that_had_this_name_before_ends_and_leaves_the_talks_alone(device: MakeDevice) -> None:
    desk = device(replace(DATE_NIGHT, slug="topic", title="Old habit"), name="old")
    desk.sync()
    desk.routines = (MORNING_WORD,)
    desk.plan()
    arrange(desk)
    desk.clock.forward(dt.timedelta(minutes=11))
    for _ in range(3):
        assert desk.sync().error == {}
    texts = sorted(phone_of(desk).texts().values())
    assert ["SUMMARY:Time to talk" in text for text in texts] == [True]


@pytest.mark.parametrize("form", ["DTSTART;VALUE=DATE:20261126", "DTSTART:20261126T183000"])
def test_made_a_day_or_a_floating_time_it_stays_so_wherever_one_travels(device: MakeDevice, form: str) -> None:
    desk = device()
    arrange(desk)
    desk.sync()
    href, text = only(desk)
    phone_of(desk).write(href, re.sub("(?m)^DTEND.*\n", "", re.sub("(?m)^DTSTART;TZID=Europe.*", form, text)))
    desk.sync()
    desk.place = LISBON
    in_step(desk)  # type: ignore[arg-type]
    phone_of(desk).write(href, only(desk)[1].replace("SUMMARY:Time to talk", "SUMMARY:Us two"))
    in_step(desk)  # type: ignore[arg-type]
    assert form in only(desk)[1]
    desk.move(NAME, berlin("2026-11-28 11:00"))
    desk.sync()
    assert ("T100000" in only(desk)[1], desk.row(NAME).title) == (True, "Us two")


def test_moved_by_an_app_that_drops_what_it_does_not_know_it_is_known_by_its_uid(device: MakeDevice) -> None:
    desk, laptop = device(), device(name="laptop")
    laptop.sync()
    arrange(desk)
    desk.sync()
    href, text = only(desk)
    moved = re.sub("(?m)^X-RECONNECTD-ID.*\n", "", text).replace("20261126T1", "20261217T1")
    phone_of(desk).write(href, moved)
    desk.sync()
    arrange(laptop)  # the same state, brought from the desk
    assert (laptop.sync().adopted, laptop.row(NAME).begins) == (1, berlin("2026-12-17 18:30"))
    in_step(desk, laptop)  # type: ignore[arg-type]


def test_renamed_it_is_called_so_also_when_it_comes_back_after_a_rest(device: MakeDevice) -> None:
    desk, laptop = device(), device(name="laptop")
    arrange(desk)
    desk.sync()
    href, text = only(desk)
    phone_of(desk).write(href, text.replace("SUMMARY:Time to talk", "SUMMARY:Us two"))
    laptop.sync()
    laptop.store.rests.replace([Rest(EVERYTHING, desk.clock.now(), None, cleared=True)])
    laptop.sync()
    assert talks(desk) == {}
    laptop.store.rests.replace([])
    laptop.sync()
    assert "SUMMARY:Us two" in only(desk)[1]
