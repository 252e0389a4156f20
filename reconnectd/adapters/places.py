"""Where files are: the XDG base directories, platformdirs on macOS and Windows only."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

NAME = "reconnectd"
CONFIG_VARIABLE = "RECONNECTD_CONFIG"


class Places(NamedTuple):
    """Every folder and file of one user: `state` and `data` are folders of ours, `config` is a file."""

    config: Path
    state: Path
    data: Path

    @property
    def database(self) -> Path:
        """The truth."""
        return self.state / "reconnectd.db"

    @property
    def daemon_lock(self) -> Path:
        """Held by the one resident process."""
        return self.state / "reconnectd.lock"

    @property
    def sync_lock(self) -> Path:
        """Held by the one sync."""
        return self.state / "sync.lock"

    @property
    def calendar(self) -> Path:
        """The embedded calendar."""
        return self.data / "calendar"


def places(environ: Mapping[str, str], config: str | None = None) -> Places:
    """`config` is what --config says; it wins over $RECONNECTD_CONFIG, which wins over the usual place."""
    home = Path(environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir)
    roots = _xdg(environ, home) if sys.platform.startswith("linux") else _platform()
    named = config or environ.get(CONFIG_VARIABLE)
    file = Path(named).expanduser().absolute() if named else roots["config"] / NAME / "config.toml"
    return Places(config=file, state=roots["state"] / NAME, data=roots["data"] / NAME)


def _xdg(environ: Mapping[str, str], home: Path) -> dict[str, Path]:
    """A relative path in one of the variables is to be ignored, as the specification says."""
    defaults = {"config": ".config", "state": ".local/state", "data": ".local/share"}
    found = {}
    for kind, default in defaults.items():
        named = Path(environ.get(f"XDG_{kind.upper()}_HOME", ""))
        found[kind] = named if named.is_absolute() else home / default
    return found


def _platform() -> dict[str, Path]:
    import platformdirs

    return {
        "config": Path(platformdirs.user_config_dir()),
        "state": Path(platformdirs.user_state_dir()),
        "data": Path(platformdirs.user_data_dir()),
    }
