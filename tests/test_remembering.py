"""What a sentence to remember asks for, understood on Monday 23 November 2026, 09:00 in Berlin, quiet from 22:30 on."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd.core.plain_dates import Present
from reconnectd.core.practice import wishes
from reconnectd.core.practice.remembering import Circumstances, Understood, understand
from reconnectd.core.quiet import Quiet
from reconnectd.errors import WrongUsage

BERLIN = ZoneInfo("Europe/Berlin")
QUIET = Quiet(((dt.time(22, 30), dt.time(7, 30)),))
MONDAY = "2026-11-23T09:00"


def understood(
    text: str, now: str = MONDAY, *, quiet: Quiet = QUIET, exactly: str = "", for_them: bool = False
) -> Understood:
    present = dt.datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    around = Circumstances(Present(present, BERLIN, 0, dt.time(4)), quiet, present + dt.timedelta(hours=1))
    given_apart = dt.datetime.fromisoformat(exactly).replace(tzinfo=BERLIN) if exactly else None
    return understand(text, around, exactly=given_apart, for_them=for_them)


def moments(said: Understood) -> list[str]:
    return [f"{one.at.astimezone(BERLIN):%a %H:%M}" for one in said.sayings]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("interview thursday 10:00, nervous", ["Thu 08:30", "Thu 13:00"]),
        ("flight tomorrow 6:30", ["Mon 19:00", "Tue 09:30"]),  # early: the evening before
        ("flight tomorrow 8:15", ["Tue 07:30", "Tue 11:15"]),  # when quiet ends
        ("exam today 9:40", ["Mon 09:25", "Mon 12:40"]),  # near: a quarter of an hour before
        ("exam today 9:15", ["Mon 12:15"]),  # too near for a word before it
        ("concert friday 20:00", ["Fri 18:30", "Sat 07:30"]),  # afterwards is quiet
        ("surgery friday", ["Fri 08:00", "Fri 19:00"]),
        ("exam today", ["Mon 19:00"]),
        ("book fair thursday 10:00, a bit nervous", ["Thu 08:30", "Thu 13:00"]),
        ("dinner with her boss thursday 19:00, dreading it", ["Thu 17:30", "Thu 22:00"]),
        ("Sam's driving test on the 1st at ten", ["Tue 08:30", "Tue 13:00"]),
    ],
)
def test_what_the_other_faces_has_a_word_before_and_one_after_outside_quiet(text: str, at: list[str]) -> None:
    said = understood(text)
    assert (said.kind, moments(said)) == ("event", at)
    assert said.early is (len(at) == 2)


def test_both_words_carry_the_feeling_and_say_what_to_do() -> None:
    before, after = understood("interview thursday 10:00, nervous").sayings
    assert before.title == "interview, Thursday 10:00"
    assert before.body == "You noted: nervous.\nA word of luck before it goes a long way."
    assert before.until == dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC), "luck is wished before"
    assert after.title == "interview: how was it?"
    assert after.body.startswith("You noted: nervous.\nAsk how it went, and stay with the answer for a while.\n")
    assert after.body.rpartition("\n")[2] in wishes.PERSPECTIVES


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("funeral friday 11:00", wishes.HARD), ("results tomorrow", wishes.HARD), ("birthday friday", wishes.JOY),
        ("flight to Oslo friday 10:00", wishes.JOURNEY), ("exam friday", wishes.LUCK),
        ("birthday party at the hospital friday", wishes.HARD),
    ],
)  # fmt: skip
def test_luck_is_wished_only_where_luck_is_wanted(text: str, mood: str) -> None:
    before, after = understood(text).sayings
    assert before.body == wishes.BEFORE[mood]
    assert after.body.startswith(wishes.AFTER[mood])


@pytest.mark.parametrize(
    ("text", "at", "title"),
    [
        ("buy flowers saturday", "Sat 09:00", "buy flowers"),
        ("call the doctor tomorrow", "Tue 09:00", "call the doctor"),
        ("book the flight at 7", "Mon 19:00", "book the flight"), ("my exam thursday", "Thu 09:00", "my exam"),
        ("call Jen tomorrow, she is sad", "Tue 09:00", "call Jen, she is sad"),
        ("my exam thursday, nervous", "Thu 09:00", "my exam, nervous"),
        ("buy milk, eggs and tea saturday", "Sat 09:00", "buy milk, eggs and tea"),
        ("milk, eggs", "Mon 10:00", "milk, eggs"),
        ("take out the bins tomorrow 06:00", "Tue 06:00", "take out the bins"),
        ("water the ferns", "Mon 10:00", "water the ferns"), ("interview", "Mon 10:00", "interview"),
        ("thursday 10:00", "Thu 10:00", "thursday 10:00"),
    ],
)  # fmt: skip
def test_what_one_does_oneself_is_one_word_at_its_time(text: str, at: str, title: str) -> None:
    said = understood(text)
    assert (said.kind, moments(said), said.sayings[0].title, said.sayings[0].body) == ("word", [at], title, "")


def test_a_time_given_apart_is_exact_and_leaves_the_sentence_alone() -> None:
    said = understood("interview thursday 10:00, nervous", exactly="2026-11-24T23:10:05")
    assert [(one.title, one.at.isoformat()) for one in said.sayings] == [
        ("interview thursday 10:00, nervous", "2026-11-24T23:10:05+01:00")
    ]


def test_one_may_say_that_it_is_about_the_other() -> None:
    assert moments(understood("thursday 19:00 dinner with her boss", for_them=True)) == ["Thu 17:30", "Thu 22:00"]
    assert moments(understood("the handover", exactly="2026-11-26T10:00", for_them=True)) == ["Thu 08:30", "Thu 13:00"]
    with pytest.raises(WrongUsage, match="names no day"):
        understood("dinner with her boss", for_them=True)


@pytest.mark.parametrize(
    ("text", "for_them", "why"),
    [
        ("good news: dinner at 25:00", False, "25:00 is no time of day"),
        ("good news: the party 2199-12-31", False, "too far away"),
        ("good news: the scan, yesterday 10:00", True, "has passed"),
    ],
)
def test_good_news_excuses_only_a_time_that_has_passed(text: str, for_them: bool, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        understood(text, for_them=for_them)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("good news: got the job", "got the job"), ("Great news, the scan is clean", "the scan is clean"),
        ("she got the job", "she got the job"), ("promotion!", "promotion!"), ("passed the exam", "passed the exam"),
        ("Sam won the match", "Sam won the match"), ("good news", "good news"),
        ("she passed the exam yesterday at 10:00", "she passed the exam yesterday at 10:00"),
    ],
)  # fmt: skip
def test_good_news_has_a_word_this_evening(text: str, subject: str) -> None:
    said = understood(text)
    assert (said.kind, said.subject, moments(said)) == ("good news", subject, ["Mon 19:00"])
    whole, question = said.sayings[0].body.splitlines()
    assert whole == wishes.WHOLE_STORY
    assert question in wishes.GLAD


@pytest.mark.parametrize(
    "text",
    [
        "grandpa passed away", "she won't be home", "nearly got the job", "did not get the promotion",
        "passed by the shop",
        "buy a card, she got promoted", "lost the match they won last year",
    ],
)  # fmt: skip
def test_what_is_no_good_news_is_not_met_as_such(text: str) -> None:
    assert understood(text).kind == "word"


@pytest.mark.parametrize(
    ("now", "at"),
    [("2026-11-23T18:45", "Mon 19:15"), ("2026-11-23T22:10", "Mon 22:15"), ("2026-11-23T23:50", "Tue 07:30")],
)
def test_good_news_late_in_the_day_waits_for_a_moment_that_is_not_quiet(now: str, at: str) -> None:
    assert moments(understood("good news: got the job", now)) == [at]


def test_a_usual_time_of_ours_stays_out_of_quiet_and_one_that_was_named_does_not() -> None:
    late_riser = Quiet(((dt.time(23), dt.time(10)),))
    assert moments(understood("buy flowers saturday", quiet=late_riser)) == ["Sat 10:00"]
    assert moments(understood("buy flowers saturday 8:00", quiet=late_riser)) == ["Sat 08:00"]


def test_without_quiet_hours_our_words_still_leave_the_night_alone() -> None:
    assert moments(understood("flight tomorrow 5:00am", quiet=Quiet())) == ["Mon 19:00", "Tue 08:00"]


QUIETS = st.lists(st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]), max_size=3)
SENTENCES = ["exam thursday 10:00", "flight tomorrow 5am", "surgery friday", "party tonight at 9",
             "exam in 20 min, tense", "good news: a grant", "race on the 5th at half past seven"]  # fmt: skip


@given(st.sampled_from(SENTENCES), st.integers(0, 20_000), QUIETS)
def test_words_of_our_own_are_ahead_in_order_and_never_in_quiet(
    text: str, minutes: int, windows: list[tuple[dt.time, dt.time]]
) -> None:
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    quiet = Quiet(tuple(windows))
    try:
        said = understand(text, Circumstances(Present(now, BERLIN, 0, dt.time(4)), quiet, now))
    except WrongUsage:
        assert "tonight" in text
        return
    assert said.sayings
    assert all(one.at > now for one in said.sayings)
    assert all(a.at < b.at for a, b in pairwise(said.sayings))
    assert quiet.always or all(quiet.holding(one.at, BERLIN) is None for one in said.sayings)
    assert all(one.until is None or one.at < one.until for one in said.sayings)
