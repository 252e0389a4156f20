"""What is wrong in a config: everything at once, each with its line and what to write instead."""

# ruff: noqa: E501 (a table of sentences has long rows)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnectd import config
from reconnectd.errors import ConfigError

PATH = Path("/home/alex/my config.toml")


def problems(text: str | bytes) -> list[str]:
    """The lines that a person reads, without the file."""
    with pytest.raises(ConfigError) as raised:
        config.parse(text, PATH)
    assert raised.value.exit_code == 78
    told = raised.value.problems
    assert all(line.startswith(f"{PATH}:") for line in told)
    return [line.removeprefix(f"{PATH}:") for line in told]


def problem(text: str | bytes) -> str:
    [found] = problems(text)
    return found


def in_routine(keys: str) -> str:
    return problem(f"[routine.x]\n{keys}").partition(" ")[2]


MANY = """\
[people]
me = 5
[time]
week_start = "fryday"

[routine.date-night]
on = "fri"
at = "25:00"
titel = "x"
remind = [
    "1h",
    "soon",
]
[routine.later]
at = "9:00"
"""


def test_all_problems_are_told_at_once_by_line_in_the_words_of_the_contract() -> None:
    assert problems(MANY) == [
        '2: people.me: expected a name such as "Alex", got 5',
        '4: time.week_start: expected a weekday such as "fri", got "fryday"; did you mean "fri"?',
        '8: routine.date-night.at: expected a time such as "19:00", got "25:00"',
        '9: routine.date-night.titel: there is no such key; did you mean "title"?',
        '12: routine.date-night.remind: expected a length such as "1 day", got "soon"',
        '14: routine.later: on is needed to say which days, such as on = "fri"',
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[routine.x]\n[routine.x]\n", "2: routine.x: stands here a second time"),
        (b"a = 1\n\xff", "2: expected UTF-8 text, got the byte 0xff"),
        ("x = " + "[" * 5000, "1: lists or tables stand too deep in one another"),
        ("x = 1" + "0" * 5000, "1: a number in here is far too long"),
        ("# " + "x" * 1024 * 1024, "1: expected at most 1 MiB of config"),
    ],
)
def test_a_file_that_is_no_toml_is_told_alone_with_its_line(text: str | bytes, told: str) -> None:
    assert problem(text) == told


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a = \n", "1: not TOML at column 5: "),
        ("b = 5\na = '\0'", "2: not TOML at column 6: "),
        ("[people]\nme = 'x\n[time]\nweek_start = 'mon'", "2: not TOML at column 8: "),
        ("a = 1\nb = {\n", "2: not TOML at column 6: "),
        ("\n[a", "2: not TOML: "),
        ("[people]\nme = 'x\n[time]\nweek_start = 5\n", "2: not TOML: "),
        ('[people]\nme = """x\n[time]\nweek_start = 5\n', "2: not TOML: "),
        ("[reminders]\nquiet = ['a',\n\n", "2: not TOML: "),
    ],
)
def test_a_syntax_error_has_the_line_where_it_begins(text: str, where: str) -> None:
    assert problem(text).startswith(where)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[calender]\nx = 1", '1: calender: there is no such section; did you mean "calendar"?'),
        ("[routines.x]", '1: routines: there is no such section; did you mean "routine"?'),
        ('title = "x"', '1: title: there is no such key here; did you mean "routine.NAME.title"?'),
        ('[people]\ntimezone = "UTC"', '2: people.timezone: there is no such key here; did you mean "time.timezone"?'),
        ("[people]\nzzz = 1", "2: people.zzz: there is no such key"),
        ("people = 2", "1: people: expected a table [people], got 2"),
        ("[[routine]]\nat = 1", "1: routine: expected a table [routine.date-night], got a list"),
        ("[routine]\nat = 5", "2: routine.at: expected a table such as [routine.date-night], got 5"),
        ('[time]\ntimezone = "Mars/Phobos"', '2: time.timezone: expected a time zone such as "Europe/Lisbon", got "Mars/Phobos"'),
        ('[people]\npartner = ""', '2: people.partner: expected a name such as "Alex" (or leave the key out), got ""'),
        ('[calendar]\nring = "compter"', '2: calendar.ring: expected "computer", "phone" or "both", got "compter"; did you mean "computer"?'),
        ('[calendar]\nsync_every = "5 s"', '2: calendar.sync_every: expected a length such as "15 min", 1 min to 7 days, got "5 s"'),
        ('[reminders]\nat_most = "3 per dya"', '2: reminders.at_most: expected how often, such as "3 per day", or "no limit", got "3 per dya"; did you mean "3 per day"?'),
        ('[together]\nkinds = ["light tuch"]', '2: together.kinds: expected a kind such as "light touch", got "light tuch"; did you mean "light touch"?'),
    ],
)  # fmt: skip
def test_each_is_a_sentence_that_says_what_to_write(text: str, told: str) -> None:
    assert problem(text) == told


@pytest.mark.parametrize(
    ("zone", "meant"),
    [("Europe/Berln", "Europe/Berlin"), ("europe/lisbon", "Europe/Lisbon"), ("New York", "America/New_York")],
)
def test_a_time_zone_that_is_nearly_right_is_offered(zone: str, meant: str) -> None:
    assert problem(f'[time]\ntimezone = "{zone}"').endswith(f'did you mean "{meant}"?')


@pytest.mark.parametrize("zone", ["", "../../etc/passwd", "Europe", "/etc/localtime", "a\\u0000b", "é"])
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    assert "expected a time zone" in problem(f'[time]\npartner_timezone = "{zone}"')


def test_without_any_time_zones_the_package_is_named() -> None:
    import subprocess
    import sys

    code = """
import sys, zoneinfo
from pathlib import Path
sys.modules["tzdata"] = None
zoneinfo.reset_tzpath(to=[])
from reconnectd import config
try:
    config.parse('[time]\\ntimezone = "Europe/Lisbon"', Path("c.toml"))
except Exception as error:
    print(error)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "install the package tzdata" in answer.stdout


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("", 'when? For instance on = "fri" and at = "19:00"'),
        ('on = "fri"', "at is needed with on"),
        ('every = "2 weeks"\nat = "9:00"', 'on is needed to say which days, or counted_from = "last time"'),
        ('on = "fri"\nat = "9:00"\ntimes = "2 per week"', "doesn't go with on + at: a routine has one kind of schedule"),
        ('on = "fri"\nat = "9:00"\nsurprise = true', "doesn't go with on + at: a routine has one kind of schedule"),
        ('rrule = "FREQ=DAILY"\nat = "9:00"\nuntil = 2027-01-01', "doesn't go with rrule + at: a routine has one kind of schedule (the rule says it: UNTIL)"),
        ('rrule = "FREQ=DAILY"\nat = "9:00"\non = "fri"', "doesn't go with on + at: a routine has one kind of schedule"),
        ('times = "2 per week"\nwithin = "9:00-12:00"', "lasting is needed with times + within (or surprise = true, for a cue)"),
        ('times = "2 per week"\nlasting = "1h"', "within is needed with times"),
        ('times = "2 per week"\nwithin = []\nlasting = "1h"', "expected at least one of windows, got []"),
        ('times = "1 per day"\nwithin = "9:00-12:00"\nsurprise = true\nlasting = "1h"', "a routine with surprise is a moment: leave lasting out"),
        ('after = "event Work"\nlasting = "1h"', "a routine with after is a moment: leave lasting out"),
        ('every = 2\nat = "9:00"\ncounted_from = "last time"', 'expected a number of days, weeks or months such as "2 weeks", got 2'),
        ('every = "2 months"\nat = "9:00"\ncounted_from = "last time"\nno_later_than = "3 weeks"', "expected at least as long as every"),
        ('on = "fri"\nat = "9:00"\nevery = "2 months"', 'expected weeks such as "2 weeks", because of what on says, got "2 months"'),
        ('on = "15"\nat = "9:00"\nevery = "14 days"', 'expected months such as "2 months", because of what on says, got "14 days"'),
        ('on = "fri"\nat = "9:00"\nevery = 0', 'expected a number of periods such as "2 weeks", 1 to 999, got 0'),
        ('on = "fri"\nat = "9:00"\nevery = -1', 'expected a number of periods such as "2 weeks", 1 to 999, got -1'),
        ('on = "fri"\nat = "9:00"\nevery = "1000000000 weeks"', 'expected a number of days, weeks, months or years such as "2 weeks", got "1000000000 weeks"'),
        ('on = "fri"\nat = "9:00"\nstarting = 2027-01-02\nuntil = 2027-01-01', "expected a day not before starting (2027-01-02), got 2027-01-01"),
        ('rrule = "FREQ=DAILY;COUNT=3"\nat = "9:00"', "starting is needed with COUNT or INTERVAL, to count from"),
        ('rrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"\nat = "9:00"', "expected a rule that some day fulfils, got one that none ever does"),
        ('rrule = "FREQ=DAILY;UNTIL=20250101"\nat = "9:00"\nstarting = 2026-01-01', "expected UNTIL not before starting (2026-01-01), got 2025-01-01"),
        ('times = "1 per day"\nwithin = "9:00-10:00"\nlasting = "2h"', "every window in within is shorter than this"),
        ('times = "1 per day"\nwithin = "fri 9:00-10:00"\nlasting = "1h"\nideal = "sat 9:00"', "expected a time inside one of the windows in within"),
    ],
)  # fmt: skip
def test_a_schedule_that_makes_no_sense_is_explained(keys: str, told: str) -> None:
    assert in_routine(keys).endswith(told)


def test_an_ideal_after_midnight_is_inside_a_window_that_runs_past_it() -> None:
    text = '[routine.x]\ntimes = "1 per week"\nlasting = "1h"\nwithin = "fri 22:00-02:00"\nideal = "sat 01:00"'
    assert len(config.parse(text, PATH).routines) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ('"Date Night!"', 'expected a name of a-z, 0-9 and - such as "date-night", got "Date Night!"; did you mean "date-night"?'),
        ("a_b", 'expected a name of a-z, 0-9 and - such as "date-night", got "a_b"; did you mean "a-b"?'),
        ('"é"', 'expected a name of a-z, 0-9 and - such as "date-night", got "é"; did you mean "e"?'),
        ("remember", '"remember" is what `reconnect remember` makes: give it another name'),
    ],
)  # fmt: skip
def test_a_routine_has_a_plain_name(name: str, told: str) -> None:
    assert problem(f'[routine.{name}]\non = "fri"\nat = "9:00"').endswith(told)


@pytest.mark.parametrize("text", ["a\\u001bb", "a\\u0000b", "a\\u202eb", "a\\u2066b", "a\\nb", "a\\u007fb", "x" * 201])
def test_a_title_that_would_steer_a_screen_is_refused(text: str) -> None:
    told = problem(f'[routine.x]\non = "fri"\nat = "9:00"\ntitle = "{text}"')
    assert "routine.x.title: expected a title" in told
    assert told.isprintable()
    assert len(told) < 250


def test_notes_may_have_lines() -> None:
    text = '[routine.x]\non = "fri"\nat = "9:00"\nnotes = """one\ntwo"""'
    assert config.parse(text, PATH).routines[0].notes == "one\ntwo"


def test_five_hundred_routines_are_enough() -> None:
    one = '[routine.r{}]\non = "fri"\nat = "9:00"\n'
    most = "".join(one.format(n) for n in range(500))
    assert len(config.parse(most, PATH).routines) == 500
    assert problem(most + one.format(500)) == "1501: routine.r500: expected at most 500 routines, got 501"


def test_a_file_full_of_nonsense_is_answered_with_an_end() -> None:
    told = problems("[people]\n" + "".join(f"k{n} = 1\n" for n in range(20_000)))
    assert len(told) == 501
    assert told[-1].endswith("and more, once these are mended")


SECRETS = [
    '[calendar]\npassword = "hunter2"',
    '[calendar]\ntoken = "hunter2"',
    '[calendar]\npasswrd = "hunter2"',
    '[calendar]\nurl = "https://alex:hunter2@cloud.example.org/"',
    '[calendar]\nurl = "alex:hunter2@cloud.example.org"',
    '[calendar]\nurl = "https://cloud example.org/hunter2"',
    '[calendar]\nurl = "https://x"\npassword_command = "echo hunter2; x"',
    '[calendar]\nurl = "https://x"\npassword_command = ["", "hunter2"]',
    '[calendar]\nurl = "https://x"\npassword_keyring = "hunter2"',
    '[calendar]\nurl = "https://x"\npassword_file = ["hunter2"]',
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_refused_and_never_repeated(text: str) -> None:
    assert "hunter2" not in problem(text)


def test_a_password_in_the_file_is_answered_with_the_ways_that_work() -> None:
    told = problem('[calendar]\npassword = "hunter2"')
    for way in ("password_command", "password_keyring", "password_file", "systemd credential"):
        assert way in told


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('url = "http://cloud.example.org/"', "http:// would send the password in clear"),
        ('url = "http://192.168.1.2/"', "http:// would send the password in clear"),
        ('url = "http://localhost.example.org/"', "http:// would send the password in clear"),
        ('url = "HTTP://cloud.example.org/"', "http:// would send the password in clear"),
        ('url = "ftp://cloud.example.org/"', "expected an address such as"),
        ('url = "https://"', "expected an address such as"),
        ('url = "https://x:99999/"', "expected an address such as"),
        ('url = "https://[::1/"', "expected an address such as"),
        ('url = "https://x"\npassword_file = "a"\npassword_keyring = true', "one way to the password is enough"),
        ('username = "alex"', "there is no server to log in to: url is needed with it"),
        ('tls_fingerprint = "abc"', "expected a SHA-256 fingerprint"),
    ],
)
def test_an_account_that_would_not_work_or_not_be_safe_is_refused(keys: str, told: str) -> None:
    assert told in problem(f"[calendar]\n{keys}")


def test_plain_http_needs_to_be_allowed() -> None:
    text = '[calendar]\nurl = "http://192.168.1.2/"\nallow_insecure_http = true'
    assert config.parse(text, PATH).calendar.allow_insecure_http


POSITIONS = """\
people.me = 1
calendar = { calendar = 2, busy = ["a",
  3] }
# a comment
[routine."x"] # another
"on" = "fri"
at = 4
remind = [ # why
  "1h",
  # not this
  5,
]
[routine.y]
notes = '''
[routine.z]
at = 6
'''
lasting = 7
[
routine . w
]
"""


def test_the_line_is_right_however_the_key_is_written() -> None:
    found = [line.partition(": expected")[0] for line in problems(POSITIONS.rsplit("[\n", 1)[0])]
    assert found == [
        *("1: people.me", "2: calendar.calendar", "3: calendar.busy", "7: routine.x.at", "11: routine.x.remind"),
        *('13: routine.y: when? For instance on = "fri" and at = "19:00"', "18: routine.y.lasting"),
    ]


PIECES = st.sampled_from(
    [
        *("[routine.x]\n", "[calendar]\n", "[people]\n", "[reminders]\n", "[[routine]]\n", "[", "]", "{", "}", "\n", "="),
        *('on = "fri"\n', 'at = "25:00"\n', "at = 5\n", 'url = "http://a:b@c"\n', 'me = "x"\n', "a.b.c = 1\n"),
        *('within = ["x", 5]\n', "remind = [[], {}]\n", 'rrule = "FREQ=DAILY;COUNT=9"\n', "paused = 1.5\n", "\0", "é"),
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_is_settings_or_problems_with_lines(text: str) -> None:
    try:
        config.parse(text, PATH)
    except ConfigError as error:
        for line in error.problems:
            number = line.removeprefix(f"{PATH}:").partition(":")[0]
            assert 1 <= int(number) <= text.count("\n") + 1
            assert line.isprintable()
