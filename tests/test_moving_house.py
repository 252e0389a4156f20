"""From the calendar on this machine to a real account, with the installed programs; and a routine that leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from devices import Phone
from home import Home, home, wait_until
from servers import Server

HEAD = '[people]\nme = "Alex"\nhousehold = "k3v9-rt2p"\n'
EVENING = '[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"\n'
TALK = '[routine.talk]\non = "sun"\nat = "17:00"\nlasting = "45 min"\n'


@pytest.fixture
def person() -> Iterator[Home]:
    with home() as found:
        found.write(HEAD + EVENING)
        yield found


def account(person: Home, server: Server, name: str, *more: str) -> str:
    secret = person.folder / "password"
    secret.write_text(server.password)
    secret.chmod(0o600)
    lines = (f'url = "{server.url}"', f'username = "{server.user}"', f'password_file = "{secret}"', *more)
    return "\n".join(["[calendar]", *lines, f'calendar = "{name}"', 'seen_by = "me"', ""])


def names(person: Home) -> list[str]:
    rows = person.json("plan", "--days", "40")["occurrences"]
    return [row["id"] for row in rows if row["routine"] == "date-night"]


def compact(occurrence: str) -> str:
    """The date in its name, as RFC 5545 writes it."""
    return occurrence[-10:].replace("-", "")


def in_the_calendar(person: Home, *parts: str) -> bool:
    return any(all(part in text for part in parts) for text in texts_on_disk(person))


def texts_on_disk(person: Home) -> list[str]:
    """Looked at again when the server was replacing one just then."""
    try:
        found = (person.folder / "data").rglob("rcd-*.ics")
        return [path.read_text() for path in sorted(found) if ".Radicale.cache" not in path.parts]
    except FileNotFoundError:
        return texts_on_disk(person)


def test_a_trial_here_moves_to_an_account_with_all_that_people_did(person: Home, radicale: Server) -> None:
    with person.daemon():
        wait_until(lambda: person.json("status")["calendar"]["ok"], "the calendar")
        second, third = names(person)[1:3]
        assert person.run("skip", second).returncode == 0
        assert person.run("move", third, f"{third[-10:]} 21:00").returncode == 0
        assert person.run("done", names(person)[0], "--at", "now").returncode == 0
        wait_until(lambda: in_the_calendar(person, "EXDATE", f"{compact(third)}T210000"), "both to be there")
        wait_until(lambda: person.json("status")["calendar"]["pending"] == 0, "the writes")
        before = texts_on_disk(person)
        real = radicale.account()
        person.write(HEAD + account(person, radicale, real.calendar) + EVENING)
        wait_until(lambda: str(person.json("status")["calendar"]["url"]).startswith(radicale.url), "the new account")
    assert person.run("sync").returncode == 0
    assert person.json("sync")["pushed"] == 0
    _, text = Phone(radicale, real).only()
    assert f"EXDATE;TZID=Europe/Berlin:{compact(second)}T193000" in text
    assert f"DTSTART;TZID=Europe/Berlin:{compact(third)}T210000" in text
    assert texts_on_disk(person) == before
    with sqlite3.connect(person.database) as rows:
        assert rows.execute("SELECT count(*) FROM fact WHERE state = 'done' AND slug = 'date-night'").fetchone() == (1,)
    person.write(HEAD + EVENING)
    assert person.json("sync")["pushed"] == 0, "back on this machine, nothing is new"


def test_where_both_look_nothing_moves_before_both_agreed(person: Home, radicale: Server) -> None:
    assert person.run("sync").returncode == 0
    both = account(person, radicale, radicale.account().calendar).replace('seen_by = "me"', 'seen_by = "both"')
    person.write(HEAD.replace("household", 'partner = "Sam"\nhousehold') + both + EVENING)
    assert person.run("sync").returncode == 77


def test_a_routine_that_left_the_config_ends_when_the_wait_is_over(person: Home) -> None:
    person.write(HEAD + EVENING + TALK)
    assert person.json("sync")["pushed"] == 2
    person.write(HEAD + TALK)
    with person.daemon():
        wait_until(lambda: since(person) is not None, "the daemon to notice")
        assert person.json("sync")["deleted"] == 0
    with sqlite3.connect(person.database) as rows:
        rows.execute("UPDATE routine SET gone_since = gone_since - 590 WHERE slug = 'date-night'")
    rows.close()
    with person.daemon():
        wait_until(lambda: len(texts_on_disk(person)) == 1, "the end of the wait", seconds=40)
    person.write(HEAD + EVENING + TALK)
    assert person.json("sync")["pushed"] == 1


def since(person: Home) -> float | None:
    with sqlite3.connect(person.database) as rows:
        found = rows.execute("SELECT gone_since FROM routine WHERE slug = 'date-night'").fetchone()
    return float(found[0]) if found[0] is not None else None


def test_a_cut_off_config_is_asked_about(person: Home) -> None:
    many = "".join(EVENING.replace("date-night", f"r{n}") for n in range(5))
    person.write(HEAD + many)
    assert person.json("sync")["pushed"] == 5
    person.write(HEAD)
    refused = person.run("sync")
    assert refused.returncode == 1
    assert "5 of 5 routines are gone from the config at once" in refused.stderr
    (problem,) = person.json("status")["problems"]
    assert "gone from the config" in problem["what"]
    assert "sync --yes" in problem["fix"]
    assert person.json("sync", "--yes")["deleted"] == 5
    assert Path(person.database).exists()
