"""A person's own words, sealed with a key in a real keyring: nothing readable stays, and no plan ever waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import pytest
from cli_here import PROGRAMS
from cli_runner import Person, person
from home import Home, home
from household import MONDAY_MORNING, store_in
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError
from needs import needs
from secret_service import SecretService, secret_service
from terminal import Terminal

from reconnectd.adapters.seal import WordSeal, new_key
from reconnectd.adapters.store import Store
from reconnectd.adapters.store.backups import back_up, copies, restore
from reconnectd.adapters.store.sealing import seal_all, seal_copies
from reconnectd.errors import Refused
from reconnectd.wiring.health import Health
from reconnectd.wiring.session import Session

__all__ = ["person"]

CANARY = "canary-of-the-words"
CONFIG = """\
[people]
me = "Alex"

[routine.sunday-talk]
practice = "check-in"
on = "sun"
at = "17:00"
lasting = "45 min"
calendar = false
"""


def test_what_is_sealed_opens_with_its_key_alone_and_never_looks_the_same() -> None:
    key = new_key()
    seal = WordSeal(lambda: key)
    once, again = seal.close(b"the tea"), seal.close(b"the tea")
    assert once != again
    assert b"tea" not in once
    assert seal.open(once) == WordSeal(lambda: key).open(again) == b"the tea"


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-1] + bytes([text[-1] ^ 1]), lambda text: text[:5], lambda _: b"", lambda _: b"{}"]
)
def test_what_was_altered_is_refused(spoil: object) -> None:
    key = new_key()
    seal = WordSeal(lambda: key)
    assert callable(spoil)
    with pytest.raises(Refused, match="another key, or altered"):
        seal.open(spoil(seal.close(b"the tea")))


def test_another_key_opens_nothing_and_what_is_no_key_is_told() -> None:
    with pytest.raises(Refused, match="another key"):
        WordSeal(new_key).open(WordSeal(new_key).close(b"the tea"))
    with pytest.raises(Refused, match="no key of reconnectd's"):
        WordSeal(lambda: "hunter2").close(b"the tea")


def test_copies_beside_the_state_are_sealed_and_a_broken_one_is_named(tmp_path: Path) -> None:
    key = new_key()
    seal = WordSeal(lambda: key)
    with store_in(tmp_path) as store:
        store.words.add("thanks", {"text": CANARY}, MONDAY_MORNING)
        database = store.database.path
        copy = back_up(database, MONDAY_MORNING.date())
        broken = database.with_name("reconnectd.db.damaged-1")
        broken.write_bytes(database.read_bytes()[:100] + b"x" * 5000)
        seal_all(store.database, seal, "a name")
        assert seal_copies(database, seal, "a name") == (1, [broken])
    assert copy is not None
    restored = Store(copy)
    assert restored.meta("words sealed") == "a name"
    restored.words.seal = seal
    assert [word.body["text"] for word in restored.words.of("thanks")] == [CANARY]
    restored.close()


class MemoryKeyring(KeyringBackend):
    """A keyring for one test; `trouble` is raised whenever it is asked for anything."""

    trouble: type[Exception] | None = None
    keys: ClassVar[dict[str, str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self._asked(service)
        return self.keys.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._asked(service)
        self.keys[username] = password

    def _asked(self, service: str) -> None:
        assert service == "reconnectd"
        if self.trouble is not None:
            raise self.trouble

    def delete_password(self, service: str, username: str) -> None:  # noqa: ARG002
        del self.keys[username]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """The keyring of this process."""
    before = keyring.get_keyring()
    found = MemoryKeyring()  # type: ignore[no-untyped-call]
    found.keys.clear()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def alex(person: Person, ring: MemoryKeyring) -> Person:  # noqa: ARG001
    """Somebody who keeps a thanks, of which there is a copy, too."""
    assert person.run("thanks", typed=CANARY).code == 0
    assert person.run("backup").code == 0
    return person


def readable(where: Home) -> list[str]:
    """Where the canary can be read."""
    return [path.name for path in where.folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def texts(alex: Person) -> list[str]:
    return [one["text"] for one in alex.json("thanks", "--list")["thanks"]]


def check(alex: Person) -> tuple[bool, str]:
    """What doctor says of one's own words."""
    found = Health(_session(alex))._words()
    return found.ok, found.detail


def _session(alex: Person) -> Session:
    session = Session(None)
    session.__dict__["now"] = alex.now
    return session


def test_sealed_nothing_readable_stays_in_any_file_and_the_owner_reads_on(alex: Person) -> None:
    assert len(readable(alex.home)) >= 2
    assert alex.run("seal").code == 2, "it is to be agreed to"
    assert check(alex)[1].startswith("kept as they are")
    assert alex.json("seal", "--yes") == {"sealed": True, "words": 1, "copies": 1, "left": [], "clean": True}
    assert readable(alex.home) == []
    alex.run("thanks", typed=f"{CANARY} two")
    alex.run("backup", str(alex.home.folder / "elsewhere.db"))
    assert readable(alex.home) == []
    assert texts(alex) == [CANARY, f"{CANARY} two"]
    assert check(alex) == (True, "sealed; their key is in the keyring")
    assert alex.json("seal", "--off")["words"] == 2
    assert texts(alex) == [CANARY, f"{CANARY} two"]


def test_while_the_keyring_is_locked_only_the_words_wait(alex: Person, ring: MemoryKeyring) -> None:
    alex.run("seal", "--yes")
    ring.trouble = KeyringLocked
    assert check(alex) == (True, "sealed; the keyring is locked, and the key of your words is in it")
    for words in ("next", "week", "remember flowers", "log"):
        assert alex.run(*words.split()).code == 0, words
    for words in ("thanks", "thanks --list", "feel --keep", "reappraise", "topic list"):
        said = alex.run(*words.split(), typed="words")
        assert (said.code, said.out) == (75, ""), words
        assert "your plan and your reminders don't need it" in said.err
    ring.trouble = None
    assert texts(alex) == [CANARY]


def test_a_lost_key_is_told_and_there_is_a_way_on(alex: Person, ring: MemoryKeyring) -> None:
    alex.run("seal", "--yes")
    ring.keys.clear()
    said = alex.run("thanks", "--list")
    assert (said.code, said.out) == (77, "")
    assert "`reconnect seal --forget`" in said.err
    assert not check(alex)[0]
    assert alex.run("seal", "--off").code == 77
    assert alex.run("next").code == 0
    assert alex.json("seal", "--forget", "--yes")["words"] == 1
    assert texts(alex) == []
    assert alex.run("thanks", typed="anew").code == 0


def test_what_came_in_without_the_key_is_told_and_sealed_by_the_next_seal(alex: Person) -> None:
    alex.run("seal", "--yes")
    store = Store(alex.home.database)
    store.words.add("thanks", {"text": CANARY}, MONDAY_MORNING)
    store.close()
    assert check(alex) == (False, "sealed, but 1 thing came in without the key")
    assert alex.json("seal")["words"] == 1
    assert readable(alex.home) == []
    assert check(alex)[0]


def test_off_and_on_again_it_is_the_same_key_and_wipe_takes_it_along(alex: Person, ring: MemoryKeyring) -> None:
    alex.run("seal", "--yes")
    before = dict(ring.keys)
    alex.run("seal", "--off")
    alex.run("seal", "--yes")
    assert ring.keys == before
    assert len(before) == 1
    assert alex.run("wipe", "--yes").code == 0
    assert ring.keys == {}


def test_a_copy_from_before_is_opened_by_the_key_of_its_time(alex: Person) -> None:
    alex.run("seal", "--yes")
    alex.run("seal", "--off")
    (copy,) = copies(alex.home.database)
    restore(alex.home.database, copy, "aside")
    assert texts(alex) == [CANARY]


@pytest.mark.parametrize("words", ["seal --off", "seal --forget --yes", "seal --off --forget"])
def test_what_is_not_sealed_is_neither_opened_nor_let_go_of(alex: Person, words: str) -> None:
    assert alex.run(*words.split()).code == 2
    assert texts(alex) == [CANARY]


def test_a_keyring_that_takes_nothing_changes_nothing(alex: Person, ring: MemoryKeyring) -> None:
    ring.trouble = KeyringLocked
    assert alex.run("seal", "--yes").code == 75
    assert texts(alex) == [CANARY]
    ring.trouble = NoKeyringError
    said = alex.run("seal", "--yes")
    assert (said.code, said.out) == (69, "")
    assert "no keyring answers here" in said.err
    assert texts(alex) == [CANARY]


@pytest.fixture
def sam() -> Iterator[tuple[Home, SecretService]]:
    """Somebody with a real keyring on their bus."""
    with secret_service() as keys, home(keys.address) as where:
        where.write(CONFIG)
        assert where.run("thanks", stdin=CANARY).returncode == 0
        yield where, keys


@needs("tmux")
def test_in_a_terminal_it_is_said_what_a_lost_key_means_before_anything_is_sealed(
    sam: tuple[Home, SecretService],
) -> None:
    where, keys = sam
    with where.daemon():
        with Terminal([PROGRAMS / "reconnect", "seal"], where.environ) as terminal:
            terminal.asks("Seal it? [y/N]")
            assert "the words are gone" in " ".join(terminal.screen().split())
            terminal.says("y")
            assert terminal.ended() == 0
            assert "Sealed: 1 thing you wrote" in terminal.screen()
        assert readable(where) == [], "the daemon has it open"
    assert where.json("thanks", "--list")["thanks"][0]["text"] == CANARY
    keys.lock()
    assert where.run("next").returncode == 0
    assert keys.prompts == 0, "no plan needs the key"
