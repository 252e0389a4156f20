"""The word that two people's machines share, for whoever has none yet."""

from __future__ import annotations

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike when somebody reads them aloud or copies them by hand."""


def household() -> str:
    """Such as "k3v9-rt2p": nobody guesses it, everybody can say it."""
    word = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{word[:4]}-{word[4:]}"
