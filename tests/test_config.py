"""What a config says, as settings."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnectd import config
from reconnectd.config.fingerprint import fingerprint
from reconnectd.core.model import (
    CountedFrom,
    Fixed,
    FixedRule,
    Lasting,
    Placed,
    Practice,
    Routine,
    Span,
    Surprise,
    Times,
    Weekdays,
    Window,
)
from reconnectd.core.settings import Settings

PATH = Path("/home/alex/.config/reconnectd/config.toml")
CONTRACT = Path(__file__).with_name("corpus") / "config" / "contract.toml"
EXAMPLE = Path(__file__).parents[1] / "config" / "config.example.toml"
D, T = dt.timedelta, dt.time


def parse(text: str) -> Settings:
    return config.parse(text, PATH)


def routine(keys: str) -> Routine:
    return parse(f"[routine.date-night]\n{keys}").routines[0]


def test_an_empty_file_is_a_config_of_defaults() -> None:
    assert parse("") == Settings()


def test_the_config_of_the_documentation_is_read_whole() -> None:
    settings = config.load(CONTRACT)
    assert [one.slug for one in settings.routines] == ["date-night", "sunday-talk", "small-touch", "anniversary"]
    assert settings.routines[0] == Routine(
        "date-night",
        "Date night",
        Placed(Times(1, "week"), (Window(frozenset({4, 5, 6}), T(17, 30), T(23)),), (4, T(19, 30))),
        Practice.QUALITY_TIME,
        Lasting(D(minutes=90), D(hours=3)),
        calendar=True,
        remind=(D(days=1), D(hours=1)),
        done="ask",
    )
    assert settings.calendar.password_command == ("pass", "show", "cloud")
    assert settings.reminders.quiet == ((T(22, 30), T(7, 30)),)
    assert settings.path == CONTRACT
    assert settings.fingerprint == fingerprint(CONTRACT.read_bytes())


def test_an_event_is_asked_about_and_announced_an_hour_before() -> None:
    made = routine('on = "fri"\nat = "19:30"\nlasting = "2h"')
    assert (made.title, made.calendar, made.private, made.show_as) == ("Date night", True, False, "busy")
    assert (made.remind, made.done) == ((D(hours=1),), "ask")


def test_a_moment_rings_when_it_comes_and_is_assumed() -> None:
    made = routine('on = "fri"\nat = "19:30"')
    assert (made.calendar, made.show_as, made.remind, made.done) == (False, "free", (D(0),), "assume")


@pytest.mark.parametrize(("lasting", "shown"), [("15 min", "free"), ("10 min - 16 min", "busy"), ("2h", "busy")])
def test_up_to_a_quarter_of_an_hour_is_shown_as_free(lasting: str, shown: str) -> None:
    assert routine(f'on = "fri"\nat = "19:30"\nlasting = "{lasting}"').show_as == shown


@pytest.mark.parametrize(("extra", "private"), [("", True), ("private = false", False)])
def test_affection_is_private_unless_said_otherwise(extra: str, *, private: bool) -> None:
    made = routine(f'practice = "affection"\non = "daily"\nat = "8:00"\n{extra}')
    assert made.private is private


@pytest.mark.parametrize(
    ("keys", "schedule"),
    [
        (
            'on = "fri"\nat = 19:30:00\nevery = "2 weeks"\nstarting = 2026-11-20\nuntil = "2027-06-30"',
            Fixed(Weekdays((4,)), T(19, 30), 2, dt.date(2026, 11, 20), dt.date(2027, 6, 30)),
        ),
        ('on = "fri"\nat = "19:30"\nevery = 2', Fixed(Weekdays((4,)), T(19, 30), 2)),
        ('rrule = "FREQ=MONTHLY;BYDAY=1SA"\nat = "10:00"', FixedRule("FREQ=MONTHLY;BYDAY=1SA", T(10))),
        (
            'rrule = "FREQ=DAILY;COUNT=3"\nat = "10:00"\nstarting = 2026-11-20',
            FixedRule("FREQ=DAILY;COUNT=3", T(10), dt.date(2026, 11, 20)),
        ),
        (
            'times = "1 per day"\nwithin = "17:00-21:30"\nsurprise = true',
            Surprise(Times(1, "day"), (Window(frozenset(range(7)), T(17), T(21, 30)),)),
        ),
        (
            'times = "1 per day"\nwithin = "17:00-21:30"\nsurprise = false\nlasting = "1h"',
            Placed(Times(1, "day"), (Window(frozenset(range(7)), T(17), T(21, 30)),)),
        ),
        (
            'every = "3 weeks"\nat = "14:00"\ncounted_from = "last time"\nno_later_than = "1 month"',
            CountedFrom(Span(3, "week"), T(14), Span(1, "month")),
        ),
    ],
)
def test_each_shape_of_a_schedule_is_read(keys: str, schedule: object) -> None:
    assert routine(keys).schedule == schedule


@pytest.mark.parametrize(
    ("on", "every"), [("daily", "3 days"), ("1st sat", "2 months"), ("15", "2 months"), ("14 jun", "2 years")]
)
def test_every_fits_the_days(on: str, every: str) -> None:
    made = routine(f'on = "{on}"\nat = "9:00"\nevery = "{every}"').schedule
    assert isinstance(made, Fixed)
    assert made.every == int(every[0])


@pytest.mark.parametrize(("text", "paused"), [("true", True), ("false", False), ("2026-12-24", dt.date(2026, 12, 24))])
def test_a_routine_may_rest_for_good_or_until_a_date(text: str, *, paused: bool | dt.date) -> None:
    assert routine(f'on = "fri"\nat = "19:30"\npaused = {text}').paused == paused


def test_a_routine_knows_its_line() -> None:
    assert parse('\n\n[routine.x]\non = "fri"\nat = "9:00"').routines[0].line == 3


def test_what_this_release_does_not_do_yet_is_listed_only_when_it_is_asked_for() -> None:
    assert config.load(CONTRACT).inactive == (
        "people.partner_email",
        "calendar.busy",
        "calendar.partner_busy",
        "guards.freeze",
        *("routine.date-night.times", "routine.date-night.within", "routine.date-night.ideal"),
    )
    assert parse('[calendar]\nring = "computer"\nsync_ack = false\nbusy = []').inactive == ()
    assert parse('[calendar]\nring = "both"\nsync_ack = true').inactive == ("calendar.sync_ack",)
    assert parse('[routine.x]\nafter = "event Work"\ndeck = "d"\ninvite = true').inactive == (
        *("routine.x.after", "routine.x.invite"),
    )


def test_a_surprise_never_stands_in_a_calendar_and_the_config_says_that_it_does_not() -> None:
    surprise = '[routine.x]\ntimes = "1 per day"\nwithin = ["17:00-21:30"]\nsurprise = true\n'
    assert parse(surprise + "calendar = true").inactive == ("routine.x.calendar",)
    assert parse(surprise + "calendar = false").inactive == ()


def test_privacy_is_never_inactive() -> None:
    text = '[privacy]\nkeep_counts = "1 year"\nkeep_words = "1 day"\nneutral_title = "x"'
    assert parse(text + '\n[routine.x]\non="fri"\nat="9:00"\nprivate = true').inactive == ()


def test_files_are_found_beside_the_config_and_at_home() -> None:
    made = parse('[calendar]\nurl = "example.org"\nca_file = "ca.pem"\npassword_file = "~/pw"').calendar
    assert made.ca_file == PATH.parent / "ca.pem"
    assert made.password_file == Path.home() / "pw"


@pytest.mark.parametrize(
    "url",
    [
        "https://cloud.example.org/dav/",
        "cloud.example.org",
        "cloud.example.org:8443",
        "http://localhost:5232/",
        "http://127.0.0.1:5232",
        "http://[::1]:5232/",
    ],
)
def test_an_address_may_be_a_host_or_a_url(url: str) -> None:
    assert parse(f'[calendar]\nurl = "{url}"').calendar.url == url


def test_a_fingerprint_is_read_however_tools_print_it() -> None:
    printed = ":".join(["AB"] * 32)
    assert parse(f'[calendar]\ntls_fingerprint = "{printed}"').calendar.tls_fingerprint == "ab" * 32


@pytest.mark.parametrize(("text", "limit"), [("no limit", None), ("3 per day", Times(3, "day"))])
def test_at_most_may_be_no_limit(text: str, limit: Times | None) -> None:
    assert parse(f'[reminders]\nat_most = "{text}"').reminders.at_most == limit


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert config.parse(b'\xef\xbb\xbf[people]\r\nme = "Alex"\r\n', PATH).people.me == "Alex"


@pytest.mark.parametrize("path", [CONTRACT, EXAMPLE], ids=["contract", "example"])
def test_what_is_shown_reads_back_the_same(path: Path) -> None:
    settings = config.load(path)
    assert config.parse(config.show(settings), path) == settings


def test_a_function_of_the_package_stays_one_when_it_has_been_called() -> None:
    for _ in range(2):
        assert config.parse(config.show(parse("")), PATH) == Settings()
        assert config.parse(config.starter("you", None, "a"), PATH).people.me == "you"
        assert config.schema()["title"] == "reconnectd config"
        assert config.plain(parse(""))["people"]["me"] == "you"


SHOWN = """
[people]
me = "A\\"l\\\\ex"
partner_agrees = 2026-11-01
[calendar]
url = "http://localhost/"
password_command = ["a", "\\u001b\\t\\u007f", "é"]
[reminders]
quiet = ["22:30-07:30", "12:00-24:00"]
[routine.a]
on = ["1st sat", "last sun"]
at = "10:00:30"
every = "2 months"
starting = 2026-11-20
notes = "two\\nlines\\tand a tab"
remind = []
paused = 2027-01-01
[routine.b]
every = "3 weeks"
at = "14:00"
counted_from = "last time"
[routine.c]
after = "unlock 17:30-21:00"
[routine.d]
rrule = "FREQ=DAILY;INTERVAL=2"
starting = 2026-11-20
at = "10:00"
lasting = "10 min - 90 min"
late = "1h"
timezone = "Europe/Lisbon"
"""


def test_every_kind_of_value_is_shown_so_that_it_reads_back() -> None:
    settings = parse(SHOWN)
    assert parse(config.show(settings)) == settings


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"), max_codepoint=0x2FFF), min_size=1)


@given(NAMES.filter(str.strip), st.none() | NAMES.filter(str.strip))
def test_a_starter_is_valid_for_any_names(me: str, partner: str | None) -> None:
    settings = parse(config.starter(me[:200], partner and partner[:200], "k3v9-rt2p"))
    assert settings.people.me == me[:200].strip()
    assert settings.people.partner == (partner and partner[:200].strip())
    assert settings.people.household == "k3v9-rt2p"


def test_a_starter_asks_for_nothing_that_is_not_done_yet() -> None:
    settings = parse(config.starter("you", None, "k3v9-rt2p"))
    assert settings.inactive == ()
    assert settings.calendar.embedded
    assert settings.reminders.at_most == Times(3, "day")
    assert [type(one.schedule) for one in settings.routines] == [Fixed, Fixed, Surprise]


HEAVY = ("tree_sitter", "dateutil", "difflib", "click", "icalendar", "reconnectd.config.positions")


def test_loading_a_good_config_imports_nothing_heavy() -> None:
    code = f"""
import sys
from pathlib import Path
from reconnectd import config
config.load(Path({str(EXAMPLE)!r}))
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_fingerprint_costs_no_parser_and_no_model() -> None:
    code = """
import sys
from reconnectd.config.fingerprint import fingerprint
print(fingerprint(b"x"), [n for n in ("tomllib", "dataclasses", "zoneinfo", "reconnectd.core") if n in sys.modules])
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split(maxsplit=1)[1].strip() == "[]"
    assert len(answer.stdout.split()[0]) == 32
