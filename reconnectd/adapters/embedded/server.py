"""The embedded calendar's own process: Radicale, for one person, on 127.0.0.1.

Started by `keeper.py` as `python -m reconnectd.adapters.embedded.server FOLDER PORT PARENT`. Standard input
is one end of a socket pair: when the other end closes, because the parent says so or because it died, the
server stops.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def configuration(folder: Path, port: int) -> dict[str, dict[str, str]]:
    """What Radicale is told; everything else stays at its default."""
    return {
        "server": {"hosts": f"127.0.0.1:{port}", "delay_on_error": "0", "max_content_length": "16777216"},
        "auth": {
            "type": "htpasswd",
            "htpasswd_filename": str(folder / "users"),
            "htpasswd_encryption": "plain",
            "delay": "0",
        },
        "rights": {"type": "owner_only"},
        "storage": {"filesystem_folder": str(folder / "collections")},
        "web": {"type": "none"},
        "logging": {"level": "error"},
    }


def known(wanted: Mapping[str, Mapping[str, str]], schema: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Only the options that this version of Radicale has (some are younger than 3.5)."""
    return {
        section: {key: value for key, value in options.items() if key in schema[section]}
        for section, options in wanted.items()
    }


def end_with(parent: int) -> None:
    """Ask the kernel to end us with our parent, should the socket pair not get through."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def main(argv: list[str]) -> None:
    """Serve until told to stop."""
    folder, port, parent = Path(argv[0]), int(argv[1]), int(argv[2])
    os.umask(0o077)
    end_with(parent)
    leash = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGTERM, lambda *_: leash.shutdown(socket.SHUT_RD))
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    from radicale import config, log, server

    log.logger.setLevel("ERROR")  # below that it writes addresses and headers
    settings = config.load()
    settings.update(known(configuration(folder, port), config.DEFAULT_CONFIG_SCHEMA), "reconnectd")
    server.serve(settings, leash)


if __name__ == "__main__":
    main(sys.argv[1:])
