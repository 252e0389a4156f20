"""The way to the calendar as `reconnect doctor` goes it: real servers, real certificates, and nothing secret told."""

from __future__ import annotations

import datetime as dt
import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from certificates import Certificate, certificate, with_tls
from home import home
from servers import PASSWORD, RADICALE_CONFIG, USER, Server, free_port, radicale, run_child, serving

from reconnectd.app.examination import Check
from reconnectd.core.settings import CalendarAccount
from reconnectd.wiring.account_health import AccountHealth
from reconnectd.wiring.known import Known
from reconnectd.wiring.session import Session

__all__ = ["radicale"]

ALL = ["calendar address", "certificate", "password", "login", "server clock"]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("own"), "IP:127.0.0.1", days=90)


@pytest.fixture(scope="module")
def secure(own: Certificate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Radicale, speaking TLS with a certificate of its own."""
    folder, port = tmp_path_factory.mktemp("secure"), free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    tls = f"ssl = True\ncertificate = {own.file}\nkey = {own.key}\n[auth]\ntype"
    config = RADICALE_CONFIG.format(port=port, folder=folder, rights="type = owner_only").replace("[auth]\ntype", tls)
    (folder / "config").write_text(config)
    for child in run_child([sys.executable, "-m", "radicale", "--config", str(folder / "config")], port, folder):
        yield Server("radicale", f"https://127.0.0.1:{port}/", USER, PASSWORD, folder, child.pid)


def looked(account: CalendarAccount, folder: Path, now: dt.datetime | None = None) -> list[Check]:
    session = Session(str(folder / "config.toml"))
    if now is not None:
        session.__dict__["now"] = now
    return list(AccountHealth(session, Known(session), account, lambda _: None).checks())


def account_of(server: Server, secret: str = PASSWORD, **changes: object) -> CalendarAccount:
    return server.account(password_command=("printf", "%s", secret), **changes)


def last(checks: list[Check], name: str) -> Check:
    """The step at which the walk ended, because something is the matter there."""
    assert [check.ok for check in checks] == [True] * (len(checks) - 1) + [False], checks
    assert checks[-1].name == name
    assert PASSWORD not in "".join(check.detail + check.fix for check in checks)
    return checks[-1]


def test_with_its_ca_file_every_step_is_in_order(secure: Server, own: Certificate, tmp_path: Path) -> None:
    checks = looked(account_of(secure, ca_file=own.file), tmp_path)
    assert [(check.name, check.ok) for check in checks] == [(name, True) for name in ALL]
    assert "trusted, until 20" in checks[1].detail
    assert checks[1].fix == ""
    assert USER in checks[3].detail


def test_with_its_fingerprint_too(secure: Server, own: Certificate, tmp_path: Path) -> None:
    checks = looked(account_of(secure, tls_fingerprint=own.fingerprint), tmp_path)
    assert [check.ok for check in checks] == [True] * 5
    assert "the one in tls_fingerprint" in checks[1].detail


def test_without_either_it_tells_the_fingerprint_to_compare(secure: Server, own: Certificate, tmp_path: Path) -> None:
    check = last(looked(account_of(secure), tmp_path), "certificate")
    assert "self-signed" in check.detail
    assert f'tls_fingerprint = "{own.fingerprint}"' in check.fix
    assert "openssl s_client" in check.fix


def test_another_fingerprint_and_a_ca_file_that_is_none_are_told(secure: Server, tmp_path: Path) -> None:
    check = last(looked(account_of(secure, tls_fingerprint="00" * 32), tmp_path), "certificate")
    assert "not the one in [calendar] tls_fingerprint" in check.detail
    (tmp_path / "none.pem").write_text("nothing")
    check = last(looked(account_of(secure, ca_file=tmp_path / "none.pem"), tmp_path), "certificate")
    assert ("ca_file" in check.detail, "openssl x509" in check.fix) == (True, True)


@pytest.mark.parametrize(
    ("name", "days", "words", "cure"),
    [("IP:127.0.0.1", -1, "isn't valid today", "`date`"), ("DNS:other.example", 9, "another name", "[calendar] url")],
)
def test_a_certificate_that_does_not_fit_is_told_before_the_password_is_asked_for(
    tmp_path: Path, name: str, days: int, words: str, cure: str
) -> None:
    bad = certificate(tmp_path, name, days)
    for fake in serving(lambda server: with_tls(server, bad)):
        account = CalendarAccount(
            url=fake.url.replace("http:", "https:"), username="alex", ca_file=bad.file,
            password_command=("touch", str(tmp_path / "asked")),
        )  # fmt: skip
        check = last(looked(account, tmp_path), "certificate")
        assert (words in check.detail, cure in check.fix) == (True, True), check
        assert fake.asked == []
    assert not (tmp_path / "asked").exists()


def test_one_that_ends_soon_is_told_in_time(tmp_path: Path) -> None:
    soon = certificate(tmp_path, "IP:127.0.0.1", days=5)
    for fake in serving(lambda server: with_tls(server, soon)):
        account = CalendarAccount(url=fake.url.replace("http:", "https:"), username="alex", ca_file=soon.file)
        check = looked(account, tmp_path)[1]
    assert (check.ok, "renew" in check.fix) == (True, True)


def test_on_this_machine_no_certificate_is_needed(radicale: Server, tmp_path: Path) -> None:
    checks = looked(account_of(radicale), tmp_path)
    assert [check.name for check in checks] == ["calendar address", "password", "login", "server clock"]
    assert "without encryption" in checks[0].detail


def test_an_address_where_nobody_is_and_a_name_that_nobody_knows(tmp_path: Path) -> None:
    for url, words in ((f"http://127.0.0.1:{free_port()}/", "nobody answers"), ("https://no.invalid/", "nobody knows")):
        check = last(looked(CalendarAccount(url=url, username="alex"), tmp_path), "calendar address")
        assert (words in check.detail, "[calendar] url" in check.fix) == (True, True)


def test_one_who_takes_the_call_and_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconnectd.wiring.account_health.SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = CalendarAccount(url=f"https://127.0.0.1:{silent.getsockname()[1]}/", username="alex")
        check = last(looked(account, tmp_path), "certificate")
    assert "did not answer in time" in check.detail


def test_a_calendar_on_this_machine_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon runs, and its server doesn't."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    session = Session(str(tmp_path / "config.toml"))
    known = Known(session)
    known.__dict__["pid"] = 1
    check = last(list(AccountHealth(session, known, CalendarAccount(), print).checks()), "calendar address")
    assert ("is not running" in check.detail, "start reconnectd" in check.fix) == (True, True)


def test_one_who_speaks_no_tls_is_told(radicale: Server, tmp_path: Path) -> None:
    account = replace(account_of(radicale), url=radicale.url.replace("http:", "https:"))
    assert "does not speak TLS" in last(looked(account, tmp_path), "certificate").detail


def test_a_password_that_is_not_to_be_had_is_told(radicale: Server, tmp_path: Path) -> None:
    account = radicale.account(password_file=tmp_path / "none")
    check = last(looked(account, tmp_path), "password")
    assert (str(tmp_path) in check.detail, check.fix != "") == (True, True)
    (tmp_path / "open").write_text(PASSWORD)
    (tmp_path / "open").chmod(0o644)
    assert "chmod 600" in last(looked(radicale.account(password_file=tmp_path / "open"), tmp_path), "password").fix


def test_where_only_the_service_has_the_password_nothing_is_tried(
    radicale: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    checks = looked(radicale.account(), tmp_path)
    assert [check.name for check in checks] == ["calendar address", "password"]
    assert (checks[1].ok, "only the service" in checks[1].detail) == (True, True)


def test_a_wrong_password_is_told_and_not_repeated(radicale: Server, tmp_path: Path) -> None:
    check = last(looked(account_of(radicale, "hush-hush"), tmp_path), "login")
    assert ("does not accept this login" in check.detail, "hush" in check.detail + check.fix) == (True, False)


def test_two_clocks_that_disagree_are_told(radicale: Server, tmp_path: Path) -> None:
    from reconnectd.adapters.clock import SystemClock

    ahead = SystemClock().now() + dt.timedelta(hours=3)
    check = last(looked(account_of(radicale), tmp_path, ahead), "server clock")
    assert "timedatectl" in check.fix


def test_the_program_tells_all_of_it_and_nothing_secret(secure: Server, own: Certificate) -> None:
    with home() as person:
        secret = person.folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        person.write(
            f'[people]\nme = "Alex"\n[routine.x]\ntitle = "A canary"\non = "fri"\nat = "19:30"\nlasting = "1h"\n'
            f'[calendar]\nurl = "{secure.url}"\nusername = "{USER}"\npassword_file = "{secret}"\n'
            f'ca_file = "{own.file}"\nseen_by = "me"\n'
        )
        ran = person.run("doctor", "--json")
        said = {check["name"]: check["ok"] for check in json.loads(ran.stdout)["checks"]}
        words = ran.stdout + person.run("doctor", "--verbose").stdout
    assert [said.get(name) for name in ALL] == [True] * 5
    assert PASSWORD not in words
    assert "A canary" not in words
