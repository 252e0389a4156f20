from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from calendar_objects import CORPUS, DATE_NIGHT, FULL, WALK, at, corpus, hours
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core.ics import Intent, Override, Reading, compose, read
from reconnectd.core.merging import (
    Action,
    Done,
    FieldEdited,
    Moved,
    Restored,
    Retitled,
    SeriesDeleted,
    SeriesEnded,
    SeriesMoved,
    Skipped,
    is_done,
    merge,
)

OURS = read(compose(DATE_NIGHT))
WALKING = read(compose(WALK))
NOV_13, NOV_27 = at("2026-11-13T18:30Z"), at("2026-11-27T18:30Z")
SATURDAY = (at("2026-11-28T19:00Z"), at("2026-11-28T21:00Z"))

MOVED = (Moved(NOV_27, *SATURDAY),)
DELETED = (Skipped(NOV_27),)
SERIES_MOVED = (SeriesMoved(at("2026-11-07T18:00"), "FREQ=WEEKLY;BYDAY=SA", hours(2), "Europe/Berlin"),)
RETITLED = (FieldEdited("summary", "Date night at Mario's"),)
ENDED = (SeriesEnded(at("2026-11-26T18:30Z")),)
FROM_HERE_ON = (SeriesMoved(at("2026-11-28T20:00"), "FREQ=WEEKLY;BYDAY=SA", hours(2), "Europe/Berlin", since=NOV_27),)


@pytest.mark.parametrize(
    ("done_in", "answer"),
    [
        ("thunderbird-moved", MOVED),
        ("thunderbird-deleted", DELETED),
        ("thunderbird-series-moved", SERIES_MOVED),
        ("thunderbird-retitled", RETITLED),
        ("thunderbird-answered", ()),
        ("evolution-moved", MOVED),
        ("evolution-deleted", DELETED),
        ("evolution-series-moved", SERIES_MOVED),
        ("evolution-retitled", RETITLED),
        ("evolution-this-and-future-deleted", ENDED),
        ("apple-moved", MOVED),
        ("apple-deleted", DELETED),
        ("apple-series-moved", SERIES_MOVED),
        ("apple-retitled", RETITLED),
        ("davx5-moved", MOVED),
        ("davx5-deleted", DELETED),
        ("davx5-series-moved", SERIES_MOVED),
        ("davx5-retitled", RETITLED),
        ("kde-this-and-future", FROM_HERE_ON),
        ("google-cancelled-override", DELETED),
        ("outlook-windows-zone", DELETED),
        ("nextcloud-date-exdate", DELETED),
        ("floating-exdate", DELETED),
    ],
)
def test_what_a_person_does_in_an_app_is_the_answer(done_in: str, answer: tuple[Action, ...]) -> None:
    assert merge(OURS, read(corpus(done_in)), ours=DATE_NIGHT) == answer
    assert merge(None, read(corpus(done_in)), ours=DATE_NIGHT) == answer


@pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.ics")))
def test_what_was_read_once_is_no_news(name: str) -> None:
    assert merge(read(corpus(name)), read(corpus(name))) == ()


@pytest.mark.parametrize("app", ["thunderbird", "apple"])
def test_exceptions_that_shift_along_with_their_series_are_no_new_answers(app: str) -> None:
    before = read(corpus("thunderbird-exceptions"))
    assert merge(before, read(corpus(f"{app}-exceptions-series-moved"))) == SERIES_MOVED


def test_exceptions_that_stay_when_their_series_moves_are_no_new_answers() -> None:
    before = read(corpus("thunderbird-exceptions"))
    after = read(corpus("thunderbird-series-moved"))
    stayed = replace(after, exdates=before.exdates, overrides=before.overrides)
    assert merge(before, stayed) == SERIES_MOVED
    assert merge(before, after) == SERIES_MOVED


def test_a_new_skip_in_a_series_that_was_moved_is_an_answer() -> None:
    after = read(corpus("thunderbird-exceptions-series-moved"))
    skipped = at("2026-12-05T17:00Z")
    more = replace(after, exdates=after.exdates | {skipped})
    assert merge(read(corpus("thunderbird-exceptions")), more) == (*SERIES_MOVED, Skipped(skipped))


def _with(override: Override | None, reading: Reading = OURS) -> Reading:
    return reading if override is None else replace(reading, overrides={NOV_27: override})


IN_PLACE = Override(NOV_27, NOV_27 + hours(2), "Date night")
ELSEWHERE = Override(*SATURDAY, "Date night")
LATER = Override(NOV_27 + hours(1), NOV_27 + hours(3), "Date night")
TICKED = replace(IN_PLACE, summary="✓ Date night")
TICKED_ELSEWHERE = replace(ELSEWHERE, summary="x Date night")
CANCELLED = replace(IN_PLACE, cancelled=True)
RENAMED = replace(IN_PLACE, summary="Cinema")


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (None, IN_PLACE, ()),
        (None, ELSEWHERE, MOVED),
        (None, TICKED, (Done(NOV_27),)),
        (None, TICKED_ELSEWHERE, (Moved(NOV_27, *SATURDAY), Done(NOV_27))),
        (None, CANCELLED, DELETED),
        (None, RENAMED, (Retitled(NOV_27, "Cinema"),)),
        (ELSEWHERE, None, (Restored(NOV_27),)),
        (ELSEWHERE, IN_PLACE, (Restored(NOV_27),)),
        (ELSEWHERE, LATER, (Moved(NOV_27, NOV_27 + hours(1), NOV_27 + hours(3)),)),
        (ELSEWHERE, CANCELLED, DELETED),
        (ELSEWHERE, TICKED_ELSEWHERE, (Done(NOV_27),)),
        (TICKED, IN_PLACE, (Restored(NOV_27, unticked=True),)),
        (TICKED_ELSEWHERE, ELSEWHERE, (Restored(NOV_27, unticked=True), Moved(NOV_27, *SATURDAY))),
        (CANCELLED, ELSEWHERE, (Restored(NOV_27), Moved(NOV_27, *SATURDAY))),
        (CANCELLED, None, (Restored(NOV_27),)),
        (RENAMED, RENAMED, ()),
        (RENAMED, IN_PLACE, (Restored(NOV_27),)),
    ],
)
def test_the_table_of_one_instance(before: Override | None, after: Override | None, answer: tuple[Action, ...]) -> None:
    assert merge(_with(before), _with(after)) == answer


def test_deleting_a_moved_instance_is_a_skip() -> None:
    assert merge(_with(ELSEWHERE), replace(OURS, exdates=frozenset({NOV_27}))) == DELETED


def test_the_same_skip_in_another_form_is_no_news() -> None:
    by_override = _with(CANCELLED)
    by_exdate = replace(OURS, exdates=frozenset({NOV_27}))
    assert merge(by_override, by_exdate) == ()
    assert merge(by_exdate, by_override) == ()


def test_a_series_that_is_edited_leaves_its_exceptions_their_own_old_words_and_length() -> None:
    longer = replace(_with(IN_PLACE), summary="Our evening", duration=hours(3))
    assert merge(_with(IN_PLACE), longer) == (
        SeriesMoved(at("2026-11-06T19:30"), "FREQ=WEEKLY;BYDAY=FR", hours(3), "Europe/Berlin"),
        FieldEdited("summary", "Our evening"),
    )


FINITE = replace(OURS, rrule="FREQ=WEEKLY;BYDAY=FR;COUNT=2")


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (OURS, None, (SeriesDeleted(),)),
        (OURS, replace(OURS, status="CANCELLED"), (SeriesDeleted(),)),
        (OURS, replace(OURS, rrule="FREQ=WEEKLY;BYDAY=FR;UNTIL=20261101T000000Z"), (SeriesDeleted(),)),
        (OURS, FINITE, (SeriesEnded(NOV_13),)),
        (FINITE, replace(FINITE, exdates=frozenset({OURS.start, NOV_13})), (SeriesDeleted(),)),
        (FINITE, replace(FINITE, exdates=frozenset({NOV_13})), (Skipped(NOV_13),)),
        (FINITE, replace(FINITE, rrule="FREQ=WEEKLY;BYDAY=FR;UNTIL=20261119T000000Z"), ()),
        (FINITE, OURS, (SeriesMoved(OURS.local_start, OURS.rrule, hours(2), "Europe/Berlin"),)),
        (OURS, replace(OURS, rrule=None), (SeriesMoved(OURS.local_start, None, hours(2), "Europe/Berlin"),)),
        (OURS, replace(OURS, zone="Europe/Paris"), ()),
        (OURS, replace(OURS, zone="UTC"), (SeriesMoved(OURS.local_start, OURS.rrule, hours(2), "UTC"),)),
        (OURS, replace(OURS, alarms=()), (FieldEdited("alarm", ""),)),
        (OURS, replace(OURS, transp="TRANSPARENT"), (FieldEdited("transp", "TRANSPARENT"),)),
        (OURS, replace(OURS, classification="PRIVATE"), (FieldEdited("class", "PRIVATE"),)),
        (OURS, replace(OURS, location="Home"), (FieldEdited("location", "Home"),)),
        (OURS, replace(OURS, description="Tea "), (FieldEdited("description", "Tea"),)),
    ],
)
def test_the_table_of_a_series(before: Reading, after: Reading | None, answer: tuple[Action, ...]) -> None:
    assert merge(before, after) == answer


def test_exceptions_behind_the_new_end_of_a_series_are_not_restored() -> None:
    before = _with(ELSEWHERE)
    after = read(corpus("evolution-this-and-future-deleted"))
    assert merge(before, after) == ENDED


HOME = WALK.nominal
EVENING = replace(WALKING, start=HOME + hours(3), local_start=at("2026-11-28T18:00"))
MOVED_WALK = Moved(HOME, HOME + hours(3), HOME + hours(3.75))


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (WALKING, EVENING, (MOVED_WALK,)),
        (WALKING, replace(WALKING, duration=hours(2)), (Moved(HOME, HOME, HOME + hours(2)),)),
        (WALKING, replace(WALKING, zone="UTC", local_start=at("2026-11-28T15:00")), ()),
        (WALKING, None, (Skipped(HOME),)),
        (WALKING, replace(WALKING, status="CANCELLED"), (Skipped(HOME),)),
        (WALKING, replace(WALKING, status="CONFIRMED"), ()),
        (WALKING, replace(WALKING, summary="✓ A walk"), (Done(HOME),)),
        (WALKING, replace(WALKING, summary="[x] A long walk"), (Done(HOME), FieldEdited("summary", "A long walk"))),
        (WALKING, replace(EVENING, summary="x A walk"), (MOVED_WALK, Done(HOME))),
        (EVENING, None, (Skipped(HOME),)),
        (EVENING, WALKING, (Restored(HOME),)),
        (replace(EVENING, summary="✓ A walk"), EVENING, (Restored(HOME, unticked=True), MOVED_WALK)),
        (replace(WALKING, status="CANCELLED"), None, ()),
        (replace(WALKING, status="CANCELLED"), WALKING, (Restored(HOME),)),
        (None, EVENING, (MOVED_WALK,)),
        (None, None, ()),
    ],
)
def test_the_table_of_a_single_event(before: Reading | None, after: Reading | None, answer: tuple[Action, ...]) -> None:
    assert merge(before, after, ours=WALK) == answer


def test_an_object_that_nobody_knows_is_no_news() -> None:
    assert merge(None, OURS) == ()
    assert merge(None, None) == ()


@pytest.mark.parametrize(
    ("title", "done"),
    [
        ("✓ Date night", True),
        ("✓Date night", True),
        ("x Date night", True),
        ("[x] Date night", True),
        ("xylophone lesson", False),
        ("Date night ✓", False),
        ("[ ] Date night", False),
        ("", False),
    ],
)
def test_a_tick_is_at_the_beginning(title: str, done: bool) -> None:
    assert is_done(title) is done


NOMINALS = [OURS.start + dt.timedelta(weeks=n) for n in range(8)]
OVERRIDES = st.builds(
    Override,
    st.sampled_from([nominal + hours(shift) for nominal in NOMINALS for shift in (0, 1)]),
    st.just(NOMINALS[-1] + hours(2)),
    st.sampled_from(["Date night", "✓ Date night", "Cinema"]),
    cancelled=st.booleans(),
)
READINGS = st.builds(
    replace,
    st.sampled_from([OURS, FINITE, read(compose(FULL))]),
    exdates=st.frozensets(st.sampled_from(NOMINALS), max_size=3),
    overrides=st.dictionaries(st.sampled_from(NOMINALS), OVERRIDES, max_size=3),
    status=st.sampled_from(["", "CONFIRMED", "CANCELLED"]),
)


@settings(deadline=None)
@given(READINGS)
def test_nothing_done_is_nothing_said(reading: Reading) -> None:
    assert merge(reading, reading) == ()


@settings(deadline=None)
@given(st.sets(st.sampled_from(NOMINALS)), st.sets(st.sampled_from(NOMINALS)))
def test_every_skip_and_every_move_is_told_once(skipped: set[dt.datetime], moved: set[dt.datetime]) -> None:
    times = {nominal: (nominal + hours(1), nominal + hours(3)) for nominal in moved - skipped}
    edited: Intent = replace(DATE_NIGHT, skipped=frozenset(skipped), moved=times)
    told = merge(OURS, read(compose(edited)))
    assert {action for action in told if isinstance(action, Skipped)} == {Skipped(nominal) for nominal in skipped}
    assert {action for action in told if isinstance(action, Moved)} == {Moved(n, *t) for n, t in times.items()}
    assert len(told) == len(skipped) + len(times)


@pytest.mark.parametrize("night", ["2026-10-25T02:30", "2027-03-28T02:30", "2027-03-28T03:30"])
def test_a_skip_on_a_day_of_change_is_told_by_the_instant_of_the_rule(night: str) -> None:
    daily = replace(DATE_NIGHT, start=at("2026-10-01").replace(hour=at(night).hour, minute=30), rrule="FREQ=DAILY")
    nominal = replace(daily, start=at(night)).nominal
    form = f"EXDATE;TZID=Europe/Berlin:{at(night):%Y%m%dT%H%M%S}\r\nBEGIN:VALARM".encode()
    edited = compose(daily).replace(b"BEGIN:VALARM", form, 1)
    assert merge(read(compose(daily)), read(edited)) == (Skipped(nominal),)
