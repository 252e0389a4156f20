"""Whom the password is given to: encryption, certificates, the environment, and where a search may lead."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from certificates import Certificate, certificate, with_tls
from servers import Asked, FakeServer, Said, Server, serving

from reconnectd.adapters.dav import discover, open_calendar
from reconnectd.adapters.dav.locate import same_site, starting_points
from reconnectd.adapters.dav.wire import Wire
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ConfigError, Refused, Unreachable
from reconnectd.ports import Collection

EMPTY = b'<multistatus xmlns="DAV:"><sync-token>t</sync-token></multistatus>'


@pytest.fixture
def here(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, "IP:127.0.0.1")


@pytest.fixture
def secure(here: Certificate) -> Iterator[FakeServer]:
    for fake in serving(lambda server: with_tls(server, here)):
        fake.says(Said(207, EMPTY))
        yield replace(fake, url=fake.url.replace("http:", "https:"))


def ask(fake: FakeServer, **trust: Any) -> str | None:
    at = Collection(fake.url + "cal/", "Us", "", "", "basic")
    account = CalendarAccount(url=fake.url, username="alex", **trust)
    return open_calendar(account, "secret", at, create=False).changes("t0").token


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password(secure: FakeServer) -> None:
    with pytest.raises(Unreachable, match="could not prove who it is") as refused:
        ask(secure)
    assert "tls_fingerprint" in refused.value.fix
    assert secure.asked == []


def test_a_ca_file_or_a_fingerprint_makes_it_trusted(secure: FakeServer, here: Certificate) -> None:
    assert ask(secure, ca_file=here.file) == "t"
    assert ask(secure, tls_fingerprint=here.fingerprint) == "t"
    with_colons = ":".join(here.fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
    assert ask(secure, tls_fingerprint=with_colons) == "t"


def test_another_fingerprint_is_refused(secure: FakeServer) -> None:
    with pytest.raises(Unreachable, match="not the one in tls_fingerprint"):
        ask(secure, tls_fingerprint="00" * 32)
    for wrong in ("0f" * 20, "nonsense"):
        with pytest.raises(ConfigError, match="SHA-256"):
            ask(secure, tls_fingerprint=wrong)
    assert secure.asked == []


@pytest.mark.parametrize(
    ("name", "days", "words"), [("DNS:other.example", 2, "another name"), ("IP:127.0.0.1", -1, "expired")]
)
def test_a_certificate_that_does_not_fit_says_why(tmp_path: Path, name: str, days: int, words: str) -> None:
    bad = certificate(tmp_path, name, days)
    for fake in serving(lambda server: with_tls(server, bad)):
        with pytest.raises(Unreachable, match=words):
            ask(replace(fake, url=fake.url.replace("http:", "https:")), ca_file=bad.file)
        assert fake.asked == []


def test_a_missing_certificate_file_is_named(secure: FakeServer, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="certificate file"):
        ask(secure, ca_file=tmp_path / "none.pem")


def account(**changes: Any) -> CalendarAccount:
    return CalendarAccount(username="alex", **changes)


@pytest.mark.parametrize("url", ["http://cloud.example.org/dav/", "http://192.168.1.4:5232/", "ftp://127.0.0.1/"])
def test_without_encryption_nothing_is_sent_beyond_this_machine(url: str) -> None:
    with pytest.raises(Refused, match="without encryption"):
        open_calendar(account(url=url), "secret", None, create=True)
    with pytest.raises(Refused, match="without encryption"):
        open_calendar(account(), "secret", Collection(url, "Us", "", "", "basic"), create=False)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        open_calendar(account(url="https://alex:hush@127.0.0.1:1/"), "", None, create=True)
    assert "hush" not in f"{refused.value}{refused.value.fix}"


def test_no_proxy_and_no_netrc_of_the_environment_is_used(
    radicale: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login {radicale.user} password {radicale.password}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert open_calendar(radicale.account(), radicale.password, None, create=True).requests() > 0
    with pytest.raises(Refused):
        open_calendar(radicale.account(), "", None, create=True)


def test_nothing_secret_and_no_body_is_logged(radicale: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    calendar = open_calendar(radicale.account(), radicale.password, None, create=True)
    calendar.changes(None)
    said = caplog.text
    assert radicale.password not in said
    assert "multistatus" not in said
    assert "Authorization" not in said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("example.org", "example.org", True),
        ("example.org", "dav.example.org", True),
        ("caldav.icloud.com", "p34-caldav.icloud.com", True),
        ("example.org", "example.org.evil.net", False),
        ("example.org", "notexample.org", False),
        ("10.0.0.1", "11.0.0.1", False),
        ("localhost", "evil", False),
        ("a.example.co.uk", "b.example.co.uk", True),
        ("example.co.uk", "evil.co.uk", False),
        ("co.uk", "evil.co.uk", True),
    ],
)
def test_a_site_is_a_host_and_what_is_below_or_beside_it(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


class Dns:
    """A zone: (name, kind) → records; everything else does not exist."""

    def __init__(self, **zone: list[Any]) -> None:
        self.zone = zone

    def srv(self, name: str, service: str, use_tls: bool = True) -> list[Any]:
        assert (service, use_tls) == ("caldav", True)
        return self.zone.get("srv", []) if name == "example.org" else []

    def txt(self, name: str, service: str, use_tls: bool = True) -> str | None:
        assert (name, service, use_tls) == ("example.org", "caldav", True)
        return next(iter(self.zone.get("txt", [])), None)


ROOT = ["https://example.org/.well-known/caldav", "https://example.org/"]
ZONES = [
    (Dns(), ROOT),
    (
        Dns(srv=[("dav.example.org", 443, 0, 0)], txt=["/caldav/"]),
        [
            "https://dav.example.org:443/caldav/",
            "https://dav.example.org:443/.well-known/caldav",
            ROOT[0],
            "https://dav.example.org:443/caldav/",
            ROOT[1],
        ],
    ),
    (Dns(srv=[("evil.net", 443, 0, 0)], txt=["/"]), ROOT),
]


@pytest.mark.parametrize(("zone", "points"), ZONES)
def test_a_bare_host_is_looked_up_and_an_announcement_of_another_site_ignored(
    zone: Dns, points: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caldav.discovery._srv_lookup", zone.srv)
    monkeypatch.setattr("caldav.discovery._txt_lookup", zone.txt)
    assert starting_points("example.org") == list(dict.fromkeys(points))


def test_addresses_that_say_where_to_begin_are_not_looked_up() -> None:
    assert starting_points("https://a.org/dav/")[0] == "https://a.org/dav/"
    assert starting_points("a.org/dav/")[0] == "https://a.org/dav/"
    assert starting_points("127.0.0.1:5232") == [
        "http://127.0.0.1:5232/.well-known/caldav",
        "http://127.0.0.1:5232/",
    ]
    assert starting_points("a.org:8443")[-1] == "https://a.org:8443/"


def test_an_unknown_kind_of_server_is_a_line_of_the_config() -> None:
    with pytest.raises(ConfigError, match=r"calendar\.profile"):
        Wire(account(profile="nonsense"), "alex", "secret", "")
    nextcloud = Wire(account(profile="nextcloud"), "alex", "secret", "")
    assert starting_points("a.org:8443", nextcloud.features)[0] == "https://a.org:8443/remote.php/dav"


def whoami(href: str) -> bytes:
    found = f"<current-user-principal><href>{href}</href></current-user-principal>"
    return (
        f'<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop>{found}</prop>'
        "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
    ).encode()


def test_a_principal_on_another_site_is_not_asked_with_our_password(fake_server: FakeServer) -> None:
    fake_server.says(Said(207, whoami("https://evil.example/me/")))
    with pytest.raises(Refused, match="another site"):
        open_calendar(account(url=fake_server.url), "secret", None, create=True)


def test_what_is_no_calendar_server_says_so(fake_server: FakeServer) -> None:
    for said in (Said(405), Said(404), Said(200, b"<html>hello</html>")):
        fake_server.says(said)
        with pytest.raises(Unreachable):
            open_calendar(account(url=fake_server.url), "secret", None, create=True)


def test_a_stranger_let_in_without_a_question_still_logs_in(fake_server: FakeServer) -> None:
    stranger = whoami("x").replace(b"<href>x</href>", b"<unauthenticated/>")

    def script(asked: Asked) -> Said:
        return Said(207, whoami("/me/") if "authorization" in asked.headers else stranger)

    fake_server.script = script
    wire = Wire(account(), "alex", "secret", "")
    assert discover(wire, fake_server.url).principal == fake_server.url + "me/"
    assert wire.auth_type == "basic"


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (256 * 2**20, 256 * 2**20))
from reconnectd.adapters.dav import open_calendar
from reconnectd.core.settings import CalendarAccount
account = CalendarAccount(url=sys.argv[1], username=sys.argv[2], calendar=sys.argv[4])
calendar = open_calendar(account, sys.argv[3], None, create=True)
assert calendar.changes(None).complete
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmPeak")))
"""


def test_it_works_in_256_mebibytes_of_address_space(radicale: Server) -> None:
    where = [radicale.url, radicale.user, radicale.password, radicale.account().calendar]
    done = subprocess.run([sys.executable, "-c", LIMITED, *where], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 256 * 1024
