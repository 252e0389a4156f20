"""Surprise cues: unguessable, the same everywhere, inside their windows, outside quiet, apart from each other."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd.core.cues import SurpriseTime, surprises
from reconnectd.core.model import Period, Surprise, Times, Window
from reconnectd.core.quiet import Quiet

BERLIN = ZoneInfo("Europe/Berlin")
SECRET = b"k3v9-rt2p and Alex"
EVERY_DAY = frozenset(range(7))
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
NOVEMBER, DECEMBER = dt.date(2026, 11, 1), dt.date(2026, 12, 1)


def window(text: str, days: frozenset[int] = EVERY_DAY) -> Window:
    start, end = text.split("-")
    return Window(days, dt.time.fromisoformat(start), dt.time.fromisoformat(end))


def often(count: int, period: Period, *windows: Window) -> Surprise:
    return Surprise(Times(count, period), windows or (window("17:00-21:30"),))


def drawn(
    schedule: Surprise,
    first: dt.date = NOVEMBER,
    last: dt.date = DECEMBER,
    *,
    slug: str = "small-touch",
    secret: bytes = SECRET,
    zone: ZoneInfo = BERLIN,
    quiet: Quiet | None = None,
    week_start: int = 0,
) -> list[SurpriseTime]:
    hours = quiet or Quiet()
    return list(surprises(slug, schedule, first, last, secret=secret, zone=zone, quiet=hours, week_start=week_start))


def test_one_a_day_is_one_on_each_day_that_has_a_window() -> None:
    daily = drawn(often(1, "day"))
    assert [(cue.nominal.day, cue.n) for cue in daily] == [(day, 1) for day in range(1, 31)]
    weekend = drawn(often(1, "day", window("10:00-12:00", frozenset({5, 6}))))
    assert [cue.nominal.day for cue in weekend] == [1, 7, 8, 14, 15, 21, 22, 28, 29]


def test_three_a_week_are_three_in_every_whole_week_from_week_start() -> None:
    for week_start in (0, 6):
        cues = drawn(often(3, "week"), dt.date(2026, 1, 1), dt.date(2027, 1, 1), week_start=week_start)
        weeks = Counter((cue.nominal - (cue.nominal.weekday() - week_start) % 7 * DAY) for cue in cues)
        assert set(list(weeks.values())[1:-1]) == {3}
        assert {cue.nominal.weekday() for cue in cues} == EVERY_DAY
        assert {cue.n for cue in cues} == {1}, "on different days while there are enough of them"


def test_two_a_month_and_five_a_year() -> None:
    months = Counter(cue.nominal.month for cue in drawn(often(2, "month"), dt.date(2026, 1, 1), dt.date(2027, 1, 1)))
    assert set(months.values()) == {2}
    assert len(months) == 12
    assert len(drawn(often(5, "year"), dt.date(2026, 1, 1), dt.date(2027, 1, 1))) == 5


def test_more_than_the_days_of_a_week_fill_the_days_evenly() -> None:
    cues = drawn(often(5, "week", window("17:00-21:30", frozenset({5, 6}))), dt.date(2026, 11, 2), dt.date(2026, 11, 9))
    assert sorted(Counter(cue.nominal for cue in cues).values()) == [2, 3]
    assert [cue.n for cue in cues] in ([1, 2, 1, 2, 3], [1, 2, 3, 1, 2])


def test_a_time_is_a_whole_minute_in_its_window_by_the_clock_of_the_zone() -> None:
    for zone in ("Europe/Berlin", "Australia/Lord_Howe", "America/Nuuk"):
        for cue in drawn(often(2, "day"), dt.date(2026, 1, 1), dt.date(2027, 1, 1), zone=ZoneInfo(zone)):
            local = cue.at.astimezone(ZoneInfo(zone))
            assert cue.at.tzinfo is dt.UTC
            assert local.date() == cue.nominal
            assert dt.time(17) <= local.time() < dt.time(21, 30)
            assert local.second == 0


def test_a_window_past_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    fridays = drawn(often(1, "week", window("22:00-03:00", frozenset({4}))), last=dt.date(2027, 11, 1))
    assert {cue.nominal.weekday() for cue in fridays} == {4}
    assert {cue.at.astimezone(BERLIN).weekday() for cue in fridays} == {4, 5}


def test_several_windows_of_a_day_are_all_used() -> None:
    cues = drawn(often(1, "day", window("08:00-09:00"), window("20:00-21:00")), last=dt.date(2027, 2, 1))
    assert {cue.at.astimezone(BERLIN).hour for cue in cues} == {8, 20}


def test_the_same_secret_gives_the_same_times_and_another_gives_others() -> None:
    schedule = often(1, "day")
    assert drawn(schedule) == drawn(schedule)
    mine = [cue.at for cue in drawn(schedule)]
    for other in (drawn(schedule, secret=b"k3v9-rt2p and Sam"), drawn(schedule, slug="other-touch")):
        assert sum(a == b.at for a, b in zip(mine, other, strict=True)) <= 2
    assert [c.nominal for c in drawn(often(3, "week"))] != [c.nominal for c in drawn(often(3, "week"), secret=b"x")]


def test_slug_and_date_alone_tell_nothing() -> None:
    guesses = []
    for cue in drawn(often(1, "day")):
        for key in (b"", b"small-touch"):
            message = f"small-touch\n{cue.nominal}\n1\n0".encode()
            number = int.from_bytes(hmac.digest(key, message, hashlib.sha256)[:8])
            guesses.append(cue.at.astimezone(BERLIN).time() == in_window(number % 270))
    assert sum(guesses) <= 2


def test_the_first_try_is_the_hmac_of_slug_date_n_and_try() -> None:
    for cue in drawn(often(1, "day")):
        message = f"small-touch\n{cue.nominal}\n1\n0".encode()
        number = int.from_bytes(hmac.digest(SECRET, message, hashlib.sha256)[:8])
        assert cue.at.astimezone(BERLIN).time() == in_window(number % 270)


def in_window(minute: int) -> dt.time:
    return (dt.datetime.combine(NOVEMBER, dt.time(17)) + minute * MINUTE).time()


def chi_square(counts: Counter[int], bins: int) -> float:
    expected = counts.total() / bins
    return sum((counts[number] - expected) ** 2 / expected for number in range(bins))


def test_the_minutes_are_spread_evenly() -> None:
    cues = drawn(often(1, "day"), dt.date(2026, 1, 1), dt.date(2036, 1, 1))
    local = [cue.at.astimezone(BERLIN) for cue in cues]
    by_stretch = Counter((at.hour * 60 + at.minute - 17 * 60) // 10 for at in local)
    assert chi_square(by_stretch, 27) < 54.1, "27 stretches of ten minutes, 26 degrees of freedom, p = 0.001"
    by_last_digit = Counter(at.minute % 10 for at in local)
    assert chi_square(by_last_digit, 10) < 27.9, "9 degrees of freedom, p = 0.001"


def test_the_days_are_spread_evenly() -> None:
    cues = drawn(often(2, "week"), dt.date(2026, 1, 5), dt.date(2046, 1, 1))
    assert chi_square(Counter(cue.nominal.weekday() for cue in cues), 7) < 22.5, "6 degrees of freedom, p = 0.001"


def test_cues_of_a_day_keep_45_minutes_or_their_share_of_the_window_apart() -> None:
    for count, apart in ((2, 45), (3, 45), (5, 27)):
        cues = drawn(often(count, "day"), last=dt.date(2027, 11, 1))
        assert len(cues) == 365 * count
        gaps = [b.at - a.at for a, b in pairwise(cues) if a.nominal == b.nominal]
        assert min(gaps) >= apart * MINUTE


def test_neighbouring_days_keep_apart_where_their_windows_touch() -> None:
    touching = window("23:00-00:00", frozenset({0, 2, 4})), window("00:00-01:00", frozenset({1, 3, 5}))
    cues = drawn(often(1, "day", *touching), last=dt.date(2027, 11, 1))
    assert len(cues) == 312
    assert min(b.at - a.at for a, b in pairwise(cues)) >= 30 * MINUTE


def test_quiet_is_never_broken() -> None:
    hours = Quiet(((dt.time(18), dt.time(21)),))
    for cue in drawn(often(2, "day"), last=dt.date(2027, 11, 1), quiet=hours):
        assert hours.holding(cue.at, BERLIN) is None


def test_quiet_moves_only_the_cues_that_it_would_hold() -> None:
    hours = Quiet(((dt.time(20), dt.time(7)),))
    before, after = drawn(often(1, "day")), drawn(often(1, "day"), quiet=hours)
    stay = [cue for cue in before if hours.holding(cue.at, BERLIN) is None]
    assert stay
    assert [cue for cue in after if cue in before] == stay


def test_a_weekday_whose_windows_are_quiet_is_not_drawn() -> None:
    early, late = window("07:00-08:00", frozenset(range(5))), window("10:00-12:00", frozenset({5, 6}))
    cues = drawn(often(1, "week", early, late), quiet=Quiet(((dt.time(22), dt.time(9)),)))
    assert len({cue.nominal.isocalendar().week for cue in cues}) >= 4
    assert {cue.nominal.weekday() for cue in cues} <= {5, 6}


@pytest.mark.parametrize("hours", [Quiet(((dt.time(0), dt.time(0)),)), Quiet(((dt.time(16), dt.time(22)),))])
def test_where_everything_is_quiet_nothing_is_drawn(hours: Quiet) -> None:
    assert drawn(often(3, "week"), quiet=hours) == []


def test_more_cues_than_minutes_end_with_one_in_each() -> None:
    cues = drawn(often(9, "day", window("17:00-17:05")), last=dt.date(2026, 11, 3))
    assert [cue.at.astimezone(BERLIN).minute for cue in cues] == [0, 1, 2, 3, 4] * 2


def test_a_window_of_less_than_a_minute_rings_at_its_beginning() -> None:
    short = Window(EVERY_DAY, dt.time(17), dt.time(17, 0, 30))
    assert {cue.at.astimezone(BERLIN).time() for cue in drawn(often(1, "day", short))} == {dt.time(17)}


def test_days_on_which_the_clock_changes() -> None:
    night = often(1, "day", window("01:30-03:30"))
    for first in (dt.date(2026, 3, 29), dt.date(2026, 10, 25)):
        (cue,) = drawn(night, first, first + DAY)
        assert dt.time(1, 30) <= cue.at.astimezone(BERLIN).time() < dt.time(3, 30)
    assert drawn(often(1, "day", window("02:10-02:50")), dt.date(2026, 3, 29), dt.date(2026, 3, 30)) == []


def test_a_day_that_never_was_has_no_cue_and_costs_its_week_none() -> None:
    apia = ZoneInfo("Pacific/Apia")
    week = dt.date(2011, 12, 26), dt.date(2012, 1, 2)
    daily = drawn(often(1, "day"), *week, zone=apia)
    assert dt.date(2011, 12, 30) not in {cue.nominal for cue in daily}
    assert len(daily) == 6
    assert len(drawn(often(6, "week"), *week, zone=apia)) == 6


@given(
    st.integers(1, 9),
    st.sampled_from(["day", "week", "month", "year"]),
    st.sampled_from(["17:00-21:30", "22:00-03:00", "12:00-12:00", "23:59-00:01"]),
    st.integers(0, 6),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 1)),
    st.integers(0, 10),
)
@settings(max_examples=60, deadline=None)
def test_what_is_asked_for_doesnt_change_what_is_drawn(
    count: int, period: Period, text: str, week_start: int, first: dt.date, days: int
) -> None:
    schedule, last = often(count, period, window(text)), first + days * DAY
    part = drawn(schedule, first, last, week_start=week_start, quiet=Quiet(((dt.time(23), dt.time(7)),)))
    wide = drawn(
        schedule, first - 9 * DAY, last + 9 * DAY, week_start=week_start, quiet=Quiet(((dt.time(23), dt.time(7)),))
    )
    assert part == [cue for cue in wide if first <= cue.nominal < last]
    assert part == sorted(part, key=lambda cue: (cue.nominal, cue.n))
