"""A message bus of a test's own: dbus-daemon in a folder of its own, on which nothing is ever started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from needs import require

CONFIG = """<busconfig><type>session</type><listen>unix:path={socket}</listen>{services}
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


def trap(folder: Path, name: str, then: str = "exit 1") -> Path:
    """A service file that could be started for `name`; the file that it makes when it is, before it
    goes on with `then`. To be set before the bus starts."""
    marker = folder / "started"
    exec_line = f"/bin/sh -c 'touch {marker}; {then}'"
    (folder / "trap.service").write_text(f"[D-BUS Service]\nName={name}\nExec={exec_line}\n")
    return marker


class PrivateBus:
    """A dbus-daemon that can be stopped, started again at the same address, and made to hang."""

    def __init__(self, folder: Path, services: Path | None = None) -> None:
        self.socket = folder / "bus"
        self.address = f"unix:path={self.socket}"
        self._config = folder / "bus.conf"
        wanted = f"<servicedir>{services}</servicedir>" if services else ""
        self._config.write_text(CONFIG.format(socket=self.socket, services=wanted))
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = ["dbus-daemon", f"--config-file={self._config}", "--nofork", "--nopidfile", "--print-address"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline(), "dbus-daemon did not start"

    def crash(self) -> None:
        """End without a word to anybody."""
        assert self._process is not None
        self._process.kill()
        self.stop()

    def stop(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGCONT)
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        self.socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)


@contextlib.contextmanager
def private_bus(services: Path | None = None, *, started: bool = True) -> Iterator[PrivateBus]:
    """A private bus, in a folder with a short name (socket paths end at 107 bytes)."""
    require("dbus-daemon")
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:
        bus = PrivateBus(Path(folder), services)
        if started:
            bus.start()
        try:
            yield bus
        finally:
            bus.stop()
