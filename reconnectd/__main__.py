"""`reconnectd`, and `python -m reconnectd [worker | foreground …]`."""

from __future__ import annotations

import sys


def daemon() -> None:
    """The console script of the resident process; the others are the same program with another first word."""
    argv = sys.argv[1:]
    if argv[:1] == ["worker"]:
        from reconnectd.wiring.worker import main as worker

        sys.exit(worker(argv[1:]))
    if argv[:1] == ["foreground"]:
        from reconnectd.cli.foreground import main as foreground

        sys.exit(foreground(argv[1:]))
    from reconnectd.wiring.resident import main as resident

    sys.exit(resident(argv))


if __name__ == "__main__":
    daemon()
