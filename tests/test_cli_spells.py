"""`not-today`, `lighter`, `apart`, `stop` and `pause --clear` as a person types them."""

from __future__ import annotations

import contextlib

import pytest
from cli_runner import Person, person
from test_cli_answers import offline
from test_cli_rests import holding

from reconnectd.adapters.store import Store
from reconnectd.core.wording import LOOK_UP_APART

__all__ = ["person"]

FRIDAY = "date-night@2026-11-27"
LATER = """
[routine.anniversary]
on = "1 dec"
at = "09:00"
remind = ["0 min"]

[routine.talk]
on = "fri"
at = "21:30"
lasting = "30 min"
"""


def told(person: Person, name: str) -> list[str]:
    """When words about it are still to come."""
    reminders: list[str] = person.row(name)["reminders"]
    return [due[5:16] for due in reminders]


def today(person: Person) -> list[tuple[str, str]]:
    """(routine, state) of everything of this local day."""
    rows = person.json("week")["occurrences"]
    return [(row["routine"], row["state"]) for row in rows if row["start"].startswith(f"{person.now:%Y-%m-%d}")]


# not-today


def test_not_today_lets_go_of_the_rest_of_the_day_and_events_stay(person: Person) -> None:
    person.at("2026-11-27 15:01")
    person.announce("tea@2026-11-27")
    document = person.json("not-today")
    assert [row["id"] for row in document["let_go"]] == ["tea@2026-11-27"]
    (rest,) = document["paused"]
    assert (rest["kind"], rest["routine"], rest["until"]) == ("not-today", None, "2026-11-28T04:00:00+01:00")
    assert today(person) == [("tea", "skipped"), ("date-night", "planned")]
    assert told(person, FRIDAY) == []
    assert told(person, "tea@2026-11-28") == ["11-28T15:00"]


def test_a_day_let_go_of_is_no_miss_on_the_next(person: Person) -> None:
    person.run("not-today")
    person.at("2026-11-24 09:00")
    assert person.json("week")["occurrences"][0]["id"] == "tea@2026-11-24"
    assert "No more words" not in person.run("next").out


def test_not_today_of_one_routine_leaves_the_others(person: Person) -> None:
    person.at("2026-11-27 09:00")
    said = person.run("not-today", "date-night")
    assert said.out.startswith("No more words about date-night today; events stay where they are.")
    assert (told(person, FRIDAY), told(person, "tea@2026-11-27")) == ([], ["11-27T15:00"])


@pytest.mark.parametrize("name", ["tea", "date-night", None])
def test_not_today_is_taken_back_whole(person: Person, name: str | None) -> None:
    person.at("2026-11-27 15:01")
    person.announce("tea@2026-11-27")
    before = (today(person), told(person, FRIDAY))
    person.run("not-today", *([name] if name else []))
    assert (today(person), told(person, FRIDAY)) != before
    assert person.json("undo")["undone"] == "not-today"
    assert (today(person), told(person, FRIDAY)) == before


def test_what_was_put_off_into_this_day_is_let_go_of_too(person: Person) -> None:
    person.run("snooze", "2h", "tea")
    assert [row["id"] for row in person.json("not-today")["let_go"]] == ["tea@2026-11-23"]


def test_what_was_asked_for_comes_all_the_same_and_it_says_so(person: Person) -> None:
    person.run("remember", "--at", "18:00", "buy flowers")
    assert "You asked for it, so it comes: buy flowers, today at 18:00." in person.run("not-today").out
    assert told(person, "remember@2026-11-23") == ["11-23T18:00"]
    assert person.json("not-today", "remember@2026-11-23")["let_go"][0]["state"] == "skipped"


@pytest.mark.parametrize("words", ["not-today tee", "not-today tea@2026-11-26", "not-today tea@soon", "not-today a b"])
def test_what_is_not_today_is_exit_2(person: Person, words: str) -> None:
    assert person.run(*words.split()).code == 2
    assert holding(person) == []


# lighter


def test_lighter_days_have_one_word_of_events_and_no_small_cue(person: Person) -> None:
    person.home.write(person.home.config.read_text() + LATER)
    before = told(person, FRIDAY)
    said = person.run("lighter", "--until", "2 dec")
    assert said.out.startswith("It is lighter until Wed 2 Dec: small cues rest, and events say one word a day at most.")
    rows = person.json("plan", "--days", "9")["occurrences"]
    assert {row["routine"] for row in rows} == {"date-night", "talk", "anniversary"}
    words = sorted(due[:10] for row in rows for due in row["reminders"])
    assert len(words) == len(set(words)), "one a day"
    assert len(before) == 4
    assert told(person, "anniversary@2026-12-01") == ["12-01T09:00"]
    assert "lighter" in person.row("talk@2026-11-27")["reason"]
    assert "tea@2026-12-02" in person.run("plan").out
    assert "It is lighter until Wed 2 Dec" in person.run("next").out
    assert person.run("resume").out == "The lighter days are over.\n"
    assert told(person, FRIDAY) == before


# apart


def test_apart_a_small_touch_is_meant_from_afar(person: Person) -> None:
    person.run("apart", "--until", "sat")
    why = person.json("why", "small-touch@2026-11-23")
    assert why["reason"] == "a surprise inside its windows; you are apart: as it can be from afar"
    with contextlib.closing(Store(person.home.database)) as store:
        prompts = {item.id.nominal.isoformat(): item.prompt for item in store.plan.of("small-touch")}
    assert {day for day, words in prompts.items() if words in LOOK_UP_APART} & {"2026-11-24", "2026-11-25"}
    assert not [day for day, words in prompts.items() if words in LOOK_UP_APART and day > "2026-11-28"]
    assert "You are apart until Sat 28 Nov" in person.run("week").out
    assert "sometime" in person.run("next").out, "a surprise stays one"
    person.json("undo")
    assert "apart" not in person.json("why", "small-touch@2026-11-23")["reason"]


def test_apart_in_the_config_says_the_same(person: Person) -> None:
    person.home.write(person.home.config.read_text() + '\n[together]\nplace = "apart"\n')
    assert "apart" in person.json("why", "small-touch@2026-11-23")["reason"]
    assert "apart" not in person.json("why", "tea")["reason"]


@pytest.mark.parametrize("command", ["lighter", "apart"])
@pytest.mark.parametrize("until", [(), ("--until", "yesterday"), ("--until", "someday"), ("--until",)])
def test_without_a_day_ahead_it_is_exit_2(person: Person, command: str, until: tuple[str, ...]) -> None:
    assert person.run(command, *until).code == 2
    assert holding(person) == []


@pytest.mark.parametrize("until", ["in 5 days", "sat", "2026-11-28", "28 nov"])
def test_until_is_the_beginning_of_that_day(person: Person, until: str) -> None:
    assert person.json("lighter", "--until", until)["paused"][0]["until"] == "2026-11-28T04:00:00+01:00"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("pause", "pause"),
        ("not-today", "not-today"),
        ("lighter --until sat", "lighter"),
        ("apart --until sat", "apart"),
    ],
)
def test_status_names_what_holds_and_the_way_out(person: Person, words: str, kind: str) -> None:
    person.run(*words.split())
    (rest,) = person.json("status")["rests"]
    assert (rest["kind"], rest["routine"], rest["cleared"]) == (kind, None, False)
    assert "`reconnect resume` ends it" in person.run("status").out
    (check,) = [check for check in person.run("--json", "doctor").document["checks"] if check["name"] == "rests"]
    assert check["ok"] is True
    assert check["detail"] != "nothing rests"
    person.run("resume")
    assert person.json("status")["rests"] == []


# pause --clear, stop


@pytest.mark.parametrize("words", ["pause --clear", "pause date-night --until sat --clear", "stop", "stop --clear"])
def test_without_a_yes_it_shows_and_changes_nothing(person: Person, words: str) -> None:
    offline(person, "me")
    said = person.run(*words.split())
    assert said.code == 2
    assert "--yes" in said.err
    assert "nothing was changed" in said.err
    assert holding(person) == []
    if "--clear" in words:
        assert "Date night, Friday at 19:30, until 21:30" in said.out
    assert person.run("--json", *words.split()).document["error"]["code"] == 2


def test_what_was_taken_out_is_not_planned_until_resume(person: Person) -> None:
    offline(person, "both")
    said = person.run("pause", "--clear", "--until", "in 2 weeks", "--yes")
    assert said.code == 0
    assert "2 events leave the calendar, the first Friday at 19:30" in said.out
    assert "date-night@2026-12-04" not in person.run("plan").out
    assert person.json("status")["rests"][0]["cleared"] is True
    assert "Its events come back into the calendar" in person.run("resume").out
    assert person.row(FRIDAY)["state"] == "planned"


@pytest.mark.parametrize(
    ("words", "cleared"), [("stop --keep", False), ("stop --clear --yes", True), ("stop --yes", False)]
)
def test_stop_is_silence_from_which_one_comes_back(person: Person, words: str, cleared: bool) -> None:
    offline(person, "me")
    person.run("done", "tea")
    said = person.run(*words.split())
    assert said.code == 0
    assert said.out.startswith("Everything has stopped: no words, nothing new.")
    assert said.out.endswith("`reconnect resume` brings everything back.\n")
    rows = person.json("plan")["occurrences"]
    assert [row["id"] for row in rows if row["reminders"]] == []
    assert (FRIDAY in {row["id"] for row in rows}) is not cleared
    assert person.row("tea@2026-11-23")["state"] == "done", "history is kept"
    assert person.run("resume").out.startswith("Everything is back.")
    assert told(person, FRIDAY) != []
    assert person.json("undo")["undone"] == "resume"
    assert person.json("undo")["undone"] == "stop"
    assert holding(person) == []


def test_stop_says_what_it_did_as_json(person: Person) -> None:
    offline(person, "me")
    document = person.json("stop", "--clear", "--yes")
    assert document["paused"][0]["kind"] == "stop"
    assert document["cleared"][0]["id"] == FRIDAY
    assert document["service"] == ""
    assert person.run("stop", "--clear", "--keep").code == 2
