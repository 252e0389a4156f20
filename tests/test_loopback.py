"""Which hosts are this machine, for the config and for the connection alike."""

from __future__ import annotations

import pytest

from reconnectd.core.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_it_stays_on_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "", ".", "cloud.example.org", "localhost.example.org", "dav.localhost", "127.0.0.1.example.org", "128.0.0.1",
        "0.0.0.0", "192.168.1.2", "::", "[fe80::1]",
    ],
)  # fmt: skip
def test_it_may_be_another_machine(host: str) -> None:
    assert not is_loopback(host)
