"""Bad and odd configs, C1 to C26 of a catalogue of bad input, each as a person meets it: through the programs.

What is refused ends both programs with 78, on standard error, with file, line and key, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from home import PROGRAMS, Home, home, wait_until
from needs import kernel_refuses

from reconnectd.adapters import secrets
from reconnectd.errors import Unreachable

Row = Callable[[Home], None]

GOOD = '[routine.tea]\non = "daily"\nat = "15:00"\n'
ROUTINE = '[routine.x]\non = "fri"\nat = "19:00"\n'
SERVER = '[calendar]\nurl = "{}"\n'
NOBODY = 65534


@pytest.fixture
def person() -> Iterator[Home]:
    with home() as found:
        yield found


def started(person: Home) -> subprocess.CompletedProcess[str]:
    """`reconnectd --config FILE` with a config that ends it at once."""
    argv = [str(PROGRAMS / "reconnectd"), "--config", str(person.config)]
    return subprocess.run(argv, env=person.environ, capture_output=True, text=True, timeout=60, check=False)


def is_refused(person: Home, *told: str) -> None:
    """By both programs, in the same words, at the beginning of each of which the file stands."""
    checked = person.run("config", "check")
    assert (checked.returncode, checked.stdout) == (78, "")
    for words in told:
        assert words in checked.stderr
    lines = checked.stderr.splitlines()
    assert all(line.startswith(f"{person.config}:") for line in lines if not line.startswith("chmod"))
    assert all(line.isprintable() and len(line) < 600 for line in lines)
    daemon = started(person)
    assert (daemon.returncode, daemon.stdout, daemon.stderr) == (78, "", checked.stderr)


def refused(text: str | bytes, *told: str) -> Row:
    def row(person: Home) -> None:
        person.config.write_bytes(text if isinstance(text, bytes) else text.encode())
        is_refused(person, *told)

    return row


def accepted(text: str, *told: str) -> Row:
    def row(person: Home) -> None:
        person.write(text)
        checked = person.run("config", "check")
        assert (checked.returncode, checked.stderr) == (0, "")
        for words in told:
            assert words in checked.stdout
        assert checked.stdout.splitlines()[-1].startswith("speaks about ")

    return row


def all_of(*rows: Row) -> Row:
    def row(person: Home) -> None:
        for one in rows:
            one(person)

    return row


def starts(person: Home, at: str, count: int, text: str) -> list[str]:
    """When the next ones are, seen from an instant."""
    person.write(f'[time]\ntimezone = "Europe/Berlin"\n{text}')
    found: list[dict[str, Any]] = person.json("next", "-n", str(count), "--at", at)["occurrences"]
    return [one["start"] for one in found]


def in_the_gap(person: Home) -> None:
    found = starts(person, "2027-03-27T03:00:00+01:00", 2, '[routine.x]\non = "daily"\nat = "02:30"')
    assert found == ["2027-03-28T03:30:00+02:00", "2027-03-29T02:30:00+02:00"]


def without_zones(person: Home) -> None:
    (person.folder / "sitecustomize.py").write_text('import sys\nsys.modules["tzdata"] = None\n')
    person.extra = {"PYTHONPATH": str(person.folder), "PYTHONTZPATH": "/nonexistent"}
    refused('[time]\ntimezone = "Europe/Lisbon"', "2: time.timezone", "install the package tzdata")(person)


def short(on: str, then: dict[str, list[str]]) -> Row:
    """The days of a routine, for each value of `short_month`."""

    def row(person: Home) -> None:
        for policy, days in then.items():
            text = f'[routine.x]\non = "{on}"\nat = "09:00"\nshort_month = "{policy}"'
            found = starts(person, "2027-01-15T12:00:00+01:00", len(days), text)
            assert [start[:10] for start in found] == days

    return row


def open_password(person: Home) -> None:
    """Neither in the config, whatever its mode, nor in a file that others can read."""
    person.write(SERVER.format("https://x.example.org/") + 'password = "hunter2"\n')
    person.config.chmod(0o644)
    is_refused(person, "3: calendar.password: a password is never written in here", "password_command")
    assert "hunter2" not in person.run("config", "check").stderr
    secret = person.config.with_name("secret")
    secret.write_text("hunter2\n")
    secret.chmod(0o644)
    person.write(SERVER.format("https://127.0.0.1:1/") + f'username = "a"\npassword_file = "secret"\n{GOOD}')
    synced = person.run("sync")
    assert synced.returncode == 77
    assert f"chmod 600 {secret}" in synced.stderr
    assert "hunter2" not in synced.stderr


def of_another_user(person: Home) -> None:
    theirs = person.folder / "theirs.toml"
    theirs.write_text(GOOD)
    try:
        os.chown(theirs, NOBODY, NOBODY)
    except PermissionError:
        kernel_refuses("giving a file to another user (run as root to try it)")
    person.config.symlink_to(theirs)
    checked = person.run("config", "check")
    assert (checked.returncode, started(person).returncode) == (78, 78)
    assert "the config belongs to another user" in checked.stderr


def too_much(person: Home) -> None:
    refused("# " + "x" * 10 * 1024 * 1024, "1: expected at most 1 MiB of config")(person)
    many = "".join(f'[routine.r{n}]\non="fri"\nat="9:00"\n' for n in range(10_000))
    refused(many, "1501: routine.r500: expected at most 500 routines, got 10000")(person)


def titles(person: Home) -> None:
    texts = ("a\\u0000b", "a\\u001b[31mb", "a\\u202eb", "x" * 10_000)
    bad = [ROUTINE.replace(".x", f".x{n}") + f'title = "{text}"\n' for n, text in enumerate(texts)]
    told = [f"{4 * n + 4}: routine.x{n}.title: expected a title" for n in range(len(texts))]
    refused("".join(bad), *told)(person)
    refused(f'{ROUTINE}title = "a\x1bb"', "4: not TOML")(person)
    accepted(f'{ROUTINE}title = "{"x" * 200}"', "fine, 1 routine")(person)


def login_in_the_address(person: Home) -> None:
    """Refused, and neither said nor logged, also by a daemon that was running before."""
    person.write(GOOD)
    with person.daemon():
        person.write(GOOD + SERVER.format("https://alex:hunter2@cloud.example.org/"))
        wait_until(lambda: "the old one stays in use" in person.log(), "the complaint")
    is_refused(person, "5: calendar.url: expected an address", "without name and password")
    assert "hunter2" not in person.run("config", "check").stderr + person.log()


def bad_commands(person: Home) -> None:
    """What doesn't give a password ends the sync with a sentence; one that hangs is ended itself. Of a megabyte only
    the beginning is read."""
    for argv, code, told in (
        ('["false"]', 77, "password_command (false) ended with 1"),
        ('["true"]', 77, "password_command gives nothing"),
        ('["/nowhere/at-all"]', 77, "password_command could not run /nowhere/at-all"),
        ('["head", "-c", "1000000", "/dev/zero"]', 69, "127.0.0.1 could not be reached"),
    ):
        account = f'username = "a"\npassword_command = {argv}\n{GOOD}'
        person.write(SERVER.format("https://127.0.0.1:1/") + account)
        synced = person.run("sync")
        assert (synced.returncode, "Traceback" in synced.stderr) == (code, False), synced.stderr
        assert told in synced.stderr
    patience, secrets.COMMAND_SECONDS = secrets.COMMAND_SECONDS, 0.2
    try:
        with pytest.raises(Unreachable, match="password_command did not end within"):
            secrets.from_command(["sleep", "600"], person.environ)
    finally:
        secrets.COMMAND_SECONDS = patience


def gone_and_half_written(person: Home) -> None:
    """The old one stays, the new one is looked at again after a second, and the log says it once."""
    person.write(GOOD)
    with person.daemon() as child:
        person.config.unlink()
        wait_until(lambda: "the old one stays in use" in person.log(), "the complaint")
        assert [one["fix"] for one in person.json("status")["problems"] if "no config here yet" in one["what"]]
        person.write(GOOD + "# back\n")
        wait_until(lambda: "config read: 1 routines" in person.log(), "the config")
        person.config.write_text(GOOD + "[routine.date-ni")
        person.write(GOOD + '[routine.y]\non = "fri"\nat = "9:00"\n')
        wait_until(lambda: "config read: 2 routines" in person.log(), "the whole config")
        assert child.poll() is None
    assert person.log().count("the old one stays in use") == 1


def renamed_and_removed(person: Home) -> None:
    """What was done stays, under the slug; a routine that is gone says nothing any more."""
    person.write(GOOD.replace("15:00", "00:00"))
    done = person.json("done", "tea")["occurrence"]["id"]
    person.write(GOOD.replace("15:00", "00:00") + 'title = "Green tea"\n')
    known = listed(person)
    assert (known[done]["state"], known[done]["title"]) == ("done", "Green tea")
    person.write(ROUTINE)
    assert {one["routine"] for one in person.json("plan", "--days", "20")["occurrences"]} == {"x"}
    person.write(GOOD.replace("15:00", "00:00"))
    assert listed(person)[done]["state"] == "done"


def listed(person: Home) -> dict[str, dict[str, Any]]:
    """This week and the days to come, by the names of the occurrences."""
    found = [*person.json("week")["occurrences"], *person.json("plan", "--days", "8")["occurrences"]]
    return {one["id"]: one for one in found}


def quiet_over_the_change(person: Home) -> None:
    """Held to the end of quiet, or brought forward to its beginning, on the clock of that very night."""
    for night, before, after in (("2027-03-28", "+01:00", "+02:00"), ("2026-10-25", "+02:00", "+01:00")):
        eve = dt.date.fromisoformat(night) - dt.timedelta(days=1)
        text = (
            '[time]\ntimezone = "Europe/Berlin"\n[reminders]\nquiet = ["22:30-07:30"]\n'
            '[routine.early]\non = "sun"\nat = "05:00"\nlasting = "1h"\nremind = ["2h"]\n'
            '[routine.later]\non = "sun"\nat = "10:00"\nlasting = "1h"\nremind = ["4h"]\n'
        )
        person.write(text)
        found = person.json("plan", "--days", "3", "--at", f"{eve}T12:00:00{before}")["occurrences"]
        said = {one["routine"]: one["reminders"][0] for one in found if one["nominal"] == night}
        assert said == {"early": f"{eve}T22:30:00{before}", "later": f"{night}T07:30:00{after}"}


def open_hook(person: Home) -> None:
    """A program that others can change, or that lies where others can put one in its place."""
    folder = person.folder / "shared"
    folder.mkdir()
    hook = folder / "bell"
    hook.write_text("#!/bin/sh\n")
    text = f'[reminders]\ncommand = ["{hook}"]\n{GOOD}'
    for program, place in ((0o777, 0o755), (0o755, 0o777)):
        hook.chmod(program)
        folder.chmod(place)
        refused(text, "2: reminders.command: this program can be changed by others")(person)
    folder.chmod(0o755)
    accepted(text)(person)


WITHOUT_LIST = SERVER.format("https://x.example.org/") + 'password_command = "pass show cloud; rm -rf ~"\n'
NUMBERS = (0, -1, 10**9)
INTERVAL = '[routine.b{i}]\nrrule = "FREQ=DAILY;INTERVAL={n}"\nat = "9:00"\n'
CATALOGUE: dict[str, Row] = {
    "C1": all_of(refused("[people]\nme = \n", "2: not TOML at column 6"), refused("[a\n[b", "1: not TOML")),
    "C2": refused(b'[people]\nme = "J\xf6rg"\n', "2: expected UTF-8 text, got the byte 0xf6"),
    "C3": accepted("", "fine, 0 routines", "there is nothing to say yet", "speaks about 0 times a week"),
    "C4": refused(f'{ROUTINE}titel = "x"', '4: routine.x.titel: there is no such key; did you mean "title"?'),
    "C5": refused(ROUTINE + ROUTINE, "4: routine.x: stands here a second time"),
    "C6": refused('[routine.x]\non="fri"\nat="25:00"', '3: routine.x.at: expected a time such as "19:00", got "25:00"'),
    "C7": in_the_gap,
    "C8": refused('[time]\ntimezone = "Mars/Phobos"', '2: time.timezone: expected a time zone such as "Europe/Lisbon"'),
    "C9": without_zones,
    "C10": refused('[routine.x]\non="Fryday"\nat="9:00"', "2: routine.x.on: expected days", 'did you mean "fri"?'),
    "C11": refused(
        "".join(f"{ROUTINE}every = {n}\n".replace(".x", f".a{i}") for i, n in enumerate(NUMBERS))
        + "".join(INTERVAL.format(n=n, i=i) for i, n in enumerate(NUMBERS)),
        *(f"{4 * i + 4}: routine.a{i}.every: expected" for i in range(3)),
        *(f"{3 * i + 14}: routine.b{i}.rrule: expected a rule with INTERVAL from 1 to 999" for i in range(3)),
    ),
    "C12": refused(
        f'{ROUTINE}every = "1 s"\n[calendar]\nsync_every = "1 s"',
        "4: routine.x.every: expected a number of days, weeks",
        "6: calendar.sync_every: expected",
        "1 min to 7 days",
    ),
    "C13": short("31", {"skip": ["2027-01-31", "2027-03-31"], "last day": ["2027-01-31", "2027-02-28"]}),
    "C14": short("29 feb", {"skip": ["2028-02-29"], "last day": ["2027-02-28", "2028-02-29"]}),
    "C15": open_password,
    "C16": of_another_user,
    "C17": too_much,
    "C18": titles,
    "C19": refused(SERVER.format("http://cloud.example.org/"), "2: calendar.url: http:// would send the password"),
    "C20": login_in_the_address,
    "C21": refused(WITHOUT_LIST, "3: calendar.password_command: expected a list of words"),
    "C22": bad_commands,
    "C23": gone_and_half_written,
    "C24": renamed_and_removed,
    "C25": quiet_over_the_change,
    "C26": open_hook,
}


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=CATALOGUE)
def test_it_is_met_as_the_catalogue_says(person: Home, row: Row) -> None:
    row(person)


def test_the_catalogue_is_whole() -> None:
    assert list(CATALOGUE) == [f"C{n}" for n in range(1, 27)]


def test_a_running_daemon_keeps_the_old_config_and_says_so(person: Home) -> None:
    """Whatever is wrong with the new one; and it takes the next good one."""
    person.write(GOOD)
    with person.daemon() as child:
        for broken in (b"[people\n", b'me = "J\xf6rg"\n', ROUTINE.replace("fri", "fryday").encode()):
            told = person.log().count("problem(s)")
            person.config.write_bytes(broken)
            wait_until(lambda told=told: person.log().count("problem(s)") > told, "the complaint")  # type: ignore[misc]
            assert [one for one in person.json("status")["problems"] if str(person.config) in one["what"]]
            assert child.poll() is None
        person.write(GOOD + "# mended\n")
        wait_until(lambda: "config read: 1 routines" in person.log(), "the mended config")
        assert not [one for one in person.json("status")["problems"] if str(person.config) in one["what"]]
