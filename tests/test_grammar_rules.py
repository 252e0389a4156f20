"""The grammar of the config, rule by rule: a row says what is written, and what it means or what is answered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from reconnectd import config
from reconnectd.core.model import (
    After,
    CountedFrom,
    Daily,
    Fixed,
    FixedRule,
    Lasting,
    MonthDays,
    NthWeekdays,
    On,
    Placed,
    Routine,
    Span,
    Surprise,
    Times,
    Weekdays,
    Window,
    YearDates,
)
from reconnectd.errors import ConfigError

PATH = Path("/c.toml")
D, T = dt.timedelta, dt.time
ALL = frozenset(range(7))


def routine(keys: str) -> Routine:
    return config.parse(f"[routine.x]\n{keys}", PATH).routines[0]


ON: list[tuple[str, On]] = [
    ('"fri"', Weekdays((4,))),
    ('"Fri"', Weekdays((4,))),
    ('" FRIDAY "', Weekdays((4,))),
    ('["tue", "thu"]', Weekdays((1, 3))),
    ('["thu", "tue", "thu"]', Weekdays((1, 3))),
    ('"tue, thu"', Weekdays((1, 3))),
    ('"tue\\tthu"', Weekdays((1, 3))),
    ('"fri-sun"', Weekdays((4, 5, 6))),
    ('"fri – sun"', Weekdays((4, 5, 6))),  # noqa: RUF001 (a dash as some keyboards make it)
    ('"sat-mon"', Weekdays((0, 5, 6))),
    ('["fri", "sun-mon"]', Weekdays((0, 4, 6))),
    ('"daily"', Daily()),
    ('["daily"]', Daily()),
    ('"weekdays"', Weekdays((0, 1, 2, 3, 4))),
    ('"weekend"', Weekdays((5, 6))),
    ('["weekdays", "sun"]', Weekdays((0, 1, 2, 3, 4, 6))),
    ('"1st sat"', NthWeekdays(((1, 5),))),
    ('"last sun"', NthWeekdays(((-1, 6),))),
    ('["1st sat", "3rd sat"]', NthWeekdays(((1, 5), (3, 5)))),
    ('"5th friday"', NthWeekdays(((5, 4),))),
    ('"15"', MonthDays((15,))),
    ("15", MonthDays((15,))),
    ('[31, "1", "15th"]', MonthDays((1, 15, 31))),
    ('"14 jun"', YearDates(((6, 14),))),
    ('"14. June"', YearDates(((6, 14),))),
    ('["29 feb", "24th of december"]', YearDates(((2, 29), (12, 24)))),
]


@pytest.mark.parametrize(("text", "on"), ON, ids=[text for text, _ in ON])
def test_days_are_weekdays_nth_weekdays_days_of_the_month_or_dates(text: str, on: On) -> None:
    assert routine(f'on = {text}\nat = "9:00"').schedule == Fixed(on, T(9))


WITHIN = (Window(frozenset({4, 5, 6}), T(17, 30), T(23)),)
SHAPES: list[tuple[str, object]] = [
    ('on = "fri"\nat = "9:05"', Fixed(Weekdays((4,)), T(9, 5))),
    ('on = "fri"\nat = 09:05:30', Fixed(Weekdays((4,)), T(9, 5, 30))),
    ('on = "fri"\nat = "9:05"\nevery = "2 weeks"', Fixed(Weekdays((4,)), T(9, 5), 2)),
    ('on = "fri"\nat = "9:05"\nevery = 2', Fixed(Weekdays((4,)), T(9, 5), 2)),
    ('on = "daily"\nat = "9:05"\nevery = "3 days"', Fixed(Daily(), T(9, 5), 3)),
    ('on = 15\nat = "9:05"\nevery = "2 months"', Fixed(MonthDays((15,)), T(9, 5), 2)),
    ('on = "1st sat"\nat = "9:05"\nevery = "1 month"', Fixed(NthWeekdays(((1, 5),)), T(9, 5))),
    ('on = "14 jun"\nat = "9:05"\nevery = "5 years"', Fixed(YearDates(((6, 14),)), T(9, 5), 5)),
    (
        'on = "fri"\nat = "9:05"\nstarting = 2026-11-20\nuntil = "2026-11-20"',
        Fixed(Weekdays((4,)), T(9, 5), 1, dt.date(2026, 11, 20), dt.date(2026, 11, 20)),
    ),
    ('rrule = "rrule:freq=weekly;byday=fr"\nat = "9:05"', FixedRule("FREQ=WEEKLY;BYDAY=FR", T(9, 5))),
    (
        'rrule = "FREQ=YEARLY;COUNT=3"\nat = "9:05"\nstarting = 2026-06-14',
        FixedRule("FREQ=YEARLY;COUNT=3", T(9, 5), dt.date(2026, 6, 14)),
    ),
    (
        'times = "1 per week"\nwithin = ["fri-sun 17:30-23:00"]\nideal = "fri 19:30"\nlasting = "90 min - 3h"',
        Placed(Times(1, "week"), WITHIN, (4, T(19, 30))),
    ),
    (
        'times = "2 per month"\nwithin = "17:00-24:00"\nlasting = "1h"',
        Placed(Times(2, "month"), (Window(ALL, T(17), T(0)),)),
    ),
    (
        'times = "1 per day"\nwithin = "weekend 22:00-02:00"\nsurprise = true',
        Surprise(Times(1, "day"), (Window(frozenset({5, 6}), T(22), T(2)),)),
    ),
    (
        'every = "3 weeks"\nat = "14:00"\ncounted_from = "last time"\nno_later_than = "6 weeks"\nlasting = "2h"',
        CountedFrom(Span(3, "week"), T(14), Span(6, "week")),
    ),
    ('after = "unlock 17:30-21:00"', After("unlock", (T(17, 30), T(21)))),
    ('after = "event My work"', After("event", calendar="My work")),
]


@pytest.mark.parametrize(("keys", "schedule"), SHAPES, ids=[keys.replace("\n", " · ") for keys, _ in SHAPES])
def test_a_schedule_is_one_of_six_shapes(keys: str, schedule: object) -> None:
    assert routine(keys).schedule == schedule


EVENT, CUE = 'on = "fri"\nat = "19:00"\nlasting = "2h"\n', 'on = "fri"\nat = "19:00"\n'
VALUES: list[tuple[str, str, Any]] = [
    (CUE, "title", "X"),
    (CUE + 'title = "Süße Worte"', "title", "Süße Worte"),
    (CUE, "lasting", None),
    (CUE + 'lasting = "45 min"', "lasting", Lasting(D(minutes=45), D(minutes=45))),
    (CUE + 'lasting = "1h 30 min"', "lasting", Lasting(D(minutes=90), D(minutes=90))),
    (CUE, "calendar", False),
    (EVENT, "calendar", True),
    (EVENT + "calendar = false", "calendar", False),
    (EVENT, "private", False),
    (EVENT + 'practice = "affection"', "private", True),
    (EVENT + 'practice = "affection"\nprivate = false', "private", False),
    (EVENT, "show_as", "busy"),
    (CUE + 'lasting = "15 min"', "show_as", "free"),
    (CUE, "remind", (D(0),)),
    (EVENT, "remind", (D(hours=1),)),
    (EVENT + "remind = []", "remind", ()),
    (EVENT + 'remind = "1 day"', "remind", (D(days=1),)),
    (EVENT + 'remind = ["2 weeks", "90 min", "0 min"]', "remind", (D(days=14), D(minutes=90), D(0))),
    (EVENT + 'remind = ["1h", "60 min"]', "remind", (D(hours=1),)),
    (CUE, "done", "assume"),
    (EVENT, "done", "ask"),
    (EVENT + 'done = "assume"', "done", "assume"),
    (CUE, "late", None),
    (CUE + 'late = "2h"', "late", D(hours=2)),
    (CUE + 'late = "0 min"', "late", D(0)),
    (CUE, "short_month", "skip"),
    (CUE + 'short_month = "last day"', "short_month", "last day"),
    (CUE + "paused = true", "paused", True),
    (CUE + "paused = 2027-01-07", "paused", dt.date(2027, 1, 7)),
    (CUE + 'paused = "2027-01-07"', "paused", dt.date(2027, 1, 7)),
    (CUE + 'timezone = "Europe/Lisbon"', "timezone", "Europe/Lisbon"),
    (CUE + 'deck = "evenings"\ninvite = true\nlocation = "Kitchen"', "location", "Kitchen"),
]


@pytest.mark.parametrize(("keys", "name", "value"), VALUES, ids=[f"{n} {k[35:]!r}" for k, n, _ in VALUES])
def test_a_key_of_a_routine_is_read_or_has_its_default(keys: str, name: str, value: object) -> None:
    assert getattr(routine(keys), name) == value


FILES: list[tuple[str, str | bytes]] = [
    ("with a byte order mark", b'\xef\xbb\xbf[routine.x]\non = "fri"\nat = "9:00"\n'),
    ("with the line ends of Windows", b'[routine.x]\r\non = "fri"\r\nat = "9:00"\r\n'),
    ("indented by tabs", '[routine.x]\n\ton\t=\t"fri"\n\tat\t=\t"9:00"\t# nine\n'),
    ("with dotted keys", 'routine.x.on = "fri"\nroutine.x.at = "9:00"'),
    ("with an inline table", 'routine.x = { on = "fri", at = "9:00" }'),
    ("with quoted keys", '["routine"."x"]\n"on" = "fri"\n\'at\' = "9:00"'),
    ("with literal and long texts", '[routine.x]\non = \'fri\'\nat = """9:00"""'),
    ("with umlauts in comments", '# Für uns zwei\n[routine.x]\non = "fri"\nat = "9:00"'),
]


@pytest.mark.parametrize("text", [text for _, text in FILES], ids=[name for name, _ in FILES])
def test_a_file_may_be_written(text: str | bytes) -> None:
    assert config.parse(text, PATH).routines[0].schedule == Fixed(Weekdays((4,)), T(9))


def answer(text: str | bytes) -> str:
    """The one problem, without the file."""
    with pytest.raises(ConfigError) as raised:
        config.parse(text, PATH)
    [told] = raised.value.problems
    return told.removeprefix(f"{PATH}:")


DAYS = 'expected days such as "fri", "fri-sun", "daily", "1st sat", "15" or "14 jun", got '
NO_DAYS = [
    ('"fryday"', f'{DAYS}"fryday"; did you mean "fri"?'),
    ('"Freitag"', f'{DAYS}"Freitag"; did you mean "fri"?'),
    ('"sön"', f'{DAYS}"sön"; did you mean "sun"?'),
    ('"fri & sat"', f'{DAYS}"fri & sat"; did you mean "fri, sat"?'),
    ('"tue/thu"', f'{DAYS}"tue/thu"; did you mean "tue, thu"?'),
    ('"first sat"', f'{DAYS}"first sat"; did you mean "1st sat"?'),
    ('"1. sat"', f'{DAYS}"1. sat"; did you mean "1st sat"?'),
    ('"6th sun"', f'{DAYS}"6th sun"'),
    ('"jun 14"', f'{DAYS}"jun 14"; did you mean "14 jun"?'),
    ('"14 juni"', f'{DAYS}"14 juni"; did you mean "14 jun"?'),
    ('"31 jun"', 'expected a date that some year has, such as "14 jun", got "31 jun"'),
    ("2026-06-14", f"{DAYS}2026-06-14"),
    ("0", "expected a day of the month, 1 to 31, got 0"),
    ('"32"', 'expected a day of the month, 1 to 31, got "32"'),
    ("1.5", f"{DAYS}1.5"),
    ("true", f"{DAYS}true"),
    ("[]", f"{DAYS}[]"),
    ('["fri", 15]', 'expected one kind of days in a list (weekdays, or days of the month, or dates), got ["fri", 15]'),
    ('["1st sat", "sun"]', "expected one kind of days in a list"),
    ('["daily", "fri"]', "expected one kind of days in a list"),
    ('"last day"', "(the last day of a month is on = 31 with short_month"),
]


@pytest.mark.parametrize(("text", "told"), NO_DAYS, ids=[text for text, _ in NO_DAYS])
def test_what_are_no_days_is_answered(text: str, told: str) -> None:
    said = answer(f'[routine.x]\non = {text}\nat = "9:00"')
    assert said.startswith("2: routine.x.on: ")
    assert told in said if told.startswith(("(", "expected one kind")) else said.endswith(f": {told}")


TIME = 'expected a time such as "19:00", got '
WEEKS = "expected a number of days, weeks, months or years such as "
LENGTH = "expected a length such as "
NO_VALUES = [
    ('on = "fri"\nat = "5pm"', f'3: routine.x.at: {TIME}"5pm"; did you mean "17:00"?'),
    ('on = "fri"\nat = "19.30"', f'3: routine.x.at: {TIME}"19.30"; did you mean "19:30"?'),
    ('on = "fri"\nat = "19h30"', f'3: routine.x.at: {TIME}"19h30"; did you mean "19:30"?'),
    ('on = "fri"\nat = "12 am"', f'3: routine.x.at: {TIME}"12 am"; did you mean "00:00"?'),
    ('on = "fri"\nat = "13 pm"', f'3: routine.x.at: {TIME}"13 pm"'),
    ('on = "fri"\nat = "24:00"', f'3: routine.x.at: {TIME}"24:00"'),
    ('on = "fri"\nat = 19', f"3: routine.x.at: {TIME}19"),
    ('on = "fri"\nat = 19.30', f"3: routine.x.at: {TIME}19.3"),
    ('on = "fri"\nat = 19:30:00.5', f"3: routine.x.at: {TIME}19:30:00.500000"),
    ('on = "fri"\nat = ["19:00", "20:00"]', f'3: routine.x.at: {TIME}["19:00", "20:00"]'),
    (CUE + 'every = "2 months"', 'expected weeks such as "2 weeks", because of what on says, got "2 months"'),
    (CUE + 'every = "biweekly"', f'4: routine.x.every: {WEEKS}"2 weeks", got "biweekly"'),
    (CUE + "every = 1000", 'expected a number of periods such as "2 weeks", 1 to 999, got 1000'),
    (CUE + "starting = 2026-11-20T10:00:00", "expected a date such as 2026-11-20, got 2026-11-20T10:00:00"),
    (CUE + 'until = "20.11.2026"', '4: routine.x.until: expected a date such as 2026-11-20, got "20.11.2026"'),
    (CUE + 'until = "2026-02-30"', '4: routine.x.until: expected a date such as 2026-11-20, got "2026-02-30"'),
    (CUE + "starting = 2027-01-02\nuntil = 2027-01-01", "not before starting (2027-01-02), got 2027-01-01"),
    (CUE + 'lasting = "90m"', f'lasting: {LENGTH}"45 min", got "90m"; did you mean "90min"?'),
    (CUE + 'lasting = "1.5h"', f'4: routine.x.lasting: {LENGTH}"45 min", got "1.5h"'),
    (CUE + "lasting = 90", f'4: routine.x.lasting: {LENGTH}"45 min" or "90 min - 3h", got 90'),
    (CUE + 'lasting = "3h - 90 min"', 'the shorter one first, got "3h - 90 min"'),
    (CUE + 'lasting = "2 months"', f'4: routine.x.lasting: {LENGTH}"45 min", got "2 months"'),
    (CUE + 'remind = ["1h before"]', f'4: routine.x.remind: {LENGTH}"1 day", got "1h before"'),
    (CUE + 'remind = ["-1h"]', f'4: routine.x.remind: {LENGTH}"1 day", got "-1h"'),
    (CUE + 'remind = ["400 days"]', f'4: routine.x.remind: {LENGTH}"1 day", 0 min to 366 days, got "400 days"'),
    (CUE + "late = 30", f'4: routine.x.late: {LENGTH}"30 min", got 30'),
    (CUE + 'short_month = "last"', 'expected "skip" or "last day", got "last"; did you mean "last day"?'),
    (CUE + 'practice = "quality time"', 'got "quality time"; did you mean "quality-time"?'),
    (CUE + 'done = "yes"', '4: routine.x.done: expected "ask" or "assume", got "yes"'),
    (CUE + 'paused = "yes"', '4: routine.x.paused: expected true, false or a date such as 2026-11-20, got "yes"'),
    (CUE + "private = 1", "4: routine.x.private: expected true or false, got 1"),
    (CUE + 'timezone = "Berlin"', 'got "Berlin"; did you mean "Europe/Berlin"?'),
    (CUE + 'timezone = "localtime"', 'such as "Europe/Lisbon" (or leave the key out), got "localtime"'),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "told"), NO_VALUES, ids=[keys.replace("\n", " · ") for keys, _ in NO_VALUES])
def test_what_a_key_cannot_have_is_answered(keys: str, told: str) -> None:
    assert answer(f"[routine.x]\n{keys}").endswith(told)


RULES = [
    ("FREQ=HOURLY", "expected a rule with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ=MINUTELY", "expected a rule with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ=SECONDLY", "expected a rule with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ=DAILY;BYHOUR=9", "expected a rule without BYHOUR (the time of day is at)"),
    ("FREQ=DAILY;BYMINUTE=9", "expected a rule without BYMINUTE (the time of day is at)"),
    ("FREQ=DAILY;BYSECOND=9", "expected a rule without BYSECOND (the time of day is at)"),
    ("FREQ=DAILY;COUNT=3", "starting is needed with COUNT or INTERVAL, to count from"),
    ("FREQ=DAILY;INTERVAL=2", "starting is needed with COUNT or INTERVAL, to count from"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "expected COUNT or UNTIL in a rule, not both"),
    ("FREQ=DAILY;UNTIL=2027-01-01", "expected a rule with UNTIL=20271231, or another date"),
    ("FREQ=MONTHLY;BYDAY=0SA", "expected a rule with BYDAY such as FR or 1SA"),
    ("FREQ=WEEKLY;BYDAY=1SA", "expected a numbered BYDAY such as 1SA only with FREQ=MONTHLY or YEARLY"),
    ("FREQ=WEEKLY;BYDYA=SA", 'did you mean "FREQ=WEEKLY;BYDAY=SA"?'),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "expected a rule that some day fulfils"),
    ("weekly", 'expected a rule such as "FREQ=MONTHLY;BYDAY=1SA", got "weekly"'),
]


@pytest.mark.parametrize(("rule", "told"), RULES, ids=[rule for rule, _ in RULES])
def test_a_rule_has_its_bounds(rule: str, told: str) -> None:
    assert told in answer(f'[routine.x]\nrrule = "{rule}"\nat = "9:00"')


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=1", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY"])
def test_a_rule_that_counts_nothing_needs_no_start(rule: str) -> None:
    assert routine(f'rrule = "{rule}"\nat = "9:00"').schedule == FixedRule(rule, T(9))


SURPRISE = '[routine.x]\ntimes = "{}"\nwithin = "{}"\nsurprise = true'
MESSES = [
    ("[calender]\n", '1: calender: there is no such section; did you mean "calendar"?'),
    ("[reminder]\n", '1: reminder: there is no such section; did you mean "reminders"?'),
    ("[xyzzy]\n", "1: xyzzy: there is no such section"),
    ("[Routine.x]\n", '1: Routine: there is no such section; did you mean "routine"?'),
    ('[people]\nquiet = "x"', '2: people.quiet: there is no such key here; did you mean "reminders.quiet"?'),
    (f'[routine.x]\n{CUE}quiet = "x"', 'routine.x.quiet: there is no such key here; did you mean "reminders.quiet"?'),
    ('[reminders]\nremind = "1h"', 'there is no such key here; did you mean "routine.NAME.remind"?'),
    (f'[routine.x]\n{CUE}titel = "x"', '4: routine.x.titel: there is no such key; did you mean "title"?'),
    (f'[routine.x]\n{CUE}Title = "x"', '4: routine.x.Title: there is no such key; did you mean "title"?'),
    (f'[routine.x]\n{CUE}duration = "1h"', '4: routine.x.duration: there is no such key; did you mean "lasting"?'),
    (f'[routine.x]\n{CUE}reminders = ["1h"]', '4: routine.x.reminders: there is no such key; did you mean "remind"?'),
    (f'[routine.x]\n{CUE}at = "20:00"', "4: routine.x.at: stands here a second time"),
    (f"[routine.x]\n{CUE}[routine.x]\n", "4: routine.x: stands here a second time"),
    ('[routine.x]\non = "fri"\nat = 19:30', "3: not TOML at column 8: "),
    ("[people]\nme = Alex", '2: not TOML at column 6: Invalid value (words and times stand in quotes: me = "…")'),
    ("[people]\nme = “Alex”", '2: not TOML at column 6: Invalid value (quotes are straight here: "…")'),
    ('[routine.süß]\non = "fri"', "(names in brackets are a-z, 0-9 and -)"),
    (f'[routine."süß"]\n{CUE}', 'got "süß"; did you mean "suss"?'),
    (f"[routine.date_night]\n{CUE}", 'got "date_night"; did you mean "date-night"?'),
    (f"[[routine.x]]\n{CUE}", "1: routine.x: expected a table such as [routine.date-night], got a list"),
    ('[reminders]\nquiet = "10pm-7am"', 'got "10pm-7am"; did you mean "22:00-07:00"?'),
    ('[reminders]\nquiet = "00:00-24:00"', "not the whole day"),
    (SURPRISE.format("1 per day", "fri-snu 17:00-20:00"), 'did you mean "fri-sun 17:00-20:00"?'),
    (SURPRISE.format("1 per day", "5pm-8pm"), 'got "5pm-8pm"; did you mean "17:00-20:00"?'),
    (SURPRISE.format("once a day", "17:00-20:00"), 'expected how often, such as "2 per week", got "once a day"'),
    (b"[people]\rme = 'Alex'", "1: not TOML at column 9: "),
    (b"[people]\nme = 'J\xfcrgen'", "2: expected UTF-8 text, got the byte 0xfc"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MESSES)
def test_what_people_get_wrong_is_answered_with_what_to_write(text: str | bytes, told: str) -> None:
    assert told in answer(text)


def test_a_line_that_is_no_toml_is_answered_without_its_value() -> None:
    assert "hunter2" not in answer('[calendar]\nurl = "https://x"\npassword = hunter2')
