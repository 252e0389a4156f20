from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconnectd.adapters.systemd import ServiceManager


class Manager:
    """The listening side of sd_notify."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.settimeout(5)
        self.environ = {"NOTIFY_SOCKET": address}

    def heard(self) -> dict[str, str]:
        lines = self._socket.recv(4096).decode().split("\n")
        return dict(line.split("=", 1) for line in lines)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(str(tmp_path / "notify"))
    yield made
    made.close()


def test_ready_comes_with_a_status(manager: Manager) -> None:
    ServiceManager(manager.environ).ready("next word at 19:00")
    assert manager.heard() == {"READY": "1", "STATUS": "next word at 19:00"}


def test_a_reload_says_since_when_and_ends_with_ready(manager: Manager) -> None:
    service = ServiceManager(manager.environ)
    before = time.monotonic_ns() // 1000
    service.reloading()
    service.ready()
    heard = manager.heard()
    assert heard["RELOADING"] == "1"
    assert before <= int(heard["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000
    assert manager.heard() == {"READY": "1"}


def test_stopping_and_watchdog_are_said(manager: Manager) -> None:
    service = ServiceManager(manager.environ)
    service.watchdog()
    service.stopping()
    assert manager.heard() == {"WATCHDOG": "1"}
    assert manager.heard() == {"STOPPING": "1"}


def test_a_status_cannot_say_more_than_a_status(manager: Manager) -> None:
    ServiceManager(manager.environ).status("all well\nWATCHDOG=trigger\n")
    assert manager.heard() == {"STATUS": "all well WATCHDOG=trigger"}


@pytest.mark.skipif(not Path("/proc/net/unix").exists(), reason="abstract sockets are of Linux")
def test_an_abstract_address_is_understood() -> None:
    manager = Manager(f"@reconnectd-test-{os.getpid()}")
    ServiceManager(manager.environ).ready()
    assert manager.heard() == {"READY": "1"}
    manager.close()


def test_without_a_manager_nothing_happens() -> None:
    service = ServiceManager({})
    service.ready("hello")
    service.watchdog()
    assert not service.listens
    assert service.watchdog_interval is None


@pytest.mark.parametrize("address", ["/nowhere/notify", "nonsense", "/" + "long" * 50, "vsock:2:1"])
def test_a_manager_that_cannot_be_reached_stops_nobody(address: str, caplog: pytest.LogCaptureFixture) -> None:
    service = ServiceManager({"NOTIFY_SOCKET": address})
    service.ready()
    assert "doesn't hear" in caplog.text


ME = str(os.getpid())


@pytest.mark.parametrize(
    ("environ", "interval"),
    [
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": ME}, 60.0),
        ({"WATCHDOG_USEC": "2000000"}, 1.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0", "WATCHDOG_PID": ME}, None),
        ({"WATCHDOG_USEC": "often", "WATCHDOG_PID": ME}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_it_asks(environ: dict[str, str], interval: float | None) -> None:
    assert ServiceManager(environ).watchdog_interval == interval


def test_children_hear_nothing_of_it_and_the_service_still_speaks(manager: Manager) -> None:
    environ = manager.environ | {"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": ME, "HOME": "/home/alex"}
    service = ServiceManager(environ)
    service.hide(environ)
    assert environ == {"HOME": "/home/alex"}
    service.ready()
    assert manager.heard() == {"READY": "1"}
