"""The desktop's keyring, a real one: asked, locked, and nobody bothered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from home import Home, home, wait_until
from secret_service import SecretService, secret_service
from servers import PASSWORD, USER, Server, radicale

__all__ = ["radicale"]

CONFIG = """\
[people]
me = "Alex"

[calendar]
url = "{url}"
username = "{user}"
password_keyring = true
calendar = "{name}"
seen_by = "me"

[routine.date-night]
on = "fri"
at = "19:30"
lasting = "2h"
"""


@pytest.fixture
def keys() -> Iterator[SecretService]:
    """With the calendar's password in it."""
    with secret_service() as service:
        service.store(USER, PASSWORD)
        yield service


@pytest.fixture
def alex(keys: SecretService, radicale: Server, request: pytest.FixtureRequest) -> Iterator[Home]:
    """Somebody whose password is in that keyring."""
    with home(keys.address) as where:
        where.write(CONFIG.format(url=radicale.url, user=USER, name=request.node.name))
        yield where


def test_a_sync_takes_the_password_from_the_keyring(keys: SecretService, alex: Home) -> None:
    assert (alex.json("sync")["pushed"], keys.prompts) == (1, 0)


def test_one_that_has_none_is_told_with_the_command_that_stores_it(alex: Home) -> None:
    alex.write(alex.config.read_text().replace(f'"{USER}"', '"sam"'))
    ran = alex.run("sync")
    assert (ran.returncode, ran.stdout) == (77, "")
    assert "keyring set reconnectd sam" in ran.stderr


def test_where_no_keyring_is_or_none_yet_it_is_tried_again_later(alex: Home) -> None:
    alex.bus = None
    ran = alex.run("sync", "--verbose")
    assert (ran.returncode, ran.stdout) == (69, "")
    assert "no keyring answers here" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_while_it_is_locked_everything_else_goes_on_and_nobody_is_asked(keys: SecretService, alex: Home) -> None:
    keys.lock()
    with alex.daemon():
        said = wait_until(lambda: alex.json("status")["calendar"]["error"], "the sync to say how it went")
        assert "keyring is locked" in said
        assert "date-night" in {row["routine"] for row in alex.json("next")["occurrences"]}
        assert alex.run("remember", "--at", "tomorrow 18:00", "flowers").returncode == 0
        assert alex.run("done", "date-night").returncode == 0
    assert keys.prompts == 0
    assert "Traceback" not in alex.log()


def test_somebody_who_types_sync_is_asked_once(keys: SecretService, alex: Home) -> None:
    keys.lock()
    ran = alex.run("sync", "--verbose")
    assert (ran.returncode, ran.stdout, keys.prompts) == (75, "", 1)
    assert "the keyring is locked" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_answer_waits_for_the_keyring_and_asks_nobody(keys: SecretService, alex: Home) -> None:
    assert alex.json("sync")["pushed"] == 1
    keys.lock()
    assert alex.run("skip", "date-night").returncode == 0
    assert (alex.json("status")["calendar"]["pending"], keys.prompts) == (1, 0)
    keys.logout()
    keys.login()
    assert alex.json("sync")["pushed"] == 1


def test_unlocked_the_next_sync_does_what_waited(keys: SecretService, alex: Home) -> None:
    keys.lock()
    assert alex.json("sync")["error"]["code"] == 75
    keys.logout()
    keys.login()
    assert alex.json("sync")["pushed"] == 1
