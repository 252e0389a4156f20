"""Export and import: what was done goes along, what was written only when one says so, and twice is once."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cli_here import Here, here
from household import HOUR, MONDAY_MORNING, store_in

from reconnectd.app.carrying import NotAnExport, exported, taken_in
from reconnectd.core.occurrence import Fact, OccurrenceId, State
from reconnectd.core.rest import Rest

__all__ = ["here"]

FRIDAY = Fact(OccurrenceId.parse("date-night@2026-11-20"), state=State.DONE, at=MONDAY_MORNING - 60 * HOUR)
NOTE = Fact(OccurrenceId.parse("remember@2026-11-24"), start=MONDAY_MORNING + HOUR, title="CANARY title", body="CANARY")
CONFIG = '[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"\n'


def test_what_was_exported_is_the_same_after_it_was_taken_in_and_twice_is_once(tmp_path: Path) -> None:
    with store_in(tmp_path / "one") as one, store_in(tmp_path / "two") as two:
        for fact in (FRIDAY, NOTE):
            one.facts.put(fact)
        one.rests.replace([Rest("date-night", MONDAY_MORNING, None)])
        one.words.add("thanks", {"text": "the tea"}, MONDAY_MORNING)
        made = json.loads(json.dumps(exported(one, private=True)))
        added = taken_in(two, made)
        assert (added.facts, added.rests, added.words) == (2, 1, 1)
        again = exported(two, private=True)
        assert {**again, "routines": []} == {**made, "routines": []}
        once_more = taken_in(two, made)
        assert (once_more.facts, once_more.rests, once_more.words) == (0, 0, 0)


def test_a_topic_keeps_where_it_stands(tmp_path: Path) -> None:
    with store_in(tmp_path / "one") as one, store_in(tmp_path / "two") as two:
        two.words.add("thanks", {"text": "another number"}, MONDAY_MORNING)
        topic = one.topics.add(one.words.add("topic", {"text": "the holidays"}, MONDAY_MORNING), 4, MONDAY_MORNING)
        one.topics.put(replace(topic, talks=2, hard=1, went=MONDAY_MORNING, went_well=False))
        taken_in(two, json.loads(json.dumps(exported(one, private=True))))
        (found,) = two.topics.all()
        word = two.words.get(found.word)
        assert (found.temperature, found.talks, found.hard, found.went_well) == (4, 2, 1, False)
        assert word is not None
        assert word.body == {"text": "the holidays"}


def test_without_private_nobody_s_words_are_in_it(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        store.facts.put(NOTE)
        store.words.add("topic", {"text": "CANARY"}, MONDAY_MORNING)
        assert "CANARY" not in json.dumps(exported(store, private=False))
        assert json.dumps(exported(store, private=True)).count("CANARY") == 3


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ([], "doesn't begin as"),
        ({"reconnectd": 2}, "doesn't begin as"),
        ({"reconnectd": 1, "facts": {}}, '"facts" is no list'),
        ({"reconnectd": 1, "facts": [{"id": "date-night@2026-11-20"}, {"id": "x"}]}, "entry 2"),
        ({"reconnectd": 1, "facts": [{"id": "date-night@2026-11-20", "at": "2026-11-20T20:00"}]}, "entry 1"),
        ({"reconnectd": 1, "rests": [{"scope": "*", "since": "2026-11-20T20:00Z", "kind": "sulk"}]}, "entry 1"),
        ({"reconnectd": 1, "words": [{"at": "2026-11-20T20:00Z", "kind": "thanks", "body": "tea"}]}, "entry 1"),
        (
            {"reconnectd": 1, "words": [{"at": "2026-11-20T20:00Z", "kind": "memory", "body": {"text": "tea"}}]},
            "entry 1",
        ),
    ],
)
def test_what_is_no_export_says_so_and_nothing_is_taken_in(tmp_path: Path, text: object, odd: str) -> None:
    with store_in(tmp_path) as store:
        with pytest.raises(NotAnExport, match=odd):
            taken_in(store, text)
        assert store.facts.all() == []


def test_what_steers_a_terminal_is_not_taken_in(tmp_path: Path) -> None:
    bodies = [{"text": "tea\x1b]52;c;aGVsbG8=\x07\x1b[2J"}, {"text": "two\n\n\nlines, “said” so", "n": 3}]
    words = [{"at": "2026-11-20T20:00Z", "kind": "feeling", "body": body} for body in bodies]
    with store_in(tmp_path) as store:
        assert taken_in(store, {"reconnectd": 1, "words": words}).words == 2
        first, second = (word.body for word in store.words.of("feeling"))
        assert str(first["text"]).isprintable()
        assert str(first["text"]).startswith("tea")
        assert second == bodies[1]
        assert taken_in(store, {"reconnectd": 1, "words": words}).words == 0


def test_at_a_prompt_the_file_is_private_and_nothing_is_overwritten(here: Here) -> None:
    here.write(CONFIG)
    here.run("done", "date-night", "--at", "yesterday 21:00")
    target = here.home / "all.json"
    assert here.run("export", str(target)).stdout.startswith("1 answer, 0 rests; nothing that you wrote: ")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert here.run("export", str(target)).returncode == 2
    assert json.loads(here.run("export").stdout) == json.loads(target.read_text()) == here.said("export")
    assert here.said("import", str(target)) == {"facts": 0, "rests": 0, "words": 0}
    target.write_text("[")
    ran = here.run("import", str(target))
    assert (ran.returncode, "it is no JSON" in ran.stderr) == (2, True)
    assert here.run("import", "nowhere.json").returncode == 1
