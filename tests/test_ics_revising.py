from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from calendar_objects import CORPUS, DATE_NIGHT, FULL, WALK, at, corpus, hours
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core.ics import Intent, Unreadable, compose, intent_fields, read, revise
from reconnectd.core.merging import merge

NOV_13, NOV_20, NOV_27 = at("2026-11-13T18:30Z"), at("2026-11-20T18:30Z"), at("2026-11-27T18:30Z")
SATURDAY = (at("2026-11-28T19:00Z"), at("2026-11-28T21:00Z"))
SERIES = corpus("series")
LATER = at("2026-11-12T08:00Z")
NAMES = sorted(path.stem for path in CORPUS.glob("*.ics"))


def changed(before: bytes, after: bytes) -> list[str]:
    """The lines that went (-) and then those that came (+), in their order, without the stamps."""
    old, new = (
        [line for line in data.decode().splitlines() if not line.startswith(("DTSTAMP", "LAST-MODIFIED"))]
        for data in (before, after)
    )
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return [f"-{line}" for line in gone.elements()] + [f"+{line}" for line in come.elements()]


def edited(base: bytes, *fields: str, **changes: Any) -> bytes:
    return revise(base, replace(DATE_NIGHT, stamp=LATER, **changes), fields)


@pytest.mark.parametrize("name", NAMES)
def test_revising_nothing_gives_back_the_same_bytes(name: str) -> None:
    assert revise(corpus(name), FULL, ()) == corpus(name)
    assert revise(corpus(name), FULL, intent_fields(FULL), pinned=intent_fields(FULL)) == corpus(name)


@pytest.mark.parametrize(("name", "intent"), [("series", DATE_NIGHT), ("series-full", FULL), ("single", WALK)])
def test_writing_what_already_stands_gives_back_the_same_bytes(name: str, intent: Intent) -> None:
    assert revise(corpus(name), replace(intent, stamp=LATER), intent_fields(intent)) == corpus(name)


def test_a_title_changes_with_the_text_of_its_alarm_and_without_the_sequence() -> None:
    assert changed(SERIES, edited(SERIES, "summary", summary="Our evening; at home")) == [
        "-SUMMARY:Date night",
        "-DESCRIPTION:Date night",
        r"+SUMMARY:Our evening\; at home",
        r"+DESCRIPTION:Our evening\; at home",
    ]


def test_the_stamps_of_what_changed_are_those_of_the_change() -> None:
    after = edited(SERIES, "summary", summary="Our evening").decode()
    assert (after.count("DTSTAMP:20261112T080000Z"), after.count("LAST-MODIFIED:20261112T080000Z")) == (1, 1)


def test_words_come_and_go() -> None:
    more = edited(SERIES, "location", "description", "transp", "class", location="Home", description="Tea",
                  transparent=True, private=True)  # fmt: skip
    assert changed(SERIES, more) == [
        "-TRANSP:OPAQUE",
        "+TRANSP:TRANSPARENT",
        "+CLASS:PRIVATE",
        "+DESCRIPTION:Tea",
        "+LOCATION:Home",
    ]
    assert changed(SERIES, edited(more, "location", "description", "transp", "class")) == []


def test_only_the_named_groups_change() -> None:
    after = edited(SERIES, "location", location="Home", summary="Our evening", alarm=None, rrule="FREQ=DAILY")
    assert changed(SERIES, after) == ["+LOCATION:Home"]


@pytest.mark.parametrize(
    ("alarm", "lines"),
    [
        (hours(2), ["-TRIGGER:-PT60M", "+TRIGGER:-PT120M"]),
        (
            None,
            ["-BEGIN:VALARM", "-ACTION:DISPLAY", "-TRIGGER:-PT60M", "-DESCRIPTION:Date night", "-END:VALARM"],
        ),
    ],
)
def test_our_alarm_moves_or_goes(alarm: object, lines: list[str]) -> None:
    assert changed(SERIES, edited(SERIES, "alarm", alarm=alarm)) == lines


def test_an_alarm_is_added_and_the_placeholder_of_apple_left_alone() -> None:
    silent = edited(corpus("apple-moved"), "alarm", alarm=None)
    assert (silent.count(b"ACTION:DISPLAY"), silent.count(b"ACTION:NONE")) == (0, 2)
    again = edited(silent, "alarm", alarm=hours(1))
    assert read(again).alarms == (hours(1),)
    assert again.count(b"ACTION:NONE") == 2


def test_the_mail_that_somebody_wants_before_it_is_not_our_alarm() -> None:
    mail = FOREIGN[-1]
    there = SERIES.replace(b"END:VEVENT", mail + b"END:VEVENT", 1)
    assert read(there).alarms == (hours(1),)
    assert mail in edited(there, "alarm", alarm=None)
    assert edited(edited(there, "alarm", alarm=None), "alarm", alarm=None).count(b"BEGIN:VALARM") == 1


def test_a_new_time_changes_the_three_lines_and_the_sequence() -> None:
    after = edited(SERIES, "schedule", start=at("2026-11-07T18:00"), duration=hours(1), rrule="FREQ=WEEKLY;BYDAY=SA")
    assert changed(SERIES, after) == [
        "-SEQUENCE:0",
        "-DTSTART;TZID=Europe/Berlin:20261106T193000",
        "-DTEND;TZID=Europe/Berlin:20261106T213000",
        "-RRULE:FREQ=WEEKLY;BYDAY=FR",
        "+SEQUENCE:1",
        "+DTSTART;TZID=Europe/Berlin:20261107T180000",
        "+DTEND;TZID=Europe/Berlin:20261107T190000",
        "+RRULE:FREQ=WEEKLY;BYDAY=SA",
    ]


def test_an_end_of_the_series_changes_its_rule_only() -> None:
    after = edited(SERIES, "schedule", rrule="FREQ=WEEKLY;BYDAY=FR;UNTIL=20261127T183000Z")
    assert changed(SERIES, after) == [
        "-SEQUENCE:0",
        "-RRULE:FREQ=WEEKLY;BYDAY=FR",
        "+SEQUENCE:1",
        "+RRULE:FREQ=WEEKLY;BYDAY=FR;UNTIL=20261127T183000Z",
    ]


def test_a_new_zone_brings_its_rules_along_before_the_events() -> None:
    after = edited(SERIES, "schedule", zone="Europe/Lisbon")
    assert after.count(b"BEGIN:VTIMEZONE") == 2
    assert after.index(b"TZID:Europe/Lisbon") < after.index(b"BEGIN:VEVENT")
    assert read(after).zone == "Europe/Lisbon"


def test_a_skip_is_one_line_and_taken_back_without_a_trace() -> None:
    skipped = edited(SERIES, "skip:20261127T183000Z", skipped=frozenset({NOV_27}))
    assert changed(SERIES, skipped) == ["-SEQUENCE:0", "+SEQUENCE:1", "+EXDATE;TZID=Europe/Berlin:20261127T193000"]
    assert changed(SERIES, edited(skipped, "skip:20261127T183000Z")) == ["-SEQUENCE:0", "+SEQUENCE:2"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("evolution-retitled", "+EXDATE;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261120T193000"),
        ("apple-retitled", "+EXDATE;TZID=Europe/Berlin:20261120T193000"),
    ],
)
def test_an_exception_is_written_in_the_form_of_the_object(name: str, line: str) -> None:
    after = edited(corpus(name), "skip:20261120T183000Z", skipped=frozenset({NOV_20}))
    unfolded = after.replace(b"\r\n ", b"")
    assert line in changed(corpus(name).replace(b"\r\n ", b""), unfolded)
    assert read(after).exdates == {NOV_20}


def test_a_skip_that_somebody_made_already_is_not_made_twice() -> None:
    there = corpus("evolution-deleted")
    assert edited(there, "skip:20261127T183000Z", skipped=frozenset({NOV_27})) == there


def test_taking_one_skip_back_leaves_the_others_of_its_line() -> None:
    line = b"EXDATE;TZID=Europe/Berlin:20261113T193000,20261127T193000\r\nSUMMARY"
    after = edited(SERIES.replace(b"SUMMARY", line, 1), "skip:20261127T183000Z")
    assert read(after).exdates == {NOV_13}


def test_a_move_is_a_full_copy_behind_the_series() -> None:
    after = edited(SERIES, "move:20261127T183000Z", moved={NOV_27: SATURDAY})
    copy = after.decode().split("BEGIN:VEVENT\r\n")[2].split("\r\n")
    assert copy[:9] == [
        f"UID:{DATE_NIGHT.uid}",
        "DTSTAMP:20261112T080000Z",
        "LAST-MODIFIED:20261112T080000Z",
        "SEQUENCE:1",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261127T193000",
        "DTSTART;TZID=Europe/Berlin:20261128T200000",
        "DTEND;TZID=Europe/Berlin:20261128T220000",
        "SUMMARY:Date night",
        "TRANSP:OPAQUE",
    ]
    assert edited(after, "move:20261127T183000Z") == edited(SERIES, "summary").replace(
        b"SEQUENCE:0", b"SEQUENCE:2"
    ).replace(b"20261101T090000Z", b"20261112T080000Z")


def test_a_move_of_ours_over_one_of_theirs_changes_its_times_in_place() -> None:
    there = corpus("evolution-moved")
    after = edited(there, "move:20261127T183000Z", moved={NOV_27: (NOV_27, NOV_27 + hours(3))})
    assert read(after).overrides[NOV_27].end == NOV_27 + hours(3)
    assert after.count(b"BEGIN:VEVENT") == 2
    assert b"RECURRENCE-ID:20261127T183000Z\r\n" in after


def test_skipping_what_was_moved_takes_the_copy_away() -> None:
    after = edited(corpus("davx5-moved"), "skip:20261127T183000Z", skipped=frozenset({NOV_27}))
    found = read(after)
    assert (found.exdates, found.overrides) == (frozenset({NOV_27}), {})


def test_taking_a_move_back_keeps_the_words_that_somebody_wrote() -> None:
    there = corpus("thunderbird-moved").replace(b"SUMMARY:Date night", b"SUMMARY:Cinema").replace(
        b"SUMMARY:Cinema", b"SUMMARY:Date night", 1
    )  # fmt: skip
    found = read(edited(there, "move:20261127T183000Z")).overrides[NOV_27]
    assert (found.summary, found.start, found.end) == ("Cinema", NOV_27, NOV_27 + hours(2))


def test_a_title_of_an_exception_that_somebody_wrote_stays_when_ours_changes() -> None:
    there = corpus("apple-moved").replace(b"SUMMARY:Date night", b"SUMMARY:Cinema").replace(
        b"SUMMARY:Cinema", b"SUMMARY:Date night", 1
    )  # fmt: skip
    found = read(edited(there, "summary", summary="Our evening"))
    assert (found.summary, found.overrides[NOV_27].summary) == ("Our evening", "Cinema")


def test_a_single_event_moves_in_place_and_is_called_off() -> None:
    later = (WALK.nominal + hours(2), WALK.nominal + hours(3))
    moved = revise(corpus("single"), replace(WALK, moved={WALK.nominal: later}), ["move:20261128T150000Z"])
    assert (read(moved).start, read(moved).end, moved.count(b"BEGIN:VEVENT")) == (*later, 1)
    off = replace(WALK, skipped=frozenset({WALK.nominal}))
    assert read(revise(corpus("single"), off, ["skip:20261128T150000Z"])).cancelled


def test_an_id_that_a_server_lost_comes_back_with_the_next_change() -> None:
    lost = SERIES.replace(b"X-RECONNECTD-ID:date-night;1\r\n", b"")
    assert edited(lost, "location") == lost
    assert read(edited(lost, "location", location="Home")).slug == "date-night"


@pytest.mark.parametrize("data", [b"", b"BEGIN:VCALENDAR\r\n", SERIES.replace(b"FREQ=WEEKLY", b"FREQ=SECONDLY")])
def test_what_cannot_be_read_is_not_written(data: bytes) -> None:
    with pytest.raises(Unreadable):
        edited(data, "summary", summary="Our evening")


FOREIGN = (
    b'X-FOREIGN;X-PARAM="a:b;c":kept \\, as it is  \r\n',
    b"X-LONG:folded\r\n  in an odd\r\n\t place\r\n",
    b"X-BYTES:\xe4\xff\x00\r\n",
    b"this is no content line\r\n",
    b"CATEGORIES:Us,Evenings\n",
    b"ATTACH;VALUE=URI:file:///etc/passwd\r\n",
    b"BEGIN:X-COMPONENT\r\nX-INSIDE:1\r\nEND:X-COMPONENT\r\n",
    b"BEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER;VALUE=DATE-TIME:20261106T000000Z\r\nSUMMARY:Theirs\r\nEND:VALARM\r\n",
)  # fmt: skip
OTHER = replace(FULL, stamp=LATER, start=at("2026-11-07T18:00"), rrule="FREQ=WEEKLY;BYDAY=SA", moved={NOV_20: SATURDAY})
ALL_FIELDS = sorted({*intent_fields(FULL), *intent_fields(OTHER), *intent_fields(DATE_NIGHT)})


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(FOREIGN), unique=True),
    st.sets(st.sampled_from(ALL_FIELDS)),
    st.sampled_from([FULL, OTHER, DATE_NIGHT]),
)
def test_foreign_lines_survive_and_a_second_revision_changes_nothing(
    name: str, foreign: list[bytes], fields: Collection[str], intent: Intent
) -> None:
    base = corpus(name).replace(b"BEGIN:VALARM", b"".join(foreign) + b"BEGIN:VALARM", 1)
    kept = foreign if b"BEGIN:VALARM" in corpus(name) else []
    after = revise(base, intent, fields)
    assert all(line in after for line in kept)
    assert revise(after, intent, fields) == after
    assert merge(read(after), read(revise(after, intent, fields))) == ()


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(ALL_FIELDS)))
def test_revising_all_that_differs_makes_the_object_say_the_intent(extra: Collection[str]) -> None:
    after = read(revise(compose(FULL), OTHER, {*intent_fields(FULL), *intent_fields(OTHER), *extra}))
    assert after == read(compose(OTHER))
