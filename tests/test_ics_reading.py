from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

import pytest
from calendar_objects import DATE_NIGHT, at, corpus, hours
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core.ics import Unreadable, compose, read
from reconnectd.core.ics.values import iana_name

NOV_27 = at("2026-11-27T18:30Z")
SERIES = compose(DATE_NIGHT)
TIMES = b"DTSTART;TZID=Europe/Berlin:20261106T193000\r\nDTEND;TZID=Europe/Berlin:20261106T213000\r\n"
RULE = b"RRULE:FREQ=WEEKLY;BYDAY=FR\r\n"


def event(*lines: str, before: str = "") -> bytes:
    body = "\r\n".join(["UID:a", *lines])
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}BEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    return text.encode()


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE;TZID=Europe/Berlin:20261127T193000",
        "EXDATE;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261127T193000",
        "EXDATE;TZID=/mozilla.org/20050126_1/Europe/Berlin:20261127T193000",
        'EXDATE;TZID="W. Europe Standard Time":20261127T193000',
        "EXDATE;TZID=America/New_York:20261127T133000",
        "EXDATE:20261127T183000Z",
        "EXDATE:20261127T193000",
        "EXDATE;VALUE=DATE:20261127",
        "EXDATE:20261127",
        "exdate;value=date-time;tzid=Europe/Berlin:20261127T193000",
        "EXDATE;TZID=Europe/Berlin:2026\r\n 1127T1930\r\n\t00",
        "EXDATE:nonsense,20261127T183000Z,99991231T000000Z,00010101T000000Z",
    ],
)
def test_an_excluded_day_is_read_in_every_form(line: str) -> None:
    assert read(SERIES.replace(b"SUMMARY", f"{line}\r\nSUMMARY".encode(), 1)).exdates == {NOV_27}


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/freeassociation.sourceforge.net/America/Indiana/Knox", "America/Indiana/Knox"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Lisbon", "Europe/Lisbon"),
        ("Romance Standard Time", "Europe/Paris"),
        ("UTC", "UTC"),
        ("Mars/Phobos", None),
        ("../../etc/passwd", None),
        ("A" * 5000, None),
        ("America", None),
        ("", None),
    ],
)
def test_a_zone_is_known_by_all_its_names(tzid: str, zone: str | None) -> None:
    assert iana_name(tzid) == zone


CUSTOM = (
    "BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0500\r\n"
    "TZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def test_a_zone_that_only_the_object_knows_is_taken_from_it() -> None:
    found = read(event("DTSTART;TZID=Our own:20261127T193000", before=CUSTOM % "Our own"))
    assert (found.start, found.zone, found.problems) == (at("2026-11-27T14:30Z"), "Our own", ())


def test_an_object_that_lies_about_berlin_is_not_believed() -> None:
    found = read(event("DTSTART;TZID=Europe/Berlin:20261127T193000", before=CUSTOM % "Europe/Berlin"))
    assert found.start == NOV_27


def test_a_zone_that_nobody_knows_is_local_time_and_noted() -> None:
    found = read(event("DTSTART;TZID=Mars/Phobos:20261127T193000"), local="Europe/Berlin")
    assert (found.start, found.zone, len(found.problems)) == (NOV_27, "Europe/Berlin", 1)


def test_a_zone_whose_rules_never_end_is_not_used() -> None:
    endless = (CUSTOM % "Our own").replace("TZOFFSETFROM", "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM")
    assert read(event("DTSTART;TZID=Our own:20261127T193000", before=endless)).problems


def test_floating_times_and_days_are_local() -> None:
    floating = read(event("DTSTART:20261127T193000", "DURATION:PT1H"), local="Europe/Berlin")
    assert (floating.start, floating.zone, floating.duration) == (NOV_27, "", hours(1))
    day = read(event("DTSTART;VALUE=DATE:20261127"), local="Europe/Berlin")
    assert (day.start, day.all_day, day.duration) == (at("2026-11-26T23:00Z"), True, hours(24))


def test_a_time_with_a_day_for_its_end_is_a_day() -> None:
    found = read(event("DTSTART;TZID=Europe/Berlin:20261127T193000", "DTEND;VALUE=DATE:20261128"))
    assert (found.all_day, found.duration, found.local_start) == (True, hours(24), at("2026-11-27"))


@pytest.mark.parametrize("end", ["DTEND:20261127T183000Z", "DURATION:-PT1H", "DTEND:nonsense", "X-NOTHING:1"])
def test_an_end_before_the_beginning_is_a_moment(end: str) -> None:
    assert read(event("DTSTART:20261127T193000Z", end)).duration == hours(0)


def test_dtend_and_duration_say_the_same() -> None:
    by_end = read(event("DTSTART:20261127T193000Z", "DTEND:20261127T213000Z"))
    assert by_end == read(event("DTSTART:20261127T193000Z", "DURATION:PT2H"))


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=FR"),
        ("byday=fr;wkst=mo;interval=1;freq=weekly", "FREQ=WEEKLY;BYDAY=FR"),
        ("FREQ=WEEKLY;BYDAY=SU,FR,MO;WKST=SU", "FREQ=WEEKLY;BYDAY=MO,FR,SU"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=SU"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=27"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27"),
        ("FREQ=YEARLY;BYMONTH=11", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27"),
        ("FREQ=DAILY;BYHOUR=19;BYMINUTE=30;BYSECOND=0", "FREQ=DAILY"),
        ("FREQ=DAILY;UNTIL=20261231T183000Z", "FREQ=DAILY;UNTIL=20261231T183000Z"),
        ("FREQ=DAILY;UNTIL=20261231T193000", "FREQ=DAILY;UNTIL=20261231T183000Z"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231T225959Z"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=DAILY"),
        ("FREQ=DAILY;COUNT=10;X-EXTRA=1", "FREQ=DAILY;COUNT=10"),
    ],
)
def test_one_meaning_of_a_rule_is_one_text(written: str, rule: str) -> None:
    assert read(event("DTSTART;TZID=Europe/Berlin:20261127T193000", f"RRULE:{written}")).rrule == rule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=100000",
        "FREQ=DAILY;COUNT=1000000000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=" + "9" * 5000,
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,10,20,30,40",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=99FR",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=DAILY;UNTIL=sometime",
        "FREQ=DAILY;FREQ=WEEKLY",
        "BYDAY=FR",
        "nonsense",
        "",
    ],
)
def test_a_rule_that_would_never_end_or_means_nothing_is_refused(rule: str) -> None:
    with pytest.raises(Unreadable):
        read(event("DTSTART:20261127T193000Z", f"RRULE:{rule}"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Please log in</html>",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:a\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
        event(),
        event("DTSTART:00001127T193000Z"),
        event("DTSTART:00010101T000000Z"),
        event("DTSTART:99991231T235959Z"),
        event("DTSTART:20260230T000000Z"),
        event("DTSTART:20261127T193000Z", "DURATION:P1000000000D"),
        event("DTSTART:20261127T193000Z", "DURATION:P9999D"),
        event("DTSTART:20261127T193000Z", "DTEND:20291127T193000Z"),
        event("DTSTART:20261127T193000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
        event("DTSTART:20261127T193000Z", "RECURRENCE-ID:20261127T193000Z"),
        SERIES[:400],
        SERIES.replace(b"END:VEVENT", b"END:VTODO"),
        b"BEGIN:VEVENT\r\n" * 20_000,
        b"A:" + b"x" * (5 * 1024 * 1024),
        b" " * (9 * 1024 * 1024),
    ],
    ids=lambda data: repr(data[-40:]),
)
def test_what_cannot_be_used_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.reason


def refusal(data: bytes) -> str | None:
    """The reason for which it is refused, None when it is read; any other exception is a failure."""
    try:
        read(data)
    except Unreadable as refused:
        return refused.reason
    return None


@settings(deadline=None)
@given(st.binary(max_size=300) | st.lists(st.sampled_from(SERIES.splitlines(keepends=True))).map(b"".join))
def test_nothing_but_unreadable_is_ever_raised(data: bytes) -> None:
    assert refusal(data) != ""


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(SERIES) - 1), st.binary(max_size=8), st.integers(0, 8))
def test_a_damaged_object_is_read_or_refused(place: int, put_in: bytes, cut_out: int) -> None:
    assert refusal(SERIES[:place] + put_in + SERIES[place + cut_out :]) != ""


def test_twenty_thousand_events_are_read_within_a_worker_s_patience() -> None:
    one = b"BEGIN:VEVENT\r\nUID:%d\r\n" + TIMES + RULE + b"SUMMARY:Something\r\nEND:VEVENT\r\n"
    data = b"BEGIN:VCALENDAR\r\n" + b"".join(one % n for n in range(20_000)) + b"END:VCALENDAR\r\n"
    began = time.process_time()
    assert read(data).summary == "Something"
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        ("TRIGGER:-PT1H", [hours(1)]),
        ("TRIGGER;RELATED=START:-PT60M", [hours(1)]),
        ("TRIGGER;RELATED=END:-PT3H", [hours(1)]),
        ("TRIGGER;VALUE=DATE-TIME:20261106T173000Z", [hours(1)]),
        ("TRIGGER:PT0S", [hours(0)]),
        ("TRIGGER:-PT1H\r\nREPEAT:1000000000\r\nDURATION:PT1S", [hours(1)]),
        ("TRIGGER:-P1000000000D", []),
        ("TRIGGER:nonsense", []),
    ],
)
def test_an_alarm_is_its_lead_in_every_form(line: str, leads: list[dt.timedelta]) -> None:
    found = read(SERIES.replace(b"TRIGGER:-PT60M", line.encode()))
    assert list(found.alarms) == leads


def test_an_answer_to_an_alarm_is_read_from_either_property() -> None:
    assert read(corpus("apple-moved")).acknowledged == at("2026-11-06T17:30:12Z")
    assert read(corpus("thunderbird-answered")).acknowledged == at("2026-11-20T17:31Z")
    assert read(SERIES).acknowledged is None


def test_wrong_bytes_in_the_words_are_replaced_and_control_characters_dropped() -> None:
    odd = SERIES.replace(b"SUMMARY:Date night", b"SUMMARY:D\xe4te\x00 \x1b[31mnight\\, us\\;\\n\\\\ \\x")
    assert read(odd).summary == "D\ufffdte [31mnight, us;\n\\ \\x"


def test_a_character_that_a_fold_cuts_in_two_is_whole() -> None:
    assert read(SERIES.replace(b"SUMMARY:Date", b"SUMMARY:Caf\xc3\r\n \xa9")).summary == "Café night"


def test_of_two_main_events_the_newest_is_read() -> None:
    first = SERIES.replace(b"END:VCALENDAR\r\n", b"")
    again = compose(replace(DATE_NIGHT, summary="Newer")).replace(b"SEQUENCE:0", b"SEQUENCE:3")
    both = first + again[again.index(b"BEGIN:VEVENT") :]
    found = read(both)
    assert (found.summary, len(found.problems)) == ("Newer", 1)


def test_a_uid_that_is_missing_is_said() -> None:
    found = read(SERIES.replace(f"UID:{DATE_NIGHT.uid}\r\n".encode(), b""))
    assert (found.uid, len(found.problems)) == ("", 1)


def test_a_guest_is_noticed() -> None:
    invited = SERIES.replace(b"TRANSP", b"ATTENDEE;CN=Sam:mailto:sam@example.org\r\nTRANSP", 1)
    assert (read(SERIES).has_attendees, read(invited).has_attendees) == (False, True)
