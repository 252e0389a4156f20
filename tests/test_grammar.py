"""The words of the config, one table of literals for each kind of value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.config import spelling
from reconnectd.core import grammar, rrule
from reconnectd.core.expected import Expected
from reconnectd.core.model import (
    After,
    Daily,
    Lasting,
    MonthDays,
    NthWeekdays,
    On,
    Period,
    Span,
    Times,
    Weekdays,
    Window,
    YearDates,
)

T, D = dt.time, dt.timedelta
PERIODS: tuple[Period, ...] = ("day", "week", "month", "year")

READ: list[tuple[Callable[[object], Any], object, object]] = [
    (grammar.time, "19:00", T(19)),
    (grammar.time, "9:05", T(9, 5)),
    (grammar.time, "19:00:30", T(19, 0, 30)),
    (grammar.time, T(19), T(19)),
    (grammar.date, dt.date(2026, 11, 20), dt.date(2026, 11, 20)),
    (grammar.date, "2026-11-20", dt.date(2026, 11, 20)),
    (grammar.duration, "90 min", D(minutes=90)),
    (grammar.duration, "1h", D(hours=1)),
    (grammar.duration, "1h 30 min", D(minutes=90)),
    (grammar.duration, "0 min", D()),
    (grammar.duration, "1 day", D(days=1)),
    (grammar.duration, "2 weeks", D(days=14)),
    (grammar.duration, "30 s", D(seconds=30)),
    (grammar.lasting, "45 min", Lasting(D(minutes=45), D(minutes=45))),
    (grammar.lasting, "90 min - 3h", Lasting(D(minutes=90), D(hours=3))),
    (grammar.lasting, "90 min\u20133h", Lasting(D(minutes=90), D(hours=3))),
    (grammar.span, "2 years", Span(2, "year")),
    (grammar.span, "1 month", Span(1, "month")),
    (grammar.times, "2 per week", Times(2, "week")),
    (grammar.weekday, "Friday", 4),
    (grammar.hours, "22:30-07:30", (T(22, 30), T(7, 30))),
    (grammar.hours, "17:00 - 24:00", (T(17), T(0))),
    (grammar.window, "fri-sun 17:30-23:00", Window(frozenset({4, 5, 6}), T(17, 30), T(23))),
    (grammar.window, "17:00-21:30", Window(frozenset(range(7)), T(17), T(21, 30))),
    (grammar.window, "weekdays 18:00-22:00", Window(frozenset(range(5)), T(18), T(22))),
    (grammar.window, "sat, mon 22:00-02:00", Window(frozenset({0, 5}), T(22), T(2))),
    (grammar.ideal, "fri 19:30", (4, T(19, 30))),
    (grammar.ideal, "19:30", (None, T(19, 30))),
    (grammar.ideal, T(19, 30), (None, T(19, 30))),
    (grammar.after, "unlock 17:30-21:00", After("unlock", (T(17, 30), T(21)))),
    (grammar.after, "event Work stuff", After("event", calendar="Work stuff")),
    (grammar.on, "fri", Weekdays((4,))),
    (grammar.on, ["thu", "tue"], Weekdays((1, 3))),
    (grammar.on, "tue, thu", Weekdays((1, 3))),
    (grammar.on, "fri-sun", Weekdays((4, 5, 6))),
    (grammar.on, "sat-mon", Weekdays((0, 5, 6))),
    (grammar.on, "weekend", Weekdays((5, 6))),
    (grammar.on, "daily", Daily()),
    (grammar.on, "1st sat", NthWeekdays(((1, 5),))),
    (grammar.on, ["last sun", "2nd sun"], NthWeekdays(((-1, 6), (2, 6)))),
    (grammar.on, "15", MonthDays((15,))),
    (grammar.on, 31, MonthDays((31,))),
    (grammar.on, [15, "1"], MonthDays((1, 15))),
    (grammar.on, "14 jun", YearDates(((6, 14),))),
    (grammar.on, ["29 February", "24 dec"], YearDates(((2, 29), (12, 24)))),
]


@pytest.mark.parametrize(("read", "value", "expected"), READ)
def test_it_is_read(read: Callable[[object], Any], value: object, expected: object) -> None:
    assert read(value) == expected


REFUSED: list[tuple[Callable[[object], Any], object]] = [
    *((grammar.time, bad) for bad in ("25:00", "24:00", "19:60", "7pm", "19", "")),
    *((grammar.time, bad) for bad in (19, True, T(1, 2, 3, 4), ["19:00"], {"a": 1})),
    *((grammar.time, bad) for bad in ("\u0661\u0669:00", "19:00\n19:00", "-1:00")),
    *((grammar.date, bad) for bad in ("2026-02-30", "tomorrow", 2026, True, dt.date(9999, 1, 1))),
    (grammar.date, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    *((grammar.duration, bad) for bad in ("1 month", "-1h", "1.5h", "h", "", 60, "1h!", "99999 days", "1 h x")),
    *((grammar.lasting, bad) for bad in ("0 min", "3h - 90 min", "1h-2h-3h", "99 days", "1h -")),
    *((grammar.span, bad) for bad in ("0 days", "-1 days", "1000000000 days", "1 s", "month", 3)),
    *((grammar.times, bad) for bad in ("0 per week", "100 per day", "twice a week", "1 per hour", 3)),
    *((grammar.weekday, bad) for bad in ("fryday", 5, "")),
    *((grammar.hours, bad) for bad in ("22:30", "22:00-22:00", "24:00-07:00", "1-2", "25:00-26:00")),
    *((grammar.quiet, bad) for bad in ("00:00-24:00", "x")),
    *((grammar.window, bad) for bad in ("fri", "fryday 17:00-18:00", "fri 18:00-18:00", "x" * 10_000)),
    *((grammar.ideal, bad) for bad in ("fri", "fri sat 19:00", "25:00", 5)),
    *((grammar.after, bad) for bad in ("unlock", "event", "lunch 12:00-13:00", "unlock 99", 5)),
    *((grammar.on, bad) for bad in ("fryday", 0, 32, "32", "30 feb", "6th sat", [], "", True, 1.5, [["fri"]])),
    *((grammar.on, bad) for bad in (["fri", 15], ["daily", "fri"], "last day", dt.date(2026, 6, 14))),
]


@pytest.mark.parametrize(("read", "value"), REFUSED)
def test_it_is_refused_with_a_sentence(read: Callable[[object], Any], value: object) -> None:
    with pytest.raises(Expected, match=r"^expected .*, got .+") as raised:
        read(value)
    assert "\n" not in str(raised.value)


def test_the_sentence_is_that_of_the_contract() -> None:
    with pytest.raises(Expected, match=r'^expected a time such as "19:00", got "25:00"$'):
        grammar.time("25:00")


@pytest.mark.parametrize(
    ("read", "value", "meant"),
    [
        (grammar.weekday, "Fryday", "fri"),
        (grammar.on, "1st frday", "1st fri"),
        (grammar.on, "14 jnue", "14 jun"),
        (grammar.window, "fri-snu 17:00-20:00", "fri-sun 17:00-20:00"),
        (grammar.duration, "5 minuts", "5 minutes"),
        (grammar.times, "2 per wek", "2 per week"),
        (rrule.rule, "FREQ=DAILY;INTERVL=2", "FREQ=DAILY;INTERVAL=2"),
        (grammar.weekday, "quux", None),
        (grammar.time, "25:00", None),
    ],
)
def test_what_was_nearly_meant_is_offered_whole(read: Callable[[object], Any], value: str, meant: str | None) -> None:
    with pytest.raises(Expected) as raised:
        read(value)
    assert raised.value.meant() == meant


def test_a_refused_value_is_shown_without_what_steers_a_terminal() -> None:
    with pytest.raises(Expected) as raised:
        grammar.time("\x1b]0;x\x07\u202e" + "y" * 500)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 200


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
READERS = sorted({read for read, _, _ in READ} | {grammar.quiet, rrule.rule}, key=lambda read: read.__name__)


@given(st.sampled_from(READERS), ANYTHING | st.from_regex(r"[0-9a-z:;= -]{0,20}"))
def test_nothing_is_answered_but_with_a_value_or_expected(read: Callable[[object], Any], value: object) -> None:
    try:
        read(value)
    except Expected as error:
        assert str(error).isprintable()  # noqa: PT017 (either answer is right)
        error.meant()


TIMES_OF_DAY = st.times().map(lambda at: at.replace(microsecond=0))
WEEK = st.frozensets(st.integers(0, 6), min_size=1)
DAYS = st.one_of(
    st.just(Daily()),
    WEEK.map(lambda days: Weekdays(tuple(sorted(days)))),
    st.frozensets(st.tuples(st.sampled_from((-1, 1, 2, 3, 4, 5)), st.integers(0, 6)), min_size=1).map(
        lambda pairs: NthWeekdays(tuple(sorted(pairs)))
    ),
    st.frozensets(st.integers(1, 31), min_size=1).map(lambda days: MonthDays(tuple(sorted(days)))),
    st.frozensets(st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), min_size=1, max_size=9).map(
        lambda dates: YearDates(tuple(sorted((date.month, date.day) for date in dates)))
    ),
)


@given(DAYS)
def test_days_read_back_as_they_are_written(days: On) -> None:
    assert grammar.on(spelling.on(days)) == days


@given(WEEK, TIMES_OF_DAY, TIMES_OF_DAY)
def test_windows_read_back_as_they_are_written(days: frozenset[int], start: dt.time, end: dt.time) -> None:
    if start != end:
        window = Window(days, start, end)
        assert grammar.window(spelling.window(window)) == window


@given(st.integers(60, 31 * 86400), st.integers(60, 31 * 86400))
def test_lengths_read_back_as_they_are_written(one: int, other: int) -> None:
    lasting = Lasting(D(seconds=min(one, other)), D(seconds=max(one, other)))
    assert grammar.lasting(spelling.lasting(lasting)) == lasting


@given(st.integers(1, 99), st.sampled_from(PERIODS))
def test_counts_read_back_as_they_are_written(count: int, period: Period) -> None:
    assert grammar.times(spelling.times(Times(count, period))) == Times(count, period)
    assert grammar.span(spelling.span(Span(count, period))) == Span(count, period)
