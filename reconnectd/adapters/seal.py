"""The seal over a person's own words: ChaCha20-Poly1305 (RFC 8439) with a fresh random nonce for each of them.

The only module that knows the library `cryptography`, which is loaded when something is sealed or opened.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from reconnectd.errors import Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_BYTES, NONCE_BYTES = 32, 12
FORM = b"\x01"
"""The first byte of what is sealed, so that another form can be told apart one day; nonce and text follow."""

ABOUT = b"reconnectd: a person's own words"


class WordSeal:
    """`ports.Seal`. `key` gives the key as text, and is asked once, when it is first needed."""

    def __init__(self, key: Callable[[], str]) -> None:
        self._key = key
        self._cipher: ChaCha20Poly1305 | None = None

    def ready(self) -> None:
        """Ask for the key now; Refused where it can't be had, or whatever `key` raises of ours."""
        if self._cipher is None:
            self._cipher = _cipher(self._key())

    def close(self, plain: bytes) -> bytes:
        """Encrypted and authenticated."""
        nonce = os.urandom(NONCE_BYTES)
        return FORM + nonce + self._ready().encrypt(nonce, plain, ABOUT)

    def open(self, sealed: bytes) -> bytes:
        """The words again; Refused where they were sealed with another key, or altered."""
        cipher = self._ready()
        from cryptography.exceptions import InvalidTag

        nonce, text = sealed[len(FORM) : len(FORM) + NONCE_BYTES], sealed[len(FORM) + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, ABOUT)
        except (InvalidTag, ValueError):
            raise Refused(
                "some of your words can't be opened: they were sealed with another key, or altered",
                "an older copy of the state in backups/ beside it may still open",
            ) from None

    def _ready(self) -> ChaCha20Poly1305:
        self.ready()
        assert self._cipher is not None
        return self._cipher


def new_key() -> str:
    """A key that nobody had before, as text that a keyring takes."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def new_name() -> str:
    """What a key is called, so that an older copy of the state still finds its own."""
    return os.urandom(8).hex()


def _cipher(key: str) -> ChaCha20Poly1305:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    except ImportError:
        raise Refused(
            "sealing needs the library cryptography, which isn't installed", 'pip install "reconnectd[sealed]"'
        ) from None
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise Refused("what the keyring holds is no key of reconnectd's", "put the right one back")
    return ChaCha20Poly1305(raw)
