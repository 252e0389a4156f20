"""What a calendar server says of its calendar: what each refusal means, and whose objects and tokens are kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from dav_answers import error, multistatus, opened, thing
from servers import Asked, FakeServer, Said

from reconnectd.errors import Refused, Unreachable
from reconnectd.ports import (
    CalendarGone,
    ItemRefused,
    ObjectGone,
    PreconditionFailed,
    Remote,
    TokenExpired,
    UidConflict,
)

ICS = "BEGIN:VCALENDAR\nEND:VCALENDAR\n"


WRITES: list[tuple[Said, type[Exception]]] = [
    (Said(412), PreconditionFailed),
    (Said(404), ObjectGone),
    (Said(410), ObjectGone),
    (Said(403), Refused),
    (Said(401, headers={"WWW-Authenticate": 'Basic realm="x"'}), Refused),
    (Said(413), ItemRefused),
    (Said(415), ItemRefused),
    (Said(423), ItemRefused),
    (Said(500), ItemRefused),
    (Said(507), ItemRefused),
    (Said(502), Unreachable),
    (Said(503), Unreachable),
    (error(403, "<C:valid-calendar-data/>"), ItemRefused),
    (error(412, "<C:valid-calendar-data/>"), ItemRefused),
    (error(409, "<C:no-uid-conflict/>"), UidConflict),
    (error(412, "<C:no-uid-conflict/>"), UidConflict),
    (error(403, "<C:no-uid-conflict/>"), UidConflict),
]


@pytest.mark.parametrize(("said", "exception"), WRITES, ids=lambda value: str(value)[:60])
def test_each_refusal_of_a_write_says_what_it_means(
    fake_server: FakeServer, said: Said, exception: type[Exception]
) -> None:
    fake_server.says(said)
    calendar = opened(fake_server)
    with pytest.raises(exception):
        calendar.put("a.ics", b"x", '"1"')
    if exception is not UidConflict:
        with pytest.raises(exception):
            calendar.delete("a.ics", '"1"')


def test_a_uid_conflict_names_the_other_address_if_it_is_in_this_calendar(fake_server: FakeServer) -> None:
    for there, href in [("/cal/b%20c.ics", "/cal/b%20c.ics"), ("/other/b.ics", None), ("/cal/../x.ics", None)]:
        fake_server.says(error(409, f"<C:no-uid-conflict><href>{there}</href></C:no-uid-conflict>"))
        with pytest.raises(UidConflict) as conflict:
            opened(fake_server).put("a.ics", b"x", None)
        assert conflict.value.href == href


def test_a_409_without_a_reason_is_the_calendar_only_if_that_is_gone(fake_server: FakeServer) -> None:
    for there, exception in [(Said(404), CalendarGone), (multistatus(thing("/cal/")), ItemRefused)]:
        fake_server.script = lambda asked, there=there: there if asked.method == "PROPFIND" else Said(409)  # type: ignore[misc]
        with pytest.raises(exception):
            opened(fake_server).put("a.ics", b"x", None)


def test_writes_carry_the_bytes_and_a_concrete_condition_and_nothing_else(fake_server: FakeServer) -> None:
    fake_server.says(Said(201, headers={"ETag": '"2"'}))
    body = b'BEGIN:VCALENDAR\r\nX:\\"  \r\nEND:VCALENDAR\r\n'
    calendar = opened(fake_server)
    assert calendar.put("a.ics", body, None) == '"2"'
    assert calendar.put("/cal/a.ics", body, '"2"') == '"2"'
    calendar.delete("a.ics", '"2"')
    create, update, delete = fake_server.asked
    assert [one.path for one in fake_server.asked] == ["/cal/a.ics"] * 3
    assert create.body == update.body == body
    assert (create.headers.get("if-none-match"), create.headers.get("if-match")) == ("*", None)
    assert (update.headers.get("if-none-match"), update.headers.get("if-match")) == (None, '"2"')
    assert delete.headers["if-match"] == '"2"'


ETAGS = [
    ('"1"', '"1"'),
    ('W/"1"', None),
    ("", None),
    ("abc", '"abc"'),
    ('"a\nIf-Match: *"', None),
    ('"ü"', None),
]


@pytest.mark.parametrize(("said", "kept"), ETAGS)
def test_only_a_strong_etag_is_kept(fake_server: FakeServer, said: str, kept: str | None) -> None:
    fake_server.says(multistatus(thing("/cal/a.ics", said)))
    assert opened(fake_server).changes("t1").changed == (Remote("/cal/a.ics", kept),)


HREFS = [
    ("/cal/a.ics", "/cal/a.ics"),
    ("/cal/%61.ics", "/cal/a.ics"),
    ("/cal/a%40b.ics", "/cal/a@b.ics"),
    ("/cal/a b.ics", "/cal/a%20b.ics"),
    ("/cal/%C3%BC.ics", "/cal/%C3%BC.ics"),
    ("/cal/x%2Fy.ics", "/cal/x%2Fy.ics"),
    ("a.ics", "/cal/a.ics"),
    ("{url}cal/a.ics", "/cal/a.ics"),
    ("/cal/", None),
    ("/cal/sub/", None),
    ("/cal/note.txt", None),
    ("/cal/sub/a.ics", None),
    ("/cal/../a.ics", None),
    ("/cal/%2e%2e/a.ics", None),
    ("/cal/a%0d%0a.ics", None),
    ("http://other.example/cal/a.ics", None),
    ("//other.example/cal/a.ics", None),
    ("http://[/cal/a.ics", None),
]


@pytest.mark.parametrize(("href", "path"), HREFS)
def test_addresses_are_made_alike_and_stay_in_the_calendar(
    fake_server: FakeServer, href: str, path: str | None
) -> None:
    said = href.replace("{url}", fake_server.url)
    fake_server.says(multistatus(thing(said), thing("/cal/sure.ics")))
    found = [one.href for one in opened(fake_server).changes("t1").changed]
    assert found == [*([path] if path else []), "/cal/sure.ics"]


def test_addresses_that_are_all_outside_are_not_taken_for_an_empty_calendar(fake_server: FakeServer) -> None:
    fake_server.says(multistatus(thing("/elsewhere/a.ics")))
    with pytest.raises(Unreachable, match="outside"):
        opened(fake_server).changes(None)


@pytest.mark.parametrize("href", ["../x.ics", "/other/x.ics", "x.txt", "http://other.example/cal/x.ics", ""])
def test_nothing_is_asked_or_written_outside_of_the_calendar(fake_server: FakeServer, href: str) -> None:
    with pytest.raises(ValueError, match="not the name of an object"):
        opened(fake_server).put(href, b"x", None)
    assert fake_server.asked == []


EXPIRED = [
    *(error(status, "<valid-sync-token/>") for status in (403, 409, 412)),
    Said(400),
    Said(409),
    Said(410),
    Said(500),
]


@pytest.mark.parametrize("said", [*EXPIRED[:5], EXPIRED[6]], ids=lambda said: str(said.status))
def test_a_token_the_server_forgot_is_expired(fake_server: FakeServer, said: Said) -> None:
    fake_server.says(said)
    with pytest.raises(TokenExpired):
        opened(fake_server).changes("t1")


def test_forbidden_without_a_reason_is_a_refusal_and_404_the_end_of_the_calendar(
    fake_server: FakeServer,
) -> None:
    for status, exception in [(403, Refused), (404, CalendarGone), (410, CalendarGone)]:
        fake_server.says(Said(status))
        for token in ("t1", None):
            with pytest.raises(exception):
                opened(fake_server).changes(token)


def test_without_sync_collection_a_listing_is_complete_without_a_token_and_that_is_remembered(
    fake_server: FakeServer,
) -> None:
    listing = multistatus(thing("/cal/"), thing("/cal/a.ics"), token=None)
    fake_server.script = lambda asked: listing if asked.method == "PROPFIND" else Said(501)
    calendar = opened(fake_server)
    for requests in (3, 1):
        fake_server.asked.clear()
        changes = calendar.changes(None)
        assert (changes.token, changes.complete) == (None, True)
        assert [one.href for one in changes.changed] == ["/cal/a.ics"]
        assert len(fake_server.asked) == requests
    assert opened(fake_server, sync_collection=calendar.collection.sync_collection).changes("t").complete


def test_a_report_without_a_token_is_not_given_one(fake_server: FakeServer) -> None:
    bare = multistatus(thing("/cal/"), thing("/cal/a.ics"), token=None)
    fake_server.says(bare)
    assert opened(fake_server).changes(None).token is None


def test_the_data_is_not_asked_for_again_where_the_report_leaves_it_out(fake_server: FakeServer) -> None:
    fake_server.says(multistatus(thing("/cal/a.ics")))
    calendar = opened(fake_server)
    calendar.changes(None)
    assert calendar.collection.data_in_sync is False
    calendar.changes("t1")
    assert [b"calendar-data" in asked.body for asked in fake_server.asked] == [True, False]


def test_a_reply_in_pages_is_read_to_its_end(fake_server: FakeServer) -> None:
    more = thing("/cal/", status="507 Insufficient Storage")
    fake_server.says(
        multistatus(thing("/cal/a.ics"), thing("/cal/b.ics"), more, token="p1"),
        multistatus(thing("/cal/b.ics", status="404 Not Found"), thing("/cal/c.ics", '"3"'), token="p2"),
    )
    changes = opened(fake_server).changes("t1")
    assert [one.href for one in changes.changed] == ["/cal/a.ics", "/cal/c.ics"]
    assert (changes.gone, changes.token, changes.complete) == (("/cal/b.ics",), "p2", False)


def test_pages_that_never_end_become_a_listing(fake_server: FakeServer) -> None:
    more = thing("/cal/", status="507 Insufficient Storage")
    page = multistatus(thing("/cal/a.ics"), more, token="same")
    listing = multistatus(thing("/cal/"), thing("/cal/a.ics"), thing("/cal/b.ics"), token=None)
    fake_server.script = lambda asked: listing if asked.method == "PROPFIND" else page
    changes = opened(fake_server).changes(None)
    assert ([one.href for one in changes.changed], changes.token) == (["/cal/a.ics", "/cal/b.ics"], None)


def fetching(answers: dict[str, Said], multiget: Said) -> Callable[[Asked], Said]:
    return lambda asked: multiget if asked.method == "REPORT" else answers.get(asked.path, Said(404))


def test_one_object_in_trouble_does_not_take_the_others_along(fake_server: FakeServer) -> None:
    told = multistatus(
        thing("/cal/a.ics", data=ICS),
        thing("/cal/b.ics", status="404 Not Found"),
        thing("/cal/c.ics", status="500 Internal Server Error"),
        thing("/cal/d.ics"),
    )
    alone = {"/cal/c.ics": Said(500), "/cal/d.ics": Said(200, ICS.encode(), {"ETag": '"9"'})}
    fake_server.script = fetching(alone, told)
    assert opened(fake_server).fetch([f"/cal/{name}.ics" for name in "abcde"]) == [
        Remote("/cal/a.ics", '"1"', ICS.encode()),
        Remote("/cal/c.ics", None, None),
        Remote("/cal/d.ics", '"9"', ICS.encode()),
    ]


def test_a_multiget_that_fails_is_tried_in_smaller_parts(fake_server: FakeServer) -> None:
    alone = {f"/cal/{name}.ics": Said(200, ICS.encode(), {"ETag": '"9"'}) for name in "abc"}
    for said in (Said(500), Said(207, b" " * (17 * 2**20))):
        fake_server.script = fetching(alone, said)
        assert [one.href for one in opened(fake_server).fetch(list(alone))] == list(alone)
