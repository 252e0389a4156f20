"""What a person writes for themselves: where it stands, how it comes in, and that it leaves no copy."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import signal
import stat
import subprocess
import sys
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_here import Here, here
from home import wait_until
from household import BERLIN, HOUR, MONDAY_MORNING, settings, store_in

from reconnectd.adapters.store import Store
from reconnectd.app.practice.notes import Note, say_once, take_back
from reconnectd.app.renewal import renew
from reconnectd.cli import own_words
from reconnectd.cli.card import WIDTH, card, line_to_fill
from reconnectd.errors import ReconnectdError, Refused, StateDamaged, WrongUsage

__all__ = ["here"]
A_DAY = dt.timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with store_in(tmp_path) as store:
        yield store


class Mirror:
    """A seal that anybody can break."""

    def close(self, plain: bytes) -> bytes:
        return plain[::-1]

    def open(self, sealed: bytes) -> bytes:
        return sealed[::-1]


def test_words_come_back_by_kind_the_oldest_first(store: Store) -> None:
    store.words.add("thanks", {"text": "the tea"}, MONDAY_MORNING)
    store.words.add("pulse", {"close": 7}, MONDAY_MORNING)
    later = store.words.add("thanks", {"text": "the note"}, MONDAY_MORNING + HOUR)
    assert [word.body["text"] for word in store.words.of("thanks")] == ["the tea", "the note"]
    assert [word.seq for word in store.words.of("thanks", MONDAY_MORNING + HOUR)] == [later]
    store.words.change(later, {"text": "the letter"})
    found = store.words.get(later)
    assert found is not None
    assert found.body == {"text": "the letter"}
    store.words.remove(later)
    assert store.words.get(later) is None


def test_sealed_words_can_not_be_read_in_the_file_nor_without_the_seal(store: Store, tmp_path: Path) -> None:
    store.words.add("thanks", {"text": "said openly"}, MONDAY_MORNING)
    store.words.seal = Mirror()
    store.words.add("thanks", {"text": "a canary"}, MONDAY_MORNING)
    assert [word.body["text"] for word in store.words.of("thanks")] == ["said openly", "a canary"]
    assert not any(b"a canary" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    store.words.seal = None
    assert len(store.words.times("thanks")) == 2
    with pytest.raises(Refused, match="sealed"):
        store.words.of("thanks")


def test_a_word_that_is_broken_is_said_in_one_sentence_without_what_is_in_it(store: Store) -> None:
    number = store.words.add("thanks", {"text": "a canary"}, MONDAY_MORNING)
    store.database.write("UPDATE word SET body = substr(body, 1, 12) WHERE seq = ?", number)
    with pytest.raises(StateDamaged, match=f"word {number} of what you wrote") as broken:
        store.words.of("thanks")
    assert "canary" not in "".join(traceback.format_exception(broken.value))
    store.words.remove(number)
    assert store.words.of("thanks") == []


def test_words_are_forgotten_after_keep_words(store: Store) -> None:
    for days in (0, 85, 95):
        store.words.add("thanks", {"days": days}, MONDAY_MORNING - days * A_DAY)
    renew(store, settings(), BERLIN, MONDAY_MORNING)
    assert [word.body["days"] for word in store.words.of("thanks")] == [85, 0]


def test_a_note_is_said_once_with_its_text_and_can_be_taken_back(store: Store) -> None:
    note = Note("Two weeks in", "Slow is fine.")
    name = say_once(store, "expect:date-night:14", note, MONDAY_MORNING + HOUR, ZONE, MONDAY_MORNING)
    assert name is not None
    assert say_once(store, "expect:date-night:14", note, MONDAY_MORNING + HOUR, ZONE, MONDAY_MORNING) is None
    plan = renew(store, settings(), BERLIN, MONDAY_MORNING)
    assert [(item.title, item.prompt, item.private) for item in plan.occurrences] == [
        ("Two weeks in", "Slow is fine.", True)
    ]
    assert [word.due for word in plan.reminders] == [MONDAY_MORNING + HOUR]
    take_back(store, name)
    assert renew(store, settings(), BERLIN, MONDAY_MORNING).occurrences == ()


def test_a_card_fits_a_page_and_keeps_its_lines() -> None:
    text = card("How we are", ["word " * 40, "  one\n  two", line_to_fill("One wish:")])
    assert max(map(len, text.splitlines())) == WIDTH
    assert "  one\n  two\n" in text
    assert "  One wish: ____" in text


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that adds a line, and notes with which modes it found the file."""
    program = tmp_path / "ed"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys\np = sys.argv[-1]\n"
        "open(os.path.join(os.path.dirname(sys.argv[0]), 'seen'), 'w').write("
        "' '.join(oct(os.stat(q).st_mode & 0o777) for q in (p, os.path.dirname(p))))\n"
        "open(p, 'a').write('I feel glad\\n')\n"
    )
    program.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(program))
    return program


def test_what_was_written_in_the_editor_comes_back_and_no_copy_stays(editor: Path, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert own_words.from_editor("# for you\n\n", folder) == "I feel glad"
    assert (editor.parent / "seen").read_text() == "0o600 0o700"
    assert list(folder.iterdir()) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_unchanged_template_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")
    assert own_words.from_editor("# for you\nI feel … when …\n", tmp_path) == ""
    monkeypatch.setenv("VISUAL", "false")
    with pytest.raises(ReconnectdError, match="nothing was kept"):
        own_words.from_editor("", tmp_path)


def test_own_words_as_an_argument_are_refused_with_the_better_way() -> None:
    own_words.refuse_argument((), "reconnect thanks")
    own_words.refuse_argument(("-",), "reconnect thanks")
    with pytest.raises(WrongUsage, match="shell's history"):
        own_words.refuse_argument(("for", "the", "tea"), "reconnect thanks")


def writing(folder: Path, editor: str) -> subprocess.Popen[bytes]:
    """Somebody in the middle of a draft."""
    program = f"from pathlib import Path; from reconnectd.cli.own_words import from_editor; \
from_editor('a canary', Path({str(folder)!r}))"
    process = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "VISUAL": editor})
    wait_until(lambda: list(folder.glob("draft-*/begun")), "the editor")
    return process


@pytest.fixture
def slow_editor(tmp_path: Path) -> str:
    program = tmp_path / "slow"
    program.write_text(
        '#!/bin/sh\ncp "$1" "$1~"\ntouch "$(dirname "$1")/begun"\nwhile [ -e "$1" ]; do sleep 0.1; done\n'
    )
    program.chmod(0o700)
    return shlex.quote(str(program))


@pytest.mark.parametrize("end", [signal.SIGHUP, signal.SIGTERM])
def test_a_window_closed_in_the_middle_of_a_draft_leaves_no_copy(
    end: signal.Signals, slow_editor: str, tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    process = writing(folder, slow_editor)
    process.send_signal(end)
    assert process.wait(20) == 128 + end
    assert list(folder.iterdir()) == []


def test_what_a_killed_command_left_goes_with_the_next_and_a_draft_being_written_stays(
    slow_editor: str, here: Here
) -> None:
    here.write('[routine.date-night]\non = "fri"\nat = "19:30"\nlasting = "2h"\n')
    process = writing(here.state, slow_editor)
    here.run("thanks", "--list")
    assert len(list(here.state.glob("draft-*/draft.txt~"))) == 1
    process.kill()
    process.wait(20)
    assert here.run("thanks", "--list").returncode == 0
    assert list(here.state.glob("draft-*")) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("vim.basic", "-i NONE"),
        ("nvim", "-i NONE"),
        ("emacs-nox", "make-backup-files nil"),
        ("emacsclient", ""),
        ("ed", ""),
    ],
)
def test_an_editor_that_keeps_copies_elsewhere_is_told_not_to(
    name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / name
    program.write_text('#!/bin/sh\necho "$*" > "$0.told"\n')
    program.chmod(0o700)
    monkeypatch.setenv("VISUAL", shlex.quote(str(program)))
    own_words.from_editor("", tmp_path / "state")
    said = Path(f"{program}.told").read_text()
    assert told in said
    assert said.strip().endswith("/draft.txt")
    assert bool(told) == (len(said.split()) > 1)


def test_whoever_chose_an_editor_on_this_machine_gets_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, editor: Path
) -> None:
    monkeypatch.delenv("VISUAL")
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".selected_editor").write_text(f'# Generated\nSELECTED_EDITOR="{editor}"\n')
    assert own_words.from_editor("", tmp_path / "state") == "I feel glad"


def test_words_that_are_let_go_of_leave_the_log_beside_the_file_too(store: Store, tmp_path: Path) -> None:
    def files() -> bytes:
        return b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir())

    with closing(Store(store.database.path)) as another:
        number = another.words.add("thanks", {"text": "a canary"}, MONDAY_MORNING)
        old = another.words.add("thanks", {"text": "an older canary"}, MONDAY_MORNING - 100 * A_DAY)
        another.words.change(old, {"text": "said otherwise"})
        assert (b"a canary" in files(), b"older" in files()) == (True, False)
        another.words.remove(number)
        assert b"canary" not in files()
        renew(another, settings(), BERLIN, MONDAY_MORNING)
        assert b"otherwise" not in files()
