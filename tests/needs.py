"""What a test needs from the machine, said in one place.

A test that needs a program which isn't there skips and says which Debian package has it. With
RECONNECTD_TESTS_STRICT=1 (as CI sets it, after installing the packages) the same is a failure; only what the
kernel refuses is excused, and printed.
"""

from __future__ import annotations

import os
import shutil

import pytest

STRICT = os.environ.get("RECONNECTD_TESTS_STRICT") == "1"

PACKAGE = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
    "dbus-run-session": "dbus",
    "desktop-file-validate": "desktop-file-utils",
    "dunst": "dunst",
    "gdbus": "libglib2.0-bin",
    "gnome-keyring-daemon": "gnome-keyring",
    "gio": "libglib2.0-bin",
    "nsenter": "util-linux",
    "notify-send": "libnotify-bin",
    "dunstctl": "dunst",
    "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd": "xfce4-notifyd",
    "xdotool": "xdotool",
    "tmux": "tmux",
    "remind": "remind",
    "faketime": "faketime",
    "systemd-analyze": "systemd",
    "/lib/systemd/systemd": "systemd",
    "journalctl": "systemd",
    "systemctl": "systemd",
    "openssl": "openssl",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "bash": "bash",
    "zsh": "zsh",
    "fish": "fish",
    "mandoc": "mandoc",
    "groff": "groff-base",
    "man": "man-db",
}


def missing(*programs: str) -> str:
    """Why a test that needs `programs` can't run here; "" when it can."""
    absent = [name for name in programs if shutil.which(name) is None]
    packages = sorted({PACKAGE.get(name, name) for name in absent})
    return f"needs the Debian package {', '.join(packages)}" if absent else ""


def require(*programs: str) -> None:
    """Inside a fixture or test: skip with the reason, or fail with it where skipping isn't allowed."""
    if why := missing(*programs):
        if STRICT:
            pytest.fail(why)
        pytest.skip(why)


def needs(*programs: str) -> pytest.MarkDecorator:
    """A mark for a test that needs `programs`."""
    why = missing(*programs)
    return pytest.mark.skipif(bool(why) and not STRICT, reason=why)


def kernel_refuses(what: str) -> None:
    """Skip, also where skipping isn't allowed: the kernel of this machine said no. The reason is printed."""
    pytest.skip(f"the kernel refuses: {what}")
