"""The key of a person's own words: in the keyring, fetched when words are read or written, and never for the plan."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reconnectd.adapters.store.sealing import KEY, LAST_KEY, counts
from reconnectd.errors import ReconnectdError, Refused, Unreachable, Waiting

if TYPE_CHECKING:
    from reconnectd.adapters.seal import WordSeal
    from reconnectd.adapters.store import Store

T = TypeVar("T")

OTHERS_GO_ON = "your plan and your reminders don't need it"
NO_KEY = "the key of your words isn't in the keyring"
NO_KEY_FIX = "bring the keyring back; if it is lost for good, `reconnect seal --forget` lets go of what it closed"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was done: how many words, how many copies; `left` are copies that can't be opened, and `clean` says that
    nothing readable stays in the file."""

    words: int
    copies: int = 0
    left: tuple[Path, ...] = ()
    clean: bool = True


def set_seal(store: Store, *, may_ask: bool = True, at_once: bool = False) -> None:
    """What is read and written through `store` goes through the seal from now on, where the words are sealed.
    `at_once` fetches the key now, so that nobody waits for a keyring inside a transaction."""
    name = store.meta(KEY)
    if name:
        seal = _seal(name, may_ask=may_ask)
        store.words.seal = seal
        if at_once:
            seal.ready()


def seal(store: Store) -> Sealed:
    """Seal everything, with the key there was, or a new one; also what was kept plain meanwhile."""
    from reconnectd.adapters.store.sealing import leave_nothing, seal_all, seal_copies

    name = store.meta(KEY) or _key_of_before(store) or _make_key()
    with_key = _seal(name, may_ask=True)
    with_key.ready()
    words = seal_all(store.database, with_key, name)
    store.words.seal = with_key
    clean = leave_nothing(store.database)
    copies, left = seal_copies(store.database.path, with_key, name)
    return Sealed(words, copies, tuple(left), clean)


def unseal(store: Store) -> Sealed:
    """Open everything. The key stays in the keyring: copies that were made meanwhile need it."""
    from reconnectd.adapters.store.sealing import open_all

    with_key = _seal(store.meta(KEY) or "", may_ask=True)
    with_key.ready()
    words = open_all(store.database, with_key)
    store.words.seal = None
    return Sealed(words)


def forget(store: Store) -> Sealed:
    """Let go of what is sealed, without a key."""
    from reconnectd.adapters.store.sealing import let_go

    words = let_go(store.database)
    store.words.seal = None
    return Sealed(words)


def is_sealed(store: Store) -> bool:
    """Is what is written sealed?"""
    return bool(store.meta(KEY))


def plain_and_sealed(store: Store) -> tuple[int, int]:
    """How many words are kept plain, and how many sealed; needs no key."""
    return counts(store.database)


def look_for_key(store: Store) -> None:
    """Nobody is asked for anything: Refused where the key is gone, Waiting while the keyring is locked."""
    _seal(store.meta(KEY) or "", may_ask=False).ready()


def key_name(store: Store) -> str | None:
    """What the newest key is called, in use or not; None when there never was one."""
    return store.meta(LAST_KEY)


def drop_key(name: str) -> None:
    """Take a key out of the keyring, as far as that goes: all that it closed is gone."""
    from reconnectd.adapters.secrets import take_from_keyring

    with contextlib.suppress(ReconnectdError):
        take_from_keyring(_account(name))


def _seal(name: str, *, may_ask: bool) -> WordSeal:
    from reconnectd.adapters.seal import WordSeal

    return WordSeal(partial(_key, name, may_ask=may_ask))


def _account(name: str) -> str:
    return f"words:{name}"


def _key(name: str, *, may_ask: bool) -> str:
    from reconnectd.adapters.secrets import in_keyring

    found = _in_our_words(lambda: in_keyring(_account(name), may_ask=may_ask))
    if not found:
        raise Refused(NO_KEY, NO_KEY_FIX)
    return found


def _key_of_before(store: Store) -> str | None:
    """The name of a key that was used here once and is still there."""
    name = store.meta(LAST_KEY)
    with contextlib.suppress(Refused):
        if name and _key(name, may_ask=True):
            return name
    return None


def _make_key() -> str:
    """A new key, in the keyring and seen to be there; its name."""
    from reconnectd.adapters.seal import new_key, new_name
    from reconnectd.adapters.secrets import put_in_keyring

    name, key = new_name(), new_key()
    _in_our_words(lambda: put_in_keyring(_account(name), key))
    if _key(name, may_ask=True) != key:
        raise Refused("the keyring does not give back what it was given; nothing was sealed", "look at your keyring")
    return name


def _in_our_words(ask: Callable[[], T]) -> T:
    with _translated():
        return ask()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The keyring's trouble is told of the words, not of a calendar's password."""
    try:
        yield
    except Waiting:
        raise Waiting(
            "the keyring is locked, and the key of your words is in it", f"unlock it; {OTHERS_GO_ON}"
        ) from None
    except Unreachable:
        raise Unreachable(
            "no keyring answers here, and the key of your words belongs in one",
            "try again inside your desktop session",
        ) from None
    except Refused:
        raise Refused(
            "the keyring can't be used for the key of your words", f"look at your keyring; {OTHERS_GO_ON}"
        ) from None
