"""Tells the service manager how the daemon is doing: sd_notify(3), without a library."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping, MutableMapping

_log = logging.getLogger(__name__)

_OURS = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


class ServiceManager:
    """Whoever started the daemon and wants to hear from it; says nothing when nobody does."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self._interval = _watchdog_interval(environ)

    @property
    def listens(self) -> bool:
        """Was the daemon started by somebody who wants to hear from it?"""
        return self._address != ""

    @property
    def watchdog_interval(self) -> float | None:
        """Seconds between two `watchdog()`, half of what is allowed; None when nobody waits for them."""
        return self._interval

    def ready(self, status: str = "") -> None:
        """The daemon works: said once it listens, and at the end of a reload."""
        self._send("READY=1", *_status(status))

    def reloading(self) -> None:
        """The config is read anew; `ready` ends it."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The daemon is about to end."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`; never anything private."""
        self._send(*_status(text))

    def watchdog(self) -> None:
        """The daemon is alive and well."""
        self._send("WATCHDOG=1")

    def hide(self, environ: MutableMapping[str, str]) -> None:
        """Take everything that is between the manager and this process out of what children will inherit."""
        for name in _OURS:
            environ.pop(name, None)

    def _send(self, *lines: str) -> None:
        """Best effort: a manager that doesn't listen is no reason to stop."""
        if not self._address or not lines:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
                connection.settimeout(1)
                connection.sendto("\n".join(lines).encode(), address)
        except (OSError, ValueError) as error:
            _log.warning("the service manager doesn't hear: %s", error)


def _status(text: str) -> tuple[str, ...]:
    return (f"STATUS={' '.join(text.split())}",) if text else ()


def _watchdog_interval(environ: Mapping[str, str]) -> float | None:
    """Half of WATCHDOG_USEC, if that is meant for this very process (sd_watchdog_enabled(3))."""
    try:
        allowed = int(environ["WATCHDOG_USEC"])
        meant = int(environ.get("WATCHDOG_PID") or os.getpid())
    except (KeyError, ValueError):
        return None
    return allowed / 2_000_000 if allowed > 0 and meant == os.getpid() else None
