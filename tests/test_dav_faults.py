"""Servers that misbehave: nothing crashes, nothing is believed too easily, nothing is lost."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from dav_answers import multistatus, opened, thing
from servers import Asked, FakeServer, Said, serving

from reconnectd.adapters.dav import open_calendar
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import Refused, Unreachable

CAPTIVE_PORTAL = b"<!DOCTYPE html><html><body>Welcome! Please sign in.</body></html>"
BOMB = b'<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 50 + b'">]><multistatus xmlns="DAV:">&b;'
XXE = b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><multistatus xmlns="DAV:">&x;</multistatus>'
NONSENSE = {
    "captive portal": Said(200, CAPTIVE_PORTAL, {"Content-Type": "text/html"}),
    "captive portal as 207": Said(207, CAPTIVE_PORTAL),
    "empty": Said(207, b""),
    "plain": Said(207, b"all good"),
    "half": Said(207, b'<multistatus xmlns="DAV:"><response>'),
    "bomb": Said(207, BOMB + b"</multistatus>"),
    "entity": Said(207, XXE),
    "deep": Said(207, b'<multistatus xmlns="DAV:">' + b"<a>" * 200_000),
    "many": Said(207, b'<multistatus xmlns="DAV:">' + b"<a/>" * 300_000 + b"</multistatus>"),
    "other xml": Said(207, b"<feed/>"),
    "not utf-8": Said(207, b'<multistatus xmlns="DAV:">\xff\xfe</multistatus>'),
    "no content": Said(204),
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
def test_what_is_no_calendar_servers_answer_is_not_taken_for_an_empty_calendar(
    fake_server: FakeServer, said: Said
) -> None:
    fake_server.says(said)
    with pytest.raises(Unreachable, match="not a calendar server's answer"):
        opened(fake_server).changes("t1")


def test_a_listing_without_even_the_calendar_itself_is_not_believed(fake_server: FakeServer) -> None:
    fake_server.says(multistatus(token=None))
    with pytest.raises(Unreachable, match="not a calendar server's answer"):
        opened(fake_server, sync_collection=False).changes(None)


def test_a_body_that_breaks_off_is_unreachable(fake_server: FakeServer) -> None:
    whole = multistatus(thing("/cal/a.ics"))
    for said in (replace(whole, cut=40), replace(whole, cut=-1)):
        fake_server.says(said)
        with pytest.raises(Unreachable):
            opened(fake_server).changes("t1")


def test_a_lost_answer_to_a_write_is_not_repeated(fake_server: FakeServer) -> None:
    fake_server.says(Said(201, cut=-1))
    with pytest.raises(Unreachable):
        opened(fake_server).put("a.ics", b"x", None)
    assert len(fake_server.asked) == 1


BOMBS = {
    "identity": Said(207, b" " * (17 * 2**20)),
    "gzip": Said(207, gzip.compress(b" " * (64 * 2**20)), {"Content-Encoding": "gzip"}),
    "deflate": Said(207, zlib.compress(b" " * (64 * 2**20)), {"Content-Encoding": "deflate"}),
}


@pytest.mark.parametrize("said", BOMBS.values(), ids=BOMBS)
def test_an_answer_of_more_than_sixteen_mebibytes_is_not_read(fake_server: FakeServer, said: Said) -> None:
    fake_server.says(said)
    with pytest.raises(Unreachable, match="larger than 16 MiB"):
        opened(fake_server, data_in_sync=False).changes("t1")


def test_gzip_that_was_asked_for_is_understood_and_other_encodings_are_not(fake_server: FakeServer) -> None:
    plain = multistatus(thing("/cal/a.ics"))
    fake_server.says(Said(207, gzip.compress(plain.body), {"Content-Encoding": "gzip"}))
    assert opened(fake_server).changes("t1").token == "t2"
    fake_server.says(Said(207, plain.body, {"Content-Encoding": "br"}))
    with pytest.raises(Unreachable, match="encoding"):
        opened(fake_server).changes("t1")


def test_a_slow_drip_ends_at_the_deadline(fake_server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconnectd.adapters.dav.transport.TOTAL_SECONDS", 0.3)
    fake_server.says(replace(multistatus(thing("/cal/a.ics")), drip=0.05))
    with pytest.raises(Unreachable, match="too slowly"):
        opened(fake_server).changes("t1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_once_the_calendar_is_known(fake_server: FakeServer, status: int) -> None:
    fake_server.says(Said(status, headers={"Location": fake_server.url + "elsewhere/"}))
    calendar = opened(fake_server)
    for call in (
        lambda: calendar.changes("t1"),
        lambda: calendar.put("a.ics", b"x", '"1"'),
        lambda: calendar.delete("a.ics", '"1"'),
    ):
        with pytest.raises(Unreachable, match="moved"):
            call()
    assert len(fake_server.asked) == 3


@pytest.mark.parametrize("location", ["http://evil.example/", "https://evil.example/x", "//evil.example", "loop", ""])
def test_while_looking_a_redirect_to_another_site_or_in_circles_is_refused(
    fake_server: FakeServer, location: str
) -> None:
    fake_server.script = lambda asked: Said(302, headers={"Location": location or asked.path})
    with pytest.raises((Refused, Unreachable)):
        open_calendar(CalendarAccount(url=fake_server.url), "secret", None, create=True)
    assert all("authorization" not in asked.headers for asked in fake_server.asked)


@pytest.fixture
def stranger() -> Iterator[FakeServer]:
    """Another program on this machine, which would like a password, too."""
    yield from serving()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_login_is_never_carried_elsewhere(
    fake_server: FakeServer, stranger: FakeServer, status: int, host: str
) -> None:
    ask = Said(401, headers={"WWW-Authenticate": 'Basic realm="calendar"'})
    away = Said(status, headers={"Location": stranger.url.replace("127.0.0.1", host)})
    fake_server.script = lambda asked: away if "authorization" in asked.headers else ask
    stranger.says(ask)
    with pytest.raises(Refused, match="another site"):
        open_calendar(CalendarAccount(url=fake_server.url, username="alex"), "secret", None, create=True)
    assert any("authorization" in asked.headers for asked in fake_server.asked), "it was given to the right one"
    assert stranger.asked == []


RETRY_AFTER = [
    ("120", 120),
    ("Sun, 01 Nov 2026 00:02:00 GMT", 120),
    ("1000000000", 3600),
    ("-5", 0),
    ("Sun, 01 Nov 2020 00:00:00 GMT", 0),
    ("soon", None),
    ("", None),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("said", "seconds"), RETRY_AFTER)
def test_retry_after_is_honoured_up_to_an_hour_by_the_servers_own_clock(
    fake_server: FakeServer, status: int, said: str, seconds: float | None
) -> None:
    fake_server.script = lambda _: Said(status, headers={"Retry-After": said})
    calendar = opened(fake_server)
    with pytest.raises(Unreachable) as unreachable:
        calendar.changes("t1")
    # The fake server's Date is the real one: only compare what doesn't depend on it.
    if "2026" in said:
        assert 0 <= (unreachable.value.retry_after or 0) <= 3600
    else:
        assert unreachable.value.retry_after == seconds


def test_a_date_in_retry_after_is_measured_from_the_servers_date() -> None:
    import datetime as dt

    from reconnectd.adapters.dav.wire import retry_after

    midnight = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    for said, seconds in RETRY_AFTER:
        assert retry_after(said, midnight) == seconds


def test_a_captive_portal_is_not_taken_for_an_object(fake_server: FakeServer) -> None:
    fake_server.says(Said(200, CAPTIVE_PORTAL))
    with pytest.raises(Unreachable, match="not a calendar server's answer"):
        opened(fake_server).fetch(["/cal/a.ics"])


def test_a_refused_login_is_asked_once_and_never_repeats_the_secret(fake_server: FakeServer) -> None:
    fake_server.says(Said(401, headers={"WWW-Authenticate": 'Basic realm="x"'}))
    with pytest.raises(Refused) as refused:
        opened(fake_server).changes("t1")
    assert len(fake_server.asked) == 1
    assert "secret" not in f"{refused.value!r}{refused.value.fix}"


def test_a_server_that_now_wants_another_kind_of_login_gets_it(fake_server: FakeServer) -> None:
    def script(asked: Asked) -> Said:
        if asked.headers.get("authorization", "").startswith("Digest"):
            return multistatus()
        return Said(401, headers={"WWW-Authenticate": 'Digest realm="x", nonce="n", qop="auth"'})

    fake_server.script = script
    calendar = opened(fake_server)
    assert calendar.changes("t1").token == "t2"
    assert calendar.collection.auth_type == "digest"


def test_nobody_there_is_unreachable_and_says_who(fake_server: FakeServer) -> None:
    gone = replace(opened(fake_server).collection, url="http://127.0.0.1:1/cal/")
    calendar = open_calendar(CalendarAccount(url=gone.url), "", gone, create=False)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 could not be reached \(nothing listens there\)"):
        calendar.changes("t1")


def test_a_body_that_is_no_gzip_after_all_is_unreachable(fake_server: FakeServer) -> None:
    fake_server.says(Said(207, b"not gzip", {"Content-Encoding": "gzip"}))
    with pytest.raises(Unreachable):
        opened(fake_server).changes("t1")


def test_one_connection_serves_the_whole_run(fake_server: FakeServer) -> None:
    fake_server.says(multistatus())
    calendar = opened(fake_server)
    for _ in range(3):
        calendar.changes("t1")
    assert len({asked.port for asked in fake_server.asked}) == 1
