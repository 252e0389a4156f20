"""A limit for what may wait on somebody else: a server, a keyring, a bus."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from reconnectd.errors import ReconnectdError, Unreachable

T = TypeVar("T")

SECONDS = 10.0


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises of ours; Unreachable after `seconds`, and nobody waits for it any more."""
    box: list[T] = []
    raised: list[ReconnectdError] = []

    def run() -> None:
        try:
            box.append(call())
        except ReconnectdError as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not box:
        raise Unreachable(
            f"no answer within {seconds:.0f} s", "look at the network and at what it waits for, then again"
        )
    return box[0]
