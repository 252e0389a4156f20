"""Times that stand in a sentence, read on Monday 23 November 2026, 09:00 in Berlin."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.plain_dates import Found, Present, find
from reconnectd.core.recurrence import local_date
from reconnectd.errors import WrongUsage

BERLIN = ZoneInfo("Europe/Berlin")
FOUR = dt.time(4)
MONDAY = "2026-11-23T09:00"


def found(text: str, now: str = MONDAY, zone: ZoneInfo = BERLIN, week_start: int = 0) -> Found | None:
    return find(text, Present(dt.datetime.fromisoformat(now).replace(tzinfo=zone), zone, week_start, FOUR))


def read(text: str, now: str = MONDAY, zone: ZoneInfo = BERLIN, week_start: int = 0) -> str | None:
    """When it is, on a clock there."""
    said = found(text, now, zone, week_start)
    return f"{said.at.astimezone(zone):%a %Y-%m-%d %H:%M}" if said else None


FORMS = [
    # weekdays
    ("interview thursday 10:00, nervous", "Thu 2026-11-26 10:00", "interview, nervous"),
    ("interview Thu", "Thu 2026-11-26 09:00", "interview"),
    ("interview on thursday", "Thu 2026-11-26 09:00", "interview"),
    ("interview this thursday at ten", "Thu 2026-11-26 10:00", "interview"),
    ("interview next thursday at ten", "Thu 2026-12-03 10:00", "interview"),
    ("thursday in two weeks: interview", "Thu 2026-12-10 09:00", "interview"),
    ("in two weeks on thursday, interview", "Thu 2026-12-10 09:00", "interview"),
    ("interview wednesday next week", "Wed 2026-12-02 09:00", "interview"),
    ("next week on wednesday: interview", "Wed 2026-12-02 09:00", "interview"),
    ("flowers sat", "Sat 2026-11-28 09:00", "flowers"),
    ("concert sat 20:00", "Sat 2026-11-28 20:00", "concert"),
    ("hike at the weekend", "Sat 2026-11-28 09:00", "hike"),
    ("hike next weekend", "Sat 2026-12-05 09:00", "hike"),
    ("interview a week on friday", "Fri 2026-12-04 09:00", "interview"),
    ("interview friday week", "Fri 2026-12-04 09:00", "interview"),
    ("the week after next: interview", "Mon 2026-12-07 09:00", "interview"),
    # dates
    ("Tuesday, December 1, 2026 at 9:00 AM exam", "Tue 2026-12-01 09:00", "exam"),
    ("exam fri the 27th at 2", "Fri 2026-11-27 14:00", "exam"),
    ("exam on the first of december", "Tue 2026-12-01 09:00", "exam"),
    ("exam december twenty-first", "Mon 2026-12-21 09:00", "exam"),
    ("exam 5-12-2026", "Sat 2026-12-05 09:00", "exam"),
    ("exam on the 5th", "Sat 2026-12-05 09:00", "exam"),
    ("her birthday is on 14 june", "Mon 2027-06-14 09:00", "her birthday"),
    ("the operation is on 2 december at 8, scared", "Wed 2026-12-02 08:00", "the operation, scared"),
    ("dinner is on the 5th with mum", "Sat 2026-12-05 09:00", "dinner is with mum"),
    ("the 5th, exam", "Sat 2026-12-05 09:00", "exam"),
    ("exam 5 dec", "Sat 2026-12-05 09:00", "exam"),
    ("exam 5th of December at 8", "Sat 2026-12-05 08:00", "exam"),
    ("exam december 5", "Sat 2026-12-05 09:00", "exam"),
    ("exam dec 5th 10:00", "Sat 2026-12-05 10:00", "exam"),
    ("exam december 5, 2026 at 10:30am", "Sat 2026-12-05 10:30", "exam"),
    ("exam 5.12.", "Sat 2026-12-05 09:00", "exam"),
    ("5.12.2026: exam", "Sat 2026-12-05 09:00", "exam"),
    ("exam 5.12.26 at 9h30", "Sat 2026-12-05 09:30", "exam"),
    ("exam 5/12", "Sat 2026-12-05 09:00", "exam"),
    ("exam 12/24", "Thu 2026-12-24 09:00", "exam"),
    ("exam 2026-12-05", "Sat 2026-12-05 09:00", "exam"),
    ("2026-12-05T10:00 exam", "Sat 2026-12-05 10:00", "exam"),
    ("exam 5 may", "Wed 2027-05-05 09:00", "exam"),
    ("party on 29 feb", "Tue 2028-02-29 09:00", "party"),
    # from today
    ("exam tomorrow", "Tue 2026-11-24 09:00", "exam"),
    ("exam the day after tomorrow", "Wed 2026-11-25 09:00", "exam"),
    ("exam today at 14:30", "Mon 2026-11-23 14:30", "exam"),
    ("exam today", "Mon 2026-11-23 09:30", "exam"),
    ("dinner tonight", "Mon 2026-11-23 20:00", "dinner"),
    ("dinner tonight at 9", "Mon 2026-11-23 21:00", "dinner"),
    ("call her this evening", "Mon 2026-11-23 19:00", "call her"),
    ("call her tomorrow evening at 8", "Tue 2026-11-24 20:00", "call her"),
    ("call her tomorrow morning", "Tue 2026-11-24 09:00", "call her"),
    ("call her this afternoon", "Mon 2026-11-23 15:00", "call her"),
    ("exam in two weeks", "Mon 2026-12-07 09:00", "exam"),
    ("exam in 3 days", "Thu 2026-11-26 09:00", "exam"),
    ("exam in a fortnight", "Mon 2026-12-07 09:00", "exam"),
    ("exam in a couple of days", "Wed 2026-11-25 09:00", "exam"),
    ("exam in two months", "Sat 2027-01-23 09:00", "exam"),
    ("three weeks from now exam", "Mon 2026-12-14 09:00", "exam"),
    ("exam next week", "Mon 2026-11-30 09:00", "exam"),
    ("call her in 90 min", "Mon 2026-11-23 10:30", "call her"),
    ("call her in half an hour", "Mon 2026-11-23 09:30", "call her"),
    ("in 1 hour and 10 minutes call her", "Mon 2026-11-23 10:10", "call her"),
    ("in an hour and a half call her", "Mon 2026-11-23 10:30", "call her"),
    ("20 minutes from now call her", "Mon 2026-11-23 09:20", "call her"),
    ("call her 2 weeks from tomorrow", "Tue 2026-12-08 09:00", "call her"),
    ("viva in a week's time", "Mon 2026-11-30 09:00", "viva"),
    # times of day
    ("dinner friday at eight pm", "Fri 2026-11-27 20:00", "dinner"),
    ("exam tomorrow, 8.30", "Tue 2026-11-24 08:30", "exam"),
    ("pick up Leo at 5 from school tomorrow", "Tue 2026-11-24 17:00", "pick up Leo from school"),
    ("call her between 3 and 5 today", "Mon 2026-11-23 15:00", "call her"),
    ("call her after 6", "Mon 2026-11-23 18:00", "call her"),
    ("exam thursday at half past nine", "Thu 2026-11-26 09:30", "exam"),
    ("thursday at half nine: exam", "Thu 2026-11-26 09:30", "exam"),
    ("exam thursday quarter to ten", "Thu 2026-11-26 09:45", "exam"),
    ("exam thursday twenty past three", "Thu 2026-11-26 15:20", "exam"),
    ("exam thursday noon", "Thu 2026-11-26 12:00", "exam"),
    ("party friday at midnight", "Sat 2026-11-28 00:00", "party"),
    ("exam thursday 10am", "Thu 2026-11-26 10:00", "exam"),
    ("exam thursday 2.15 p.m.", "Thu 2026-11-26 14:15", "exam"),
    ("exam thursday 10h", "Thu 2026-11-26 10:00", "exam"),
    ("exam thursday at ten o'clock", "Thu 2026-11-26 10:00", "exam"),
    ("exam thursday 3:30", "Thu 2026-11-26 15:30", "exam"),
    ("exam thursday 10:00-11:30", "Thu 2026-11-26 10:00", "exam"),
    ("call her at 7", "Mon 2026-11-23 19:00", "call her"),
    ("call her at 7 in the morning", "Tue 2026-11-24 07:00", "call her"),
    ("call her at nine", "Mon 2026-11-23 21:00", "call her"),
    ("call her in the morning", "Tue 2026-11-24 09:00", "call her"),
    ("lunch with Sam thursday 12:30", "Thu 2026-11-26 12:30", "lunch with Sam"),
]


@pytest.mark.parametrize(("text", "at", "rest"), FORMS)
def test_a_time_in_plain_words_is_found(text: str, at: str, rest: str) -> None:
    said = found(text)
    assert said is not None
    assert (read(text), said.rest) == (at, rest)
    assert read(text.upper()) == at, "whatever the case"


@pytest.mark.parametrize(
    "text",
    [
        "buy sun cream", "he sat at the table", "our 5th anniversary", "the shop on the 5th floor", "party in may",
        "buy 1/2 pound of butter", "open 24/7", "good morning card", "good night kiss", "sleep 8h", "2 tickets",
        "meet at 7 eleven street", "call the doctor", "psalm 23", "", ":", "room 101 at the hotel", "version 1.2.3",
        "a second may help", "he may second that", "the first date", "a week of rest",
    ],
)  # fmt: skip
def test_other_words_are_no_time(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("interview next thursday", "Thu 2026-11-26 09:00"), ("dinner thursday at 7", "Thu 2026-11-26 07:00"),
        ("call thursday at 9", "Thu 2026-11-26 21:00"), ("exam 5/12", "Wed 2027-05-12 09:00"),
        ("exam thursday 3:30", "Thu 2026-11-26 03:30"),
        ("interview thursday 10:00", None), ("dinner at 7pm", None), ("exam 12/24", None), ("lunch at 12", None),
    ],
)  # fmt: skip
def test_what_could_also_be_meant_is_told(text: str, other: str | None) -> None:
    said = found(text)
    assert said is not None
    assert (f"{said.other.astimezone(BERLIN):%a %Y-%m-%d %H:%M}" if said.other else None) == other


def test_of_two_days_the_first_is_meant_and_the_sentence_stays_whole() -> None:
    said = found("interview thursday or friday")
    assert said is not None
    assert (said.at.astimezone(BERLIN).day, said.rest) == (26, "interview thursday or friday")


@pytest.mark.parametrize(
    "text",
    [
        "call her today 08:00", "2020-01-01 exam", "23.11.2025 exam", "this morning at 8", "yesterday 10:00 exam",
        "exam yesterday at 10", "Yesterday, 10:00", "the exam, 10:00 yesterday", "dentist last friday",
        "last fri 10:00",
    ],
)  # fmt: skip
def test_a_time_that_has_passed_is_said(text: str) -> None:
    with pytest.raises(WrongUsage, match="has passed"):
        found(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("ask about yesterday's meeting at 18:30", "Mon 2026-11-23 18:30"),
        ("the last 10:00 train", "Mon 2026-11-23 10:00"),
        ("her last exam friday 10:00", "Fri 2026-11-27 10:00"),
        ("ask about yesterday, friday 10:00", "Fri 2026-11-27 10:00"),
    ],
)  # fmt: skip
def test_a_word_for_what_is_behind_may_stand_elsewhere_in_a_sentence(text: str, at: str) -> None:
    said = found(text)
    assert said is not None
    assert f"{said.at.astimezone(BERLIN):%a %Y-%m-%d %H:%M}" == at


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("meeting at 25:00", "25:00 is no time of day"), ("call thursday at 10:75", "10:75 is no time of day"),
        ("exam 2026-13-45", "there is no 2026-13-45"), ("exam 2027-02-29T10:00", "there is no 2027-02-29"),
    ],
)  # fmt: skip
def test_what_is_no_time_at_all_is_said(text: str, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        found(text)


@pytest.mark.parametrize("text", ["it ended 3:2", "a ratio of 1:100", "IP 10.0.0.1:8080"])
def test_numbers_that_are_no_time_are_let_be(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize("text", ["exam 2199-12-31", "exam in 9999 weeks"])
def test_what_nobody_here_will_see_is_too_far_away(text: str) -> None:
    with pytest.raises(WrongUsage, match="too far away"):
        found(text)


@pytest.mark.parametrize(
    ("text", "now", "at"),
    [
        ("call her tomorrow", "2026-11-24T01:00", "Tue 2026-11-24 09:00"),
        ("call her tonight", "2026-11-24T01:00", "Tue 2026-11-24 20:00"),
        ("call her today 18:00", "2026-11-24T01:00", "Tue 2026-11-24 18:00"),
        ("call her tomorrow", "2026-11-24T05:00", "Wed 2026-11-25 09:00"),
        ("call her this evening", "2026-11-23T20:10", "Mon 2026-11-23 20:40"),
        ("call her monday", "2026-11-23T10:00", "Mon 2026-11-30 09:00"),
        ("call her monday 18:00", "2026-11-23T10:00", "Mon 2026-11-23 18:00"),
    ],
)
def test_today_lasts_until_the_day_starts_and_a_weekday_is_the_next_one_ahead(text: str, now: str, at: str) -> None:
    assert read(text, now) == at


@pytest.mark.parametrize(
    ("text", "now", "at"),
    [
        ("call sunday 02:30", "2027-03-26T12:00", "Sun 2027-03-28 03:30"),  # in the gap
        ("call sunday 02:30", "2026-10-23T12:00", "Sun 2026-10-25 02:30"),  # twice: the first
        ("call in 24 hours", "2026-10-24T12:00", "Sun 2026-10-25 11:00"),  # hours are exact
        ("call in 1 day at 12:00", "2026-10-24T12:00", "Sun 2026-10-25 12:00"),  # days keep the clock
    ],
)
def test_a_change_of_the_clock_is_read_as_rfc_5545_says(text: str, now: str, at: str) -> None:
    assert read(text, now) == at


def test_the_first_of_two_times_is_meant() -> None:
    said = found("call sunday 02:30", "2026-10-23T12:00")
    assert said is not None
    assert said.at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_a_day_that_the_zone_never_had_is_passed_over() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert read("call friday 10:00", "2011-12-28T12:00", apia) == "Fri 2012-01-06 10:00"


def test_the_week_begins_where_the_config_says() -> None:
    assert read("exam next sunday", week_start=0) == "Sun 2026-12-06 09:00"
    assert read("exam next sunday", week_start=6) == "Sun 2026-11-29 09:00"


ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")]
SECONDS = st.integers(1_704_067_200, 2_208_988_800) | st.floats(1_704_067_200, 2_208_988_800)
INSTANTS = SECONDS.map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
WHENEVER = [text for text, _, _ in FORMS if "2026" not in text and "5.12.26" not in text and "today" not in text]


@given(st.sampled_from(WHENEVER), INSTANTS, st.sampled_from(ZONES), st.integers(0, 6))
def test_what_is_found_is_always_ahead_and_on_a_whole_second(
    text: str, now: dt.datetime, zone: ZoneInfo, week_start: int
) -> None:
    present = Present(now, zone, week_start, FOUR)
    try:
        said = find(text, present)
    except WrongUsage:
        assert any(word in text for word in ("tonight", "this", "tomorrow")), "only these can have passed"
        return
    assert said is not None
    assert said.at.tzinfo is dt.UTC
    assert said.at > now
    assert said.at.microsecond == 0
    assert said.other is None or (said.other > now and said.other != said.at)
    if text == "exam tomorrow":
        assert said.at.astimezone(zone).date() == local_date(now, zone, FOUR) + dt.timedelta(days=1)


@given(st.text(max_size=60) | st.lists(st.sampled_from(" ".join(WHENEVER).split()), max_size=8).map(" ".join), INSTANTS)
def test_no_sentence_is_too_odd(text: str, now: dt.datetime) -> None:
    try:
        said = find(text, Present(now, BERLIN, 0, FOUR))
    except WrongUsage:
        return
    assert said is None or said.at > now
