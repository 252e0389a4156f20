"""A password in clear: refused beyond this machine; where the config allows it, warned of at every start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from home import Home, home, wait_until

from reconnectd import config
from reconnectd.config.address import in_clear

WORDS = "without encryption"
CONFIG = """\
[people]
me = "Alex"

[calendar]
url = "{url}"
allow_insecure_http = {allowed}
username = "alex"
password_command = ["echo", "x"]
seen_by = "me"
"""


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("http://192.0.2.1/", True),
        ("http://cloud.example.org/", True),
        ("https://cloud.example.org/", False),
        ("cloud.example.org", False),
        ("http://127.0.0.1:5232/", False),
        ("http://[::1]/", False),
        ("http://localhost/", False),
    ],
)
def test_who_could_read_it(url: str, clear: bool) -> None:
    assert in_clear(config.parse(CONFIG.format(url=url, allowed="true"), Path("/x/config.toml")).calendar) is clear


@pytest.fixture
def open_network() -> Iterator[Home]:
    """Nobody listens at that address: it is one of the documentation's, and not asked here."""
    with home() as where:
        where.write(CONFIG.format(url="http://0.0.0.0:9/", allowed="true"))
        yield where


def test_it_is_said_by_the_check_by_a_sync_and_at_every_start(open_network: Home) -> None:
    assert WORDS in open_network.run("config", "check").stdout
    ran = open_network.run("--json", "sync")
    assert WORDS in ran.stderr
    assert WORDS not in ran.stdout
    with open_network.daemon():
        assert wait_until(lambda: WORDS in open_network.log(), "the warning")


def test_not_allowed_it_is_refused_before_anything_is_sent(open_network: Home) -> None:
    open_network.write(CONFIG.format(url="http://192.0.2.1/", allowed="false"))
    ran = open_network.run("sync")
    assert (ran.returncode, ran.stdout) == (78, "")
    assert "would send the password in clear" in ran.stderr


def test_without_need_nobody_is_warned(open_network: Home) -> None:
    open_network.write(CONFIG.format(url="http://127.0.0.1:9/", allowed="true"))
    assert WORDS not in open_network.run("config", "check").stdout
    assert WORDS not in open_network.run("sync").stderr
