"""The CalDAV client against real servers: Radicale (with a login) and Xandikos (without)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from servers import Server

from reconnectd.adapters.dav import Dav, open_calendar
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ConfigError, Refused
from reconnectd.ports import (
    Calendar,
    CalendarGone,
    Collection,
    ItemRefused,
    ObjectGone,
    PreconditionFailed,
    TokenExpired,
    UidConflict,
)


def event(uid: str, title: str = "Date night") -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20261101T000000Z",
        "DTSTART:20261204T183000Z",
        "DTEND:20261204T203000Z",
        f"SUMMARY:{title}",
        "X-SOMEBODY-ELSE;X-P=1:kept",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.fixture
def account(dav_server: Server) -> CalendarAccount:
    return dav_server.account()


@pytest.fixture
def again(dav_server: Server, account: CalendarAccount) -> Callable[[Collection | None], Dav]:
    """Opens the same calendar as another run, or another device, would."""
    return lambda cached: open_calendar(account, dav_server.password, cached, create=False)


@pytest.fixture
def calendar(dav_server: Server, account: CalendarAccount) -> Iterator[Dav]:
    opened = open_calendar(account, dav_server.password, None, create=True)
    yield opened
    opened.close()


def cost(calendar: Dav, call: Callable[[], object]) -> int:
    before = calendar.requests()
    call()
    return calendar.requests() - before


def filled(calendar: Dav, count: int) -> str:
    for number in range(count):
        calendar.put(f"rcd-{number}.ics", event(f"rcd-{number}"), None)
    token = calendar.changes(None).token
    assert token is not None
    return token


def test_a_missing_calendar_is_made_once_and_then_found(
    calendar: Dav, again: Callable[[Collection | None], Dav], dav_server: Server, account: CalendarAccount
) -> None:
    assert calendar.collection.name == account.calendar
    assert again(None).collection == calendar.collection
    other_device = open_calendar(account, dav_server.password, None, create=True)
    assert other_device.collection.url == calendar.collection.url


def test_a_missing_calendar_is_not_made_when_it_was_seen_before(
    again: Callable[[Collection | None], Dav],
) -> None:
    with pytest.raises(CalendarGone):
        again(None)


@pytest.mark.usefixtures("calendar")
def test_finding_it_takes_at_most_four_requests_and_a_remembered_one_none(
    again: Callable[[Collection | None], Dav], dav_server: Server
) -> None:
    found = again(None)
    assert found.requests() == {"radicale": 4, "xandikos": 3}[dav_server.kind]
    assert again(found.collection).requests() == 0


def test_it_is_found_from_a_host_a_full_address_and_its_own_address(
    calendar: Dav, dav_server: Server, account: CalendarAccount
) -> None:
    there = calendar.collection
    host = dav_server.url.removeprefix("http://").rstrip("/")
    for address, name in [(host, there.name), (there.home, there.name), (there.url, "anything")]:
        config = replace(account, url=address, calendar=name)
        found = open_calendar(config, dav_server.password, None, create=False)
        assert found.collection.url == there.url


def test_it_is_found_by_its_address_and_by_the_end_of_it(
    calendar: Dav, dav_server: Server, account: CalendarAccount
) -> None:
    url = calendar.collection.url
    for name in (url, url.removeprefix(dav_server.url.rstrip("/")), url.rstrip("/").rpartition("/")[2]):
        config = replace(account, calendar=name)
        assert open_calendar(config, dav_server.password, None, create=False).collection.url == url


@pytest.mark.usefixtures("calendar")
def test_two_calendars_with_the_name_are_a_question(dav_server: Server, account: CalendarAccount) -> None:
    twin = open_calendar(replace(account, calendar="Twin!"), dav_server.password, None, create=True)
    rename(twin, account.calendar)
    with pytest.raises(ConfigError, match="2 calendars called"):
        open_calendar(account, dav_server.password, None, create=True)


def rename(calendar: Dav, name: str) -> None:
    from reconnectd.adapters.dav import queries

    answer = calendar._wire.send("PROPPATCH", calendar.collection.url, queries.rename(name))
    assert answer.status == 207


def test_a_name_beyond_ascii_makes_a_calendar_that_is_found_again(dav_server: Server, account: CalendarAccount) -> None:
    config = replace(account, calendar=f"Wir zwei ♥ {account.calendar}")
    made = open_calendar(config, dav_server.password, None, create=True)
    assert made.collection.name == config.calendar
    assert open_calendar(config, dav_server.password, None, create=False).collection == made.collection


def test_one_put_is_one_request_and_gives_a_strong_etag_that_fetch_agrees_with(calendar: Dav) -> None:
    etags: list[str | None] = []
    assert cost(calendar, lambda: etags.append(calendar.put("rcd-1.ics", event("rcd-1"), None))) == 1
    assert etags[0] is not None
    assert not etags[0].startswith("W/")
    [remote] = calendar.fetch(["rcd-1.ics"])
    assert (remote.href, remote.etag) == (calendar.href("rcd-1.ics"), etags[0])
    assert b"X-SOMEBODY-ELSE;X-P=1:kept" in (remote.data or b"")


def test_no_change_is_one_request_of_less_than_a_kilobyte(calendar: Dav) -> None:
    token = filled(calendar, 10)
    before = calendar.received()
    assert cost(calendar, lambda: calendar.changes(token)) == 1
    assert calendar.received() - before < 1000
    assert calendar.changes(token).changed == ()


def test_ten_changes_are_two_requests_at_most(calendar: Dav, again: Callable[[Collection | None], Dav]) -> None:
    token = filled(calendar, 20)
    for number in range(5, 15):
        [old] = calendar.fetch([f"rcd-{number}.ics"])
        calendar.put(old.href, event(f"rcd-{number}", "Moved"), old.etag)
    run = again(calendar.collection)
    changes = run.changes(token)
    bare = [one.href for one in changes.changed if one.data is None]
    objects = [one for one in changes.changed if one.data] + list(run.fetch(bare) if bare else [])
    assert run.requests() <= 2
    assert {one.href for one in objects} == {run.href(f"rcd-{n}.ics") for n in range(5, 15)}
    assert all(b"SUMMARY:Moved" in (one.data or b"") for one in objects)


def test_sixty_objects_are_fetched_in_two_requests(calendar: Dav) -> None:
    filled(calendar, 60)
    names = [f"rcd-{number}.ics" for number in range(60)]
    assert cost(calendar, lambda: calendar.fetch(names)) == 2


def test_the_first_run_sees_everything_and_says_so(calendar: Dav) -> None:
    filled(calendar, 3)
    port: Calendar = calendar
    changes = port.changes(None)
    assert changes.complete
    assert {one.href for one in changes.changed} == {calendar.href(f"rcd-{n}.ics") for n in range(3)}
    assert calendar.collection.data_in_sync is not None


def test_a_deletion_elsewhere_is_told_with_its_address(
    calendar: Dav, again: Callable[[Collection | None], Dav]
) -> None:
    token = filled(calendar, 2)
    other = again(calendar.collection)
    [remote] = other.fetch(["rcd-0.ics"])
    other.delete(remote.href, remote.etag or "")
    changes = calendar.changes(token)
    assert (changes.changed, changes.gone, changes.complete) == ((), (remote.href,), False)


def test_a_token_that_the_server_does_not_know_is_expired_never_replaced(calendar: Dav) -> None:
    with pytest.raises(TokenExpired):
        calendar.changes("http://example.org/ns/sync/nonsense")


def test_creating_what_exists_and_writing_over_a_newer_one_are_refused(calendar: Dav) -> None:
    old = calendar.put("rcd-1.ics", event("rcd-1"), None)
    calendar.put("rcd-1.ics", event("rcd-1", "Newer"), old)
    for etag in (None, old):
        with pytest.raises(PreconditionFailed):
            calendar.put("rcd-1.ics", event("rcd-1", "Older"), etag)
    with pytest.raises(PreconditionFailed):
        calendar.delete("rcd-1.ics", old or "")
    assert b"SUMMARY:Newer" in (calendar.fetch(["rcd-1.ics"])[0].data or b"")


def test_the_same_uid_at_another_address_is_named_and_can_be_found(calendar: Dav) -> None:
    calendar.put("theirs.ics", event("rcd-1"), None)
    with pytest.raises(UidConflict):
        calendar.put("rcd-1.ics", event("rcd-1"), None)
    assert calendar.find("rcd-1") == calendar.href("theirs.ics")
    assert calendar.find("rcd-2") is None


def test_deleting_what_is_gone_says_that_it_is_gone(calendar: Dav) -> None:
    etag = calendar.put("rcd-1.ics", event("rcd-1"), None) or ""
    calendar.delete("rcd-1.ics", etag)
    with pytest.raises((ObjectGone, PreconditionFailed)):
        calendar.delete("rcd-1.ics", etag)
    assert calendar.fetch(["rcd-1.ics"]) == []


def test_what_the_server_finds_invalid_is_refused_alone(calendar: Dav) -> None:
    with pytest.raises(ItemRefused):
        calendar.put("rcd-1.ics", b"Dear diary", None)
    assert calendar.put("rcd-2.ics", event("rcd-2"), None)


def test_a_deleted_calendar_is_gone_whatever_is_asked(calendar: Dav) -> None:
    token = filled(calendar, 1)
    calendar._wire.send("DELETE", calendar.collection.url)
    for call in (
        lambda: calendar.changes(token),
        lambda: calendar.changes(None),
        lambda: calendar.put("rcd-9.ics", event("rcd-9"), None),
    ):
        with pytest.raises(CalendarGone):
            call()


def test_a_calendar_of_a_thousand_costs_no_more_when_nothing_changed(radicale: Server) -> None:
    account = radicale.account()
    calendar = open_calendar(account, radicale.password, None, create=True)
    calendar.put("seed.ics", event("seed"), None)
    token = multiply(radicale, calendar, 1000)
    before = calendar.received()
    assert cost(calendar, lambda: calendar.changes(token)) == 1
    assert calendar.received() - before < 1000


def multiply(server: Server, calendar: Dav, count: int) -> str:
    """Put objects into the server's folder by hand: a thousand PUTs would take half a minute."""
    [seed] = Path(server.folder).rglob(f"{calendar.collection.url.rstrip('/').rpartition('/')[2]}/seed.ics")
    for number in range(count):
        (seed.parent / f"many-{number}.ics").write_bytes(event(f"many-{number}"))
    changes = calendar.changes(None)
    assert len(changes.changed) == count + 1
    return changes.token or ""


def test_a_wrong_password_is_refused_and_is_not_in_the_words(radicale: Server) -> None:
    with pytest.raises(Refused, match="does not accept this login") as refused:
        open_calendar(radicale.account(), "open sesame", None, create=True)
    assert "sesame" not in f"{refused.value}{refused.value.fix}{refused.value.__cause__}"


def test_somebody_elses_calendar_is_refused(radicale: Server) -> None:
    calendar = open_calendar(radicale.account(), radicale.password, None, create=True)
    foreign = replace(calendar.collection, url=f"{radicale.url}sam/private/")
    other = open_calendar(radicale.account(), radicale.password, foreign, create=False)
    with pytest.raises(Refused):
        other.changes(None)
    with pytest.raises(Refused):
        other.put("rcd-1.ics", event("rcd-1"), None)
