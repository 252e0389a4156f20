"""What is coming, in a pipe, as JSON and on a terminal."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_runner import FIELDS, Person, person
from home import PROGRAMS
from needs import needs

from reconnectd.adapters.store import Store
from reconnectd.core.occurrence import Fact, OccurrenceId

__all__ = ["person"]

REMOTE = {
    "odd": "\x1b]0;owned\x07\x1b[31mTea \U0001f469\u200d\U0001f467 \u05e9\u05dc\u05d5\u05dd \u202egnirts",
    "long": "A title that goes on and on, because somebody had much to say about this small thing and its meaning",
    "markup": "[bold]not markup[/bold] [link=http://x]y[/link]",
}
"""Titles as somebody might write them in a calendar app."""


def test_next_names_what_is_open_by_start_with_every_field_of_the_contract(person: Person) -> None:
    document = person.json("next", "-n", "3")
    assert sorted(document) == ["occurrences", "unplaced"]
    assert [list(row) for row in document["occurrences"]] == [FIELDS] * 3
    assert [row["id"] for row in document["occurrences"]] == [
        "tea@2026-11-23", "small-touch@2026-11-23", "tea@2026-11-24",
    ]  # fmt: skip
    tea = document["occurrences"][0]
    assert tea == {
        "id": "tea@2026-11-23", "routine": "tea", "practice": None, "title": "Tea", "kind": "cue",
        "start": "2026-11-23T15:00:00+01:00", "end": None, "nominal": "2026-11-23", "state": "planned",
        "snoozed_until": None, "pinned": False, "reminders": ["2026-11-23T15:00:00+01:00"], "in_calendar": False,
        "reason": "every day at 15:00",
    }  # fmt: skip


def test_an_event_has_an_end_and_a_reminder_for_each_lead_its_beginning_and_the_question(person: Person) -> None:
    row = person.row("date-night@2026-11-27")
    assert (row["kind"], row["practice"]) == ("fixed", "quality-time")
    assert (row["start"], row["end"]) == ("2026-11-27T19:30:00+01:00", "2026-11-27T21:30:00+01:00")
    assert row["reminders"] == [
        "2026-11-26T19:30:00+01:00", "2026-11-27T18:30:00+01:00", "2026-11-27T19:30:00+01:00",
        "2026-11-27T22:00:00+01:00",
    ]  # fmt: skip


def test_the_stored_plan_and_one_made_for_the_question_say_the_same(person: Person) -> None:
    stored = person.json("plan", "--days", "20")
    assert person.json("plan", "--days", "20", "--at", "2026-11-23T09:00:01") == stored


@pytest.mark.parametrize("count", [1, 5, 40, 200])
def test_next_gives_as_many_as_are_wanted_however_far_ahead(person: Person, count: int) -> None:
    rows = person.json("next", "-n", str(count))["occurrences"]
    assert len(rows) == count
    assert rows == sorted(rows, key=lambda row: dt.datetime.fromisoformat(row["start"]))


def test_next_ends_where_a_plan_without_an_end_would_not(person: Person) -> None:
    person.home.write('[people]\nme = "Alex"\n[routine.once]\non = "14 jun"\nat = "09:00"\n')
    assert [row["id"] for row in person.json("next")["occurrences"]] == ["once@2027-06-14"], "what is stored"
    assert [row["id"] for row in person.json("next", "-n", "9")["occurrences"]] == [
        "once@2027-06-14", "once@2028-06-14", "once@2029-06-14",
    ]  # fmt: skip


def test_what_is_over_or_answered_is_not_next_but_what_was_put_off_is(person: Person) -> None:
    person.at("2026-11-23 14:50")
    person.run("done", "small-touch@2026-11-23")
    person.run("snooze", "in", "2", "h", "tea")
    person.at("2026-11-23 16:00")
    rows = person.json("next", "-n", "2")["occurrences"]
    assert [(row["id"], row["snoozed_until"]) for row in rows] == [
        ("tea@2026-11-23", "2026-11-23T16:50:00+01:00"), ("tea@2026-11-24", None),
    ]  # fmt: skip
    assert "again 16:50" in person.run("next").out


@pytest.mark.parametrize(
    ("now", "week_start", "first", "last"),
    [
        ("2026-11-25 12:00", "mon", "2026-11-23", "2026-11-29"),
        ("2026-11-25 12:00", "sun", "2026-11-22", "2026-11-28"),
        ("2026-11-23 03:59", "mon", "2026-11-16", "2026-11-22"),
        ("2026-11-23 04:00", "mon", "2026-11-23", "2026-11-29"),
    ],
    ids=["monday", "sunday", "not yet Monday", "just Monday"],
)
def test_week_is_the_local_week_that_holds_now(
    person: Person, now: str, week_start: str, first: str, last: str
) -> None:
    config = person.home.config.read_text()
    person.home.write(config.replace("[time]", f'[time]\nweek_start = "{week_start}"'))
    person.at(now)
    days = [row["nominal"] for row in person.json("week")["occurrences"] if row["routine"] == "tea"]
    assert (days[0], days[-1], len(days)) == (first, last, 7)


def test_week_tells_what_became_of_each(person: Person) -> None:
    person.run("done", "tea")
    person.run("skip", "date-night")
    person.at("2026-11-28 12:00")
    states = {row["id"]: row["state"] for row in person.json("week")["occurrences"]}
    assert states["tea@2026-11-23"] == "done"
    assert states["tea@2026-11-24"] == "missed"
    assert states["date-night@2026-11-27"] == "skipped"
    text = person.run("week").out
    assert "Tea (done)" in text
    assert "Date night (not this time)" in text
    assert "missed" not in text


@pytest.mark.parametrize("words", [("--at", "2026-12-24", "next"), ("next", "--at", "2026-12-24")])
def test_at_before_or_after_the_command_answers_as_of_then(person: Person, words: tuple[str, ...]) -> None:
    rows = person.json(*words)["occurrences"]
    assert rows[0]["id"] == "tea@2026-12-24"
    assert person.json("next")["occurrences"][0]["id"] == "tea@2026-11-23", "nothing was stored"


def test_at_is_understood_by_week_plan_and_why(person: Person) -> None:
    assert person.json("week", "--at", "2026-12-24")["occurrences"][0]["nominal"] == "2026-12-21"
    assert person.json("plan", "--days", "1", "--at", "2026-12-24T12:00")["occurrences"][0]["nominal"] == "2026-12-24"
    why = person.json("why", "date-night", "--at", "2026-12-24T12:00")
    assert why["occurrence"]["id"] == "date-night@2026-12-25"


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "tomorrow", "skip", "tea"), ("skip", "tea", "--at", "tomorrow"), ("--at", "tomorrow", "undo"),
        ("snooze", "--at", "tomorrow", "2h", "tea"), ("--at", "tomorrow", "pause"), ("--at", "soon", "next"),
        ("next", "-n", "0"), ("next", "-n", "many"), ("plan", "--days", "0"), ("next", "date-night"), ("why",),
        ("why", "dat-night"), ("why", "date-night@friday"), ("why", "date-night@2026-11-26"), ("nxt",),
        ("next", "--att", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_2_and_one_json_document(person: Person, words: tuple[str, ...]) -> None:
    said = person.run("--json", *words)
    assert said.code == 2
    assert said.err == ""
    assert list(said.document) == ["error"]
    assert sorted(said.document["error"]) == ["code", "fix", "message"]
    assert said.document["error"]["code"] == 2


@pytest.mark.parametrize(
    ("words", "near"),
    [(("why", "dat-night"), "date-night"), (("why", "smal-tuch"), "small-touch"), (("nxt",), "next")],
)
def test_a_name_that_is_nearly_right_is_named(person: Person, words: tuple[str, ...], near: str) -> None:
    assert f'did you mean "{near}"?' in person.run(*words).err


def test_why_tells_reason_source_and_words(person: Person) -> None:
    text = person.run("why", "date-night").out
    for words in (
        "Date night",
        "Friday at 19:30, until 21:30",
        "every Friday at 19:30",
        "routine.date-night",
        "line 8",
    ):
        assert words in text
    document = person.json("why", "date-night@2026-11-27")
    assert list(document["occurrence"]) == FIELDS
    assert document["reason"] == "every Friday at 19:30"
    assert document["source"].startswith("routine.date-night")
    assert [word["at"] for word in document["words"]] == document["occurrence"]["reminders"]


def test_why_knows_a_day_far_ahead(person: Person) -> None:
    assert person.json("why", "date-night@2027-11-26")["occurrence"]["start"] == "2027-11-26T19:30:00+01:00"


@pytest.mark.parametrize("command", ["next", "week", "plan --days 3", "why small-touch", "skip"])
def test_the_moment_of_a_surprise_that_is_to_come_is_on_no_screen(person: Person, command: str) -> None:
    row = person.row("small-touch@2026-11-23")
    assert row["start"] > "2026-11-23T17:00"
    said = person.run(*command.split())
    assert row["start"][11:16] not in said.out + said.err
    assert "sometime" in said.out + said.err


def test_surprises_are_one_line_below_the_rest_so_that_they_crowd_nothing_out(person: Person) -> None:
    lines = person.run("plan", "--days", "3").out.splitlines()
    assert [line.split()[4].partition("@")[0] for line in lines[:-1]] == ["tea", "tea", "tea"]
    assert lines[-1].split(maxsplit=1) == ["sometime", "Small touch, 3 times"]
    assert len(person.run("next", "-n", "2").out.splitlines()) == 3


def test_what_comes_sometime_stands_in_line_with_days_of_another_year(person: Person) -> None:
    *told, sometime = person.run("next", "-n", "4", "--at", "2026-12-30T23:30").out.splitlines()
    assert [line[:16] for line in told[:2]] == ["Thu 31 Dec      ", "Fri  1 Jan '27  "]
    assert (sometime[:16].strip(), sometime[16:].startswith("Small touch")) == ("sometime", True)


@pytest.mark.parametrize("shape", ['after = "unlock 17:30-21:00"', 'times = "1 per week"\nwithin = ["sat 9:00-18:00"]'])
def test_why_says_so_where_a_kind_of_schedule_is_of_no_effect_yet(person: Person, shape: str) -> None:
    lasting = '\nlasting = "2h"' if "within" in shape else ""
    person.home.write(person.home.config.read_text() + f"[routine.walk]\n{shape}{lasting}\n")
    said = person.run("why", "walk")
    assert (said.code, said.err.startswith("walk has no days: its kind of schedule")) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("dance", 'there is no command "dance" (`reconnect --help`)'),
        ("stauts", 'there is no command "stauts"; did you mean "status"? (`reconnect --help`)'),
        ("config", "Missing command (`reconnect config --help`)"),
        ("service", "Missing command (`reconnect service --help`)"),
    ],
)
def test_a_command_that_is_not_there_is_one_sentence(person: Person, words: str, message: str) -> None:
    said = person.run("--json", *words.split())
    assert said.document["error"]["message"] == message
    assert said.code == 2


def test_a_surprise_that_has_come_is_no_secret(person: Person) -> None:
    row = person.row("small-touch@2026-11-23")
    person.at("2026-11-23 23:00")
    assert row["start"][11:16] in person.run("week").out


@pytest.mark.parametrize("command", ["week", "plan", "next -n 9", "why small-touch@2026-11-23"])
@pytest.mark.parametrize("at", ["16:00", "22:00", "tomorrow 10:00"])
def test_no_other_time_that_is_asked_about_tells_the_moment_of_a_surprise(
    person: Person, command: str, at: str
) -> None:
    row = person.row("small-touch@2026-11-23")
    said = person.run(*command.split(), "--at", at)
    assert said.code == 0
    assert row["start"][11:16] not in said.out
    if command == "week":
        assert "sometime" in said.out


def test_when_a_surprise_leaves_the_list_does_not_tell_when_it_comes(person: Person) -> None:
    person.home.write(person.home.config.read_text().replace("2 per day", "1 per day"))
    listed = {person.run("plan", "--days", "1", "--at", f"{hour}:00").out.splitlines()[-1] for hour in range(17, 23)}
    assert listed == {"sometime    Small touch, once"}


def test_an_empty_plan_says_so_and_what_to_do(person: Person) -> None:
    person.home.write('[people]\nme = "Alex"\n')
    said = person.run("next")
    assert "Nothing is planned" in said.out
    assert "reconnect config edit" in said.out
    assert person.json("next") == {"occurrences": [], "unplaced": []}


def test_a_broken_config_is_exit_78_with_every_problem(person: Person) -> None:
    person.home.write('[routine.tea]\non = "daily"\nat = "25:00"\n[routine.b]\non = "blursday"\nat = "10:00"\n')
    said = person.run("next")
    assert said.code == 78
    assert said.err.count("config.toml:") == 2


def test_a_changed_config_is_seen_at_once(person: Person) -> None:
    person.run("next")
    person.home.write(person.home.config.read_text().replace("15:00", "15:30"))
    assert person.json("next")["occurrences"][0]["start"] == "2026-11-23T15:30:00+01:00"


def test_the_program_says_it_in_a_pipe_without_colours(person: Person) -> None:
    said = person.home.run("next")
    assert said.returncode == 0
    assert "\x1b" not in said.stdout
    assert person.home.run("--config").returncode == 2
    assert json.loads(person.home.run("--json", "--config").stdout)["error"]["code"] == 2


def test_a_reader_who_has_enough_is_no_trouble(person: Person) -> None:
    argv = f"{shlex.quote(str(PROGRAMS / 'reconnect'))} plan --days 900 | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", argv], env=person.home.environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


SLOW = {
    "dataclasses", "rich", "tomllib", "dateutil", "argparse", "importlib.metadata", "difflib", "asyncio", "logging",
    "subprocess", "socket", "email", "urllib.request", "uuid",
    "tempfile", "pygments", "caldav", "icalendar", "platformdirs", "tzlocal",
}  # fmt: skip
OURS = {
    "reconnectd", "reconnectd.errors", "reconnectd.adapters", "reconnectd.adapters.clock", "reconnectd.adapters.places",
    "reconnectd.adapters.store", "reconnectd.adapters.store.agenda", "reconnectd.adapters.store.looking",
    "reconnectd.adapters.store.schema", "reconnectd.adapters.store.uri",
    "reconnectd.adapters.store.wal", "reconnectd.adapters.zone", "reconnectd.cli",
    "reconnectd.cli.agenda", "reconnectd.cli.examples", "reconnectd.cli.listing", "reconnectd.cli.main",
    "reconnectd.cli.output", "reconnectd.cli.rows",
    "reconnectd.config", "reconnectd.config.fingerprint", "reconnectd.core",
    "reconnectd.core.hidden", "reconnectd.core.plan_key", "reconnectd.wiring", "reconnectd.wiring.place",
    "reconnectd.wiring.session",
}  # fmt: skip
LOADED = """
import json, sys
import click
before = set(sys.modules)
sys.argv = ["reconnect", *{words!r}]
from reconnectd.cli.main import main
try:
    main()
finally:
    sys.stderr.write(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.parametrize("words", [["next"], ["--json", "next"]])
def test_next_with_a_fresh_plan_imports_next_to_nothing(person: Person, words: list[str]) -> None:
    person.home.run("next")
    argv = [sys.executable, "-c", LOADED.format(words=words)]
    done = subprocess.run(argv, env=person.home.environ, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert "tea" in done.stdout
    assert not loaded & SLOW
    assert {name for name in loaded if name.partition(".")[0] == "reconnectd"} <= OURS


@needs("tmux")
def test_odd_titles_keep_the_week_in_80_columns_of_a_real_terminal(person: Person) -> None:
    more = "".join(f'[routine.{slug}]\non = "daily"\nat = "16:00"\n' for slug in REMOTE)
    person.home.write(person.home.config.read_text() + more)
    _renamed_in_a_calendar(person)
    screen = _terminal(f"{shlex.quote(str(PROGRAMS / 'reconnect'))} week --at 'next week'", person.home.environ)
    lines = [line for line in screen.splitlines() if line.strip()]
    assert len(lines) >= 7
    assert all(len(line) <= 80 for line in lines)
    assert not any("owned" in line or "\x1b" in line or "\u202e" in line for line in lines)
    assert any("Tea" in line and "\u05e9\u05dc\u05d5\u05dd" in line for line in lines)
    assert any("[bold]not markup[/bold]" in line for line in lines)
    assert any("A title that goes on" in line and line.rstrip().endswith("…") for line in lines)
    lines = [line for line in lines if not line.startswith("sometime")]
    assert all(line[12:14] == "  " and line[14].isalnum() and line[25:27] == "  " for line in lines), "columns stand"


def _renamed_in_a_calendar(person: Person) -> None:
    rows = person.home.json("week")["occurrences"] + person.home.json("plan")["occurrences"]
    with contextlib.closing(Store(person.home.database)) as store:
        for row in rows:
            if title := REMOTE.get(row["routine"]):
                store.facts.put(Fact(OccurrenceId.parse(row["id"]), title=title))
        store.plan.forget_key()


def _terminal(command: str, environ: dict[str, str]) -> str:
    """What a terminal of 80 columns shows when the command has ended."""
    tmux = ["tmux", "-u", "-f", "/dev/null", "-S", str(Path(environ["XDG_RUNTIME_DIR"], "t"))]
    environ = {**environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}

    def run(*words: str) -> str:
        return subprocess.run([*tmux, *words], env=environ, capture_output=True, text=True, check=True).stdout

    run("new-session", "-d", "-x", "80", "-y", "60", "sh", "-c", f"{command}; echo end; sleep 30")
    try:
        for _ in range(300):
            screen = run("capture-pane", "-p")
            if "\nend" in screen:
                return screen.partition("\nend")[0]
            time.sleep(0.05)
        pytest.fail(f"the command did not end:\n{screen}")
    finally:
        run("kill-server")
